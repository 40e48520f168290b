//! The ledger's threads: one that completes the index and then writes, one that
//! applies, and one that keeps the search up.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::mpsc;

use super::apply::Applier;
use super::end::End;
use super::erase::PackLock;
use super::facts::Gatherer;
use super::log_keys::LogKeys;
use super::lookup::Lookup;
use super::publish::{IndexState, OpenIndex};
use super::recover::build_index;
use super::sequencer::{CopyJob, Job, Sequencer, WriteState};
use crate::clock::Clock;
use crate::ledger::Standing;
use crate::store::Journal;
use crate::tlog::{Frontier, LogSigner};

/// How long a thread beside the writer rests when there is nothing to do, and after a failure.
const REST: Duration = Duration::from_millis(20);
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What the writing thread needs to begin.
pub(super) struct Worker {
    pub(super) lookup: Arc<Lookup>,
    pub(super) journal: Arc<Mutex<Box<dyn Journal>>>,
    pub(super) state: Arc<WriteState>,
    pub(super) index: Arc<Mutex<IndexState>>,
    pub(super) stopping: Arc<AtomicBool>,
    pub(super) signer: LogSigner,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) frontier: Frontier,
    pub(super) standing: Standing,
}

/// What there is to write.
pub(super) enum Work {
    /// What is sent to a ledger.
    Submissions(mpsc::Receiver<Job>),
    /// The entries of a ledger that a mirror copies.
    Copies(mpsc::Receiver<CopyJob>),
}

impl Worker {
    /// Completes the index, then writes until the queue is closed and empty.
    pub(super) fn run(self, open_index: OpenIndex, work: Work) {
        let gatherer = match self.complete_index(open_index, &work) {
            Ok(gatherer) => gatherer,
            Err(why) => {
                tracing::error!(why, "the ledger cannot publish");
                *lock(&self.index) = IndexState::Failed(why);
                return;
            }
        };
        let packs: Arc<PackLock> = Arc::default();
        let done: Arc<AtomicBool> = Arc::default();
        let beside = [self.keep_applying(packs.clone(), &done), self.keep_search_up(&done)];
        let sequencer = Sequencer {
            lookup: self.lookup,
            journal: self.journal,
            packs,
            signer: self.signer,
            clock: self.clock,
            state: self.state,
            frontier: self.frontier,
            standing: self.standing,
            gatherer,
            unerased: Vec::new(),
            stopping: self.stopping,
        };
        *lock(&self.index) = IndexState::Ready;
        match work {
            Work::Submissions(queue) => sequencer.run(queue),
            Work::Copies(queue) => sequencer.run_copies(queue),
        }
        done.store(true, Ordering::SeqCst);
        if beside.map(JoinHandle::join).iter().any(Result::is_err) {
            tracing::error!("a thread beside the writer panicked");
        }
    }

    fn keep_applying(&self, packs: Arc<PackLock>, done: &Arc<AtomicBool>) -> JoinHandle<()> {
        let mut applier = Applier::new(self.lookup.clone(), self.journal.clone(), packs);
        let done = done.clone();
        std::thread::spawn(move || keep_on(&done, "entries wait to be applied", || applier.step()))
    }

    fn keep_search_up(&self, done: &Arc<AtomicBool>) -> JoinHandle<()> {
        let (lookup, done) = (self.lookup.clone(), done.clone());
        let step = move || lookup.search().follow(&lookup);
        std::thread::spawn(move || keep_on(&done, "the search is not kept up", step))
    }

    fn complete_index(&self, open_index: OpenIndex, work: &Work) -> Result<Gatherer, String> {
        let index = open_index().map_err(|error| error.to_string())?;
        let progress = |done, of| *lock(&self.index) = IndexState::Building { done, of };
        build_index(&self.lookup, index, &progress).map_err(|error| error.to_string())?;
        self.state.set_end(End::of(&self.lookup).map_err(|error| error.to_string())?);
        let named = LogKeys::of(&self.lookup).map_err(|error| error.to_string())?;
        if let (Some(named), Work::Submissions(_)) = (&named, work) {
            self.expect_keys(named)?;
        }
        self.state.set_log_keys(named);
        Gatherer::new(&self.lookup).map_err(|error| error.to_string())
    }

    /// Nothing is signed without a key that the newest `log_keys` names.
    fn expect_keys(&self, named: &LogKeys) -> Result<(), String> {
        match named.missing_in(&self.signer.verifier_keys()) {
            None => Ok(()),
            Some(missing) => Err(format!(
                "entry {} says that {missing} signs for this log, and `keys` has no such key; put it back and restart",
                named.index
            )),
        }
    }
}

/// Takes one step after the other until it is told to stop. `trouble` says what waits when a step fails.
fn keep_on<E: Display>(
    done: &AtomicBool,
    trouble: &str,
    mut step: impl FnMut() -> Result<bool, E>,
) {
    while !done.load(Ordering::SeqCst) {
        match step() {
            Ok(true) => {}
            Ok(false) => std::thread::sleep(REST),
            Err(error) => {
                tracing::error!(%error, "{trouble}");
                std::thread::sleep(REST_AFTER_FAILURE);
            }
        }
    }
}
