//! The lines of a dump, one after the other: each held against its own leaf, and all leaves together into a root.

use super::csv::csv_row;
use crate::crypto::Hash;
use crate::encoding::base64;
use crate::encoding::json;
use crate::entry::{BadLeaf, Entry};
use crate::statement::Disclosure;
use crate::statement::membership::Outline;
use crate::tlog::{Frontier, leaf_hash};
use crate::wire::{DumpRow, DumpWord, DumpWords, Leaf, WordState};

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DumpFault {
    /// Not a line of a dump.
    #[error("not a line of a dump: {0}")]
    NotARow(String),
    /// Its leaf is no entry.
    #[error("its leaf is no entry: {0}")]
    NotAnEntry(BadLeaf),
    /// It is another entry than belongs there.
    #[error("it is entry {found}, where entry {expected} belongs")]
    OutOfOrder {
        /// The entry that it is.
        found: u64,
        /// The entry that belongs there.
        expected: u64,
    },
    /// Something beside the leaf is not what the leaf says.
    #[error("its {0} is not what its leaf says")]
    NotOfTheLeaf(&'static str),
    /// A word is not one that the statement commits to, or not as the disclosure says it.
    #[error("its statement does not commit to the word {0}")]
    WordAltered(String),
    /// A word that is not public is there, or one that is public is not.
    #[error("the word {0} is there and is not public, or the other way round")]
    WordMisplaced(String),
}

/// The lines so far.
#[derive(Debug)]
pub struct Rows {
    tree: Frontier,
    words: DumpWords,
}

impl Rows {
    /// Before the first line, when these entries stand before it.
    pub fn after(before: Frontier) -> Self {
        Self { tree: before, words: DumpWords::default() }
    }

    /// The entry that belongs on the next line.
    pub const fn next(&self) -> u64 {
        self.tree.size()
    }

    /// The root of the tree with all entries up to the last line.
    pub fn root(&self) -> Hash {
        self.tree.root()
    }

    /// How many words there are in each state.
    pub const fn words(&self) -> DumpWords {
        self.words
    }

    /// Takes the next line, without its end, and gives the row of CSV for it.
    ///
    /// # Errors
    /// [`DumpFault`].
    pub fn take(&mut self, line: &[u8]) -> Result<Vec<u8>, DumpFault> {
        let row: DumpRow =
            serde_json::from_slice(line).map_err(|error| DumpFault::NotARow(error.to_string()))?;
        let leaf = base64::decode(&row.entry).map_err(|_| DumpFault::NotOfTheLeaf("entry"))?;
        let entry = Entry::parse(&leaf).map_err(DumpFault::NotAnEntry)?;
        let expected = self.next();
        if let Some(found) = [row.index, entry.index].into_iter().find(|found| *found != expected) {
            return Err(DumpFault::OutOfOrder { found, expected });
        }
        let hash = leaf_hash(&leaf);
        check_copies(&row, &entry, &leaf, hash)?;
        check_words(&row, &entry)?;
        self.tree.push(hash);
        row.disclosures.iter().for_each(|word| self.count(word));
        Ok(csv_row(&row, &entry))
    }

    fn count(&mut self, word: &DumpWord) {
        *match word.state {
            WordState::Public => &mut self.words.public,
            WordState::Sealed => &mut self.words.sealed,
            WordState::Withheld => &mut self.words.withheld,
            WordState::Erased => &mut self.words.erased,
        } += 1;
    }
}

/// What stands beside the leaf for convenience.
fn check_copies(row: &DumpRow, entry: &Entry, leaf: &[u8], hash: Hash) -> Result<(), DumpFault> {
    let parts: Leaf<'_> =
        serde_json::from_slice(leaf).map_err(|error| DumpFault::NotARow(error.to_string()))?;
    let outline = Outline::read(entry.envelope.payload());
    let membership = outline.as_ref().map(Outline::membership);
    let id = entry.envelope.id();
    // The thread of what names another entry alone is not in its own leaf.
    let thread = membership.and_then(|m| if m.opens_thread { Some(id) } else { m.thread });
    let copies = [
        ("leaf_hash", row.leaf_hash == hash.to_hex()),
        ("id", row.id == id.to_string()),
        ("time", row.time == parts.time),
        ("statement", row.statement.get().as_bytes() == entry.envelope.payload()),
        ("links", row.links.get() == parts.links.get()),
        ("thread", thread.is_none_or(|id| row.thread == Some(id.to_string()))),
    ];
    match copies.into_iter().find(|(_, same)| !same) {
        Some((name, _)) => Err(DumpFault::NotOfTheLeaf(name)),
        None => Ok(()),
    }
}

fn check_words(row: &DumpRow, entry: &Entry) -> Result<(), DumpFault> {
    let outline = Outline::read(entry.envelope.payload());
    let committed = outline.as_ref().map(Outline::digests).unwrap_or_default();
    for word in &row.disclosures {
        if !committed.iter().any(|digest| digest.to_base64url() == word.digest) {
            return Err(DumpFault::WordAltered(name_of(word)));
        }
        let is_public = word.state == WordState::Public;
        if word.disclosure.is_some() != is_public || word.value.is_some() != is_public {
            return Err(DumpFault::WordMisplaced(name_of(word)));
        }
        if is_public && !is_as_disclosed(word) {
            return Err(DumpFault::WordAltered(name_of(word)));
        }
    }
    Ok(())
}

fn is_as_disclosed(word: &DumpWord) -> bool {
    let disclosed = word.disclosure.as_deref().and_then(|text| Disclosure::parse(text).ok());
    let value = word.value.as_ref().and_then(|value| json::parse(value.get().as_bytes()).ok());
    disclosed.is_some_and(|disclosed| {
        disclosed.digest().to_base64url() == word.digest
            && word.name.as_deref() == Some(disclosed.name())
            && value.is_some_and(|value| value == *disclosed.value())
    })
}

fn name_of(word: &DumpWord) -> String {
    word.name.clone().unwrap_or_else(|| word.digest.clone())
}
