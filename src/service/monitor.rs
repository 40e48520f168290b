//! One look of a monitor at one view of a log: a ledger, or a mirror of it. Everything new is audited, and the checkpoint
//! is held against the last one that was verified, whichever view that came from. What is wrong becomes an alarm, with
//! evidence where anything can be shown to others.

mod evidence;

use std::sync::{Arc, Mutex, PoisonError};

use super::audit::{
    AuditError, Finding, Observer, Report, Settings, Source, audit_to, trusted_checkpoint,
};
use crate::tlog::{Judgement, SignedCheckpoint, prove_consistency};
use crate::verify::evidence::{Evidence, Fork};
use crate::verify::{Checked, History};
use evidence::{evidence_of, fork_between};

/// Findings of one look that become alarms; a broken log can have one for every entry.
const ALARMS_MAX: usize = 20;

/// What is known of a log, from whichever views.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// A saved [`History`]: everything in it was in order. Empty before anything was audited.
    pub history: Vec<u8>,
    /// The newest checkpoint whose entries are all in it.
    pub newest: Option<SignedCheckpoint>,
}

/// Something that no honest log or mirror shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// `fork`, or what is wrong with an entry or a tile as [`crate::verify::Fault::name`] calls it.
    pub kind: &'static str,
    /// What, in words.
    pub detail: String,
    /// What shows it to others. None where only the view can be blamed: nobody signs the tiles it serves.
    pub evidence: Option<Evidence>,
}

/// What a look comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The checkpoint that the view announces.
    pub checkpoint: SignedCheckpoint,
    /// What is wrong.
    pub alarms: Vec<Alarm>,
    /// What is known of the log now.
    pub known: Known,
    /// Entries that were audited, those known before included.
    pub audited: u64,
}

impl Look {
    /// Whether everything that the checkpoint covers was audited, and nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.alarms.is_empty() && self.audited >= self.checkpoint.checkpoint().size()
    }
}

/// Looks at a view. `settings.resume` does not matter; `known` does.
///
/// # Errors
/// [`AuditError`] when it could not be looked at to the end. That says nothing against the log.
pub async fn look<S: Source, O: Observer>(
    source: S,
    known: Known,
    settings: Settings,
    observer: O,
) -> Result<Look, AuditError> {
    let trusted = trusted_checkpoint(&source, &settings.policy).await?;
    let checkpoint = trusted.0.clone();
    if let Some(newest) = &known.newest {
        if newest.checkpoint().origin() != checkpoint.checkpoint().origin() {
            return Err(AuditError::OtherLedger(newest.checkpoint().origin().to_string()));
        }
        let fork = compare(&source, newest, &checkpoint, &known.history).await?;
        let audited = newest.checkpoint().size();
        if let Some(fork) = fork {
            let alarms = vec![alarm_of(fork)];
            return Ok(Look { checkpoint, alarms, known, audited });
        }
        if checkpoint.checkpoint().size() <= audited {
            return Ok(Look { checkpoint, alarms: Vec::new(), known, audited });
        }
    }
    audit_on(source, trusted, known, settings, observer).await
}

/// Whether two checkpoints of one log are of two trees.
async fn compare<S: Source>(
    source: &S,
    known: &SignedCheckpoint,
    shown: &SignedCheckpoint,
    history: &[u8],
) -> Result<Option<Fork>, AuditError> {
    let (before, now) = (known.checkpoint(), shown.checkpoint());
    if now.size() == before.size() {
        let fork = Fork {
            older: known.clone(),
            newer: shown.clone(),
            root: *now.root(),
            consistency: Vec::new(),
        };
        return Ok((now.root() != before.root()).then_some(fork));
    }
    if now.size() > before.size() {
        return fork_between(source.clone(), known.clone(), shown.clone()).await;
    }
    // It is behind: what is known already tells which root it must have.
    let history = History::from_bytes(history).map_err(|_| AuditError::NotItsTree)?;
    let root = history.root(now.size()).ok_or(AuditError::NotItsTree)?;
    if root == *now.root() {
        return Ok(None);
    }
    let consistency = prove_consistency(now.size(), before.size(), history.tree());
    let consistency = consistency.map_err(|_| AuditError::NotItsTree)?;
    Ok(Some(Fork { older: shown.clone(), newer: known.clone(), root, consistency }))
}

fn alarm_of(fork: Fork) -> Alarm {
    let (older, newer) = (fork.older.checkpoint(), fork.newer.checkpoint());
    let detail = format!(
        "{} signed a checkpoint of {} entries and one of {} that are not of one tree",
        older.origin(),
        older.size(),
        newer.size()
    );
    Alarm { kind: "fork", detail, evidence: Some(Evidence::Fork(Box::new(fork))) }
}

async fn audit_on<S: Source, O: Observer>(
    source: S,
    trusted: (SignedCheckpoint, Judgement),
    known: Known,
    settings: Settings,
    observer: O,
) -> Result<Look, AuditError> {
    let resume = (!known.history.is_empty()).then(|| known.history.clone());
    let saved = Arc::new(Mutex::new(None));
    let observer = Keeping { observer, saved: saved.clone() };
    let settings = Settings { resume, ..settings };
    let report = audit_to(source.clone(), trusted, settings, observer).await?;
    let mut alarms = Vec::new();
    for finding in report.findings.iter().take(ALARMS_MAX) {
        let evidence = evidence_of(source.clone(), &report.checkpoint, finding).await?;
        alarms.push(alarm_for(&report, finding, evidence));
    }
    let saved = saved.lock().unwrap_or_else(PoisonError::into_inner).take();
    let known = match saved {
        Some(history) if alarms.is_empty() => Known {
            newest: if report.is_clean() { Some(report.checkpoint.clone()) } else { known.newest },
            history,
        },
        _ => known,
    };
    Ok(Look { audited: report.checked, checkpoint: report.checkpoint, alarms, known })
}

fn alarm_for(report: &Report, finding: &Finding, evidence: Option<Evidence>) -> Alarm {
    let Finding { index, fault } = finding;
    let origin = report.checkpoint.checkpoint().origin();
    Alarm { kind: fault.name(), detail: format!("{origin}: entry {index}: {fault}"), evidence }
}

/// Hands everything on, and keeps what may be saved.
struct Keeping<O> {
    observer: O,
    saved: Arc<Mutex<Option<Vec<u8>>>>,
}

impl<O: Observer> Observer for Keeping<O> {
    fn progress(&mut self, done: u64, of: u64) {
        self.observer.progress(done, of);
    }

    fn checked(&mut self, checked: &Checked) {
        self.observer.checked(checked);
    }

    fn found(&mut self, finding: &Finding) {
        self.observer.found(finding);
    }

    fn may_save(&mut self, history: &History) {
        *self.saved.lock().unwrap_or_else(PoisonError::into_inner) = Some(history.to_bytes());
        self.observer.may_save(history);
    }
}
