//! How the ledger is, in numbers.

use std::time::Duration;

use super::super::end::End;
use super::{Ledger, lock};
use crate::net::LedgerUrl;

/// A batch that takes longer than this means that the ledger hangs.
const STALE_AFTER: Duration = Duration::from_secs(15);

/// How far the index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexState {
    /// Being opened or built.
    Building {
        /// Entries it has.
        done: u64,
        /// Entries it needs.
        of: u64,
    },
    /// Complete.
    Ready,
    /// It cannot be built; nothing can be published or found by name.
    Failed(String),
}

/// How the ledger is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Entries published.
    pub size: u64,
    /// Submissions waiting.
    pub queue: usize,
    /// Why nothing can be written, if so.
    pub read_only: Option<String>,
    /// Whether the batch at work has been at it for too long.
    pub stale: bool,
    /// How the ledger ended, if it did.
    pub end: Option<End>,
    /// Where this is a mirror.
    pub mirror: Option<Mirrored>,
    /// Entries of the newest checkpoint that met the quorum, where the policy asks for one.
    pub witnessed: Option<u64>,
    /// How far the index is.
    pub index: IndexState,
    /// Entries published that the index does not have yet; they are looked up in memory meanwhile.
    pub unindexed: usize,
    /// Entries published that the search does not have yet.
    pub unsearched: u64,
}

/// How a mirror is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mirrored {
    /// The ledger that is copied.
    pub of: LedgerUrl,
    /// What keeps the mirror from going on, if anything does.
    pub trouble: Option<String>,
}

impl Ledger {
    /// How it is.
    pub fn health(&self) -> Health {
        let waiting =
            lock(&self.0.queue).as_ref().map_or(0, |queue| self.0.queue_max - queue.capacity());
        let busy_for = self.0.state.busy_for();
        let memory = self.0.lookup.memory();
        let trouble = self.mirror_trouble().map(|trouble| trouble.to_string());
        let size = self.view().map_or(0, |view| view.size());
        Health {
            size,
            unsearched: size.saturating_sub(self.0.lookup.search().taken()),
            unindexed: memory.unindexed(),
            queue: waiting,
            read_only: self.0.state.read_only(),
            end: self.end(),
            mirror: self.mirrored().map(|of| Mirrored { of: of.clone(), trouble }),
            witnessed: self
                .0
                .witnessing
                .get()
                .filter(|one| one.asks_for_quorum())
                .map(|_| memory.witnessed().map_or(0, |witnessed| witnessed.size())),
            stale: busy_for.is_some_and(|busy| busy > STALE_AFTER),
            index: lock(&self.0.index).clone(),
        }
    }
}
