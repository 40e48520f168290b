//! Records of webhooks as files, one a domain and under its name. A record is written beside, synced, renamed, and the
//! folder synced: under its name it is whole. What a crash leaves beside is removed at open.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use super::files;
use crate::encoding::domain::Domain;
use crate::store::endpoints::check_length;
use crate::store::{Endpoints, StoreError};

/// No domain begins with a dot.
const TEMPORARY: &str = ".new";

/// The records in a folder. See [`Endpoints`] for what it promises.
#[derive(Debug)]
pub struct LocalEndpoints {
    folder: PathBuf,
    /// Held while a record is written, since all are written under one name first.
    writing: Mutex<()>,
}

impl LocalEndpoints {
    /// Opens or creates the records in `folder`. Only the holder of the journal's lock may.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        files::create_folder(folder)?;
        let temporary = folder.join(TEMPORARY);
        if files::read(&temporary)?.is_some() {
            files::remove(&temporary)?;
        }
        files::sync_folder(folder)?;
        if let Some(parent) = folder.parent() {
            files::sync_folder(parent)?;
        }
        Ok(Self { folder: folder.to_owned(), writing: Mutex::default() })
    }

    fn stage(&self, record: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.folder.join(TEMPORARY);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file =
            options.open(&path).map_err(|error| StoreError::io("create", &path, &error))?;
        file.write_all(record).map_err(|error| StoreError::io("write", &path, &error))?;
        file.sync_all().map_err(|error| StoreError::io("sync", &path, &error))?;
        Ok(path)
    }
}

impl Endpoints for LocalEndpoints {
    fn all(&self) -> Result<Vec<(Domain, Vec<u8>)>, StoreError> {
        let mut all = Vec::new();
        for path in files::list(&self.folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let Ok(domain) = Domain::parse(name) else { continue };
            let length =
                fs::metadata(&path).map_err(|error| StoreError::io("read", &path, &error))?.len();
            check_length(&path, usize::try_from(length).unwrap_or(usize::MAX), "read")?;
            if let Some(record) = files::read(&path)? {
                all.push((domain, record));
            }
        }
        all.sort();
        Ok(all)
    }

    fn put(&self, domain: &Domain, record: &[u8]) -> Result<(), StoreError> {
        let path = self.folder.join(domain.as_str());
        check_length(&path, record.len(), "write")?;
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let temporary = self.stage(record)?;
        fs::rename(&temporary, &path).map_err(|error| StoreError::io("rename", &path, &error))?;
        files::sync_folder(&self.folder)
    }
}
