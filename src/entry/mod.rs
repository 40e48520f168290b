//! What the ledger appends and what a person keeps: the leaf, its links and the bundle (protocol §6, §8).

mod bundle;
mod leaf;

pub use bundle::{Bundle, NotABundle, file_name};
pub use leaf::{BadLeaf, Entry, LEAF_MAX, Link, Links, domains_begun, opens_its_thread};
