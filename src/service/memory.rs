//! The newest entries, held in memory until objects and index have them. Readers look here first; nothing in
//! it is lost with the process, because the journal has it all.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use tokio::sync::watch;

use crate::crypto::Hash;
use crate::encoding::time::Moment;
use crate::store::{Chain, ChainLink, Indexed, List, Word, WordEvents, WordRef};
use crate::tlog::{Recent, SignedCheckpoint};

/// Entries that may wait for the objects before admission waits for them.
pub const ENTRIES_MAX: usize = 65_536;
/// Bytes of leaves and words that may wait.
pub const BYTES_MAX: usize = 128 * 1024 * 1024;

/// The newest published checkpoint.
#[derive(Debug, Clone)]
pub struct Published {
    /// The signed note.
    pub checkpoint: SignedCheckpoint,
    /// Its text, as it is served.
    pub note: Bytes,
    /// The time of its newest entry.
    pub as_of: Moment,
}

impl Published {
    /// A checkpoint whose newest entry has that time.
    pub fn new(checkpoint: SignedCheckpoint, as_of: Moment) -> Self {
        let note = Bytes::from(checkpoint.to_string());
        Self { checkpoint, note, as_of }
    }

    /// Entries it covers.
    pub fn size(&self) -> u64 {
        self.checkpoint.checkpoint().size()
    }

    /// Its root.
    pub fn root(&self) -> Hash {
        *self.checkpoint.checkpoint().root()
    }
}

/// One entry and what is known of it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Its leaf.
    pub leaf: Bytes,
    /// The leaf's hash.
    pub hash: Hash,
    /// The words held with it.
    pub words: Vec<Word>,
}

impl Kept {
    fn bytes(&self) -> usize {
        let words: usize = self.words.iter().map(|word| word.disclosure.len()).sum();
        self.leaf.len() + words
    }
}

/// The memory of a running ledger.
#[derive(Debug)]
pub struct Memory {
    state: RwLock<State>,
    /// The size published, for whoever waits for more.
    size: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    nodes: Recent,
    entries: VecDeque<Kept>,
    bytes: usize,
    published: Option<Arc<Published>>,
    witnessed: Option<Arc<Published>>,
    /// What the index has yet to take, in order.
    pending: VecDeque<Indexed>,
    ids: HashMap<Hash, u64>,
    chains: HashMap<Chain, ChainLink>,
    words: HashMap<WordRef, WordEvents>,
    lists: BTreeSet<(List, u64)>,
}

impl Memory {
    /// The memory of a ledger whose objects hold everything left of the nodes' base.
    pub fn new(nodes: Recent) -> Self {
        let state = RwLock::new(State {
            nodes,
            entries: VecDeque::new(),
            bytes: 0,
            published: None,
            witnessed: None,
            pending: VecDeque::new(),
            ids: HashMap::new(),
            chains: HashMap::new(),
            words: HashMap::new(),
            lists: BTreeSet::new(),
        });
        Self { state, size: watch::Sender::new(0) }
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Appends committed entries and publishes the checkpoint that covers them, in one step for readers.
    /// `indexed` is what the index does not have of them yet.
    pub fn publish(
        &self,
        entries: Vec<Kept>,
        indexed: Vec<Indexed>,
        published: Published,
    ) -> Arc<Published> {
        let published = Arc::new(published);
        let mut state = self.write();
        for kept in entries {
            state.append(kept);
        }
        for indexed in indexed {
            state.overlay(indexed);
        }
        state.published = Some(published.clone());
        drop(state);
        self.size.send_replace(published.size());
        published
    }

    /// The newest checkpoint; nothing before entry 0.
    pub fn published(&self) -> Option<Arc<Published>> {
        self.read().published.clone()
    }

    /// The newest checkpoint that met the quorum of the ledger's policy, with its cosignatures, or where none is asked
    /// for the newest that any witness cosigned. Nothing before the first.
    pub fn witnessed(&self) -> Option<Arc<Published>> {
        self.read().witnessed.clone()
    }

    /// A checkpoint met the quorum, or got another line. An older one than there is changes nothing.
    pub fn witness(&self, witnessed: Published) {
        let mut state = self.write();
        if state.witnessed.as_ref().is_none_or(|before| before.size() <= witnessed.size()) {
            state.witnessed = Some(Arc::new(witnessed));
        }
    }

    /// The size published, as it grows.
    pub fn size(&self) -> watch::Receiver<u64> {
        self.size.subscribe()
    }

    /// The first entry held here: all before it are in the objects.
    pub fn base(&self) -> u64 {
        self.read().nodes.base()
    }

    /// Entries and bytes held here.
    pub fn load(&self) -> (usize, usize) {
        let state = self.read();
        (state.entries.len(), state.bytes)
    }

    /// The entry, if it is held here.
    pub fn entry(&self, index: u64) -> Option<Kept> {
        self.read().entry(index).cloned()
    }

    /// The leaf of an entry, if it is held here.
    pub fn leaf(&self, index: u64) -> Option<Bytes> {
        self.read().entry(index).map(|kept| kept.leaf.clone())
    }

    /// The node, if it is held here.
    pub fn node(&self, level: u8, index: u64) -> Option<Hash> {
        self.read().nodes.get(level, index)
    }

    /// Up to `count` entries from `first` on that are held here; none if the first is not.
    pub fn entries(&self, first: u64, count: usize) -> Vec<Kept> {
        let state = self.read();
        let Some(skip) = first.checked_sub(state.nodes.base()) else { return Vec::new() };
        state.entries.iter().skip(skip as usize).take(count).cloned().collect()
    }

    /// The root at a size from the base to the head.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        Some(self.read().nodes.frontier(size).ok()?.root())
    }

    /// What entries not yet in the index say of an id.
    pub fn find(&self, id: &Hash) -> Option<u64> {
        self.read().ids.get(id).copied()
    }

    /// What entries not yet in the index say of a chain.
    pub fn newest(&self, chain: &Chain) -> Option<ChainLink> {
        self.read().chains.get(chain).copied()
    }

    /// What entries not yet in the index did to a word.
    pub fn words(&self, word: &WordRef) -> Option<WordEvents> {
        self.read().words.get(word).copied()
    }

    /// The newest entries of a list that are before `before` and not yet in the index, newest first.
    pub fn listed(&self, list: &List, before: u64, count: usize) -> Vec<u64> {
        let state = self.read();
        let listed = state.lists.range((*list, 0)..(*list, before)).rev();
        listed.take(count).map(|(_, index)| *index).collect()
    }

    /// What the index has yet to take, at most `count` entries.
    pub fn pending(&self, count: usize) -> Vec<Indexed> {
        self.read().pending.iter().take(count).cloned().collect()
    }

    /// How many entries the index does not have yet.
    pub fn unindexed(&self) -> usize {
        self.read().pending.len()
    }

    /// Entries before `size` are in the index: it answers for them from here on.
    pub fn indexed(&self, size: u64) {
        let mut state = self.write();
        while let Some(indexed) = state.pending.pop_front_if(|indexed| indexed.index < size) {
            state.forget_overlay(&indexed);
        }
    }

    /// Entries before `size` are durable in the objects: forgets them.
    pub fn forget(&self, size: u64) {
        let mut state = self.write();
        let gone = size.saturating_sub(state.nodes.base()).min(state.entries.len() as u64);
        let freed: usize = state.entries.drain(..gone as usize).map(|kept| kept.bytes()).sum();
        state.bytes -= freed;
        state.nodes.drop_left_of(size);
    }

    /// Takes words away that were erased. Whoever calls this holds off the writing of packs.
    pub fn erase(&self, words: &[WordRef]) {
        let mut state = self.write();
        let base = state.nodes.base();
        for word in words {
            let Some(place) = word.entry.checked_sub(base) else { continue };
            if let Some(kept) = state.entries.get_mut(place as usize) {
                let before = kept.bytes();
                kept.words.retain(|held| held.digest != word.digest);
                let freed = before - kept.bytes();
                state.bytes -= freed;
            }
        }
    }
}

impl State {
    fn entry(&self, index: u64) -> Option<&Kept> {
        let place = index.checked_sub(self.nodes.base())?;
        self.entries.get(usize::try_from(place).ok()?)
    }

    fn append(&mut self, kept: Kept) {
        self.nodes.push(kept.hash);
        self.bytes += kept.bytes();
        self.entries.push_back(kept);
    }

    fn overlay(&mut self, indexed: Indexed) {
        let index = indexed.index;
        self.ids.entry(indexed.id).or_insert(index);
        for (chain, seq) in &indexed.chains {
            self.chains.insert(*chain, ChainLink { index, seq: *seq });
        }
        for word in &indexed.revealed {
            self.words.entry(*word).or_default().revealed.get_or_insert(index);
        }
        for word in &indexed.erased {
            self.words.entry(*word).or_default().erased.get_or_insert(index);
        }
        for (word, withheld) in &indexed.moderated {
            self.words.entry(*word).or_default().moderated = Some((index, *withheld));
        }
        self.lists.extend(indexed.lists.iter().map(|list| (*list, index)));
        self.pending.push_back(indexed);
    }

    /// Takes out what the overlay says because of one entry; a newer entry's word stays.
    fn forget_overlay(&mut self, indexed: &Indexed) {
        let index = indexed.index;
        if self.ids.get(&indexed.id) == Some(&index) {
            self.ids.remove(&indexed.id);
        }
        for (chain, _) in &indexed.chains {
            if self.chains.get(chain).is_some_and(|link| link.index == index) {
                self.chains.remove(chain);
            }
        }
        let moderated = indexed.moderated.iter().map(|(word, _)| word);
        for word in indexed.revealed.iter().chain(&indexed.erased).chain(moderated) {
            let Some(events) = self.words.get_mut(word) else { continue };
            events.revealed = events.revealed.filter(|revealed| *revealed != index);
            events.erased = events.erased.filter(|erased| *erased != index);
            events.moderated = events.moderated.filter(|(moderated, _)| *moderated != index);
            if *events == WordEvents::default() {
                self.words.remove(word);
            }
        }
        for list in &indexed.lists {
            self.lists.remove(&(*list, index));
        }
    }
}
