//! One look of a monitor at one address of a log: a ledger, or a mirror of it. Everything new is audited, and the
//! checkpoint is held against the last one that was verified, whichever address that came from, and against what this
//! address announced before. What is wrong becomes an alarm, with evidence where anything can be shown to others.
//!
//! Whoever serves the files may also serve no more of them. What was found until then is an alarm all the same.

mod evidence;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};

use super::audit::{
    AuditError, Finding, Observer, Report, Settings, Source, audit_to, trusted_checkpoint,
};
use crate::tlog::{Judgement, Policy, SignedCheckpoint, prove_consistency};
use crate::verify::evidence::{Evidence, Fork};
use crate::verify::{Checked, History};
use evidence::{evidence_of, fork_between};

/// Findings of one look that become alarms; a broken log can have one for every entry.
const ALARMS_MAX: usize = 20;

/// Reads a saved [`History`], if there is one; why it cannot be read comes back in words.
pub type ReadHistory = Box<dyn FnOnce() -> Result<Option<Vec<u8>>, String> + Send>;

/// What is known of a log.
pub struct Known {
    /// The newest checkpoint that was verified, at whichever address.
    pub newest: Option<SignedCheckpoint>,
    /// The largest checkpoint that this address announced.
    pub largest_here: Option<SignedCheckpoint>,
    /// The one that covers `newest`; asked for only where something is new.
    pub history: ReadHistory,
}

/// Something that no honest log or mirror shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// `fork`, `rolled_back`, `entry_changed`, or what is wrong with an entry or a tile as
    /// [`crate::verify::Fault::name`] calls it.
    pub kind: &'static str,
    /// What, in words.
    pub detail: String,
    /// What shows it to others. None where only the address can be blamed: nobody signs the tiles it serves.
    pub evidence: Option<Evidence>,
    /// Checkpoints that it is about, where there is no evidence.
    pub notes: Vec<SignedCheckpoint>,
}

/// What a look comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The checkpoint that the address announces.
    pub checkpoint: SignedCheckpoint,
    /// What is wrong.
    pub alarms: Vec<Alarm>,
    /// Entries that were audited, those known before included.
    pub audited: u64,
    /// Why it ended early, where there are alarms as well.
    pub error: Option<AuditError>,
}

impl Look {
    /// Whether everything that the checkpoint covers was audited, and nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.alarms.is_empty() && self.audited >= self.checkpoint.checkpoint().size()
    }
}

/// Looks at an address. What is in order is offered to the observer for saving.
///
/// # Errors
/// [`AuditError`] when it could not be looked at to the end and nothing was found until then. That says nothing against
/// the log.
pub async fn look<S: Source, O: Observer>(
    source: S,
    policy: Policy,
    known: Known,
    stop: Arc<AtomicBool>,
    observer: O,
) -> Result<Look, AuditError> {
    let trusted = trusted_checkpoint(&source, &policy).await?;
    let checkpoint = trusted.0.clone();
    let Known { newest, largest_here, history } = known;
    let known_size = newest.as_ref().map_or(0, |newest| newest.checkpoint().size());
    let mut alarms: Vec<Alarm> = rolled_back(largest_here, &checkpoint).into_iter().collect();
    if newest.as_ref().is_some_and(|newest| is_same(newest, &checkpoint)) {
        return Ok(Look { checkpoint, alarms, audited: known_size, error: None });
    }
    let history = history().map_err(AuditError::Saved)?;
    let differs = match newest {
        Some(newest) => compare(&source, newest, &checkpoint, history.as_deref()).await?,
        None => None,
    };
    if differs.is_some() || checkpoint.checkpoint().size() <= known_size {
        alarms.extend(differs);
        return Ok(Look { checkpoint, alarms, audited: known_size, error: None });
    }
    let settings = Settings { policy, resume: history, stop };
    let mut look = audit_on(source, trusted, settings, observer).await?;
    look.alarms.splice(..0, alarms);
    Ok(look)
}

fn is_same(one: &SignedCheckpoint, other: &SignedCheckpoint) -> bool {
    one.checkpoint() == other.checkpoint()
}

/// An address that announces less than it did. Two checkpoints of one tree contradict nobody, so that there is no
/// evidence.
fn rolled_back(before: Option<SignedCheckpoint>, now: &SignedCheckpoint) -> Option<Alarm> {
    let before = before?;
    let (was, is) = (before.checkpoint().size(), now.checkpoint().size());
    (was > is).then(|| Alarm {
        kind: "rolled_back",
        detail: format!("{was} entries were announced there before, and {is} now"),
        evidence: None,
        notes: vec![before, now.clone()],
    })
}

/// Whether a checkpoint is of another tree than the one known, or cannot be shown not to be.
async fn compare<S: Source>(
    source: &S,
    known: SignedCheckpoint,
    shown: &SignedCheckpoint,
    history: Option<&[u8]>,
) -> Result<Option<Alarm>, AuditError> {
    if known.checkpoint().origin() != shown.checkpoint().origin() {
        return Err(AuditError::OtherLedger(known.checkpoint().origin().to_string()));
    }
    let (before, now) = (known.checkpoint().size(), shown.checkpoint().size());
    let fork = if now > before {
        let notes = vec![known.clone(), shown.clone()];
        match fork_between(source.clone(), known, shown.clone()).await {
            Err(AuditError::NotItsTree) => return Ok(Some(not_its_tree(notes))),
            fork => fork?,
        }
    } else {
        fork_behind(known, shown, history)?
    };
    Ok(fork.map(alarm_of))
}

/// What is known already tells which root a tree has that is no larger.
fn fork_behind(
    known: SignedCheckpoint,
    shown: &SignedCheckpoint,
    history: Option<&[u8]>,
) -> Result<Option<Fork>, AuditError> {
    let unreadable = || AuditError::Saved("it does not cover what was verified".to_owned());
    let history = history.and_then(|bytes| History::from_bytes(bytes).ok());
    let history = history.ok_or_else(unreadable)?;
    let (before, now) = (known.checkpoint().size(), shown.checkpoint().size());
    let root = history.root(now).ok_or_else(unreadable)?;
    if root == *shown.checkpoint().root() {
        return Ok(None);
    }
    let consistency = prove_consistency(now, before, history.tree()).map_err(|_| unreadable())?;
    Ok(Some(Fork { older: shown.clone(), newer: known, root, consistency }))
}

fn alarm_of(fork: Fork) -> Alarm {
    let (older, newer) = (fork.older.checkpoint(), fork.newer.checkpoint());
    let detail = format!(
        "{} signed a checkpoint of {} entries and one of {} that are not of one tree",
        older.origin(),
        older.size(),
        newer.size()
    );
    let evidence = Some(Evidence::Fork(Box::new(fork)));
    Alarm { kind: "fork", detail, evidence, notes: Vec::new() }
}

fn not_its_tree(notes: Vec<SignedCheckpoint>) -> Alarm {
    let detail = AuditError::NotItsTree.to_string();
    Alarm { kind: "root_mismatch", detail, evidence: None, notes }
}

async fn audit_on<S: Source, O: Observer>(
    source: S,
    trusted: (SignedCheckpoint, Judgement),
    settings: Settings,
    observer: O,
) -> Result<Look, AuditError> {
    let checkpoint = trusted.0.clone();
    let found = Arc::default();
    let collecting = Collecting { observer, found: Arc::clone(&found) };
    let audited = audit_to(source.clone(), trusted, settings, collecting).await;
    let findings = std::mem::take(&mut *found.lock().unwrap_or_else(PoisonError::into_inner));
    let mut alarms = Vec::new();
    for finding in findings.iter().take(ALARMS_MAX) {
        alarms.push(alarm_for(&source, &checkpoint, finding).await);
    }
    match audited {
        Ok(Report { checked, .. }) => {
            Ok(Look { checkpoint, alarms, audited: checked, error: None })
        }
        Err(error @ AuditError::Changed(_)) => {
            let (detail, notes) = (error.to_string(), vec![checkpoint.clone()]);
            alarms.push(Alarm { kind: "entry_changed", detail, evidence: None, notes });
            Ok(Look { checkpoint, alarms, audited: 0, error: None })
        }
        Err(error) if alarms.is_empty() => Err(error),
        Err(error) => Ok(Look { checkpoint, alarms, audited: 0, error: Some(error) }),
    }
}

/// Where the files that show it cannot be had, it is an alarm without evidence.
async fn alarm_for<S: Source>(
    source: &S,
    checkpoint: &SignedCheckpoint,
    finding: &Finding,
) -> Alarm {
    let Finding { index, fault } = finding;
    let evidence = evidence_of(source.clone(), checkpoint, finding).await;
    let evidence = evidence.unwrap_or_else(|error| {
        tracing::warn!(%error, "an alarm is without evidence");
        None
    });
    let notes = if evidence.is_some() { Vec::new() } else { vec![checkpoint.clone()] };
    let origin = checkpoint.checkpoint().origin();
    Alarm {
        kind: fault.name(),
        detail: format!("{origin}: entry {index}: {fault}"),
        evidence,
        notes,
    }
}

/// Hands everything on, and keeps what is found.
struct Collecting<O> {
    observer: O,
    found: Arc<Mutex<Vec<Finding>>>,
}

impl<O: Observer> Observer for Collecting<O> {
    fn progress(&mut self, done: u64, of: u64) {
        self.observer.progress(done, of);
    }

    fn checked(&mut self, checked: &Checked) {
        self.observer.checked(checked);
    }

    fn found(&mut self, finding: &Finding) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(finding.clone());
        self.observer.found(finding);
    }

    fn may_save(&mut self, history: &History) {
        self.observer.may_save(history);
    }
}
