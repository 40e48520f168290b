//! What is published, as it is published: the newest entries, rendered once by whoever serves them and shared
//! by all who follow (protocol §11). Not how they are rendered and sent, and no bound on how many follow.
//!
//! A reader has a cursor, the index of the first entry it has not passed, and nothing else decides what comes
//! next: [`Live::take`] gives what is held here from there on, [`crate::service::View::scan`] what is not.

mod filter;
mod ring;
mod scan;

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use tokio::sync::watch;

pub use filter::{About, Filter};
pub use ring::{Bounds, Chunk, Frame, Taken};
pub use scan::{Erases, Followed, Scan};

use ring::Ring;

/// The newest entries as they are sent.
#[derive(Debug)]
pub struct Live {
    ring: RwLock<Ring>,
    edge: watch::Sender<u64>,
}

impl Default for Live {
    fn default() -> Self {
        Self { ring: RwLock::default(), edge: watch::Sender::new(0) }
    }
}

impl Live {
    fn read(&self) -> RwLockReadGuard<'_, Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Ring> {
        self.ring.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Holds at most this much from here on.
    pub fn bound(&self, bounds: Bounds) {
        self.write().bound(bounds);
    }

    /// The index after the newest entry held. It grows; whoever waits for more follows it.
    pub fn edge(&self) -> watch::Receiver<u64> {
        self.edge.subscribe()
    }

    /// Counts erasures. What was rendered under another count may hold words that are gone since.
    pub fn erasures(&self) -> u64 {
        self.read().erasures()
    }

    /// What follows the cursor and passes the filter, as far as it lies side by side in memory.
    pub fn take(&self, cursor: u64, filter: &Filter) -> Taken {
        self.read().take(cursor, filter)
    }

    /// The signed checkpoint that covers exactly the entries before the cursor, if that is the newest here.
    pub fn note_at(&self, cursor: u64) -> Option<Bytes> {
        self.read().note_at(cursor)
    }

    /// Appends the entries from the edge on, and the checkpoint if it covers exactly them. Nothing happens, and
    /// the answer is no, when they were rendered under another count of erasures: they are to be rendered anew.
    pub fn push(&self, chunk: Chunk, note: Option<Bytes>, erasures: u64) -> bool {
        let mut ring = self.write();
        let pushed = ring.push(chunk, note, erasures);
        let edge = ring.edge();
        drop(ring);
        if pushed {
            self.edge.send_replace(edge);
        }
        pushed
    }

    /// Goes on at that index after nobody followed for a while. Entries before it are read from the store.
    pub fn skip_to(&self, edge: u64, note: Bytes) {
        self.write().skip_to(edge, note);
        self.edge.send_replace(edge);
    }

    /// Forgets what is held, because words in it are being erased. Readers go on from the store.
    pub(super) fn forget(&self) {
        self.write().forget();
    }
}
