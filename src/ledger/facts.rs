//! What admission has to know of the ledger, as data.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::voice::{Silent, Voice};
use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::{Effect, Membership, SignedBy, Statement, StatementId};
use crate::thread::Thread;
use crate::tlog::VerifierKey;

/// A hash chain of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChainName {
    /// The entries of one thread, by the id of its agreement.
    Thread(StatementId),
    /// The entries about one organization.
    Subject(Domain),
    /// The entries of one signer.
    Signer(DidKey),
}

/// The newest entry of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Newest {
    /// Its index.
    pub index: u64,
    /// Its leaf hash.
    pub hash: Hash,
    /// How many entries of the chain stand before it.
    pub seq: u64,
}

/// The operator's newest policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Keys that sign for the operator.
    pub operator_keys: Vec<DidKey>,
    /// Whether names reserved for examples are admitted.
    pub reserved_domains: bool,
}

impl Policy {
    /// The policy that a statement sets, if it is one.
    pub fn of(statement: &Statement) -> Option<Self> {
        let Effect::SetsPolicy { operator_keys, reserved_domains, .. } = statement.rules().effect
        else {
            return None;
        };
        Some(Self { operator_keys: operator_keys.to_vec(), reserved_domains })
    }
}

/// What has become of one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordState {
    /// Held, and served to everyone. `held_by` is the index of the entry that brought it.
    Public {
        /// The statement's own entry, or that of the reveal.
        held_by: u64,
    },
    /// Never uploaded.
    Sealed,
    /// Held, but not served.
    Withheld {
        /// The entry that brought it.
        held_by: u64,
    },
    /// Deleted for good.
    Erased,
}

/// An entry that another one names in `re`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its statement.
    pub statement: Statement,
    /// The thread it belongs to.
    pub thread: Option<StatementId>,
    /// The subjects of its links.
    pub subjects: Vec<Domain>,
    /// Its words, by digest.
    pub words: HashMap<Hash, WordState>,
    /// Whether the entry itself is withheld.
    pub withheld: bool,
}

impl Target {
    /// A fresh entry as a target: its words are sealed, or public and held by itself.
    pub fn fresh(
        statement: &Statement,
        index: u64,
        thread: Option<StatementId>,
        subjects: Vec<Domain>,
    ) -> Self {
        let public = WordState::Public { held_by: index };
        let words = statement.digests().iter().map(|digest| (*digest, public));
        let sealed = statement.sealed().iter().map(|(_, digest)| (*digest, WordState::Sealed));
        let words = words.chain(sealed).collect();
        Self { statement: statement.clone(), thread, subjects, words, withheld: false }
    }
}

/// Answers to [`needs`] and [`chains`], for all statements of a batch.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The newest policy; absent before entry 0.
    pub policy: Option<Policy>,
    /// The entry that ended the ledger.
    pub ended: Option<u64>,
    /// The keys that sign the log's checkpoints now; an auditor does not know of them.
    pub signs_with: Option<Vec<VerifierKey>>,
    /// Statements that are logged, and where.
    pub logged: HashMap<StatementId, u64>,
    /// Threads, by the id of their agreement.
    pub threads: HashMap<StatementId, Thread>,
    /// Entries named by `re`.
    pub targets: HashMap<StatementId, Target>,
    /// Chains that have entries.
    pub chains: HashMap<ChainName, Newest>,
    /// Roots at earlier sizes.
    pub roots: HashMap<u64, Hash>,
    /// What is known of domains' keys, for those that [`voices`] names.
    pub voices: HashMap<Domain, Voice>,
    /// Keys that signed an agreement with a domain, where [`parties`] asks for any.
    pub parties: Option<HashSet<(DidKey, Domain)>>,
}

impl Facts {
    /// No facts but the policy.
    pub fn new(policy: Option<Policy>) -> Self {
        Self {
            policy,
            ended: None,
            signs_with: None,
            logged: HashMap::new(),
            threads: HashMap::new(),
            targets: HashMap::new(),
            chains: HashMap::new(),
            roots: HashMap::new(),
            voices: HashMap::new(),
            parties: None,
        }
    }

    /// Whether the key speaks for the domain at that time, and why not.
    ///
    /// # Errors
    /// [`Silent`].
    pub fn speaks(&self, key: &DidKey, domain: &Domain, now: Moment) -> Result<(), Silent> {
        self.voices.get(domain).ok_or(Silent::NotObserved)?.speaks(key, now)
    }

    /// The thread a statement belongs to: its own, the one it names, or that of the entry it names.
    pub fn thread_of(&self, id: StatementId, membership: &Membership<'_>) -> Option<StatementId> {
        if membership.opens_thread {
            return Some(id);
        }
        membership.thread.or_else(|| self.targets.get(&membership.re?)?.thread)
    }
}

/// What to look up for a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Whether this statement is logged.
    pub id: StatementId,
    /// The thread with this agreement.
    pub thread: Option<StatementId>,
    /// The entry with this statement, as a target; and its thread.
    pub re: Option<StatementId>,
    /// The root at this size.
    pub root_at: Option<u64>,
}

/// What to look up before [`chains`] can be asked.
pub fn needs(id: StatementId, statement: &Statement) -> Needs {
    Needs {
        id,
        thread: statement.membership().thread,
        re: statement.re(),
        root_at: statement.seen().map(|seen| seen.size),
    }
}

/// The domains whose keys a statement's rules ask about or that it changes, once its thread is known.
pub fn voices<'a>(id: StatementId, statement: &'a Statement, facts: &'a Facts) -> Vec<&'a Domain> {
    let rules = statement.rules();
    match rules.signed_by {
        SignedBy::Operator => match rules.effect {
            Effect::Observes { domain, .. } => vec![domain],
            _ => Vec::new(),
        },
        SignedBy::Subject(domain) | SignedBy::NoSubject(domain) | SignedBy::ListedBy(domain) => {
            vec![domain]
        }
        SignedBy::AnyoneBut(subjects) => subjects.iter().collect(),
        SignedBy::AllParties => {
            let thread = facts.thread_of(id, &statement.membership());
            let thread = thread.and_then(|thread| facts.threads.get(&thread));
            thread.map_or(Vec::new(), |thread| thread.subjects().iter().collect())
        }
        _ => Vec::new(),
    }
}

/// Whether the rules ask if the statement's signers ever signed an agreement with a domain, and which.
pub fn parties(statement: &Statement) -> Option<&Domain> {
    match statement.rules().signed_by {
        SignedBy::ListedBy(domain) => Some(domain),
        _ => None,
    }
}

/// The chains that a statement joins (protocol §6), once its thread and target are known.
pub fn chains(id: StatementId, statement: &Statement, facts: &Facts) -> Vec<ChainName> {
    chains_of(id, &statement.membership(), facts)
}

/// As [`chains`], for a statement of any kind.
pub fn chains_of(id: StatementId, membership: &Membership<'_>, facts: &Facts) -> Vec<ChainName> {
    let thread = facts.thread_of(id, membership);
    let of_thread = thread.and_then(|id| facts.threads.get(&id)).map_or(&[][..], Thread::subjects);
    let target = membership.re.and_then(|re| facts.targets.get(&re));
    let of_target = target.map_or(&[][..], |target| &target.subjects);
    chains_with(membership, thread, of_thread, of_target)
}

/// As [`chains_of`], where the thread, its subjects, and the subjects of the entry named by `re` are known.
pub fn chains_with(
    membership: &Membership<'_>,
    thread: Option<StatementId>,
    of_thread: &[Domain],
    of_target: &[Domain],
) -> Vec<ChainName> {
    let mut subjects: BTreeSet<&Domain> = membership.subjects.iter().copied().collect();
    subjects.extend(of_thread);
    subjects.extend(of_target);
    let mut chains: Vec<_> = thread.map(ChainName::Thread).into_iter().collect();
    chains.extend(subjects.into_iter().cloned().map(ChainName::Subject));
    chains.extend(membership.signers.iter().cloned().map(ChainName::Signer));
    chains
}
