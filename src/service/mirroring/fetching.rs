//! Bundles of a ledger, as entries whose signatures verified, with their words.

use std::sync::Arc;

use super::words::add_words;
use super::{MirrorError, NotCopied};
use crate::ledger::replay::Logged;
use crate::net::Client;
use crate::service::audit::AuditError;
use crate::service::audit::fetched::{BUNDLE_BYTES_MAX, fetch_tile};
use crate::tlog::{TILE_WIDTH, TileKind, TilePath, parse_bundle};

/// The bundles that hold the entries from `first` on, in a tree of that size.
pub(super) fn paths(first: u64, size: u64) -> impl Iterator<Item = TilePath> {
    TilePath::all_in_tree(TileKind::Entries, size)
        .skip_while(move |path| path.first() + u64::from(path.width()) <= first)
}

/// The entries of a bundle from `first` on.
pub(super) async fn fetch(
    client: Client,
    path: TilePath,
    first: u64,
    origin: Arc<str>,
) -> Result<Vec<Logged>, MirrorError> {
    let bytes = fetch_tile(&client, path, BUNDLE_BYTES_MAX).await?;
    let first = first.max(path.first());
    let read = move || {
        let exact = parse_bundle(&bytes, path.width());
        let leaves = exact.or_else(|_| parse_bundle(&bytes, TILE_WIDTH));
        let leaves = leaves.map_err(|_| MirrorError::Audit(AuditError::NotATile(path)))?;
        let skipped = (first - path.first()) as usize;
        let wanted = leaves.into_iter().take(path.width().into()).skip(skipped);
        let entries = (first..).zip(wanted).map(|(index, leaf)| {
            let broken = |why| MirrorError::NotCopied(NotCopied::Broken { index, why });
            Logged::read(bytes.slice_ref(leaf), &origin).map_err(broken)
        });
        entries.collect::<Result<Vec<_>, _>>()
    };
    let entries = tokio::task::spawn_blocking(read).await.map_err(|_| AuditError::Worker)??;
    add_words(&client, first, entries).await
}
