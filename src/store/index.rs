//! The index: from names to entries. This file is the contract; engines are beside it.

use std::path::PathBuf;

use super::WordRef;
use crate::crypto::{DidKey, Hash, sha256_of};

/// A chain of entries (protocol §6 `links`), named by 16 bytes of a hash: enough that no two chains meet by
/// chance, and by intent only for who does 2^64 hashes to confuse two chains of his own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Chain {
    kind: ChainKind,
    name: ShortName,
}

/// Which kind of chain it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChainKind {
    /// The entries of one agreement's thread.
    Thread,
    /// The entries about one domain.
    Subject,
    /// The entries signed by one key.
    Signer,
}

/// 16 bytes of a hash.
pub type ShortName = [u8; 16];

impl Chain {
    /// The entries of the thread whose agreement has this statement id. Its name is the id's first 16 bytes.
    pub fn thread(agreement: &Hash) -> Self {
        Self { kind: ChainKind::Thread, name: short(agreement) }
    }

    /// The entries about this domain.
    pub fn subject(domain: &str) -> Self {
        let name = short(&sha256_of(&[b"subject\0", domain.as_bytes()]));
        Self { kind: ChainKind::Subject, name }
    }

    /// The entries signed by this key.
    pub fn signer(key: &DidKey) -> Self {
        let name = short(&sha256_of(&[b"signer\0", key.as_bytes()]));
        Self { kind: ChainKind::Signer, name }
    }

    /// Which kind it is.
    pub const fn kind(&self) -> ChainKind {
        self.kind
    }

    /// Its name among the chains of its kind.
    pub const fn name(&self) -> &ShortName {
        &self.name
    }
}

/// The first half of a hash, by which statements and chains are filed.
pub(super) fn short(hash: &Hash) -> ShortName {
    let (front, _) = hash.as_bytes().as_chunks::<16>();
    front[0]
}

/// An entry's place in a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainLink {
    /// The entry.
    pub index: u64,
    /// How many entries of the chain are before it.
    pub seq: u64,
}

/// A list of entries, named by 16 bytes of a hash as [`Chain`] is. An entry is in as many as fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct List(ShortName);

impl List {
    /// The policies.
    pub fn policies() -> Self {
        Self::named(&[b"policies"])
    }

    /// The entries that name the log's keys.
    pub fn log_keys() -> Self {
        Self::named(&[b"log keys"])
    }

    /// The claims of all domains.
    pub fn claims() -> Self {
        Self::named(&[b"claims"])
    }

    /// The claims of this domain.
    pub fn claims_of(domain: &str) -> Self {
        Self::named(&[b"claims of\0", domain.as_bytes()])
    }

    /// The observations of this domain.
    pub fn observations_of(domain: &str) -> Self {
        Self::named(&[b"observations of\0", domain.as_bytes()])
    }

    /// Notices, and what the operator decided.
    pub fn moderation() -> Self {
        Self::named(&[b"moderation"])
    }

    /// Its name.
    pub const fn name(&self) -> &ShortName {
        &self.0
    }

    fn named(parts: &[&[u8]]) -> Self {
        Self(short(&sha256_of(parts)))
    }
}

/// What is indexed of one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indexed {
    /// The entry.
    pub index: u64,
    /// Its statement's id, the 32 bytes of the hash.
    pub id: Hash,
    /// The chains it is in, each with its `seq` there.
    pub chains: Vec<(Chain, u64)>,
    /// The lists it is in.
    pub lists: Vec<List>,
    /// Sealed words it made public: the target's index and the digest.
    pub revealed: Vec<WordRef>,
    /// Words it erased: the target's index (not the entry that carried them) and the digest.
    pub erased: Vec<WordRef>,
    /// Words it withheld (`true`) or restored (`false`), or the target itself: [`WordRef::entry_itself`].
    pub moderated: Vec<(WordRef, bool)>,
}

/// How far the index has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Entries indexed: all before this.
    pub size: u64,
    /// The tree's root at that size, so that an index of another tree is noticed.
    pub root: Hash,
}

/// What happened to words, or to an entry itself, since its statement was logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordEvents {
    /// The entry that revealed them, and carries them.
    pub revealed: Option<u64>,
    /// The entry that erased them.
    pub erased: Option<u64>,
    /// The newest entry that withheld (`true`) or restored (`false`) them.
    pub moderated: Option<(u64, bool)>,
}

/// A failure of the index. It never loses anything that cannot be rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// What is stored does not make sense: wipe it and rebuild.
    #[error("the index in {} is damaged: {message}", path.display())]
    Damaged {
        /// The index's file or folder.
        path: PathBuf,
        /// What the engine said.
        message: String,
    },
    /// The disk is full; the same entries may be applied again later.
    #[error("no room for the index in {}: {message}", path.display())]
    NoSpace {
        /// The index's file or folder.
        path: PathBuf,
        /// What the engine said.
        message: String,
    },
    /// The operating system refused.
    #[error("the index in {}: {message}", path.display())]
    Io {
        /// The index's file or folder.
        path: PathBuf,
        /// What the engine said.
        message: String,
    },
    /// It lost what was applied last, so that its answers would be old ones. It answers again when it has been
    /// applied once more.
    #[error("the index in {} lost its newest entries and has to catch up", path.display())]
    Behind {
        /// The index's file or folder.
        path: PathBuf,
    },
    /// Another process has it open.
    #[error("the index in {} is in use by another process", path.display())]
    Locked {
        /// The index's file or folder.
        path: PathBuf,
    },
}

/// Entries to apply at once, at most.
pub const APPLY_MAX: usize = 512;

/// Finds entries. It holds no words and may be deleted at any time.
///
/// *Who calls it.* Any thread reads; one applies.
///
/// *Durability.* None is promised: a crash or a failure may lose what was applied last, from the end, so that
/// [`position`](Self::position) is true of what is left. Then entries are applied again. Within one process
/// an old answer is never given: until then it is [`IndexError::Behind`].
///
/// *Order.* Entries are applied in order of their index, at most [`APPLY_MAX`] at once. Applying entries twice is
/// harmless: an id keeps its first entry, a chain its newest, words the entries that revealed and erased them
/// first and the newest that withheld or restored them. The index does not know the journal: a position beyond the journal's head means that the folder was rolled back behind it.
pub trait Index: Send + Sync {
    /// How far it has come; `None` when empty.
    ///
    /// # Errors
    /// [`IndexError`].
    fn position(&self) -> Result<Option<Position>, IndexError>;

    /// Applies entries and moves the position to the end of the last.
    ///
    /// # Errors
    /// [`IndexError`]; then [`position`](Self::position) tells from where to apply again.
    fn apply(&self, entries: &[Indexed], position: Position) -> Result<(), IndexError>;

    /// The entry of the statement with this id.
    ///
    /// # Errors
    /// [`IndexError`].
    fn find(&self, id: &Hash) -> Result<Option<u64>, IndexError>;

    /// The newest entry of a chain. For a thread of which nothing but the agreement is logged, that is the
    /// entry of this id; the caller knows the id for an agreement's, since for any other statement's the
    /// answer may be either its entry or none.
    ///
    /// # Errors
    /// [`IndexError`].
    fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError>;

    /// The newest entries of a list that are before the entry `before`, newest first, at most `count`.
    ///
    /// # Errors
    /// [`IndexError`].
    fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError>;

    /// What happened to the words that entry `word.entry` committed to.
    ///
    /// # Errors
    /// [`IndexError`].
    fn words(&self, word: &WordRef) -> Result<WordEvents, IndexError>;

    /// Forgets everything.
    ///
    /// # Errors
    /// [`IndexError`].
    fn clear(&self) -> Result<(), IndexError>;
}
