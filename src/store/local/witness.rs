//! The folder of a witness, and the place in a ledger's folder for what witnesses cosigned of it.
//!
//! ```text
//! format            names this layout
//! lock              held by the process that has it open
//! witnessed/        a file a log, named by the SHA-256 of its origin
//! ```

use std::fs::File;
use std::path::Path;

use super::records::Records;
use super::{check_format, files, write_format};
use crate::crypto::Hash;
use crate::store::witnessed::WITNESSED_BYTES_MAX;
use crate::store::{StoreError, Witnessed};

const NAME: &str = "witnessed";
const FORMAT: &str = "onrecord witness 1\n";

/// The notes in a witness's folder. See [`Witnessed`] for what it promises.
#[derive(Debug)]
pub struct LocalWitnessed {
    records: Records,
    /// Held as long as this lives. A ledger's folder is locked by its journal.
    _lock: Option<File>,
}

impl LocalWitnessed {
    /// Opens or creates the folder of a witness.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process has it, [`StoreError::Layout`] when it is a folder of something
    /// else.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        files::create_folder(folder)?;
        check_format(folder, FORMAT)?;
        let lock = files::lock(folder)?;
        write_format(folder, FORMAT)?;
        let records = Records::open(&folder.join(NAME), WITNESSED_BYTES_MAX)?;
        Ok(Self { records, _lock: Some(lock) })
    }

    /// Opens or creates the place in a ledger's folder, whose lock is held.
    pub(super) fn of_ledger(folder: &Path) -> Result<Self, StoreError> {
        let records = Records::open(&folder.join("announced"), WITNESSED_BYTES_MAX)?;
        Ok(Self { records, _lock: None })
    }

    /// Whether the folder has a place for what was cosigned, be it empty.
    pub fn is_there(folder: &Path) -> bool {
        folder.join(NAME).is_dir()
    }
}

impl Witnessed for LocalWitnessed {
    fn get(&self, log: &Hash) -> Result<Option<Vec<u8>>, StoreError> {
        self.records.get(&log.to_hex())
    }

    fn put(&self, log: &Hash, note: &[u8]) -> Result<(), StoreError> {
        self.records.put(&log.to_hex(), note)
    }
}
