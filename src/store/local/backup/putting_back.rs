//! How a ledger's folder is made of a backup.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{BESIDE, BUNDLES_AT_ONCE, BackupError, KEYS, KeptState, LocalBackup, copy_files};
use crate::store::local::objects::LocalObjects;
use crate::store::local::{FORMAT, files, write_format};
use crate::store::{BUNDLE_LENGTH, ObjectName, Objects as _, StoreError};

impl LocalBackup {
    /// Makes a ledger's folder of a state. `data` appears when it is whole.
    ///
    /// # Errors
    /// [`BackupError::Store`] with [`ErrorKind::AlreadyExists`] where `data` is there and not empty; then and on every
    /// other error it is as it was.
    pub fn put_back(
        &self,
        state: &KeptState,
        data: &Path,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(), BackupError> {
        if data.exists() && !files::list(data)?.is_empty() {
            let there = std::io::Error::from(ErrorKind::AlreadyExists);
            return Err(StoreError::io("restore to", data, &there).into());
        }
        let mut part = data.as_os_str().to_owned();
        part.push(".restoring");
        let part = PathBuf::from(part);
        files::remove_folder(&part)?;
        let objects = LocalObjects::open(&part.join("objects"))?;
        self.put_objects_back(&objects, state.journal.size(), progress)?;
        let journal = part.join("journal");
        files::create_folder(&journal)?;
        state.journal.write(&journal, true)?;
        for name in BESIDE.into_iter().chain(state.has_keys().then_some(KEYS)) {
            copy_files(&state.folder.join(name), &part.join(name))?;
        }
        write_format(&part, FORMAT)?;
        files::sync_folder(&part)?;
        fs::rename(&part, data).map_err(|error| StoreError::io("rename", &part, &error))?;
        let above = data.parent().filter(|above| !above.as_os_str().is_empty());
        Ok(files::sync_folder(above.unwrap_or_else(|| Path::new(".")))?)
    }

    /// Those that were copied for a later state stay behind: the folder must not hold more than its journal.
    fn put_objects_back(
        &self,
        to: &LocalObjects,
        size: u64,
        progress: &dyn Fn(u64, u64),
    ) -> Result<(), BackupError> {
        let bundles = self.objects.bundles()?.min(size / BUNDLE_LENGTH);
        let mut group = Vec::new();
        for bundle in 0..bundles {
            for name in ObjectName::complete_with(bundle) {
                if let Some(bytes) = self.objects.get(name)? {
                    group.push((name, bytes));
                }
            }
            if bundle % BUNDLES_AT_ONCE == BUNDLES_AT_ONCE - 1 || bundle + 1 == bundles {
                to.put(&group)?;
                group.clear();
                progress((bundle + 1) * BUNDLE_LENGTH, size);
            }
        }
        Ok(())
    }
}
