//! The ledger delivers to webhooks: from when, and what organizations ask of it. How it delivers, `service/webhooks`
//! knows.

use super::super::facts::voice_of;
use super::super::webhooks::{Progress, WebhookError, WebhookParts, WebhookView, Webhooks};
use super::{Inner, Ledger, read_only};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::ledger::voice::Silent;
use crate::statement::{Envelope, Reason, Refusal};
use crate::store::StoreError;
use crate::webhook::Request;

impl Ledger {
    /// Delivers from here on, beginning where deliveries ended. A second call changes nothing.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be read who gets what.
    pub fn deliver_to_webhooks(&self, parts: WebhookParts) -> Result<(), StoreError> {
        let Inner { origin, lookup, clock, webhooks, .. } = &*self.0;
        if webhooks.get().is_none() {
            let started = Webhooks::start(parts, origin.clone(), lookup.clone(), clock.clone())?;
            webhooks.get_or_init(|| started);
        }
        Ok(())
    }

    /// Does what an organization asks by an envelope signed with a key that speaks for its domain. Whether the domain
    /// still lists the key is looked at when it was seen too long ago.
    ///
    /// # Errors
    /// [`WebhookError`]; nothing was changed.
    pub async fn ask_webhook(
        &self,
        domain: &Domain,
        envelope: &Envelope,
    ) -> Result<WebhookView, WebhookError> {
        let webhooks = self.0.webhooks.get().ok_or(WebhookError::NotOffered)?.clone();
        let now = self.0.clock.now().map_err(|jumped| read_only(jumped.to_string()))?;
        let request = Request::read(envelope, self.0.origin.as_str(), domain, now)?;
        self.require_voice(&request, now).await?;
        let answer = tokio::task::spawn_blocking({
            let handle = tokio::runtime::Handle::current();
            move || {
                let _inside = handle.enter();
                webhooks.answer(&request)
            }
        });
        answer.await.map_err(|error| WebhookError::Failed(error.to_string()))?
    }

    /// How far the delivery of an entry to an organization that it is about is. Where to is nobody else's business.
    pub fn delivery(&self, domain: &Domain, index: u64) -> Progress {
        let webhooks = self.0.webhooks.get();
        webhooks.map_or(Progress::NotRegistered, |webhooks| webhooks.progress(domain, index))
    }

    async fn require_voice(&self, request: &Request, now: Moment) -> Result<(), WebhookError> {
        let Request { domain, signer, .. } = request;
        let voice = voice_of(domain, &self.0.lookup)?;
        let mut speaks = voice.speaks(signer, now);
        if speaks == Err(Silent::Stale)
            && voice.was_claimed_by(signer)
            && let Some(domains) = self.0.domains.get()
        {
            if let Some(observation) = domains.renewed(domain, now).await? {
                self.log_own(observation).await.map_err(read_only)?;
            }
            speaks = voice_of(domain, &self.0.lookup)?.speaks(signer, self.now());
        }
        speaks.map_err(|silent| {
            let detail = format!("The key does not speak for {domain}: {silent}.");
            Refusal::new(Reason::NotClaimed, detail).into()
        })
    }
}
