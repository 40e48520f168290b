//! Engines that die at a given step, as a process does: from then on no engine does anything any more, and
//! nothing that was asked is answered. The step itself is done or not done, but never answered.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use onrecord::crypto::Hash;
use onrecord::store::memory::MemoryFolder;
use onrecord::store::{
    Batch, Chain, ChainLink, CommitError, Head, Index, IndexError, Indexed, Journal, List,
    ObjectName, Objects, Position, PutError, ScrubError, StoreError, WordEvents, WordRef,
};

/// Counts the steps that change something, and blows at one of them.
#[derive(Debug, Clone)]
pub struct Fuse(Arc<State>);

#[derive(Debug)]
struct State {
    steps_left: AtomicU64,
    step_is_done: bool,
    blown: AtomicBool,
}

impl Fuse {
    /// Never blows.
    pub fn none() -> Self {
        Self::at(u64::MAX, false)
    }

    /// Blows at step `step`, from 1: after it is done, or before.
    pub fn at(step: u64, step_is_done: bool) -> Self {
        let steps_left = AtomicU64::new(step);
        Self(Arc::new(State { steps_left, step_is_done, blown: AtomicBool::new(false) }))
    }

    /// Whether the process is dead.
    pub fn is_blown(&self) -> bool {
        self.0.blown.load(Ordering::SeqCst)
    }

    /// Does a step, unless the process is dead or dies before it; answers only if it lives on.
    fn step<T, E>(&self, dead: E, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if self.is_blown() {
            return Err(dead);
        }
        if self.0.steps_left.fetch_sub(1, Ordering::SeqCst) > 1 {
            return work();
        }
        if self.0.step_is_done {
            let _ = work();
        }
        self.0.blown.store(true, Ordering::SeqCst);
        Err(dead)
    }

    /// Reads, unless the process is dead.
    fn look<T, E>(&self, dead: E, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if self.is_blown() { Err(dead) } else { work() }
    }
}

fn dead() -> StoreError {
    let error = io::Error::other("the process is dead");
    StoreError::io("use", Path::new("memory"), &error)
}

fn dead_index() -> IndexError {
    IndexError::Io { path: "memory".into(), message: "the process is dead".to_owned() }
}

/// The journal of a process, which lets go of the folder when the process dies.
pub type Held = Arc<Mutex<Option<Box<dyn Journal>>>>;

/// A journal under a fuse.
pub struct FusedJournal {
    held: Held,
    head: Option<Head>,
    fuse: Fuse,
}

impl FusedJournal {
    /// Opens it, and says where it is held.
    pub fn open(folder: &MemoryFolder, fuse: &Fuse) -> Result<(Self, Held), StoreError> {
        let journal = folder.journal()?;
        let head = journal.head().cloned();
        let held: Held = Arc::new(Mutex::new(Some(Box::new(journal))));
        Ok((Self { held: held.clone(), head, fuse: fuse.clone() }, held))
    }

    fn step<T, E>(
        &mut self,
        dead: E,
        work: impl FnOnce(&mut dyn Journal) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut held = self.held.lock().unwrap();
        let Some(journal) = held.as_deref_mut() else { return Err(dead) };
        let result = self.fuse.step(dead, || work(journal));
        self.head = journal.head().cloned();
        result
    }
}

impl Journal for FusedJournal {
    fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    fn commit(&mut self, expected: u64, batch: &Batch) -> Result<(), CommitError> {
        self.step(CommitError::Stopped(dead()), |inner| inner.commit(expected, batch))
    }

    fn unapplied(&mut self) -> Result<Vec<Batch>, StoreError> {
        let mut held = self.held.lock().unwrap();
        let journal = held.as_deref_mut().ok_or_else(dead)?;
        self.fuse.look(dead(), || journal.unapplied())
    }

    fn forgotten(&self) -> u64 {
        self.held.lock().unwrap().as_deref().map_or(0, Journal::forgotten)
    }

    fn forget(&mut self, size: u64) -> Result<(), StoreError> {
        self.step(dead(), |inner| inner.forget(size))
    }

    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError> {
        self.step(dead().into(), |inner| inner.scrub(words))
    }
}

/// Objects under a fuse.
pub struct FusedObjects<O>(pub O, pub Fuse);

impl<O: Objects> Objects for FusedObjects<O> {
    fn get(&self, name: ObjectName) -> Result<Option<Bytes>, StoreError> {
        self.1.look(dead(), || self.0.get(name))
    }

    fn put(&self, group: &[(ObjectName, Bytes)]) -> Result<(), PutError> {
        self.1.step(PutError::Store(dead()), || self.0.put(group))
    }

    fn bundles(&self) -> Result<u64, StoreError> {
        self.1.look(dead(), || self.0.bundles())
    }
}

/// An index under a fuse.
pub struct FusedIndex<I>(pub I, pub Fuse);

impl<I: Index> Index for FusedIndex<I> {
    fn position(&self) -> Result<Option<Position>, IndexError> {
        self.1.look(dead_index(), || self.0.position())
    }

    fn apply(&self, entries: &[Indexed], position: Position) -> Result<(), IndexError> {
        self.1.step(dead_index(), || self.0.apply(entries, position))
    }

    fn find(&self, id: &Hash) -> Result<Option<u64>, IndexError> {
        self.1.look(dead_index(), || self.0.find(id))
    }

    fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError> {
        self.1.look(dead_index(), || self.0.newest(chain))
    }

    fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError> {
        self.1.look(dead_index(), || self.0.listed(list, before, count))
    }

    fn words(&self, word: &WordRef) -> Result<WordEvents, IndexError> {
        self.1.look(dead_index(), || self.0.words(word))
    }

    fn clear(&self) -> Result<(), IndexError> {
        self.1.step(dead_index(), || self.0.clear())
    }
}
