//! A backup of a ledger's folder, kept up beside the running ledger, and how a folder is made of it. It is no ledger's
//! folder: nothing starts on it.
//!
//! ```text
//! format            names this layout
//! lock              held by the process that has it open
//! objects/          as in a ledger's folder (LocalObjects)
//! state/<number>/   the rest of that folder at one moment: journal/, endpoints/, announced/, keys/,
//!                   and log.vkey; the greatest number counts, and the others are on their way out
//! ```
//!
//! Objects never change but that packs lose words, so they can be copied at any time; a state is gathered behind them and
//! gets its name when it is whole and durable. Whatever interrupts that, the state before it is there, and the objects it
//! needs. Only words that were erased since may be gone already: erased is erased.

mod putting_back;

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::objects::LocalObjects;
use super::snapshot::JournalSnapshot;
use super::{FORMAT as LEDGER_FORMAT, check_format, files, write_format};
use crate::store::{
    BUNDLE_LENGTH, Head, Journal as _, ObjectName, Objects as _, PutError, StoreError, WordRef,
};

const FORMAT: &str = "onrecord backup 1\n";
/// How the content of `format` begins in every version.
const FORMAT_PREFIX: &str = "onrecord backup ";
const TEMPORARY: &str = "tmp";
const VERIFIER_KEY: &str = "log.vkey";
/// What else a folder holds that is not in the log.
const BESIDE: [&str; 2] = ["endpoints", "announced"];
const KEYS: &str = "keys";
/// Bundles copied at once.
const BUNDLES_AT_ONCE: u64 = 16;
/// How often what came meanwhile is copied too before the ledger is taken for too busy.
const PASSES_MAX: usize = 100;

/// Why a folder was not copied.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BackupError {
    /// There is nothing to copy.
    #[error("the ledger has no entries yet")]
    NoEntries,
    /// The ledger is behind the backup.
    #[error("the backup holds {held} entries and the ledger only {there}")]
    Behind {
        /// Entries in the backup.
        held: u64,
        /// Entries of the ledger.
        there: u64,
    },
    /// More was published than was copied, each time.
    #[error("the ledger grows faster than it can be copied")]
    TooFast,
    /// An object could not be copied.
    #[error(transparent)]
    Put(#[from] PutError),
    /// The disk refused, or a file is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A backup, opened.
#[derive(Debug)]
pub struct LocalBackup {
    folder: PathBuf,
    objects: Arc<LocalObjects>,
    /// Held as long as this lives.
    _lock: File,
}

/// What was copied, and is to be kept.
#[derive(Debug)]
pub struct Gathered {
    /// The head of the state before; nothing at the first backup.
    pub before: Option<Head>,
    /// The journal at the moment that the backup is of.
    pub journal: JournalSnapshot,
    /// Words that may still be in packs and that entries up to that moment erase.
    pub erased: Vec<WordRef>,
    /// Objects that were copied, or shortened.
    pub objects: u64,
}

/// The folder but for its objects, as it was at one moment.
#[derive(Debug)]
pub struct KeptState {
    folder: PathBuf,
    /// The journal.
    pub journal: JournalSnapshot,
    /// The log's verifier key, as C2SP signed-note writes it.
    pub key: String,
}

impl KeptState {
    /// Whether the ledger's keys are with it.
    pub fn has_keys(&self) -> bool {
        self.folder.join(KEYS).is_dir()
    }
}

impl LocalBackup {
    /// Opens or creates the backup in `folder`.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process has it, [`StoreError::Layout`] when it is a folder of something
    /// else.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        files::create_folder(folder)?;
        let is_of_a_start = |path: &PathBuf| path.ends_with("format.tmp");
        if !folder.join("format").exists() && !files::list(folder)?.iter().all(is_of_a_start) {
            return Err(Self::foreign(folder));
        }
        check_format(folder, FORMAT)?;
        write_format(folder, FORMAT)?;
        let lock = files::lock(folder)?;
        let objects = Arc::new(LocalObjects::open(&folder.join("objects"))?);
        files::create_folder(&folder.join("state"))?;
        files::sync_folder(folder)?;
        Ok(Self { folder: folder.to_owned(), objects, _lock: lock })
    }

    /// Opens a backup to make a folder of it, and changes nothing in it.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while it is being written, [`StoreError::Layout`] when it is none.
    pub fn existing(folder: &Path) -> Result<Self, StoreError> {
        if !folder.join("format").exists() {
            return Err(Self::foreign(folder));
        }
        check_format(folder, FORMAT)?;
        let path = folder.join("lock");
        let lock = File::open(&path).map_err(|error| StoreError::io("open", &path, &error))?;
        match lock.try_lock_shared() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { path: folder.to_owned() });
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path, &error)),
        }
        let objects = Arc::new(LocalObjects::reading(&folder.join("objects")));
        Ok(Self { folder: folder.to_owned(), objects, _lock: lock })
    }

    fn foreign(folder: &Path) -> StoreError {
        let (path, known) = (folder.join("format"), FORMAT.trim_ascii_end());
        StoreError::Layout { path, found: String::new(), known }
    }

    /// Whether what a `format` file says is a backup.
    pub fn is_named_by(found: &str) -> bool {
        found.starts_with(FORMAT_PREFIX)
    }

    /// Its objects, which hold what the journal of no state has.
    pub fn objects(&self) -> Arc<LocalObjects> {
        self.objects.clone()
    }

    /// The newest state; nothing before the first backup ended.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    pub fn newest(&self) -> Result<Option<KeptState>, StoreError> {
        let Some((_, folder)) = self.states()?.pop() else { return Ok(None) };
        let path = folder.join(VERIFIER_KEY);
        let key = files::read(&path)?.and_then(|key| String::from_utf8(key).ok());
        let journal = JournalSnapshot::read(&folder.join("journal"))?;
        match (key, journal) {
            (Some(key), Some(journal)) => Ok(Some(KeptState { folder, journal, key })),
            _ => Err(StoreError::damaged(&folder, 0, "parts of the state are missing")),
        }
    }

    /// Oldest first.
    fn states(&self) -> Result<Vec<(u64, PathBuf)>, StoreError> {
        let folders = files::list(&self.folder.join("state"))?;
        let numbered = |path: PathBuf| Some((path.file_name()?.to_str()?.parse().ok()?, path));
        let mut states: Vec<_> = folders.into_iter().filter_map(numbered).collect();
        states.sort();
        Ok(states)
    }

    /// Copies what is not here yet of the ledger's folder `data`, which may be running. `progress` is told how many entries
    /// of how many were looked at. Nothing counts before [`keep`](Self::keep).
    ///
    /// # Errors
    /// [`BackupError`].
    pub fn gather(
        &self,
        data: &Path,
        with_keys: bool,
        progress: &dyn Fn(u64, u64),
    ) -> Result<Gathered, BackupError> {
        check_format(data, LEDGER_FORMAT)?;
        let source = LocalObjects::reading(&data.join("objects"));
        let read = || JournalSnapshot::read(&data.join("journal"))?.ok_or(BackupError::NoEntries);
        let mut before = read()?;
        let held = self.newest()?.map(|state| state.journal.head().clone());
        if let Some(held) = held.as_ref().filter(|held| held.size > before.size()) {
            return Err(BackupError::Behind { held: held.size, there: before.size() });
        }
        let mut objects = 0;
        for _ in 0..PASSES_MAX {
            let covered = self.copy_objects(&source, &before, &mut objects, progress)?;
            self.copy_beside(data, with_keys)?;
            let after = read()?;
            // Every batch between the two was seen, and what it erases; and what was moved to the objects is here.
            let is_whole = after.first() <= before.size()
                && after.forgotten().next_multiple_of(BUNDLE_LENGTH) <= covered;
            if is_whole {
                let erased: BTreeSet<_> = before.erased().chain(after.erased()).collect();
                let erased = erased.into_iter().collect();
                return Ok(Gathered { before: held, journal: after, erased, objects });
            }
            before = after;
        }
        Err(BackupError::TooFast)
    }

    /// Copies the objects below the journal's head that are not here, and packs that lost words. Returns the entries
    /// that full bundles here hold.
    fn copy_objects(
        &self,
        source: &LocalObjects,
        journal: &JournalSnapshot,
        copied: &mut u64,
        progress: &dyn Fn(u64, u64),
    ) -> Result<u64, BackupError> {
        let bundles = journal.size() / BUNDLE_LENGTH;
        let needed = journal.forgotten().div_ceil(BUNDLE_LENGTH);
        let mut bundle = 0;
        while bundle < bundles {
            let mut group = Vec::new();
            let end = bundles.min(bundle + BUNDLES_AT_ONCE);
            while bundle < end {
                let Some(changed) = self.changed(source, bundle, bundle < needed)? else {
                    *copied += self.put(group)?;
                    return Ok(bundle * BUNDLE_LENGTH);
                };
                group.extend(changed);
                bundle += 1;
            }
            *copied += self.put(group)?;
            progress(bundle * BUNDLE_LENGTH, journal.size());
        }
        Ok(bundle * BUNDLE_LENGTH)
    }

    /// What is to be copied with a bundle; nothing where the ledger is about to put it.
    fn changed(
        &self,
        source: &LocalObjects,
        bundle: u64,
        is_needed: bool,
    ) -> Result<Option<Vec<(ObjectName, Bytes)>>, StoreError> {
        let mut changed = Vec::new();
        for name in ObjectName::complete_with(bundle) {
            let there = source.length(name)?;
            if there.is_some() && there == self.objects.length(name)? {
                continue;
            }
            match source.get(name)? {
                Some(bytes) => changed.push((name, bytes)),
                None if is_needed => {
                    let missing = std::io::Error::from(ErrorKind::NotFound);
                    return Err(StoreError::io("read", &source.path(name), &missing));
                }
                None => return Ok(None),
            }
        }
        Ok(Some(changed))
    }

    fn put(&self, group: Vec<(ObjectName, Bytes)>) -> Result<u64, PutError> {
        if !group.is_empty() {
            self.objects.put(&group)?;
        }
        Ok(group.len() as u64)
    }

    fn temporary(&self) -> PathBuf {
        self.folder.join("state").join(TEMPORARY)
    }

    fn copy_beside(&self, data: &Path, with_keys: bool) -> Result<(), StoreError> {
        let temporary = self.temporary();
        files::remove_folder(&temporary)?;
        for name in BESIDE.into_iter().chain(with_keys.then_some(KEYS)) {
            copy_files(&data.join(name), &temporary.join(name))?;
        }
        Ok(())
    }

    /// Makes what was gathered, and verified meanwhile, the state of the backup, and removes the one before. `key` is the
    /// log's verifier key.
    ///
    /// # Errors
    /// [`StoreError`]; the state before it counts then.
    pub fn keep(&self, gathered: &Gathered, key: &str) -> Result<(), StoreError> {
        let temporary = self.temporary();
        let journal = temporary.join("journal");
        files::create_folder(&journal)?;
        gathered.journal.write(&journal, false)?;
        files::write_private(&temporary.join(VERIFIER_KEY), key.as_bytes())?;
        files::sync_folder(&temporary)?;
        let older = self.states()?;
        let number = older.last().map_or(0, |(number, _)| number + 1);
        let (states, name) = (self.folder.join("state"), number.to_string());
        fs::rename(&temporary, states.join(name))
            .map_err(|error| StoreError::io("rename", &temporary, &error))?;
        files::sync_folder(&states)?;
        older.iter().try_for_each(|(_, folder)| files::remove_folder(folder))
    }
}

/// Copies the files of a folder, durably. Names that begin with a dot are of files that are being written.
fn copy_files(from: &Path, to: &Path) -> Result<(), StoreError> {
    let created = DirBuilder::new().recursive(true).mode(0o700).create(to);
    created.map_err(|error| StoreError::io("create", to, &error))?;
    if from.is_dir() {
        for path in files::list(from)? {
            let name = path.file_name().unwrap_or_default();
            if name.to_string_lossy().starts_with('.') || !path.is_file() {
                continue;
            }
            if let Some(bytes) = files::read(&path)? {
                files::write_private(&to.join(name), &bytes)?;
            }
        }
    }
    files::sync_folder(to)
}
