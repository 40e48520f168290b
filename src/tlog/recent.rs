//! The newest part of a tree, held in memory: every complete subtree that reaches right of a base, and the
//! few that lie just left of it. What is newer than the base is proved from here without reading a tile.
//!
//! A proof costs one look-up a level and at most one hash for each level of the right edge. It is no store:
//! what lies left of the base is read from tiles.

use std::collections::VecDeque;

use super::frontier::Frontier;
use super::merkle::{Nodes, node_hash, root};
use super::tile_path::TILE_HEIGHT;
use crate::crypto::Hash;

/// The subtree lies left of the base, or is not complete yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("node {index} of level {level} is not among the recent ones")]
pub struct NotRecent {
    /// The height of the subtree: it has 2^level leaves.
    pub level: u8,
    /// Its place among those of its height, from 0.
    pub index: u64,
}

/// The complete subtrees of a tree that are not wholly left of a base, and on each level those that stand
/// with the base in one tile: what the partial tiles of the right edge are cut from.
#[derive(Debug, Clone, Default)]
pub struct Recent {
    base: u64,
    size: u64,
    levels: Vec<VecDeque<Hash>>,
}

impl Recent {
    /// Starts at the end of a tree of `base` leaves. The ledger gives the size that its full tiles cover,
    /// and the tree that they are.
    ///
    /// # Errors
    /// When a node cannot be read.
    pub fn new<N: Nodes>(base: u64, tree: &N) -> Result<Self, N::Error> {
        let heights = (u64::BITS - base.leading_zeros()) as u8;
        let level = |level: u8| {
            let kept = first_kept(base, level)..base >> level;
            kept.map(|index| tree.node(level, index)).collect::<Result<_, _>>()
        };
        let levels = (0..heights).map(level).collect::<Result<_, _>>()?;
        Ok(Self { base, size: base, levels })
    }

    /// Appends a leaf by its hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut node = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(VecDeque::new());
            }
            let nodes = &mut self.levels[level];
            let left = nodes.back().copied();
            nodes.push_back(node);
            // A node with an even number waits for its sibling; one with an odd number completes a pair.
            match left {
                Some(left) if self.size >> level & 1 == 1 => node = node_hash(&left, &node),
                _ => break,
            }
        }
        self.size += 1;
    }

    /// Forgets what only proofs of leaves before the new base need. A base before the present one or after
    /// the last leaf is moved to that bound.
    pub fn drop_left_of(&mut self, base: u64) {
        let base = base.clamp(self.base, self.size);
        for (level, nodes) in self.levels.iter_mut().enumerate() {
            let gone = first_kept(base, level as u8) - first_kept(self.base, level as u8);
            nodes.drain(..nodes.len().min(gone as usize));
            nodes.shrink_to(2 * nodes.len());
        }
        self.base = base;
    }

    /// The first leaf that can be proved from here.
    pub const fn base(&self) -> u64 {
        self.base
    }

    /// The number of leaves of the whole tree.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the complete subtree, if it is held here (see [`Nodes::node`]).
    pub fn get(&self, level: u8, index: u64) -> Option<Hash> {
        let nodes = self.levels.get(usize::from(level))?;
        let place = index.checked_sub(first_kept(self.base, level))?;
        nodes.get(usize::try_from(place).ok()?).copied()
    }

    /// The hash of a leaf, if it is held here.
    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.get(0, index)
    }

    /// The compact form of the tree over the first `size` leaves.
    ///
    /// # Errors
    /// [`NotRecent`] when that tree ends before the base or after the last leaf.
    pub fn frontier(&self, size: u64) -> Result<Frontier, NotRecent> {
        let levels = (0..u64::BITS as u8).rev().filter(|level| size >> level & 1 == 1);
        let roots: Result<Vec<Hash>, NotRecent> =
            levels.map(|level| self.node(level, (size >> level) - 1)).collect();
        Frontier::from_roots(size, roots?).map_err(|_| NotRecent { level: 0, index: size })
    }

    /// The root of the whole tree.
    ///
    /// # Errors
    /// None in practice: what the root is made of is always held.
    pub fn root(&self) -> Result<Hash, NotRecent> {
        root(self.size, self)
    }
}

impl Nodes for Recent {
    type Error = NotRecent;

    fn node(&self, level: u8, index: u64) -> Result<Hash, NotRecent> {
        self.get(level, index).ok_or(NotRecent { level, index })
    }
}

/// The first node that is kept of a level: the start of the tile the base stands in, or the left one of the
/// pair before.
const fn first_kept(base: u64, level: u8) -> u64 {
    let tile_bits = (level / TILE_HEIGHT + 1) * TILE_HEIGHT;
    let start = if tile_bits >= 64 { 0 } else { base >> tile_bits << tile_bits };
    start >> level & !1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::merkle::{
        leaf_hash, prove_consistency, prove_inclusion, subtrees_before, verify_inclusion,
    };
    use proptest::prelude::*;

    fn leaf(index: u64) -> Hash {
        leaf_hash(&index.to_be_bytes())
    }

    fn tree(size: u64) -> Recent {
        let mut recent = Recent::default();
        (0..size).for_each(|index| recent.push(leaf(index)));
        recent
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_right_of_the_base_is_proved_as_by_the_whole_tree(
            start in 0..700u64, more in 0..700u64, drop in 0..700u64, index in 0..700u64,
        ) {
            let size = start + more;
            let whole = tree(size);
            let mut recent = Recent::new(start, &whole).unwrap();
            (start..size).for_each(|index| recent.push(leaf(index)));
            recent.drop_left_of(start + drop.min(more));
            prop_assert_eq!(recent.root(), whole.root());
            prop_assert_eq!(recent.frontier(size), whole.frontier(size));
            let index = recent.base() + index;
            if index < size {
                prop_assert_eq!(recent.leaf(index), Some(leaf(index)));
                let path = prove_inclusion(index, size, &recent).unwrap();
                prop_assert_eq!(&path, &prove_inclusion(index, size, &whole).unwrap());
                let root = whole.root().unwrap();
                prop_assert_eq!(verify_inclusion(index, size, &leaf(index), &path, &root), Ok(()));
                let before = subtrees_before(index, size, &path);
                let frontier = whole.frontier(index).unwrap();
                prop_assert_eq!(&before, frontier.roots());
            }
            if recent.base() > 0 {
                prop_assert_eq!(
                    prove_consistency(recent.base(), size, &recent).unwrap(),
                    prove_consistency(recent.base(), size, &whole).unwrap()
                );
            }
        }
    }

    #[test]
    fn what_is_left_of_the_base_is_gone() {
        let mut recent = tree(600);
        recent.drop_left_of(512);
        assert_eq!(recent.get(0, 300), None);
        assert_eq!(recent.get(7, 0), None);
        assert!(recent.get(8, 0).is_some(), "it stands in the partial tile of level 1");
        assert_eq!(recent.node(0, 600), Err(NotRecent { level: 0, index: 600 }));
        let held: usize = recent.levels.iter().map(VecDeque::len).sum();
        assert!(held < 2 * 88 + 12, "{held} nodes held for 88 leaves");
    }
}
