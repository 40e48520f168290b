//! The state of a thread at a moment: what its entries and the clock together come to (protocol, "State of a
//! thread"). Everything here names the entries that caused it, and when the clock alone will change it. It says
//! what was stated, never what is true.

mod breach;
mod commitment;
mod offer;
mod standing;

pub use breach::{Asked, BreachState, BreachStatus};
pub use commitment::{CommitmentState, CommitmentStatus, DUE_SOON, SaidBy};
pub use offer::{OfferState, OfferStatus};
pub use standing::{AmendmentState, Outcome, Standing, SubjectState};

use super::course::{Course, Mark};
use super::terms::Terms;
use super::timeline::Now;
use crate::encoding::domain::Domain;
use crate::encoding::time::{Date, Moment};
use crate::statement::StatementId;

/// How a thread stands.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The id of its agreement.
    pub id: StatementId,
    /// The agreement.
    pub agreement: Mark,
    /// Where it was imported from: then its signer is no party.
    pub imported_from: Option<Domain>,
    /// Its organizations, ascending, and how each stands to the agreement.
    pub subjects: Vec<SubjectState>,
    /// The entry that brought the list in force.
    pub list: u64,
    /// The commitments of the list in force, in order.
    pub commitments: Vec<CommitmentState>,
    /// Every amendment, and what subjects said of it.
    pub amendments: Vec<AmendmentState>,
    /// Every breach, and how it is answered.
    pub breaches: Vec<BreachState>,
    /// Whether the signers see the matter as resolved, and the assessment that says so.
    pub outcome: (Outcome, Option<u64>),
    /// Every offer.
    pub offers: Vec<OfferState>,
    /// When the signers withdrew, which stopped the clocks of commitments and breaches.
    pub withdrawn: Option<Mark>,
    /// Who ended it and with which day: the entry, and the day.
    pub terminated: Option<(u64, Option<Date>)>,
    /// When the clock alone changes any of this next. Until then it stands as it is, unless an entry changes it.
    pub next_change: Option<Moment>,
}

impl Course {
    /// The state at that moment, which is not before the newest entry that was applied.
    pub fn state_at(&self, moment: Moment, terms: &Terms) -> State {
        let now = Now { moment, stopped: self.withdrawn.map(|mark| mark.time) };
        let commitments: Vec<_> = commitment::states(self, now);
        let breaches: Vec<_> = breach::states(self, terms, now);
        let offers: Vec<_> = offer::states(self, now);
        let asked = breaches.iter().flat_map(|breach| &breach.asked);
        let changes = commitments.iter().map(|commitment| commitment.changes_at);
        let changes = changes.chain(asked.map(|asked| asked.changes_at));
        let changes = changes.chain(offers.iter().map(|offer| offer.changes_at));
        State {
            id: self.id,
            agreement: self.agreement,
            imported_from: self.imported_from.clone(),
            subjects: standing::subjects(self),
            list: self.list,
            amendments: standing::amendments(self),
            outcome: standing::outcome(self),
            withdrawn: self.withdrawn,
            terminated: self.terminated,
            next_change: changes.flatten().min(),
            commitments,
            breaches,
            offers,
        }
    }
}
