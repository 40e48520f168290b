//! The ledger as its callers see it: start, publish, look, stop.

mod health;
mod mirroring;
mod rechecking;
mod webhooks;
mod witnessing;

pub use health::{Health, IndexState};
pub use mirroring::MirrorStartError;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::domains::Domains;
use super::end::End;
use super::facts::Gatherer;
use super::live::Live;
use super::log_keys::LogKeys;
use super::lookup::{Lookup, LookupError};
use super::mirroring::Mirroring;
use super::recover::{RecoverError, recover};
use super::sequencer::{Answer, Job, WriteState};
use super::view::View;
use super::webhooks::Webhooks;
use super::witnessing::Witnessing;
use super::worker::{Work, Worker};
use crate::clock::Clock;
use crate::crypto::DidKey;
use crate::encoding::time::Moment;
use crate::entry::Bundle;
use crate::ledger::rules::Place;
use crate::ledger::{Candidate, Unfit, read};
use crate::statement::{Refusal, StatementId, Submission};
use crate::store::{Index, IndexError, Journal, Objects};
use crate::tlog::{LogSigner, Origin};

/// What a caller is told to wait when the queue is full.
const RETRY_BUSY: Duration = Duration::from_secs(1);
/// What a caller is told to wait while nothing can be written.
const RETRY_READ_ONLY: Duration = Duration::from_secs(10);
/// Opens the index. It may take seconds, so it happens while tiles are already served.
pub type OpenIndex = Box<dyn FnOnce() -> Result<Arc<dyn Index>, IndexError> + Send>;

/// What a ledger runs on.
pub struct Parts {
    /// The commit point.
    pub journal: Box<dyn Journal>,
    /// Tiles, bundles and packs.
    pub objects: Arc<dyn Objects>,
    /// Opens the index.
    pub open_index: OpenIndex,
    /// Signs checkpoints, and knows the origin.
    pub signer: LogSigner,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Submissions that may wait.
    pub queue_max: usize,
}

/// A running ledger. Clones share it.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    origin: Origin,
    lookup: Arc<Lookup>,
    clock: Arc<dyn Clock>,
    queue: Mutex<Option<mpsc::Sender<Job>>>,
    queue_max: usize,
    state: Arc<WriteState>,
    index: Arc<Mutex<IndexState>>,
    stopping: Arc<AtomicBool>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    domains: OnceLock<Domains>,
    webhooks: OnceLock<Arc<Webhooks>>,
    witnessing: OnceLock<Arc<Witnessing>>,
    mirroring: OnceLock<Arc<Mirroring>>,
}

/// What a publisher gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The entry's index.
    pub index: u64,
    /// Whether it was appended now, or logged before.
    pub newly: bool,
    /// Entry, proof and public words.
    pub bundle: Bundle,
}

/// Why a submission was not published.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PublishError {
    /// A rule is broken; nothing was stored.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too many from this key.
    #[error("too many submissions from this key")]
    RateLimited {
        /// When to try again.
        retry_after: Duration,
    },
    /// The queue is full.
    #[error("the ledger is busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// The ledger is not writing.
    #[error("the ledger is read-only: {why}")]
    ReadOnly {
        /// Why.
        why: String,
        /// When to try again.
        retry_after: Duration,
    },
    /// The entry stands, but reading it back failed.
    #[error(transparent)]
    Lookup(#[from] LookupError),
}

impl Ledger {
    /// Recovers and starts. Tiles and checkpoint can be read when this returns; publishing begins when the
    /// index is complete.
    ///
    /// # Errors
    /// [`RecoverError`] when what is on the disk must not be continued.
    pub fn start(parts: Parts) -> Result<Self, RecoverError> {
        let (sender, queue) = mpsc::channel(parts.queue_max);
        Self::start_on(parts, Some(sender), Work::Submissions(queue))
    }

    fn start_on(
        parts: Parts,
        queue: Option<mpsc::Sender<Job>>,
        work: Work,
    ) -> Result<Self, RecoverError> {
        let Parts { mut journal, objects, open_index, signer, clock, queue_max } = parts;
        let recovered = recover(journal.as_mut(), objects, signer.verifier_key())?;
        let of = recovered.standing.size;
        let inner = Inner {
            origin: signer.origin().clone(),
            lookup: recovered.lookup,
            clock: clock.clone(),
            queue: Mutex::new(queue),
            queue_max,
            state: Arc::default(),
            index: Arc::new(Mutex::new(IndexState::Building { done: 0, of })),
            stopping: Arc::default(),
            threads: Mutex::default(),
            domains: OnceLock::new(),
            webhooks: OnceLock::new(),
            witnessing: OnceLock::new(),
            mirroring: OnceLock::new(),
        };
        let worker = Worker {
            lookup: inner.lookup.clone(),
            journal: Arc::new(Mutex::new(journal)),
            state: inner.state.clone(),
            index: inner.index.clone(),
            stopping: inner.stopping.clone(),
            signer,
            clock,
            frontier: recovered.frontier,
            standing: recovered.standing,
        };
        let thread = std::thread::spawn(move || worker.run(open_index, work));
        lock(&inner.threads).push(thread);
        Ok(Self(Arc::new(inner)))
    }

    /// The origin.
    pub fn origin(&self) -> &Origin {
        &self.0.origin
    }

    /// The ledger as of its newest checkpoint; nothing before entry 0. A mirror shows no more than it announces.
    pub fn view(&self) -> Option<View> {
        if self.mirrored().is_some() {
            return self.announced();
        }
        let published = self.0.lookup.memory().published()?;
        Some(View::new(self.0.lookup.clone(), published))
    }

    /// The size of [`Ledger::view`], as it grows.
    pub fn size(&self) -> watch::Receiver<u64> {
        if let Some(mirroring) = self.0.mirroring.get() {
            return mirroring.shown();
        }
        self.0.lookup.memory().size()
    }

    /// The newest entries as they are sent to whoever follows.
    pub fn live(&self) -> &Live {
        self.0.lookup.live()
    }

    /// What time it is here: what states that change with the time alone are looked at from.
    pub fn now(&self) -> Moment {
        self.0.clock.now().unwrap_or_else(|jumped| jumped.wall)
    }

    /// Publishes a submission: answered when it is durable and a signed checkpoint covers it. `limit` is
    /// asked with the signers before it is queued, and says how long to wait if they have to.
    ///
    /// # Errors
    /// [`PublishError`].
    pub async fn publish(
        &self,
        submission: &Submission,
        limit: impl Fn(&[DidKey]) -> Option<Duration>,
    ) -> Result<Receipt, PublishError> {
        let candidate = match read(submission, self.0.origin.as_str()) {
            Ok(candidate) => candidate,
            Err(unfit) => return self.answer_unfit(unfit),
        };
        let id = candidate.signed.id();
        // Envelopes are public, so anyone can send a logged one again: that must not use up its signers' rate.
        if let Ok(Some(index)) = self.0.lookup.find(&id) {
            return self.receipt_of(index);
        }
        self.expect_admission()?;
        if let Some(retry_after) = limit(candidate.signed.statement().signers()) {
            return Err(PublishError::RateLimited { retry_after });
        }
        let before = match self.0.domains.get() {
            Some(domains) => domains.before(&candidate).await?,
            None => Vec::new(),
        };
        let words = public_words(&candidate);
        let answer = match self.queue(before, candidate) {
            Ok(answer) => answer.await,
            Err(refused) => return self.logged_or(id, refused),
        };
        match answer {
            Ok(Answer::Admitted(index, published)) => {
                let view = View::new(self.0.lookup.clone(), published);
                let bundle = view.bundle_with(index, words)?;
                self.receipt(index, true, bundle)
            }
            Ok(Answer::Logged(index)) => self.receipt_of(index),
            Ok(Answer::Refused(refusal)) => Err(refusal.into()),
            Ok(Answer::ReadOnly(why)) => self.logged_or(id, read_only(why)),
            Err(_) => Err(read_only("the ledger is stopping".to_owned())),
        }
    }

    /// How the ledger ended, if it did. Known once the index is there.
    pub fn end(&self) -> Option<End> {
        self.0.state.end()
    }

    /// The keys of the log that the operator named last, if any ever were. Known once the index is there.
    pub fn log_keys(&self) -> Option<LogKeys> {
        self.0.state.log_keys()
    }

    /// Whether statements are admitted at all.
    ///
    /// # Errors
    /// [`PublishError`] where this is a mirror, and after the ledger's end.
    pub fn expect_admission(&self) -> Result<(), PublishError> {
        if let Some(mirrored) = self.mirrored() {
            return Err(read_only(format!("this is a mirror; publish at {mirrored}")));
        }
        self.end().map_or(Ok(()), |end| Err(end.refusal().into()))
    }

    fn queue(
        &self,
        before: Vec<Candidate>,
        candidate: Candidate,
    ) -> Result<oneshot::Receiver<Answer>, PublishError> {
        match &*lock(&self.0.index) {
            IndexState::Ready => {}
            IndexState::Building { done, of } => {
                return Err(read_only(format!("the index is being built, {done} of {of} entries")));
            }
            IndexState::Failed(why) => return Err(read_only(why.clone())),
        }
        let queue = lock(&self.0.queue).clone();
        let queue = queue.ok_or_else(|| read_only("the ledger is stopping".to_owned()))?;
        let (answer, receiver) = oneshot::channel();
        match queue.try_send(Job { before, candidate, answer }) {
            Ok(()) => Ok(receiver),
            Err(_) => Err(PublishError::Busy { retry_after: RETRY_BUSY }),
        }
    }

    /// A statement that is logged is answered with its entry, whatever else stands in the way but words that it erases
    /// and that are still there.
    fn logged_or(&self, id: StatementId, error: PublishError) -> Result<Receipt, PublishError> {
        match self.0.lookup.find(&id) {
            Ok(Some(index)) => self.receipt_of(index),
            _ => Err(error),
        }
    }

    fn receipt_of(&self, index: u64) -> Result<Receipt, PublishError> {
        if self.0.state.is_erasing(index) {
            let why = self.0.state.read_only();
            return Err(read_only(why.unwrap_or_else(|| "its words are being erased".to_owned())));
        }
        let bundle = self.view().map(|view| view.bundle(index)).transpose()?.flatten();
        self.receipt(index, false, bundle)
    }

    fn receipt(
        &self,
        index: u64,
        newly: bool,
        bundle: Option<Bundle>,
    ) -> Result<Receipt, PublishError> {
        let unpublished = LookupError::Inconsistent { index, what: "it is not published" };
        Ok(Receipt { index, newly, bundle: bundle.ok_or(unpublished)? })
    }

    fn answer_unfit(&self, unfit: Unfit) -> Result<Receipt, PublishError> {
        if let Some(id) = unfit.verified_id()
            && let Ok(Some(index)) = self.0.lookup.find(&id)
        {
            return self.receipt_of(index);
        }
        let refusal = match (unfit.statement(), self.0.clock.now()) {
            (Some((id, statement)), Ok(time)) => {
                let index =
                    self.0.lookup.memory().published().map_or(0, |published| published.size());
                let facts = Gatherer::once(id, statement, &self.0.lookup);
                match facts {
                    Ok(facts) => unfit.into_refusal_with(&facts, Place { index, time }),
                    Err(_) => unfit.into_refusal(),
                }
            }
            _ => unfit.into_refusal(),
        };
        Err(refusal.into())
    }

    /// Finishes what was accepted, then stops. Submissions are refused from here on.
    pub async fn stop(&self) {
        drop(lock(&self.0.queue).take());
        if let Some(mirroring) = self.0.mirroring.get() {
            mirroring.stop();
        }
        self.0.stopping.store(true, Ordering::SeqCst);
        let threads = std::mem::take(&mut *lock(&self.0.threads));
        let webhooks = self.0.webhooks.get().cloned();
        let joined = tokio::task::spawn_blocking(move || {
            if let Some(webhooks) = webhooks {
                webhooks.stop();
            }
            for thread in threads {
                if thread.join().is_err() {
                    tracing::error!("a thread of the ledger panicked");
                }
            }
        });
        let _ = joined.await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_only(why: String) -> PublishError {
    PublishError::ReadOnly { why, retry_after: RETRY_READ_ONLY }
}

/// The words of a bundle: a reveal's belong to its target.
fn public_words(candidate: &Candidate) -> Vec<String> {
    if candidate.signed.statement().kind().carries_words_of_its_target() {
        return Vec::new();
    }
    candidate.words.iter().map(|word| word.encoded().to_owned()).collect()
}
