//! The ledger looks at domains: from when, and again every day. How it looks, `service/domains` knows.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::domains::{DomainParts, Domains, Rechecked};
use super::super::lookup::LookupError;
use super::super::sequencer::Answer;
use super::{Inner, Ledger};
use crate::encoding::time::Moment;
use crate::ledger::Candidate;

/// How often it is looked which domains are due.
const PAUSE: Duration = Duration::from_secs(60);

impl Ledger {
    /// Looks at domains from here on: before claims, and before statements for domains that were seen too long
    /// ago. A second call changes nothing.
    pub fn look_at_domains(&self, parts: DomainParts) {
        let Inner { origin, lookup, clock, .. } = &*self.0;
        self.0
            .domains
            .get_or_init(|| Domains::new(parts, origin.clone(), lookup.clone(), clock.clone()));
    }

    /// Looks at every claimed domain whose moment of the day is after `from` and not after `to`, and logs what
    /// changed. Nothing when the ledger does not look at domains, or has ended. What cannot be logged now is seen again the next
    /// day, and before the domain speaks.
    ///
    /// # Errors
    /// [`LookupError`] when the claims cannot be read.
    pub async fn recheck_domains(
        &self,
        from: Moment,
        to: Moment,
    ) -> Result<Rechecked, LookupError> {
        let Some(domains) = self.0.domains.get().filter(|_| self.end().is_none()) else {
            return Ok(Rechecked::default());
        };
        let (mut rechecked, observations) = domains.recheck(from, to).await?;
        for (domain, observation) in observations {
            match self.log_own(observation).await {
                Ok(()) => rechecked.changed.push(domain),
                Err(why) => {
                    tracing::error!(%domain, why, "what a domain answers now cannot be logged");
                    rechecked.failed.push(domain);
                }
            }
        }
        Ok(rechecked)
    }

    pub(super) async fn log_own(&self, statement: Candidate) -> Result<(), String> {
        let answer = self.queue(Vec::new(), statement).map_err(|error| error.to_string())?;
        match answer.await {
            Ok(Answer::Admitted(..) | Answer::Logged(_)) => Ok(()),
            Ok(Answer::Refused(refusal)) => Err(refusal.to_string()),
            Ok(Answer::ReadOnly(why)) => Err(why),
            Err(_) => Err("the ledger is stopping".to_owned()),
        }
    }

    /// Rechecks domains every minute, each once a day. It ends when the ledger stops.
    pub async fn keep_rechecking_domains(&self) {
        let mut since = self.0.clock.now().ok();
        while !self.0.stopping.load(Ordering::SeqCst) {
            tokio::time::sleep(PAUSE).await;
            let Ok(now) = self.0.clock.now() else { continue };
            if let Err(error) = self.recheck_domains(since.unwrap_or(now), now).await {
                tracing::warn!(%error, "the domains that are due are not looked at");
            }
            since = Some(now);
        }
    }
}
