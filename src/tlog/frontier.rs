//! The compact form of a tree: its size and the roots of the complete subtrees it divides into. Enough to
//! append to it and to tell its root, and nothing else (RFC 6962 §2.1).

use super::merkle::{empty_root, node_hash};
use crate::crypto::Hash;

/// The number of roots is not that of the complete subtrees of a tree of that size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tree of {size} leaves divides into {expected} complete subtrees, not {found}", expected = size.count_ones())]
pub struct NotAFrontier {
    size: u64,
    found: usize,
}

/// A tree of which only the roots of its complete subtrees are kept, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The tree without leaves.
    pub const fn new() -> Self {
        Self { size: 0, roots: Vec::new() }
    }

    /// The tree of `size` leaves whose complete subtrees, the largest first, have these roots.
    ///
    /// # Errors
    /// [`NotAFrontier`] unless there is one root for each bit set in the size.
    pub fn from_roots(size: u64, roots: Vec<Hash>) -> Result<Self, NotAFrontier> {
        let found = roots.len();
        if found == size.count_ones() as usize {
            Ok(Self { size, roots })
        } else {
            Err(NotAFrontier { size, found })
        }
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let merges = self.size.trailing_ones() as usize;
        let kept = self.roots.len().saturating_sub(merges);
        let node =
            self.roots.drain(kept..).rev().fold(leaf, |right, left| node_hash(&left, &right));
        self.roots.push(node);
        self.size += 1;
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The roots of the complete subtrees, the largest first.
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut smallest_first = self.roots.iter().rev();
        let smallest = smallest_first.next().copied().unwrap_or_else(empty_root);
        smallest_first.fold(smallest, |right, left| node_hash(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::leaf_hash;

    #[test]
    fn the_number_of_roots_must_fit_the_size() {
        let hash = leaf_hash(b"");
        assert!(Frontier::from_roots(6, vec![hash; 2]).is_ok());
        for found in [0, 1, 3] {
            let refused = Frontier::from_roots(6, vec![hash; found]);
            assert_eq!(refused, Err(NotAFrontier { size: 6, found }));
        }
    }

    #[test]
    fn a_frontier_goes_on_from_its_roots_as_if_never_stopped() {
        let mut whole = Frontier::new();
        for count in 0..200u32 {
            let mut resumed = Frontier::from_roots(whole.size(), whole.roots().to_vec()).unwrap();
            whole.push(leaf_hash(&count.to_be_bytes()));
            resumed.push(leaf_hash(&count.to_be_bytes()));
            assert_eq!(resumed, whole);
        }
    }
}
