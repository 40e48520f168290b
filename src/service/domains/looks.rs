//! Looks at domains, shared: whoever asks about a domain that is being looked at waits for that look, and whoever
//! asks right after it is told the same. So a domain is asked at most once in ten seconds, however many statements
//! name it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OnceCell, Semaphore};

use crate::clock;
use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::Given;
use crate::net::{LookError, Sites, look};

/// How long what was seen, or that nothing could be seen, is told to others. Whoever corrects something tries
/// again in a moment.
pub const LOOK_KEPT: Duration = Duration::from_secs(10);
/// Domains that are looked at at once. Each look ends in five seconds, so that six a second are looked at even
/// where all of them are silent.
const AT_ONCE: usize = 32;
/// How long a look waits for its turn.
const TURN_TIME: Duration = Duration::from_secs(5);

/// Why there is nothing to go by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoLook {
    /// Too many domains are being looked at.
    #[error("too many domains are being asked at the moment")]
    Busy,
    /// The domain could not be asked.
    #[error(transparent)]
    Failed(#[from] LookError),
}

type Seen = Arc<OnceCell<(Instant, Result<Given, LookError>)>>;

pub(super) struct Looks {
    sites: Sites,
    kept_for: Duration,
    kept: Mutex<HashMap<Domain, Seen>>,
    turns: Semaphore,
}

impl Looks {
    pub(super) fn new(sites: Sites, kept_for: Duration) -> Self {
        Self { sites, kept_for, kept: Mutex::default(), turns: Semaphore::new(AT_ONCE) }
    }

    /// What the domain gives.
    pub(super) async fn look(&self, domain: &Domain) -> Result<Given, NoLook> {
        let seen = self.seen(domain);
        let (_, given) = seen.get_or_try_init(|| self.look_now(domain)).await?;
        given.clone().map_err(NoLook::Failed)
    }

    async fn look_now(
        &self,
        domain: &Domain,
    ) -> Result<(Instant, Result<Given, LookError>), NoLook> {
        let turn = tokio::time::timeout(TURN_TIME, self.turns.acquire()).await;
        let Ok(Ok(_turn)) = turn else { return Err(NoLook::Busy) };
        let given = look(&self.sites, domain, clock::instant()).await.given();
        let outcome = if given.is_ok() { "answered" } else { "failed" };
        metrics::counter!("onrecord_domain_looks_total", "outcome" => outcome).increment(1);
        Ok((clock::instant(), given))
    }

    /// The look that is under way or was just made; a new one where there is none.
    fn seen(&self, domain: &Domain) -> Seen {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // What nobody waits for and nobody finished was given up.
        kept.retain(|_, seen| match seen.get() {
            Some((at, _)) => at.elapsed() < self.kept_for,
            None => Arc::strong_count(seen) > 1,
        });
        kept.entry(domain.clone()).or_default().clone()
    }
}
