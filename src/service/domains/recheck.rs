//! The daily look at every domain that was ever claimed. Each domain has its own moment of the day, drawn from its
//! name and the ledger's, so that a ledger with many asks them one after the other, and asks nobody more because it
//! was started again. A moment that falls into a standstill is left out: before the domain speaks, it is looked at
//! in any case.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use futures_util::future::join_all;

use super::observation::Logged;
use super::{Domains, NotObserved};
use crate::crypto::sha256_of;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::ledger::Candidate;
use crate::service::lookup::{Lookup, LookupError};
use crate::statement::Effect;
use crate::store::List;
use crate::tlog::Origin;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;
/// Claims that are read at once.
const PAGE: usize = 256;
/// Domains that are asked at once, so that most turns are left to statements that wait.
const AT_ONCE: usize = 4;

/// What came of looking at the domains that were due.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rechecked {
    /// Domains that answer what is logged.
    pub unchanged: Vec<Domain>,
    /// Domains that answer something else, which was logged.
    pub changed: Vec<Domain>,
    /// Domains that gave no answer that counts, of which nothing is logged.
    pub failed: Vec<Domain>,
}

/// Every domain that was ever claimed, as far as the claims were read.
#[derive(Default)]
pub(super) struct Claimed(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Claims before this entry were read.
    read: u64,
    domains: HashSet<Domain>,
}

impl Claimed {
    /// Those whose moment is after `from` and not after `to`.
    fn due(
        &self,
        origin: &Origin,
        lookup: &Lookup,
        from: Moment,
        to: Moment,
    ) -> Result<Vec<Domain>, LookupError> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.read_on(lookup)?;
        let due = known.domains.iter().filter(|domain| is_due(origin, domain, from, to));
        let mut due: Vec<Domain> = due.cloned().collect();
        due.sort();
        Ok(due)
    }
}

impl Known {
    fn read_on(&mut self, lookup: &Lookup) -> Result<(), LookupError> {
        let mut before = u64::MAX;
        let mut newest = None;
        loop {
            let page = lookup.listed(&List::claims(), before, PAGE)?;
            newest = newest.or(page.first().copied());
            for index in page.iter().take_while(|index| **index >= self.read) {
                if let Effect::Claims(domain) = lookup.statement(*index)?.rules().effect {
                    self.domains.insert(domain.clone());
                }
            }
            match page.last() {
                Some(oldest) if page.len() == PAGE && *oldest >= self.read => before = *oldest,
                _ => break,
            }
        }
        self.read = newest.map_or(self.read, |newest| newest + 1);
        Ok(())
    }
}

impl Domains {
    /// Looks at the domains whose moment is after `from` and not after `to`. The observations to log.
    pub(in crate::service) async fn recheck(
        &self,
        from: Moment,
        to: Moment,
    ) -> Result<(Rechecked, Vec<(Domain, Candidate)>), LookupError> {
        let due = self.claimed.due(&self.origin, &self.lookup, from, to)?;
        let mut rechecked = Rechecked::default();
        let mut observations = Vec::new();
        let Ok(now) = self.clock.now() else { return Ok((rechecked, observations)) };
        for some in due.chunks(AT_ONCE) {
            let looks = some.iter().map(|domain| self.observe(domain, now, false));
            for (domain, observed) in some.iter().zip(join_all(looks).await) {
                match observed {
                    Ok(None) => rechecked.unchanged.push(domain.clone()),
                    Ok(Some(observation)) => {
                        self.trace_drift(domain, &observation);
                        observations.push((domain.clone(), observation));
                    }
                    Err(error) => {
                        trace_failure(domain, &error);
                        rechecked.failed.push(domain.clone());
                    }
                }
            }
        }
        Ok((rechecked, observations))
    }

    fn trace_drift(&self, domain: &Domain, observation: &Candidate) {
        let before = Logged::newest(domain, &self.lookup).ok().flatten();
        let before: &[_] = before.as_ref().map_or(&[], Logged::keys);
        let now = observation.signed.statement().fields().keys("keys");
        let gone = before.iter().filter(|key| !now.contains(key)).count();
        let new = now.iter().filter(|key| !before.contains(key)).count();
        tracing::warn!(%domain, gone, new, "a domain answers something else than before; it is logged");
    }
}

fn trace_failure(domain: &Domain, error: &NotObserved) {
    tracing::warn!(%domain, %error, "a domain gave no answer that counts; nothing is logged");
}

/// Whether the domain's moment of the day falls between the two.
fn is_due(origin: &Origin, domain: &Domain, from: Moment, to: Moment) -> bool {
    let digest =
        sha256_of(&[b"recheck\0", origin.as_str().as_bytes(), b"\0", domain.as_str().as_bytes()]);
    let (eight, _) = digest.as_bytes().as_chunks::<8>();
    let moment = (u64::from_be_bytes(eight[0]) % DAY_MILLIS as u64) as i64;
    let days_since = |at: Moment| (at.as_millis() - moment).div_euclid(DAY_MILLIS);
    days_since(from) < days_since(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_domain_is_due_once_a_day_and_they_are_spread_over_it() {
        let origin: Origin = "ledger.example".parse().unwrap();
        let start = Moment::parse_seconds("2026-11-20T12:34:56Z").unwrap();
        let hour = std::time::Duration::from_secs(60 * 60);
        let mut busiest = 0;
        let mut times = vec![0; 500];
        for n in 0..24 {
            let from = start.plus(hour * n);
            let due = |number: &usize| {
                let domain = Domain::parse(&format!("a{number}.example")).unwrap();
                is_due(&origin, &domain, from, from.plus(hour))
            };
            let due: Vec<usize> = (0..500).filter(due).collect();
            busiest = busiest.max(due.len());
            due.into_iter().for_each(|number| times[number] += 1);
        }
        assert_eq!(times, [1; 500]);
        assert!(busiest < 50, "{busiest} of 500 in one hour");
    }

    #[test]
    fn nobody_is_due_because_no_time_passed() {
        let origin: Origin = "ledger.example".parse().unwrap();
        let now = Moment::parse_seconds("2026-11-20T12:34:56Z").unwrap();
        let domain = Domain::parse("acme.example").unwrap();
        assert!(!is_due(&origin, &domain, now, now));
    }
}
