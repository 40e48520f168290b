//! A folder of small files that are replaced whole: written beside, synced, renamed, and the folder synced, so that
//! under its name each is whole. What a crash leaves beside is removed at open.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::files;
use crate::store::StoreError;

/// No record has a name that begins with a dot.
const TEMPORARY: &str = ".new";

/// The files of a folder, none larger than `bytes_max`. Only their owner may read them.
#[derive(Debug)]
pub(super) struct Records {
    folder: PathBuf,
    bytes_max: usize,
    /// Held while a record is written, since all are written under one name first.
    writing: Mutex<()>,
}

impl Records {
    /// Opens or creates the folder. Only one process may have it open.
    pub(super) fn open(folder: &Path, bytes_max: usize) -> Result<Self, StoreError> {
        files::create_folder(folder)?;
        let temporary = folder.join(TEMPORARY);
        if files::read(&temporary)?.is_some() {
            files::remove(&temporary)?;
        }
        files::sync_folder(folder)?;
        if let Some(parent) = folder.parent() {
            files::sync_folder(parent)?;
        }
        Ok(Self { folder: folder.to_owned(), bytes_max, writing: Mutex::default() })
    }

    /// The names in the folder, in no order.
    pub(super) fn names(&self) -> Result<Vec<String>, StoreError> {
        let named = |path: &PathBuf| {
            Some(path.file_name()?.to_str().filter(|name| *name != TEMPORARY)?.to_owned())
        };
        Ok(files::list(&self.folder)?.iter().filter_map(named).collect())
    }

    /// The record with that name.
    pub(super) fn get(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.folder.join(name);
        let length = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StoreError::io("read", &path, &error)),
        };
        self.check_length(&path, usize::try_from(length).unwrap_or(usize::MAX), "read")?;
        files::read(&path)
    }

    /// Puts the record in place of the one before.
    pub(super) fn put(&self, name: &str, record: &[u8]) -> Result<(), StoreError> {
        let path = self.folder.join(name);
        self.check_length(&path, record.len(), "write")?;
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let temporary = self.folder.join(TEMPORARY);
        files::write_private(&temporary, record)?;
        fs::rename(&temporary, &path).map_err(|error| StoreError::io("rename", &path, &error))?;
        files::sync_folder(&self.folder)
    }

    fn check_length(
        &self,
        path: &Path,
        length: usize,
        doing: &'static str,
    ) -> Result<(), StoreError> {
        if length <= self.bytes_max { Ok(()) } else { Err(StoreError::too_large(doing, path)) }
    }
}
