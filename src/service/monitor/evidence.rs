//! Finds what shows to others that a log misbehaved, in the files that an address of it serves.

use tokio::runtime::Handle;

use crate::crypto::Hash;
use crate::entry::Entry;
use crate::service::audit::fetched::Fetched;
use crate::service::audit::tiles::SourceTiles;
use crate::service::audit::{AuditError, Finding, Source};
use crate::tlog::{
    Proof, ProveError, ReadError, SignedCheckpoint, TileReader, leaf_hash, prove_inclusion,
};
use crate::verify::evidence::{Evidence, Fork, Logged, contradiction};
use crate::verify::{Fault, Past as _};

/// Whether the tree of the newer checkpoint, which the source serves, does not begin with that of the older one.
///
/// # Errors
/// [`AuditError`], also when the tiles do not make the newer tree.
pub(super) async fn fork_between<S: Source>(
    source: S,
    older: SignedCheckpoint,
    newer: SignedCheckpoint,
) -> Result<Option<Fork>, AuditError> {
    let runtime = Handle::current();
    let comparing = tokio::task::spawn_blocking(move || {
        let tiles = SourceTiles::new(source, runtime);
        let old = older.checkpoint();
        let (root, consistency) = tiles.root_before(old.size(), newer.checkpoint())?;
        let same = root == *old.root();
        Ok((!same).then_some(Fork { root, consistency, older, newer }))
    });
    comparing.await.map_err(|_| AuditError::Worker)?
}

/// What shows that an entry is not what it must be; nothing where only the address can be blamed.
///
/// # Errors
/// [`AuditError`] when the files that it takes cannot be had.
pub(super) async fn evidence_of<S: Source>(
    source: S,
    checkpoint: &SignedCheckpoint,
    finding: &Finding,
) -> Result<Option<Evidence>, AuditError> {
    let Finding { index, fault } = finding.clone();
    let of_no_entry = |fault: &Fault| {
        matches!(
            fault,
            Fault::TileMismatch(_) | Fault::RootMismatch { .. } | Fault::LogKeyMissing(_)
        )
    };
    if of_no_entry(&fault) {
        return Ok(None);
    }
    let (runtime, checkpoint) = (Handle::current(), checkpoint.clone());
    let files = Files {
        past: Fetched::new(source.clone(), checkpoint.checkpoint().size()),
        tiles: SourceTiles::new(source, runtime),
        checkpoint,
    };
    let finding = tokio::task::spawn_blocking(move || match files.show(index, &fault) {
        // Nothing is shown by files that are not of the signed tree.
        Err(AuditError::NotItsTree) => Ok(None),
        shown => shown.map(Some),
    });
    finding.await.map_err(|_| AuditError::Worker)?
}

/// The files of the tree of a checkpoint.
struct Files<S> {
    past: Fetched<S>,
    tiles: SourceTiles<S>,
    checkpoint: SignedCheckpoint,
}

impl<S: Source> Files<S> {
    fn show(&self, index: u64, fault: &Fault) -> Result<Evidence, AuditError> {
        let entry = self.logged(index)?;
        let beside = match fault {
            Fault::LoggedTwice { first } => Some(*first),
            Fault::NotAnEntry(_) | Fault::WrongIndex { .. } | Fault::Refused(_) => None,
            _ => self.contradicted(index, &entry)?,
        };
        let beside = beside.map(|earlier| self.logged(earlier)).transpose()?;
        let entries = beside.into_iter().chain([entry]).collect();
        Ok(Evidence::Entries { rule: fault.name().to_owned(), entries })
    }

    /// The nearest entry before it that it contradicts.
    fn contradicted(&self, index: u64, entry: &Logged) -> Result<Option<u64>, AuditError> {
        let Ok(later) = Entry::parse(&entry.leaf) else { return Ok(None) };
        for before in (0..index).rev() {
            let leaf = self.past.leaf(before)?;
            let Ok(earlier) = Entry::parse(&leaf) else { continue };
            if contradiction(&earlier, &leaf_hash(&leaf), &later).is_some() {
                return Ok(Some(before));
            }
        }
        Ok(None)
    }

    /// An entry, and the proof that the log holds it.
    fn logged(&self, index: u64) -> Result<Logged, AuditError> {
        let leaf = self.past.leaf(index)?;
        let size = self.checkpoint.checkpoint().size();
        let reader = TileReader::new(&self.tiles, size);
        let path: Vec<Hash> = proved(prove_inclusion(index, size, &reader))?;
        let proof = Proof::new(index, path, self.checkpoint.clone());
        let proof = proof.map_err(|_| AuditError::NotItsTree)?;
        proof.verify(&leaf_hash(&leaf)).map_err(|_| AuditError::NotItsTree)?;
        Ok(Logged { leaf, proof: proof.to_string() })
    }
}

fn proved<T>(made: Result<T, ProveError<ReadError<AuditError>>>) -> Result<T, AuditError> {
    made.map_err(|error| match error {
        ProveError::Node(error) => error.into(),
        _ => AuditError::NotItsTree,
    })
}
