//! What was cosigned last of each log. Of a witness nothing else holds it, and one that forgets it can be made to vouch for
//! a second history. Of a ledger it is the newest checkpoint of its own that met the quorum, which can be had again.

use super::StoreError;
use crate::crypto::Hash;

/// The most bytes a note may have: what is submitted to a witness is half as long.
pub const WITNESSED_BYTES_MAX: usize = 64 * 1024;

/// The newest cosigned note of each log, by the SHA-256 of the log's origin.
///
/// **Durability.** When `put` answers, the note survives a crash of the process and of the machine. A crash during `put`
/// leaves the note from before or the new one, whole, and of every other log what there was. When `put` fails, either of
/// the two may be there, now or after a crash: a witness answers no more for that log until the place was opened anew. A
/// ledger, for which either is good, may put again.
///
/// **Concurrency.** All methods may be called from several threads. For one log the caller makes one `put` after the
/// other; the place is open in one process only.
pub trait Witnessed: Send + Sync {
    /// The note of that log.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn get(&self, log: &Hash) -> Result<Option<Vec<u8>>, StoreError>;

    /// Keeps the note in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written, or is larger than [`WITNESSED_BYTES_MAX`].
    fn put(&self, log: &Hash, note: &[u8]) -> Result<(), StoreError>;
}
