//! Erasing words: from search, memory, what is sent to followers, journal and packs, before the erasure is answered.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::lookup::Lookup;
use crate::store::{
    BUNDLE_LENGTH, BadPack, Journal, ObjectName, Objects, Pack, PutError, ScrubError, StoreError,
    WordRef,
};

/// Why words could not be erased yet. What was not erased is erased by trying again, or at the next start.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EraseError {
    /// The journal still has them.
    #[error(transparent)]
    Journal(#[from] ScrubError),
    /// A pack could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A pack could not be written.
    #[error(transparent)]
    Put(#[from] PutError),
    /// A pack does not parse.
    #[error("{name}: {error}")]
    BadPack {
        /// Which.
        name: ObjectName,
        /// Why not.
        error: BadPack,
    },
}

/// Held while packs are written or words erased, so that no pack is written with words erased meanwhile.
#[derive(Debug, Default)]
pub struct PackLock(Mutex<()>);

impl PackLock {
    /// Runs alone.
    pub fn alone<T>(&self, work: impl FnOnce() -> T) -> T {
        let _guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        work()
    }
}

/// Erases words that a committed batch erases, each named by the entry that carried it. When this returns
/// `Ok`, no byte of them is left in memory or in the data folder.
///
/// # Errors
/// [`EraseError`]; calling it again is harmless.
pub fn erase(
    words: &[WordRef],
    lookup: &Lookup,
    journal: &mut dyn Journal,
    packs: &PackLock,
) -> Result<(), EraseError> {
    let everywhere = || {
        lookup.memory().erase(words);
        erase_from_packs(words, lookup.objects().as_ref())?;
        lookup.forget_packs();
        lookup.live().forget();
        // Last: the journal gives the erasing batch back at every start until this is done.
        Ok(journal.scrub(words)?)
    };
    packs.alone(|| lookup.search().while_erasing(words, lookup, everywhere))
}

/// Rewrites the packs that hold any of these words.
///
/// # Errors
/// [`EraseError`].
pub fn erase_from_packs(words: &[WordRef], objects: &dyn Objects) -> Result<(), EraseError> {
    let mut by_pack: BTreeMap<u64, Vec<&WordRef>> = BTreeMap::new();
    for word in words {
        by_pack.entry(word.entry / BUNDLE_LENGTH).or_default().push(word);
    }
    for (index, words) in by_pack {
        let name = ObjectName::Words { index };
        let Some(bytes) = objects.get(name)? else { continue };
        let mut pack = Pack::decode(&bytes).map_err(|error| EraseError::BadPack { name, error })?;
        let erased = words.into_iter().filter(|word| pack.erase(word)).count();
        if erased > 0 {
            objects.put(&[(name, pack.encode().into())])?;
        }
    }
    Ok(())
}
