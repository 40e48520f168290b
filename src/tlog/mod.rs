//! The transparency log formats of C2SP: tree, tiles, notes, checkpoints, cosignatures, proofs and
//! trust policies (protocol §7). This module knows nothing of agreements.
//!
//! - [`Frontier`] appends and tells roots; [`Recent`] also proves what is new; [`Nodes`] is what proofs
//!   are made from, [`verify_inclusion`] and [`verify_consistency`] check them.
//! - [`TilePath`] names tiles, [`TileTree`] and [`parse_bundle`] read them, [`TileReader`] is the tree that
//!   they are.
//! - [`Note`] is signed text, [`VerifierKey`] a key that signs such; [`LogSigner`] signs a [`Checkpoint`] of
//!   the log named by its [`Origin`], a [`Cosigner`] vouches for one.
//! - An [`AddCheckpoint`] asks a witness to cosign a [`ForeignCheckpoint`], of whichever log it is;
//!   [`check_signed`] and [`check_follows`] are its rule.
//! - A [`Proof`] is what a person keeps, and a [`Policy`] says whose checkpoints to believe.

mod add_checkpoint;
mod checkpoint;
mod cosignature;
mod foreign_checkpoint;
mod frontier;
mod key;
mod merkle;
mod note;
mod origin;
mod policy;
mod policy_file;
mod proof;
mod quorum;
mod recent;
mod tile;
mod tile_path;
mod tile_reader;
mod witness;

pub use add_checkpoint::{AddCheckpoint, NotAnAddCheckpoint};
pub use checkpoint::{
    BadLogSignature, Checkpoint, LogSigner, NotACheckpoint, SignedCheckpoint, parse_decimal,
};
pub use cosignature::{BadCosignature, Cosigner, cosignature_in, verify_cosignature};
pub use foreign_checkpoint::ForeignCheckpoint;
pub use frontier::{Frontier, NotAFrontier};
pub use key::{KeyId, KeyName, NotAKey, Scheme, VerifierKey};
pub use merkle::{
    BadProof, Nodes, ProveError, empty_root, leaf_hash, node_hash, prove_consistency,
    prove_inclusion, root, subtrees_before, verify_consistency, verify_inclusion,
};
pub use note::{NotANote, Note, NoteSignature};
pub use origin::{NotAnOrigin, Origin};
pub use policy::{Judgement, Listed, LogFinding, Policy, QuorumFinding, WitnessFinding};
pub use policy_file::{NotAPolicy, PolicyFault};
pub use proof::{NotAProof, Proof};
pub use quorum::Quorum;
pub use recent::{NotRecent, Recent};
pub use tile::{
    BadTile, ENTRY_LENGTH_MAX, EntryTooLong, TileTree, encode_bundle, encode_hashes,
    leading_entries, parse_bundle, parse_hashes,
};
pub use tile_path::{NotATilePath, TILE_HEIGHT, TILE_WIDTH, TileKind, TilePath};
pub use tile_reader::{ReadError, TileReader, Tiles};
pub use witness::{NotWitnessed, check_follows, check_signed, log_hash, with_known_lines};
