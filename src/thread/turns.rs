//! What the clock alone changes in a thread, moment after moment (protocol, "State of a thread"). Each follows from
//! two states with the same entries. Not who is told of it.

use super::course::Mark;
use super::state::{BreachStatus, CommitmentStatus, OfferStatus, State};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::StatementId;

/// What the clock changed in a thread at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The thread.
    pub thread: StatementId,
    /// Its agreement.
    pub agreement: Mark,
    /// The organizations in it, ascending.
    pub subjects: Vec<Domain>,
    /// When.
    pub at: Moment,
    /// The commitments that changed, by their numbers in the list in force, and how they stand from then on.
    pub commitments: Vec<(u8, CommitmentStatus)>,
    /// The breaches whose answer changed, by the entry and who is to answer it.
    pub breaches: Vec<(u64, Domain, BreachStatus)>,
    /// The offers that changed, by their entries.
    pub offers: Vec<(u64, OfferStatus)>,
}

impl Turn {
    /// What differs between two states of the same entries.
    fn between(before: &State, after: &State, at: Moment) -> Self {
        let answers = |state: &State| -> Vec<(u64, Domain, BreachStatus)> {
            let answers = state.breaches.iter().flat_map(|breach| {
                let index = breach.mark.index;
                breach.asked.iter().map(move |asked| (index, asked.domain.clone(), asked.status))
            });
            answers.collect()
        };
        let commitments = |state: &State| -> Vec<_> {
            state.commitments.iter().map(|one| (one.number, one.status)).collect()
        };
        let offers = |state: &State| -> Vec<_> {
            state.offers.iter().map(|offer| (offer.index, offer.status)).collect()
        };
        Self {
            thread: after.id,
            agreement: after.agreement,
            subjects: after.subjects.iter().map(|subject| subject.domain.clone()).collect(),
            at,
            commitments: changed(&commitments(before), commitments(after)),
            breaches: changed(&answers(before), answers(after)),
            offers: changed(&offers(before), offers(after)),
        }
    }
}

fn changed<T: PartialEq>(before: &[T], after: Vec<T>) -> Vec<T> {
    after.into_iter().filter(|part| !before.contains(part)).collect()
}

/// Everything the clock changes after one moment and until another, that one included, in its order.
pub(super) fn turns(state_at: impl Fn(Moment) -> State, after: Moment, until: Moment) -> Vec<Turn> {
    let (mut turns, mut before) = (Vec::new(), state_at(after));
    while let Some(at) = before.next_change.filter(|at| *at <= until) {
        let state = state_at(at);
        turns.push(Turn::between(&before, &state, at));
        before = state;
    }
    turns
}
