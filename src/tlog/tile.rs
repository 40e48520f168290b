//! What is in a tile: up to 256 hashes, of which the nodes above follow, or up to 256 entries
//! (C2SP tlog-tiles). Where tiles are is in [`super::TilePath`].

use super::merkle::node_hash;
use super::tile_path::{TILE_HEIGHT, TILE_WIDTH};
use crate::crypto::Hash;

const HASH_LENGTH: usize = 32;
/// An entry is preceded by its length in two bytes.
pub const ENTRY_LENGTH_MAX: usize = u16::MAX as usize;

/// The bytes are not a tile of that width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these {length} bytes are not a tile of {width}")]
pub struct BadTile {
    /// The bytes there are.
    pub length: usize,
    /// The hashes or entries there should be.
    pub width: u16,
}

/// An entry is too long for a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {0} bytes is longer than {ENTRY_LENGTH_MAX}")]
pub struct EntryTooLong(pub usize);

/// A tile of hashes with every node that follows from them inside the tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileTree {
    /// From the hashes of the tile up; each level has half as many.
    heights: Vec<Vec<Hash>>,
}

impl TileTree {
    /// Reads a tile of hashes and works out the nodes above them: at most 255 hashes.
    ///
    /// # Errors
    /// [`BadTile`] unless there are exactly `width` hashes, 1 to 256.
    pub fn parse(bytes: &[u8], width: u16) -> Result<Self, BadTile> {
        parse_hashes(bytes, width).map(Self::of)
    }

    /// The tile of these hashes, of which there are at most 256, and the nodes above them.
    pub fn of(hashes: Vec<Hash>) -> Self {
        let mut heights = vec![hashes];
        for height in 0..usize::from(TILE_HEIGHT) {
            let (pairs, _) = heights[height].as_chunks::<2>();
            let above: Vec<Hash> =
                pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
            if above.is_empty() {
                break;
            }
            heights.push(above);
        }
        Self { heights }
    }

    /// The hashes of the tile.
    pub fn hashes(&self) -> &[Hash] {
        self.heights.first().map_or(&[], Vec::as_slice)
    }

    /// The node `height` levels above the hashes of the tile (0 to 8), by its place in the tile.
    pub fn node(&self, height: u8, place: usize) -> Option<Hash> {
        self.heights.get(usize::from(height))?.get(place).copied()
    }

    /// The node over a full tile, which is a hash of the tile one level up.
    pub fn root(&self) -> Option<Hash> {
        self.node(TILE_HEIGHT, 0)
    }
}

/// The hashes of a tile.
///
/// # Errors
/// [`BadTile`] unless there are exactly `width` of them, 1 to 256.
pub fn parse_hashes(bytes: &[u8], width: u16) -> Result<Vec<Hash>, BadTile> {
    let (hashes, rest) = bytes.as_chunks::<HASH_LENGTH>();
    if hashes.len() != usize::from(width) || !rest.is_empty() || !is_width(width) {
        return Err(BadTile { length: bytes.len(), width });
    }
    Ok(hashes.iter().map(|hash| Hash::from_bytes(*hash)).collect())
}

/// The bytes of a tile of these hashes. A prefix of it is a partial tile.
pub fn encode_hashes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

/// The entries of an entry bundle.
///
/// # Errors
/// [`BadTile`] unless there are exactly `width` of them, 1 to 256, and nothing after the last.
pub fn parse_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BadTile> {
    let bad = BadTile { length: bytes.len(), width };
    if !is_width(width) {
        return Err(bad);
    }
    let mut entries = Vec::with_capacity(width.into());
    let mut rest = bytes;
    for _ in 0..width {
        let (length, after) = rest.split_first_chunk().ok_or(bad)?;
        let length = u16::from_be_bytes(*length).into();
        let (entry, after) = after.split_at_checked(length).ok_or(bad)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(bad) }
}

/// The entries that a bundle begins with, as many as there are: for bytes that [`parse_bundle`] refuses.
pub fn leading_entries(bytes: &[u8]) -> Vec<&[u8]> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first_chunk()
        && let Some((entry, after)) = after.split_at_checked(u16::from_be_bytes(*length).into())
    {
        entries.push(entry);
        rest = after;
    }
    entries
}

/// The bytes of a bundle of these entries. That of the first few is its prefix.
///
/// # Errors
/// [`EntryTooLong`] when one has more than 65,535 bytes.
pub fn encode_bundle<E: AsRef<[u8]>>(
    entries: impl IntoIterator<Item = E>,
) -> Result<Vec<u8>, EntryTooLong> {
    let mut bytes = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| EntryTooLong(entry.len()))?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(entry);
    }
    Ok(bytes)
}

const fn is_width(width: u16) -> bool {
    width >= 1 && width <= TILE_WIDTH
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{Nodes, Recent, leaf_hash};
    use proptest::prelude::*;

    #[test]
    fn the_nodes_of_a_tile_are_those_of_the_tree() {
        let leaf = |index: u32| leaf_hash(&index.to_be_bytes());
        for width in [1, 2, 3, 100, 255, 256u16] {
            let mut tree = Recent::default();
            let hashes: Vec<Hash> = (0..width.into()).map(leaf).collect();
            hashes.iter().for_each(|hash| tree.push(*hash));
            let tile = TileTree::parse(&encode_hashes(&hashes), width).unwrap();
            assert_eq!(tile.hashes(), hashes);
            for height in 0..=8 {
                for place in 0..=256 {
                    assert_eq!(tile.node(height, place), tree.node(height, place as u64).ok());
                }
            }
            assert_eq!(tile.root().is_some(), width == 256);
        }
    }

    #[test]
    fn a_tile_of_another_width_is_refused() {
        let bytes = [7; 64];
        assert!(TileTree::parse(&bytes, 2).is_ok());
        for (bytes, width) in [(&bytes[..], 1), (&bytes, 3), (&bytes[..63], 2), (&[], 0)] {
            assert_eq!(parse_hashes(bytes, width), Err(BadTile { length: bytes.len(), width }));
        }
        assert!(parse_hashes(&[0; 32 * 257], 257).is_err());
        assert_eq!(encode_bundle([vec![0; 65_536]]), Err(EntryTooLong(65_536)));
    }

    proptest! {
        #[test]
        fn entries_come_back_from_their_bundle(
            entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..257),
        ) {
            let bytes = encode_bundle(&entries).unwrap();
            let width = entries.len() as u16;
            prop_assert_eq!(parse_bundle(&bytes, width).unwrap(), entries.clone());
            prop_assert!(parse_bundle(&bytes, width - 1).is_err());
            prop_assert!(parse_bundle(&bytes, width + 1).is_err());
            prop_assert!(parse_bundle(&bytes[..bytes.len() - 1], width).is_err());
        }

        #[test]
        fn what_is_read_from_any_bytes_is_written_the_same(bytes: Vec<u8>, width in 0..300u16) {
            if let Ok(entries) = parse_bundle(&bytes, width) {
                prop_assert_eq!(encode_bundle(entries).unwrap(), bytes);
            }
        }
    }
}
