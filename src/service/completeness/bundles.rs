//! Bundles of entries as a walk wants them: fetched, ahead of it where it looks at one after the other, and held
//! against the signed tree.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::{join, join_all};
use tokio::runtime::Handle;

use crate::crypto::Hash;
use crate::net::FetchError;
use crate::service::audit::fetched::{BUNDLE_BYTES_MAX, fetch_hashes, fetch_tile};
use crate::service::audit::tiles::SourceTiles;
use crate::service::audit::{AuditError, Source};
use crate::tlog::{Checkpoint, TILE_WIDTH, TileKind, TilePath, TileReader, TileTree};
use crate::verify::completeness::{Held, Wanted};

/// Bundles fetched at once where one after the other is wanted, and kept: at 1 to 3 KiB an entry, 6 MB.
const AHEAD: u64 = 8;

/// The bundles of the tree of a checkpoint.
pub(super) struct Bundles<S> {
    tiles: SourceTiles<S>,
    checkpoint: Checkpoint,
    kept: VecDeque<Held>,
}

impl<S: Source> Bundles<S> {
    /// Made on a runtime and then used off its threads.
    pub(super) fn new(source: S, checkpoint: Checkpoint, runtime: Handle) -> Self {
        let tiles = SourceTiles::new(source, runtime);
        Self { tiles, checkpoint, kept: VecDeque::new() }
    }

    /// The bundle around the wanted entry, and whether it was fetched for it just now.
    pub(super) fn around(&mut self, wanted: Wanted) -> Result<(&Held, bool), AuditError> {
        let number = wanted.index / u64::from(TILE_WIDTH);
        let mut is_new = false;
        let mut at = self.find(number);
        if at.is_none() {
            let last = wanted.down_to.map_or(number, |last| last / u64::from(TILE_WIDTH));
            let first = number.saturating_sub(AHEAD - 1).max(last.min(number));
            self.fetch(first, number)?;
            (is_new, at) = (true, self.find(number));
        }
        let held = at.and_then(|at| self.kept.get_mut(at)).ok_or(AuditError::Worker)?;
        Ok((held, is_new))
    }

    fn find(&self, number: u64) -> Option<usize> {
        self.kept.iter().position(|held| held.path.index() == number)
    }

    /// Fetches these bundles and holds them against the tree. The one at its right edge is part of the proof of every
    /// other, and so is always the first.
    fn fetch(&mut self, first: u64, last: u64) -> Result<(), AuditError> {
        let size = self.checkpoint.size();
        let path = |number| TilePath::in_tree(TileKind::Entries, number, size);
        let paths = (first..=last).rev().filter_map(path);
        let source = self.tiles.source();
        let fetches = join_all(paths.map(|path| fetch_both(source, path)));
        for fetched in self.tiles.wait(fetches) {
            let Fetched { path, bundle, hashes } = fetched?;
            let held = self.hold(path, bundle.as_deref(), hashes.as_deref())?;
            if let (false, Some(hashes)) = (path.is_full(), &held.hashes) {
                let edge = Arc::new(TileTree::of(hashes.clone()));
                self.tiles.keep(0, path.index(), edge);
            }
            self.kept.push_back(held);
        }
        while self.kept.len() > AHEAD as usize {
            self.kept.pop_front();
        }
        Ok(())
    }

    fn hold(
        &self,
        path: TilePath,
        bundle: Option<&[u8]>,
        hashes: Option<&[Hash]>,
    ) -> Result<Held, AuditError> {
        let nodes = TileReader::new(&self.tiles, self.checkpoint.size());
        Held::new(path, bundle, hashes, &self.checkpoint, &nodes).map_err(AuditError::from)
    }
}

/// A bundle and the tile of hashes beside it; either is absent where the ledger has none.
struct Fetched {
    path: TilePath,
    bundle: Option<Bytes>,
    hashes: Option<Vec<Hash>>,
}

async fn fetch_both<S: Source>(source: &S, path: TilePath) -> Result<Fetched, AuditError> {
    let kind = TileKind::Hashes { level: 0 };
    let beside = TilePath::new(kind, path.index(), path.width());
    let beside = beside.map_err(|_| AuditError::NotATile(path))?;
    let (bundle, hashes) =
        join(fetch_tile(source, path, BUNDLE_BYTES_MAX), fetch_hashes(source, beside)).await;
    let bundle = if_there(bundle)?;
    let hashes = match hashes {
        // What is no tile holds no hashes that could help.
        Err(AuditError::NotATile(_)) => None,
        other => if_there(other)?,
    };
    Ok(Fetched { path, bundle, hashes })
}

/// That a file is not there is an answer; that nothing answers is none.
fn if_there<T>(fetched: Result<T, AuditError>) -> Result<Option<T>, AuditError> {
    match fetched {
        Ok(found) => Ok(Some(found)),
        Err(AuditError::Fetch(error)) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file larger than any of its kind is not that file.
fn is_absence(error: &FetchError) -> bool {
    error.is_not_found() || matches!(error, FetchError::TooLarge { .. })
}
