//! What readers may see: everything up to one published checkpoint, and nothing beyond it.

use std::sync::Arc;

use bytes::Bytes;

use super::facts::word_state;
use super::lookup::{Lookup, LookupError};
use super::memory::Published;
use super::shown::{Decision, EntryView, OrganizationView, Page, ThreadView, WordView};
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::ledger::WordState;
use crate::statement::membership::Outline;
use crate::statement::{Statement, StatementId};
use crate::store::{Chain, List, ObjectName, WordRef};
use crate::tlog::{
    Nodes, TILE_HEIGHT, TILE_WIDTH, TileKind, TilePath, encode_bundle, encode_hashes, parse_bundle,
};

/// The ledger as of one checkpoint.
#[derive(Clone)]
pub struct View {
    lookup: Arc<Lookup>,
    published: Arc<Published>,
}

impl View {
    /// The ledger as of that checkpoint.
    pub fn new(lookup: Arc<Lookup>, published: Arc<Published>) -> Self {
        Self { lookup, published }
    }

    pub(super) fn lookup(&self) -> &Lookup {
        &self.lookup
    }

    pub(super) fn published(&self) -> &Arc<Published> {
        &self.published
    }

    /// Entries there are.
    pub fn size(&self) -> u64 {
        self.published.size()
    }

    /// The tree's root.
    pub fn root(&self) -> Hash {
        self.published.root()
    }

    /// The time of the newest entry.
    pub fn as_of(&self) -> Moment {
        self.published.as_of
    }

    /// The checkpoint, a signed note.
    pub fn checkpoint(&self) -> Bytes {
        self.published.note.clone()
    }

    /// A tile of hashes or a bundle of entries, full or partial; nothing beyond the checkpoint.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn tile(&self, path: &TilePath) -> Result<Option<Bytes>, LookupError> {
        if !path.fits(self.size()) {
            return Ok(None);
        }
        match path.kind() {
            TileKind::Entries => self.bundle_tile(path).map(Some),
            TileKind::Hashes { level } => self.hash_tile(path, level).map(Some),
        }
    }

    fn hash_tile(&self, path: &TilePath, level: u8) -> Result<Bytes, LookupError> {
        let width = usize::from(path.width());
        if let Some(full) = self.lookup.object(ObjectName::Tile { level, index: path.index() })? {
            return Ok(full.slice(..width * size_of::<Hash>()));
        }
        let hashes = (path.first()..).take(width);
        let hashes = hashes.map(|index| self.lookup.node(level * TILE_HEIGHT, index));
        Ok(encode_hashes(&hashes.collect::<Result<Vec<_>, _>>()?).into())
    }

    fn bundle_tile(&self, path: &TilePath) -> Result<Bytes, LookupError> {
        let width = usize::from(path.width());
        let name = ObjectName::Entries { index: path.index() };
        let held = self.lookup.memory().entries(path.first(), width);
        if held.len() == width {
            let leaves: Vec<_> = held.iter().map(|kept| kept.leaf.as_ref()).collect();
            let bundle = encode_bundle(&leaves);
            return bundle.map(Bytes::from).map_err(|_| LookupError::Missing(name));
        }
        let full = self.lookup.object(name)?.ok_or(LookupError::Missing(name))?;
        if path.is_full() {
            return Ok(full);
        }
        let leaves = parse_bundle(&full, TILE_WIDTH)
            .map_err(|error| LookupError::BadTile { name, error })?;
        let bytes: usize = leaves.iter().take(width).map(|leaf| leaf.len() + 2).sum();
        Ok(full.slice(..bytes))
    }

    /// An entry; nothing beyond the checkpoint.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn entry(&self, index: u64) -> Result<Option<EntryView>, LookupError> {
        let Some(leaf) = self.leaf(index)? else { return Ok(None) };
        let entry = Entry::parse(&leaf).map_err(|error| LookupError::BadLeaf { index, error })?;
        let payload = entry.envelope.payload();
        let withheld = self.withheld(&WordRef::entry_itself(index))?;
        let mut words = match Statement::read(payload) {
            Ok(statement) => self.words(index, &statement, withheld.is_some())?,
            Err(_) => Vec::new(),
        };
        if let Some(decision) = &withheld {
            words.iter_mut().for_each(|word| word.withhold(decision));
        }
        let thread = match Outline::read(payload) {
            Some(_) => self.lookup.thread_of_entry(entry.clone())?,
            None => None,
        };
        let imported_from = self.imported_from(thread)?;
        let leaf_hash = self.lookup.leaf_hash(index)?;
        Ok(Some(EntryView { leaf, leaf_hash, entry, words, thread, imported_from, withheld }))
    }

    /// Where the agreement of a thread was imported from: then those who signed there are no party.
    fn imported_from(&self, thread: Option<StatementId>) -> Result<Option<Domain>, LookupError> {
        let Some(id) = thread else { return Ok(None) };
        let Some(index) = self.lookup.find(&id)? else { return Ok(None) };
        Ok(self.lookup.statement(index)?.fields().domain("imported_from").cloned())
    }

    pub(super) fn leaf(&self, index: u64) -> Result<Option<Bytes>, LookupError> {
        if index < self.size() { self.lookup.leaf(index) } else { Ok(None) }
    }

    /// Its words. With an entry that is withheld whole, words are withheld that a mirror has not yet been shown.
    fn words(
        &self,
        index: u64,
        statement: &Statement,
        is_withheld: bool,
    ) -> Result<Vec<WordView>, LookupError> {
        let own = self.lookup.words_held(index)?;
        let mut words = Vec::with_capacity(statement.digests().len());
        for digest in statement.digests() {
            let sealed = statement.sealed().iter().find(|(_, sealed)| sealed == digest);
            let first = sealed.map_or(WordState::Public { held_by: index }, |_| WordState::Sealed);
            let place = WordRef { entry: index, digest: *digest };
            let state = match word_state(place, first, &self.lookup)? {
                WordState::Public { held_by } if is_withheld => WordState::Withheld { held_by },
                state => state,
            };
            let held = match state {
                WordState::Public { held_by } | WordState::Withheld { held_by } => {
                    let others = (held_by != index).then(|| self.lookup.words_held(held_by));
                    let others = others.transpose()?;
                    let held = others.as_ref().unwrap_or(&own).iter();
                    held.clone()
                        .find(|word| word.digest == *digest)
                        .map(|w| w.disclosure.to_string())
                }
                _ => None,
            };
            let name = sealed.map(|(name, _)| name.clone());
            let mut word = WordView::new(*digest, name, state, held);
            if let (WordState::Withheld { .. }, Some(decision)) = (state, self.withheld(&place)?) {
                word.withhold(&decision);
            }
            words.push(word);
        }
        Ok(words)
    }

    /// The decision by which a word or an entry is withheld now.
    fn withheld(&self, place: &WordRef) -> Result<Option<Decision>, LookupError> {
        let Some((index, true)) = self.lookup.word_events(place)?.moderated else {
            return Ok(None);
        };
        let statement = self.lookup.statement(index)?;
        let text = |name| statement.fields().text(name).unwrap_or_default().to_owned();
        Ok(Some(Decision {
            index,
            leaf_hash: self.lookup.leaf_hash(index)?,
            time: self.lookup.entry(index)?.time,
            ground: text("ground"),
            source: text("source"),
        }))
    }

    /// The entry of a statement.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(&self, id: &StatementId) -> Result<Option<u64>, LookupError> {
        Ok(self.lookup.find(id)?.filter(|index| *index < self.size()))
    }

    /// The newest policy. None while it is one that this checkpoint does not cover.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn policy(&self) -> Result<Option<EntryView>, LookupError> {
        let newest = self.lookup.policy()?;
        newest.map_or(Ok(None), |index| self.entry(index))
    }

    /// The entry that named the log's keys last. None while it is one that this checkpoint does not cover.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn log_keys(&self) -> Result<Option<u64>, LookupError> {
        self.lookup.newest_listed(&List::log_keys(), self.size())
    }

    /// The newest entries, or those from the cursor's index on, newest first.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn newest(&self, cursor: Option<u64>, limit: usize) -> Result<Page, LookupError> {
        let end = cursor.map_or(self.size(), |cursor| cursor.saturating_add(1).min(self.size()));
        let indices: Vec<u64> = (0..end).rev().take(limit).collect();
        let next = indices.last().and_then(|index| index.checked_sub(1));
        self.page(&indices, next)
    }

    pub(super) fn page(&self, indices: &[u64], next: Option<u64>) -> Result<Page, LookupError> {
        let mut entries = Vec::with_capacity(indices.len());
        for index in indices {
            entries.extend(self.entry(*index)?);
        }
        Ok(Page { entries, next })
    }

    /// Notices and the operator's decisions, newest first, or those from the cursor's on.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn moderation(&self, cursor: Option<u64>, limit: usize) -> Result<Page, LookupError> {
        let before = cursor.map_or(self.size(), |cursor| cursor.saturating_add(1).min(self.size()));
        let mut indices = self.lookup.listed(&List::moderation(), before, limit + 1)?;
        let next = indices.get(limit).copied();
        indices.truncate(limit);
        self.page(&indices, next)
    }

    /// Walks a chain from its newest entry, or from the cursor's, back: up to `limit` indices, and the one
    /// that follows them. `link` tells the entry before.
    fn walk(
        &self,
        from: u64,
        limit: usize,
        before: impl Fn(&Entry) -> Option<u64>,
    ) -> Result<(Vec<u64>, Option<u64>), LookupError> {
        let mut indices = Vec::new();
        let mut next = Some(from);
        while let Some(index) = next.filter(|_| indices.len() < limit) {
            let older = before(&self.lookup.entry(index)?);
            if older.is_some_and(|older| older >= index) {
                return Err(LookupError::Inconsistent {
                    index,
                    what: "a chain does not lead back",
                });
            }
            if index < self.size() {
                indices.push(index);
            }
            next = older;
        }
        Ok((indices, next))
    }

    /// A thread and the newest of its entries, or the newest from the cursor's on. A cursor that is no
    /// entry of it gives nothing.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn thread(
        &self,
        id: &StatementId,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Option<ThreadView>, LookupError> {
        let Some(index) = self.find(id)? else { return Ok(None) };
        let opening = self.lookup.entry(index)?;
        if Statement::read(opening.envelope.payload()).is_ok_and(|s| s.kind().name != "agreement") {
            return Ok(None);
        }
        let newest = self.lookup.newest(&Chain::thread(id.as_hash()))?;
        let from = cursor.unwrap_or_else(|| newest.map_or(index, |link| link.index));
        if cursor.is_some() && (from >= self.size() || self.lookup.thread_of(from)? != Some(*id)) {
            return Ok(None);
        }
        let before = |entry: &Entry| entry.links.thread?.before().map(|(index, _)| index);
        let (indices, next) = self.walk(from, limit, before)?;
        let mut entries = self.page(&indices, None)?.entries;
        entries.reverse();
        let links = opening.links;
        Ok(Some(ThreadView {
            id: *id,
            index,
            subjects: links.subjects.into_iter().map(|(domain, _)| domain).collect(),
            signers: links.signers.into_iter().map(|(signer, _)| signer).collect(),
            entries,
            next,
        }))
    }

    /// An organization that any entry names.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn organization(&self, domain: &Domain) -> Result<Option<OrganizationView>, LookupError> {
        let Some(newest) = self.newest_about(domain)? else { return Ok(None) };
        let entry = self.lookup.entry(newest)?;
        let link = entry.links.subjects.iter().find(|(subject, _)| subject == domain);
        let seq = link.map_or(0, |(_, link)| link.seq());
        let hash = self.lookup.leaf_hash(newest)?;
        let newest = (newest, seq, hash);
        Ok(Some(OrganizationView { domain: domain.clone(), entries_total: seq + 1, newest }))
    }

    fn newest_about(&self, domain: &Domain) -> Result<Option<u64>, LookupError> {
        let Some(link) = self.lookup.newest(&Chain::subject(domain.as_str()))? else {
            return Ok(None);
        };
        let (indices, _) = self.walk(link.index, 1, |entry| before_about(entry, domain))?;
        Ok(indices.first().copied())
    }

    /// The entries about an organization, newest first. A cursor that is no entry about it gives nothing.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn organization_entries(
        &self,
        domain: &Domain,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Option<Page>, LookupError> {
        let from = match cursor {
            None => self.newest_about(domain)?,
            Some(cursor) if cursor >= self.size() => None,
            Some(cursor) => {
                let entry = self.lookup.entry(cursor)?;
                let about = entry.links.subjects.iter().any(|(subject, _)| subject == domain);
                about.then_some(cursor)
            }
        };
        let Some(from) = from else { return Ok(None) };
        let (indices, next) = self.walk(from, limit, |entry| before_about(entry, domain))?;
        self.page(&indices, next).map(Some)
    }
}

/// The entry before this one in the chain of a domain.
pub(super) fn before_about(entry: &Entry, domain: &Domain) -> Option<u64> {
    let link = entry.links.subjects.iter().find(|(subject, _)| subject == domain);
    link?.1.before().map(|(index, _)| index)
}
