//! A whole ledger against the rules (protocol §5–7): one fold over its entries, from entry 0, that checks
//! every hash, link, time, signature and rule, and tells what is wrong and where.
//!
//! The costly part, [`check_leaf`], needs no other entry and can be done on many threads; [`History::push`]
//! takes its results in order. The rules are those of `ledger/`. An auditor holds no words and does not
//! recheck whether an observation was true, the lists of public names, and rates.

mod chains;
mod fault;
mod leaf;
mod past;
mod saved;
mod voices;

use std::collections::{BTreeMap, HashMap};

use chains::Chains;
pub use fault::Fault;
pub(super) use leaf::Read;
pub use leaf::{Checked, check_leaf};
pub use past::{Past, PastError};
pub use saved::NotAHistory;
use voices::Voices;

use super::content::Content;
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Links;
use crate::ledger::facts::chains_with;
use crate::ledger::plan::link;
use crate::ledger::rules::{self, Place};
use crate::ledger::{ChainName, Facts, Policy, Target};
use crate::statement::{Effect, Membership, Statement, StatementId};
use crate::thread::Thread;
use crate::tlog::{Checkpoint, Origin, Recent, SignedCheckpoint, VerifierKey, root};

/// Threads held in memory, at some 500 bytes each. When there are more, all are forgotten, and read again
/// from the past when they are asked for.
const THREADS_MAX: usize = 500_000;

/// Everything an audit has to remember of the entries so far: no words and no statements, but hashes,
/// ids and the heads of chains. What else a rule needs is read again from the [`Past`].
#[derive(Debug)]
pub struct History {
    origin: Origin,
    tree: Recent,
    newest: Option<Moment>,
    /// The statement's id of every entry that could be read, and the index of its thread's agreement.
    entries: Vec<(Option<StatementId>, Option<u64>)>,
    by_id: HashMap<StatementId, u64>,
    chains: Chains,
    /// Under an entry's index, those after it that changed its thread or its words.
    changed_by: BTreeMap<u64, Vec<u64>>,
    /// The entry with the newest policy.
    policy_at: Option<u64>,
    policy: Option<Policy>,
    /// The first entry that ended the ledger.
    ended: Option<u64>,
    /// The entry that named the log's keys last, and the keys.
    log_keys: Option<(u64, Vec<VerifierKey>)>,
    threads: HashMap<StatementId, Thread>,
    voices: Voices,
}

/// What was found about one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// Its index.
    pub index: u64,
    /// What is wrong with it; empty where nothing is.
    pub faults: Vec<Fault>,
    /// Why its rules could not be checked, if they could not: a kind or type that is not known.
    pub rules_not_checked: Option<String>,
}

/// What the fold knows of an entry before it is added.
struct Known {
    facts: Facts,
    chains: Vec<ChainName>,
    thread: Option<StatementId>,
    /// Whether the entry named by `re` is there but of a kind that is not known.
    opaque_target: bool,
}

impl History {
    /// The audit of the ledger with that origin, before its first entry.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            tree: Recent::default(),
            newest: None,
            entries: Vec::new(),
            by_id: HashMap::new(),
            chains: Chains::default(),
            changed_by: BTreeMap::new(),
            policy_at: None,
            policy: None,
            ended: None,
            log_keys: None,
            threads: HashMap::new(),
            voices: Voices::default(),
        }
    }

    /// The ledger it is of.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How many entries were checked.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The leaf hash of an entry that was checked.
    pub fn leaf_hash(&self, index: u64) -> Option<Hash> {
        self.tree.leaf(index)
    }

    /// The tree of all entries that were checked.
    pub const fn tree(&self) -> &Recent {
        &self.tree
    }

    /// The root of the tree over the first `size` entries, if that many were checked.
    pub fn root(&self, size: u64) -> Option<Hash> {
        root(size, &self.tree).ok().filter(|_| size <= self.size())
    }

    /// Holds a checkpoint of this ledger, whose signature was verified, against the entries checked so far.
    /// `None` while there are fewer than it covers.
    pub fn check_checkpoint(&self, checkpoint: &Checkpoint) -> Option<Result<(), Fault>> {
        let root = self.root(checkpoint.size())?;
        let same = root == *checkpoint.root() && *checkpoint.origin() == self.origin;
        Some(if same { Ok(()) } else { Err(Fault::RootMismatch { size: checkpoint.size() }) })
    }

    /// What is wrong with the signatures under a checkpoint of all entries checked so far: each key that the operator named
    /// last signs it. The fault is that of the entry that names the key.
    pub fn check_log_keys(&self, signed: &SignedCheckpoint) -> Option<(u64, Fault)> {
        let (index, keys) = self.log_keys.as_ref()?;
        let missing = keys.iter().find(|key| signed.verify(key).is_err())?;
        Some((*index, Fault::LogKeyMissing(missing.clone())))
    }

    /// Adds the next entry, in the order of the ledger.
    ///
    /// # Errors
    /// [`PastError`] when an earlier entry that a rule needs could not be had. Nothing was added then.
    pub fn push<P: Past + ?Sized>(
        &mut self,
        checked: Checked,
        past: &P,
    ) -> Result<Audited, PastError<P::Error>> {
        let index = self.size();
        let Checked { hash, entry } = checked;
        let read = match entry {
            Ok(read) => read,
            Err(error) => {
                self.add(hash, None, None);
                let faults = vec![Fault::NotAnEntry(error)];
                return Ok(Audited { index, faults, rules_not_checked: None });
            }
        };
        self.load_policy(past)?;
        let known = self.gather(&read, past)?;
        let mut faults = self.check_place(&read, &known);
        faults.extend(read.refusal.clone().map(Fault::Refused));
        faults.extend(self.check_rules(&read, &known));
        let rules_not_checked = why_not_checked(&read, &known);
        self.follow(read, known, hash);
        Ok(Audited { index, faults, rules_not_checked })
    }

    /// Everything the rules ask about this entry. Changes nothing but what is held in memory of the past.
    fn gather<P: Past + ?Sized>(
        &mut self,
        read: &Read,
        past: &P,
    ) -> Result<Known, PastError<P::Error>> {
        let mut facts = Facts::new(self.policy.clone());
        facts.ended = self.ended;
        let Some(membership) = read.content.as_ref().and_then(Content::membership) else {
            let chains = claimed_chains(&read.links);
            self.chains.look_up(&chains, &self.tree, &mut facts);
            return Ok(Known { facts, chains, thread: None, opaque_target: false });
        };
        let statement = read.content.as_ref().and_then(Content::statement);
        // A notice is about an entry without joining its chains.
        let re = statement.map_or(membership.re, Statement::re);
        let target = match re {
            Some(re) => self.read_target(re, past)?,
            None => None,
        };
        let joined = target.as_ref().filter(|_| membership.re.is_some());
        let thread = thread_of(read.id, &membership, joined);
        if let Some(thread) = thread.filter(|_| !membership.opens_thread)
            && let Some(state) = self.read_thread(thread, past)?
        {
            facts.threads.insert(thread, state);
        }
        let of_thread = thread.and_then(|id| facts.threads.get(&id));
        let of_thread = of_thread.map_or(&[][..], Thread::subjects);
        let of_target = joined.map_or(&[][..], |target| &target.subjects);
        let chains = chains_with(&membership, thread, of_thread, of_target);
        self.chains.look_up(&chains, &self.tree, &mut facts);
        if let Some(seen) = read.content.as_ref().and_then(Content::seen)
            && let Some(root) = self.root(seen.size)
        {
            facts.roots.insert(seen.size, root);
        }
        let opaque_target = target.as_ref().is_some_and(|target| target.full.is_none());
        if let (Some(re), Some(full)) = (re, target.and_then(|target| target.full)) {
            facts.targets.insert(re, full);
        }
        if let Some(statement) = statement {
            self.gather_voices(read.id, statement, &mut facts, past)?;
        }
        Ok(Known { facts, chains, thread, opaque_target })
    }

    /// Index, time, links and that the statement is new.
    fn check_place(&self, read: &Read, known: &Known) -> Vec<Fault> {
        let mut faults = Vec::new();
        let index = self.size();
        if read.index != index {
            faults.push(Fault::WrongIndex { found: read.index });
        }
        if self.newest.is_some_and(|newest| read.time < newest) {
            faults.push(Fault::TimeWentBack);
        }
        if let Some(first) = self.by_id.get(&read.id) {
            faults.push(Fault::LoggedTwice { first: *first });
        }
        let prev = index.checked_sub(1).and_then(|before| self.tree.leaf(before));
        let mut expected = link(&known.chains, prev, &known.facts);
        if read.content.as_ref().and_then(Content::membership).is_none() {
            // What thread it belongs to, only its payload could tell.
            expected.thread = read.links.thread;
        }
        faults.extend(chains::compare(&expected, &read.links));
        faults
    }

    fn check_rules(&self, read: &Read, known: &Known) -> Option<Fault> {
        let place = Place { index: self.size(), time: read.time };
        match &read.content {
            Some(Content::Known(statement)) if !known.opaque_target => {
                rules::check(read.id, statement, None, &known.facts, place).err()
            }
            Some(other) => rules::check_clock(other.claimed_at(), read.time).err(),
            None => None,
        }
        .map(Fault::Refused)
    }

    /// Becomes the history with this entry.
    fn follow(&mut self, read: Read, known: Known, hash: Hash) {
        let index = self.size();
        self.newest = self.newest.max(Some(read.time));
        self.chains.join(&known.chains, index);
        if let Some(Content::Known(statement)) = &read.content
            && !self.by_id.contains_key(&read.id)
        {
            self.take_effect(read.id, statement, known.thread);
        }
        let agreement = known.thread.and_then(|thread| self.by_id.get(&thread)).copied();
        let opens = known.thread == Some(read.id);
        self.add(hash, Some(read.id), if opens { Some(index) } else { agreement });
    }

    fn take_effect(&mut self, id: StatementId, statement: &Statement, thread: Option<StatementId>) {
        let index = self.size();
        if let Some(policy) = Policy::of(statement) {
            self.policy = Some(policy);
            self.policy_at = Some(index);
        }
        if statement.rules().effect == Effect::Ends {
            self.ended.get_or_insert(index);
        }
        if let Effect::NamesLogKeys(texts) = statement.rules().effect {
            let keys = texts.iter().filter_map(|text| text.parse().ok()).collect();
            self.log_keys = Some((index, keys));
        }
        self.voices.follow(statement, index, self.newest);
        if let Some(opened) = Thread::open(id, statement) {
            self.hold_thread(id, opened);
        } else if let Some(thread) = thread {
            if let Some(state) = self.threads.get_mut(&thread) {
                state.apply(statement);
            }
            self.note_change(thread, statement, index);
        }
        let re = statement.membership().re;
        if let Some(re) = re.filter(|re| Some(*re) != thread) {
            self.note_change(re, statement, index);
        }
    }

    fn hold_thread(&mut self, id: StatementId, thread: Thread) {
        if self.threads.len() >= THREADS_MAX {
            self.threads.clear();
        }
        self.threads.insert(id, thread);
    }

    fn note_change(&mut self, of: StatementId, statement: &Statement, index: u64) {
        let changes = statement.rules().effect != Effect::None;
        if let Some(of) = self.by_id.get(&of).filter(|_| changes) {
            self.changed_by.entry(*of).or_default().push(index);
        }
    }

    fn add(&mut self, hash: Hash, id: Option<StatementId>, agreement: Option<u64>) {
        let index = self.size();
        if let Some(id) = id {
            self.by_id.entry(id).or_insert(index);
        }
        self.entries.push((id, agreement));
        self.tree.push(hash);
    }
}

/// An entry named by `re`: whole where its kind is known.
struct Named {
    full: Option<Target>,
    thread: Option<StatementId>,
    subjects: Vec<Domain>,
}

/// The thread a statement belongs to: its own, the one it names, or that of the entry it names.
fn thread_of(
    id: StatementId,
    membership: &Membership<'_>,
    target: Option<&Named>,
) -> Option<StatementId> {
    if membership.opens_thread {
        return Some(id);
    }
    membership.thread.or_else(|| target.and_then(|target| target.thread))
}

/// The chains an entry says it joins, for one whose payload does not tell.
fn claimed_chains(links: &Links) -> Vec<ChainName> {
    let subjects = links.subjects.iter().map(|(domain, _)| ChainName::Subject(domain.clone()));
    let signers = links.signers.iter().map(|(signer, _)| ChainName::Signer(signer.clone()));
    subjects.chain(signers).collect()
}

fn why_not_checked(read: &Read, known: &Known) -> Option<String> {
    match &read.content {
        Some(Content::UnknownKind(outline)) => {
            Some(format!("the kind `{}` is not known", outline.kind()))
        }
        Some(Content::UnknownType) => Some("the payload's type is not known".into()),
        Some(Content::Known(_)) if known.opaque_target => {
            Some("it is about an entry of a kind that is not known".into())
        }
        _ => None,
    }
}
