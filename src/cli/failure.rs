//! What a verb says when it cannot do what it was asked: what happened, and what to do next.

use std::fmt;
use std::io;

/// A failure of a verb. `cli` prints it; it knows nothing of exit codes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub(super) struct Failure {
    what: String,
    next: String,
    cause: Cause,
}

/// What a failure means for the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cause {
    /// It could not be done.
    Failed,
    /// What was received is not what it must be: a check came out, and came out badly.
    Mismatch,
    /// Whoever read the output is gone, and nobody is left to tell anything.
    ReaderGone,
}

impl Failure {
    /// What happened, and what the person can do about it. Foreign text in either is already escaped.
    pub(super) fn new(what: impl fmt::Display, next: impl Into<String>) -> Self {
        Self { what: what.to_string(), next: next.into(), cause: Cause::Failed }
    }

    /// What was received is not what it must be.
    pub(super) fn mismatch(what: impl fmt::Display, next: impl Into<String>) -> Self {
        Self { cause: Cause::Mismatch, ..Self::new(what, next) }
    }

    /// Writing to standard output failed. That its reader closed it early (`onrecord … | head`) is no error.
    pub(super) fn output(error: &io::Error) -> Self {
        let what = format!("standard output cannot be written: {error}");
        let is_gone = error.kind() == io::ErrorKind::BrokenPipe;
        let cause = if is_gone { Cause::ReaderGone } else { Cause::Failed };
        Self {
            cause,
            ..Self::new(what, "See where the output of the command goes, and run it again.")
        }
    }

    pub(super) fn what(&self) -> &str {
        &self.what
    }

    pub(super) fn next(&self) -> &str {
        &self.next
    }

    pub(super) const fn cause(&self) -> Cause {
        self.cause
    }
}
