//! The ledger relies on witnesses: from when, and which of its checkpoints it announces. How they are asked,
//! `service/witnessing` knows.

use std::sync::Arc;

use super::super::view::View;
use super::super::witnessing::{Witnessing, WitnessingError, WitnessingParts};
use super::{Inner, Ledger};
use crate::net::FetchError;

impl Ledger {
    /// Relies on witnesses from here on: announces only what met their quorum. Before the ledger signs anything it is
    /// compared with what they hold; those that gave no answer are returned. A second call changes nothing.
    ///
    /// # Errors
    /// [`WitnessingError`]; then the ledger must not publish.
    pub async fn rely_on_witnesses(
        &self,
        parts: WitnessingParts,
    ) -> Result<Vec<FetchError>, WitnessingError> {
        let Inner { origin, lookup, state, witnessing, .. } = &*self.0;
        if witnessing.get().is_some() {
            return Ok(Vec::new());
        }
        let started = Witnessing::start(parts, origin.clone(), lookup.clone(), state.clone())?;
        let silent = started.compare_with_all().await?;
        witnessing.get_or_init(|| Arc::new(started));
        Ok(silent)
    }

    /// Has every new checkpoint witnessed, for as long as it is awaited; at once ready where there are no witnesses.
    pub async fn keep_witnessing(&self) {
        if let Some(witnessing) = self.0.witnessing.get() {
            witnessing.run().await;
        }
    }

    /// The ledger as of the checkpoint that it announces: the newest that met the quorum of its policy, or the newest
    /// signed where none is asked for (protocol §7); of a mirror the newest that was copied whole. None before the first of
    /// them.
    pub fn announced(&self) -> Option<View> {
        let memory = self.0.lookup.memory();
        let asks_for_quorum =
            self.0.witnessing.get().is_some_and(|witnessing| witnessing.asks_for_quorum());
        let (newest, witnessed) = (memory.published()?, memory.witnessed());
        if self.mirrored().is_some() {
            return Some(View::new(self.0.lookup.clone(), witnessed?));
        }
        let announced = match witnessed {
            Some(witnessed) if asks_for_quorum || witnessed.size() == newest.size() => witnessed,
            None if asks_for_quorum => return None,
            _ => newest,
        };
        Some(View::new(self.0.lookup.clone(), announced))
    }
}
