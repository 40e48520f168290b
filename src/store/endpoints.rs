//! Where entries are delivered to, and how far: what is kept of each organization's webhook. It is not in the log and
//! nothing else holds it, so that it has a place of its own. What a record says is no business of the store.

use super::StoreError;
use crate::encoding::domain::Domain;

/// The most bytes a record may have: an address, a secret, and the last attempts with what went wrong.
pub const RECORD_BYTES_MAX: usize = 64 * 1024;

/// Records by domain, one each.
///
/// **Durability.** When `put` answers, the record survives a crash of the process and of the machine. A crash during
/// `put` leaves the record from before or the new one, whole, and of every other domain what there was. When `put`
/// fails, either of the two may be there, and a later `put` of any domain works as if nothing had happened.
///
/// **Independence.** Records are kept beside the index and the log: deleting the index does not touch them, and no
/// order between a record and an entry is promised. Whoever keeps a position there reads again what followed it.
///
/// **Secrecy.** Records hold secrets. Nobody but the owner of the process may read what an engine writes, and an engine
/// shows no record in its `Debug` form.
///
/// **Concurrency.** All methods may be called from several threads; of two puts for one domain, one is there after.
pub trait Endpoints: Send + Sync {
    /// Every record, ascending by domain.
    ///
    /// # Errors
    /// [`StoreError`] when they cannot be read, or one is larger than a record may be.
    fn all(&self) -> Result<Vec<(Domain, Vec<u8>)>, StoreError>;

    /// Keeps the record of the domain in place of the one before.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written, or is larger than [`RECORD_BYTES_MAX`].
    fn put(&self, domain: &Domain, record: &[u8]) -> Result<(), StoreError>;
}
