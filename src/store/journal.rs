//! The journal: the one place where a batch becomes durable. This file is the contract; engines are beside it.

use super::{Batch, Head, StoreError, WordRef};

/// Why a batch was not committed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// The head is not the one the batch was planned on. Nothing was written.
    #[error("the batch was planned on size {expected}, the journal is at {actual}")]
    HeadMoved {
        /// The size the caller expected.
        expected: u64,
        /// The size there is.
        actual: u64,
    },
    /// There is no room for the batch. Nothing was written; the same batch may be tried again.
    #[error("no room to commit: {0}")]
    NoSpace(StoreError),
    /// A write or sync failed, so nobody knows what is on the disk. Every later call answers this until the
    /// process starts again and decides from what it finds.
    #[error("the journal stopped: {0}")]
    Stopped(StoreError),
}

/// Why words were not scrubbed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScrubError {
    /// No committed batch erases these words, so they must stay.
    #[error("no committed entry erases the words {} of entry {}", .0.digest, .0.entry)]
    NotErased(WordRef),
    /// The words could not be overwritten.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The commit point of the ledger.
///
/// *Who calls it.* The one sequencer commits and scrubs; whoever turns batches into objects forgets. Calls do
/// not overlap (`&mut self`); an engine may block its caller for as long as a disk sync takes.
///
/// *Durability.* When [`commit`](Self::commit) has returned `Ok`, the batch survives a crash of the process
/// and of the machine. When it returned an error other than `Stopped`, no trace of the batch will ever be
/// answered. A crash inside it leaves all of the batch or none. What an engine finds when it opens is durable before it
/// says so: a process may have been killed between a write and its sync.
///
/// *One at a time.* An engine refuses to open what another process, or another value in this one, has open.
pub trait Journal: Send {
    /// The newest committed head; `None` before the first batch. It survives any [`forget`](Self::forget).
    fn head(&self) -> Option<&Head>;

    /// Makes `batch` durable in one step. `expected` is the size of the tree it was planned on and equals
    /// `batch.first()`.
    ///
    /// # Errors
    /// [`CommitError`]; only after `Stopped` is it unknown whether the batch is there.
    fn commit(&mut self, expected: u64, batch: &Batch) -> Result<(), CommitError>;

    /// The batches from the forgotten size to the head, in order; the first may begin before the forgotten
    /// size. Their words are as committed but for those that later batches erased, which are gone.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read.
    fn unapplied(&mut self) -> Result<Vec<Batch>, StoreError>;

    /// The size up to which entries need not be given back by [`unapplied`](Self::unapplied).
    fn forgotten(&self) -> u64;

    /// Entries before `size` are durable elsewhere. A size beyond the head or before the forgotten one changes
    /// nothing. A batch that erases words is not forgotten, nor any after it, before these words were given
    /// to [`scrub`](Self::scrub). A crash may undo it: giving back entries that were already forgotten is
    /// harmless.
    ///
    /// # Errors
    /// [`StoreError`] when room could not be freed.
    fn forget(&mut self, size: u64) -> Result<(), StoreError>;

    /// Destroys the bytes of these words wherever the journal still has them, forgotten or not, and returns
    /// when they are durably gone. Words it does not have are no error. Each must have been named in the
    /// `erased` of a committed batch: after a crash in the middle that is how the next open knows to finish.
    /// It is the last step of an erasure, after packs and memory: from then on its batch may be forgotten,
    /// while until then every start gives it back and the erasure can be finished.
    ///
    /// # Errors
    /// [`ScrubError`]; what was not scrubbed is scrubbed at the next open.
    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError>;
}
