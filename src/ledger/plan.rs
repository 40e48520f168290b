//! Sequencing: a batch of submissions becomes entries, one after the other, each seeing those before it.

use bytes::Bytes;

use super::facts::{ChainName, Facts, Newest, Policy, Target, WordState, chains};
use super::rules::{self, Place};
use crate::crypto::Hash;
use crate::encoding::time::Moment;
use crate::entry::{Entry, Link, Links};
use crate::statement::{Disclosure, Effect, Refusal, Refusals, Signed, Statement, StatementId};
use crate::thread::Thread;
use crate::tlog::leaf_hash;

/// A submission whose signatures and words are good by themselves.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The statement.
    pub signed: Signed,
    /// The words sent with it.
    pub words: Vec<Disclosure>,
}

/// Where the ledger stands before a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Entries so far.
    pub size: u64,
    /// Leaf hash and time of the newest; absent before entry 0.
    pub newest: Option<(Hash, Moment)>,
}

/// What becomes of one submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It becomes the entry with this index.
    Admitted(u64),
    /// It was logged before, as the entry with this index.
    Logged(u64),
    /// It is refused, and leaves no trace.
    Refused(Refusal),
}

/// An entry to be written.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its index.
    pub index: u64,
    /// Its statement's id.
    pub id: StatementId,
    /// Its statement.
    pub statement: Statement,
    /// Its leaf.
    pub leaf: Bytes,
    /// The leaf's hash.
    pub leaf_hash: Hash,
    /// The words to keep with it, public all of them.
    pub words: Vec<Disclosure>,
    /// The chains it joins, with its place in each.
    pub chains: Vec<(ChainName, u64)>,
    /// The entry it reveals or erases words of.
    pub target: Option<u64>,
    /// Words it makes public.
    pub revealed: Vec<Hash>,
    /// Words it deletes, each with the entry that holds it where the ledger does.
    pub erased: Vec<(Hash, Option<u64>)>,
}

/// The entries of a batch, and what became of each submission, in their order.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Entries to be written, ascending.
    pub entries: Vec<Planned>,
    /// One for each submission.
    pub outcomes: Vec<Outcome>,
    /// The time of the batch.
    pub time: Moment,
    /// The facts as they are after the batch.
    pub facts: Facts,
}

impl Plan {
    /// Before the first of so many submissions.
    pub(super) fn empty(count: usize, time: Moment, facts: Facts) -> Self {
        let (entries, outcomes) = (Vec::with_capacity(count), Vec::with_capacity(count));
        Self { entries, outcomes, time, facts }
    }
}

/// Plans a batch. `facts` answers what `needs` and `chains` asked for all submissions of the batch.
pub fn plan(standing: Standing, facts: Facts, batch: Vec<Candidate>, now: Moment) -> Plan {
    let time = standing.newest.map_or(now, |(_, newest)| now.max(newest));
    let first = standing.size;
    let mut prev = standing.newest.map(|(hash, _)| hash);
    let mut plan = Plan::empty(batch.len(), time, facts);
    for candidate in batch {
        let id = candidate.signed.id();
        if let Some(index) = plan.facts.logged.get(&id) {
            plan.outcomes.push(Outcome::Logged(*index));
            continue;
        }
        let place = Place { index: first + plan.entries.len() as u64, time };
        if let Err(refusal) = check(&candidate, &plan.facts, place) {
            plan.outcomes.push(Outcome::Refused(refusal));
            continue;
        }
        let planned = append(candidate, prev, place, &mut plan.facts);
        plan.outcomes.push(Outcome::Admitted(planned.index));
        prev = Some(planned.leaf_hash);
        plan.entries.push(planned);
        forget_erased(&mut plan.entries, first);
    }
    plan
}

/// Every rule that needs the ledger's state.
///
/// # Errors
/// The first refusal in the protocol's order.
pub fn check(candidate: &Candidate, facts: &Facts, place: Place) -> Result<(), Refusal> {
    let (id, statement) = (candidate.signed.id(), candidate.signed.statement());
    let mut refusals = Refusals::default();
    refusals.take(rules::check_names(statement, facts));
    refusals.take(rules::check(id, statement, Some(&candidate.words), facts, place));
    refusals.into_result()
}

pub(super) fn append(
    candidate: Candidate,
    prev: Option<Hash>,
    place: Place,
    facts: &mut Facts,
) -> Planned {
    let Candidate { signed, words } = candidate;
    let id = signed.id();
    let (envelope, statement) = signed.into_parts();
    let chains = chains(id, &statement, facts);
    let links = link(&chains, prev, facts);
    let entry = Entry { envelope, index: place.index, links, time: place.time };
    let leaf = Bytes::from(entry.to_leaf());
    let leaf_hash = leaf_hash(&leaf);
    let chains = join(chains, place.index, leaf_hash, facts);
    let mut planned = Planned {
        index: place.index,
        id,
        statement,
        leaf,
        leaf_hash,
        words,
        chains,
        target: None,
        revealed: Vec::new(),
        erased: Vec::new(),
    };
    take_effect(&mut planned, place.time, facts);
    planned
}

/// The links of an entry that joins these chains, `prev` being the hash of the entry before it.
pub fn link(chains: &[ChainName], prev: Option<Hash>, facts: &Facts) -> Links {
    let mut links = Links { prev, ..Links::default() };
    for chain in chains {
        let link = facts.chains.get(chain).map_or(Link::First, |newest| Link::After {
            index: newest.index,
            prev: newest.hash,
            seq: newest.seq + 1,
        });
        match chain {
            ChainName::Thread(_) => links.thread = Some(link),
            ChainName::Subject(domain) => links.subjects.push((domain.clone(), link)),
            ChainName::Signer(signer) => links.signers.push((signer.clone(), link)),
        }
    }
    links
}

fn join(
    chains: Vec<ChainName>,
    index: u64,
    hash: Hash,
    facts: &mut Facts,
) -> Vec<(ChainName, u64)> {
    let mut joined = Vec::with_capacity(chains.len());
    for chain in chains {
        let seq = facts.chains.get(&chain).map_or(0, |newest| newest.seq + 1);
        facts.chains.insert(chain.clone(), Newest { index, hash, seq });
        joined.push((chain, seq));
    }
    joined
}

/// Changes the facts as the entry changes the ledger.
fn take_effect(planned: &mut Planned, time: Moment, facts: &mut Facts) {
    let Planned { id, index, statement, .. } = planned;
    let membership = statement.membership();
    let thread = facts.thread_of(*id, &membership);
    let subjects = planned.chains.iter().filter_map(|(chain, _)| match chain {
        ChainName::Subject(domain) => Some(domain.clone()),
        _ => None,
    });
    let target = Target::fresh(statement, *index, thread, subjects.collect());
    facts.logged.insert(*id, *index);
    if let Some(opened) = Thread::open(*id, statement) {
        facts.threads.insert(*id, opened);
    } else if let Some(thread) = thread.and_then(|id| facts.threads.get_mut(&id)) {
        thread.apply(statement);
    }
    if let Some(policy) = Policy::of(statement) {
        facts.policy = Some(policy);
    }
    if statement.rules().effect == Effect::Ends {
        facts.ended = Some(*index);
    }
    voice(statement, time, facts);
    if let Some(re) = statement.re() {
        planned.target = facts.logged.get(&re).copied();
        if let Some(target) = facts.targets.get_mut(&re) {
            match statement.rules().effect {
                Effect::Reveals(digests) => planned.revealed = reveal(digests, *index, target),
                Effect::Erases(digests) => planned.erased = erase(digests, target),
                Effect::Withholds(digests) => moderate(digests, true, target),
                Effect::Restores(digests) => moderate(digests, false, target),
                _ => {}
            }
        }
    }
    facts.targets.insert(*id, target);
}

/// Follows what a statement does to who speaks for a domain, for the domains that somebody asks about.
fn voice(statement: &Statement, time: Moment, facts: &mut Facts) {
    match statement.rules().effect {
        Effect::Claims(domain) | Effect::Observes { domain, .. } => {
            if let Some(voice) = facts.voices.get_mut(domain) {
                voice.follow(statement, time);
            }
        }
        Effect::Opens { subjects, .. } => {
            let Some(parties) = &mut facts.parties else { return };
            for domain in subjects {
                let signers = statement.signers().iter().cloned();
                parties.extend(signers.map(|signer| (signer, domain.clone())));
            }
        }
        _ => {}
    }
}

/// Withholds words of a target, or serves them again; the target itself where none are named.
pub fn moderate(digests: &[Hash], withheld: bool, target: &mut Target) {
    if digests.is_empty() {
        target.withheld = withheld;
    }
    for digest in digests {
        if let Some(state) = target.words.get_mut(digest) {
            *state = match *state {
                WordState::Public { held_by } if withheld => WordState::Withheld { held_by },
                WordState::Withheld { held_by } if !withheld => WordState::Public { held_by },
                other => other,
            };
        }
    }
}

/// Makes words of a target public, held by the entry with that index.
pub fn reveal(digests: &[Hash], index: u64, target: &mut Target) -> Vec<Hash> {
    for digest in digests {
        target.words.insert(*digest, WordState::Public { held_by: index });
    }
    digests.to_vec()
}

/// Deletes words of a target for good, and tells which entry held each.
pub fn erase(digests: &[Hash], target: &mut Target) -> Vec<(Hash, Option<u64>)> {
    let erase_one = |digest: &Hash| {
        let held_by = match target.words.insert(*digest, WordState::Erased) {
            Some(WordState::Public { held_by } | WordState::Withheld { held_by }) => Some(held_by),
            _ => None,
        };
        (*digest, held_by)
    };
    digests.iter().map(erase_one).collect()
}

/// Words that came and went within one batch are never written.
pub(super) fn forget_erased(entries: &mut [Planned], first: u64) {
    let Some((newest, before)) = entries.split_last_mut() else { return };
    for (digest, held_by) in &mut newest.erased {
        let position = held_by.and_then(|index| index.checked_sub(first));
        let holder = position.and_then(|position| before.get_mut(position as usize));
        if let Some(holder) = holder {
            holder.words.retain(|word| word.digest() != *digest);
            *held_by = None;
        }
    }
}
