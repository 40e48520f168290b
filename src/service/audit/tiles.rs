//! The tiles of hashes behind a source, for proofs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use tokio::runtime::Handle;

use super::fetched::fetch_hashes;
use super::{AuditError, Source};
use crate::crypto::Hash;
use crate::tlog::{
    Checkpoint, ProveError, ReadError, TileKind, TilePath, TileReader, TileTree, Tiles,
    prove_consistency, root, verify_consistency,
};

/// The tiles of hashes that proofs are made from, each fetched once. They need not be true: a proof made from a
/// wrong one does not lead to the root.
pub(in crate::service) struct SourceTiles<S> {
    source: S,
    runtime: Handle,
    known: RefCell<HashMap<(u8, u64), Arc<TileTree>>>,
}

impl<S: Source> Tiles for SourceTiles<S> {
    type Error = AuditError;

    fn tile(&self, path: &TilePath) -> Result<Arc<TileTree>, AuditError> {
        let TileKind::Hashes { level } = path.kind() else {
            return Err(AuditError::NotATile(*path));
        };
        let key = (level, path.index());
        if let Some(tile) = self.known.borrow().get(&key) {
            return Ok(tile.clone());
        }
        let hashes = self.runtime.block_on(fetch_hashes(&self.source, *path))?;
        let tile = Arc::new(TileTree::of(hashes));
        self.known.borrow_mut().insert(key, tile.clone());
        Ok(tile)
    }
}

impl<S: Source> SourceTiles<S> {
    /// Made on a runtime and then used off its threads.
    pub(in crate::service) fn new(source: S, runtime: Handle) -> Self {
        Self { source, runtime, known: RefCell::default() }
    }

    pub(in crate::service) const fn source(&self) -> &S {
        &self.source
    }

    /// Waits for what is fetched.
    pub(in crate::service) fn wait<F: Future>(&self, fetching: F) -> F::Output {
        self.runtime.block_on(fetching)
    }

    /// The root that the tree of a checkpoint had at a size, 1 or more and no larger, and the proof of it.
    ///
    /// # Errors
    /// [`AuditError`], also when the tiles do not make the tree that the checkpoint signs.
    pub(in crate::service) fn root_before(
        &self,
        size: u64,
        of: &Checkpoint,
    ) -> Result<(Hash, Vec<Hash>), AuditError> {
        if size == of.size() {
            return Ok((*of.root(), Vec::new()));
        }
        let reader = TileReader::new(self, of.size());
        let then = root(size, &reader)?;
        let proof = prove_consistency(size, of.size(), &reader).map_err(|error| match error {
            ProveError::Node(error) => error.into(),
            _ => AuditError::NotItsTree,
        })?;
        verify_consistency(size, &then, of.size(), of.root(), &proof)
            .map_err(|_| AuditError::NotItsTree)?;
        Ok((then, proof))
    }

    /// Keeps a tile that is known already.
    pub(in crate::service) fn keep(&self, level: u8, index: u64, tile: Arc<TileTree>) {
        self.known.borrow_mut().insert((level, index), tile);
    }
}

impl From<ReadError<AuditError>> for AuditError {
    fn from(error: ReadError<AuditError>) -> Self {
        match error {
            ReadError::Tile(error) => error,
            ReadError::Narrow(path) => Self::NotATile(path),
            ReadError::Beyond { .. } => Self::NotItsTree,
        }
    }
}
