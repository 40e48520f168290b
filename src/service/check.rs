//! The check of a stopped ledger's folder, offline: everything that an audit checks, over the files themselves, and what
//! no auditor sees: that each public word is held as its digest says, that erased words are gone, and that the index
//! answers what the entries say.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

use super::audit::{AuditError, Observer, Report, Settings, Source, audit};
use super::facts::word_state;
use super::indexing;
use super::lookup::{Lookup, LookupError};
use super::view::View;
use crate::crypto::Hash;
use crate::entry::Entry;
use crate::ledger::WordState;
use crate::net::FetchError;
use crate::statement::{Disclosure, Effect, Statement};
use crate::store::{BUNDLE_LENGTH, Chain, ChainLink, List, StoreError, WordRef};
use crate::tlog::{Policy, TilePath};
use crate::verify::Fault;

/// Something that an audit does not see, and how it is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The entry.
    pub index: u64,
    /// Which fault it is.
    pub name: &'static str,
    /// In words.
    pub detail: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.name, self.detail)
    }
}

/// What the objects hold is read from there from here on, though the journal may have it as well.
///
/// # Errors
/// [`StoreError`] when it cannot be told what they hold.
pub fn read_from_objects(lookup: &Lookup) -> Result<(), StoreError> {
    let held = lookup.objects().bundles()? * BUNDLE_LENGTH;
    lookup.memory().forget(held);
    Ok(())
}

/// Audits a ledger over its own files. A file that cannot be read is told apart from what an audit finds.
///
/// # Errors
/// [`AuditError`] with the first file that cannot be read.
pub async fn check_entries<O: Observer>(
    view: View,
    policy: Policy,
    holder: Holder,
    observer: O,
) -> Result<Report, AuditError> {
    let mut report = audit(OwnFiles(Arc::new(view)), Settings::new(policy), observer).await?;
    if holder == Holder::Mirror {
        report.findings.retain(|finding| !matches!(finding.fault, Fault::LogKeyMissing(_)));
    }
    Ok(report)
}

/// Holds words and index against the entries. `progress` is told how many entries were looked at.
pub fn check_words_and_index(
    lookup: &Lookup,
    holder: Holder,
    size: u64,
    progress: &dyn Fn(u64),
) -> Vec<Wrong> {
    let mut checker = Checker { lookup, holder, wrong: Vec::new(), chains: HashMap::new() };
    let mut index = 0;
    while index < size {
        match checker.entry(index) {
            Ok(()) => index += 1,
            Err(error) => {
                // The entries beside it are in the same file.
                checker.found(index, "unreadable", error.to_string());
                index = (index / BUNDLE_LENGTH + 1) * BUNDLE_LENGTH;
            }
        }
        progress(index.min(size));
    }
    checker.chains_end();
    checker.wrong
}

/// The files of a ledger, as a source that an audit reads.
#[derive(Clone)]
struct OwnFiles(Arc<View>);

impl Source for OwnFiles {
    async fn file(&self, path: &str, _bytes_max: usize) -> Result<Bytes, FetchError> {
        if path == "checkpoint" {
            return Ok(self.0.checkpoint());
        }
        let url = path.to_owned();
        let missing = FetchError::Unexpected { url: url.clone(), status: 404 };
        let Ok(path) = path.parse::<TilePath>() else { return Err(missing) };
        let read = |error: LookupError| FetchError::Unreachable { url, cause: error.to_string() };
        self.0.tile(&path).map_err(read)?.ok_or(missing)
    }
}

/// Whose folder it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A ledger, which holds every word that was sent to it.
    Ledger,
    /// A mirror: words that were withheld when it copied them it holds from when they are restored, and the heads of its
    /// journal are signed by its own key.
    Mirror,
}

struct Checker<'a> {
    lookup: &'a Lookup,
    holder: Holder,
    wrong: Vec<Wrong>,
    /// The newest entry of each chain so far.
    chains: HashMap<Chain, ChainLink>,
}

impl Checker<'_> {
    fn found(&mut self, index: u64, name: &'static str, detail: String) {
        self.wrong.push(Wrong { index, name, detail });
    }

    fn entry(&mut self, index: u64) -> Result<(), LookupError> {
        let entry = self.lookup.entry(index)?;
        let statement = Statement::read(entry.envelope.payload()).ok();
        self.held_words(index, statement.as_ref())?;
        if let Some(statement) = &statement {
            self.words_of(index, statement)?;
        }
        self.indexed(&entry)
    }

    /// Each word that is held with an entry has the digest it is filed under, and is one that the entry brought.
    fn held_words(&mut self, index: u64, statement: Option<&Statement>) -> Result<(), LookupError> {
        for word in self.lookup.words_held(index)? {
            let shown = word.digest.to_base64url();
            let read = Disclosure::parse(&word.disclosure).map(|word| word.digest());
            if read.ok() != Some(word.digest) {
                let detail = format!("what is held as {shown} is not that");
                self.found(index, "word_altered", detail);
            }
            if let Some(statement) = statement
                && !self.brings(statement, &word.digest)?
            {
                let detail =
                    format!("the word {shown} is held with it and is not one of its words");
                self.found(index, "word_held", detail);
            }
        }
        Ok(())
    }

    /// Whether an entry with this statement holds that word: its own, one that it revealed, or, in a mirror, one that it
    /// restored.
    fn brings(&self, statement: &Statement, digest: &Hash) -> Result<bool, LookupError> {
        let of_target = match statement.rules().effect {
            Effect::Reveals(digests) => digests.contains(digest),
            Effect::Restores([]) if self.holder == Holder::Mirror => {
                let target = statement.re().map(|re| self.lookup.find(&re)).transpose()?.flatten();
                match target {
                    Some(target) => self.lookup.statement(target)?.digests().contains(digest),
                    None => false,
                }
            }
            Effect::Restores(digests) => self.holder == Holder::Mirror && digests.contains(digest),
            _ => false,
        };
        Ok(of_target || statement.digests().contains(digest))
    }

    /// Whether a word in that state may not be there yet.
    fn may_lack(&self, index: u64, state: WordState) -> Result<bool, LookupError> {
        let whole = self.lookup.word_events(&WordRef::entry_itself(index))?.moderated;
        let is_withheld = matches!(state, WordState::Withheld { .. })
            || whole.is_some_and(|(_, withheld)| withheld);
        Ok(self.holder == Holder::Mirror && is_withheld)
    }

    /// Each word of a statement is held where it is to be, and nowhere when it was erased.
    fn words_of(&mut self, index: u64, statement: &Statement) -> Result<(), LookupError> {
        for digest in statement.digests() {
            let is_sealed = statement.sealed().iter().any(|(_, sealed)| sealed == digest);
            let first =
                if is_sealed { WordState::Sealed } else { WordState::Public { held_by: index } };
            let place = WordRef { entry: index, digest: *digest };
            let revealed = self.lookup.word_events(&place)?.revealed;
            let places: BTreeSet<u64> = revealed.into_iter().chain([index]).collect();
            let shown = digest.to_base64url();
            let state = word_state(place, first, self.lookup)?;
            match state {
                WordState::Public { held_by } | WordState::Withheld { held_by } => {
                    if !self.holds(held_by, digest)? && !self.may_lack(index, state)? {
                        let detail = format!("the word {shown} is to be held and is not");
                        self.found(index, "word_missing", detail);
                    }
                }
                WordState::Erased | WordState::Sealed => {
                    for holder in places {
                        if self.holds(holder, digest)? {
                            let detail = format!(
                                "the word {shown} is held by entry {holder} and must not be"
                            );
                            self.found(index, "word_held", detail);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn holds(&self, index: u64, digest: &Hash) -> Result<bool, LookupError> {
        Ok(self.lookup.words_held(index)?.iter().any(|word| word.digest == *digest))
    }

    /// The index finds an entry by everything that names it.
    fn indexed(&mut self, entry: &Entry) -> Result<(), LookupError> {
        let index = entry.index;
        let expected = indexing::of_leaf(entry, self.lookup)?;
        let id = entry.envelope.id();
        if self.lookup.find(&id)?.is_none_or(|found| found > index) {
            self.found(index, "index_wrong", format!("it is not found by its id {id}"));
        }
        for (chain, seq) in expected.chains {
            self.chains.insert(chain, ChainLink { index, seq });
        }
        for list in &expected.lists {
            if !self.is_listed(list, index)? {
                self.found(index, "index_wrong", "a list lacks it".to_owned());
            }
        }
        for word in &expected.revealed {
            let at = self.lookup.word_events(word)?.revealed;
            if at.is_none_or(|at| at > index) {
                self.found(index, "index_wrong", "what it revealed is not known".to_owned());
            }
        }
        for word in &expected.erased {
            let at = self.lookup.word_events(word)?.erased;
            if at.is_none_or(|at| at > index) {
                self.found(index, "index_wrong", "what it erased is not known".to_owned());
            }
        }
        for (word, _) in &expected.moderated {
            let at = self.lookup.word_events(word)?.moderated;
            if at.is_none_or(|(at, _)| at < index) {
                self.found(index, "index_wrong", "what it decided is not known".to_owned());
            }
        }
        Ok(())
    }

    fn is_listed(&self, list: &List, index: u64) -> Result<bool, LookupError> {
        Ok(self.lookup.listed(list, index + 1, 1)?.first() == Some(&index))
    }

    /// Each chain ends where its last entry is.
    fn chains_end(&mut self) {
        for (chain, expected) in std::mem::take(&mut self.chains) {
            let detail = match self.lookup.newest(&chain) {
                Ok(Some(found)) if found == expected => continue,
                Ok(found) => format!(
                    "a chain ends with it, and the index says {}",
                    found.map_or("nothing".to_owned(), |found| format!("entry {}", found.index))
                ),
                Err(error) => error.to_string(),
            };
            self.found(expected.index, "index_wrong", detail);
        }
        self.wrong.sort_by_key(|wrong| wrong.index);
    }
}
