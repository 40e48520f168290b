//! In how many days an organization is to answer: what it claimed itself, else what the ledger's policy says
//! (protocol, "State of a thread"). Not whether it did.

use std::collections::BTreeMap;

use crate::encoding::domain::Domain;
use crate::encoding::time::{Date, Moment};
use crate::statement::Statement;

/// The policies of a ledger and the claims of organizations, as far as they matter to some threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    first_policy: Days,
    later_policies: Vec<Days>,
    claims: BTreeMap<Domain, Vec<Days>>,
}

/// What one entry says of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    index: u64,
    response: Option<u16>,
    last: Option<u16>,
}

impl Days {
    fn of(index: u64, statement: &Statement) -> Self {
        let days =
            |name| statement.fields().integer(name).and_then(|days| u16::try_from(days).ok());
        Self { index, response: days("response_days"), last: days("final_days") }
    }
}

/// The last day of an answer, and the entry that sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The day.
    pub day: Date,
    /// The claim or policy that says in how many days.
    pub set_by: u64,
}

impl Due {
    /// From when on the answer is late.
    pub fn late_at(&self) -> Moment {
        self.day.over_everywhere()
    }
}

impl Terms {
    /// Those of a ledger whose entry 0 is that policy; nothing where it is none.
    pub fn new(policy: &Statement) -> Option<Self> {
        let first_policy = Days::of(0, policy);
        let is_policy = policy.kind().name == "policy";
        is_policy.then(|| Self {
            first_policy,
            later_policies: Vec::new(),
            claims: BTreeMap::new(),
        })
    }

    /// Takes in a claim or policy; another statement changes nothing, and neither does one that was taken in.
    /// The order does not matter.
    pub fn add(&mut self, index: u64, statement: &Statement) {
        let days = Days::of(index, statement);
        let list = match (statement.kind().name, statement.fields().domain("domain")) {
            ("policy", _) if index > 0 => &mut self.later_policies,
            ("claim", Some(domain)) => self.claims.entry(domain.clone()).or_default(),
            _ => return,
        };
        if let Err(place) = list.binary_search_by_key(&index, |days| days.index) {
            list.insert(place, days);
        }
    }

    /// Takes in the claims that are known elsewhere on the same ledger.
    pub(super) fn take_claims(&mut self, other: &Self) {
        for (domain, claims) in &other.claims {
            let own = self.claims.entry(domain.clone()).or_default();
            own.extend(claims);
            own.sort_unstable_by_key(|days| days.index);
            own.dedup();
        }
    }

    /// Until when the organization is to give its first and its final response to an entry.
    pub(super) fn of(&self, domain: &Domain, index: u64, time: Moment) -> (Due, Due) {
        let policy = newest_before(&self.later_policies, index).unwrap_or(&self.first_policy);
        let claim = self.claims.get(domain).and_then(|claims| newest_before(claims, index));
        let due = |days: fn(&Days) -> Option<u16>| {
            let own = claim.and_then(|claim| Some((days(claim)?, claim.index)));
            let (days, set_by) = own.unwrap_or((days(policy).unwrap_or_default(), policy.index));
            Due { day: time.date().plus_days(days), set_by }
        };
        (due(|days| days.response), due(|days| days.last))
    }
}

fn newest_before(list: &[Days], index: u64) -> Option<&Days> {
    list.iter().rev().find(|days| days.index < index)
}
