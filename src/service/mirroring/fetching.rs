//! Bundles of a ledger, as entries whose signatures verified, with their words.

use std::sync::Arc;

use super::words::add_words;
use super::{MirrorError, NotCopied};
use crate::ledger::replay::Logged;
use crate::net::Client;
use crate::service::audit::AuditError;
use crate::service::audit::fetched::{BUNDLE_BYTES_MAX, fetch_tile, read_bundle};
use crate::tlog::TilePath;

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
        let leaves = read_bundle(&path, &bytes)?;
        let wanted = (path.first()..).zip(leaves).filter(|(index, _)| *index >= first);
        let entries = wanted.map(|(index, leaf)| {
            let broken = |why| MirrorError::NotCopied(NotCopied::Broken { index, why });
            Logged::read(bytes.slice_ref(leaf), &origin).map_err(broken)
        });
        entries.collect::<Result<Vec<_>, _>>()
    };
    let entries = tokio::task::spawn_blocking(read).await.map_err(|_| AuditError::Worker)??;
    add_words(&client, first, entries).await
}
