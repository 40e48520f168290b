//! The engines on local files, and the layout of a ledger's folder; that of a witness is in `witness`, that of a backup
//! in `backup`.
//!
//! ```text
//! format            names this layout
//! journal/          lock and segments (LocalJournal)
//! objects/          tile/…, words/…, tmp (LocalObjects)
//! endpoints/        a file a domain that has a webhook (LocalEndpoints)
//! announced/        the newest checkpoint that met the quorum (LocalWitnessed)
//! index/            may be deleted at any time
//! ```

mod backup;
mod blank;
mod endpoints;
mod files;
mod frame;
mod index;
mod journal;
mod objects;
mod records;
mod run;
mod segment;
mod snapshot;
mod torn;
mod witness;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

pub use backup::{BackupError, Gathered, KeptState, LocalBackup};
pub use endpoints::LocalEndpoints;
pub use index::LocalIndex;
pub use journal::LocalJournal;
pub use objects::LocalObjects;
pub use snapshot::JournalSnapshot;
pub use witness::LocalWitnessed;

use super::StoreError;

/// Bytes reserved for a segment of the journal unless told otherwise: some 25,000 entries of 2.5 KiB.
pub const SEGMENT_LENGTH: u64 = 64 << 20;

const FORMAT: &str = "onrecord folder 1\n";

/// The durable part of a ledger's folder, opened.
#[derive(Debug)]
pub struct LocalFolder {
    /// Its journal, which holds the lock.
    pub journal: LocalJournal,
    /// Its objects.
    pub objects: LocalObjects,
    /// What it keeps of webhooks.
    pub endpoints: LocalEndpoints,
    /// What its witnesses cosigned.
    pub witnessed: LocalWitnessed,
    /// Where its index belongs. Open that only while the journal is open.
    pub index: PathBuf,
}

impl LocalFolder {
    /// Opens or creates a ledger's folder.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process has it, [`StoreError::Layout`] when a program that knows
    /// another layout wrote it, [`StoreError::Damaged`] when its journal is not what it was.
    pub fn open(folder: &Path, segment_length: u64) -> Result<Self, StoreError> {
        files::create_folder(folder)?;
        check_format(folder, FORMAT)?;
        let journal = LocalJournal::open(&folder.join("journal"), segment_length)?;
        write_format(folder, FORMAT)?;
        let objects = LocalObjects::open(&folder.join("objects"))?;
        let endpoints = LocalEndpoints::open(&folder.join("endpoints"))?;
        let witnessed = LocalWitnessed::of_ledger(folder)?;
        files::sync_folder(folder)?;
        Ok(Self { journal, objects, endpoints, witnessed, index: folder.join("index") })
    }
}

fn check_format(folder: &Path, format: &'static str) -> Result<(), StoreError> {
    let path = folder.join("format");
    match files::read(&path)? {
        Some(found) if found != format.as_bytes() => {
            let found = String::from_utf8_lossy(&found).trim_end().to_owned();
            Err(StoreError::Layout { path, found, known: format.trim_ascii_end() })
        }
        _ => Ok(()),
    }
}

fn write_format(folder: &Path, format: &str) -> Result<(), StoreError> {
    let path = folder.join("format");
    if path.exists() {
        return Ok(());
    }
    let temporary = folder.join("format.tmp");
    File::create(&temporary)
        .and_then(|mut file| file.write_all(format.as_bytes()).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, &path))
        .map_err(|error| StoreError::io("write", &path, &error))
}
