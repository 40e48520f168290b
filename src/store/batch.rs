//! What is committed in one step: entries, their words, the words they erase, and the signed head.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;

use crate::crypto::Hash;

/// Bytes of a leaf at most (protocol §6; an entry bundle gives two bytes to the length).
pub const LEAF_LENGTH_MAX: usize = 65_535;

/// The tree as the ledger signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Entries in the tree.
    pub size: u64,
    /// RFC 6962 root at that size.
    pub root: Hash,
    /// The signed note that says so, as it is served.
    pub checkpoint: String,
}

/// A disclosure and its digest (protocol §4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// SHA-256 of the disclosure's text.
    pub digest: Hash,
    /// The disclosure as submitted, base64url text.
    pub disclosure: Arc<str>,
}

/// One entry and the words submitted with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The leaf's bytes, at most [`LEAF_LENGTH_MAX`].
    pub leaf: Bytes,
    /// The words: of the statement itself, or of another's where the entry reveals them.
    pub words: Vec<Word>,
}

/// Names words for good. A digest alone does not: two statements may commit to the same one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordRef {
    /// The entry whose record carried the words.
    pub entry: u64,
    /// Their digest.
    pub digest: Hash,
}

impl WordRef {
    /// Names the entry itself, which can be withheld too. No words have this digest: nobody knows what hashes
    /// to it.
    pub const fn entry_itself(entry: u64) -> Self {
        Self { entry, digest: Hash::from_bytes([0; 32]) }
    }
}

/// Why records do not make a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBatch {
    /// There is no record.
    #[error("a batch without entries")]
    Empty,
    /// The head's size is smaller than the number of records.
    #[error("{records} entries cannot end in a head of size {size}")]
    HeadTooSmall {
        /// Records given.
        records: u64,
        /// The head's size.
        size: u64,
    },
    /// A leaf is empty or longer than [`LEAF_LENGTH_MAX`].
    #[error("the leaf of entry {entry} has {length} bytes")]
    LeafLength {
        /// The entry.
        entry: u64,
        /// Its leaf's bytes.
        length: usize,
    },
    /// A leaf, disclosure or checkpoint holds a zero byte. The journal tells unwritten from written by them.
    #[error("entry {entry} holds a zero byte")]
    ZeroByte {
        /// The entry; the head's size for the checkpoint.
        entry: u64,
    },
    /// Words are erased of an entry that is not in the tree.
    #[error("words of entry {entry} are erased, which is not in the tree")]
    ErasedUnknown {
        /// The entry named.
        entry: u64,
    },
}

/// Entries `first..head.size` and the head that covers them: what [`super::Journal::commit`] makes durable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    records: Vec<Record>,
    erased: Vec<WordRef>,
    head: Head,
}

impl Batch {
    /// Joins records, the words they erase for good, and the head that ends with the last of them. Words
    /// that the batch itself erases are dropped here, so that they are never written.
    ///
    /// # Errors
    /// [`BadBatch`] names the first thing that is wrong.
    pub fn new(
        mut records: Vec<Record>,
        erased: Vec<WordRef>,
        head: Head,
    ) -> Result<Self, BadBatch> {
        let count = records.len() as u64;
        if count == 0 {
            return Err(BadBatch::Empty);
        }
        let Some(first) = head.size.checked_sub(count) else {
            return Err(BadBatch::HeadTooSmall { records: count, size: head.size });
        };
        for (entry, record) in (first..).zip(&records) {
            check_record(entry, record)?;
        }
        if head.checkpoint.contains('\0') {
            return Err(BadBatch::ZeroByte { entry: head.size });
        }
        if let Some(unknown) = erased.iter().find(|word| word.entry >= head.size) {
            return Err(BadBatch::ErasedUnknown { entry: unknown.entry });
        }
        drop_erased(first, &mut records, &erased);
        Ok(Self { records, erased, head })
    }

    /// The index of the first entry: the size of the tree before the batch.
    pub fn first(&self) -> u64 {
        self.head.size - self.records.len() as u64
    }

    /// The entries, in order, never none.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The words these entries erase for good; their records may be older.
    pub fn erased(&self) -> &[WordRef] {
        &self.erased
    }

    /// The tree after the batch.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Takes the words away that `erased` names, in memory. Returns how many there were.
    pub fn scrub(&mut self, erased: &[WordRef]) -> usize {
        let first = self.first();
        drop_erased(first, &mut self.records, erased)
    }
}

/// Words that committed batches erase and that were not yet scrubbed: what keeps those batches from being
/// forgotten.
#[derive(Debug, Default)]
pub(super) struct Unscrubbed(BTreeMap<u64, HashSet<WordRef>>);

impl Unscrubbed {
    /// Notes the batch that begins with entry `first`.
    pub fn committed(&mut self, first: u64, erased: &[WordRef]) {
        if !erased.is_empty() {
            self.0.insert(first, erased.iter().copied().collect());
        }
    }

    /// Notes that these words are gone.
    pub fn scrubbed(&mut self, words: &[WordRef]) {
        self.0.retain(|_, waiting| {
            words.iter().for_each(|word| {
                waiting.remove(word);
            });
            !waiting.is_empty()
        });
    }

    /// What begins before `size` was forgotten, and therefore scrubbed, before.
    pub fn forgotten(&mut self, size: u64) {
        self.0.retain(|first, _| *first >= size);
    }

    /// How much of `size` may be forgotten.
    pub fn limit(&self, size: u64) -> u64 {
        self.0.keys().next().map_or(size, |first| size.min(*first))
    }
}

fn check_record(entry: u64, record: &Record) -> Result<(), BadBatch> {
    let length = record.leaf.len();
    if length == 0 || length > LEAF_LENGTH_MAX {
        return Err(BadBatch::LeafLength { entry, length });
    }
    let mut texts = record.words.iter().map(|word| word.disclosure.as_bytes());
    if record.leaf.contains(&0) || texts.any(|text| text.is_empty() || text.contains(&0)) {
        return Err(BadBatch::ZeroByte { entry });
    }
    Ok(())
}

fn drop_erased(first: u64, records: &mut [Record], erased: &[WordRef]) -> usize {
    if erased.is_empty() {
        return 0;
    }
    let erased: HashSet<WordRef> = erased.iter().copied().collect();
    let mut dropped = 0;
    for (entry, record) in (first..).zip(records) {
        let before = record.words.len();
        record.words.retain(|word| !erased.contains(&WordRef { entry, digest: word.digest }));
        dropped += before - record.words.len();
    }
    dropped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sha256;

    fn head(size: u64) -> Head {
        Head { size, root: sha256(b"root"), checkpoint: "note\n".into() }
    }

    fn record(text: &str) -> Record {
        let word = Word { digest: sha256(text.as_bytes()), disclosure: text.into() };
        Record { leaf: Bytes::from_static(b"{}"), words: vec![word] }
    }

    #[test]
    fn a_batch_knows_its_first_entry_from_its_head() {
        let batch = Batch::new(vec![record("a"), record("b")], vec![], head(7)).unwrap();
        assert_eq!(batch.first(), 5);
    }

    #[test]
    fn words_a_batch_erases_itself_are_not_in_it() {
        let erased = WordRef { entry: 5, digest: sha256(b"a") };
        let batch = Batch::new(vec![record("a"), record("a")], vec![erased], head(7)).unwrap();
        assert!(batch.records()[0].words.is_empty());
        assert_eq!(batch.records()[1].words.len(), 1);
    }

    #[test]
    fn what_makes_no_batch_is_refused() {
        assert_eq!(Batch::new(vec![], vec![], head(1)), Err(BadBatch::Empty));
        let two = vec![record("a"), record("b")];
        assert_eq!(
            Batch::new(two, vec![], head(1)),
            Err(BadBatch::HeadTooSmall { records: 2, size: 1 })
        );
        let zero = Batch::new(vec![record("a\0")], vec![], head(1));
        assert_eq!(zero, Err(BadBatch::ZeroByte { entry: 0 }));
        let erased = WordRef { entry: 1, digest: sha256(b"a") };
        let unknown = Batch::new(vec![record("a")], vec![erased], head(1));
        assert_eq!(unknown, Err(BadBatch::ErasedUnknown { entry: 1 }));
        let long = Record { leaf: vec![b'x'; LEAF_LENGTH_MAX + 1].into(), words: vec![] };
        let refused = Batch::new(vec![long], vec![], head(1));
        assert_eq!(refused, Err(BadBatch::LeafLength { entry: 0, length: LEAF_LENGTH_MAX + 1 }));
    }
}
