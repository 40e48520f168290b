//! A copy of another ledger, as a mirror keeps it (C2SP tlog-mirror, the reading side): entries by tiles, words by the
//! ledger's dump. Every entry is made again by the rules before it is added, and the tree is held against the checkpoint
//! that the ledger signed; what others are shown is that checkpoint, once everything it covers is here.

mod fetching;
mod words;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot, watch};

use super::audit::fetched::bundles;
use super::audit::tiles::SourceTiles;
use super::audit::{AuditError, trusted_checkpoint};
use super::log_keys::LogKeys;
use super::lookup::{Lookup, LookupError};
use super::memory::Published;
use super::sequencer::{CopyJob, NotCopied};
use crate::clock;
use crate::crypto::Hash;
use crate::ledger::replay::NotReplayed;
use crate::net::{Client, FetchError};
use crate::store::{StoreError, Witnessed};
use crate::tlog::{
    Checkpoint, Cosigner, Origin, Policy, SignedCheckpoint, VerifierKey, log_hash, root,
};

/// Bundles fetched ahead: enough to keep two or four cores checking while others are fetched.
const IN_FLIGHT: usize = 8;

/// Keeps a key, or says why it cannot.
pub type KeepKey = Box<dyn Fn(&VerifierKey) -> Result<(), String> + Send + Sync>;

/// What a mirror copies, and how it vouches for the copy.
pub struct MirrorParts {
    /// The ledger.
    pub client: Client,
    /// Whose checkpoints to believe.
    pub policy: Policy,
    /// Keeps a key that is to be believed as well from the next start on.
    pub keep_key: KeepKey,
    /// Cosigns what was copied.
    pub cosigner: Cosigner,
    /// Keeps the checkpoint that is announced.
    pub store: Arc<dyn Witnessed>,
    /// From one look for new entries to the next.
    pub every: Duration,
}

/// Why a mirror does not go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MirrorError {
    /// The ledger did not answer well.
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// What it answered cannot be added.
    #[error(transparent)]
    NotCopied(#[from] NotCopied),
    /// An answer is not one of a ledger.
    #[error("{url} does not answer as a ledger does: {why}")]
    Unreadable {
        /// What was asked for.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// It signs a checkpoint of another tree than the one that was copied.
    #[error(
        "the checkpoint of {size} entries that the ledger signs now is not of the tree that was copied"
    )]
    AnotherTree {
        /// Its size.
        size: u64,
    },
    /// It announces less than it did, as one does whose folder was put back from an older copy.
    #[error("the ledger announces {now} entries, and announced {before} before")]
    RolledBack {
        /// The most that were announced.
        before: u64,
        /// How many are now.
        now: u64,
    },
    /// The copy cannot be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The announced checkpoint cannot be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key that the operator named cannot be kept.
    #[error("the ledger's new key cannot be kept: {0}")]
    KeyNotKept(String),
    /// The mirror is stopping.
    #[error("the mirror is stopping")]
    Stopping,
}

impl From<FetchError> for MirrorError {
    fn from(error: FetchError) -> Self {
        Self::Audit(error.into())
    }
}

impl MirrorError {
    /// Whether it speaks against the ledger, rather than of an answer that did not come.
    pub fn is_against_the_ledger(&self) -> bool {
        match self {
            Self::NotCopied(NotCopied::Broken { why, .. }) => {
                !matches!(why, NotReplayed::NotKnown(_))
            }
            Self::AnotherTree { .. }
            | Self::RolledBack { .. }
            | Self::NotCopied(NotCopied::OtherTree(_)) => true,
            _ => false,
        }
    }
}

/// Follows the ledger.
pub struct Mirroring {
    parts: MirrorParts,
    /// That of the parts, with the keys that the operator named since.
    policy: Mutex<Policy>,
    origin: Origin,
    lookup: Arc<Lookup>,
    copies: Mutex<Option<mpsc::Sender<CopyJob>>>,
    trouble: Mutex<Option<MirrorError>>,
    /// Entries that others are shown, as they grow.
    shown: watch::Sender<u64>,
}

impl Mirroring {
    pub(super) fn new(
        parts: MirrorParts,
        origin: Origin,
        lookup: Arc<Lookup>,
        copies: mpsc::Sender<CopyJob>,
    ) -> Result<Self, MirrorError> {
        let this = Self {
            policy: Mutex::new(parts.policy.clone()),
            parts,
            origin,
            lookup,
            copies: Mutex::new(Some(copies)),
            trouble: Mutex::default(),
            shown: watch::Sender::new(0),
        };
        if let Some(note) = this.parts.store.get(&this.log())? {
            let kept = std::str::from_utf8(&note).ok().and_then(|note| note.parse().ok());
            if let Some(kept) = kept.filter(|kept| this.parts.policy.judge(kept).holds()) {
                this.show(kept)?;
            }
        }
        Ok(this)
    }

    /// The ledger that is copied.
    pub fn ledger(&self) -> &Client {
        &self.parts.client
    }

    /// How many entries others are shown, as they grow.
    pub(super) fn shown(&self) -> watch::Receiver<u64> {
        self.shown.subscribe()
    }

    /// What keeps the mirror from going on, if anything does.
    pub fn trouble(&self) -> Option<MirrorError> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nothing is copied from here on.
    pub(super) fn stop(&self) {
        drop(self.copies.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Copies what is new, for as long as it is awaited or until the mirror stops.
    pub(super) async fn run(&self) {
        loop {
            let trouble = self.step().await.err();
            if trouble == Some(MirrorError::Stopping) {
                return;
            }
            self.tell(trouble);
            tokio::time::sleep(self.parts.every).await;
        }
    }

    fn tell(&self, trouble: Option<MirrorError>) {
        let mut before = self.trouble.lock().unwrap_or_else(PoisonError::into_inner);
        if *before == trouble {
            return;
        }
        match &trouble {
            Some(error) if error.is_against_the_ledger() => {
                tracing::error!(%error, "the ledger misbehaves; the mirror keeps what it has");
            }
            Some(error) => tracing::warn!(%error, "the mirror does not go on for now"),
            None => tracing::info!("the mirror goes on"),
        }
        *before = trouble;
    }

    /// Copies up to the ledger's newest checkpoint.
    async fn step(&self) -> Result<(), MirrorError> {
        let source = &self.parts.client;
        let (signed, _) = trusted_checkpoint(source, &self.policy()).await?;
        let target = signed.checkpoint().clone();
        if *target.origin() != self.origin {
            return Err(AuditError::OtherLedger(target.origin().to_string()).into());
        }
        if target.size() > self.size() {
            let tiles = SourceTiles::new(source.clone(), Handle::current());
            let tiles = Arc::new(Mutex::new(tiles));
            self.check_that_it_goes_on(&target, &tiles).await?;
            self.copy_to(&target, &tiles).await?;
        }
        if self.root_at(target.size())? != Some(*target.root()) {
            return Err(MirrorError::AnotherTree { size: target.size() });
        }
        self.believe_named_keys()?;
        let before = self.lookup.memory().witnessed().map_or(0, |announced| announced.size());
        match target.size() {
            now if now > before => self.announce(signed).await,
            now if now < before => Err(MirrorError::RolledBack { before, now }),
            _ => Ok(()),
        }
    }

    fn policy(&self) -> Policy {
        self.policy.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Believes the keys that the operator named last, in an entry that was copied under a believed key.
    fn believe_named_keys(&self) -> Result<(), MirrorError> {
        let named = LogKeys::of(&self.lookup)?.map_or(Vec::new(), |named| named.keys);
        for key in named {
            let policy = self.policy();
            if policy.log_keys(self.origin.as_str()).any(|known| *known == key) {
                continue;
            }
            (self.parts.keep_key)(&key).map_err(MirrorError::KeyNotKept)?;
            tracing::info!(%key, "the ledger's checkpoints may be signed by this key from now on");
            let policy = policy.and_log_key(key);
            *self.policy.lock().unwrap_or_else(PoisonError::into_inner) = policy;
        }
        Ok(())
    }

    /// Whether the tree that the ledger signed begins with what was copied.
    async fn check_that_it_goes_on(
        &self,
        target: &Checkpoint,
        tiles: &Arc<Mutex<SourceTiles<Client>>>,
    ) -> Result<(), MirrorError> {
        let size = self.size();
        let Some(root) = self.root_at(size)?.filter(|_| size > 0) else { return Ok(()) };
        let (signed, tiles) = (target.clone(), tiles.clone());
        let begins = move || begins_with(&tiles, &signed, size, root);
        match tokio::task::spawn_blocking(begins).await.map_err(|_| AuditError::Worker)? {
            Err(NotCopied::OtherTree(_)) => Err(MirrorError::AnotherTree { size: target.size() }),
            begins => Ok(begins?),
        }
    }

    async fn copy_to(
        &self,
        target: &Checkpoint,
        tiles: &Arc<Mutex<SourceTiles<Client>>>,
    ) -> Result<(), MirrorError> {
        let first = self.size();
        let origin: Arc<str> = self.origin.as_str().into();
        let fetched = stream::iter(bundles(first, target.size()))
            .map(|path| fetching::fetch(self.parts.client.clone(), path, first, origin.clone()))
            .buffered(IN_FLIGHT);
        let mut fetched = std::pin::pin!(fetched);
        while let Some(entries) = fetched.next().await {
            let (target, tiles) = (target.clone(), tiles.clone());
            let begins = move |size, root| begins_with(&tiles, &target, size, root);
            let (answer, copied) = oneshot::channel();
            let copy = CopyJob { entries: entries?, begins: Box::new(begins), answer };
            let copies = self.copies.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let copies = copies.ok_or(MirrorError::Stopping)?;
            copies.send(copy).await.map_err(|_| MirrorError::Stopping)?;
            copied.await.map_err(|_| MirrorError::Stopping)??;
        }
        Ok(())
    }

    /// Vouches for a checkpoint that was copied whole, keeps it, and shows it.
    async fn announce(&self, signed: SignedCheckpoint) -> Result<(), MirrorError> {
        let seconds = u64::try_from(clock::now().as_millis() / 1000).unwrap_or_default();
        let line = self.parts.cosigner.cosign(signed.note(), seconds);
        let cosigned = line.and_then(|line| signed.clone().and(line).ok()).unwrap_or(signed);
        let (store, log, note) = (self.parts.store.clone(), self.log(), cosigned.to_string());
        let kept = tokio::task::spawn_blocking(move || store.put(&log, note.as_bytes()));
        kept.await.map_err(|_| AuditError::Worker)??;
        self.show(cosigned)
    }

    fn show(&self, announced: SignedCheckpoint) -> Result<(), MirrorError> {
        let (size, root) = (announced.checkpoint().size(), *announced.checkpoint().root());
        if self.root_at(size)? != Some(root) {
            return Err(MirrorError::AnotherTree { size });
        }
        let as_of = self.lookup.entry(size.saturating_sub(1))?.time;
        self.lookup.memory().witness(Published::new(announced, as_of));
        self.shown.send_replace(size);
        Ok(())
    }

    /// How many entries were copied.
    fn size(&self) -> u64 {
        self.lookup.memory().published().map_or(0, |published| published.size())
    }

    fn root_at(&self, size: u64) -> Result<Option<Hash>, LookupError> {
        if size > self.size() {
            return Ok(None);
        }
        root(size, self.lookup.as_ref()).map(Some)
    }

    fn log(&self) -> Hash {
        log_hash(self.origin.as_str())
    }
}

/// Whether the tree that the ledger signed begins with this one, by the ledger's tiles.
fn begins_with(
    tiles: &Mutex<SourceTiles<Client>>,
    target: &Checkpoint,
    size: u64,
    root: Hash,
) -> Result<(), NotCopied> {
    let tiles = tiles.lock().unwrap_or_else(PoisonError::into_inner);
    let (then, _) = tiles
        .root_before(size, target)
        .map_err(|error| NotCopied::NotFetched(error.to_string()))?;
    if then == root { Ok(()) } else { Err(NotCopied::OtherTree(size)) }
}
