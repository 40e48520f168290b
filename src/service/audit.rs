//! The audit of a whole ledger over its public tiles: fetched in parallel, checked on every core, followed
//! in order by [`History`], and able to go on where it stopped.
//!
//! It decides nothing about rules, which is `verify/`, and shows nothing, which is the [`Observer`]'s.

pub(super) mod fetched;
mod follower;
pub(super) mod tiles;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc;

use crate::net::{Client, FetchError};
use crate::tlog::{
    Judgement, LogFinding, NotACheckpoint, Origin, Policy, SignedCheckpoint, TilePath,
};
use crate::verify::{Checked, Fault, History};
use fetched::{Fetched, Piece};
use follower::Follower;

/// Bundles under way at once: enough to keep two or four cores checking while others are fetched.
const IN_FLIGHT: usize = 8;
/// A checkpoint with 64 signatures of the largest kind.
const CHECKPOINT_BYTES_MAX: usize = 256 * 1024;

/// Where a ledger's public files are.
pub trait Source: Clone + Send + Sync + 'static {
    /// The file under that path, of at most so many bytes.
    fn file(
        &self,
        path: &str,
        bytes_max: usize,
    ) -> impl Future<Output = Result<Bytes, FetchError>> + Send;
}

impl Source for Client {
    async fn file(&self, path: &str, bytes_max: usize) -> Result<Bytes, FetchError> {
        self.get(path, bytes_max).await
    }
}

/// Whoever watches an audit. It is called between entries, from one thread.
pub trait Observer: Send + 'static {
    /// So many entries of so many are checked.
    fn progress(&mut self, _done: u64, _of: u64) {}

    /// An entry is next, as its leaf shows it. What is wrong with it is told after it.
    fn checked(&mut self, _checked: &Checked) {}

    /// Something is wrong.
    fn found(&mut self, _finding: &Finding) {}

    /// Everything so far is in order, and [`History::to_bytes`] may be kept to go on from here. It is asked
    /// now and then, when the audit stops, and at the end; never after something was found.
    fn may_save(&mut self, _history: &History) {}
}

/// Watches nothing.
impl Observer for () {}

/// What is wrong, and with which entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The entry, or the first one of a tile or checkpoint.
    pub index: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What an audit comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The checkpoint that was audited.
    pub checkpoint: SignedCheckpoint,
    /// What the policy says of that checkpoint's signatures.
    pub judgement: Judgement,
    /// Entries that an earlier run had checked.
    pub checked_before: u64,
    /// Entries checked by now, those included; fewer than the checkpoint covers when it was stopped.
    pub checked: u64,
    /// Everything wrong, in the order it was found.
    pub findings: Vec<Finding>,
    /// Entries of this run whose rules could not be checked, by why.
    pub rules_not_checked: BTreeMap<String, Vec<u64>>,
}

impl Report {
    /// Whether all entries were checked.
    pub fn is_complete(&self) -> bool {
        self.checked >= self.checkpoint.checkpoint().size()
    }

    /// Whether all entries were checked and nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.is_complete() && self.findings.is_empty()
    }
}

/// Why an audit could not be made. It says nothing against the ledger but that it did not answer well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// A file could not be fetched.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// What lies at `checkpoint` is none.
    #[error("the ledger's checkpoint cannot be read: {0}")]
    Checkpoint(#[from] NotACheckpoint),
    /// The policy does not vouch for the checkpoint.
    #[error("the checkpoint is not one the policy accepts: {0}")]
    Untrusted(&'static str),
    /// The saved state is of another ledger.
    #[error("the saved state is of the ledger {0}")]
    OtherLedger(String),
    /// A file is not a tile of its width.
    #[error("{0} is not a tile of its width")]
    NotATile(TilePath),
    /// The tiles do not make the tree that the checkpoint signs, so that no proof can be made from them.
    #[error("the tiles do not make the tree that the checkpoint signs")]
    NotItsTree,
    /// What an earlier run kept cannot be read.
    #[error("what was verified before cannot be read: {0}")]
    Saved(String),
    /// An entry that was checked is another one now.
    #[error("entry {0} is not what it was when it was checked")]
    Changed(u64),
    /// A worker of this process died.
    #[error("a worker stopped unexpectedly")]
    Worker,
}

/// What to audit, and how far.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whose checkpoints to believe.
    pub policy: Policy,
    /// Where an earlier run stopped.
    pub resume: Option<Vec<u8>>,
    /// Set to stop soon; what was checked by then can be saved.
    pub stop: Arc<AtomicBool>,
}

impl Settings {
    /// Audits from the first entry to the newest checkpoint.
    pub fn new(policy: Policy) -> Self {
        Self { policy, resume: None, stop: Arc::default() }
    }
}

/// Audits the ledger behind a source, up to its newest checkpoint.
///
/// # Errors
/// [`AuditError`] when it could not be made to the end. What was in order until then was offered for
/// saving.
pub async fn audit<S: Source, O: Observer>(
    source: S,
    settings: Settings,
    observer: O,
) -> Result<Report, AuditError> {
    let trusted = trusted_checkpoint(&source, &settings.policy).await?;
    audit_to(source, trusted, settings, observer).await
}

/// The same, up to a checkpoint that the policy vouches for.
///
/// # Errors
/// As [`audit`].
pub(super) async fn audit_to<S: Source, O: Observer>(
    source: S,
    (checkpoint, judgement): (SignedCheckpoint, Judgement),
    settings: Settings,
    observer: O,
) -> Result<Report, AuditError> {
    let history = start(&settings, &checkpoint)?;
    let report = Report {
        checked_before: history.size(),
        checked: history.size(),
        checkpoint,
        judgement,
        findings: Vec::new(),
        rules_not_checked: BTreeMap::new(),
    };
    let wanted = Wanted {
        origin: Arc::new(history.origin().clone()),
        first: history.size(),
        size: report.checkpoint.checkpoint().size(),
        stop: settings.stop,
    };
    let past = Fetched::new(source.clone(), wanted.size);
    let (pieces, received) = mpsc::channel(IN_FLIGHT);
    let following = tokio::task::spawn_blocking(move || {
        Follower { history, report, observer, past }.follow(received)
    });
    fetch_all(&source, wanted, pieces).await;
    let follower = following.await.map_err(|_| AuditError::Worker)??;
    follower.finish(&source).await
}

/// Which entries to fetch.
struct Wanted {
    origin: Arc<Origin>,
    first: u64,
    size: u64,
    stop: Arc<AtomicBool>,
}

/// The newest checkpoint, which the policy vouches for.
pub(super) async fn trusted_checkpoint<S: Source>(
    source: &S,
    policy: &Policy,
) -> Result<(SignedCheckpoint, Judgement), AuditError> {
    let bytes = source.file("checkpoint", CHECKPOINT_BYTES_MAX).await?;
    let text = std::str::from_utf8(&bytes).map_err(|_| NotACheckpoint::Form)?;
    let checkpoint: SignedCheckpoint = text.parse()?;
    let judgement = policy.judge(&checkpoint);
    let why = match judgement.log {
        LogFinding::Signed(_) if judgement.holds() => return Ok((checkpoint, judgement)),
        LogFinding::Signed(_) => "it lacks the witnesses that the policy asks for",
        LogFinding::UnknownLog => "the policy knows no key of this log",
        LogFinding::Missing => "it is not signed by a key that the policy has for this log",
        LogFinding::Bad => "the signature under the log's name is not by its key",
    };
    Err(AuditError::Untrusted(why))
}

/// The history so far. A saved one that cannot be read is as good as none.
fn start(settings: &Settings, checkpoint: &SignedCheckpoint) -> Result<History, AuditError> {
    let origin = checkpoint.checkpoint().origin();
    let saved = settings.resume.as_deref().and_then(|bytes| History::from_bytes(bytes).ok());
    match saved {
        Some(history) if history.origin() == origin => Ok(history),
        Some(history) => Err(AuditError::OtherLedger(history.origin().to_string())),
        None => Ok(History::new(origin.clone())),
    }
}

/// Fetches and checks every bundle that is wanted, and hands them on in order.
async fn fetch_all<S: Source>(
    source: &S,
    wanted: Wanted,
    pieces: mpsc::Sender<Result<Piece, AuditError>>,
) {
    let Wanted { origin, first, size, stop } = wanted;
    let fetched = stream::iter(fetched::bundles(first, size))
        .map(|path| fetched::fetch(source.clone(), path, first, origin.clone()))
        .buffered(IN_FLIGHT);
    let mut fetched = std::pin::pin!(fetched);
    while let Some(piece) = fetched.next().await {
        let is_last = piece.is_err() || stop.load(Ordering::Relaxed);
        if pieces.send(piece).await.is_err() || is_last {
            return;
        }
    }
}
