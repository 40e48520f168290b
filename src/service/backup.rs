//! Whether a backup of a ledger's folder may be kept: it makes the tree that its checkpoint signs, and the tree of the
//! backup before was the beginning of that. What was copied, and how, is the store's business.

use std::sync::Arc;

use super::erase::{EraseError, erase_from_packs};
use super::lookup::LookupError;
use super::recover::{RecoverError, recover};
use super::view::View;
use crate::store::{Head, Journal, Objects, WordRef};
use crate::tlog::VerifierKey;

/// Why a backup is not to be kept.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BadBackup {
    /// The backup before is of another history.
    #[error("the backup of {} entries is of another history than the ledger", .0.size)]
    AnotherHistory(Box<Head>),
    /// No ledger could be started from it.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// Entries or tiles cannot be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// Words that it must not hold could not be erased.
    #[error(transparent)]
    Erase(#[from] EraseError),
}

/// Erases from the backup what its entries erase, and verifies it. `before` is the head of the backup before.
///
/// # Errors
/// [`BadBackup`].
pub fn verify_backup(
    journal: &mut dyn Journal,
    objects: Arc<dyn Objects>,
    erased: &[WordRef],
    key: &VerifierKey,
    before: Option<&Head>,
) -> Result<(), BadBackup> {
    erase_from_packs(erased, objects.as_ref())?;
    let recovered = recover(journal, objects, key)?;
    let Some(before) = before else { return Ok(()) };
    let published = recovered.lookup.memory().published();
    let view = published.map(|published| View::new(recovered.lookup.clone(), published));
    let root = view.map(|view| view.root_at(before.size)).transpose()?.flatten();
    if root == Some(before.root) {
        return Ok(());
    }
    Err(BadBackup::AnotherHistory(Box::new(before.clone())))
}
