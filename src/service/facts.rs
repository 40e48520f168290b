//! Looks up what admission asks for.

use std::collections::HashMap;
use std::num::NonZeroUsize;

use lru::LruCache;

use super::end::End;
use super::indexing::chain;
use super::lookup::{Lookup, LookupError};
use crate::encoding::domain::Domain;
use crate::ledger::voice::signed_agreement_with;
use crate::ledger::{
    ChainName, Facts, Needs, Newest, Policy, Target, Voice, WordState, chains, needs, parties,
    voices,
};
use crate::statement::{Statement, StatementId};
use crate::store::{Chain, List, WordRef};
use crate::thread::Thread;
use crate::tlog::root;

/// Domains whose keys are kept known. A domain that is not here is looked up again.
const VOICES: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();
/// Claims of one domain that are looked up at once.
const CLAIMS: usize = 256;
/// Threads kept folded. Each costs some hundred bytes; a thread that is not here is folded again.
const THREADS: NonZeroUsize = NonZeroUsize::new(16_384).unwrap();

/// The sequencer's own knowledge: the policy in force, threads that had follow-ups lately, and who speaks for the
/// domains that were named lately.
pub struct Gatherer {
    policy: Option<Policy>,
    ended: Option<u64>,
    threads: LruCache<StatementId, Thread>,
    voices: LruCache<Domain, Voice>,
}

impl Gatherer {
    /// Starts from what is logged.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn new(lookup: &Lookup) -> Result<Self, LookupError> {
        Self::keeping(THREADS, VOICES, lookup)
    }

    /// Looks up facts for one statement and keeps nothing.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn once(
        id: StatementId,
        statement: &Statement,
        lookup: &Lookup,
    ) -> Result<Facts, LookupError> {
        Self::keeping(NonZeroUsize::MIN, NonZeroUsize::MIN, lookup)?
            .gather(std::iter::once((id, statement)), lookup)
    }

    fn keeping(
        threads: NonZeroUsize,
        voices: NonZeroUsize,
        lookup: &Lookup,
    ) -> Result<Self, LookupError> {
        let policy = match lookup.policy()? {
            Some(index) => Policy::of(&lookup.statement(index)?),
            None => None,
        };
        let ended = End::of(lookup)?.map(|end| end.index);
        Ok(Self { policy, ended, threads: LruCache::new(threads), voices: LruCache::new(voices) })
    }

    /// The facts for the statements of a batch.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn gather<'a>(
        &mut self,
        batch: impl Iterator<Item = (StatementId, &'a Statement)> + Clone,
        lookup: &Lookup,
    ) -> Result<Facts, LookupError> {
        let mut facts = Facts::new(self.policy.clone());
        facts.ended = self.ended;
        for (id, statement) in batch.clone() {
            self.gather_one(&needs(id, statement), &mut facts, lookup)?;
        }
        for (id, statement) in batch {
            if !facts.logged.contains_key(&id) {
                gather_chains(id, statement, &mut facts, lookup)?;
                self.gather_voices(id, statement, &mut facts, lookup)?;
            }
        }
        Ok(facts)
    }

    fn gather_one(
        &mut self,
        needs: &Needs,
        facts: &mut Facts,
        lookup: &Lookup,
    ) -> Result<(), LookupError> {
        if let Some(index) = lookup.find(&needs.id)? {
            facts.logged.insert(needs.id, index);
            return Ok(());
        }
        if let Some(re) = needs.re {
            self.gather_target(re, facts, lookup)?;
        }
        if let Some(id) = needs.thread {
            self.gather_thread(id, facts, lookup)?;
        }
        if let Some(size) = needs.root_at
            && lookup.memory().published().is_some_and(|published| size <= published.size())
        {
            facts.roots.insert(size, root(size, lookup)?);
        }
        Ok(())
    }

    fn gather_target(
        &mut self,
        re: StatementId,
        facts: &mut Facts,
        lookup: &Lookup,
    ) -> Result<(), LookupError> {
        let Some(index) = lookup.find(&re)? else { return Ok(()) };
        facts.logged.insert(re, index);
        let target = target(index, lookup)?;
        if let Some(id) = target.thread {
            self.gather_thread(id, facts, lookup)?;
        }
        facts.targets.insert(re, target);
        Ok(())
    }

    fn gather_thread(
        &mut self,
        id: StatementId,
        facts: &mut Facts,
        lookup: &Lookup,
    ) -> Result<(), LookupError> {
        if facts.threads.contains_key(&id) {
            return Ok(());
        }
        if let Some(thread) = self.threads.get(&id) {
            facts.threads.insert(id, thread.clone());
            return Ok(());
        }
        if let Some(thread) = fold_thread(id, lookup)? {
            self.threads.put(id, thread.clone());
            facts.threads.insert(id, thread);
        }
        Ok(())
    }

    fn gather_voices(
        &mut self,
        id: StatementId,
        statement: &Statement,
        facts: &mut Facts,
        lookup: &Lookup,
    ) -> Result<(), LookupError> {
        let domains = voices(id, statement, facts).into_iter();
        let unknown = domains.filter(|domain| !facts.voices.contains_key(*domain)).cloned();
        for domain in unknown.collect::<Vec<_>>() {
            let voice = match self.voices.get(&domain) {
                Some(voice) => voice.clone(),
                None => {
                    let voice = voice_of(&domain, lookup)?;
                    self.voices.put(domain.clone(), voice.clone());
                    voice
                }
            };
            facts.voices.insert(domain, voice);
        }
        let Some(domain) = parties(statement) else { return Ok(()) };
        let known = facts.parties.get_or_insert_default();
        for signer in statement.signers() {
            let newest = facts.chains.get(&ChainName::Signer(signer.clone()));
            let newest = newest.map(|newest| newest.index);
            if signed_agreement_with(signer, domain, newest, |index| lookup.entry(index))? {
                known.insert((signer.clone(), domain.clone()));
            }
        }
        Ok(())
    }

    /// Follows a batch that was committed; `facts` are those the plan ended with.
    pub fn follow(&mut self, facts: Facts) {
        self.policy = facts.policy;
        self.ended = facts.ended;
        for (id, thread) in facts.threads {
            if let Some(kept) = self.threads.get_mut(&id) {
                *kept = thread;
            }
        }
        for (domain, voice) in facts.voices {
            if let Some(kept) = self.voices.get_mut(&domain) {
                *kept = voice;
            }
        }
    }
}

/// What is logged of a domain's keys.
pub(super) fn voice_of(domain: &Domain, lookup: &Lookup) -> Result<Voice, LookupError> {
    let mut voice = Voice::default();
    let mut before = u64::MAX;
    loop {
        let claims = lookup.listed(&List::claims_of(domain.as_str()), before, CLAIMS)?;
        for index in &claims {
            follow(&mut voice, *index, lookup)?;
        }
        match claims.last() {
            Some(oldest) if claims.len() == CLAIMS => before = *oldest,
            _ => break,
        }
    }
    let observations = List::observations_of(domain.as_str());
    if let Some(index) = lookup.newest_listed(&observations, u64::MAX)? {
        follow(&mut voice, index, lookup)?;
    }
    Ok(voice)
}

fn follow(voice: &mut Voice, index: u64, lookup: &Lookup) -> Result<(), LookupError> {
    let entry = lookup.entry(index)?;
    if let Ok(statement) = Statement::read(entry.envelope.payload()) {
        voice.follow(&statement, entry.time);
    }
    Ok(())
}

/// An entry as the target of another: its words in their present state.
fn target(index: u64, lookup: &Lookup) -> Result<Target, LookupError> {
    let entry = lookup.entry(index)?;
    let statement = lookup.statement(index)?;
    let subjects = entry.links.subjects.into_iter().map(|(domain, _)| domain).collect();
    let mut target = Target::fresh(&statement, index, lookup.thread_of(index)?, subjects);
    for (digest, state) in &mut target.words {
        *state = word_state(WordRef { entry: index, digest: *digest }, *state, lookup)?;
    }
    let moderated = lookup.word_events(&WordRef::entry_itself(index))?.moderated;
    target.withheld = moderated.is_some_and(|(_, withheld)| withheld);
    Ok(target)
}

/// The present state of a word that began as `first`.
///
/// # Errors
/// [`LookupError`].
pub fn word_state(
    word: WordRef,
    first: WordState,
    lookup: &Lookup,
) -> Result<WordState, LookupError> {
    let events = lookup.word_events(&word)?;
    if events.erased.is_some() {
        return Ok(WordState::Erased);
    }
    let public = events.revealed.map_or(first, |held_by| WordState::Public { held_by });
    Ok(match (public, events.moderated) {
        (WordState::Public { held_by }, Some((_, true))) => WordState::Withheld { held_by },
        (state, _) => state,
    })
}

/// Folds a thread from its agreement on, if there is one with that id.
fn fold_thread(id: StatementId, lookup: &Lookup) -> Result<Option<Thread>, LookupError> {
    let Some(opening) = lookup.find(&id)? else { return Ok(None) };
    let Some(mut thread) = Thread::open(id, &lookup.statement(opening)?) else { return Ok(None) };
    let newest = lookup.newest(&Chain::thread(id.as_hash()))?;
    let mut followed = Vec::new();
    let mut next = newest.map(|link| link.index).filter(|index| *index != opening);
    while let Some(index) = next {
        let entry = lookup.entry(index)?;
        let before = entry.links.thread.and_then(|link| link.before()).map(|(index, _)| index);
        if before.is_none_or(|before| before >= index) {
            return Err(LookupError::Inconsistent { index, what: "its thread does not lead back" });
        }
        next = before.filter(|before| *before != opening);
        if let Ok(statement) = Statement::read(entry.envelope.payload()) {
            followed.push(statement);
        }
    }
    followed.iter().rev().for_each(|statement| thread.apply(statement));
    Ok(Some(thread))
}

fn gather_chains(
    id: StatementId,
    statement: &Statement,
    facts: &mut Facts,
    lookup: &Lookup,
) -> Result<(), LookupError> {
    let mut found = HashMap::new();
    for name in chains(id, statement, facts) {
        if facts.chains.contains_key(&name) {
            continue;
        }
        if let Some(link) = lookup.newest(&chain(&name))? {
            let hash = lookup.leaf_hash(link.index)?;
            found.insert(name, Newest { index: link.index, hash, seq: link.seq });
        }
    }
    facts.chains.extend(found);
    Ok(())
}
