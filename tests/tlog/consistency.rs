//! Every proof we make verifies, and no change of it does.

use onrecord::crypto::Hash;
use onrecord::tlog::{
    leaf_hash, prove_consistency, prove_inclusion, root, verify_consistency, verify_inclusion,
};

use crate::{leaf, tree, turned};

/// Every path that differs from the given one by one hash changed, taken away, doubled or added.
fn changes(path: &[Hash]) -> Vec<Vec<Hash>> {
    let mut changed = Vec::new();
    for place in 0..path.len() {
        let mut copies = [path.to_vec(), path.to_vec(), path.to_vec()];
        copies[0][place] = turned(&path[place]);
        copies[1].remove(place);
        copies[2].insert(place, path[place]);
        changed.extend(copies);
    }
    let mut longer = path.to_vec();
    longer.push(leaf_hash(b"more"));
    changed.push(longer);
    changed
}

#[test]
fn every_tree_up_to_300_is_the_beginning_of_every_later_one() {
    let tree = tree(300);
    let roots: Vec<Hash> = (0..=300).map(|size| root(size, &tree).unwrap()).collect();
    for new in 1..=300u64 {
        for old in 1..=new {
            let (old_root, new_root) = (&roots[old as usize], &roots[new as usize]);
            let path = prove_consistency(old, new, &tree).unwrap();
            assert_eq!(verify_consistency(old, old_root, new, new_root, &path), Ok(()));
            let lies = [(&turned(old_root), new_root), (old_root, &turned(new_root))];
            for (old_root, new_root) in lies {
                assert!(verify_consistency(old, old_root, new, new_root, &path).is_err());
            }
        }
    }
}

#[test]
fn a_changed_consistency_proof_fails() {
    let tree = tree(70);
    for new in 1..=70 {
        for old in 1..=new {
            let (old_root, new_root) = (root(old, &tree).unwrap(), root(new, &tree).unwrap());
            let path = prove_consistency(old, new, &tree).unwrap();
            for changed in changes(&path) {
                let verdict = verify_consistency(old, &old_root, new, &new_root, &changed);
                assert!(verdict.is_err(), "from {old} to {new}");
            }
        }
    }
}

#[test]
fn an_inclusion_proof_holds_for_its_leaf_and_place_alone() {
    let tree = tree(70);
    for size in 1..=70 {
        let root = root(size, &tree).unwrap();
        for index in 0..size {
            let hash = leaf_hash(&leaf(index));
            let path = prove_inclusion(index, size, &tree).unwrap();
            assert_eq!(verify_inclusion(index, size, &hash, &path, &root), Ok(()));
            assert!(verify_inclusion(index, size, &turned(&hash), &path, &root).is_err());
            assert!(verify_inclusion(index, size, &hash, &path, &turned(&root)).is_err());
            for other in (0..=size).filter(|other| *other != index) {
                assert!(verify_inclusion(other, size, &hash, &path, &root).is_err());
            }
            for changed in changes(&path) {
                assert!(verify_inclusion(index, size, &hash, &changed, &root).is_err());
            }
        }
    }
}
