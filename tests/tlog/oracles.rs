//! The same trees grown by two published crates: roots and proofs are the same to the byte.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use onrecord::crypto::Hash;
use onrecord::tlog::{Frontier, leaf_hash, prove_consistency, prove_inclusion, root};
use sha2::Sha256;

use crate::{leaf, tree};

fn joined(path: &[Hash]) -> Vec<u8> {
    path.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn roots_and_proofs_are_those_of_ct_merkle() {
    let ours = tree(130);
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut frontier = Frontier::new();
    for size in 1..=130u64 {
        theirs.push(leaf(size - 1));
        frontier.push(leaf_hash(&leaf(size - 1)));
        assert_eq!(frontier.root().as_bytes()[..], theirs.root().as_bytes()[..]);
        assert_eq!(root(size, &ours), Ok(frontier.root()));
        for index in 0..size {
            let path = prove_inclusion(index, size, &ours).unwrap();
            assert_eq!(joined(&path), theirs.prove_inclusion(index as usize).as_bytes());
        }
        for old in 1..size {
            let path = prove_consistency(old, size, &ours).unwrap();
            assert_eq!(joined(&path), theirs.prove_consistency((size - old) as usize).as_bytes());
        }
    }
}

/// The hashes in the order in which `tlog_tiles` numbers them.
#[derive(Default)]
struct Stored(Vec<tlog_tiles::Hash>);

impl tlog_tiles::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog_tiles::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[*index as usize]).collect())
    }
}

#[test]
fn roots_and_proofs_are_those_of_tlog_tiles() {
    let as_ours = |path: Vec<tlog_tiles::Hash>| -> Vec<Hash> {
        path.iter().map(|hash| Hash::from_bytes(hash.0)).collect()
    };
    let ours = tree(300);
    let mut theirs = Stored::default();
    for size in 1..=300u64 {
        let more = tlog_tiles::stored_hashes(size - 1, &leaf(size - 1), &theirs).unwrap();
        theirs.0.extend(more);
        let their_root = tlog_tiles::tree_hash(size, &theirs).unwrap();
        assert_eq!(*root(size, &ours).unwrap().as_bytes(), their_root.0);
        for index in (0..size).step_by(7) {
            let path = prove_inclusion(index, size, &ours).unwrap();
            assert_eq!(path, as_ours(tlog_tiles::prove_record(size, index, &theirs).unwrap()));
            let path = prove_consistency(index + 1, size, &ours).unwrap();
            assert_eq!(path, as_ours(tlog_tiles::prove_tree(size, index + 1, &theirs).unwrap()));
        }
    }
}
