//! Gathers what the state of a thread and the metrics of an organization follow from: the chain of the
//! organization, which holds every entry of its threads and its claims, and the policies. What was gathered is
//! kept and extended by what came since, so that an organization's chain is read once.
//!
//! It decides nothing about states: that is `thread/`.

use std::collections::{BTreeMap, btree_map};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use super::lookup::{Lookup, LookupError};
use super::view::{View, before_about};
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::statement::{Statement, StatementId};
use crate::store::{Chain, List, WordRef};
use crate::thread::counts::Counts;
use crate::thread::course::{Mark, Stated};
use crate::thread::metrics::Metrics;
use crate::thread::state::State;
use crate::thread::threads::{Threads, Waiting};

/// Organizations whose threads are kept. A thread of three entries costs about a kilobyte, so that organizations
/// with ten thousand threads each make 320 MB.
const ORGANIZATIONS: NonZeroUsize = NonZeroUsize::new(32).unwrap();

/// Organizations whose counts are kept: many visitors ask for them at once.
const COUNTED: NonZeroUsize = NonZeroUsize::new(1024).unwrap();

/// What was gathered so far.
pub struct Gathered {
    organizations: Mutex<LruCache<Domain, Arc<Mutex<About>>>>,
    /// The policies, and the index of the newest of them.
    policies: Mutex<Option<(u64, Policies)>>,
    /// What was counted last of an organization: at which size and minute. States change at full minutes only.
    counted: Mutex<LruCache<Domain, (u64, Moment, Counts)>>,
}

type Policies = Arc<BTreeMap<u64, Read>>;

/// The threads about an organization, as far as its chain was read.
struct About {
    threads: Threads,
    newest: Option<u64>,
}

/// An entry of a kind that is known.
struct Read {
    time: Moment,
    id: StatementId,
    statement: Statement,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Gathered {
    fn default() -> Self {
        let organizations = Mutex::new(LruCache::new(ORGANIZATIONS));
        let counted = Mutex::new(LruCache::new(COUNTED));
        Self { organizations, policies: Mutex::new(None), counted }
    }
}

impl View {
    /// How a thread stands at that moment, or at the time of the newest entry where that is later; nothing where
    /// no agreement of this checkpoint has that id, or it is withheld.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn thread_state(
        &self,
        id: &StatementId,
        moment: Moment,
    ) -> Result<Option<State>, LookupError> {
        let Some(index) = self.find(id)? else { return Ok(None) };
        let statement = self.lookup().statement(index)?;
        if !statement.membership().opens_thread || !self.is_shown(index)? {
            return Ok(None);
        }
        let moment = moment.max(self.as_of());
        let thread = self.with_claims_of(statement.fields().domains("subjects"), id)?;
        Ok(thread.and_then(|thread| thread.state_at(id, moment)))
    }

    /// A thread alone, with what is known of the claims of all its subjects.
    pub(super) fn with_claims_of(
        &self,
        subjects: &[Domain],
        id: &StatementId,
    ) -> Result<Option<Threads>, LookupError> {
        let mut found: Option<Threads> = None;
        for subject in subjects {
            self.about(subject, |threads| match &mut found {
                None => found = Some(threads.only(id)),
                Some(first) => first.take_claims(threads),
            })?;
        }
        Ok(found)
    }

    /// The metrics of an organization over the days that end with this checkpoint.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn metrics(&self, domain: &Domain, days: u16) -> Result<Option<Metrics>, LookupError> {
        let mut metrics = None;
        self.about(domain, |threads| metrics = threads.metrics(domain, days, self.as_of()))?;
        Ok(metrics)
    }

    /// Everything that waits for an organization at that moment, the earliest day first; nothing of agreements that
    /// are withheld.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn waiting_for(
        &self,
        domain: &Domain,
        moment: Moment,
    ) -> Result<Vec<Waiting>, LookupError> {
        let (mut waiting, moment) = (Vec::new(), moment.max(self.as_of()));
        self.about(domain, |threads| waiting = threads.waiting_for(domain, moment))?;
        let mut shown = BTreeMap::new();
        for Waiting { agreement, .. } in &waiting {
            if let btree_map::Entry::Vacant(unknown) = shown.entry(agreement.index) {
                unknown.insert(self.is_shown(agreement.index)?);
            }
        }
        waiting.retain(|waiting| shown[&waiting.agreement.index]);
        Ok(waiting)
    }

    /// How many commitments an organization has and how much of what is due from it is overdue at that moment; nothing
    /// of agreements that are withheld.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn counts(&self, domain: &Domain, moment: Moment) -> Result<Counts, LookupError> {
        let minute = moment.max(self.as_of()).at_the_minute();
        let kept = &self.lookup().gathered().counted;
        if let Some((size, at, counts)) = lock(kept).get(domain)
            && (*size, *at) == (self.size(), minute)
        {
            return Ok(*counts);
        }
        let mut sum = Counts::default();
        self.about(domain, |threads| sum = threads.counts_of(domain, minute))?;
        lock(kept).put(domain.clone(), (self.size(), minute, sum));
        Ok(sum)
    }

    /// The agreements on which an organization gave no verdict, the newest first; none that are withheld.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn without_verdict(&self, domain: &Domain) -> Result<Vec<Mark>, LookupError> {
        let mut agreements = Vec::new();
        self.about(domain, |threads| agreements = threads.without_verdict(domain))?;
        let mut shown = Vec::with_capacity(agreements.len());
        for agreement in agreements {
            if self.is_shown(agreement.index)? {
                shown.push(agreement);
            }
        }
        Ok(shown)
    }

    /// Whether an entry is not withheld as a whole.
    pub(super) fn is_shown(&self, index: u64) -> Result<bool, LookupError> {
        let decided = self.lookup().word_events(&WordRef::entry_itself(index))?.moderated;
        Ok(!decided.is_some_and(|(_, is_withheld)| is_withheld))
    }

    /// The leaf hash of an entry, by which its page is addressed; nothing beyond the checkpoint.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn leaf_hash(&self, index: u64) -> Result<Option<Hash>, LookupError> {
        (index < self.size()).then(|| self.lookup().leaf_hash(index)).transpose()
    }

    /// Shows the threads about an organization as of this checkpoint.
    pub(super) fn about(
        &self,
        domain: &Domain,
        show: impl FnOnce(&Threads),
    ) -> Result<(), LookupError> {
        let gathered = self.lookup().gathered();
        let fresh = || About { threads: Threads::about(domain.clone()), newest: None };
        let kept = {
            let mut organizations = lock(&gathered.organizations);
            let kept =
                organizations.get_or_insert(domain.clone(), || Arc::new(Mutex::new(fresh())));
            kept.clone()
        };
        let mut about = lock(&kept);
        // Another reader may have seen a newer checkpoint than this one's.
        if about.newest.is_some_and(|newest| newest >= self.size()) {
            drop(about);
            let mut about = fresh();
            self.extend(&mut about, domain)?;
            show(&about.threads);
        } else {
            self.extend(&mut about, domain)?;
            show(&about.threads);
        }
        Ok(())
    }

    /// Adds what the organization's chain has since it was read.
    fn extend(&self, about: &mut About, domain: &Domain) -> Result<(), LookupError> {
        for (index, policy) in policies(self.lookup())?.iter() {
            about.threads.push(&policy.stated(*index));
        }
        let entries = walk(self.lookup(), domain, about.newest, self.size())?;
        // An error above leaves what is kept as it was, and it is read again.
        for (index, read) in entries.iter().rev() {
            about.newest = Some(*index);
            if let Some(read) = read {
                about.threads.push(&read.stated(*index));
            }
        }
        Ok(())
    }
}

impl Read {
    fn of(entry: &Entry) -> Option<Self> {
        let statement = Statement::read(entry.envelope.payload()).ok()?;
        Some(Self { time: entry.time, id: entry.envelope.id(), statement })
    }

    fn stated(&self, index: u64) -> Stated<'_> {
        Stated { index, time: self.time, id: self.id, statement: &self.statement }
    }
}

/// The entries about an organization below `size` and above `known`, newest first; nothing for those of unknown
/// kinds.
fn walk(
    lookup: &Lookup,
    domain: &Domain,
    known: Option<u64>,
    size: u64,
) -> Result<Vec<(u64, Option<Read>)>, LookupError> {
    let mut entries = Vec::new();
    let mut next = lookup.newest(&Chain::subject(domain.as_str()))?.map(|link| link.index);
    while let Some(index) = next.filter(|index| known.is_none_or(|known| *index > known)) {
        let entry = lookup.entry(index)?;
        next = before_about(&entry, domain);
        if next.is_some_and(|older| older >= index) {
            return Err(LookupError::Inconsistent { index, what: "a chain does not lead back" });
        }
        if index < size {
            entries.push((index, Read::of(&entry)));
        }
    }
    Ok(entries)
}

/// Every policy.
fn policies(lookup: &Lookup) -> Result<Policies, LookupError> {
    let Some(newest) = lookup.policy()? else { return Ok(Policies::default()) };
    let mut kept = lock(&lookup.gathered().policies);
    if let Some((_, policies)) = kept.as_ref().filter(|(of, _)| *of == newest) {
        return Ok(policies.clone());
    }
    let mut policies = BTreeMap::new();
    for index in lookup.listed(&List::policies(), newest + 1, usize::MAX)? {
        policies.extend(Read::of(&lookup.entry(index)?).map(|read| (index, read)));
    }
    let policies = Arc::new(policies);
    *kept = Some((newest, policies.clone()));
    Ok(policies)
}
