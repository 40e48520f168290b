//! A journal that can be held up, as a disk that has stopped answering.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use onrecord::store::{
    Batch, CommitError, Head, Journal, ScrubError, StoreError, WordRef, memory::MemoryJournal,
};

/// Where commits wait while it is closed.
#[derive(Clone, Default)]
pub struct Gate(Arc<State>);

#[derive(Default)]
struct State {
    closed: AtomicBool,
    waited_at: AtomicBool,
}

impl Gate {
    pub fn close(&self) {
        self.0.closed.store(true, Ordering::SeqCst);
    }

    pub fn open(&self) {
        self.0.closed.store(false, Ordering::SeqCst);
    }

    /// Whether a commit has come to the closed gate.
    pub fn is_waited_at(&self) -> bool {
        self.0.waited_at.load(Ordering::SeqCst)
    }

    pub fn pass(&self) {
        while self.0.closed.load(Ordering::SeqCst) {
            self.0.waited_at.store(true, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}

pub struct SlowJournal {
    pub inner: MemoryJournal,
    pub gate: Gate,
}

impl Journal for SlowJournal {
    fn head(&self) -> Option<&Head> {
        self.inner.head()
    }

    fn commit(&mut self, expected: u64, batch: &Batch) -> Result<(), CommitError> {
        self.gate.pass();
        self.inner.commit(expected, batch)
    }

    fn unapplied(&mut self) -> Result<Vec<Batch>, StoreError> {
        self.inner.unapplied()
    }

    fn forgotten(&self) -> u64 {
        self.inner.forgotten()
    }

    fn forget(&mut self, size: u64) -> Result<(), StoreError> {
        self.inner.forget(size)
    }

    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError> {
        self.inner.scrub(words)
    }
}
