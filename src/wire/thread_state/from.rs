//! From the state of a thread to its public shape.

use super::{
    AmendmentStanding, AskedStanding, BreachStanding, CommitmentStanding, EntryMark,
    FinalResponseMark, OfferStanding, OutcomeStanding, ResponseDue, SubjectStanding,
    TerminationMark, ThreadState,
};
use crate::encoding::time::{Date, Moment};
use crate::statement::fields::Debtor;
use crate::thread::course::Mark;
use crate::thread::state::{
    AmendmentState, Asked, BreachState, CommitmentState, OfferState, State, SubjectState,
};
use crate::thread::terms::Due;

/// The public shapes of a list.
fn all<'a, T: 'a, S: From<&'a T>>(list: impl IntoIterator<Item = &'a T>) -> Vec<S> {
    list.into_iter().map(S::from).collect()
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn time(moment: Option<Moment>) -> Option<String> {
    moment.map(Moment::to_seconds)
}

impl From<&State> for ThreadState {
    fn from(state: &State) -> Self {
        let (outcome, assessed) = state.outcome;
        Self {
            imported_from: state.imported_from.as_ref().map(ToString::to_string),
            subjects: all(&state.subjects),
            list: state.list,
            commitments: all(&state.commitments),
            amendments: all(&state.amendments),
            breaches: all(&state.breaches),
            outcome: OutcomeStanding {
                status: outcome.into(),
                entries: assessed.into_iter().collect(),
            },
            offers: all(&state.offers),
            withdrawn: state.withdrawn.map(EntryMark::from),
            terminated: state
                .terminated
                .map(|(entry, effective)| TerminationMark { entry, effective: day(effective) }),
            next_change: time(state.next_change),
        }
    }
}

impl From<&SubjectState> for SubjectStanding {
    fn from(subject: &SubjectState) -> Self {
        Self {
            domain: subject.domain.to_string(),
            standing: subject.standing.into(),
            reason: subject.reason.clone(),
            entries: subject.entries.clone(),
        }
    }
}

impl From<&CommitmentState> for CommitmentStanding {
    fn from(commitment: &CommitmentState) -> Self {
        Self {
            number: commitment.number,
            by: match &commitment.by {
                Debtor::Signer => "signer".to_owned(),
                Debtor::Subject(domain) => domain.to_string(),
            },
            due: day(commitment.due),
            late_at: time(commitment.late_at()),
            status: commitment.status.into(),
            said_by: commitment.said_by.map(Into::into),
            kept_on: day(commitment.kept_on),
            on_time: commitment.on_time,
            contested_by: commitment.contested_by,
            entries: commitment.entries.clone(),
            changes_at: time(commitment.changes_at),
        }
    }
}

impl From<&AmendmentState> for AmendmentStanding {
    fn from(amendment: &AmendmentState) -> Self {
        Self {
            entry: amendment.index,
            mutual: amendment.mutual,
            by: amendment.by.as_ref().map(ToString::to_string),
            subjects: all(&amendment.subjects),
        }
    }
}

impl From<&BreachState> for BreachStanding {
    fn from(breach: &BreachState) -> Self {
        Self {
            entry: breach.mark.index,
            time: breach.mark.time.to_millis(),
            commitment_numbers: breach.numbers.clone(),
            since: day(breach.since),
            desired_outcome: breach.desired_outcome.clone(),
            asked: all(&breach.asked),
        }
    }
}

impl From<&Asked> for AskedStanding {
    fn from(asked: &Asked) -> Self {
        let expected = asked.in_progress_until.map(|(day, set_by)| Due { day, set_by });
        let last = asked.final_response.as_ref();
        Self {
            domain: asked.domain.to_string(),
            status: asked.status.into(),
            first_response_due: asked.first_by.into(),
            final_response_due: asked.final_by.into(),
            first_response: asked.first_response.map(EntryMark::from),
            in_progress_until: expected.map(ResponseDue::from),
            final_response: last.map(|(mark, outcome)| FinalResponseMark {
                entry: mark.index,
                time: mark.time.to_millis(),
                outcome: outcome.clone(),
            }),
            entries: asked.entries.clone(),
            changes_at: time(asked.changes_at),
        }
    }
}

impl From<Due> for ResponseDue {
    fn from(due: Due) -> Self {
        Self { day: due.day.to_string(), late_at: due.late_at().to_seconds(), set_by: due.set_by }
    }
}

impl From<Mark> for EntryMark {
    fn from(mark: Mark) -> Self {
        Self { entry: mark.index, time: mark.time.to_millis() }
    }
}

impl From<&OfferState> for OfferStanding {
    fn from(offer: &OfferState) -> Self {
        Self {
            entry: offer.index,
            domain: offer.domain.to_string(),
            expires: offer.expires.to_string(),
            status: offer.status.into(),
            entries: offer.entries.clone(),
            changes_at: time(offer.changes_at),
        }
    }
}
