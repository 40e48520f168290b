//! Which entry has a leaf hash, in memory: 8 bytes an entry and the gaps of a hash table, so that what it says
//! has to be held against the tree. A key in the index would cost ten times that, and time of every publish.

use hashbrown::HashTable;

use crate::crypto::Hash;

/// The entries, each under the first 4 bytes of its leaf hash. Entries from 2^32 on are not found.
#[derive(Debug, Default)]
pub struct LeafHashes(HashTable<Place>);

#[derive(Debug, Clone, Copy)]
struct Place {
    front: u32,
    entry: u32,
}

impl LeafHashes {
    /// Notes the leaf hash of an entry.
    pub fn insert(&mut self, hash: &Hash, entry: u64) {
        let Ok(entry) = u32::try_from(entry) else { return };
        let front = front_of(hash.as_bytes());
        self.0.insert_unique(spread(front), Place { front, entry }, |place| spread(place.front));
    }

    /// The entries that may have a leaf hash with these first bytes, among them every one that has.
    pub fn candidates(&self, first: &[u8; 16]) -> Vec<u64> {
        let front = front_of(first);
        let places = self.0.iter_hash(spread(front)).filter(|place| place.front == front);
        places.map(|place| u64::from(place.entry)).collect()
    }
}

fn front_of(bytes: &[u8]) -> u32 {
    bytes.iter().take(size_of::<u32>()).fold(0, |front, byte| front << 8 | u32::from(*byte))
}

/// The table takes its buckets from the low bits and a check from the high ones. The front is random already.
fn spread(front: u32) -> u64 {
    u64::from(front) << 32 | u64::from(front)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::leaf_hash;

    #[test]
    fn every_entry_is_among_its_candidates_and_there_are_few_others() {
        let mut hashes = LeafHashes::default();
        let hash = |entry: u64| leaf_hash(&entry.to_be_bytes());
        (0..10_000).for_each(|entry| hashes.insert(&hash(entry), entry));
        let mut others = 0;
        for entry in 0..10_000 {
            let hash = hash(entry);
            let candidates = hashes.candidates(hash.as_bytes().first_chunk().unwrap());
            assert!(candidates.contains(&entry));
            others += candidates.len() - 1;
        }
        assert!(others < 10, "{others}");
        assert_eq!(hashes.candidates(&[0; 16]), [0; 0]);
    }
}
