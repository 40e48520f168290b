//! Moves committed entries from memory to where they stay: full bundles, their packs and the tiles they
//! complete to the objects, and what is found by name to the index. Lazily: readers see all of it from memory
//! until then, and the journal gives it back after a crash.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use fail::fail_point;

use super::erase::PackLock;
use super::lookup::{Lookup, LookupError};
use super::memory::Kept;
use super::reindex::{ReindexError, catch_up};
use crate::store::{
    APPLY_MAX, BUNDLE_LENGTH, BadPack, IndexError, Journal, ObjectName, Pack, Position, PutError,
    StoreError,
};
use crate::tlog::{
    EntryTooLong, Nodes, TILE_HEIGHT, TILE_WIDTH, encode_bundle, encode_hashes, root,
};

/// Bundles put at once, so that their folders are synced once: at most 4,096 entries.
const BUNDLES_MAX: u64 = 16;
const BUNDLE_ENTRIES: usize = BUNDLE_LENGTH as usize;

/// Why entries could not be applied. They stay in memory and journal; trying again later is all there is to do.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApplyError {
    /// The objects did not take them.
    #[error(transparent)]
    Put(#[from] PutError),
    /// The index did not take them.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The journal could not forget them.
    #[error(transparent)]
    Journal(#[from] StoreError),
    /// The index lost entries and could not be caught up.
    #[error(transparent)]
    Reindex(#[from] ReindexError),
    /// What stands left of them could not be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// Words do not make a pack.
    #[error(transparent)]
    Pack(#[from] BadPack),
    /// An entry does not fit into a bundle.
    #[error(transparent)]
    Entry(#[from] EntryTooLong),
}

/// Moves entries, one step at a time, on a thread of its own.
pub struct Applier {
    lookup: Arc<Lookup>,
    journal: Arc<Mutex<Box<dyn Journal>>>,
    packs: Arc<PackLock>,
}

impl Applier {
    /// Moves what is in the memory of this lookup.
    pub fn new(
        lookup: Arc<Lookup>,
        journal: Arc<Mutex<Box<dyn Journal>>>,
        packs: Arc<PackLock>,
    ) -> Self {
        Self { lookup, journal, packs }
    }

    /// Moves a bounded part of what waits. Whether there was anything to move.
    ///
    /// # Errors
    /// [`ApplyError`]; nothing is lost, and the step may be taken again.
    pub fn step(&mut self) -> Result<bool, ApplyError> {
        let indexed = self.index()?;
        let moved = self.move_bundles()?;
        Ok(indexed || moved)
    }

    fn index(&self) -> Result<bool, ApplyError> {
        let memory = self.lookup.memory();
        // Until the index is built there is nothing to add to it; objects are moved meanwhile.
        let Ok(index) = self.lookup.index() else { return Ok(false) };
        let index = index.as_ref();
        let pending = memory.pending(APPLY_MAX);
        let published = memory.published().map_or(0, |published| published.size());
        // An index that failed meanwhile may have lost entries that memory no longer has.
        catch_up(&self.lookup, index, pending.first().map_or(published, |first| first.index))?;
        let Some(last) = pending.last() else { return Ok(false) };
        let size = last.index + 1;
        let position = Position { size, root: root(size, self.lookup.as_ref())? };
        index.apply(&pending, position)?;
        memory.indexed(size);
        Ok(true)
    }

    fn move_bundles(&self) -> Result<bool, ApplyError> {
        // A word erased between reading memory and writing its pack would stay in the pack.
        let Some(size) = self.packs.alone(|| self.put_bundles())? else { return Ok(false) };
        fail_point!("apply.put");
        self.journal.lock().unwrap_or_else(PoisonError::into_inner).forget(size)?;
        fail_point!("apply.forgotten");
        self.lookup.memory().forget(size);
        Ok(true)
    }

    /// Puts what is complete. Returns the size that objects hold now, if there was anything.
    fn put_bundles(&self) -> Result<Option<u64>, ApplyError> {
        let memory = self.lookup.memory();
        let base = memory.base();
        let kept = memory.entries(base, BUNDLES_MAX as usize * BUNDLE_ENTRIES);
        let (bundles, _) = kept.as_chunks::<BUNDLE_ENTRIES>();
        if bundles.is_empty() {
            return Ok(None);
        }
        let mut group = Vec::new();
        for (number, bundle) in (base / BUNDLE_LENGTH..).zip(bundles) {
            add_bundle(number, bundle, &mut group)?;
            add_higher_tiles(number, &self.lookup, &mut group)?;
        }
        self.lookup.objects().put(&group)?;
        Ok(Some(base + bundles.len() as u64 * BUNDLE_LENGTH))
    }
}

/// The pack, the tile and the bundle of 256 entries. The bundle comes last: it is what tells that all are there.
fn add_bundle(
    number: u64,
    bundle: &[Kept],
    group: &mut Vec<(ObjectName, Bytes)>,
) -> Result<(), ApplyError> {
    let first = number * BUNDLE_LENGTH;
    let words = (first..).zip(bundle);
    let words =
        words.flat_map(|(entry, kept)| kept.words.iter().map(move |word| (entry, word.clone())));
    let pack = Pack::new(number, words)?;
    let hashes: Vec<_> = bundle.iter().map(|kept| kept.hash).collect();
    let leaves = encode_bundle(bundle.iter().map(|kept| &kept.leaf))?;
    group.push((ObjectName::Words { index: number }, pack.encode().into()));
    group.push((ObjectName::Tile { level: 0, index: number }, encode_hashes(&hashes).into()));
    group.push((ObjectName::Entries { index: number }, leaves.into()));
    Ok(())
}

/// The tiles further up that are complete with this tile of leaf hashes.
fn add_higher_tiles(
    number: u64,
    lookup: &Lookup,
    group: &mut Vec<(ObjectName, Bytes)>,
) -> Result<(), ApplyError> {
    let width = u64::from(TILE_WIDTH);
    let mut below = number;
    for level in 1.. {
        if !(below + 1).is_multiple_of(width) {
            break;
        }
        let index = below / width;
        let nodes = index * width..(index + 1) * width;
        let hashes: Result<Vec<_>, _> =
            nodes.map(|node| lookup.node(level * TILE_HEIGHT, node)).collect();
        group.push((ObjectName::Tile { level, index }, encode_hashes(&hashes?).into()));
        below = index;
    }
    Ok(())
}
