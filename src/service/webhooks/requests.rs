//! What organizations ask for (protocol §11): to register, to be delivered to again, to see how deliveries went, to
//! stop. What is asked for is durable before it is answered.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::record::{Attempt, Progress, Record, Stopped};
use super::{Webhooks, lock};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::service::lookup::LookupError;
use crate::service::publish::PublishError;
use crate::statement::{Reason, Refusal};
use crate::store::StoreError;
use crate::webhook::{Action, Request, Secret, public_key_text};

/// How a webhook is.
#[derive(Clone)]
pub struct WebhookView {
    /// The organization.
    pub domain: Domain,
    /// Where its entries are delivered to; nowhere when none is registered.
    pub endpoint: Option<String>,
    /// The secret, only in the answer to its registration.
    pub secret: Option<Zeroizing<String>>,
    /// The key that `v1a` signatures verify with.
    pub public_key: String,
    /// Entries before it are delivered, or not to be.
    pub next_index: u64,
    /// When the next attempt is, after one that failed; in milliseconds since 1970.
    pub next_at: Option<i64>,
    /// Why nothing is delivered any more.
    pub stopped: Option<Stopped>,
    /// The last attempts, newest first.
    pub attempts: Vec<Attempt>,
}

/// Why a request was not done. Nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WebhookError {
    /// A rule is broken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// This ledger delivers nothing.
    #[error("this ledger delivers to no endpoints")]
    NotOffered,
    /// It could not be found out whether the key speaks for the domain.
    #[error(transparent)]
    NotObserved(#[from] PublishError),
    /// The ledger could not be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// It could not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no randomness for a secret, or the work did not end.
    #[error("the request could not be worked on: {0}")]
    Failed(String),
}

impl Webhooks {
    /// Does what was asked for by a key that speaks for the domain. Another request about the same domain waits.
    pub(in crate::service) fn answer(
        self: &Arc<Self>,
        request: &Request,
    ) -> Result<WebhookView, WebhookError> {
        if request.action == Action::Status {
            let channel = self.channel(&request.domain);
            let record = channel.map(|channel| lock(&channel.state).record.clone());
            return Ok(self.view(&request.domain, &record.unwrap_or_default()));
        }
        let _asking = lock(&self.asking);
        let channel = self.channel(&request.domain);
        let before = channel.as_ref().map(|channel| lock(&channel.state).record.clone());
        let (record, secret) = self.changed(request, before.unwrap_or_default())?;
        match channel {
            None => {
                self.parts.endpoints.put(&request.domain, &record.to_bytes())?;
                self.open(request.domain.clone(), record.clone());
            }
            Some(channel) => {
                // Held while it is written, so that what is under way does not write the record from before over it.
                let mut state = lock(&channel.state);
                self.parts.endpoints.put(&request.domain, &record.to_bytes())?;
                state.record = record.clone();
                state.generation += 1;
                state.unsaved = 0;
                drop(state);
                channel.changed.send_replace(());
            }
        }
        let mut view = self.view(&request.domain, &record);
        view.secret = secret.map(|secret| secret.to_text());
        Ok(view)
    }

    /// How far the delivery of an entry of the domain's chain is.
    pub(in crate::service) fn progress(&self, domain: &Domain, index: u64) -> Progress {
        let channel = self.channel(domain);
        channel
            .map_or(Progress::NotRegistered, |channel| lock(&channel.state).record.progress(index))
    }

    fn changed(
        &self,
        request: &Request,
        before: Record,
    ) -> Result<(Record, Option<Secret>), WebhookError> {
        if request.signed_at.as_millis() <= before.changed_at {
            let detail = "signed_at is not after that of the last request that changed something: it was sent \
                          before, or another one overtook it. Sign it anew.";
            return Err(Refusal::new(Reason::BadField, detail).into());
        }
        let (mut record, secret) = match &request.action {
            Action::Register { endpoint, from } => {
                let random = (self.parts.random)().map_err(WebhookError::Failed)?;
                let secret = Secret::from_bytes(random);
                let goes_on = before.endpoint().map(|_| before.position);
                let position = self.existing(*from)?.or(goes_on).unwrap_or_else(|| self.size());
                let mut record = Record::new(endpoint, &secret, position);
                if before.endpoint().is_some() {
                    record.delivers_from = before.delivered_without_a_gap_to(position);
                }
                (record, Some(secret))
            }
            Action::Replay { from } => {
                if before.endpoint().is_none() {
                    let detail = format!("No endpoint is registered for {}.", request.domain);
                    return Err(Refusal::new(Reason::Conflict, detail).into());
                }
                let mut record = before;
                record.replay_from(self.existing(Some(*from))?.unwrap_or_default());
                (record, None)
            }
            Action::Delete | Action::Status => (Record::default(), None),
        };
        record.changed_at = request.signed_at.as_millis();
        Ok((record, secret))
    }

    fn size(&self) -> u64 {
        self.lookup.memory().published().map_or(0, |published| published.size())
    }

    fn existing(&self, from: Option<u64>) -> Result<Option<u64>, Refusal> {
        let size = self.size();
        match from {
            Some(from) if from > size => {
                let detail = format!("from is {from}, and the ledger has {size} entries.");
                Err(Refusal::new(Reason::BadField, detail))
            }
            from => Ok(from),
        }
    }

    fn view(&self, domain: &Domain, record: &Record) -> WebhookView {
        WebhookView {
            domain: domain.clone(),
            endpoint: record.endpoint().map(str::to_owned),
            secret: None,
            public_key: public_key_text(&self.parts.key.public_key()),
            next_index: record.position,
            next_at: record.next_at,
            stopped: record.stopped,
            attempts: record.attempts.iter().cloned().collect(),
        }
    }
}

impl Attempt {
    /// When it was.
    pub fn time(&self) -> Moment {
        Moment::from_millis(self.at).unwrap_or(Moment::EPOCH)
    }
}
