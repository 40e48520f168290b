//! The tree of RFC 6962 §2.1: leaf and node hashes, roots, inclusion and consistency proofs, made from
//! any store of complete subtrees and verified from nothing but their own hashes (protocol §7).
//!
//! It holds no tree. [`super::Recent`], [`super::TileReader`] and whatever else implements [`Nodes`] do.

use crate::crypto::{Hash, sha256, sha256_of};

/// A path has one hash a level, and a tree of 2^63 leaves or fewer has at most 63 levels above them.
const PATH_LENGTH_TYPICAL: usize = 32;

/// The hash of a leaf: SHA-256(0x00 ‖ leaf).
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    sha256_of(&[&[0], leaf])
}

/// The hash of an inner node: SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..].copy_from_slice(right.as_bytes());
    sha256(&bytes)
}

/// The root of the tree without leaves, which no checkpoint of ours ever names.
pub fn empty_root() -> Hash {
    sha256(b"")
}

/// A store of the roots of complete subtrees.
pub trait Nodes {
    /// Why a node could not be had.
    type Error;

    /// The root of the complete subtree over the leaves `index · 2^level` up to `(index + 1) · 2^level`.
    ///
    /// # Errors
    /// Whatever the store meets, also when it does not hold that node.
    fn node(&self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// Why a proof could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E> {
    /// There is no such leaf in a tree of that size.
    #[error("a tree of {size} leaves has no leaf {index}")]
    NoSuchLeaf {
        /// The leaf asked for, from 0.
        index: u64,
        /// The leaves of the tree.
        size: u64,
    },
    /// Consistency is only defined from a tree with leaves to one that is no smaller.
    #[error("there is no consistency proof from {old} to {new} leaves")]
    NoSuchSizes {
        /// The leaves of the older tree.
        old: u64,
        /// The leaves of the newer tree.
        new: u64,
    },
    /// The store did not give a node.
    #[error(transparent)]
    Node(#[from] E),
}

/// The proof has the wrong number of hashes or does not lead to the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// The leaf lies outside of the tree, or a size is one for which there is no proof.
    #[error("no proof exists for these sizes")]
    Sizes,
    /// Too few or too many hashes.
    #[error("the proof has {found} hashes, a proof of this place has {expected}")]
    Length {
        /// The hashes a proof of this leaf or these sizes has.
        expected: usize,
        /// The hashes this one has.
        found: usize,
    },
    /// The hashes lead to another root.
    #[error("the hashes of the proof do not lead to the root")]
    Root,
}

/// The root of the tree over the first `size` leaves.
///
/// # Errors
/// Those of the store.
pub fn root<N: Nodes>(size: u64, nodes: &N) -> Result<Hash, N::Error> {
    if size == 0 { Ok(empty_root()) } else { range_root(0, size, nodes) }
}

/// The hashes from the sibling of leaf `index` up to the child of the root (RFC 6962 §2.1.1).
///
/// # Errors
/// [`ProveError::NoSuchLeaf`] when the tree is not that large, else those of the store.
pub fn prove_inclusion<N: Nodes>(
    index: u64,
    size: u64,
    nodes: &N,
) -> Result<Vec<Hash>, ProveError<N::Error>> {
    if index >= size {
        return Err(ProveError::NoSuchLeaf { index, size });
    }
    let mut path = Vec::with_capacity(PATH_LENGTH_TYPICAL);
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let split = start + split_of(end - start);
        if index < split {
            path.push(range_root(split, end, nodes)?);
            end = split;
        } else {
            path.push(range_root(start, split, nodes)?);
            start = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of `old` leaves is the beginning of that of `new` leaves (RFC 6962 §2.1.2).
///
/// # Errors
/// [`ProveError::NoSuchSizes`] unless 1 ≤ `old` ≤ `new`, else those of the store.
pub fn prove_consistency<N: Nodes>(
    old: u64,
    new: u64,
    nodes: &N,
) -> Result<Vec<Hash>, ProveError<N::Error>> {
    if old == 0 || old > new {
        return Err(ProveError::NoSuchSizes { old, new });
    }
    let mut path = Vec::with_capacity(PATH_LENGTH_TYPICAL);
    let (mut start, mut end) = (0, new);
    while end != old {
        let split = start + split_of(end - start);
        if old <= split {
            path.push(range_root(split, end, nodes)?);
            end = split;
        } else {
            path.push(range_root(start, split, nodes)?);
            start = split;
        }
    }
    // What is left is a subtree of both trees. Where it is the whole old tree, the verifier has its root.
    if start > 0 {
        path.push(range_root(start, end, nodes)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that a leaf with this hash is at `index` of the tree with this size and root.
///
/// # Errors
/// [`BadProof`] when it does not prove that.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    path: &[Hash],
    root: &Hash,
) -> Result<(), BadProof> {
    if index >= size {
        return Err(BadProof::Sizes);
    }
    check_length(path, inclusion_length(index, size))?;
    let (mut place, mut last) = (index, size - 1);
    let mut hash = *leaf;
    for sibling in path {
        // A node without a right sibling is its parent: it climbs until it is a right child.
        while place == last && place & 1 == 0 {
            (place, last) = (place >> 1, last >> 1);
        }
        hash = if place & 1 == 1 { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) };
        (place, last) = (place >> 1, last >> 1);
    }
    if hash == *root { Ok(()) } else { Err(BadProof::Root) }
}

/// Checks that the tree with the first size and root is the beginning of that with the second.
///
/// # Errors
/// [`BadProof`] when it does not prove that; always when `old` is 0.
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    path: &[Hash],
) -> Result<(), BadProof> {
    if old == 0 || old > new {
        return Err(BadProof::Sizes);
    }
    check_length(path, consistency_length(old, new))?;
    if old == new {
        return if old_root == new_root { Ok(()) } else { Err(BadProof::Root) };
    }
    let (mut place, mut last) = (old - 1, new - 1);
    while place & 1 == 1 {
        (place, last) = (place >> 1, last >> 1);
    }
    let mut siblings = path.iter();
    // The old tree is a node of the new one exactly when its size is a power of two.
    let start = if place == 0 { Some(old_root) } else { siblings.next() };
    let Some(start) = start else { return Err(BadProof::Root) };
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in siblings {
        while place == last && place & 1 == 0 {
            (place, last) = (place >> 1, last >> 1);
        }
        if place & 1 == 1 {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(BadProof::Root) }
}

/// The roots of the complete subtrees before leaf `index`, the largest first, out of its inclusion proof. They are what
/// the leaves are appended to; whether they are true shows in the root.
pub fn subtrees_before(index: u64, size: u64, path: &[Hash]) -> Vec<Hash> {
    let (mut place, mut last) = (index, size.saturating_sub(1));
    let mut left = Vec::new();
    for sibling in path {
        while place == last && place & 1 == 0 && last > 0 {
            (place, last) = (place >> 1, last >> 1);
        }
        if place & 1 == 1 {
            left.push(*sibling);
        }
        (place, last) = (place >> 1, last >> 1);
    }
    left.reverse();
    left
}

const fn check_length(path: &[Hash], expected: usize) -> Result<(), BadProof> {
    let found = path.len();
    if found == expected { Ok(()) } else { Err(BadProof::Length { expected, found }) }
}

/// How many hashes prove leaf `index` of `size`: one a level up to where the path meets the right edge,
/// and above that one for each complete subtree to its left.
const fn inclusion_length(index: u64, size: u64) -> usize {
    let inner = u64::BITS - (index ^ (size - 1)).leading_zeros();
    let border = match index.checked_shr(inner) {
        Some(above) => above.count_ones(),
        None => 0,
    };
    (inner + border) as usize
}

/// How many hashes prove that `old` leaves begin `new` leaves: those that prove the newest subtree of the
/// old tree, and that subtree itself unless it is the whole old tree.
const fn consistency_length(old: u64, new: u64) -> usize {
    if old == new {
        return 0;
    }
    let level = old.trailing_zeros();
    let (place, last) = ((old - 1) >> level, (new - 1) >> level);
    inclusion_length(place, last + 1) + (!old.is_power_of_two()) as usize
}

/// The largest power of two below `count`, which is at least 2.
const fn split_of(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// The root over the leaves from `start` up to `end`, where `start` is a multiple of the smallest power
/// of two that is no less than their number.
fn range_root<N: Nodes>(start: u64, end: u64, nodes: &N) -> Result<Hash, N::Error> {
    let count = end - start;
    let complete = 1u64 << count.ilog2();
    let left = nodes.node(count.ilog2() as u8, start / complete)?;
    if count == complete {
        return Ok(left);
    }
    let right = range_root(start + complete, end, nodes)?;
    Ok(node_hash(&left, &right))
}
