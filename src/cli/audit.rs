//! `onrecord audit`: a whole ledger fetched over its public tiles and checked from the first entry, or from
//! where an earlier audit stopped.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use clap::Args;
use indicatif::ProgressBar;
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::files::{self, Readers};
use super::pins::Pins;
use super::{Outcome, contact, policy, terminal};
use crate::net::LedgerUrl;
use crate::service::audit::{AuditError, Finding, Observer, Report, Settings, audit};
use crate::tlog::{Origin, Policy};
use crate::verify::History;
use crate::wire::{self, AuditFinding};

/// Findings printed one by one; a broken ledger can have one for every entry.
const FINDINGS_SHOWN: usize = 50;
const STATE_BYTES_MAX: u64 = 16 << 30;

/// Check a whole ledger: every hash, chain, signature and rule
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord audit http://localhost:8080
  onrecord audit https://ledger.example --policy trusted.policy --json

It goes on where the last audit of this ledger stopped; --from-start begins anew.
Exit codes: 0 everything is in order, 1 something is not, 2 it could not be checked.")]
pub(super) struct Audit {
    /// Address of the ledger
    ledger: LedgerUrl,
    /// Trust policy for its checkpoint (C2SP tlog-policy) [default: the remembered key]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Forget earlier audits of this ledger
    #[arg(long)]
    from_start: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What an audit cannot show.
const NOT_CHECKED: [&str; 3] = [
    "whether the words are true",
    "whether a key is a certain person's or organization's",
    "whether the ledger shows others the same entries, which witnesses and other auditors show",
];

impl Audit {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let contact = Contact::new(self.ledger.clone())?;
        let origin = contact.origin()?;
        let policy = trusted(self.policy.as_deref(), &origin)?;
        let state = Pins::of_this_person()?.audit_path(&origin);
        let settings = Settings {
            policy,
            resume: if self.from_start { None } else { read_state(&state)? },
            stop: stop_on_interrupt(&contact),
        };
        let watcher = Watcher::new(state);
        let found = watcher.found.clone();
        let bar = watcher.bar.clone();
        let result = contact.run(audit(contact.client().clone(), settings, watcher));
        bar.finish_and_clear();
        match result {
            Ok(report) => self.conclude(&report),
            Err(error) => {
                let found = found.lock().unwrap_or_else(PoisonError::into_inner);
                print_findings(&to_wire(&found))?;
                match error {
                    AuditError::Changed(_) => {
                        terminal::line(format_args!("{}", error.to_string().red()))?;
                        Ok(Outcome::DoesNotVerify)
                    }
                    _ if !found.is_empty() => Ok(Outcome::DoesNotVerify),
                    error => Err(failure(&error)),
                }
            }
        }
    }

    fn conclude(&self, report: &Report) -> Result<Outcome, Failure> {
        let outcome = if !report.findings.is_empty() {
            Outcome::DoesNotVerify
        } else if report.is_complete() {
            Outcome::Done
        } else {
            Outcome::CouldNotCheck
        };
        if self.json {
            print_json(report, outcome)?
        } else {
            print(report, outcome)?
        }
        Ok(outcome)
    }
}

/// Whose checkpoints of that ledger to believe: those of the file, else of the remembered key.
pub(super) fn trusted(file: Option<&Path>, origin: &Origin) -> Result<Policy, Failure> {
    if let Some(path) = file {
        return policy::read(path);
    }
    Pins::of_this_person()?.policy(origin)?.ok_or_else(|| {
        Failure::new(format!("no key of {origin} is remembered"), "Run the command again.")
    })
}

/// Shows progress, collects what is wrong and keeps what is in order.
struct Watcher {
    bar: ProgressBar,
    state: PathBuf,
    found: Arc<Mutex<Vec<Finding>>>,
}

impl Watcher {
    fn new(state: PathBuf) -> Self {
        Self { bar: terminal::bar(), state, found: Arc::default() }
    }
}

impl Observer for Watcher {
    fn progress(&mut self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    fn found(&mut self, finding: &Finding) {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).push(finding.clone());
    }

    fn may_save(&mut self, history: &History) {
        if let Some(folder) = self.state.parent() {
            let _ = std::fs::create_dir_all(folder);
        }
        if let Err(failure) = files::replace(&self.state, &history.to_bytes(), Readers::Everyone) {
            tracing::warn!(%failure, "the next audit has to begin where this one did");
        }
    }
}

fn read_state(path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    if path.exists() { files::read(path, STATE_BYTES_MAX).map(Some) } else { Ok(None) }
}

/// The first Ctrl-C keeps what was checked; a second one ends the process as ever.
pub(super) fn stop_on_interrupt(contact: &Contact) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    contact.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.store(true, Ordering::Relaxed);
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            super::end_interrupted();
        }
    });
    stop
}

pub(super) fn failure(error: &AuditError) -> Failure {
    let next = match error {
        AuditError::Fetch(error) => return contact::failure(error),
        AuditError::Untrusted(_) => {
            "Hold it against another policy with --policy, or ask the operator."
        }
        AuditError::OtherLedger(_) => "Begin anew with --from-start.",
        AuditError::Checkpoint(_) | AuditError::NotATile(_) | AuditError::NotItsTree => {
            "Check that it is the address of a ledger."
        }
        AuditError::Changed(_) | AuditError::Saved(_) | AuditError::Worker => {
            "Run the audit again with --from-start."
        }
    };
    Failure::new(terminal::escape(&error.to_string()), next)
}

fn print(report: &Report, outcome: Outcome) -> Result<(), Failure> {
    let headline = match outcome {
        Outcome::Done => "everything is in order".green().bold().to_string(),
        Outcome::DoesNotVerify => "something is not in order".red().bold().to_string(),
        Outcome::CouldNotCheck => "stopped before the end".yellow().bold().to_string(),
    };
    let checkpoint = report.checkpoint.checkpoint();
    terminal::line(format_args!("{}: {headline}", checkpoint.origin()))?;
    terminal::line(format_args!(
        "  {} of {} entries checked, {} of them in earlier audits",
        report.checked,
        checkpoint.size(),
        report.checked_before
    ))?;
    terminal::line(format_args!("  root {}", checkpoint.root().to_base64()))?;
    print_findings(&to_wire(&report.findings))?;
    for (why, entries) in &report.rules_not_checked {
        let why = terminal::escape(why);
        terminal::line(format_args!(
            "  rules not checked: {} entries of this audit, {why}",
            entries.len()
        ))?;
    }
    terminal::line("What an audit does not show:".bold())?;
    NOT_CHECKED.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}

/// Findings as they are printed.
pub(super) fn to_wire(findings: &[Finding]) -> Vec<AuditFinding> {
    let to_wire = |finding: &Finding| AuditFinding {
        index: finding.index,
        name: finding.fault.name().to_owned(),
        detail: finding.fault.to_string(),
    };
    findings.iter().map(to_wire).collect()
}

pub(super) fn print_findings(findings: &[AuditFinding]) -> Result<(), Failure> {
    for AuditFinding { index, detail, .. } in findings.iter().take(FINDINGS_SHOWN) {
        terminal::line(format_args!("  entry {index}: {}", terminal::escape(detail)))?;
    }
    match findings.len().saturating_sub(FINDINGS_SHOWN) {
        0 => Ok(()),
        more => terminal::line(format_args!("  and {more} more; --json prints all")),
    }
}

fn print_json(report: &Report, outcome: Outcome) -> Result<(), Failure> {
    let checkpoint = report.checkpoint.checkpoint();
    terminal::json(&wire::AuditReport {
        verdict: match outcome {
            Outcome::Done => wire::Outcome::Verified,
            Outcome::DoesNotVerify => wire::Outcome::Failed,
            Outcome::CouldNotCheck => wire::Outcome::NotChecked,
        },
        origin: checkpoint.origin().to_string(),
        size: checkpoint.size(),
        root: checkpoint.root().to_base64(),
        checked: report.checked,
        checked_before: report.checked_before,
        findings: to_wire(&report.findings),
        rules_not_checked: report.rules_not_checked.clone(),
        not_checked: NOT_CHECKED.map(str::to_owned).into(),
    })
}
