//! The rows of how a thread stands, one a part of the state. Clear fields that an operator may withhold with their
//! entry, such as reasons, are not repeated here.

use super::{Row, debtor};
use crate::encoding::time::Date;
use crate::http::pages::Visit;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::strings::Message;
use crate::service::{LookupError, View};
use crate::thread::state::{
    Asked, BreachStatus, CommitmentState, CommitmentStatus, OfferState, OfferStatus, Outcome,
    SaidBy, Standing, State, SubjectState,
};

/// Breaches, amendments and offers shown, each, the newest of them: anyone who signed may add thousands.
const NEWEST: usize = 20;

const PLAIN: &str = "";
const STATED: &str = "public";
const LATE: &str = "late";

struct Rows<'a> {
    visit: &'a Visit,
    view: &'a View,
    rows: Vec<Row>,
}

/// The rows of a state, and how many breaches, amendments and offers are left out.
///
/// # Errors
/// [`LookupError`].
pub fn of(visit: &Visit, view: &View, state: &State) -> Result<(Vec<Row>, usize), LookupError> {
    let mut rows = Rows { visit, view, rows: Vec::new() };
    let skip = |count: usize| count.saturating_sub(NEWEST);
    for subject in &state.subjects {
        rows.subject(visit.say("standing-agreement"), subject)?;
    }
    for commitment in &state.commitments {
        rows.commitment(commitment)?;
    }
    let amendments = skip(state.amendments.len());
    for amendment in &state.amendments[amendments..] {
        let label = || visit.say("standing-amendment").with("index", amendment.index);
        amendment.subjects.iter().try_for_each(|subject| rows.subject(label(), subject))?;
    }
    let breaches = skip(state.breaches.len());
    for breach in &state.breaches[breaches..] {
        let label = || visit.say("standing-breach").with("index", breach.mark.index);
        breach.asked.iter().try_for_each(|asked| rows.breach(label(), asked))?;
    }
    rows.outcome(state)?;
    let offers = skip(state.offers.len());
    state.offers[offers..].iter().try_for_each(|offer| rows.offer(offer))?;
    rows.ends(state)?;
    Ok((rows.rows, amendments + breaches + offers))
}

/// What the organizations reply to the claim in an entry, or that they do not, one a row; none where it is no claim
/// about them.
///
/// # Errors
/// [`LookupError`].
pub fn replies(
    visit: &Visit,
    view: &View,
    state: &State,
    claim: u64,
) -> Result<Vec<Row>, LookupError> {
    let mut rows = Rows { visit, view, rows: Vec::new() };
    let label = || visit.say("standing-reply");
    let amendment = state.amendments.iter().find(|amendment| amendment.index == claim);
    let subjects = match amendment {
        Some(amendment) => &amendment.subjects[..],
        None if state.agreement.index == claim => &state.subjects,
        None => &[],
    };
    subjects.iter().try_for_each(|subject| rows.subject(label(), subject))?;
    let breach = state.breaches.iter().find(|breach| breach.mark.index == claim);
    let asked = breach.map_or(&[][..], |breach| &breach.asked);
    asked.iter().try_for_each(|asked| rows.breach(label(), asked))?;
    // The reader is at the claim.
    rows.rows.iter_mut().for_each(|row| row.causes.retain(|cause| cause.index() != claim));
    Ok(rows.rows)
}

impl Rows<'_> {
    fn add(
        &mut self,
        label: Message,
        (class, state): (&'static str, Message),
        note: Option<Message>,
        entries: &[u64],
    ) -> Result<(), LookupError> {
        let mut causes = Vec::with_capacity(entries.len());
        for index in entries {
            let hash = self.view.leaf_hash(*index)?;
            causes.extend(hash.map(|hash| EntryLink::new(*index, &hash)));
        }
        self.rows.push(Row { label, class, state, note, causes });
        Ok(())
    }

    fn dated(&self, id: &'static str, day: Date) -> Message {
        self.visit.say(id).with("day", self.visit.written(&day.to_string()))
    }

    fn subject(&mut self, label: Message, subject: &SubjectState) -> Result<(), LookupError> {
        let (class, id) = match subject.standing {
            Standing::OneSided => (PLAIN, "standing-one-sided"),
            Standing::Confirmed => (STATED, "standing-confirmed"),
            Standing::Partly => (STATED, "standing-partly-confirmed"),
            Standing::Declined => (STATED, "standing-declined"),
        };
        let label = label.with("domain", subject.domain.to_string());
        self.add(label, (class, self.visit.say(id)), None, &subject.entries)
    }

    fn commitment(&mut self, commitment: &CommitmentState) -> Result<(), LookupError> {
        let by = debtor(self.visit, &commitment.by);
        let label = self.visit.say("standing-commitment");
        let label = label.with("number", u64::from(commitment.number)).with("by", by.clone());
        let who = match commitment.said_by {
            Some(SaidBy::Debtor) => "debtor",
            _ => "signers",
        };
        let said = |id| (STATED, self.visit.say(id).with("who", who).with("by", by.clone()));
        let state = match (commitment.status, commitment.due) {
            (CommitmentStatus::Kept, _) => said(match commitment.on_time {
                Some(true) => "standing-kept-on-time",
                Some(false) => "standing-kept-late",
                None => "standing-kept",
            }),
            (CommitmentStatus::Partly, _) => said("standing-partly-kept"),
            (CommitmentStatus::Broken, _) => said("standing-broken"),
            (CommitmentStatus::DueSoon, Some(day)) => (PLAIN, self.dated("standing-due-soon", day)),
            (CommitmentStatus::Overdue, Some(day)) => (LATE, self.dated("standing-overdue", day)),
            (_, Some(day)) => (PLAIN, self.dated("standing-open-until", day)),
            (_, None) => (PLAIN, self.visit.say("standing-open")),
        };
        let contested = commitment.contested_by.map(|index| {
            self.visit.say("standing-contested").with("by", by.clone()).with("index", index)
        });
        let mut entries = commitment.entries.clone();
        entries.extend(commitment.contested_by);
        self.add(label, state, contested, &entries)
    }

    fn breach(&mut self, label: Message, asked: &Asked) -> Result<(), LookupError> {
        let (first, last) = (asked.first_by.day, asked.final_by.day);
        let announced = asked.in_progress_until.map_or(last, |(day, _)| day);
        let state = match asked.status {
            BreachStatus::AwaitingFirstResponse => (PLAIN, self.dated("standing-awaiting", first)),
            BreachStatus::FirstResponseOverdue => {
                (LATE, self.dated("standing-first-overdue", first))
            }
            BreachStatus::LongOverdue => {
                let message = self.dated("standing-long-overdue", first);
                (LATE, message.with("last", self.visit.written(&last.to_string())))
            }
            BreachStatus::Acknowledged => (STATED, self.dated("standing-acknowledged", last)),
            BreachStatus::FinalResponseOverdue => {
                (LATE, self.dated("standing-final-overdue", last))
            }
            BreachStatus::InProgress => (STATED, self.dated("standing-in-progress", announced)),
            BreachStatus::InProgressOverdue => {
                (LATE, self.dated("standing-in-progress-overdue", announced))
            }
            BreachStatus::FinalResponse => (STATED, self.visit.say("standing-final")),
        };
        let outcome = asked.final_response.as_ref().map(|(_, outcome)| {
            let outcome = self.visit.say(format!("token-outcome-{outcome}")).plain();
            self.visit.say("standing-final-outcome").with("outcome", outcome)
        });
        let label = label.with("domain", asked.domain.to_string());
        self.add(label, state, outcome, &asked.entries)
    }

    fn outcome(&mut self, state: &State) -> Result<(), LookupError> {
        let (outcome, entry) = state.outcome;
        let (class, id) = match outcome {
            Outcome::Resolved => (STATED, "standing-resolved"),
            Outcome::Partly => (STATED, "standing-partly-resolved"),
            Outcome::NotResolved => (STATED, "standing-not-resolved"),
            Outcome::Unassessed => (PLAIN, "standing-unassessed"),
        };
        let entries: Vec<u64> = entry.into_iter().collect();
        self.add(self.visit.say("standing-outcome"), (class, self.visit.say(id)), None, &entries)
    }

    fn offer(&mut self, offer: &OfferState) -> Result<(), LookupError> {
        let (class, id) = match offer.status {
            OfferStatus::Live => (PLAIN, "standing-offer-live"),
            OfferStatus::Expired => (PLAIN, "standing-offer-expired"),
            OfferStatus::Accepted => (STATED, "standing-offer-accepted"),
        };
        let label = self.visit.say("standing-offer").with("domain", offer.domain.to_string());
        self.add(label, (class, self.dated(id, offer.expires)), None, &offer.entries)
    }

    fn ends(&mut self, state: &State) -> Result<(), LookupError> {
        let visit = self.visit;
        if let Some(mark) = state.withdrawn {
            let (label, day) = (visit.say("standing-end"), mark.time.date());
            self.add(label, (STATED, self.dated("standing-withdrawn", day)), None, &[mark.index])?;
        }
        if let Some((index, day)) = state.terminated {
            let said = match day {
                Some(day) => self.dated("standing-terminated-on", day),
                None => self.visit.say("standing-terminated"),
            };
            self.add(visit.say("standing-end"), (STATED, said), None, &[index])?;
        }
        Ok(())
    }
}
