//! The index on local files: what every publish asks (was this statement logged? what did this key sign last?)
//! in memory over a plain file, threads, subjects, lists and words in sled.
//!
//! Sled alone would do, and does in its own tests. At 1,000,000 entries three keys an entry cost it 87 µs and
//! 360 MB; at that size this costs a few µs and 120 MB, and opens in well under a second.

use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::crypto::Hash;
use crate::store::fingerprints::Fingerprints;
use crate::store::index::short;
use crate::store::sled::{self, Names, SledIndex};
use crate::store::{
    Chain, ChainKind, ChainLink, Index, IndexError, Indexed, List, Position, StoreError,
    WordEvents, WordRef,
};

/// The index in a folder. See [`Index`] for what it promises.
#[derive(Debug)]
pub struct LocalIndex {
    names: RwLock<Fingerprints>,
    rest: SledIndex,
}

impl LocalIndex {
    /// Opens or creates the index in `folder`. A damaged database is wiped, and what was wrong is told beside the
    /// index, which then has to be filled again.
    ///
    /// # Errors
    /// [`IndexError`] when even an empty one cannot be opened.
    pub fn open(folder: &Path) -> Result<(Self, Option<IndexError>), IndexError> {
        super::files::create_folder(folder).map_err(|error| told(folder, &error))?;
        let database = folder.join("sled");
        let (rest, wiped) = match open_rest(&database) {
            Err(damage @ IndexError::Damaged { .. }) => {
                sled::wipe(&database)?;
                (open_rest(&database)?, Some(damage))
            }
            opened => (opened?, None),
        };
        // Both stop at one place, so that an index beyond the journal is seen to be.
        let limit = rest.position()?.map_or(0, |position| position.size);
        let names = RwLock::new(Fingerprints::open(&folder.join("names"), limit)?);
        Ok((Self { names, rest }, wiped))
    }

    /// Deletes the index in a folder.
    ///
    /// # Errors
    /// [`IndexError::Io`] when it cannot be deleted.
    pub fn wipe(folder: &Path) -> Result<(), IndexError> {
        sled::wipe(folder)
    }

    fn names(&self) -> RwLockReadGuard<'_, Fingerprints> {
        self.names.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn names_mut(&self) -> RwLockWriteGuard<'_, Fingerprints> {
        self.names.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn open_rest(folder: &Path) -> Result<SledIndex, IndexError> {
    SledIndex::open_with(folder, Names::ThreadsAndSubjects)
}

fn told(folder: &Path, error: &StoreError) -> IndexError {
    let (path, message): (PathBuf, _) = (folder.to_owned(), error.to_string());
    if error.is_no_space() {
        IndexError::NoSpace { path, message }
    } else {
        IndexError::Io { path, message }
    }
}

impl Index for LocalIndex {
    fn position(&self) -> Result<Option<Position>, IndexError> {
        let names = self.names().position();
        let rest = self.rest.position()?;
        Ok(names.zip(rest).map(|(names, rest)| if names.size < rest.size { names } else { rest }))
    }

    fn apply(&self, entries: &[Indexed], position: Position) -> Result<(), IndexError> {
        self.rest.apply(entries, position)?;
        self.names_mut().apply(entries, position)
    }

    fn find(&self, id: &Hash) -> Result<Option<u64>, IndexError> {
        Ok(self.names().find(&short(id)))
    }

    fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError> {
        match chain.kind() {
            ChainKind::Signer => Ok(self.names().newest(chain.name())),
            ChainKind::Subject => self.rest.newest(chain),
            ChainKind::Thread => {
                let agreement =
                    || self.names().find(chain.name()).map(|index| ChainLink { index, seq: 0 });
                Ok(self.rest.newest(chain)?.or_else(agreement))
            }
        }
    }

    fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError> {
        self.rest.listed(list, before, count)
    }

    fn words(&self, word: &WordRef) -> Result<WordEvents, IndexError> {
        self.rest.words(word)
    }

    fn clear(&self) -> Result<(), IndexError> {
        self.names_mut().clear()?;
        self.rest.clear()
    }
}
