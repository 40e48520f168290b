//! The task of one webhook: it finds the next entry, delivers it, and waits where that failed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use super::record::{AttemptResult, Stopped};
use super::{State, Webhooks, lock};
use crate::clock::instant;
use crate::encoding::domain::Domain;
use crate::net::{Answered, Delivery, deliver};
use crate::service::live::{Filter, Followed};
use crate::service::lookup::LookupError;
use crate::service::view::View;
use crate::store::Chain;
use crate::webhook::{About, Endpoint, Secret, content, delay_before, message_id, signatures};

/// For one attempt.
const ATTEMPT_TIME: Duration = Duration::from_secs(15);
/// Entries that come at once are looked for at once.
const GATHER_TIME: Duration = Duration::from_millis(20);
/// Before the ledger is read again, when it could not be.
const LOOKUP_PAUSE: Duration = Duration::from_secs(1);
/// Deliveries after which it is written down how far they came, when there are more at once. After a crash so many
/// are made again.
const SAVED_EVERY: u64 = 32;
/// Hexadecimal digits of a leaf hash in links (protocol §11).
const LINK_DIGITS: usize = 32;

/// What is to be done next.
enum Next {
    /// Deliver the entry that follows.
    Go,
    /// Wait for an entry, or for another request.
    Idle,
    /// Wait for another request.
    Stopped,
    /// Wait so long, or for another request.
    Pause(Duration),
}

/// What is delivered to whom, as it was asked for.
struct Job {
    endpoint: Endpoint,
    secret: Secret,
    position: u64,
    generation: u64,
}

impl Webhooks {
    pub(super) async fn keep_delivering(
        self: Arc<Self>,
        domain: Domain,
        state: Arc<Mutex<State>>,
        mut changed: watch::Receiver<()>,
    ) {
        let mut size = self.lookup.memory().size();
        let mut next = Next::Pause(lock(&state).record.pause(self.now()));
        loop {
            let told = match next {
                Next::Go => Ok(()),
                Next::Idle => {
                    tokio::select! { told = size.changed() => told, told = changed.changed() => told }
                }
                Next::Stopped => changed.changed().await,
                Next::Pause(pause) => tokio::select! {
                    () = tokio::time::sleep(pause) => Ok(()),
                    told = changed.changed() => told,
                },
            };
            if told.is_err() {
                return;
            }
            if matches!(next, Next::Idle) {
                tokio::time::sleep(GATHER_TIME).await;
            }
            changed.borrow_and_update();
            size.borrow_and_update();
            next = Arc::clone(&self).step(&domain, &state).await;
        }
    }

    async fn step(self: Arc<Self>, domain: &Domain, state: &Arc<Mutex<State>>) -> Next {
        let Some(job) = job(domain, state) else { return Next::Stopped };
        let found = {
            let (webhooks, domain, position) = (Arc::clone(&self), domain.clone(), job.position);
            tokio::task::spawn_blocking(move || webhooks.find(&domain, position)).await
        };
        match found {
            Ok(Ok((Some(followed), _))) => self.attempt(domain, state, job, &followed).await,
            Ok(Ok((None, looked_to))) => {
                if self.caught_up(state, &job, looked_to) {
                    self.save(domain, state).await;
                }
                Next::Idle
            }
            Ok(Err(error)) => {
                tracing::warn!(%domain, %error, "what is to be delivered cannot be read");
                Next::Pause(LOOKUP_PAUSE)
            }
            Err(_) => Next::Pause(LOOKUP_PAUSE),
        }
    }

    /// The first entry of the domain's chain at the position or after, or how far there is none.
    fn find(&self, domain: &Domain, position: u64) -> Result<(Option<Followed>, u64), LookupError> {
        let Some(published) = self.lookup.memory().published() else { return Ok((None, position)) };
        let newest = self.lookup.newest(&Chain::subject(domain.as_str()))?;
        let view = View::new(self.lookup.clone(), published);
        if newest.is_none_or(|newest| newest.index < position) {
            return Ok((None, position));
        }
        let filter = Filter { domain: Some(domain.clone()), ..Filter::default() };
        let mut cursor = position;
        while cursor < view.size() {
            let scan = view.scan(cursor, &filter, 1, |_| 1)?;
            cursor = scan.next;
            // What only erases words of the domain's entries stands in its own chain where it belongs.
            if let Some((followed, _)) = scan.found.into_iter().find(|(_, whole)| *whole) {
                return Ok((Some(followed), cursor));
            }
        }
        Ok((None, cursor.max(position)))
    }

    async fn attempt(
        self: &Arc<Self>,
        domain: &Domain,
        state: &Arc<Mutex<State>>,
        job: Job,
        followed: &Followed,
    ) -> Next {
        let Ok(_room) = self.room.acquire().await else { return Next::Stopped };
        let delivery = self.delivery(domain, &job.secret, followed);
        let until = instant() + ATTEMPT_TIME;
        let result = match deliver(&self.parts.sites, &job.endpoint, delivery, until).await {
            Ok(Answered::Taken) => AttemptResult::Delivered,
            Ok(Answered::Gone) => AttemptResult::Status(GONE),
            Ok(Answered::Failed(status)) => AttemptResult::Status(status),
            Err(error) => AttemptResult::Error(error.to_string()),
        };
        let index = followed.view.entry.index;
        let Some((next, save)) = self.settle(state, &job, index, result) else { return Next::Go };
        if save {
            self.save(domain, state).await;
        }
        next
    }

    fn delivery(&self, domain: &Domain, secret: &Secret, followed: &Followed) -> Delivery {
        let entry = &followed.view.entry;
        let leaf_hash = followed.view.leaf_hash;
        let (base, digits) = (&self.parts.public_url, &leaf_hash.to_hex()[..LINK_DIGITS]);
        let url = format!("{base}/e/{}-{digits}", entry.index);
        let about = About {
            index: entry.index,
            id: entry.envelope.id(),
            kind: &followed.about.kind,
            domain,
            thread: followed.about.thread,
            leaf_hash,
            url: &url,
            time: entry.time,
        };
        let (id, body) = (message_id(self.origin.as_str(), domain, entry.index), about.to_body());
        let seconds = self.now().as_millis().div_euclid(1_000);
        let signatures = signatures(&content(&id, seconds, &body), secret, &self.parts.key);
        Delivery { id, seconds, signatures, body }
    }

    /// Takes down what came of an attempt: what is next, and whether to write that down now. Nothing when something
    /// else was asked for meanwhile.
    fn settle(
        &self,
        state: &Mutex<State>,
        job: &Job,
        index: u64,
        result: AttemptResult,
    ) -> Option<(Next, bool)> {
        let now = self.now();
        let mut state = lock(state);
        if state.generation != job.generation {
            return None;
        }
        let record = &mut state.record;
        record.tried(index, now, result.clone());
        if result == AttemptResult::Delivered {
            record.go_on_from(index + 1);
            state.unsaved += 1;
            return Some((Next::Go, state.unsaved >= SAVED_EVERY));
        }
        record.position = index;
        record.failed += 1;
        let chance = (self.parts.random)().map_or(0, |random| random[0]);
        let pause = delay_before(&self.parts.schedule, record.failed, chance);
        record.next_at = pause.map(|pause| now.plus(pause).as_millis());
        record.stopped = match (result, pause) {
            (AttemptResult::Status(GONE), _) => Some(Stopped::Gone),
            (_, None) => Some(Stopped::Exhausted),
            _ => None,
        };
        match (record.stopped, pause) {
            (None, Some(pause)) => Some((Next::Pause(pause), true)),
            _ => {
                record.next_at = None;
                Some((Next::Stopped, true))
            }
        }
    }

    /// Notes that there is nothing to deliver before that entry: whether deliveries are to be written down.
    fn caught_up(&self, state: &Mutex<State>, job: &Job, looked_to: u64) -> bool {
        let mut state = lock(state);
        if state.generation == job.generation {
            state.record.position = looked_to;
        }
        state.unsaved > 0
    }

    async fn save(self: &Arc<Self>, domain: &Domain, state: &Arc<Mutex<State>>) {
        let (webhooks, domain, state) = (Arc::clone(self), domain.clone(), Arc::clone(state));
        let saving = tokio::task::spawn_blocking(move || webhooks.write_down(&domain, &state));
        let _ = saving.await;
    }

    /// Writes down how far deliveries came. Where that fails, what was delivered since the last time is delivered
    /// again after the next start.
    pub(super) fn write_down(&self, domain: &Domain, state: &Mutex<State>) {
        let mut state = lock(state);
        match self.parts.endpoints.put(domain, &state.record.to_bytes()) {
            Ok(()) => state.unsaved = 0,
            Err(error) => {
                tracing::warn!(%domain, %error, "how far deliveries came is not written down");
            }
        }
    }
}

/// What an endpoint answers that wants no more.
const GONE: u16 = 410;

fn job(domain: &Domain, state: &Mutex<State>) -> Option<Job> {
    let state = lock(state);
    let (endpoint, secret) = state.record.open(domain)?;
    let (position, generation) = (state.record.position, state.generation);
    Some(Job { endpoint, secret, position, generation })
}
