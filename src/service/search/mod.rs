//! Search: the words of public titles, leaf hashes and domains, in memory. It is built from what is stored after every
//! start while everything else is served, follows what is published, and loses a title before its erasure is
//! answered. How a query is read is in `find`; nothing here is written to disk.

mod leaf_hashes;
mod titles;
mod words;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use self::leaf_hashes::LeafHashes;
use self::titles::Titles;
use self::words::words;
use super::lookup::{Lookup, LookupError};
use super::reindex::names_another;
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::entry::{domains_begun, opens_its_thread};
use crate::statement::Disclosure;
use crate::statement::disclosure::is_named;
use crate::store::WordRef;
use crate::tlog::Nodes as _;

/// The word that is searched.
const TITLE: &str = "title";
/// Entries taken in at once. An erasure waits for them, about 10 ms.
const STEP: u64 = 256;

/// What can be searched, up to some entry.
#[derive(Debug, Default)]
pub struct Search {
    tables: RwLock<Tables>,
    /// Entries taken in: all before this. Changed by who holds `changing`.
    taken: AtomicU64,
    /// Whether it has covered a checkpoint since it was last empty.
    is_built: AtomicBool,
    /// Held while entries are taken in or words erased, so that no word is taken in that was erased meanwhile.
    changing: Mutex<()>,
}

#[derive(Debug, Default)]
struct Tables {
    titles: Titles,
    hashes: LeafHashes,
    /// The domains that entries name, each with the first entry of its chain: at most some 100 bytes each.
    domains: BTreeMap<Domain, u64>,
}

/// A title that an entry carries. It may be that of the entry it reveals it for.
struct Title {
    digest: Hash,
    entry: u64,
    words: Vec<String>,
}

/// What one entry adds.
struct Added {
    entry: u64,
    hash: Hash,
    titles: Vec<Title>,
    domains: Vec<Domain>,
}

impl Search {
    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        self.tables.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs while nothing else changes what can be searched.
    fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let _guard = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }

    /// Entries it has.
    pub fn taken(&self) -> u64 {
        self.taken.load(Ordering::SeqCst)
    }

    /// Takes in a bounded part of what is published and not in it yet. Whether there was anything.
    ///
    /// # Errors
    /// [`LookupError`], then nothing was taken in; not for an entry that is damaged, which is left out.
    pub fn follow(&self, lookup: &Lookup) -> Result<bool, LookupError> {
        self.alone(|| {
            let size = lookup.memory().published().map_or(0, |published| published.size());
            let taken = self.taken();
            let end = size.min(taken + STEP);
            let mut added = Vec::with_capacity((end - taken) as usize);
            for entry in taken..end {
                match read_entry(entry, lookup) {
                    Ok(one) => added.push(one),
                    Err(error) if is_damage(&error) => {
                        tracing::error!(%error, entry, "an entry cannot be searched");
                    }
                    Err(error) => return Err(error),
                }
            }
            self.write().take(&added);
            self.taken.store(end, Ordering::SeqCst);
            if end == size {
                self.is_built.store(true, Ordering::SeqCst);
            }
            Ok(end > taken)
        })
    }

    /// Erases these words, each named by the entry that carries it, by `erase`, and forgets their titles.
    /// When this returns, none of them can be found or read here.
    pub fn while_erasing<T>(
        &self,
        words: &[WordRef],
        lookup: &Lookup,
        erase: impl FnOnce() -> T,
    ) -> T {
        self.alone(|| {
            if let Err(error) = self.forget(words, lookup) {
                tracing::warn!(%error, "the search is built anew");
                *self.write() = Tables::default();
                self.is_built.store(false, Ordering::SeqCst);
                self.taken.store(0, Ordering::SeqCst);
            }
            erase()
        })
    }

    fn forget(&self, words: &[WordRef], lookup: &Lookup) -> Result<(), LookupError> {
        for word in words.iter().filter(|word| word.entry < self.taken()) {
            let titles = titles_carried_by(word.entry, lookup)?;
            for title in titles.iter().filter(|title| title.digest == word.digest) {
                self.write().titles.remove(title.entry, &title.words);
            }
        }
        Ok(())
    }

    /// Entries before `end` whose public title has all words of the text, the last of them maybe as the
    /// beginning of a longer one: the newest `limit` of them, newest first.
    ///
    /// # Errors
    /// [`LookupError::SearchBuilding`], and others of [`LookupError`] when `end` is not reached yet.
    pub fn titles(
        &self,
        text: &str,
        end: u64,
        limit: usize,
        lookup: &Lookup,
    ) -> Result<Vec<u64>, LookupError> {
        self.reach(end, lookup)?;
        Ok(self.read().titles.find(&words(text), end, limit))
    }

    /// The entry before `end` whose leaf hash begins with these bytes, 16 at least.
    ///
    /// # Errors
    /// As [`Search::titles`].
    pub fn leaf_hash(
        &self,
        first: &[u8; 16],
        rest: &[u8],
        end: u64,
        lookup: &Lookup,
    ) -> Result<Option<u64>, LookupError> {
        self.reach(end, lookup)?;
        let candidates = self.read().hashes.candidates(first);
        for entry in candidates.into_iter().filter(|entry| *entry < end) {
            let hash = lookup.leaf_hash(entry)?;
            let (front, back) = hash.as_bytes().split_at(first.len());
            if front == first && back.starts_with(rest) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// The domains that entries before `end` name, from this one on, ascending: the first `limit` of them.
    ///
    /// # Errors
    /// As [`Search::titles`].
    pub fn domains(
        &self,
        from: Option<&Domain>,
        end: u64,
        limit: usize,
        lookup: &Lookup,
    ) -> Result<Vec<Domain>, LookupError> {
        self.reach(end, lookup)?;
        let tables = self.read();
        let from = from.map_or(Bound::Unbounded, Bound::Included);
        let known = tables.domains.range::<Domain, _>((from, Bound::Unbounded));
        let known = known.filter(|(_, first)| **first < end).map(|(domain, _)| domain);
        Ok(known.take(limit).cloned().collect())
    }

    /// Takes in what is missing up to `end`. Once it is built that is what was published in the last moment.
    fn reach(&self, end: u64, lookup: &Lookup) -> Result<(), LookupError> {
        while self.taken() < end {
            if !self.is_built.load(Ordering::SeqCst) {
                return Err(LookupError::SearchBuilding { done: self.taken(), of: end });
            }
            self.follow(lookup)?;
        }
        Ok(())
    }
}

impl Tables {
    fn take(&mut self, added: &[Added]) {
        for Added { entry, hash, titles, domains } in added {
            self.hashes.insert(hash, *entry);
            for domain in domains {
                self.domains.entry(domain.clone()).or_insert(*entry);
            }
            titles.iter().for_each(|title| self.titles.insert(title.entry, &title.words));
        }
    }
}

fn read_entry(entry: u64, lookup: &Lookup) -> Result<Added, LookupError> {
    let leaf = lookup.leaf(entry)?;
    let domains = leaf.map(|leaf| domains_begun(&leaf)).unwrap_or_default();
    let (hash, titles) = (lookup.node(0, entry)?, titles_carried_by(entry, lookup)?);
    Ok(Added { entry, hash, titles, domains })
}

/// The public titles that an entry carries: its own, or those it reveals.
fn titles_carried_by(carrier: u64, lookup: &Lookup) -> Result<Vec<Title>, LookupError> {
    let held = lookup.words_held(carrier)?;
    let titles = held.iter().filter(|word| is_named(&word.disclosure, TITLE));
    let titles: Vec<Disclosure> =
        titles.filter_map(|word| Disclosure::parse(&word.disclosure).ok()).collect();
    if titles.is_empty() {
        return Ok(Vec::new());
    }
    let entry = entry_of_words(carrier, lookup)?;
    let titles = titles.iter().filter_map(|word| {
        Some(Title { digest: word.digest(), entry, words: words(word.value().as_text()?) })
    });
    Ok(titles.collect())
}

/// The entry whose words this one carries.
fn entry_of_words(carrier: u64, lookup: &Lookup) -> Result<u64, LookupError> {
    // Most titles are those of agreements, and to tell one its entry need not be read whole.
    let leaf = lookup.leaf(carrier)?;
    if leaf.is_some_and(|leaf| opens_its_thread(&leaf)) || !names_another(&lookup.entry(carrier)?) {
        return Ok(carrier);
    }
    let statement = lookup.statement(carrier)?;
    if !statement.kind().carries_words_of_its_target() {
        return Ok(carrier);
    }
    let target = match statement.membership().re {
        Some(re) => lookup.find(&re)?,
        None => None,
    };
    let unknown = "it carries words of an unknown entry";
    target.ok_or(LookupError::Inconsistent { index: carrier, what: unknown })
}

/// Whether trying again gives the same.
fn is_damage(error: &LookupError) -> bool {
    !matches!(
        error,
        LookupError::IndexBuilding
            | LookupError::SearchBuilding { .. }
            | LookupError::Index(_)
            | LookupError::Store(_)
    )
}
