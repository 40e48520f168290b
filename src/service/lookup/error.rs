//! Why something could not be looked up.

use crate::entry::BadLeaf;
use crate::store::{BadPack, IndexError, ObjectName, StoreError};
use crate::tlog::BadTile;

/// Why something could not be looked up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LookupError {
    /// The index is still being built, so nothing can be found by name.
    #[error("the index is being built")]
    IndexBuilding,
    /// Titles and leaf hashes are still being read, so nothing can be found by them.
    #[error("the search is being built, {done} of {of} entries")]
    SearchBuilding {
        /// Entries that were read.
        done: u64,
        /// Entries there are.
        of: u64,
    },
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The objects failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An object that must be there is not.
    #[error("{0} is missing")]
    Missing(ObjectName),
    /// An object holds another entry than the tree.
    #[error("{0} is not what was logged. Put it back from a copy or a mirror")]
    Changed(ObjectName),
    /// A tile or bundle does not parse.
    #[error("{name}: {error}")]
    BadTile {
        /// Which.
        name: ObjectName,
        /// Why not.
        error: BadTile,
    },
    /// A pack does not parse.
    #[error("{name}: {error}")]
    BadPack {
        /// Which.
        name: ObjectName,
        /// Why not.
        error: BadPack,
    },
    /// A leaf does not parse.
    #[error("entry {index}: {error}")]
    BadLeaf {
        /// Which entry.
        index: u64,
        /// Why not.
        error: BadLeaf,
    },
    /// An entry contradicts another.
    #[error("entry {index}: {what}")]
    Inconsistent {
        /// Which entry.
        index: u64,
        /// How.
        what: &'static str,
    },
}
