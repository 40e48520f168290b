//! Entries as a ledger tells of them one after the other, held against the checkpoints between them (protocol §7,
//! §11). It sees what is left out only where everything is followed; that a ledger keeps its rules, an audit shows.

use super::history::check_leaf;
use crate::crypto::Hash;
use crate::entry::{BadLeaf, Entry};
use crate::tlog::{
    BadProof, Checkpoint, Nodes, Origin, ProveError, SignedCheckpoint, VerifierKey, leaf_hash,
    prove_consistency, prove_inclusion, verify_consistency, verify_inclusion,
};

/// What was told is not what it must be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The bytes are no entry.
    #[error("what it calls entry {index} is no entry: {error}")]
    NotAnEntry {
        /// Under which index it was told.
        index: u64,
        /// Why not.
        error: BadLeaf,
    },
    /// A signature or a rule that the entry shows by itself is broken.
    #[error("entry {index} does not verify: {why}")]
    Entry {
        /// Which.
        index: u64,
        /// What is wrong.
        why: String,
    },
    /// The entry says it has another index.
    #[error("entry {found} was told as entry {told}")]
    OtherIndex {
        /// The index in it.
        found: u64,
        /// The index it was told under.
        told: u64,
    },
    /// Entries came twice or in another order.
    #[error("entry {index} was told after entry {after}")]
    Order {
        /// The entry.
        index: u64,
        /// The one told before it.
        after: u64,
    },
    /// Entries were left out.
    #[error("entries {first} to {last} were left out")]
    Gap {
        /// The first.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The checkpoint is not signed by a key that is trusted, or is another ledger's.
    #[error("a checkpoint is not signed by the ledger's key")]
    Unsigned,
    /// Two checkpoints contradict each other.
    #[error("the checkpoint of {new} entries does not continue that of {old}: {error}")]
    Fork {
        /// The smaller size.
        old: u64,
        /// The larger size.
        new: u64,
        /// How.
        error: BadProof,
    },
    /// An entry that was told is not in the tree.
    #[error("entry {index} is not the one in the ledger of {size} entries: {error}")]
    NotInTree {
        /// Which.
        index: u64,
        /// The checkpoint.
        size: u64,
        /// How.
        error: BadProof,
    },
}

/// Why a checkpoint was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotConfirmed<E> {
    /// It contradicts what was told.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
    /// The tree could not be read, so nothing can be said. Nothing is forgotten.
    #[error(transparent)]
    Tree(E),
}

/// What was followed so far.
#[derive(Debug, Clone)]
pub struct Following {
    origin: Origin,
    keys: Vec<VerifierKey>,
    /// Whether everything is asked for, so that no index may be left out.
    is_whole: bool,
    next: Option<u64>,
    head: Option<Checkpoint>,
    /// Entries that no checkpoint has confirmed yet.
    unconfirmed: Vec<(u64, Hash)>,
}

impl Following {
    /// Follows that ledger, whose checkpoints one of these keys must have signed, from that index on, or from
    /// wherever it begins.
    pub fn new(origin: Origin, keys: Vec<VerifierKey>, is_whole: bool, from: Option<u64>) -> Self {
        Self { origin, keys, is_whole, next: from, head: None, unconfirmed: Vec::new() }
    }

    /// Believes checkpoints by this key as well.
    pub fn believe(&mut self, key: VerifierKey) {
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
    }

    /// The index of the next entry wanted, once it is known.
    pub const fn next(&self) -> Option<u64> {
        self.next
    }

    /// How many entries were told that no checkpoint has confirmed yet.
    pub const fn unconfirmed(&self) -> usize {
        self.unconfirmed.len()
    }

    /// Takes an entry that was told under that index.
    ///
    /// # Errors
    /// [`Mismatch`].
    pub fn entry(&mut self, index: u64, leaf: &[u8]) -> Result<Entry, Mismatch> {
        let entry = Entry::parse(leaf).map_err(|error| Mismatch::NotAnEntry { index, error })?;
        if entry.index != index {
            return Err(Mismatch::OtherIndex { found: entry.index, told: index });
        }
        if let Some(fault) = check_leaf(leaf, &self.origin).fault() {
            return Err(Mismatch::Entry { index, why: fault.to_string() });
        }
        self.pass(index)?;
        self.next = Some(index + 1);
        self.unconfirmed.push((index, leaf_hash(leaf)));
        Ok(entry)
    }

    /// Takes an entry that is withheld: nothing of it is told but its leaf hash, which the next checkpoint has to cover.
    ///
    /// # Errors
    /// [`Mismatch::Order`] or [`Mismatch::Gap`].
    pub fn withheld(&mut self, index: u64, leaf_hash: Hash) -> Result<(), Mismatch> {
        self.pass(index)?;
        self.next = Some(index + 1);
        self.unconfirmed.push((index, leaf_hash));
        Ok(())
    }

    /// Everything before the cursor that is asked for was told.
    ///
    /// # Errors
    /// [`Mismatch::Order`] or [`Mismatch::Gap`].
    pub fn passed(&mut self, cursor: u64) -> Result<(), Mismatch> {
        self.pass(cursor)?;
        self.next = Some(cursor);
        Ok(())
    }

    fn pass(&self, index: u64) -> Result<(), Mismatch> {
        match self.next {
            Some(next) if index < next => {
                Err(Mismatch::Order { index, after: next.saturating_sub(1) })
            }
            Some(next) if self.is_whole && index > next => {
                Err(Mismatch::Gap { first: next, last: index - 1 })
            }
            _ => Ok(()),
        }
    }

    /// Takes a checkpoint: its signature, that it continues the one before, and that it covers the entries told.
    /// `nodes` is the tree of the larger of the two sizes, as anyone gives it: it is not trusted.
    ///
    /// # Errors
    /// [`NotConfirmed`].
    pub fn checkpoint<N: Nodes>(
        &mut self,
        signed: &SignedCheckpoint,
        nodes: impl FnOnce(u64) -> N,
    ) -> Result<(), NotConfirmed<N::Error>> {
        let new = signed.checkpoint();
        let is_signed = self.keys.iter().any(|key| signed.verify(key).is_ok());
        if *new.origin() != self.origin || !is_signed {
            return Err(Mismatch::Unsigned.into());
        }
        let head = self.head.clone().unwrap_or_else(|| new.clone());
        let (smaller, larger) = if new.size() < head.size() { (new, &head) } else { (&head, new) };
        let nodes = nodes(larger.size());
        check_growth(smaller, larger, &nodes)?;
        let mut covered = self.unconfirmed.iter().filter(|(index, _)| *index < larger.size());
        covered.try_for_each(|(index, hash)| check_entry(*index, hash, larger, &nodes))?;
        self.unconfirmed.retain(|(index, _)| *index >= larger.size());
        self.head = Some(larger.clone());
        Ok(())
    }
}

fn check_growth<N: Nodes>(
    old: &Checkpoint,
    new: &Checkpoint,
    nodes: &N,
) -> Result<(), NotConfirmed<N::Error>> {
    let (old_size, new_size) = (old.size(), new.size());
    let fork = |error| Mismatch::Fork { old: old_size, new: new_size, error };
    let path = match prove_consistency(old_size, new_size, nodes) {
        Ok(path) => path,
        Err(ProveError::Node(error)) => return Err(NotConfirmed::Tree(error)),
        Err(_) => return Err(fork(BadProof::Sizes).into()),
    };
    let verified = verify_consistency(old_size, old.root(), new_size, new.root(), &path);
    verified.map_err(|error| fork(error).into())
}

fn check_entry<N: Nodes>(
    index: u64,
    hash: &Hash,
    at: &Checkpoint,
    nodes: &N,
) -> Result<(), NotConfirmed<N::Error>> {
    let missing = |error| Mismatch::NotInTree { index, size: at.size(), error };
    let path = match prove_inclusion(index, at.size(), nodes) {
        Ok(path) => path,
        Err(ProveError::Node(error)) => return Err(NotConfirmed::Tree(error)),
        Err(_) => return Err(missing(BadProof::Sizes).into()),
    };
    verify_inclusion(index, at.size(), hash, &path, at.root())
        .map_err(|error| missing(error).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use crate::encoding::base64;
    use crate::tlog::{LogSigner, Recent};

    /// The vectors' ledger: its leaves, and a signer that goes on with another key.
    fn ledger() -> (Origin, Vec<Vec<u8>>, LogSigner) {
        let text = include_str!("../../tests/vectors/ledger.json");
        let vectors: serde_json::Value = serde_json::from_str(text).unwrap();
        let origin: Origin = vectors["origin"].as_str().unwrap().parse().unwrap();
        let entries = vectors["entries"].as_array().unwrap();
        let leaf = |entry: &serde_json::Value| base64::decode(entry["leaf"].as_str()?).ok();
        let leaves = entries.iter().map(|entry| leaf(entry).unwrap()).collect();
        (origin.clone(), leaves, LogSigner::new(origin, PrivateKey::from_seed(&[3; 32])))
    }

    fn tree(leaves: &[Vec<u8>]) -> Recent {
        let mut tree = Recent::default();
        leaves.iter().for_each(|leaf| tree.push(leaf_hash(leaf)));
        tree
    }

    struct InMemory(Recent);

    impl Nodes for InMemory {
        type Error = &'static str;

        fn node(&self, level: u8, index: u64) -> Result<Hash, &'static str> {
            self.0.get(level, index).ok_or("no such node")
        }
    }

    fn following(signer: &LogSigner, is_whole: bool, from: Option<u64>) -> Following {
        let keys = vec![signer.verifier_key().clone()];
        Following::new(signer.origin().clone(), keys, is_whole, from)
    }

    fn confirm(
        following: &mut Following,
        signer: &LogSigner,
        leaves: &[Vec<u8>],
    ) -> Result<(), NotConfirmed<&'static str>> {
        let tree = tree(leaves);
        let signed = signer.sign(leaves.len() as u64, tree.root().unwrap()).unwrap();
        following.checkpoint(&signed, |_| InMemory(tree))
    }

    #[test]
    fn what_is_told_in_order_and_is_in_the_tree_is_confirmed() {
        let (_, leaves, signer) = ledger();
        let mut following = following(&signer, true, Some(0));
        for (index, leaf) in (0..).zip(&leaves[..5]) {
            assert_eq!(following.entry(index, leaf).unwrap().index, index);
        }
        assert_eq!(following.unconfirmed(), 5);
        confirm(&mut following, &signer, &leaves[..4]).unwrap();
        assert_eq!((following.unconfirmed(), following.next()), (1, Some(5)));
        confirm(&mut following, &signer, &leaves[..9]).unwrap();
        assert_eq!(following.unconfirmed(), 0);
        let older = signer.sign(7, tree(&leaves[..7]).root().unwrap()).unwrap();
        let all = InMemory(tree(&leaves[..9]));
        assert_eq!(following.checkpoint(&older, |_| all), Ok(()), "an older one is no fork");
    }

    #[test]
    fn a_gap_a_repeat_and_another_order_are_told_apart() {
        let (_, leaves, signer) = ledger();
        let mut whole = following(&signer, true, Some(1));
        assert_eq!(whole.entry(3, &leaves[3]).unwrap_err(), Mismatch::Gap { first: 1, last: 2 });
        whole.entry(1, &leaves[1]).unwrap();
        let again = whole.entry(1, &leaves[1]).unwrap_err();
        assert_eq!(again, Mismatch::Order { index: 1, after: 1 });
        assert_eq!(whole.passed(4), Err(Mismatch::Gap { first: 2, last: 3 }));
        assert_eq!(whole.passed(2), Ok(()));
        let mut some = following(&signer, false, Some(1));
        some.entry(3, &leaves[3]).unwrap();
        some.passed(6).unwrap();
        let back = some.entry(5, &leaves[5]).unwrap_err();
        assert_eq!(back, Mismatch::Order { index: 5, after: 5 });
    }

    #[test]
    fn an_entry_under_another_index_or_with_another_signature_is_refused() {
        let (_, leaves, signer) = ledger();
        let mut following = following(&signer, false, None);
        let other = following.entry(2, &leaves[1]).unwrap_err();
        assert_eq!(other, Mismatch::OtherIndex { found: 1, told: 2 });
        let mut text = String::from_utf8(leaves[1].clone()).unwrap();
        let sig = text.find("\"sig\":\"").unwrap() + 7;
        let flipped = if &text[sig..=sig] == "A" { "B" } else { "A" };
        text.replace_range(sig..=sig, flipped);
        let bad = following.entry(1, text.as_bytes()).unwrap_err();
        assert!(matches!(bad, Mismatch::Entry { index: 1, .. }), "{bad}");
        assert!(following.entry(1, b"{}").is_err());
        assert_eq!(following.next(), None, "what does not verify moves nothing");
    }

    #[test]
    fn checkpoints_that_contradict_each_other_or_what_was_told_are_refused() {
        let (_, leaves, signer) = ledger();
        let mut split = leaves[..6].to_vec();
        split.swap(2, 3);
        let mut told = following(&signer, true, Some(0));
        for (index, leaf) in (0..).zip(&leaves[..6]) {
            told.entry(index, leaf).unwrap();
        }
        let wrong = confirm(&mut told.clone(), &signer, &split).unwrap_err();
        assert!(matches!(wrong, NotConfirmed::Mismatch(Mismatch::NotInTree { index: 2, .. })));
        let mut saw = following(&signer, false, None);
        confirm(&mut saw, &signer, &leaves[..4]).unwrap();
        for size in [4, 6] {
            let wrong = confirm(&mut saw, &signer, &split[..size]).unwrap_err();
            assert!(matches!(wrong, NotConfirmed::Mismatch(Mismatch::Fork { .. })), "{wrong:?}");
        }
        let other = LogSigner::new(signer.origin().clone(), PrivateKey::from_seed(&[4; 32]));
        let wrong = confirm(&mut saw, &other, &leaves[..6]).unwrap_err();
        assert_eq!(wrong, NotConfirmed::Mismatch(Mismatch::Unsigned));
    }

    #[test]
    fn where_the_tree_cannot_be_read_nothing_is_said_and_nothing_forgotten() {
        let (_, leaves, signer) = ledger();
        let mut following = following(&signer, true, Some(0));
        following.entry(0, &leaves[0]).unwrap();
        let root = tree(&leaves[..4]).root().unwrap();
        let signed = signer.sign(4, root).unwrap();
        let unread = following.checkpoint(&signed, |_| InMemory(Recent::default()));
        assert_eq!(unread, Err(NotConfirmed::Tree("no such node")));
        assert_eq!(following.unconfirmed(), 1);
    }
}
