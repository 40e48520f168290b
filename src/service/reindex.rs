//! Brings the index up to the journal's head, from the bundles and memory: after every start what it lacks, and
//! everything where it was deleted, damaged or of another tree.

use std::sync::Arc;

use super::indexing;
use super::lookup::{Lookup, LookupError};
use crate::entry::Entry;
use crate::store::{APPLY_MAX, Index, IndexError, Indexed, Position};
use crate::tlog::{Nodes, leaf_hash, root};

/// Why the index could not be brought up.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReindexError {
    /// It knows entries that the journal does not.
    #[error(
        "the index holds {held} entries and the journal only {journal}: the folder was rolled back behind what was \
         published. Put the newest `journal` folder back; if the `index` folder is not this ledger's, delete it"
    )]
    RolledBack {
        /// Entries in the index.
        held: u64,
        /// Entries the journal knows of.
        journal: u64,
    },
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Entries cannot be read, or are not those of the tiles.
    #[error(transparent)]
    Lookup(#[from] LookupError),
}

/// Completes the index and gives it to the lookup. `progress` is told how many entries it has, and of how many.
///
/// # Errors
/// [`ReindexError`]; the index keeps what it has.
pub fn build_index(
    lookup: &Lookup,
    index: Arc<dyn Index>,
    progress: &dyn Fn(u64, u64),
) -> Result<(), ReindexError> {
    let size = lookup.memory().published().map_or(0, |published| published.size());
    // What is already in the index is looked up in it while the rest is read.
    let growing = Lookup::new(lookup.memory().clone(), lookup.objects().clone());
    growing.set_index(index.clone());
    let builder = Builder { lookup: &growing, index: index.as_ref(), size, progress };
    let from = builder.start()?;
    builder.fill(from)?;
    lookup.set_index(index);
    Ok(())
}

/// Applies the entries before `size` that an index in use has lost.
///
/// # Errors
/// [`ReindexError`]; the index keeps what it has.
pub fn catch_up(lookup: &Lookup, index: &dyn Index, size: u64) -> Result<(), ReindexError> {
    let held = index.position()?.map_or(0, |position| position.size);
    Builder { lookup, index, size, progress: &|_, _| () }.fill(held)
}

struct Builder<'a> {
    /// With the index as far as it is.
    lookup: &'a Lookup,
    index: &'a dyn Index,
    size: u64,
    progress: &'a dyn Fn(u64, u64),
}

impl Builder<'_> {
    /// How many entries of this tree the index has.
    fn start(&self) -> Result<u64, ReindexError> {
        let Some(position) = self.index.position()? else { return Ok(0) };
        if position.size > self.size {
            return Err(ReindexError::RolledBack { held: position.size, journal: self.size });
        }
        if root(position.size, self.lookup)? == position.root {
            return Ok(position.size);
        }
        self.index.clear()?;
        Ok(0)
    }

    fn fill(&self, from: u64) -> Result<(), ReindexError> {
        (self.progress)(from, self.size);
        let mut batch = Vec::with_capacity(APPLY_MAX);
        for index in from..self.size {
            let entry = self.read(index)?;
            if batch.len() == APPLY_MAX || names_another(&entry) {
                self.apply(&mut batch)?;
            }
            batch.push(indexing::of_leaf(&entry, self.lookup)?);
        }
        self.apply(&mut batch)
    }

    /// Reads an entry, and holds it against its tile: what is indexed must be what was signed.
    fn read(&self, index: u64) -> Result<Entry, ReindexError> {
        let wrong = |what| LookupError::Inconsistent { index, what };
        let leaf = self.lookup.leaf(index)?.ok_or_else(|| wrong("its bundle is missing"))?;
        if leaf_hash(&leaf) != self.lookup.node(0, index)? {
            return Err(wrong("its leaf in the bundle is not that of the tile").into());
        }
        let entry = Entry::parse(&leaf).map_err(|error| LookupError::BadLeaf { index, error })?;
        if entry.index == index { Ok(entry) } else { Err(wrong("it names another index").into()) }
    }

    fn apply(&self, batch: &mut Vec<Indexed>) -> Result<(), ReindexError> {
        let Some(last) = batch.last() else { return Ok(()) };
        let size = last.index + 1;
        self.index.apply(batch, Position { size, root: root(size, self.lookup)? })?;
        (self.progress)(size, self.size);
        batch.clear();
        Ok(())
    }
}

/// Whether the entry may name another by `re`, which must then be in the index before it is looked up. It looks
/// for the bytes, since to read the statement costs several times as much.
pub(super) fn names_another(entry: &Entry) -> bool {
    const RE: &[u8] = b"\"re\":\"sha256:";
    entry.envelope.payload().windows(RE.len()).any(|window| window == RE)
}
