//! The nodes of a tree that is held as tiles, wherever these are (C2SP tlog-tiles).
//!
//! It checks the form of tiles and not their truth: a proof made from them shows that by verifying.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::merkle::Nodes;
use super::tile::TileTree;
use super::tile_path::{TILE_HEIGHT, TileKind, TilePath};
use crate::crypto::Hash;

/// Where tiles of hashes come from: a folder, a cache of parsed tiles, another ledger.
pub trait Tiles {
    /// Why a tile could not be had.
    type Error;

    /// The tile of hashes with this path. A wider one under the same index will do as well.
    ///
    /// # Errors
    /// Whatever the source meets, also when it has no such tile or one that does not parse.
    fn tile(&self, path: &TilePath) -> Result<Arc<TileTree>, Self::Error>;
}

/// Why a node could not be read from tiles.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E> {
    /// The subtree is not complete in a tree of that size.
    #[error("node {index} of level {level} is not in a tree of {size} leaves")]
    Beyond {
        /// The height of the subtree: it has 2^level leaves.
        level: u8,
        /// Its place among those of its height.
        index: u64,
        /// The leaves of the tree.
        size: u64,
    },
    /// The source gave a tile that is narrower than asked for.
    #[error("{0} is narrower than its name says")]
    Narrow(TilePath),
    /// The source did not give the tile.
    #[error(transparent)]
    Tile(E),
}

/// The nodes of the tree of a given size, read from its tiles: full ones where the size allows, else the
/// partial ones of exactly that size. A tile is fetched once in the life of a reader.
pub struct TileReader<'a, T: ?Sized> {
    tiles: &'a T,
    size: u64,
    fetched: RefCell<HashMap<(u8, u64), Arc<TileTree>>>,
}

impl<'a, T: Tiles + ?Sized> TileReader<'a, T> {
    /// Reads the tree of `size` leaves.
    pub fn new(tiles: &'a T, size: u64) -> Self {
        Self { tiles, size, fetched: RefCell::default() }
    }

    fn fetch(&self, path: &TilePath, level: u8) -> Result<Arc<TileTree>, ReadError<T::Error>> {
        let key = (level, path.index());
        if let Some(tile) = self.fetched.borrow().get(&key) {
            return Ok(tile.clone());
        }
        let tile = self.tiles.tile(path).map_err(ReadError::Tile)?;
        if tile.hashes().len() < usize::from(path.width()) {
            return Err(ReadError::Narrow(*path));
        }
        self.fetched.borrow_mut().insert(key, tile.clone());
        Ok(tile)
    }
}

impl<T: Tiles + ?Sized> Nodes for TileReader<'_, T> {
    type Error = ReadError<T::Error>;

    fn node(&self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        let beyond = ReadError::Beyond { level, index, size: self.size };
        // The complete subtrees of that height are those before the size.
        if self.size.checked_shr(level.into()).unwrap_or(0) <= index {
            return Err(beyond);
        }
        let (tile_level, height) = (level / TILE_HEIGHT, level % TILE_HEIGHT);
        let in_tile = TILE_HEIGHT - height;
        let (tile_index, place) = (index >> in_tile, index & ((1 << in_tile) - 1));
        let kind = TileKind::Hashes { level: tile_level };
        let Some(path) = TilePath::in_tree(kind, tile_index, self.size) else { return Err(beyond) };
        let tile = self.fetch(&path, tile_level)?;
        tile.node(height, place as usize).ok_or(ReadError::Narrow(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{Recent, encode_hashes, leaf_hash, prove_consistency, prove_inclusion};
    use std::cell::Cell;

    /// Cuts tiles out of a tree in memory and counts how many were asked for.
    struct Cut(Recent, Cell<usize>);

    impl Tiles for Cut {
        type Error = String;

        fn tile(&self, path: &TilePath) -> Result<Arc<TileTree>, String> {
            self.1.set(self.1.get() + 1);
            let TileKind::Hashes { level } = path.kind() else { return Err(path.to_string()) };
            let places = path.first()..path.first() + u64::from(path.width());
            let hashes: Option<Vec<Hash>> =
                places.map(|place| self.0.get(level * TILE_HEIGHT, place)).collect();
            let bytes = encode_hashes(&hashes.ok_or_else(|| path.to_string())?);
            TileTree::parse(&bytes, path.width()).map(Arc::new).map_err(|error| error.to_string())
        }
    }

    fn cut(size: u32) -> Cut {
        let mut tree = Recent::default();
        (0..size).for_each(|index| tree.push(leaf_hash(&index.to_be_bytes())));
        Cut(tree, Cell::new(0))
    }

    #[test]
    fn proofs_from_tiles_are_those_from_memory_and_fetch_a_tile_once() {
        let tiles = cut(70_000);
        for size in [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000] {
            for index in [0, size / 3, size - 1] {
                tiles.1.set(0);
                let reader = TileReader::new(&tiles, size);
                let path = prove_inclusion(index, size, &reader).unwrap();
                assert_eq!(path, prove_inclusion(index, size, &tiles.0).unwrap());
                assert!(tiles.1.get() <= 5, "{} tiles for leaf {index} of {size}", tiles.1.get());
                let path = prove_consistency(index + 1, size, &reader).unwrap();
                assert_eq!(path, prove_consistency(index + 1, size, &tiles.0).unwrap());
            }
        }
    }

    #[test]
    fn nothing_beyond_the_size_is_read() {
        let tiles = cut(600);
        let reader = TileReader::new(&tiles, 300);
        assert!(reader.node(0, 299).is_ok());
        let beyond = ReadError::Beyond { level: 0, index: 300, size: 300 };
        assert_eq!(reader.node(0, 300), Err(beyond));
        assert!(reader.node(8, 1).is_err() && reader.node(63, 0).is_err());
    }
}
