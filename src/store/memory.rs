//! All engines in memory, for tests and models. What is kept survives the engines, as a folder survives
//! a process: a [`MemoryFolder`] opens them again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::batch::Unscrubbed;
use super::objects::may_replace;
use super::{
    Batch, Chain, ChainLink, CommitError, Endpoints, Head, Index, IndexError, Indexed, Journal,
    List, ObjectName, Objects, Position, PutError, RECORD_BYTES_MAX, ScrubError, StoreError,
    WITNESSED_BYTES_MAX, Witnessed, WordEvents, WordRef,
};
use crate::crypto::Hash;
use crate::encoding::domain::Domain;

/// Where memory engines keep their bytes. Clones are the same folder.
#[derive(Debug, Clone, Default)]
pub struct MemoryFolder(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    locked: bool,
    full: bool,
    broken: bool,
    batches: Vec<Batch>,
    head: Option<Head>,
    forgotten: u64,
    unscrubbed: Unscrubbed,
    objects: BTreeMap<ObjectName, Bytes>,
    endpoints: Records,
    index: IndexState,
}

/// Records of webhooks, which hold secrets and are not shown.
#[derive(Default)]
struct Records(BTreeMap<Domain, Vec<u8>>);

impl std::fmt::Debug for Records {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.0.keys()).finish()
    }
}

#[derive(Debug, Default)]
struct IndexState {
    position: Option<Position>,
    ids: BTreeMap<[u8; 32], u64>,
    chains: BTreeMap<Chain, (u64, u64)>,
    lists: BTreeSet<(List, u64)>,
    words: BTreeMap<WordRef, WordEvents>,
}

impl MemoryFolder {
    /// Opens the journal.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another one is open.
    pub fn journal(&self) -> Result<MemoryJournal, StoreError> {
        let mut state = self.state();
        if state.locked {
            return Err(StoreError::Locked { path: "memory".into() });
        }
        state.locked = true;
        state.unscrubbed = Unscrubbed::default();
        for (first, erased) in state
            .batches
            .iter()
            .map(|batch| (batch.first(), batch.erased().to_vec()))
            .collect::<Vec<_>>()
        {
            state.unscrubbed.committed(first, &erased);
        }
        let head = state.head.clone();
        Ok(MemoryJournal { folder: self.clone(), head, stopped: None })
    }

    /// Opens the objects.
    pub fn objects(&self) -> MemoryObjects {
        MemoryObjects(self.clone())
    }

    /// Opens the records of webhooks.
    pub fn endpoints(&self) -> MemoryEndpoints {
        MemoryEndpoints(self.clone())
    }

    /// Opens the index.
    pub fn index(&self) -> MemoryIndex {
        MemoryIndex(self.clone())
    }

    /// Makes commits and puts fail for lack of room, or have room again.
    pub fn set_full(&self, full: bool) {
        self.state().full = full;
    }

    /// Makes the next commit ambiguous: the batch is kept, the answer is `Stopped`.
    pub fn break_next_commit(&self) {
        self.state().broken = true;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn failure(kind: io::ErrorKind) -> StoreError {
    StoreError::io("write", Path::new("memory"), &io::Error::from(kind))
}

/// The journal of a [`MemoryFolder`].
#[derive(Debug)]
pub struct MemoryJournal {
    folder: MemoryFolder,
    head: Option<Head>,
    stopped: Option<StoreError>,
}

impl Drop for MemoryJournal {
    fn drop(&mut self) {
        self.folder.state().locked = false;
    }
}

impl Journal for MemoryJournal {
    fn head(&self) -> Option<&Head> {
        self.head.as_ref()
    }

    fn commit(&mut self, expected: u64, batch: &Batch) -> Result<(), CommitError> {
        if let Some(error) = &self.stopped {
            return Err(CommitError::Stopped(error.clone()));
        }
        let actual = self.head.as_ref().map_or(0, |head| head.size);
        if expected != actual || batch.first() != actual {
            return Err(CommitError::HeadMoved { expected: batch.first(), actual });
        }
        let mut state = self.folder.state();
        if state.full {
            return Err(CommitError::NoSpace(failure(io::ErrorKind::StorageFull)));
        }
        state.unscrubbed.committed(batch.first(), batch.erased());
        state.batches.push(batch.clone());
        state.head = Some(batch.head().clone());
        if std::mem::take(&mut state.broken) {
            let error = failure(io::ErrorKind::Other);
            self.stopped = Some(error.clone());
            return Err(CommitError::Stopped(error));
        }
        self.head = Some(batch.head().clone());
        Ok(())
    }

    fn unapplied(&mut self) -> Result<Vec<Batch>, StoreError> {
        let mut batches = self.folder.state().batches.clone();
        let erased: Vec<WordRef> =
            batches.iter().flat_map(|batch| batch.erased().to_vec()).collect();
        for batch in &mut batches {
            batch.scrub(&erased);
        }
        Ok(batches)
    }

    fn forgotten(&self) -> u64 {
        self.folder.state().forgotten
    }

    fn forget(&mut self, size: u64) -> Result<(), StoreError> {
        let mut state = self.folder.state();
        if size <= self.head.as_ref().map_or(0, |head| head.size) {
            let size = state.unscrubbed.limit(size);
            state.forgotten = state.forgotten.max(size);
        }
        let forgotten = state.forgotten;
        state.batches.retain(|batch| batch.head().size > forgotten);
        Ok(())
    }

    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError> {
        let mut state = self.folder.state();
        for word in words {
            let ordered = state.batches.iter().any(|batch| batch.erased().contains(word));
            let held = state.batches.iter().any(|batch| holds(batch, word));
            if held && !ordered {
                return Err(ScrubError::NotErased(*word));
            }
        }
        for batch in &mut state.batches {
            batch.scrub(words);
        }
        state.unscrubbed.scrubbed(words);
        Ok(())
    }
}

fn holds(batch: &Batch, word: &WordRef) -> bool {
    let record =
        word.entry.checked_sub(batch.first()).and_then(|at| batch.records().get(at as usize));
    record.is_some_and(|record| record.words.iter().any(|held| held.digest == word.digest))
}

/// The objects of a [`MemoryFolder`].
#[derive(Debug, Clone)]
pub struct MemoryObjects(MemoryFolder);

impl Objects for MemoryObjects {
    fn get(&self, name: ObjectName) -> Result<Option<Bytes>, StoreError> {
        Ok(self.0.state().objects.get(&name).cloned())
    }

    fn put(&self, group: &[(ObjectName, Bytes)]) -> Result<(), PutError> {
        let mut state = self.0.state();
        if state.full {
            return Err(failure(io::ErrorKind::StorageFull).into());
        }
        for (name, bytes) in group {
            let fresh = match state.objects.get(name) {
                Some(old) => may_replace(*name, old, bytes)?,
                None => true,
            };
            if fresh {
                state.objects.insert(*name, bytes.clone());
            }
        }
        Ok(())
    }

    fn bundles(&self) -> Result<u64, StoreError> {
        let state = self.0.state();
        let indices = state.objects.keys().filter_map(|name| match name {
            ObjectName::Entries { index } => Some(index + 1),
            _ => None,
        });
        Ok(indices.max().unwrap_or(0))
    }
}

/// The records of webhooks of a [`MemoryFolder`].
#[derive(Debug, Clone)]
pub struct MemoryEndpoints(MemoryFolder);

impl Endpoints for MemoryEndpoints {
    fn all(&self) -> Result<Vec<(Domain, Vec<u8>)>, StoreError> {
        let state = self.0.state();
        let all = state.endpoints.0.iter();
        Ok(all.map(|(domain, record)| (domain.clone(), record.clone())).collect())
    }

    fn put(&self, domain: &Domain, record: &[u8]) -> Result<(), StoreError> {
        check_length(record, RECORD_BYTES_MAX)?;
        let mut state = self.0.state();
        if state.full {
            return Err(failure(io::ErrorKind::StorageFull));
        }
        state.endpoints.0.insert(domain.clone(), record.to_vec());
        Ok(())
    }
}

fn check_length(record: &[u8], bytes_max: usize) -> Result<(), StoreError> {
    if record.len() <= bytes_max {
        Ok(())
    } else {
        Err(StoreError::too_large("write", Path::new("memory")))
    }
}

/// What a witness keeps. Clones are the same place.
#[derive(Debug, Clone, Default)]
pub struct MemoryWitnessed {
    notes: Arc<Mutex<BTreeMap<Hash, Vec<u8>>>>,
    full: Arc<AtomicBool>,
}

impl MemoryWitnessed {
    /// Makes puts fail for lack of room, or have room again.
    pub fn set_full(&self, full: bool) {
        self.full.store(full, Ordering::Relaxed);
    }
}

impl Witnessed for MemoryWitnessed {
    fn get(&self, log: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.notes.lock().unwrap_or_else(PoisonError::into_inner).get(log).cloned())
    }

    fn put(&self, log: &Hash, note: &[u8]) -> Result<(), StoreError> {
        check_length(note, WITNESSED_BYTES_MAX)?;
        if self.full.load(Ordering::Relaxed) {
            return Err(failure(io::ErrorKind::StorageFull));
        }
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).insert(*log, note.to_vec());
        Ok(())
    }
}

/// The index of a [`MemoryFolder`].
#[derive(Debug, Clone)]
pub struct MemoryIndex(MemoryFolder);

impl Index for MemoryIndex {
    fn position(&self) -> Result<Option<Position>, IndexError> {
        Ok(self.0.state().index.position)
    }

    fn apply(&self, entries: &[Indexed], position: Position) -> Result<(), IndexError> {
        let index = &mut self.0.state().index;
        for entry in entries {
            index.ids.entry(*entry.id.as_bytes()).or_insert(entry.index);
            for (chain, seq) in &entry.chains {
                let newest = index.chains.entry(*chain).or_insert((entry.index, *seq));
                *newest = (*newest).max((entry.index, *seq));
            }
            index.lists.extend(entry.lists.iter().map(|list| (*list, entry.index)));
            for word in &entry.revealed {
                index.words.entry(*word).or_default().revealed.get_or_insert(entry.index);
            }
            for word in &entry.erased {
                index.words.entry(*word).or_default().erased.get_or_insert(entry.index);
            }
            for (word, withheld) in &entry.moderated {
                let events = index.words.entry(*word).or_default();
                events.moderated = events.moderated.max(Some((entry.index, *withheld)));
            }
        }
        if index.position.is_none_or(|before| before.size <= position.size) {
            index.position = Some(position);
        }
        Ok(())
    }

    fn find(&self, id: &crate::crypto::Hash) -> Result<Option<u64>, IndexError> {
        Ok(self.0.state().index.ids.get(id.as_bytes()).copied())
    }

    fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError> {
        let newest = self.0.state().index.chains.get(chain).copied();
        Ok(newest.map(|(index, seq)| ChainLink { index, seq }))
    }

    fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError> {
        let state = self.0.state();
        let listed = state.index.lists.range((*list, 0)..(*list, before)).rev();
        Ok(listed.take(count).map(|(_, index)| *index).collect())
    }

    fn words(&self, word: &WordRef) -> Result<WordEvents, IndexError> {
        Ok(self.0.state().index.words.get(word).copied().unwrap_or_default())
    }

    fn clear(&self) -> Result<(), IndexError> {
        self.0.state().index = IndexState::default();
        Ok(())
    }
}
