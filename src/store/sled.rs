//! The index in sled 0.34. Only what can be rebuilt, under short keys: sled does not sync what it flushes, and
//! a crash may leave it unable to open, so that a damaged database is wiped and filled again.
//!
//! How keys and values are written is in `keys`.

mod keys;

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::thread;
use std::time::Duration;

use fail::fail_point;
use sled::{Batch, Db, IVec};

use keys::{NONE, POSITION, join, key, letter, list_key, word_name, words_value};

use super::index::short;
use super::{
    Chain, ChainKind, ChainLink, Index, IndexError, Indexed, List, Position, ShortName, WordEvents,
    WordRef,
};
use crate::crypto::Hash;

/// Bytes of sled's own cache. What is asked for most is held elsewhere (`local/index.rs`).
const CACHE_LENGTH: u64 = 16 << 20;
const FLUSH_MILLISECONDS: u64 = 500;
const LOCK_TRIES: usize = 100;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Which entries' names the database holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// All.
    All,
    /// Neither statement ids nor signers: these are held elsewhere.
    ThreadsAndSubjects,
}

/// The index in a folder of sled's. See [`Index`] for what it promises.
#[derive(Debug)]
pub struct SledIndex {
    folder: PathBuf,
    names: Names,
    /// `None` after a failure, until it is opened again.
    database: RwLock<Option<Db>>,
    /// Entries applied by this process at most: a database opened again may have fewer.
    reached: AtomicU64,
    behind: AtomicBool,
}

impl SledIndex {
    /// Opens or creates the database in `folder`.
    ///
    /// # Errors
    /// [`IndexError::Damaged`] when sled cannot read it: [`wipe`] it and open again.
    pub fn open(folder: &Path) -> Result<Self, IndexError> {
        Self::open_with(folder, Names::All)
    }

    pub(super) fn open_with(folder: &Path, names: Names) -> Result<Self, IndexError> {
        let database = RwLock::new(Some(open_database(folder)?));
        let index = Self {
            folder: folder.to_owned(),
            names,
            database,
            reached: AtomicU64::new(0),
            behind: AtomicBool::new(false),
        };
        index.has_reached(index.size()?);
        Ok(index)
    }

    fn get(&self, key: &[u8]) -> Result<Option<IVec>, IndexError> {
        self.with(|database| database.get(key))
    }

    fn get_named(&self, letter: u8, name: &ShortName) -> Result<Option<IVec>, IndexError> {
        self.get(&key(letter, name))
    }

    /// Runs one operation of sled's. After a failure the database is opened anew before the next one, because
    /// sled answers nothing but its first error.
    fn with<T>(&self, operation: impl FnOnce(&Db) -> sled::Result<T>) -> Result<T, IndexError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner).clone();
        let database = match database {
            Some(database) => database,
            None => self.reopen()?,
        };
        // Sled panics where it finds what it did not expect.
        let done = catch_unwind(AssertUnwindSafe(|| operation(&database)));
        drop(database);
        let failed = match done {
            Ok(Ok(value)) => return Ok(value),
            Ok(Err(error)) => tell(&self.folder, &error),
            Err(_) => panicked(&self.folder),
        };
        self.database.write().unwrap_or_else(PoisonError::into_inner).take();
        Err(failed)
    }

    fn reopen(&self) -> Result<Db, IndexError> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(database) = &*database {
            return Ok(database.clone());
        }
        // What was not flushed before the failure is gone.
        self.behind.store(true, Ordering::SeqCst);
        Ok(database.insert(open_database(&self.folder)?).clone())
    }

    fn has_reached(&self, size: u64) {
        let before = self.reached.fetch_max(size, Ordering::SeqCst);
        if size >= before {
            self.behind.store(false, Ordering::SeqCst);
        }
    }

    /// Refuses to answer from a database that lost entries.
    fn ready(&self) -> Result<(), IndexError> {
        if self.behind.load(Ordering::SeqCst) {
            return Err(IndexError::Behind { path: self.folder.clone() });
        }
        Ok(())
    }

    fn size(&self) -> Result<u64, IndexError> {
        Ok(self.position()?.map_or(0, |position| position.size))
    }

    fn damaged(&self, what: &str) -> IndexError {
        IndexError::Damaged { path: self.folder.clone(), message: what.into() }
    }

    fn number(&self, value: &[u8]) -> Result<u64, IndexError> {
        let bytes = value.try_into().map_err(|_| self.damaged("a number of another length"))?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn pair(&self, value: &[u8]) -> Result<(u64, u64), IndexError> {
        match value.split_at_checked(8) {
            Some((first, second)) => Ok((self.number(first)?, self.number(second)?)),
            None => Err(self.damaged("a pair of another length")),
        }
    }

    /// Entries beyond the position are new; of others it is looked up what is there already.
    fn fill(&self, batch: &mut Batch, entry: &Indexed, new: bool) -> Result<(), IndexError> {
        let id = short(&entry.id);
        if self.names == Names::All && (new || self.get_named(b'i', &id)?.is_none()) {
            batch.insert(&key(b'i', &id)[..], &entry.index.to_be_bytes());
        }
        let later = |old: Option<u64>| old.is_none_or(|old| old < entry.index);
        for (chain, seq) in &entry.chains {
            let holds = self.holds(chain, *seq);
            if holds && (new || later(self.read_newest(chain)?.map(|link| link.index))) {
                let link = join(entry.index, *seq);
                batch.insert(&key(letter(chain.kind()), chain.name())[..], link);
            }
        }
        for list in &entry.lists {
            batch.insert(&list_key(list, entry.index)[..], &[]);
        }
        Ok(())
    }

    fn holds(&self, chain: &Chain, seq: u64) -> bool {
        match chain.kind() {
            ChainKind::Thread => seq > 0,
            ChainKind::Subject => true,
            ChainKind::Signer => self.names == Names::All,
        }
    }

    fn read_newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError> {
        if let Some(value) = self.get_named(letter(chain.kind()), chain.name())? {
            let (index, seq) = self.pair(&value)?;
            return Ok(Some(ChainLink { index, seq }));
        }
        if chain.kind() != ChainKind::Thread {
            return Ok(None);
        }
        let agreement = self.get_named(b'i', chain.name())?;
        agreement.map(|value| Ok(ChainLink { index: self.number(&value)?, seq: 0 })).transpose()
    }

    fn read_list(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError> {
        let (first, end) = (list_key(list, 0), list_key(list, before));
        let keys = self.with(|database| {
            database.range(first..end).rev().take(count).map(|pair| Ok(pair?.0)).collect()
        });
        let keys: Vec<IVec> = keys?;
        keys.iter().map(|key| self.number(key.get(first.len() - 8..).unwrap_or_default())).collect()
    }

    fn read_words(&self, word: &WordRef) -> Result<WordEvents, IndexError> {
        let Some(value) = self.get_named(b'w', &word_name(word))? else {
            return Ok(WordEvents::default());
        };
        let mut numbers = [None; 4];
        for (number, bytes) in numbers.iter_mut().zip(value.chunks(8)) {
            *number = Some(self.number(bytes)?).filter(|index| *index != NONE);
        }
        let [revealed, erased, withheld, restored] = numbers;
        let moderated = withheld.max(restored).map(|newest| (newest, withheld > restored));
        Ok(WordEvents { revealed, erased, moderated })
    }

    /// Words may be revealed and erased in one batch, so each is read and written at once.
    fn note_words(&self, entry: &Indexed) -> Result<(), IndexError> {
        let note = |word: &WordRef, change: &dyn Fn(&mut WordEvents)| {
            let mut events = self.read_words(word)?;
            change(&mut events);
            self.with(|database| database.insert(key(b'w', &word_name(word)), words_value(&events)))
        };
        for word in &entry.revealed {
            note(word, &|events| events.revealed = events.revealed.or(Some(entry.index)))?;
        }
        for word in &entry.erased {
            note(word, &|events| events.erased = events.erased.or(Some(entry.index)))?;
        }
        for (word, withheld) in &entry.moderated {
            let moderated = Some((entry.index, *withheld));
            note(word, &|events| events.moderated = events.moderated.max(moderated))?;
        }
        Ok(())
    }
}

impl Index for SledIndex {
    fn position(&self) -> Result<Option<Position>, IndexError> {
        let Some(value) = self.get(POSITION)? else { return Ok(None) };
        let bad = || self.damaged("a position of another length");
        let (size, root) = value.split_at_checked(8).ok_or_else(bad)?;
        let root = root.try_into().map_err(|_| bad())?;
        Ok(Some(Position { size: self.number(size)?, root: Hash::from_bytes(root) }))
    }

    fn apply(&self, entries: &[Indexed], position: Position) -> Result<(), IndexError> {
        fail_point!("index.apply.begin");
        let applied = self.size()?;
        let mut batch = Batch::default();
        for entry in entries {
            self.note_words(entry)?;
            self.fill(&mut batch, entry, entry.index >= applied)?;
        }
        fail_point!("index.apply.words");
        if applied <= position.size {
            let mut value = position.size.to_be_bytes().to_vec();
            value.extend(position.root.as_bytes());
            batch.insert(POSITION, value);
        }
        self.with(|database| database.apply_batch(batch.clone()))?;
        self.has_reached(position.size);
        fail_point!("index.apply.done");
        Ok(())
    }

    fn find(&self, id: &Hash) -> Result<Option<u64>, IndexError> {
        let found =
            self.get_named(b'i', &short(id))?.map(|value| self.number(&value)).transpose()?;
        self.ready()?;
        Ok(found)
    }

    fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError> {
        let found = self.read_newest(chain)?;
        self.ready()?;
        Ok(found)
    }

    fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError> {
        let found = self.read_list(list, before, count)?;
        self.ready()?;
        Ok(found)
    }

    fn words(&self, word: &WordRef) -> Result<WordEvents, IndexError> {
        let found = self.read_words(word)?;
        self.ready()?;
        Ok(found)
    }

    fn clear(&self) -> Result<(), IndexError> {
        self.with(|database| database.clear())?;
        self.reached.store(0, Ordering::SeqCst);
        self.behind.store(false, Ordering::SeqCst);
        Ok(())
    }
}

/// Deletes the database in a folder.
///
/// # Errors
/// [`IndexError::Io`] when the folder cannot be deleted.
pub fn wipe(folder: &Path) -> Result<(), IndexError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(IndexError::Io { path: folder.to_owned(), message: error.to_string() })
        }
        _ => Ok(()),
    }
}

/// Sled's own threads may hold its lock for a moment after the database was closed in this process.
fn open_database(folder: &Path) -> Result<Db, IndexError> {
    for _ in 0..LOCK_TRIES {
        match try_open(folder) {
            Err(IndexError::Locked { .. }) => thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
    }
    try_open(folder)
}

fn try_open(folder: &Path) -> Result<Db, IndexError> {
    remove_unfinished_snapshots(folder);
    let config = sled::Config::new()
        .path(folder)
        .cache_capacity(CACHE_LENGTH)
        .flush_every_ms(Some(FLUSH_MILLISECONDS));
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(opened) => opened.map_err(|error| tell(folder, &error)),
        Err(_) => Err(panicked(folder)),
    }
}

/// A crash while sled writes a snapshot leaves a file that keeps it from opening.
fn remove_unfinished_snapshots(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with("snap.") && name.ends_with(".generating") {
            // If it stays, sled refuses to open, which is told then.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn panicked(folder: &Path) -> IndexError {
    IndexError::Damaged {
        path: folder.to_owned(),
        message: "sled found what it did not expect".into(),
    }
}

fn tell(folder: &Path, error: &sled::Error) -> IndexError {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    let (path, message) = (folder.to_owned(), error.to_string());
    match error {
        sled::Error::Io(io) => match io.kind() {
            StorageFull | QuotaExceeded => IndexError::NoSpace { path, message },
            PermissionDenied | ReadOnlyFilesystem => IndexError::Io { path, message },
            _ if message.contains("could not acquire lock") => IndexError::Locked { path },
            _ => IndexError::Damaged { path, message },
        },
        _ => IndexError::Damaged { path, message },
    }
}
