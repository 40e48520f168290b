//! `tlog/` against others: the public vectors of RFC 6962, and three published crates.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that meets what it did not expect stops its test"
)]

mod consistency;
mod notes;
mod oracles;
mod rfc6962;
mod tiles;
mod vectors;
mod witness;

use onrecord::crypto::Hash;
use onrecord::tlog::{Recent, leaf_hash};

/// The bytes of leaf `index` of the tree that these tests grow.
fn leaf(index: u64) -> Vec<u8> {
    format!("leaf {index}").into_bytes()
}

/// The tree of that many such leaves.
fn tree(size: u64) -> Recent {
    let mut tree = Recent::default();
    (0..size).for_each(|index| tree.push(leaf_hash(&leaf(index))));
    tree
}

/// The same hash with its last bit turned.
fn turned(hash: &Hash) -> Hash {
    let mut bytes = *hash.as_bytes();
    bytes[31] ^= 1;
    Hash::from_bytes(bytes)
}
