//! Reading the ledger: memory first, then objects and index. Everything here is as of the newest commit; what
//! may be shown to whom, `view` decides.

mod error;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use bytes::Bytes;
use lru::LruCache;

pub use error::LookupError;

use super::live::Live;
use super::memory::Memory;
use super::search::Search;
use super::threads::Gathered;
use crate::crypto::Hash;
use crate::entry::Entry;
use crate::statement::membership::Outline;
use crate::statement::{Statement, StatementId};
use crate::store::{
    BUNDLE_LENGTH, Chain, ChainLink, Index, List, ObjectName, Objects, Pack, Word, WordEvents,
    WordRef,
};
use crate::tlog::{Nodes, TILE_HEIGHT, TILE_WIDTH, TileTree, leaf_hash, node_hash, parse_bundle};

/// Parsed hash tiles kept: 16 KiB each.
const TREES: NonZeroUsize = NonZeroUsize::new(1024).unwrap();
/// Objects kept as bytes. A bundle of entries of 3 KiB has 800 KB.
const OBJECTS: NonZeroUsize = NonZeroUsize::new(64).unwrap();
/// Packs of words kept.
const PACKS: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// Everything there is to read from.
pub struct Lookup {
    memory: Arc<Memory>,
    objects: Arc<dyn Objects>,
    index: OnceLock<Arc<dyn Index>>,
    trees: Mutex<LruCache<ObjectName, Arc<TileTree>>>,
    bytes: Mutex<LruCache<ObjectName, Bytes>>,
    packs: Mutex<LruCache<ObjectName, Arc<Pack>>>,
    /// Counts erasures, so that a pack read before one is not kept after it.
    erasures: AtomicU64,
    search: Search,
    live: Live,
    gathered: Gathered,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lookup {
    /// Reads from these; the index comes later, by [`Lookup::set_index`].
    pub fn new(memory: Arc<Memory>, objects: Arc<dyn Objects>) -> Self {
        Self {
            memory,
            objects,
            index: OnceLock::new(),
            trees: Mutex::new(LruCache::new(TREES)),
            bytes: Mutex::new(LruCache::new(OBJECTS)),
            packs: Mutex::new(LruCache::new(PACKS)),
            erasures: AtomicU64::new(0),
            search: Search::default(),
            live: Live::default(),
            gathered: Gathered::default(),
        }
    }

    /// The newest entries.
    pub fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    /// The objects.
    pub fn objects(&self) -> &Arc<dyn Objects> {
        &self.objects
    }

    /// What can be searched.
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// The newest entries as they are sent to whoever follows.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// What was gathered of threads and policies.
    pub fn gathered(&self) -> &Gathered {
        &self.gathered
    }

    /// The index, once it covers everything left of memory. A second call changes nothing.
    pub fn set_index(&self, index: Arc<dyn Index>) {
        self.index.get_or_init(|| index);
    }

    /// The index.
    ///
    /// # Errors
    /// [`LookupError::IndexBuilding`] until there is one.
    pub fn index(&self) -> Result<&Arc<dyn Index>, LookupError> {
        self.index.get().ok_or(LookupError::IndexBuilding)
    }

    /// The entry of a statement.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(&self, id: &StatementId) -> Result<Option<u64>, LookupError> {
        let index = self.index()?;
        match self.memory.find(id.as_hash()) {
            Some(found) => Ok(Some(found)),
            None => Ok(index.find(id.as_hash())?),
        }
    }

    /// The newest entry of a chain.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, LookupError> {
        let index = self.index()?;
        match self.memory.newest(chain) {
            Some(link) => Ok(Some(link)),
            None => Ok(index.newest(chain)?),
        }
    }

    /// The newest entries of a list that are before `before`, newest first, at most `count`.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, LookupError> {
        let index = self.index()?;
        let mut listed = self.memory.listed(list, before, count);
        let older = listed.last().copied().unwrap_or(before);
        listed.extend(index.listed(list, older, count - listed.len())?);
        Ok(listed)
    }

    /// The newest entry of a list that is before `before`.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn newest_listed(&self, list: &List, before: u64) -> Result<Option<u64>, LookupError> {
        Ok(self.listed(list, before, 1)?.first().copied())
    }

    /// The newest policy.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn policy(&self) -> Result<Option<u64>, LookupError> {
        self.newest_listed(&List::policies(), u64::MAX)
    }

    /// What happened to a word since its statement was logged. `word.entry` is the statement's entry.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn word_events(&self, word: &WordRef) -> Result<WordEvents, LookupError> {
        let index = self.index()?;
        let newer = self.memory.words(word).unwrap_or_default();
        let older = index.words(word)?;
        Ok(WordEvents {
            revealed: newer.revealed.or(older.revealed),
            erased: newer.erased.or(older.erased),
            moderated: newer.moderated.or(older.moderated),
        })
    }

    /// The leaf of an entry, checked against the tree; nothing beyond the head.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn leaf(&self, index: u64) -> Result<Option<Bytes>, LookupError> {
        if let Some(leaf) = self.memory.leaf(index) {
            return Ok(Some(leaf));
        }
        let name = ObjectName::Entries { index: index / BUNDLE_LENGTH };
        let Some(bundle) = self.object(name)? else { return Ok(None) };
        let leaves = parse_bundle(&bundle, TILE_WIDTH)
            .map_err(|error| LookupError::BadTile { name, error })?;
        let leaf =
            leaves.get((index % BUNDLE_LENGTH) as usize).ok_or(LookupError::Missing(name))?;
        if leaf_hash(leaf) != self.leaf_hash(index)? {
            return Err(LookupError::Changed(name));
        }
        Ok(Some(bundle.slice_ref(leaf)))
    }

    /// The entry that must be there.
    ///
    /// # Errors
    /// [`LookupError`], also when there is none.
    pub fn entry(&self, index: u64) -> Result<Entry, LookupError> {
        let missing = LookupError::Missing(ObjectName::Entries { index: index / BUNDLE_LENGTH });
        let leaf = self.leaf(index)?.ok_or(missing)?;
        Entry::parse(&leaf).map_err(|error| LookupError::BadLeaf { index, error })
    }

    /// The statement of an entry that must be there and of a kind that is known.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn statement(&self, index: u64) -> Result<Statement, LookupError> {
        let entry = self.entry(index)?;
        Statement::read(entry.envelope.payload()).map_err(|_| unreadable(index))
    }

    /// The thread that the entry with this index belongs to.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn thread_of(&self, index: u64) -> Result<Option<StatementId>, LookupError> {
        self.thread_of_entry(self.entry(index)?)
    }

    /// The thread an entry belongs to: the one it opens or names, or that of the entry it is about.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn thread_of_entry(&self, mut entry: Entry) -> Result<Option<StatementId>, LookupError> {
        // Each entry that another is about is older, so the walk ends.
        loop {
            let index = entry.index;
            let outline =
                Outline::read(entry.envelope.payload()).ok_or_else(|| unreadable(index))?;
            let membership = outline.membership();
            if membership.opens_thread {
                return Ok(Some(entry.envelope.id()));
            }
            let (None, Some(re)) = (membership.thread, membership.re) else {
                return Ok(membership.thread);
            };
            entry = match self.find(&re)? {
                Some(older) if older < index => self.entry(older)?,
                _ => return Err(LookupError::Inconsistent { index, what: "`re` is not older" }),
            };
        }
    }

    /// The leaf hash of an entry that must be there.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn leaf_hash(&self, index: u64) -> Result<Hash, LookupError> {
        if let Some(hash) = self.memory.node(0, index) {
            return Ok(hash);
        }
        let name = ObjectName::Tile { level: 0, index: index / BUNDLE_LENGTH };
        let place = (index % BUNDLE_LENGTH) as usize;
        let kept = lock(&self.trees).get(&name).and_then(|tree| tree.node(0, place));
        if let Some(hash) = kept {
            return Ok(hash);
        }
        // A tree of the tile would cost 255 hashes, of which this needs none.
        let Some(bytes) = self.objects.get(name)? else { return self.node(0, index) };
        let (hashes, _) = bytes.as_chunks();
        hashes.get(place).map(|bytes| Hash::from_bytes(*bytes)).ok_or(LookupError::Missing(name))
    }

    /// The words held with an entry.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn words_held(&self, index: u64) -> Result<Vec<Word>, LookupError> {
        if let Some(kept) = self.memory.entry(index) {
            return Ok(kept.words);
        }
        Ok(self.pack(index / BUNDLE_LENGTH)?.words_of(index).collect())
    }

    fn pack(&self, number: u64) -> Result<Arc<Pack>, LookupError> {
        let name = ObjectName::Words { index: number };
        if let Some(pack) = lock(&self.packs).get(&name) {
            return Ok(pack.clone());
        }
        let before = self.erasures.load(Ordering::SeqCst);
        let bytes = self.objects.get(name)?.ok_or(LookupError::Missing(name))?;
        let pack = Pack::decode(&bytes).map_err(|error| LookupError::BadPack { name, error })?;
        let pack = Arc::new(pack);
        let mut packs = lock(&self.packs);
        if self.erasures.load(Ordering::SeqCst) == before {
            packs.put(name, pack.clone());
        }
        Ok(pack)
    }

    /// Forgets the packs held in memory, because words of theirs are being erased.
    pub fn forget_packs(&self) {
        let mut packs = lock(&self.packs);
        self.erasures.fetch_add(1, Ordering::SeqCst);
        packs.clear();
    }

    /// A full tile or bundle, as bytes.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn object(&self, name: ObjectName) -> Result<Option<Bytes>, LookupError> {
        if let Some(bytes) = lock(&self.bytes).get(&name) {
            return Ok(Some(bytes.clone()));
        }
        let Some(bytes) = self.objects.get(name)? else { return Ok(None) };
        lock(&self.bytes).put(name, bytes.clone());
        Ok(Some(bytes))
    }

    fn tree(&self, name: ObjectName) -> Result<Option<Arc<TileTree>>, LookupError> {
        if let Some(tree) = lock(&self.trees).get(&name) {
            return Ok(Some(tree.clone()));
        }
        let Some(bytes) = self.objects.get(name)? else { return Ok(None) };
        let tree = TileTree::parse(&bytes, TILE_WIDTH)
            .map_err(|error| LookupError::BadTile { name, error })?;
        let tree = Arc::new(tree);
        lock(&self.trees).put(name, tree.clone());
        Ok(Some(tree))
    }
}

fn unreadable(index: u64) -> LookupError {
    LookupError::Inconsistent { index, what: "its payload cannot be read" }
}

impl Nodes for Lookup {
    type Error = LookupError;

    /// From memory, or from a full tile, or from the nodes below while the tile is not full.
    fn node(&self, level: u8, index: u64) -> Result<Hash, LookupError> {
        if let Some(node) = self.memory.node(level, index) {
            return Ok(node);
        }
        let (tile, height) = (level / TILE_HEIGHT, level % TILE_HEIGHT);
        let per_tile = TILE_HEIGHT - height;
        let name = ObjectName::Tile { level: tile, index: index >> per_tile };
        if let Some(tree) = self.tree(name)? {
            let place = index & ((1 << per_tile) - 1);
            return tree.node(height, place as usize).ok_or(LookupError::Missing(name));
        }
        if level == 0 {
            // The entry may have left memory for the objects since they were asked.
            return self.memory.node(level, index).ok_or(LookupError::Missing(name));
        }
        if height == 0 {
            let below = ObjectName::Tile { level: tile - 1, index };
            let tree = self.tree(below)?.ok_or(LookupError::Missing(below))?;
            return tree.root().ok_or(LookupError::Missing(below));
        }
        Ok(node_hash(&self.node(level - 1, 2 * index)?, &self.node(level - 1, 2 * index + 1)?))
    }
}
