//! Tiles as they are fetched: bundles checked on their way, and those before kept for when a rule asks.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use lru::LruCache;
use tokio::runtime::Handle;

use super::{AuditError, Source};
use crate::crypto::Hash;
use crate::tlog::{
    ENTRY_LENGTH_MAX, Origin, TILE_WIDTH, TileKind, TilePath, parse_bundle, parse_hashes,
};
use crate::verify::{Checked, Past, check_leaf};

/// Every entry of the largest size, each with its length.
pub(in crate::service) const BUNDLE_BYTES_MAX: usize = TILE_WIDTH as usize * (2 + ENTRY_LENGTH_MAX);
const HASHES_BYTES_MAX: usize = TILE_WIDTH as usize * 32;
/// Bundles kept for what later entries refer to: at 1 to 3 KiB an entry, about 40 MB.
const BUNDLES_KEPT: std::num::NonZeroUsize = match std::num::NonZeroUsize::new(64) {
    Some(count) => count,
    None => std::num::NonZeroUsize::MIN,
};

/// The bundles that hold the entries from `first` on, in a tree of that size.
pub(in crate::service) fn bundles(first: u64, size: u64) -> impl Iterator<Item = TilePath> {
    TilePath::all_in_tree(TileKind::Entries, size)
        .skip_while(move |path| path.first() + u64::from(path.width()) <= first)
}

/// A bundle whose leaves were checked, and the tile of hashes beside it.
pub(super) struct Piece {
    /// Where the bundle is.
    pub(super) path: TilePath,
    pub(super) bundle: Bytes,
    /// The leaves that are wanted, from `first` on.
    pub(super) first: u64,
    pub(super) checked: Vec<Checked>,
    /// All hashes of the tile with this path.
    pub(super) hashes: (TilePath, Vec<Hash>),
}

/// Fetches a bundle and its tile of hashes, and checks its leaves on a worker.
pub(super) async fn fetch<S: Source>(
    source: S,
    path: TilePath,
    first: u64,
    origin: Arc<Origin>,
) -> Result<Piece, AuditError> {
    let of_hashes = TilePath::new(TileKind::Hashes { level: 0 }, path.index(), path.width());
    let of_hashes = of_hashes.map_err(|_| AuditError::NotATile(path))?;
    let (bundle, hashes) = futures_util::future::try_join(
        fetch_tile(&source, path, BUNDLE_BYTES_MAX),
        fetch_hashes(&source, of_hashes),
    )
    .await?;
    let check = move || check_bundle(path, bundle, first, &origin);
    let (bundle, first, checked) =
        tokio::task::spawn_blocking(check).await.map_err(|_| AuditError::Worker)??;
    Ok(Piece { path, bundle, first, checked, hashes: (of_hashes, hashes) })
}

fn check_bundle(
    path: TilePath,
    bundle: Bytes,
    first: u64,
    origin: &Origin,
) -> Result<(Bytes, u64, Vec<Checked>), AuditError> {
    let leaves = read_bundle(&path, &bundle)?;
    let skipped = first.saturating_sub(path.first());
    let wanted = leaves.into_iter().skip(skipped as usize);
    let checked = wanted.map(|leaf| check_leaf(leaf, origin)).collect();
    Ok((bundle, path.first() + skipped, checked))
}

/// The leaves of a bundle, which may be a wider one than asked for.
pub(in crate::service) fn read_bundle<'bytes>(
    path: &TilePath,
    bytes: &'bytes [u8],
) -> Result<Vec<&'bytes [u8]>, AuditError> {
    let exact = parse_bundle(bytes, path.width());
    let leaves = exact.or_else(|_| parse_bundle(bytes, TILE_WIDTH));
    let mut leaves = leaves.map_err(|_| AuditError::NotATile(*path))?;
    leaves.truncate(path.width().into());
    Ok(leaves)
}

/// The hashes of a tile, and of no more than its path says.
pub(in crate::service) async fn fetch_hashes<S: Source>(
    source: &S,
    path: TilePath,
) -> Result<Vec<Hash>, AuditError> {
    let bytes = fetch_tile(source, path, HASHES_BYTES_MAX).await?;
    let exact = parse_hashes(&bytes, path.width());
    let hashes = exact.or_else(|_| parse_hashes(&bytes, TILE_WIDTH));
    let mut hashes = hashes.map_err(|_| AuditError::NotATile(path))?;
    hashes.truncate(path.width().into());
    Ok(hashes)
}

/// A log may drop a partial tile once the full one is there.
pub(in crate::service) async fn fetch_tile<S: Source>(
    source: &S,
    path: TilePath,
    bytes_max: usize,
) -> Result<Bytes, AuditError> {
    match source.file(&path.to_string(), bytes_max).await {
        Err(error) if error.is_not_found() && !path.is_full() => {
            Ok(source.file(&path.full().to_string(), bytes_max).await?)
        }
        other => Ok(other?),
    }
}

/// The entries fetched so far. The newest are kept; an older one is fetched again.
pub(in crate::service) struct Fetched<S> {
    source: S,
    size: u64,
    runtime: Handle,
    kept: Mutex<LruCache<u64, (TilePath, Bytes)>>,
}

impl<S: Source> Fetched<S> {
    /// Those of the ledger of `size` entries. It is made on a runtime and then used off its threads.
    pub(in crate::service) fn new(source: S, size: u64) -> Self {
        let kept = Mutex::new(LruCache::new(BUNDLES_KEPT));
        Self { source, size, runtime: Handle::current(), kept }
    }

    pub(super) fn keep(&self, path: TilePath, bundle: Bytes) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(path.index(), (path, bundle));
    }

    fn bundle(&self, index: u64) -> Result<(TilePath, Bytes), AuditError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get(&index) {
            return Ok(found.clone());
        }
        let path = TilePath::in_tree(TileKind::Entries, index, self.size);
        let path = path.ok_or(AuditError::Worker)?;
        let fetching = fetch_tile(&self.source, path, BUNDLE_BYTES_MAX);
        let bundle = self.runtime.block_on(fetching)?;
        kept.put(index, (path, bundle.clone()));
        Ok((path, bundle))
    }
}

impl<S: Source> Past for Fetched<S> {
    type Error = AuditError;

    fn leaf(&self, index: u64) -> Result<Vec<u8>, AuditError> {
        let (path, bundle) = self.bundle(index / u64::from(TILE_WIDTH))?;
        let leaves = read_bundle(&path, &bundle)?;
        let leaf = leaves.get((index % u64::from(TILE_WIDTH)) as usize);
        leaf.map(|leaf| leaf.to_vec()).ok_or(AuditError::Changed(index))
    }
}
