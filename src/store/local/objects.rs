//! Objects as files under their names. A new one is written in `tmp`, synced, renamed, and its folder synced:
//! under its name it is whole or absent. What a crash leaves in `tmp` may hold words and is removed at open.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::{self, ScopedJoinHandle};

use bytes::Bytes;
use fail::fail_point;

use super::files;
use crate::store::objects::may_replace;
use crate::store::{ObjectName, Objects, PutError, StoreError};

const TEMPORARY: &str = "tmp";
/// Files written and synced at once.
const STAGING_THREADS: usize = 12;
const BUNDLES: &str = "tile/entries";

/// The objects in a folder. See [`Objects`] for what it promises.
#[derive(Debug)]
pub struct LocalObjects {
    folder: PathBuf,
}

impl LocalObjects {
    /// Opens or creates the objects in `folder`. Only the holder of the journal's lock may: what another one is
    /// about to rename would be removed.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let temporary = folder.join(TEMPORARY);
        files::create_folder(&temporary)?;
        files::create_folder(&folder.join(BUNDLES))?;
        for leftover in files::list(&temporary)? {
            files::remove(&leftover)?;
        }
        for made in [&temporary, &folder.join("tile"), folder] {
            files::sync_folder(made)?;
        }
        Ok(Self { folder: folder.to_owned() })
    }

    /// The objects in a folder that another process may write to, to be read only.
    pub(super) fn reading(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Bytes of the object, nothing when there is none. Of one name they are the same for the same content: a pack that
    /// lost words is shorter.
    pub(super) fn length(&self, name: ObjectName) -> Result<Option<u64>, StoreError> {
        let path = self.path(name);
        match fs::metadata(&path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(StoreError::io("read", &path, &error)),
        }
    }

    pub(super) fn path(&self, name: ObjectName) -> PathBuf {
        self.folder.join(name.to_string())
    }

    /// Whether the object has to be written.
    fn is_new(&self, name: ObjectName, bytes: &[u8]) -> Result<bool, PutError> {
        match files::read(&self.path(name))? {
            Some(old) => may_replace(name, &old, bytes),
            None => Ok(true),
        }
    }

    /// Writes the bytes durably where no reader looks.
    fn stage(&self, name: ObjectName, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.folder.join(TEMPORARY).join(name.to_string().replace('/', "-"));
        let mut file =
            File::create(&path).map_err(|error| StoreError::io("create", &path, &error))?;
        fail_point!("objects.put.created");
        file.write_all(bytes).map_err(|error| StoreError::io("write", &path, &error))?;
        fail_point!("objects.put.written");
        file.sync_data().map_err(|error| StoreError::io("sync", &path, &error))?;
        fail_point!("objects.put.synced");
        Ok(path)
    }

    /// The folders that a path inside leads through.
    fn folders_of<'path>(&self, path: &'path Path) -> impl Iterator<Item = &'path Path> {
        path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.folder))
    }

    /// Gives what was staged its names, and waits until these are durable, those of folders included. Not only of what
    /// is new: a process that was killed, or a sync that failed, may have left names that are not.
    fn put_staged(&self, staged: Staged) -> Result<(), StoreError> {
        let paths = staged.files.iter().map(|(_, path)| path).chain(&staged.there);
        let folders: BTreeSet<PathBuf> =
            paths.flat_map(|path| self.folders_of(path)).map(Path::to_owned).collect();
        for (temporary, path) in staged.files {
            path.parent().map_or(Ok(()), files::create_folder)?;
            fs::rename(&temporary, &path)
                .map_err(|error| StoreError::io("rename", &path, &error))?;
            fail_point!("objects.put.renamed");
        }
        // Deepest first: a folder's own name becomes durable after what is in it.
        folders.iter().rev().try_for_each(|folder| sync_folder(folder))
    }

    /// Stages a group on several threads: syncs that wait at the same time are done as one by the file system.
    fn stage_all(&self, group: &[(ObjectName, Bytes)]) -> Result<Staged, PutError> {
        let (mut fresh, mut there) = (Vec::new(), Vec::new());
        for (name, bytes) in group {
            if self.is_new(*name, bytes)? {
                fresh.push((*name, bytes));
            } else {
                there.push(self.path(*name));
            }
        }
        let share = fresh.len().div_ceil(STAGING_THREADS).max(1);
        let staged: Result<Vec<Vec<_>>, StoreError> = thread::scope(|scope| {
            let shares = fresh.chunks(share).map(|share| scope.spawn(|| self.stage_share(share)));
            let working: Vec<_> = shares.collect();
            let join = |thread: ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|panicked| resume_unwind(panicked))
            };
            working.into_iter().map(join).collect()
        });
        Ok(Staged { files: staged?.concat(), there })
    }

    fn stage_share(
        &self,
        share: &[(ObjectName, &Bytes)],
    ) -> Result<Vec<(PathBuf, PathBuf)>, StoreError> {
        share
            .iter()
            .map(|(name, bytes)| Ok((self.stage(*name, bytes)?, self.path(*name))))
            .collect()
    }

    /// A full disk must not stay full of what could not be put.
    fn clear_staged(&self) -> Result<(), StoreError> {
        files::list(&self.folder.join(TEMPORARY))?
            .iter()
            .try_for_each(|leftover| files::remove(leftover))
    }
}

impl Objects for LocalObjects {
    fn get(&self, name: ObjectName) -> Result<Option<Bytes>, StoreError> {
        Ok(files::read(&self.path(name))?.map(Bytes::from))
    }

    fn put(&self, group: &[(ObjectName, Bytes)]) -> Result<(), PutError> {
        let put = self.stage_all(group).and_then(|staged| Ok(self.put_staged(staged)?));
        if put.is_err() {
            self.clear_staged()?;
        }
        put
    }

    fn bundles(&self) -> Result<u64, StoreError> {
        Ok(greatest(&self.folder.join(BUNDLES), 0)?.map_or(0, |index| index + 1))
    }
}

/// A group before it has its names.
struct Staged {
    /// Where each file is, and where it belongs.
    files: Vec<(PathBuf, PathBuf)>,
    /// Those that are where they belong.
    there: Vec<PathBuf>,
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    fail_point!("objects.put.folder", |_| {
        let error = std::io::Error::other("a test let it fail");
        Err(StoreError::io("sync", folder, &error))
    });
    files::sync_folder(folder)
}

/// The greatest number written as a path below `folder`, whose own path stands for `above` thousands.
fn greatest(folder: &Path, above: u64) -> Result<Option<u64>, StoreError> {
    let mut found = None;
    for path in files::list(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let (digits, deeper) =
            name.strip_prefix('x').map_or((&*name, false), |digits| (digits, true));
        let bad = || StoreError::damaged(&path, 0, "its name is no number of a bundle");
        let number = digits.parse::<u64>().ok().filter(|_| digits.len() == 3).ok_or_else(bad)?;
        let number =
            above.checked_mul(1000).and_then(|above| above.checked_add(number)).ok_or_else(bad)?;
        found = found.max(if deeper { greatest(&path, number)? } else { Some(number) });
    }
    Ok(found)
}
