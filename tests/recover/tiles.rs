//! Tiles of every level, on a tree large enough for one above the leaves' own.

use std::sync::{Arc, Mutex};

use onrecord::service::apply::Applier;
use onrecord::service::{Kept, Lookup, Memory, Published};
use onrecord::store::memory::MemoryFolder;
use onrecord::store::{Journal, ObjectName, Objects};
use onrecord::tlog::{Frontier, Recent, leaf_hash, root};

use crate::history::signer;

#[test]
fn the_tiles_of_a_large_tree_are_those_of_its_root() {
    let folder = MemoryFolder::default();
    let objects: Arc<dyn Objects> = Arc::new(folder.objects());
    let lookup = Arc::new(Lookup::new(Arc::new(Memory::new(Recent::default())), objects.clone()));
    let journal: Box<dyn Journal> = Box::new(folder.journal().unwrap());
    let mut applier = Applier::new(lookup.clone(), Arc::new(Mutex::new(journal)), Arc::default());
    let mut frontier = Frontier::new();
    let time = onrecord::encoding::time::Moment::EPOCH;
    let mut roots = Vec::new();
    for first in (0..66_560u64).step_by(1040) {
        let kept: Vec<_> = (first..first + 1040).map(kept).collect();
        kept.iter().for_each(|kept| frontier.push(kept.hash));
        let checkpoint = signer().sign(frontier.size(), frontier.root()).unwrap();
        lookup.memory().publish(kept, Vec::new(), Published::new(checkpoint, time));
        while applier.step().unwrap() {}
        roots.push((frontier.size(), frontier.root()));
    }
    assert_eq!(objects.bundles(), Ok(260));
    let level_1 = objects.get(ObjectName::Tile { level: 1, index: 0 }).unwrap().unwrap();
    assert_eq!(level_1.len(), 256 * 32);
    assert_eq!(objects.get(ObjectName::Tile { level: 1, index: 1 }).unwrap(), None);
    let alone = Lookup::new(Arc::new(Memory::new(Recent::default())), objects);
    assert_eq!(roots.last().unwrap().0, 66_560);
    for (size, expected) in roots {
        assert_eq!(root(size, lookup.as_ref()).unwrap(), expected);
        // What is left of the right edge follows from the objects alone.
        let full = size / 256 * 256;
        assert_eq!(root(full, &alone).unwrap(), root(full, lookup.as_ref()).unwrap());
    }
}

fn kept(index: u64) -> Kept {
    let leaf = format!("leaf {index}").into_bytes();
    Kept { hash: leaf_hash(&leaf), leaf: leaf.into(), words: Vec::new() }
}
