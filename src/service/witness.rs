//! A witness of any log (C2SP tlog-witness): it cosigns what follows from the checkpoint that it cosigned last, and
//! nothing else. What is cosigned is on the disk before it leaves here, and for one log one request is looked at after
//! the other, from the comparison to the write.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::clock::{Clock, ClockJumped};
use crate::crypto::Hash;
use crate::encoding::time::Moment;
use crate::store::{StoreError, Witnessed};
use crate::tlog::{
    AddCheckpoint, Cosigner, ForeignCheckpoint, KeyName, Listed, NotAnAddCheckpoint, NotWitnessed,
    NoteSignature, Policy, check_follows, check_signed, log_hash, verify_cosignature,
    with_known_lines,
};

/// Why a witness cannot start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessStartError {
    /// What it cosigned cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it cosigned last of this log is not a checkpoint of it that this witness cosigned.
    #[error("what is kept of {0} is not a checkpoint that {1} cosigned")]
    NotCosigned(KeyName, KeyName),
}

/// Why a request is not answered with a cosignature.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// It is no text.
    #[error("the request is not UTF-8 text")]
    NotText,
    /// It is no request.
    #[error(transparent)]
    NotARequest(#[from] NotAnAddCheckpoint),
    /// The checkpoint is not to be cosigned.
    #[error(transparent)]
    NotWitnessed(#[from] NotWitnessed),
    /// No time can be given to a cosignature.
    #[error(transparent)]
    Clock(#[from] ClockJumped),
    /// The clock says a time that no cosignature can have.
    #[error("the clock says a time that no cosignature can have")]
    NoTime,
    /// The clock says a time before that of the cosignature before.
    #[error("the clock says {}, and the last cosignature was at {}", .now.to_seconds(), .last.to_seconds())]
    ClockBehind {
        /// What the clock says.
        now: Moment,
        /// When this log was last cosigned.
        last: Moment,
    },
    /// What was cosigned could not be written down, this time or before. What is on the disk is known at the next
    /// start.
    #[error("the witness cannot write down what it cosigns for this log, and stopped: {0}")]
    Stopped(StoreError),
}

/// A running witness.
pub struct Witness {
    cosigner: Cosigner,
    policy: Policy,
    logs: BTreeMap<Hash, Log>,
    store: Box<dyn Witnessed>,
    clock: Arc<dyn Clock>,
}

/// A log that is witnessed.
struct Log {
    state: Mutex<State>,
    /// Whether it was said that the log has two histories. Anyone can send what shows it again and again.
    is_reported: AtomicBool,
}

/// What is known of a log.
enum State {
    Open(Option<Last>),
    Closed(StoreError),
}

/// The newest cosigned checkpoint of a log.
struct Last {
    /// With the lines of the log and of this witness.
    checkpoint: ForeignCheckpoint,
    line: NoteSignature,
    /// In seconds since 1970.
    time: u64,
}

impl Witness {
    /// Starts with what the store has of each log in the policy, whose witnesses and quorum do not matter here.
    ///
    /// # Errors
    /// [`WitnessStartError`] when that cannot be read, or was cosigned by another witness.
    pub fn start(
        cosigner: Cosigner,
        policy: Policy,
        store: Box<dyn Witnessed>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, WitnessStartError> {
        let mut logs = BTreeMap::new();
        for key in policy.logs().iter().map(Listed::key) {
            let log = log_hash(key.name().as_str());
            let last = match store.get(&log)? {
                None => None,
                Some(note) => Some(read(&note, key.name(), &cosigner).ok_or_else(|| {
                    let witness = cosigner.verifier_key().name().clone();
                    WitnessStartError::NotCosigned(key.name().clone(), witness)
                })?),
            };
            let state = Mutex::new(State::Open(last));
            logs.insert(log, Log { state, is_reported: AtomicBool::new(false) });
        }
        Ok(Self { cosigner, policy, logs, store, clock })
    }

    /// Takes the body of an `add-checkpoint` and answers with the line of this witness, which is on the disk then.
    ///
    /// # Errors
    /// [`WitnessError`]; nothing has changed then, except that after [`WitnessError::Stopped`] no more is cosigned for
    /// that log.
    pub fn add(&self, body: &[u8]) -> Result<NoteSignature, WitnessError> {
        let request: AddCheckpoint =
            std::str::from_utf8(body).map_err(|_| WitnessError::NotText)?.parse()?;
        check_signed(&self.policy, &request)?;
        let log = self.logs.get(&log_hash(request.checkpoint().origin()));
        let log = log.ok_or(NotWitnessed::UnknownLog)?;
        let mut state = log.lock();
        let last = match &*state {
            State::Open(last) => last.as_ref(),
            State::Closed(error) => return Err(WitnessError::Stopped(error.clone())),
        };
        let head = last.map(|last| (last.checkpoint.size(), *last.checkpoint.root()));
        check_follows(head, &request).inspect_err(|_| log.report(head, request.checkpoint()))?;
        let time = self.time(last)?;
        if let Some(last) = last.filter(|last| last.is_same(&request, time)) {
            return Ok(last.line.clone());
        }
        let next = self.cosign(request.checkpoint(), time)?;
        let origin = next.checkpoint.origin();
        if let Err(error) = self.store.put(&log_hash(origin), next.note().as_bytes()) {
            tracing::error!(%error, origin, "no more is cosigned for this log until the next start");
            *state = State::Closed(error.clone());
            return Err(WitnessError::Stopped(error));
        }
        let line = next.line.clone();
        *state = State::Open(Some(next));
        Ok(line)
    }

    /// The newest checkpoint that was cosigned of the log whose origin has this SHA-256, with the lines of the log and
    /// of this witness.
    ///
    /// # Errors
    /// [`WitnessError::Stopped`] when it is not known which is on the disk.
    pub fn newest(&self, log: &Hash) -> Result<Option<String>, WitnessError> {
        let Some(log) = self.logs.get(log) else { return Ok(None) };
        match &*log.lock() {
            State::Open(last) => Ok(last.as_ref().map(Last::note)),
            State::Closed(error) => Err(WitnessError::Stopped(error.clone())),
        }
    }

    /// Why it cosigns no more for one of its logs, where that is so.
    pub fn stopped(&self) -> Option<StoreError> {
        self.logs.values().find_map(|log| match &*log.lock() {
            State::Open(_) => None,
            State::Closed(error) => Some(error.clone()),
        })
    }

    /// The time for a cosignature, which is never before the one that was given before.
    fn time(&self, last: Option<&Last>) -> Result<u64, WitnessError> {
        let now = self.clock.now()?;
        let seconds = u64::try_from(now.as_millis() / 1000).unwrap_or_default();
        let last = last.map_or(0, |last| last.time);
        // A cosignature with the time 0 counts for nobody.
        if seconds == 0 {
            return Err(WitnessError::NoTime);
        }
        if seconds < last {
            let last = Moment::from_seconds(last).unwrap_or(Moment::LAST);
            return Err(WitnessError::ClockBehind { now, last });
        }
        Ok(seconds)
    }

    fn cosign(&self, checkpoint: &ForeignCheckpoint, time: u64) -> Result<Last, WitnessError> {
        let by_log = with_known_lines(&self.policy, checkpoint)?;
        let line = self.cosigner.cosign(by_log.note(), time).ok_or(WitnessError::NoTime)?;
        let mut lines = by_log.note().signatures().to_vec();
        lines.push(line.clone());
        let checkpoint = by_log.signed_by(lines).map_err(|_| NotWitnessed::NotSigned)?;
        Ok(Last { checkpoint, line, time })
    }
}

impl Log {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Two roots for one size, both signed by the log, show that it has two histories, whoever sent them here and with
    /// whichever proof. Anything else may be the fault of who sent it.
    fn report(&self, last: Option<(u64, Hash)>, signed: &ForeignCheckpoint) {
        let is_shown =
            last.is_some_and(|(size, root)| size == signed.size() && root != *signed.root());
        if is_shown && !self.is_reported.swap(true, Ordering::Relaxed) {
            tracing::error!(
                origin = signed.origin(), note = %signed,
                "the log signed another root for a size that was cosigned: it has two histories"
            );
        }
    }
}

impl Last {
    fn note(&self) -> String {
        self.checkpoint.to_string()
    }

    fn is_same(&self, request: &AddCheckpoint, time: u64) -> bool {
        self.time == time && self.checkpoint.note().text() == request.checkpoint().note().text()
    }
}

/// Reads what was kept: a checkpoint of that log with a good line of this witness.
fn read(note: &[u8], origin: &KeyName, cosigner: &Cosigner) -> Option<Last> {
    let checkpoint: ForeignCheckpoint = std::str::from_utf8(note).ok()?.parse().ok()?;
    let key = cosigner.verifier_key();
    let line = checkpoint.note().signatures().iter().find(|line| line.names(key))?.clone();
    let time = verify_cosignature(checkpoint.note(), &line, key).ok()?;
    if checkpoint.origin() != origin.as_str() {
        return None;
    }
    Some(Last { checkpoint, line, time })
}
