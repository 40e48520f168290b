//! How many commitments there are and how much is overdue: the two counts that other sites show of a thread or an
//! organization. They follow from the state (protocol, "State of a thread") and add nothing to it.

use super::state::State;
use super::threads::Threads;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::StatementId;
use crate::statement::fields::Debtor;

/// Two counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Commitments of the list in force, kept or not.
    pub commitments: u64,
    /// What let its day pass with nothing recorded: commitments, and responses to breaches.
    pub overdue: u64,
}

impl State {
    /// Those of a thread; of one organization in it where a domain is given.
    pub fn counts(&self, by: Option<&Domain>) -> Counts {
        let is_theirs = |debtor: &Debtor| by.is_none_or(|domain| debtor.subject() == Some(domain));
        let commitments = self.commitments.iter().filter(|commitment| is_theirs(&commitment.by));
        let deadlines = self.deadlines();
        let overdue = deadlines.iter().filter(|one| one.is_late && is_theirs(&one.by));
        Counts { commitments: commitments.count() as u64, overdue: overdue.count() as u64 }
    }
}

impl Threads {
    /// Those of a thread; nothing where it is not followed, or its agreement is withheld.
    pub fn counts(&self, id: &StatementId, moment: Moment) -> Option<Counts> {
        self.courses().find(|course| course.id() == *id && !course.is_withheld())?;
        Some(self.state_at(id, moment)?.counts(None))
    }

    /// Those of an organization in all its threads, but those of which the agreement is withheld.
    pub fn counts_of(&self, domain: &Domain, moment: Moment) -> Counts {
        let shown = self.courses().filter(|course| !course.is_withheld());
        let about = shown.filter(|course| course.subjects().contains(domain));
        let states = about.filter_map(|course| self.state_at(&course.id(), moment));
        states.map(|state| state.counts(Some(domain))).fold(Counts::default(), |sum, counts| {
            Counts {
                commitments: sum.commitments + counts.commitments,
                overdue: sum.overdue + counts.overdue,
            }
        })
    }
}
