//! The folder of a ledger that does not run, opened and recovered as a start does.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::failure::Failure;
use super::files;
use super::running::unusable;
use super::serve::{journal_key, origin_in};
use crate::service::recover::{RecoverError, Recovered, recover};
use crate::store::Journal as _;
use crate::store::local::{LocalFolder, LocalJournal, SEGMENT_LENGTH};
use crate::tlog::{Origin, VerifierKey};

/// A ledger that has entries.
pub(super) struct Stopped {
    pub(super) origin: Origin,
    pub(super) key: VerifierKey,
    pub(super) recovered: Recovered,
    /// Where its index belongs.
    pub(super) index: PathBuf,
    /// Holds the folder's lock.
    _journal: LocalJournal,
}

/// Opens the folder; nothing where the ledger has no entries. `refused` says what it means that the folder must not be
/// continued.
pub(super) fn open(
    data: &Path,
    refused: impl FnOnce(&RecoverError) -> Failure,
) -> Result<Option<Stopped>, Failure> {
    require_ledger(data, "Name its folder.")?;
    let folder = LocalFolder::open(data, SEGMENT_LENGTH).map_err(|error| unusable(&error))?;
    let Some(head) = folder.journal.head() else { return Ok(None) };
    let origin = origin_in(head)?;
    let key = VerifierKey::of_log(origin.key_name().clone(), &journal_key(data)?);
    let LocalFolder { mut journal, objects, index, .. } = folder;
    let recovered =
        recover(&mut journal, Arc::new(objects), &key).map_err(|error| refused(&error))?;
    Ok(Some(Stopped { origin, key, recovered, index, _journal: journal }))
}

/// A folder that is none is not to become one.
pub(super) fn require_ledger(data: &Path, next: &str) -> Result<(), Failure> {
    if data.join("journal").is_dir() {
        return Ok(());
    }
    let what = format!("{} holds no ledger", files::shown(data));
    Err(Failure::new(what, next))
}
