//! Entries are delivered to the organizations they are about (protocol §11). Each organization has one endpoint, and
//! gets its entries in the order of the ledger, one after the other: what fails holds up what follows until it is
//! taken or given up. Delivery follows publishing and never holds it up. Not who may ask for it in HTTP's terms.

mod delivering;
mod record;
mod requests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::task::AbortHandle;

pub use record::{Attempt, AttemptResult, Progress, Stopped};
pub use requests::{WebhookError, WebhookView};

use record::Record;

use super::lookup::Lookup;
use crate::clock::Clock;
use crate::crypto::PrivateKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::net::Sites;
use crate::store::{Endpoints, StoreError};
use crate::tlog::Origin;

/// Deliveries under way at once.
const AT_ONCE: usize = 16;

/// Gives random bytes for a secret, or for the length of a pause.
pub type Random = Box<dyn Fn() -> Result<[u8; 32], String> + Send + Sync>;

/// What delivering needs.
pub struct WebhookParts {
    /// Where it is kept who gets what.
    pub endpoints: Box<dyn Endpoints>,
    /// Where endpoints are reached.
    pub sites: Sites,
    /// Signs deliveries, and nothing else.
    pub key: PrivateKey,
    /// For secrets.
    pub random: Random,
    /// Where the ledger is on the web, without a slash at its end.
    pub public_url: String,
    /// The pause before each attempt: [`crate::webhook::SCHEDULE`].
    pub schedule: Vec<Duration>,
}

/// Delivers entries for one ledger.
pub struct Webhooks {
    parts: WebhookParts,
    origin: Origin,
    lookup: Arc<Lookup>,
    clock: Arc<dyn Clock>,
    channels: Mutex<HashMap<Domain, Channel>>,
    /// Held while a request is worked on, so that each sees what the one before left.
    asking: Mutex<()>,
    room: Semaphore,
}

/// One organization's webhook and the task that delivers to it.
#[derive(Clone)]
struct Channel {
    state: Arc<Mutex<State>>,
    /// Told when what is asked for changes.
    changed: watch::Sender<()>,
    task: AbortHandle,
}

struct State {
    record: Record,
    /// Counts what was asked for, so that an attempt under an earlier request changes nothing.
    generation: u64,
    /// Deliveries since the record was last written.
    unsaved: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Webhooks {
    /// Reads who gets what, and begins where deliveries ended.
    pub(super) fn start(
        parts: WebhookParts,
        origin: Origin,
        lookup: Arc<Lookup>,
        clock: Arc<dyn Clock>,
    ) -> Result<Arc<Self>, StoreError> {
        let records = parts.endpoints.all()?;
        let webhooks = Arc::new(Self {
            parts,
            origin,
            lookup,
            clock,
            channels: Mutex::default(),
            asking: Mutex::default(),
            room: Semaphore::new(AT_ONCE),
        });
        for (domain, bytes) in records {
            match Record::parse(&bytes) {
                Ok(record) => webhooks.open(domain, record),
                Err(error) => tracing::error!(
                    %domain, error,
                    "the record of a webhook is damaged; nothing is delivered until the domain registers again"
                ),
            }
        }
        Ok(webhooks)
    }

    /// Begins to deliver for a domain.
    fn open(self: &Arc<Self>, domain: Domain, record: Record) {
        let state = Arc::new(Mutex::new(State { record, generation: 0, unsaved: 0 }));
        let (changed, receiver) = watch::channel(());
        let delivering = Arc::clone(self).keep_delivering(domain.clone(), state.clone(), receiver);
        let task = tokio::spawn(delivering).abort_handle();
        lock(&self.channels).insert(domain, Channel { state, changed, task });
    }

    fn channel(&self, domain: &Domain) -> Option<Channel> {
        lock(&self.channels).get(domain).cloned()
    }

    fn now(&self) -> Moment {
        self.clock.now().unwrap_or_else(|jumped| jumped.wall)
    }

    /// Delivers no more. What is under way is delivered again after the next start.
    pub(super) fn stop(&self) {
        let channels = std::mem::take(&mut *lock(&self.channels));
        for (domain, channel) in channels {
            channel.task.abort();
            if lock(&channel.state).unsaved > 0 {
                self.write_down(&domain, &channel.state);
            }
        }
    }
}
