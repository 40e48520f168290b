//! Asks the witnesses of the ledger's policy to cosign its newest checkpoint (C2SP tlog-witness), one checkpoint after
//! the other, and keeps the newest that met the quorum (protocol §7). Publishing never waits for it.
//!
//! Each witness is asked by a task of its own ([`asking`]), so that a slow one holds up nobody; the lines that come back
//! are gathered here. Where a witness shows a checkpoint that the log's own key signed and that is not of this tree, the
//! folder was rolled back, or another process signs with the key: nothing more is signed then.

mod asking;

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::comparing::{CompareError, Compared, OwnTree};
use super::lookup::{Lookup, LookupError};
use super::memory::Published;
use super::sequencer::WriteState;
use super::view::View;
use crate::clock::instant;
use crate::crypto::Hash;
use crate::encoding::time::Moment;
use crate::net::{FetchError, WitnessClient};
use crate::store::{StoreError, Witnessed};
use crate::tlog::{NoteSignature, Origin, Policy, SignedCheckpoint, VerifierKey, log_hash};
use asking::Asking;

/// Lines on their way here; a witness that is asked has one at most.
const LINES_MAX: usize = 16;
/// After which it is tried again to keep what could not be written.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);

/// When witnesses are asked, and for how long they are waited for.
#[derive(Debug, Clone, Copy)]
pub struct WitnessingTimes {
    /// From asking about one checkpoint to asking about the next, at least.
    pub every: Duration,
    /// For the others, after those that were needed.
    pub grace: Duration,
    /// For the quorum, after which a newer checkpoint is asked about.
    pub limit: Duration,
}

impl Default for WitnessingTimes {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(1),
            grace: Duration::from_millis(500),
            limit: Duration::from_secs(10),
        }
    }
}

/// What a ledger needs to have its checkpoints witnessed.
pub struct WitnessingParts {
    /// Its own policy: its key, the witnesses, and the quorum.
    pub policy: Policy,
    /// The witnesses and where each is asked.
    pub witnesses: Vec<(VerifierKey, WitnessClient)>,
    /// Where the newest checkpoint that met the quorum is kept.
    pub store: Arc<dyn Witnessed>,
    /// When they are asked.
    pub times: WitnessingTimes,
}

/// Why a ledger must not sign, or cannot start to have its checkpoints witnessed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WitnessingError {
    /// Somebody holds another history, or it could not be compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// What was witnessed before cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Entries or tiles cannot be read.
    #[error(transparent)]
    Lookup(#[from] LookupError),
}

/// The witnesses of a running ledger.
pub(super) struct Witnessing {
    policy: Policy,
    witnesses: Vec<(VerifierKey, WitnessClient)>,
    store: Arc<dyn Witnessed>,
    times: WitnessingTimes,
    origin: Origin,
    lookup: Arc<Lookup>,
    state: Arc<WriteState>,
}

impl Witnessing {
    /// Begins with what is kept, where it meets the policy as it is now.
    pub(super) fn start(
        parts: WitnessingParts,
        origin: Origin,
        lookup: Arc<Lookup>,
        state: Arc<WriteState>,
    ) -> Result<Self, WitnessingError> {
        let WitnessingParts { policy, witnesses, store, times } = parts;
        let this = Self { policy, witnesses, store, times, origin, lookup, state };
        if let Some(note) = this.store.get(&this.log())? {
            let kept = std::str::from_utf8(&note).ok().and_then(|note| note.parse().ok());
            match kept.filter(|kept: &SignedCheckpoint| this.policy.judge(kept).holds()) {
                Some(kept) => this.take_up(kept)?,
                None => tracing::warn!(
                    "the checkpoint that was witnessed before does not meet the policy as it is now; until the \
                     witnesses cosigned a new one, there is none that does"
                ),
            }
        }
        Ok(this)
    }

    fn take_up(&self, kept: SignedCheckpoint) -> Result<(), WitnessingError> {
        let (size, root) = (kept.checkpoint().size(), *kept.checkpoint().root());
        let view = self.newest();
        self.tree(view.as_ref()).check_is_here("the ledger's own folder", size, &root)?;
        let as_of = self.lookup.entry(size.saturating_sub(1))?.time;
        self.lookup.memory().witness(Published::new(kept, as_of));
        Ok(())
    }

    /// Whether only what the witnesses cosigned is to be announced.
    pub(super) fn asks_for_quorum(&self) -> bool {
        self.policy.quorum().is_some()
    }

    fn newest(&self) -> Option<View> {
        let published = self.lookup.memory().published()?;
        Some(View::new(self.lookup.clone(), published))
    }

    /// The name under which checkpoints of this log are kept.
    fn log(&self) -> Hash {
        log_hash(self.origin.as_str())
    }

    fn is_met(&self, round: &Round) -> bool {
        self.policy.judge(&round.signed).holds()
    }

    /// Asks all witnesses what they hold, and says which did not answer. To be done before the first signature after a
    /// start (protocol §7).
    pub(super) async fn compare_with_all(&self) -> Result<Vec<FetchError>, WitnessingError> {
        let compared = self.witnesses.iter().map(|(_, client)| self.compare(client));
        let mut silent = Vec::new();
        for compared in join_all(compared).await {
            if let Compared::NoAnswer(error) = compared? {
                silent.push(error);
            }
        }
        Ok(silent)
    }

    /// Holds what a witness has against this tree.
    async fn compare(&self, client: &WitnessClient) -> Result<Compared, CompareError> {
        let answer = client.newest(self.origin.as_str()).await;
        let view = self.newest();
        self.tree(view.as_ref()).compare(&format!("the witness {}", client.url()), answer)
    }

    fn tree<'a>(&'a self, view: Option<&'a View>) -> OwnTree<'a> {
        OwnTree { view, policy: &self.policy, origin: &self.origin }
    }

    /// Has every new checkpoint witnessed, for as long as it is awaited.
    pub(super) async fn run(self: &Arc<Self>) {
        let (target, _) = watch::channel(None);
        let (sender, mut lines) = mpsc::channel(LINES_MAX);
        let mut asking = JoinSet::new();
        for (key, client) in &self.witnesses {
            let one = Asking::new(self.clone(), key.clone(), client.clone(), sender.clone());
            asking.spawn(one.run(target.subscribe()));
        }
        drop(sender);
        let mut size = self.lookup.memory().size();
        let mut done = self.lookup.memory().witnessed().map_or(0, |witnessed| witnessed.size());
        while size.wait_for(|size| *size > done).await.is_ok() {
            let Some(view) = self.newest() else { return };
            let began = instant();
            let mut round = Round::new(&view);
            done = view.size();
            target.send_replace(Some(Arc::new(view)));
            self.gather(&mut round, &mut lines, began).await;
            let mut is_kept = self.keep(&round).await;
            // What comes late makes the same checkpoint better, until there is a newer one to ask about.
            let newer = async {
                tokio::time::sleep_until((began + self.times.every).into()).await;
                size.wait_for(|size| *size > done).await.is_ok()
            };
            tokio::pin!(newer);
            loop {
                tokio::select! {
                    is_newer = &mut newer => if is_newer { break } else { return },
                    Some(line) = lines.recv() => {
                        if round.take(line) {
                            is_kept = self.keep(&round).await;
                        }
                    }
                    () = tokio::time::sleep(REST_AFTER_FAILURE), if !is_kept => {
                        is_kept = self.keep(&round).await;
                    }
                    else => return,
                }
            }
        }
    }

    /// Takes lines until all have answered, a short while after the quorum is met, or until time is up.
    async fn gather(&self, round: &mut Round, lines: &mut mpsc::Receiver<Line>, began: Instant) {
        let (mut until, mut was_met) = (began + self.times.limit, false);
        while round.lines < self.witnesses.len() {
            if !was_met && self.is_met(round) {
                was_met = true;
                until = until.min(instant() + self.times.grace);
            }
            match tokio::time::timeout_at(until.into(), lines.recv()).await {
                Ok(Some(line)) => {
                    round.take(line);
                }
                Ok(None) | Err(_) => return,
            }
        }
    }

    /// What meets the policy is announced once that is durable. Without a quorum, a line is worth keeping all the same.
    /// Says whether nothing is left to be kept.
    async fn keep(&self, round: &Round) -> bool {
        if round.lines == 0 || !self.is_met(round) {
            return true;
        }
        let (store, log, note) = (self.store.clone(), self.log(), round.signed.to_string());
        let written = tokio::task::spawn_blocking(move || store.put(&log, note.as_bytes())).await;
        let failed = match written {
            Ok(Ok(())) => {
                let witnessed = Published::new(round.signed.clone(), round.as_of);
                self.lookup.memory().witness(witnessed);
                return true;
            }
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        tracing::error!(error = failed, "what the witnesses cosigned cannot be kept");
        false
    }

    /// A witness says that it holds something else than this ledger sent.
    async fn look_into(&self, client: &WitnessClient) {
        let url = client.url();
        match self.compare(client).await {
            Ok(Compared::OfThisTree(_) | Compared::Nothing) => {
                tracing::warn!(witness = %url, "the witness refuses what follows from what it holds");
            }
            Ok(Compared::NotSigned) => {
                tracing::warn!(witness = %url, "the witness shows nothing that this log signed");
            }
            Ok(Compared::NoAnswer(error)) => {
                tracing::warn!(%error, "the witness does not show what it holds");
            }
            Err(error @ CompareError::AnotherTree { .. }) => self.state.stop(error.to_string()),
            Err(error) => {
                tracing::warn!(%error, "the tree cannot be compared with what the witness holds");
            }
        }
    }
}

/// A line under the checkpoint of that size.
type Line = (u64, NoteSignature);

/// A checkpoint and the lines under it so far.
struct Round {
    signed: SignedCheckpoint,
    /// The time of the newest entry under it.
    as_of: Moment,
    /// Lines by witnesses.
    lines: usize,
}

impl Round {
    fn new(view: &View) -> Self {
        Self { signed: view.signed().clone(), as_of: view.as_of(), lines: 0 }
    }

    /// Whether the line is under this checkpoint and not there yet.
    fn take(&mut self, (size, line): Line) -> bool {
        if size != self.signed.checkpoint().size() {
            return false;
        }
        // There is room for 64 lines: a policy of more witnesses is met by those that answer first.
        let Ok(signed) = self.signed.clone().and(line) else { return false };
        self.signed = signed;
        self.lines += 1;
        true
    }
}
