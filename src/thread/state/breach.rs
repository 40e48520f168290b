//! How a breach is answered, by each subject that owes one of the commitments it names (protocol, "State of a
//! thread"). A breach of what only the signers owe asks nobody.

use crate::encoding::domain::Domain;
use crate::encoding::time::{Date, Moment};
use crate::thread::course::{Breach, Course, Mark, Response, Stage};
use crate::thread::terms::{Due, Terms};
use crate::thread::timeline::{Now, Timeline};

/// How a subject has answered a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BreachStatus {
    /// No response is recorded, and there is time.
    AwaitingFirstResponse,
    /// No response is recorded, and the day of the first is over.
    FirstResponseOverdue,
    /// No response is recorded, and the day of the final one is over too.
    LongOverdue,
    /// It was acknowledged, and there is time for the final response.
    Acknowledged,
    /// It was acknowledged, and the day of the final response is over.
    FinalResponseOverdue,
    /// A final response is expected by a day that the subject named.
    InProgress,
    /// That day is over.
    InProgressOverdue,
    /// A final response is recorded.
    FinalResponse,
}

/// A breach of the thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BreachState {
    /// The breach.
    pub mark: Mark,
    /// The commitments it names, by their numbers in the list in force when it was logged.
    pub numbers: Vec<u8>,
    /// From which day on they were not kept.
    pub since: Option<Date>,
    /// What the signers ask for.
    pub desired_outcome: String,
    /// Who is to answer it, ascending, and how each did.
    pub asked: Vec<Asked>,
}

/// How a subject that is to answer a breach did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The subject.
    pub domain: Domain,
    /// How it has answered.
    pub status: BreachStatus,
    /// Until when its first response is due.
    pub first_by: Due,
    /// Until when its final response is due.
    pub final_by: Due,
    /// Its first response.
    pub first_response: Option<Mark>,
    /// The day by which it expects to give its final response, and the entry that says so.
    pub in_progress_until: Option<(Date, u64)>,
    /// Its newest final response, and the outcome that states.
    pub final_response: Option<(Mark, String)>,
    /// The entries that this follows from, ascending.
    pub entries: Vec<u64>,
    /// When the clock alone changes it next.
    pub changes_at: Option<Moment>,
}

pub(super) fn states(course: &Course, terms: &Terms, now: Now) -> Vec<BreachState> {
    let state = |breach: &Breach| BreachState {
        mark: breach.mark,
        numbers: breach.numbers.clone(),
        since: breach.since,
        desired_outcome: breach.desired_outcome.clone(),
        asked: breach.asked.iter().map(|domain| asked(breach, domain, terms, now)).collect(),
    };
    course.breaches.iter().map(state).collect()
}

fn asked(breach: &Breach, domain: &Domain, terms: &Terms, now: Now) -> Asked {
    let (first_by, final_by) = terms.of(domain, breach.mark.index, breach.mark.time);
    let own = || breach.responses.iter().filter(|response| response.domain == *domain);
    let first_response = own().next().map(|response| response.mark);
    let in_progress_until = own().rev().find_map(expected);
    let final_response = own().rev().find_map(last);
    let timeline = match (&final_response, in_progress_until, first_response) {
        (Some(_), ..) => Timeline::new(BreachStatus::FinalResponse),
        (None, Some((day, _)), _) => Timeline::new(BreachStatus::InProgress)
            .then(day.over_everywhere(), BreachStatus::InProgressOverdue),
        (None, None, Some(_)) => Timeline::new(BreachStatus::Acknowledged)
            .then(final_by.late_at(), BreachStatus::FinalResponseOverdue),
        (None, None, None) => Timeline::new(BreachStatus::AwaitingFirstResponse)
            .then(first_by.late_at(), BreachStatus::FirstResponseOverdue)
            .then(final_by.late_at(), BreachStatus::LongOverdue),
    };
    let (status, changes_at) = timeline.at(now);
    let mut entries = vec![first_by.set_by, final_by.set_by, breach.mark.index];
    entries.extend(first_response.map(|mark| mark.index));
    entries.extend(in_progress_until.map(|(_, index)| index));
    entries.extend(final_response.as_ref().map(|(mark, _)| mark.index));
    entries.sort_unstable();
    entries.dedup();
    Asked {
        domain: domain.clone(),
        status,
        first_by,
        final_by,
        first_response,
        in_progress_until,
        final_response,
        entries,
        changes_at,
    }
}

fn expected(response: &Response) -> Option<(Date, u64)> {
    if let Stage::InProgress(day) = response.stage {
        Some((day, response.mark.index))
    } else {
        None
    }
}

fn last(response: &Response) -> Option<(Mark, String)> {
    let Stage::Final(outcome) = &response.stage else { return None };
    Some((response.mark, outcome.clone()))
}
