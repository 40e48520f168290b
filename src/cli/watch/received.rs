//! An entry as the stream gives it: the leaf, which is checked, and the convenient copies beside it, which must say
//! the same. Its words cannot be checked here, as they come without their salts.

use serde_json::value::RawValue;

use super::Watch;
use crate::encoding::base64;
use crate::entry::Entry;
use crate::statement::membership::Outline;
use crate::tlog::leaf_hash;
use crate::wire;

/// An entry, read.
#[derive(Debug)]
pub(super) struct Received {
    shown: wire::Entry,
    pub(super) leaf: Vec<u8>,
}

impl Received {
    /// Reads the data of an `entry` event. The text says what it is not.
    pub(super) fn read(data: &str) -> Result<Self, String> {
        let shown: wire::Entry =
            serde_json::from_str(data).map_err(|error| format!("it is no entry: {error}"))?;
        let leaf = base64::decode(&shown.entry).map_err(|_| "its leaf is not base64".to_owned())?;
        Ok(Self { shown, leaf })
    }

    /// Under which index it is told.
    pub(super) const fn index(&self) -> u64 {
        self.shown.index
    }

    /// Holds the copies beside the leaf, and what was asked for, against the leaf, which was checked.
    pub(super) fn check(&self, entry: &Entry, asked: &Watch) -> Result<(), &'static str> {
        let shown = &self.shown;
        let leaf: wire::Leaf<'_> =
            serde_json::from_slice(&self.leaf).map_err(|_| "its leaf is no entry")?;
        let same = |copy: &RawValue, signed: &[u8]| copy.get().as_bytes() == signed;
        let holds = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
        holds(shown.leaf_hash == leaf_hash(&self.leaf).to_hex(), "`leaf_hash` is another leaf's")?;
        holds(shown.id == entry.envelope.id().to_string(), "`id` is another statement's")?;
        holds(
            same(&shown.statement, entry.envelope.payload()),
            "`statement` is not what is signed",
        )?;
        holds(
            same(&shown.links, leaf.links.get().as_bytes()),
            "`links` are not those of the leaf",
        )?;
        holds(shown.time == leaf.time, "`time` is not that of the leaf")?;
        let outline = Outline::read(entry.envelope.payload());
        let of_kind =
            |kind: &String| outline.as_ref().is_some_and(|outline| outline.kind() == kind);
        let about = |org| entry.links.subjects.iter().any(|(subject, _)| subject == org);
        holds(asked.kind.as_ref().is_none_or(of_kind), "it is of a kind that was not asked for")?;
        holds(asked.org.as_ref().is_none_or(about), "it is about another organization")
    }
}
