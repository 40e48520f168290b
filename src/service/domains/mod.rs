//! What the running ledger does about domains (protocol §5, §9): it looks at a domain before a claim, and before a
//! statement for a domain that it saw too long ago, and hands the observation on to be logged in the same batch,
//! before the statement. What it sees, `net` fetches and `ledger::domain_answer` decides; who may speak, the rules
//! decide, from the log alone.

mod looks;
mod observation;
mod recheck;

use std::sync::Arc;
use std::time::Duration;

pub use looks::{LOOK_KEPT, NoLook};
pub use recheck::Rechecked;

use looks::Looks;
use observation::{Logged, candidate};
use recheck::Claimed;

use super::facts::Gatherer;
use super::lookup::{Lookup, LookupError};
use super::publish::PublishError;
use crate::clock::Clock;
use crate::crypto::PrivateKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::ledger::domain_answer::{DomainAnswer, Question, decide};
use crate::ledger::plan::check;
use crate::ledger::rules::Place;
use crate::ledger::{Candidate, Facts, voice, voices};
use crate::net::Sites;
use crate::statement::{Reason, Refusal, SignedBy, Statement, StatementId};
use crate::tlog::Origin;

/// An observation counts for a day; it is renewed so much earlier, so that it still counts when what waits for it
/// is logged.
const RENEWED_BEFORE: Duration = Duration::from_secs(10 * 60);
/// What a caller is told to wait when too many domains are looked at.
const RETRY_BUSY: Duration = Duration::from_secs(2);
/// What a caller is told to wait when no observation can be made.
const RETRY_BROKEN: Duration = Duration::from_secs(10);

/// Gives random bytes for a statement.
pub type Random = Box<dyn Fn() -> Result<[u8; 16], String> + Send + Sync>;

/// What looking at domains needs.
pub struct DomainParts {
    /// Where domains are asked.
    pub sites: Sites,
    /// Signs observations.
    pub operator: PrivateKey,
    /// For the nonces of observations.
    pub random: Random,
    /// How long a look is told to others: [`LOOK_KEPT`].
    pub kept_for: Duration,
}

/// Looks at domains for one ledger.
pub struct Domains {
    origin: Origin,
    lookup: Arc<Lookup>,
    clock: Arc<dyn Clock>,
    operator: PrivateKey,
    random: Random,
    looks: Looks,
    claimed: Claimed,
}

/// Why no observation was made.
#[derive(Debug, thiserror::Error)]
enum NotObserved {
    #[error(transparent)]
    Look(#[from] NoLook),
    #[error("the domain's answer does not count: {0}")]
    Unusable(String),
    #[error(transparent)]
    Lookup(#[from] LookupError),
    #[error("an observation cannot be signed: {0}")]
    Unsigned(String),
}

impl Domains {
    pub(super) fn new(
        parts: DomainParts,
        origin: Origin,
        lookup: Arc<Lookup>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let DomainParts { sites, operator, random, kept_for } = parts;
        let looks = Looks::new(sites, kept_for);
        Self { origin, lookup, clock, operator, random, looks, claimed: Claimed::default() }
    }

    /// The observations that have to be logged right before this submission.
    ///
    /// # Errors
    /// [`PublishError::Refused`] with `domain_check_failed` when a domain that has to be looked at gives no
    /// answer that counts, [`PublishError::Busy`] when too many are looked at.
    pub(super) async fn before(
        &self,
        submitted: &Candidate,
    ) -> Result<Vec<Candidate>, PublishError> {
        let mut observations = Vec::new();
        // Without a clock or an index nothing is admitted, and whoever queues it is told so.
        let Ok(now) = self.clock.now() else { return Ok(observations) };
        for domain in self.to_look_at(submitted, now) {
            let observed = self.observe(&domain, now, true).await;
            observations.extend(observed.map_err(|error| self.unpublished(&domain, &error))?);
        }
        Ok(observations)
    }

    /// A new observation of the domain, if what is logged of it is old or no longer what it answers.
    ///
    /// # Errors
    /// As [`Domains::before`].
    pub(super) async fn renewed(
        &self,
        domain: &Domain,
        now: Moment,
    ) -> Result<Option<Candidate>, PublishError> {
        self.observe(domain, now, true).await.map_err(|error| self.unpublished(domain, &error))
    }

    /// The domains whose answer decides over a submission. A statement that is refused whatever they answer
    /// makes the ledger ask nobody.
    fn to_look_at(&self, submitted: &Candidate, now: Moment) -> Vec<Domain> {
        let (id, statement) = (submitted.signed.id(), submitted.signed.statement());
        if !may_speak_for_a_domain(statement) {
            return Vec::new();
        }
        let Ok(facts) = Gatherer::once(id, statement, &self.lookup) else { return Vec::new() };
        let index = self.lookup.memory().published().map_or(0, |published| published.size());
        let refused = check(submitted, &facts, Place { index, time: now }).err();
        if facts.logged.contains_key(&id)
            || refused.is_some_and(|refusal| refusal.reason < Reason::NotClaimed)
        {
            return Vec::new();
        }
        needed(id, statement, &facts, now)
    }

    /// Looks at a domain. The observation, if its answer is another than the logged one, or if that is to be
    /// renewed and no longer fresh.
    async fn observe(
        &self,
        domain: &Domain,
        now: Moment,
        renew: bool,
    ) -> Result<Option<Candidate>, NotObserved> {
        let answer = self.answer(domain, now).await?;
        let logged = Logged::newest(domain, &self.lookup)?;
        let stands = logged
            .as_ref()
            .is_some_and(|logged| logged.says(&answer) && !(renew && is_old(logged.time, now)));
        if stands {
            return Ok(None);
        }
        let nonce = (self.random)().map_err(NotObserved::Unsigned)?;
        candidate(domain, &answer, &self.origin, &self.operator, nonce, now)
            .map(Some)
            .map_err(|refusal| NotObserved::Unsigned(refusal.to_string()))
    }

    async fn answer(&self, domain: &Domain, now: Moment) -> Result<DomainAnswer, NotObserved> {
        let given = self.looks.look(domain).await?;
        let question = Question { domain, origin: Some(&self.origin), now };
        decide(question, &given).map_err(|unusable| NotObserved::Unusable(unusable.to_string()))
    }

    fn unpublished(&self, domain: &Domain, error: &NotObserved) -> PublishError {
        match error {
            NotObserved::Look(NoLook::Busy) => PublishError::Busy { retry_after: RETRY_BUSY },
            NotObserved::Look(NoLook::Failed(_)) | NotObserved::Unusable(_) => {
                let detail = format!("{domain} was asked for its keys: {error}");
                Refusal::new(Reason::DomainCheckFailed, detail).into()
            }
            NotObserved::Lookup(_) | NotObserved::Unsigned(_) => {
                tracing::error!(%domain, %error, "a domain cannot be observed");
                PublishError::ReadOnly { why: error.to_string(), retry_after: RETRY_BROKEN }
            }
        }
    }
}

fn may_speak_for_a_domain(statement: &Statement) -> bool {
    matches!(
        statement.rules().signed_by,
        SignedBy::Subject(_)
            | SignedBy::NoSubject(_)
            | SignedBy::ListedBy(_)
            | SignedBy::AllParties
    )
}

/// Before a claim the ledger always looks; before anything else when a key that claimed the domain signs, and what
/// the ledger saw is old.
fn needed(id: StatementId, statement: &Statement, facts: &Facts, now: Moment) -> Vec<Domain> {
    let is_claim = matches!(statement.rules().signed_by, SignedBy::ListedBy(_));
    let is_needed = |domain: &&Domain| {
        is_claim
            || facts.voices.get(*domain).is_some_and(|voice| {
                statement.signers().iter().any(|signer| voice.was_claimed_by(signer))
                    && voice.observed().is_none_or(|observed| is_old(observed.time, now))
            })
    };
    voices(id, statement, facts).into_iter().filter(is_needed).cloned().collect()
}

fn is_old(observed: Moment, now: Moment) -> bool {
    observed.plus(voice::OBSERVED_AGO_MAX - RENEWED_BEFORE) < now
}
