//! What a start does with what it finds: decides whether the folder may be continued, brings the newest entries
//! back into memory, and finishes erasures. The index is brought up in `reindex`.

use std::sync::Arc;

use super::erase::{EraseError, erase_from_packs};
use super::lookup::{Lookup, LookupError};
use super::memory::{Kept, Memory, Published};
pub use super::reindex::{ReindexError, build_index};
use super::suspect::changed_tile;
use crate::crypto::Hash;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::ledger::Standing;
use crate::store::{
    BUNDLE_LENGTH, Batch, Head, Journal, ObjectName, Objects, ScrubError, StoreError, WordRef,
};
use crate::tlog::{
    BadLogSignature, Frontier, NotACheckpoint, NotRecent, Recent, SignedCheckpoint, VerifierKey,
    leaf_hash,
};

/// Why a ledger's folder must not be continued.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecoverError {
    /// Something derived from the journal is ahead of it.
    #[error(
        "the {holder} hold {held} entries and the journal only {journal}: the folder was rolled back behind what \
         was published. Put the newest `journal` folder back; going on from here would publish a second history"
    )]
    RolledBack {
        /// `objects` or `index`.
        holder: &'static str,
        /// Entries it holds.
        held: u64,
        /// Entries the journal knows of.
        journal: u64,
    },
    /// The journal forgot entries that the objects do not have.
    #[error(
        "the journal handed {forgotten} entries over and the objects hold only {held}: files are missing in \
         `objects`. Put them back from a copy or a mirror"
    )]
    ObjectsMissing {
        /// Entries that were handed over.
        forgotten: u64,
        /// Entries in full bundles.
        held: u64,
    },
    /// Tiles and journal do not make the tree that was signed.
    #[error(
        "tiles and journal make another tree of {size} entries than the last checkpoint signed: {}. Put it back \
         from a copy or a mirror",
        blame(*.changed)
    )]
    RootDiffers {
        /// Entries of the tree.
        size: u64,
        /// The root that was signed.
        signed: Hash,
        /// The root there is.
        found: Hash,
        /// The tile that is not what the entries say, if one is.
        changed: Option<ObjectName>,
    },
    /// The last checkpoint is no checkpoint.
    #[error("the last checkpoint in the journal: {0}")]
    BadCheckpoint(#[from] NotACheckpoint),
    /// The last checkpoint is not by this ledger's key.
    #[error(
        "the last checkpoint in the journal: {0}. Start with the `keys` that belong to this folder"
    )]
    OtherKey(#[from] BadLogSignature),
    /// The last checkpoint is of another tree than the journal's head.
    #[error("the last checkpoint in the journal is of another tree than its head")]
    OtherCheckpoint,
    /// The journal does not reach back to where the objects end.
    #[error("the journal has no entry {0}, and the objects have not either")]
    EntryMissing(u64),
    /// Entries or tiles cannot be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The disk refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An erasure could not be finished.
    #[error("an erasure could not be finished: {0}")]
    Erase(#[from] EraseError),
}

fn blame(changed: Option<ObjectName>) -> String {
    match changed {
        Some(name) => format!("`objects/{name}` is not what the entries below it make"),
        None => "a file in `objects/tile` or `journal` is not what it was".to_owned(),
    }
}

impl From<ScrubError> for RecoverError {
    fn from(error: ScrubError) -> Self {
        Self::Erase(error.into())
    }
}

/// A ledger ready to be read, and what its sequencer starts from.
pub struct Recovered {
    /// Reads memory and objects; the index is yet to come.
    pub lookup: Arc<Lookup>,
    /// Where the ledger stands.
    pub standing: Standing,
    /// The tree's compact form.
    pub frontier: Frontier,
}

/// Brings a ledger back from its journal and objects. `key` is the one its checkpoints are signed by.
///
/// # Errors
/// [`RecoverError`] says what is wrong and what to do. Nothing was changed but that erasures were finished.
pub fn recover(
    journal: &mut dyn Journal,
    objects: Arc<dyn Objects>,
    key: &VerifierKey,
) -> Result<Recovered, RecoverError> {
    let base = check_sizes(journal, objects.as_ref())?;
    let nodes = read_nodes(base, &objects)?;
    let Some(head) = journal.head().cloned() else {
        let lookup = Arc::new(Lookup::new(Arc::new(Memory::new(nodes)), objects));
        let standing = Standing { size: 0, newest: None };
        return Ok(Recovered { lookup, standing, frontier: Frontier::new() });
    };
    let checkpoint = read_checkpoint(&head, key)?;
    let batches = journal.unapplied()?;
    finish_erasures(&batches, journal, objects.as_ref())?;
    let kept = read_entries(base, head.size, batches)?;
    let frontier = check_root(nodes.clone(), &kept, &head, objects.as_ref())?;
    let lookup = Arc::new(Lookup::new(Arc::new(Memory::new(nodes)), objects));
    let newest = newest(&kept, head.size, &lookup)?;
    lookup.memory().publish(kept, Vec::new(), Published::new(checkpoint, newest.1));
    Ok(Recovered { lookup, standing: Standing { size: head.size, newest: Some(newest) }, frontier })
}

/// Compares what the parts hold. Returns the size from which on entries belong into memory.
fn check_sizes(journal: &dyn Journal, objects: &dyn Objects) -> Result<u64, RecoverError> {
    let size = journal.head().map_or(0, |head| head.size);
    let held = objects.bundles()? * BUNDLE_LENGTH;
    if held > size {
        return Err(RecoverError::RolledBack { holder: "objects", held, journal: size });
    }
    // Entries are handed over in full bundles, though the journal may know of fewer than were.
    let forgotten = journal.forgotten().next_multiple_of(BUNDLE_LENGTH);
    if forgotten > held {
        return Err(RecoverError::ObjectsMissing { forgotten, held });
    }
    Ok(forgotten)
}

/// The right edge of the tree that the tiles make.
fn read_nodes(base: u64, objects: &Arc<dyn Objects>) -> Result<Recent, LookupError> {
    let nothing = Arc::new(Memory::new(Recent::default()));
    Recent::new(base, &Lookup::new(nothing, objects.clone()))
}

fn read_checkpoint(head: &Head, key: &VerifierKey) -> Result<SignedCheckpoint, RecoverError> {
    let signed: SignedCheckpoint = head.checkpoint.parse()?;
    signed.verify(key)?;
    let checkpoint = signed.checkpoint();
    if checkpoint.size() != head.size || *checkpoint.root() != head.root {
        return Err(RecoverError::OtherCheckpoint);
    }
    Ok(signed)
}

/// Erasures that were committed and maybe not carried out. The journal drops the words it still has by itself.
fn finish_erasures(
    batches: &[Batch],
    journal: &mut dyn Journal,
    objects: &dyn Objects,
) -> Result<(), RecoverError> {
    let erased: Vec<WordRef> = batches.iter().flat_map(|batch| batch.erased().to_vec()).collect();
    erase_from_packs(&erased, objects)?;
    Ok(journal.scrub(&erased)?)
}

fn read_entries(base: u64, size: u64, batches: Vec<Batch>) -> Result<Vec<Kept>, RecoverError> {
    let mut kept = Vec::new();
    let mut next = base;
    for batch in batches {
        for (index, record) in (batch.first()..).zip(batch.records()) {
            if index != next {
                continue;
            }
            let (leaf, words) = (record.leaf.clone(), record.words.clone());
            kept.push(Kept { hash: leaf_hash(&leaf), leaf, words });
            next += 1;
        }
    }
    if next == size { Ok(kept) } else { Err(RecoverError::EntryMissing(next)) }
}

fn check_root(
    mut nodes: Recent,
    kept: &[Kept],
    head: &Head,
    objects: &dyn Objects,
) -> Result<Frontier, RecoverError> {
    kept.iter().for_each(|kept| nodes.push(kept.hash));
    let unreadable = |_: NotRecent| RecoverError::OtherCheckpoint;
    let frontier = nodes.frontier(head.size).map_err(unreadable)?;
    let found = frontier.root();
    if found != head.root {
        let (size, signed, changed) = (head.size, head.root, changed_tile(objects)?);
        return Err(RecoverError::RootDiffers { size, signed, found, changed });
    }
    Ok(frontier)
}

/// Leaf hash and time of the newest entry.
fn newest(kept: &[Kept], size: u64, lookup: &Lookup) -> Result<(Hash, Moment), RecoverError> {
    let index = size - 1;
    let entry = match kept.last() {
        Some(kept) => {
            Entry::parse(&kept.leaf).map_err(|error| LookupError::BadLeaf { index, error })?
        }
        None => lookup.entry(index)?,
    };
    let hash = match kept.last() {
        Some(kept) => kept.hash,
        None => lookup.leaf_hash(index)?,
    };
    Ok((hash, entry.time))
}
