//! The threads of a ledger, or those about one organization, as they follow from its entries and nothing else:
//! which entry belongs to which thread, and what claims and policies say of days. It knows no chain and no
//! index; who has those may leave out what is of no concern.

use std::collections::{BTreeMap, HashMap};

use super::course::{Course, Mark, Stated};
use super::deadlines::Deadline;
use super::metrics::{Metrics, Tally};
use super::state::State;
use super::terms::Terms;
use super::turns::{Turn, turns};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::StatementId;

/// Something that waits for an organization, and in which thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The thread.
    pub thread: StatementId,
    /// Its agreement.
    pub agreement: Mark,
    /// What waits, and until when.
    pub deadline: Deadline,
}

/// Threads that are followed.
#[derive(Debug, Clone, Default)]
pub struct Threads {
    /// The organization whose threads are followed; all threads where there is none.
    about: Option<Domain>,
    terms: Option<Terms>,
    courses: BTreeMap<StatementId, Course>,
    /// The thread of every entry of a followed thread.
    thread_of: HashMap<StatementId, StatementId>,
}

impl Threads {
    /// Follows the threads about one organization.
    pub fn about(domain: Domain) -> Self {
        Self { about: Some(domain), ..Self::default() }
    }

    /// Takes in an entry. Entry 0 comes first, and the entries of a thread in the order of the ledger, each once;
    /// policies and claims may come again.
    pub fn push(&mut self, entry: &Stated<'_>) {
        match &mut self.terms {
            Some(terms) => terms.add(entry.index, entry.statement),
            None => self.terms = Terms::new(entry.statement).filter(|_| entry.index == 0),
        }
        if let Some(course) = Course::open(entry) {
            if self.about.as_ref().is_none_or(|domain| course.subjects().contains(domain)) {
                self.thread_of.insert(entry.id, entry.id);
                self.courses.insert(entry.id, course);
            }
            return;
        }
        let membership = entry.statement.membership();
        let of_target = || self.thread_of.get(&membership.re?).copied();
        let Some(thread) = membership.thread.or_else(of_target) else { return };
        if let Some(course) = self.courses.get_mut(&thread) {
            course.apply(entry);
            self.thread_of.insert(entry.id, thread);
        }
    }

    /// That thread alone, with what is known of claims and policies.
    #[must_use]
    pub fn only(&self, id: &StatementId) -> Self {
        let course = self.courses.get(id).map(|course| (*id, course.clone()));
        let courses = course.into_iter().collect();
        Self { about: None, terms: self.terms.clone(), courses, thread_of: HashMap::new() }
    }

    /// Takes in the claims that are known elsewhere on the same ledger.
    pub fn take_claims(&mut self, other: &Self) {
        if let (Some(terms), Some(others)) = (&mut self.terms, &other.terms) {
            terms.take_claims(others);
        }
    }

    /// The threads, by the ids of their agreements.
    pub fn courses(&self) -> impl Iterator<Item = &Course> {
        self.courses.values()
    }

    /// How a thread stands at a moment; nothing where it is not followed, or entry 0 is no policy.
    pub fn state_at(&self, id: &StatementId, moment: Moment) -> Option<State> {
        Some(self.courses.get(id)?.state_at(moment, self.terms.as_ref()?))
    }

    /// Everything the clock alone changes in a thread after one moment and until another, that one included;
    /// nothing where it is not followed.
    pub fn turns(&self, id: &StatementId, after: Moment, until: Moment) -> Vec<Turn> {
        let (Some(course), Some(terms)) = (self.courses.get(id), &self.terms) else {
            return Vec::new();
        };
        turns(|moment| course.state_at(moment, terms), after, until)
    }

    /// Everything that waits for an organization, the earliest day first.
    pub fn waiting_for(&self, domain: &Domain, moment: Moment) -> Vec<Waiting> {
        let Some(terms) = &self.terms else { return Vec::new() };
        let mut waiting = Vec::new();
        for course in self.courses.values().filter(|course| course.subjects().contains(domain)) {
            let deadlines = course.state_at(moment, terms).deadlines().into_iter();
            let own = deadlines.filter(|deadline| deadline.by.subject() == Some(domain));
            let (thread, agreement) = (course.id(), course.agreement());
            waiting.extend(own.map(|deadline| Waiting { thread, agreement, deadline }));
        }
        waiting.sort_by_key(|waiting| (waiting.deadline.day, waiting.agreement.index));
        waiting
    }

    /// The agreements on which an organization gave no verdict, the newest first; none that the signers withdrew.
    pub fn without_verdict(&self, domain: &Domain) -> Vec<Mark> {
        let courses = self.courses.values().filter(|course| course.lacks_verdict_of(domain));
        let mut agreements: Vec<_> = courses.map(Course::agreement).collect();
        agreements.sort_by_key(|agreement| std::cmp::Reverse(agreement.index));
        agreements
    }

    /// The metrics of an organization over the days that end with that moment, which is the time of the newest
    /// entry of the ledger; nothing where entry 0 is no policy. Threads that are not followed are not counted.
    pub fn metrics(&self, domain: &Domain, days: u16, until: Moment) -> Option<Metrics> {
        let terms = self.terms.as_ref()?;
        let mut tally = Tally::new(domain.clone(), days, until);
        self.courses.values().for_each(|course| tally.add(course, terms));
        Some(tally.finish())
    }
}
