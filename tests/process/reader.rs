//! A reader that remembers: every leaf it was ever shown, and the key of the ledger. It computes the roots
//! itself, so that two checkpoints that do not agree cannot both pass.

use std::str::FromStr as _;

use onrecord::crypto::Hash;
use onrecord::tlog::{
    Frontier, SignedCheckpoint, TileKind, TilePath, VerifierKey, leaf_hash, parse_bundle,
};

use super::client::Client;

/// What a reader knows of a ledger.
pub struct Reader {
    pub log: String,
    key: VerifierKey,
    leaves: Vec<Hash>,
}

impl Reader {
    /// Meets the ledger for the first time.
    pub fn of(client: &Client) -> Self {
        let policy = String::from_utf8(client.must_get("/log.policy")).unwrap();
        let line = policy.lines().find_map(|line| line.strip_prefix("log ")).unwrap();
        let key = line.split_whitespace().next().unwrap();
        let key = VerifierKey::from_str(key).unwrap();
        Self { log: key.name().as_str().to_owned(), key, leaves: Vec::new() }
    }

    /// Reads what is new. The leaves it knew are never read again, so a changed one shows in the root.
    pub fn follow(&mut self, client: &Client) -> SignedCheckpoint {
        let note = String::from_utf8(client.must_get("/checkpoint")).unwrap();
        let signed = self.signed(&note);
        let size = signed.checkpoint().size();
        assert!(size >= self.leaves.len() as u64, "the ledger shrank to {size}");
        for path in TilePath::all_in_tree(TileKind::Entries, size) {
            let known = self.leaves.len() as u64;
            if path.first() + u64::from(path.width()) > known {
                let bytes = client.must_get(&format!("/{path}"));
                let entries = parse_bundle(&bytes, path.width()).unwrap();
                let new = &entries[(known.max(path.first()) - path.first()) as usize..];
                self.leaves.extend(new.iter().map(|leaf| leaf_hash(leaf)));
            }
        }
        self.agree_with(std::slice::from_ref(&signed));
        signed
    }

    /// Parses a checkpoint and checks the ledger's signature.
    pub fn signed(&self, note: &str) -> SignedCheckpoint {
        let signed = SignedCheckpoint::from_str(note).unwrap();
        signed.verify(&self.key).unwrap();
        signed
    }

    /// All these checkpoints are of the one history that the reader knows.
    pub fn agree_with(&self, checkpoints: &[SignedCheckpoint]) {
        let mut heads: Vec<_> = checkpoints.iter().map(SignedCheckpoint::checkpoint).collect();
        heads.sort_by_key(|head| head.size());
        let mut leaves = self.leaves.iter();
        let mut frontier = Frontier::new();
        for head in heads {
            while frontier.size() < head.size() {
                frontier.push(*leaves.next().expect("no checkpoint is ahead of the ledger"));
            }
            assert_eq!(*head.root(), frontier.root(), "another history at size {}", head.size());
        }
    }

    /// The hash of the leaf at an index.
    pub fn leaf(&self, index: u64) -> Hash {
        self.leaves[usize::try_from(index).unwrap()]
    }

    /// How many leaves it knows.
    pub fn size(&self) -> u64 {
        self.leaves.len() as u64
    }
}
