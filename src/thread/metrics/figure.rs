//! A figure: a part, what it is a part of, and the sentence that defines both. The sentences are fixed; a
//! stranger recomputes every figure from them and the log.

use std::collections::BTreeMap;

use super::times::Times;
use crate::thread::state::{CommitmentStatus, Outcome, Standing};

/// A figure gets a percentage when it is a part of at least so many: of fewer, one more or less would move it
/// by more than 20, and a number that jumps so much says little.
pub const PERCENT_OF_MIN: u64 = 5;

/// One figure of the metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// What it measures.
    pub measure: Measure,
    /// How many.
    pub numerator: u64,
    /// Of how many.
    pub denominator: u64,
    /// Of a time: how many whole seconds it took at that place. None where no response is recorded there.
    pub seconds: Option<u64>,
}

impl Figure {
    /// The part in whole percent, halves rounded up; none below [`PERCENT_OF_MIN`] and where it is no share.
    pub fn percent(&self) -> Option<u64> {
        let is_share = !matches!(
            self.measure,
            Measure::Agreements | Measure::FirstResponseMedian | Measure::FirstResponseP90
        );
        let enough = self.denominator >= PERCENT_OF_MIN;
        (is_share && enough)
            .then(|| (200 * self.numerator + self.denominator) / (2 * self.denominator))
    }
}

/// Declares what is measured: its name, and the sentence that defines it.
macro_rules! measures {
    ($($(#[doc = $doc:literal])+ $measure:ident = $name:literal, $formula:literal;)+) => {
        /// What a figure measures.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Measure {
            $($(#[doc = $doc])+ $measure),+
        }

        impl Measure {
            /// All of them, in the order of the metrics.
            pub const ALL: &[Self] = &[$(Self::$measure),+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$measure => $name),+ }
            }

            /// The sentence that defines it.
            pub const fn formula(self) -> &'static str {
                match self { $(Self::$measure => $formula),+ }
            }
        }
    };
}

measures! {
    /// Agreements that name it.
    Agreements = "agreements", "Agreements that name the organization and were logged in the period, of all that were ever logged.";
    /// Agreements that somebody who is no party imported.
    Imported = "imported", "Agreements of the period that were imported by somebody who is no party, of the agreements of the period.";
    /// Agreements it gave no verdict on.
    OneSided = "one_sided", "Agreements of the period on which the organization gave no verdict, of the agreements of the period.";
    /// Agreements it confirmed.
    Confirmed = "confirmed", "Agreements of the period that the organization confirmed, of the agreements of the period.";
    /// Agreements it confirmed in part.
    PartlyConfirmed = "partly_confirmed", "Agreements of the period that the organization confirmed in part, of the agreements of the period.";
    /// Agreements it declined.
    Declined = "declined", "Agreements of the period that the organization declined, of the agreements of the period.";
    /// Agreements whose signers withdrew.
    Withdrawn = "withdrawn", "Agreements of the period whose signers withdrew, of the agreements of the period.";
    /// Breaches it responded to.
    FirstResponse = "first_response", "Breaches of the period with a response by the organization, of those that have one or whose first response is overdue.";
    /// Breaches it responded to in time.
    FirstResponseInTime = "first_response_in_time", "Breaches of the period whose first response came before it was late, of those that have a response or whose first response is overdue.";
    /// The median time to a first response.
    FirstResponseMedian = "first_response_median", "Time from breach to first response, by nearest rank at 50 of 100, over breaches of the period that have a response or whose first response is overdue; without a response counts as longest.";
    /// The time to a first response that 9 of 10 keep within.
    FirstResponseP90 = "first_response_p90", "Time from breach to first response, by nearest rank at 90 of 100, over breaches of the period that have a response or whose first response is overdue; without a response counts as longest.";
    /// Breaches with a final response.
    FinalResponse = "final_response", "Breaches of the period with a final response by the organization, of those that have one or whose last day for it is over, whatever later day was announced.";
    /// Commitments kept in time.
    KeptOnTime = "kept_on_time", "Commitments of the organization that became due in the period and were kept by their last day, of all that became due in the period.";
    /// Commitments that the signers state were kept in time.
    KeptOnTimeBySigners = "kept_on_time_by_signers", "Commitments of the organization that became due in the period and that the agreement's signers state were kept by their last day, of all that became due in the period.";
    /// Commitments kept after their day.
    KeptLate = "kept_late", "Commitments of the organization that became due in the period and were kept after their last day, of all that became due in the period.";
    /// Commitments kept in part.
    PartlyKept = "partly_kept", "Commitments of the organization that became due in the period and were kept in part, of all that became due in the period.";
    /// Commitments not kept.
    Broken = "broken", "Commitments of the organization that became due in the period and that the signers state were not kept, of all that became due in the period.";
    /// Commitments nothing was stated of.
    Overdue = "overdue", "Commitments of the organization that became due in the period and of which nothing is stated, of all that became due in the period.";
    /// Matters resolved.
    Resolved = "resolved", "Threads with a breach of the period that the organization is to answer and that the signers assess as resolved, of all threads with such a breach.";
    /// Matters resolved in part.
    PartlyResolved = "partly_resolved", "Threads with a breach of the period that the organization is to answer and that the signers assess as partly resolved, of all threads with such a breach.";
    /// Matters not resolved.
    NotResolved = "not_resolved", "Threads with a breach of the period that the organization is to answer and that the signers assess as not resolved, of all threads with such a breach.";
    /// Matters that nobody assessed.
    Unassessed = "unassessed", "Threads with a breach of the period that the organization is to answer and that the signers did not assess, of all threads with such a breach.";
    /// Entries of which the operator holds something back.
    Withheld = "withheld", "Entries of the period in the organization's threads of which the operator withholds or erased something, of all entries of the period in them.";
}

/// How often each of some things was seen.
#[derive(Debug, Clone)]
pub(super) struct Counts<T>(BTreeMap<T, u64>);

impl<T> Default for Counts<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Ord> Counts<T> {
    /// Sees one.
    pub(super) fn add(&mut self, thing: T) {
        *self.0.entry(thing).or_default() += 1;
    }

    /// How often that one was seen.
    pub(super) fn of(&self, thing: T) -> u64 {
        self.0.get(&thing).copied().unwrap_or_default()
    }

    /// How many were seen.
    pub(super) fn all(&self) -> u64 {
        self.0.values().sum()
    }
}

/// What is counted on the way.
#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    pub(super) agreements_ever: u64,
    pub(super) standings: Counts<Standing>,
    pub(super) imported: u64,
    pub(super) withdrawn: u64,
    pub(super) first_responses: Times,
    /// Final responses given, and given or over.
    pub(super) finals: (u64, u64),
    /// Commitments that became due, and whether they were kept in time.
    pub(super) commitments: Counts<(CommitmentStatus, bool)>,
    pub(super) in_time_as_signers_state: u64,
    pub(super) matters: Counts<Outcome>,
    pub(super) entries: u64,
    pub(super) withheld: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_fewer_than_five_there_is_no_percentage() {
        let percent = |measure, numerator, denominator| {
            Figure { measure, numerator, denominator, seconds: None }.percent()
        };
        assert_eq!(percent(Measure::OneSided, 4, 4), None);
        assert_eq!(percent(Measure::OneSided, 1, 5), Some(20));
        assert_eq!(percent(Measure::OneSided, 1, 8), Some(13));
        assert_eq!(percent(Measure::Agreements, 9, 9), None);
    }

    #[test]
    fn every_measure_has_a_name_of_its_own() {
        let mut names: Vec<_> = Measure::ALL.iter().map(|measure| measure.name()).collect();
        names.sort_unstable();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }
}
