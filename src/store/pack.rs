//! The pack: the words of 256 entries in one object. Pure bytes, no disk.
//!
//! Layout, integers big-endian: `onrecord words 1\n` · number of the pack (8) · count (4) · for each word,
//! ascending by entry and digest: position in the pack (1) · digest (32) · length (4) · disclosure · and at
//! the end the CRC-32 of all before it (4). It is not signed: the digests in the leaves say what is true.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{BUNDLE_LENGTH, Word, WordRef};
use crate::crypto::Hash;

const MAGIC: &[u8] = b"onrecord words 1\n";
const CRC_LENGTH: usize = 4;

/// Why bytes are not a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPack {
    /// They do not begin as a pack does.
    #[error("not a pack of words")]
    Magic,
    /// The checksum is another.
    #[error("the pack's checksum does not match")]
    Checksum,
    /// They end early or late, or a disclosure is not text.
    #[error("the pack is malformed")]
    Shape,
    /// Words are not in ascending order, or twice.
    #[error("the pack's words are not in order")]
    Order,
    /// Words of an entry that belongs into another pack.
    #[error("entry {entry} belongs into another pack")]
    Foreign {
        /// The entry.
        entry: u64,
    },
}

/// The words of entries `256 × number` and the 255 after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    number: u64,
    words: BTreeMap<WordRef, Arc<str>>,
}

impl Pack {
    /// The pack of this number with these words, each with the entry that carried it. Of two equal
    /// digests in one entry the first stays: they are the same words.
    ///
    /// # Errors
    /// [`BadPack::Foreign`] when an entry is not one of the pack's.
    pub fn new(number: u64, words: impl IntoIterator<Item = (u64, Word)>) -> Result<Self, BadPack> {
        let mut pack = Self { number, words: BTreeMap::new() };
        for (entry, word) in words {
            if entry / BUNDLE_LENGTH != number {
                return Err(BadPack::Foreign { entry });
            }
            pack.words.entry(WordRef { entry, digest: word.digest }).or_insert(word.disclosure);
        }
        Ok(pack)
    }

    /// Its number: the index of its entries divided by 256.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The words one entry carried, by ascending digest.
    pub fn words_of(&self, entry: u64) -> impl Iterator<Item = Word> + '_ {
        let first = WordRef { entry, digest: Hash::from_bytes([0; 32]) };
        let last = WordRef { entry, digest: Hash::from_bytes([0xff; 32]) };
        self.words
            .range(first..=last)
            .map(|(name, text)| Word { digest: name.digest, disclosure: text.clone() })
    }

    /// One disclosure.
    pub fn get(&self, word: &WordRef) -> Option<&str> {
        self.words.get(word).map(AsRef::as_ref)
    }

    /// Takes words out. Returns whether they were there.
    pub fn erase(&mut self, word: &WordRef) -> bool {
        self.words.remove(word).is_some()
    }

    /// Whether this is `old` with nothing changed but words missing.
    pub fn only_lost_words_since(&self, old: &Self) -> bool {
        self.number == old.number
            && self.words.iter().all(|(name, text)| old.words.get(name) == Some(text))
    }

    /// Its bytes, the same for the same words.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.number.to_be_bytes());
        bytes.extend((self.words.len() as u32).to_be_bytes());
        for (name, text) in &self.words {
            bytes.push((name.entry % BUNDLE_LENGTH) as u8);
            bytes.extend(name.digest.as_bytes());
            bytes.extend((text.len() as u32).to_be_bytes());
            bytes.extend(text.as_bytes());
        }
        let checksum = crc32fast::hash(&bytes);
        bytes.extend(checksum.to_be_bytes());
        bytes
    }

    /// Reads [`Pack::encode`]. Whether a disclosure has the digest it is filed under is not checked.
    ///
    /// # Errors
    /// [`BadPack`] for anything that `encode` does not write.
    pub fn decode(bytes: &[u8]) -> Result<Self, BadPack> {
        if !bytes.starts_with(MAGIC) {
            return Err(BadPack::Magic);
        }
        let (body, checksum) = bytes.split_last_chunk::<CRC_LENGTH>().ok_or(BadPack::Shape)?;
        if crc32fast::hash(body) != u32::from_be_bytes(*checksum) {
            return Err(BadPack::Checksum);
        }
        let mut reader = Reader(&body[MAGIC.len()..]);
        let number = u64::from_be_bytes(reader.array()?);
        let count = u32::from_be_bytes(reader.array()?);
        let mut words = BTreeMap::new();
        for _ in 0..count {
            let (name, text) = reader.word(number)?;
            if words.last_key_value().is_some_and(|(last, _)| *last >= name) {
                return Err(BadPack::Order);
            }
            words.insert(name, text);
        }
        if reader.0.is_empty() { Ok(Self { number, words }) } else { Err(BadPack::Shape) }
    }
}

/// Reads from the front; what is read is gone.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], BadPack> {
        let (front, rest) = self.0.split_first_chunk::<N>().ok_or(BadPack::Shape)?;
        self.0 = rest;
        Ok(*front)
    }

    fn word(&mut self, number: u64) -> Result<(WordRef, Arc<str>), BadPack> {
        let [position] = self.array()?;
        let digest = Hash::from_bytes(self.array()?);
        let length = u32::from_be_bytes(self.array()?) as usize;
        let (text, rest) = self.0.split_at_checked(length).ok_or(BadPack::Shape)?;
        self.0 = rest;
        let text = std::str::from_utf8(text).map_err(|_| BadPack::Shape)?.into();
        let first = number.checked_mul(BUNDLE_LENGTH).ok_or(BadPack::Shape)?;
        Ok((WordRef { entry: first + u64::from(position), digest }, text))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::sha256;

    fn word(text: &str) -> Word {
        Word { digest: sha256(text.as_bytes()), disclosure: text.into() }
    }

    fn some_pack() -> impl Strategy<Value = Pack> {
        let words = proptest::collection::vec((0u64..256, "[a-z]{0,40}"), 0..20);
        (0u64..1 << 40, words).prop_map(|(number, words)| {
            let words = words.into_iter().map(|(at, text)| (number * 256 + at, word(&text)));
            Pack::new(number, words).unwrap()
        })
    }

    proptest! {
        #[test]
        fn a_pack_reads_back_as_it_was(pack in some_pack()) {
            prop_assert_eq!(Pack::decode(&pack.encode()), Ok(pack));
        }

        #[test]
        fn a_changed_or_cut_pack_is_refused(pack in some_pack(), at: usize, bit in 0u8..8) {
            let bytes = pack.encode();
            let at = at % bytes.len();
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            prop_assert!(Pack::decode(&changed).is_err());
            prop_assert!(Pack::decode(&bytes[..at]).is_err());
        }

        #[test]
        fn foreign_bytes_never_panic_and_read_only_in_one_form(
            mut bytes in proptest::collection::vec(any::<u8>(), 0..200)
        ) {
            let mut whole = MAGIC.to_vec();
            whole.append(&mut bytes);
            let checksum = crc32fast::hash(&whole);
            whole.extend(checksum.to_be_bytes());
            if let Ok(pack) = Pack::decode(&whole) {
                prop_assert_eq!(pack.encode(), whole);
            }
        }
    }

    #[test]
    fn erased_words_leave_no_byte_and_the_pack_may_replace_the_old_one() {
        let old =
            Pack::new(1, [(256, word("keep")), (300, word("lose")), (256, word("lose"))]).unwrap();
        let mut new = old.clone();
        assert!(new.erase(&WordRef { entry: 300, digest: sha256(b"lose") }));
        assert!(new.erase(&WordRef { entry: 256, digest: sha256(b"lose") }));
        assert!(!new.encode().windows(4).any(|window| window == b"lose"));
        assert!(new.only_lost_words_since(&old));
        assert!(!old.only_lost_words_since(&new));
        assert_eq!(new.words_of(256).collect::<Vec<_>>(), [word("keep")]);
    }

    #[test]
    fn words_of_another_pack_are_refused() {
        assert_eq!(Pack::new(1, [(255, word("a"))]), Err(BadPack::Foreign { entry: 255 }));
    }
}
