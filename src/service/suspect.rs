//! Which file to blame when the tree is not the one that was signed. Reads every tile, so it is for a start that
//! has failed already.

use crate::crypto::Hash;
use crate::store::{BUNDLE_LENGTH, ObjectName, Objects, StoreError};
use crate::tlog::{TILE_WIDTH, TileTree, encode_hashes, leaf_hash, parse_bundle};

/// The first full tile that does not follow from what lies below it: the entries' bundle, or 256 tiles of the
/// level below. `None` when all do, or when an object is missing or cannot be parsed.
///
/// # Errors
/// [`StoreError`].
pub fn changed_tile(objects: &dyn Objects) -> Result<Option<ObjectName>, StoreError> {
    let bundles = objects.bundles()?;
    let mut roots = Vec::new();
    for index in 0..bundles {
        let name = ObjectName::Tile { level: 0, index };
        match leaves_of(objects, index)? {
            Some(leaves) => match root_if_it_is(objects, name, &leaves)? {
                Some(root) => roots.push(root),
                None => return Ok(Some(name)),
            },
            None => return Ok(None),
        }
    }
    changed_above(objects, roots)
}

/// The same for the levels above, given the roots of all full tiles of level 0.
fn changed_above(
    objects: &dyn Objects,
    mut below: Vec<Hash>,
) -> Result<Option<ObjectName>, StoreError> {
    let mut level = 1;
    while below.len() >= usize::from(TILE_WIDTH) {
        let mut roots = Vec::new();
        for (index, hashes) in (0..).zip(below.chunks_exact(usize::from(TILE_WIDTH))) {
            let name = ObjectName::Tile { level, index };
            match root_if_it_is(objects, name, hashes)? {
                Some(root) => roots.push(root),
                None => return Ok(Some(name)),
            }
        }
        (below, level) = (roots, level + 1);
    }
    Ok(None)
}

fn leaves_of(objects: &dyn Objects, index: u64) -> Result<Option<Vec<Hash>>, StoreError> {
    let Some(bundle) = objects.get(ObjectName::Entries { index })? else { return Ok(None) };
    let entries = parse_bundle(&bundle, BUNDLE_LENGTH as u16).ok();
    Ok(entries.map(|entries| entries.into_iter().map(leaf_hash).collect()))
}

/// The tile's root, when the tile consists of these hashes.
fn root_if_it_is(
    objects: &dyn Objects,
    name: ObjectName,
    hashes: &[Hash],
) -> Result<Option<Hash>, StoreError> {
    let expected = encode_hashes(hashes);
    let is_it = objects.get(name)?.is_some_and(|found| found == expected);
    let tree = TileTree::parse(&expected, TILE_WIDTH).ok().filter(|_| is_it);
    Ok(tree.and_then(|tree| tree.root()))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::store::memory::MemoryFolder;
    use crate::tlog::encode_bundle;

    /// Two full bundles and their tiles, the second tile changed if wanted.
    fn folder(is_changed: bool) -> MemoryFolder {
        let folder = MemoryFolder::default();
        for index in 0..2 {
            let leaves: Vec<_> = (0..256).map(|leaf| format!("{index} {leaf}")).collect();
            let mut hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash(leaf.as_bytes())).collect();
            if is_changed && index == 1 {
                hashes[7] = leaf_hash(b"another");
            }
            let group = [
                (ObjectName::Tile { level: 0, index }, Bytes::from(encode_hashes(&hashes))),
                (ObjectName::Entries { index }, Bytes::from(encode_bundle(&leaves).unwrap())),
            ];
            folder.objects().put(&group).unwrap();
        }
        folder
    }

    #[test]
    fn the_tile_that_was_changed_is_named() {
        let changed = ObjectName::Tile { level: 0, index: 1 };
        assert_eq!(changed_tile(&folder(true).objects()), Ok(Some(changed)));
        assert_eq!(changed_tile(&folder(false).objects()), Ok(None));
    }

    #[test]
    fn a_changed_tile_of_a_higher_level_is_named() {
        let roots: Vec<Hash> = (0_u16..256).map(|leaf| leaf_hash(&leaf.to_be_bytes())).collect();
        let folder = MemoryFolder::default();
        let name = ObjectName::Tile { level: 1, index: 0 };
        folder.objects().put(&[(name, Bytes::from(encode_hashes(&roots)))]).unwrap();
        assert_eq!(changed_above(&folder.objects(), roots.clone()), Ok(None));
        let others = roots.into_iter().rev().collect();
        assert_eq!(changed_above(&folder.objects(), others), Ok(Some(name)));
    }
}
