//! A ledger that is a mirror of another: from when, and what it shows. How entries are copied, `service/mirroring` knows.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::super::mirroring::{MirrorError, MirrorParts, Mirroring};
use super::super::recover::RecoverError;
use super::super::worker::Work;
use super::{Ledger, Parts};
use crate::net::LedgerUrl;

/// Copies that may wait for the writer: it is never idle, and memory stays bounded.
const COPIES_MAX: usize = 2;

/// Why a mirror does not start.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MirrorStartError {
    /// What is on the disk must not be continued.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// What it announced cannot be taken up.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
}

impl Ledger {
    /// Recovers a mirror and starts it. `parts` are those of the copy: its signer signs for its own journal, under the
    /// origin of the ledger that is copied.
    ///
    /// # Errors
    /// [`MirrorStartError`].
    pub fn start_mirror(parts: Parts, of: MirrorParts) -> Result<Self, MirrorStartError> {
        let (sender, copies) = mpsc::channel(COPIES_MAX);
        let ledger = Self::start_on(parts, None, Work::Copies(copies))?;
        let (origin, lookup) = (ledger.origin().clone(), ledger.0.lookup.clone());
        let mirroring = Mirroring::new(of, origin, lookup, sender)?;
        ledger.0.mirroring.get_or_init(|| Arc::new(mirroring));
        Ok(ledger)
    }

    /// Where the ledger is of which this is a mirror.
    pub fn mirrored(&self) -> Option<&LedgerUrl> {
        self.0.mirroring.get().map(|mirroring| mirroring.ledger().ledger())
    }

    /// What keeps a mirror from going on, if anything does.
    pub fn mirror_trouble(&self) -> Option<MirrorError> {
        self.0.mirroring.get().and_then(|mirroring| mirroring.trouble())
    }

    /// Copies what is new, for as long as it is awaited; at once ready where this is no mirror.
    pub async fn keep_mirroring(&self) {
        if let Some(mirroring) = self.0.mirroring.get() {
            mirroring.run().await;
        }
    }
}
