//! A bundle of entries held against a signed tree: which of its places hold what was logged there. Not the
//! rules for entries, and not where files come from (protocol §7).

use crate::crypto::Hash;
use crate::tlog::{
    Checkpoint, Nodes, ProveError, TILE_HEIGHT, TILE_WIDTH, TilePath, TileTree, leading_entries,
    leaf_hash, prove_inclusion, verify_inclusion,
};

/// What stands at the place of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// The entry that was logged there.
    Logged {
        /// Its leaf hash.
        hash: Hash,
        /// Its leaf.
        leaf: Vec<u8>,
    },
    /// Something else than what was logged there.
    Changed,
    /// Nothing: what was logged there is not in the bundle.
    Missing,
    /// Something of which nothing shows that it is in the tree, and nothing shows what should be there.
    Unproved,
}

/// A bundle after it was held against the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Where it is.
    pub path: TilePath,
    /// One for each entry that its path promises.
    pub places: Vec<Place>,
    /// Whether the tile of hashes beside it holds other hashes than the tree has there.
    pub tile_differs: bool,
    /// The hashes that the tree has there, where that is proved.
    pub hashes: Option<Vec<Hash>>,
}

impl Held {
    /// Holds a bundle, and the tile of level 0 beside it, against the tree of a checkpoint. Either is absent where
    /// the ledger has none. `nodes` are of that tree and are believed in nothing: the root alone is.
    ///
    /// # Errors
    /// Those of `nodes`.
    pub fn new<N: Nodes>(
        path: TilePath,
        bundle: Option<&[u8]>,
        tile: Option<&[Hash]>,
        checkpoint: &Checkpoint,
        nodes: &N,
    ) -> Result<Self, N::Error> {
        let width = usize::from(path.width());
        let leaves = bundle.map(leading_entries).unwrap_or_default();
        // A log may have dropped a partial bundle for the wider one that it became.
        let first: Vec<Hash> = leaves.iter().take(width).map(|leaf| leaf_hash(leaf)).collect();
        let tile = tile.and_then(|tile| tile.get(..width));
        if first.len() == width && are_in_tree(path, &first, checkpoint, nodes)? {
            let tile_differs = tile.is_some_and(|tile| tile != first);
            let places = first.iter().zip(leaves);
            let places = places.map(|(hash, leaf)| logged(*hash, leaf)).collect();
            return Ok(Self { path, places, tile_differs, hashes: Some(first) });
        }
        let Some(tile) = tile.map(<[Hash]>::to_vec) else { return Ok(Self::unproved(path)) };
        if !are_in_tree(path, &tile, checkpoint, nodes)? {
            return Ok(Self::unproved(path));
        }
        let places = if leaves.len() == width {
            let pairs = tile.iter().zip(first.iter().zip(leaves));
            pairs.map(|(logged_there, (hash, leaf))| in_place(logged_there, *hash, leaf)).collect()
        } else {
            tile.iter().map(|hash| anywhere(*hash, &leaves)).collect()
        };
        Ok(Self { path, places, tile_differs: false, hashes: Some(tile) })
    }

    fn unproved(path: TilePath) -> Self {
        let places = vec![Place::Unproved; path.width().into()];
        Self { path, places, tile_differs: false, hashes: None }
    }

    /// What stands at the place of the entry with that index, if the bundle reaches it.
    pub fn place(&self, index: u64) -> Option<&Place> {
        let place = index.checked_sub(self.path.first())?;
        self.places.get(usize::try_from(place).ok()?)
    }
}

fn logged(hash: Hash, leaf: &[u8]) -> Place {
    Place::Logged { hash, leaf: leaf.to_vec() }
}

fn in_place(logged_there: &Hash, hash: Hash, leaf: &[u8]) -> Place {
    if *logged_there == hash { logged(hash, leaf) } else { Place::Changed }
}

/// In a bundle of another length than it should have, every entry after a missing one stands in another place.
fn anywhere(hash: Hash, leaves: &[&[u8]]) -> Place {
    let found = leaves.iter().find(|leaf| leaf_hash(leaf) == hash);
    found.map_or(Place::Missing, |leaf| logged(hash, leaf))
}

/// Whether these are the hashes of the leaves of that tile. Each hash is part of the proof of the first one, so that
/// a proof of that one proves all.
fn are_in_tree<N: Nodes>(
    path: TilePath,
    hashes: &[Hash],
    checkpoint: &Checkpoint,
    nodes: &N,
) -> Result<bool, N::Error> {
    let own = Own { tile: TileTree::of(hashes.to_vec()), number: path.index(), nodes };
    let (index, size) = (path.first(), checkpoint.size());
    match prove_inclusion(index, size, &own) {
        Ok(proof) => {
            Ok(verify_inclusion(index, size, &hashes[0], &proof, checkpoint.root()).is_ok())
        }
        Err(ProveError::Node(error)) => Err(error),
        Err(_) => Ok(false),
    }
}

/// The tree with one tile of level 0 put in its place.
struct Own<'nodes, N> {
    tile: TileTree,
    number: u64,
    nodes: &'nodes N,
}

impl<N: Nodes> Nodes for Own<'_, N> {
    type Error = N::Error;

    fn node(&self, level: u8, index: u64) -> Result<Hash, N::Error> {
        if level < TILE_HEIGHT {
            let in_tile = TILE_HEIGHT - level;
            let place = (index % (u64::from(TILE_WIDTH) >> level)) as usize;
            if index >> in_tile == self.number
                && let Some(node) = self.tile.node(level, place)
            {
                return Ok(node);
            }
        }
        self.nodes.node(level, index)
    }
}
