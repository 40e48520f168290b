//! What an audit can find about an entry.

use std::fmt;

use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::entry::BadLeaf;
use crate::statement::Refusal;
use crate::tlog::{TilePath, VerifierKey};

/// What is wrong with an entry, or with a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The leaf is not an entry in its one form.
    NotAnEntry(BadLeaf),
    /// It says it has another index.
    WrongIndex {
        /// The index in it.
        found: u64,
    },
    /// It is dated before an entry before it.
    TimeWentBack,
    /// `links.prev` is not the hash of the entry before it.
    PrevLinkBroken,
    /// The link of its thread is missing, wrong or not to be there.
    ThreadLinkBroken,
    /// The link of a subject is missing, wrong or not to be there.
    SubjectLinkBroken(Domain),
    /// The link of a signer is missing, wrong or not to be there.
    SignerLinkBroken(DidKey),
    /// Its statement is an entry already.
    LoggedTwice {
        /// The index of the first.
        first: u64,
    },
    /// A rule of admission that it breaks.
    Refused(Refusal),
    /// A tile of hashes does not hold those of the entries.
    TileMismatch(TilePath),
    /// The entries do not have the root that a checkpoint names.
    RootMismatch {
        /// The size of the checkpoint.
        size: u64,
    },
    /// It names a key of the log that did not sign the checkpoint.
    LogKeyMissing(VerifierKey),
}

impl Fault {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotAnEntry(_) => "not_an_entry",
            Self::WrongIndex { .. } => "wrong_index",
            Self::TimeWentBack => "time_went_back",
            Self::PrevLinkBroken => "prev_link_broken",
            Self::ThreadLinkBroken => "thread_link_broken",
            Self::SubjectLinkBroken(_) => "subject_link_broken",
            Self::SignerLinkBroken(_) => "signer_link_broken",
            Self::LoggedTwice { .. } => "logged_twice",
            Self::Refused(refusal) => refusal.reason.name(),
            Self::TileMismatch(_) => "tile_mismatch",
            Self::RootMismatch { .. } => "root_mismatch",
            Self::LogKeyMissing(_) => "log_key_missing",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.name())?;
        match self {
            Self::NotAnEntry(error) => error.fmt(formatter),
            Self::WrongIndex { found } => write!(formatter, "it says it is number {found}"),
            Self::TimeWentBack => formatter.write_str("it is dated before the entry before it"),
            Self::PrevLinkBroken => formatter.write_str("it does not follow the entry before it"),
            Self::ThreadLinkBroken => {
                formatter.write_str("it does not follow the newest entry of its thread")
            }
            Self::SubjectLinkBroken(domain) => {
                write!(formatter, "it does not follow the newest entry about {domain}")
            }
            Self::SignerLinkBroken(signer) => {
                write!(formatter, "it does not follow the newest entry by {signer}")
            }
            Self::LoggedTwice { first } => {
                write!(formatter, "its statement is entry {first} already")
            }
            Self::Refused(refusal) => formatter.write_str(&refusal.detail),
            Self::TileMismatch(path) => write!(formatter, "{path} is not that of the entries"),
            Self::LogKeyMissing(key) => {
                write!(formatter, "the checkpoint is not signed by {key}, which it names")
            }
            Self::RootMismatch { size } => {
                write!(formatter, "the first {size} entries have another root than was signed")
            }
        }
    }
}
