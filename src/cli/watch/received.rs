//! An entry as the stream gives it: the leaf, which is checked, and the convenient copies beside it, which must say
//! the same. Its words cannot be checked here, as they come without their salts.

use serde_json::value::RawValue;

use super::Watch;
use crate::crypto::Hash;
use crate::encoding::{base64, hex};
use crate::entry::Entry;
use crate::statement::membership::Outline;
use crate::tlog::leaf_hash;
use crate::wire;

/// An entry, read.
#[derive(Debug)]
pub(super) struct Received {
    shown: wire::Entry,
    /// Absent when the entry is withheld.
    pub(super) leaf: Option<Vec<u8>>,
}

impl Received {
    /// Reads the data of an `entry` event. The text says what it is not.
    pub(super) fn read(data: &str) -> Result<Self, String> {
        let shown: wire::Entry =
            serde_json::from_str(data).map_err(|error| format!("it is no entry: {error}"))?;
        let leaf = shown.entry.as_deref().map(base64::decode).transpose();
        let leaf = leaf.map_err(|_| "its leaf is not base64".to_owned())?;
        if leaf.is_none() && shown.withheld.is_none() {
            return Err("it has no leaf and is not withheld".to_owned());
        }
        Ok(Self { shown, leaf })
    }

    /// Under which index it is told.
    pub(super) const fn index(&self) -> u64 {
        self.shown.index
    }

    /// Its leaf hash as it is told, and the decision by which it is withheld.
    pub(super) fn withheld(&self) -> Option<(Hash, &wire::Decision)> {
        let hash = hex::decode_array(&self.shown.leaf_hash).ok()?;
        Some((Hash::from_bytes(hash), self.shown.withheld.as_ref()?))
    }

    /// Holds the copies beside the leaf, and what was asked for, against the leaf, which was checked.
    pub(super) fn check(
        &self,
        entry: &Entry,
        bytes: &[u8],
        asked: &Watch,
    ) -> Result<(), &'static str> {
        let shown = &self.shown;
        let leaf: wire::Leaf<'_> =
            serde_json::from_slice(bytes).map_err(|_| "its leaf is no entry")?;
        let same = |copy: Option<&RawValue>, signed: &[u8]| {
            copy.is_some_and(|copy| copy.get().as_bytes() == signed)
        };
        let holds = |holds: bool, what| if holds { Ok(()) } else { Err(what) };
        holds(shown.leaf_hash == leaf_hash(bytes).to_hex(), "`leaf_hash` is another leaf's")?;
        holds(shown.id == entry.envelope.id().to_string(), "`id` is another statement's")?;
        holds(
            same(shown.statement.as_deref(), entry.envelope.payload()),
            "`statement` is not what is signed",
        )?;
        holds(
            same(Some(&shown.links), leaf.links.get().as_bytes()),
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
