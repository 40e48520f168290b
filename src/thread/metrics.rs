//! What the threads of one organization add up to over some days: plain counts, each with what it is a part of
//! and the sentence that defines it (protocol, "Metrics of an organization"). No score is made of them, and no
//! thread is looked at but through its state.

mod figure;
mod times;

use std::time::Duration;

use super::course::{Course, Mark};
use super::state::{
    Asked, BreachState, BreachStatus, CommitmentState, CommitmentStatus, Outcome, SaidBy, Standing,
    State,
};
use super::terms::Terms;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::fields::Debtor;
use figure::Sums;
pub use figure::{Figure, Measure, PERCENT_OF_MIN};

/// Over how many days metrics are given.
pub const PERIODS: [u16; 2] = [90, 365];

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The metrics of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metrics {
    /// The organization.
    pub domain: Domain,
    /// Over how many days of 24 hours.
    pub days: u16,
    /// They end with this moment, the time of a checkpoint's newest entry.
    pub until: Moment,
    /// They begin after this moment.
    pub after: Moment,
    /// The figures, always the same in the same order.
    pub figures: Vec<Figure>,
}

/// Adds up the threads of an organization, in any order.
#[derive(Debug, Clone)]
pub struct Tally {
    domain: Domain,
    days: u16,
    until: Moment,
    after: Moment,
    sums: Sums,
}

impl Tally {
    /// Begins to count over the days that end with that moment.
    pub fn new(domain: Domain, days: u16, until: Moment) -> Self {
        let after = until.minus(DAY * u32::from(days));
        Self { domain, days, until, after, sums: Sums::default() }
    }

    /// Counts a thread, unless the organization is none of its subjects.
    pub fn add(&mut self, course: &Course, terms: &Terms) {
        if !course.subjects().contains(&self.domain) {
            return;
        }
        let state = course.state_at(self.until, terms);
        self.add_agreement(&state);
        let mut matter = false;
        for breach in &state.breaches {
            let asked = breach.asked.iter().find(|asked| asked.domain == self.domain);
            if let Some(asked) = asked.filter(|_| self.is_within(breach.mark.time)) {
                matter = true;
                self.add_breach(breach, asked, state.withdrawn);
            }
        }
        if matter {
            self.sums.matters.add(state.outcome.0);
        }
        for commitment in &state.commitments {
            self.add_commitment(commitment);
        }
        for held in course.held.values() {
            if self.is_within(held.mark.time) {
                self.sums.entries += 1;
                self.sums.withheld += u64::from(held.is_withheld());
            }
        }
    }

    /// The metrics.
    pub fn finish(self) -> Metrics {
        let Self { domain, days, until, after, sums } = self;
        Metrics { domain, days, until, after, figures: sums.figures() }
    }

    fn is_within(&self, moment: Moment) -> bool {
        self.after < moment && moment <= self.until
    }

    fn add_agreement(&mut self, state: &State) {
        self.sums.agreements_ever += 1;
        if !self.is_within(state.agreement.time) {
            return;
        }
        let own = state.subjects.iter().find(|subject| subject.domain == self.domain);
        self.sums.standings.add(own.map_or(Standing::OneSided, |subject| subject.standing));
        self.sums.imported += u64::from(state.imported_from.is_some());
        self.sums.withdrawn += u64::from(state.withdrawn.is_some());
    }

    fn add_breach(&mut self, breach: &BreachState, asked: &Asked, withdrawn: Option<Mark>) {
        let is_late =
            matches!(asked.status, BreachStatus::FirstResponseOverdue | BreachStatus::LongOverdue);
        match asked.first_response {
            Some(response) => {
                let took = response.time.since(breach.mark.time).as_secs();
                let in_time = response.time < asked.first_by.late_at();
                self.sums.first_responses.answered(took, in_time);
            }
            None if is_late => self.sums.first_responses.unanswered(),
            None => {}
        }
        let runs_until = withdrawn.map_or(self.until, |mark| mark.time.min(self.until));
        let is_given = asked.final_response.is_some();
        if is_given || asked.final_by.late_at() <= runs_until {
            self.sums.finals.0 += u64::from(is_given);
            self.sums.finals.1 += 1;
        }
    }

    fn add_commitment(&mut self, commitment: &CommitmentState) {
        let is_own = commitment.by == Debtor::Subject(self.domain.clone());
        let is_due = commitment.late_at().is_some_and(|late| self.is_within(late));
        let waits = matches!(commitment.status, CommitmentStatus::Open | CommitmentStatus::DueSoon);
        // One that waits after its day belongs to a thread whose clock the signers stopped before that.
        if !is_own || !is_due || waits {
            return;
        }
        let in_time = commitment.on_time == Some(true);
        self.sums.commitments.add((commitment.status, in_time));
        let stated = in_time && commitment.said_by == Some(SaidBy::Signers);
        self.sums.in_time_as_signers_state += u64::from(stated);
    }
}

impl Sums {
    fn figures(self) -> Vec<Figure> {
        let agreements = self.standings.all();
        let standing = |standing| self.standings.of(standing);
        let matters = self.matters.all();
        let outcome = |outcome| self.matters.of(outcome);
        let due = self.commitments.all();
        let status = |status| self.commitments.of((status, false));
        let times = &self.first_responses;
        let kept_in_time = self.commitments.of((CommitmentStatus::Kept, true));
        [
            (Measure::Agreements, agreements, self.agreements_ever),
            (Measure::Imported, self.imported, agreements),
            (Measure::OneSided, standing(Standing::OneSided), agreements),
            (Measure::Confirmed, standing(Standing::Confirmed), agreements),
            (Measure::PartlyConfirmed, standing(Standing::Partly), agreements),
            (Measure::Declined, standing(Standing::Declined), agreements),
            (Measure::Withdrawn, self.withdrawn, agreements),
            (Measure::FirstResponse, times.given(), times.all()),
            (Measure::FirstResponseInTime, times.in_time(), times.all()),
            (Measure::FirstResponseMedian, times.rank(50), times.all()),
            (Measure::FirstResponseP90, times.rank(90), times.all()),
            (Measure::FinalResponse, self.finals.0, self.finals.1),
            (Measure::KeptOnTime, kept_in_time, due),
            (Measure::KeptOnTimeBySigners, self.in_time_as_signers_state, due),
            (Measure::KeptLate, status(CommitmentStatus::Kept), due),
            (Measure::PartlyKept, status(CommitmentStatus::Partly), due),
            (Measure::Broken, status(CommitmentStatus::Broken), due),
            (Measure::Overdue, status(CommitmentStatus::Overdue), due),
            (Measure::Resolved, outcome(Outcome::Resolved), matters),
            (Measure::PartlyResolved, outcome(Outcome::Partly), matters),
            (Measure::NotResolved, outcome(Outcome::NotResolved), matters),
            (Measure::Unassessed, outcome(Outcome::Unassessed), matters),
            (Measure::Withheld, self.withheld, self.entries),
        ]
        .map(|(measure, numerator, denominator)| Figure {
            measure,
            numerator,
            denominator,
            seconds: match measure {
                Measure::FirstResponseMedian | Measure::FirstResponseP90 => times.at(numerator),
                _ => None,
            },
        })
        .into()
    }
}
