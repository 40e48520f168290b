//! The rule of a witness: what it takes as the successor of the checkpoint that it cosigned last (C2SP tlog-witness).
//! That the last one is remembered, and the next one written down before it is answered, is for the caller.

use super::add_checkpoint::AddCheckpoint;
use super::foreign_checkpoint::ForeignCheckpoint;
use super::merkle::{BadProof, empty_root, verify_consistency};
use super::policy::{LogFinding, Policy};
use crate::crypto::{Hash, sha256};

/// Why a witness does not cosign a checkpoint. Where several hold, the first in this order is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotWitnessed {
    /// The witness does not know the log.
    #[error("this witness does not know the log with that origin")]
    UnknownLog,
    /// No line is by a known key of the log.
    #[error("the checkpoint is not signed by a key that this witness knows of the log")]
    NotSigned,
    /// A line under the name of a known key of the log is not by it.
    #[error("a signature under the name of the log's key is not by that key")]
    BadSignature,
    /// The size in the first line is larger than that of the checkpoint.
    #[error("the old size is larger than that of the checkpoint")]
    OldSize,
    /// The witness cosigned a checkpoint of another size last.
    #[error("the checkpoint cosigned last has size {0}")]
    OtherSize(u64),
    /// An empty tree has one root only.
    #[error("the root is not that of a tree without leaves")]
    EmptyRoot,
    /// Nothing is to be proven from a tree without leaves.
    #[error("from a tree without leaves the proof is empty")]
    ProofOfNothing,
    /// The tree does not begin with the one cosigned last: either the log has two histories or the proof is wrong.
    #[error("the checkpoint does not follow from the one cosigned last: {0}")]
    Inconsistent(BadProof),
}

/// The name by which a witness is asked for its checkpoint of a log: the SHA-256 of the log's origin.
pub fn log_hash(origin: &str) -> Hash {
    sha256(origin.as_bytes())
}

/// Checks what needs no memory: that the log is known, that it signed, and that the sizes are in order.
///
/// # Errors
/// [`NotWitnessed`], of the reasons up to [`NotWitnessed::OldSize`].
pub fn check_signed(policy: &Policy, request: &AddCheckpoint) -> Result<(), NotWitnessed> {
    let checkpoint = request.checkpoint();
    match policy.find_log(checkpoint.origin(), checkpoint.note()) {
        LogFinding::Signed(_) => {}
        LogFinding::UnknownLog => return Err(NotWitnessed::UnknownLog),
        LogFinding::Missing => return Err(NotWitnessed::NotSigned),
        LogFinding::Bad => return Err(NotWitnessed::BadSignature),
    }
    if request.old() > checkpoint.size() { Err(NotWitnessed::OldSize) } else { Ok(()) }
}

/// Checks that the checkpoint follows from the one cosigned last, given as size and root.
///
/// # Errors
/// [`NotWitnessed`], of the reasons from [`NotWitnessed::OtherSize`] on.
pub fn check_follows(
    last: Option<(u64, Hash)>,
    request: &AddCheckpoint,
) -> Result<(), NotWitnessed> {
    let checkpoint = request.checkpoint();
    let (size, root) = last.unwrap_or_else(|| (0, empty_root()));
    if request.old() != size {
        return Err(NotWitnessed::OtherSize(size));
    }
    if checkpoint.size() == 0 && *checkpoint.root() != empty_root() {
        return Err(NotWitnessed::EmptyRoot);
    }
    match size {
        0 if request.proof().is_empty() => Ok(()),
        0 => Err(NotWitnessed::ProofOfNothing),
        _ => {
            let (new, proof) = (checkpoint.root(), request.proof());
            verify_consistency(size, &root, checkpoint.size(), new, proof)
                .map_err(NotWitnessed::Inconsistent)
        }
    }
}

/// The checkpoint with the lines of it that this policy knows as the log's, and no other.
///
/// # Errors
/// [`NotWitnessed::NotSigned`] when there is none.
pub fn with_known_lines(
    policy: &Policy,
    checkpoint: &ForeignCheckpoint,
) -> Result<ForeignCheckpoint, NotWitnessed> {
    let keys: Vec<_> = policy.log_keys(checkpoint.origin()).collect();
    let lines = checkpoint.note().signatures().iter();
    let known = lines.filter(|line| keys.iter().any(|key| line.names(key))).cloned().collect();
    checkpoint.signed_by(known).map_err(|_| NotWitnessed::NotSigned)
}
