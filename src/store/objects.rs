//! Named bytes derived from the journal. This file is the contract; engines are beside it.

use std::fmt;

use bytes::Bytes;

use super::{BUNDLE_LENGTH, BadPack, Pack, StoreError};

/// The name of an object: where it stands in the tree. Written as its C2SP tlog-tiles path, with `words/<N>`
/// for packs, numbers in groups of three digits (`tile/0/x001/067`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ObjectName {
    /// The full hash tile of this level (0–63) and index: 256 hashes, 8,192 bytes.
    Tile {
        /// 0 for leaf hashes.
        level: u8,
        /// Position in the level.
        index: u64,
    },
    /// The full entry bundle: leaves `256 × index` and the 255 after it.
    Entries {
        /// Position among bundles.
        index: u64,
    },
    /// The words of those 256 entries, a [`Pack`].
    Words {
        /// Position among packs.
        index: u64,
    },
}

impl ObjectName {
    /// The objects that are complete with the full bundle of that index, in the order in which they are put: its pack, its
    /// tile and itself, then the tiles further up that end with it.
    pub fn complete_with(bundle: u64) -> impl Iterator<Item = Self> {
        let own = [
            Self::Words { index: bundle },
            Self::Tile { level: 0, index: bundle },
            Self::Entries { index: bundle },
        ];
        let mut below = bundle;
        let above = (1..).map_while(move |level| {
            let is_full = (below + 1).is_multiple_of(BUNDLE_LENGTH);
            below /= BUNDLE_LENGTH;
            is_full.then_some(Self::Tile { level, index: below })
        });
        own.into_iter().chain(above)
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tile { level, index } => write!(formatter, "tile/{level}/{}", grouped(*index)),
            Self::Entries { index } => write!(formatter, "tile/entries/{}", grouped(*index)),
            Self::Words { index } => write!(formatter, "words/{}", grouped(*index)),
        }
    }
}

/// A number as tlog-tiles writes it: three digits a path element, all but the last with `x` before them.
fn grouped(number: u64) -> String {
    let mut path = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        path = format!("x{:03}/{path}", rest % 1000);
        rest /= 1000;
    }
    path
}

/// Why objects were not put.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    /// There is no room; the same objects may be put again later.
    #[error("no room for objects: {0}")]
    NoSpace(StoreError),
    /// The name holds other content, which never changes (a pack may lose words, nothing else).
    #[error("{0} is there with other content")]
    OtherContent(ObjectName),
    /// The pack given, or the one there, is not a pack.
    #[error("{name}: {error}")]
    BadPack {
        /// The pack's name.
        name: ObjectName,
        /// What is wrong with it.
        error: BadPack,
    },
    /// The disk refused.
    #[error("{0}")]
    Store(StoreError),
}

impl From<StoreError> for PutError {
    fn from(error: StoreError) -> Self {
        if error.is_no_space() { Self::NoSpace(error) } else { Self::Store(error) }
    }
}

/// Full tiles, full entry bundles and packs, by name.
///
/// *Who calls it.* Any thread reads. One thread at a time puts: who applies committed batches, or erases.
///
/// *Durability.* When [`put`](Self::put) has returned `Ok`, all of the group survives a crash of the machine.
/// A crash inside it leaves any of them, each whole or absent, and a replaced pack old or new.
///
/// *Constancy.* A tile or bundle, once there, never changes: putting the same content again succeeds, other
/// content is refused. A pack may only lose words. After a pack is replaced, no byte of the lost words is left.
pub trait Objects: Send + Sync {
    /// The object, or `None` when there is none of that name.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read.
    fn get(&self, name: ObjectName) -> Result<Option<Bytes>, StoreError>;

    /// Puts a group, in order.
    ///
    /// # Errors
    /// [`PutError`]; some of the group may be there, and putting it again is harmless.
    fn put(&self, group: &[(ObjectName, Bytes)]) -> Result<(), PutError>;

    /// How many full bundles there are room for below the highest one: its index + 1, 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be read.
    fn bundles(&self) -> Result<u64, StoreError>;
}

/// Whether `new` may be put where `old` is; `Ok(false)` says that it is there already.
///
/// # Errors
/// [`PutError::OtherContent`] and [`PutError::BadPack`].
pub(super) fn may_replace(name: ObjectName, old: &[u8], new: &[u8]) -> Result<bool, PutError> {
    if old == new {
        return Ok(false);
    }
    let ObjectName::Words { .. } = name else {
        return Err(PutError::OtherContent(name));
    };
    let decode = |bytes| Pack::decode(bytes).map_err(|error| PutError::BadPack { name, error });
    if decode(new)?.only_lost_words_since(&decode(old)?) {
        Ok(true)
    } else {
        Err(PutError::OtherContent(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_a_bundle_come_the_tiles_that_end_with_it() {
        let names = |bundle| ObjectName::complete_with(bundle).map(|name| name.to_string());
        assert_eq!(names(0).collect::<Vec<_>>(), ["words/000", "tile/0/000", "tile/entries/000"]);
        assert_eq!(names(255).skip(3).collect::<Vec<_>>(), ["tile/1/000"]);
        assert_eq!(names(65_535).skip(3).collect::<Vec<_>>(), ["tile/1/255", "tile/2/000"]);
        assert_eq!(names(65_536).count(), 3);
    }

    #[test]
    fn names_are_the_paths_of_tlog_tiles() {
        let name = ObjectName::Tile { level: 0, index: 1_234_067 };
        assert_eq!(name.to_string(), "tile/0/x001/x234/067");
        assert_eq!(ObjectName::Entries { index: 5 }.to_string(), "tile/entries/005");
        assert_eq!(ObjectName::Words { index: 1000 }.to_string(), "words/x001/000");
    }
}
