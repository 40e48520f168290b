//! Where the ledger keeps its bytes: five synchronous traits and their engines.
//!
//! - [`Journal`] is the commit point: leaves, their words and the checkpoint that covers them become
//!   durable in one step or not at all.
//! - [`Objects`] are named bytes derived from the journal: full tiles, entry bundles and word packs.
//! - [`Index`] finds entries. It holds no words, may be deleted at any time and is rebuilt from the rest.
//! - [`Endpoints`] are what is kept of organizations' webhooks, which is not in the log.
//! - [`Witnessed`] is what a witness cosigned last of each log; a ledger has none.
//!
//! One file (or folder) an engine, and an engine's types never leave it: callers hold the traits. This
//! module knows bytes, sizes and names; what a leaf or a disclosure says is no business of it.

mod batch;
mod endpoints;
mod error;
mod fingerprints;
mod index;
mod journal;
pub mod local;
pub mod memory;
mod objects;
mod pack;
pub mod sled;
mod witnessed;

pub use batch::{BadBatch, Batch, Head, LEAF_LENGTH_MAX, Record, Word, WordRef};
pub use endpoints::{Endpoints, RECORD_BYTES_MAX};
pub use error::StoreError;
pub use index::{
    APPLY_MAX, Chain, ChainKind, ChainLink, Index, IndexError, Indexed, List, Position, ShortName,
    WordEvents,
};
pub use journal::{CommitError, Journal, ScrubError};
pub use objects::{ObjectName, Objects, PutError};
pub use pack::{BadPack, Pack};
pub use witnessed::{WITNESSED_BYTES_MAX, Witnessed};

/// Entries in a full bundle, hashes in a full tile and entries in a pack (C2SP tlog-tiles).
pub const BUNDLE_LENGTH: u64 = 256;
