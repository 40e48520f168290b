//! `onrecord monitor`: looks at ledgers and their mirrors again and again, audits what is new, compares what they show,
//! and raises an alarm with evidence that others can judge.

mod alarms;
mod memory;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use owo_colors::OwoColorize as _;

use super::audit::{self, trusted};
use super::contact::Contact;
use super::failure::{Cause, Failure};
use super::{Outcome, running, terminal};
use crate::clock::instant;
use crate::net::{Hook, LedgerUrl, Patience};
use crate::service::audit::{Observer, Settings};
use crate::service::monitor::{Look, look};
use crate::verify::History;
use crate::wire::{self, MonitorAlarm, MonitorLook};
use alarms::Alarms;
use memory::Memory;

/// How often it is looked whether to stop, between two rounds.
const PAUSE: Duration = Duration::from_millis(200);

/// Watch ledgers and mirrors for a second history, a broken chain or a broken rule
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord monitor https://ledger.example https://mirror.example
  onrecord monitor https://ledger.example --exec './alarm.sh' --webhook https://hooks.example/x
  onrecord monitor --once --json https://ledger.example

Each round audits what is new at each address, demands that it follows from what was verified
before, and compares what the addresses of one log show. What was verified is kept in the folder.

The command and the webhook are told of an alarm once while the monitor runs. Where the log's own
signatures show it, the evidence is a file in the folder, which `onrecord verify` judges offline for
anyone who trusts the log's key. --exec runs the command in a shell with the alarm's JSON on standard input and
ONRECORD_ALARM, ONRECORD_ORIGIN, ONRECORD_VIEW and ONRECORD_EVIDENCE in its environment; --webhook
is sent the same JSON.

It runs until Ctrl-C or SIGTERM. Exit codes: 0 nothing is wrong, 1 there was an alarm, 2 something
could not be looked at (of the last round).")]
pub(super) struct Monitor {
    /// Addresses of ledgers and of mirrors of them
    #[arg(required = true, value_name = "URL")]
    views: Vec<LedgerUrl>,
    /// Trust policy for their checkpoints (C2SP tlog-policy) [default: the remembered keys]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Folder that keeps what was verified, and evidence
    #[arg(long, value_name = "FOLDER", default_value = "./onrecord-monitor")]
    data: PathBuf,
    /// Seconds from the beginning of one round to that of the next
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Make one round, and end
    #[arg(long)]
    once: bool,
    /// Command to run for each alarm
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Address that each alarm is sent to, as JSON
    #[arg(long, value_name = "URL")]
    webhook: Option<Hook>,
    /// Print JSON, a line a look
    #[arg(long)]
    json: bool,
}

impl Monitor {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let memory = Memory::open(&self.data)?;
        let contacts =
            self.views.iter().cloned().map(|view| Contact::with(view, Patience::IN_TURN));
        let contacts = contacts.collect::<Result<Vec<_>, _>>()?;
        let runtime = running::runtime()?;
        let stop = stop_when_told(&runtime)?;
        let mut alarms = Alarms::new(self.exec.clone(), self.webhook.clone());
        let mut had_alarm = false;
        loop {
            let began = instant();
            let mut worst = wire::Outcome::Verified;
            for contact in &contacts {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let shown = self.look_at(contact, &memory, &stop);
                had_alarm |= shown.verdict == wire::Outcome::Failed;
                worst = worse(worst, shown.verdict);
                self.tell(&shown)?;
                for alarm in shown.alarms {
                    alarms.raise(alarm, &runtime);
                }
            }
            alarms.send_again(&runtime);
            let until = began + Duration::from_secs(self.every);
            while !self.once && !stop.load(Ordering::Relaxed) && instant() < until {
                std::thread::sleep(PAUSE);
            }
            if self.once || stop.load(Ordering::Relaxed) {
                return Ok(if had_alarm { Outcome::DoesNotVerify } else { worst.into() });
            }
        }
    }

    /// Looks at one view. That it cannot be looked at is told and ends nothing.
    fn look_at(&self, contact: &Contact, memory: &Memory, stop: &Arc<AtomicBool>) -> MonitorLook {
        let view = contact.client().ledger().to_string();
        self.try_to_look_at(contact, memory, stop).unwrap_or_else(|failure| {
            let verdict = match failure.cause() {
                // It is signed by another key than the one remembered.
                Cause::Mismatch => wire::Outcome::Failed,
                Cause::Failed | Cause::ReaderGone => wire::Outcome::NotChecked,
            };
            let error = Some(failure.what().to_owned());
            MonitorLook {
                verdict,
                view,
                origin: None,
                size: None,
                root: None,
                error,
                alarms: vec![],
            }
        })
    }

    fn try_to_look_at(
        &self,
        contact: &Contact,
        memory: &Memory,
        stop: &Arc<AtomicBool>,
    ) -> Result<MonitorLook, Failure> {
        let view = contact.client().ledger().to_string();
        let origin = match &self.policy {
            Some(_) => contact.announced()?.checkpoint().origin().clone(),
            None => contact.origin()?,
        };
        let log = memory.of_log(&origin)?;
        let settings = Settings {
            policy: trusted(self.policy.as_deref(), &origin)?,
            resume: None,
            stop: stop.clone(),
        };
        let bar = audit::bar();
        let watching = Watching { bar: bar.clone(), log: log.clone() };
        let looked = contact.run(look(contact.client().clone(), log.known()?, settings, watching));
        bar.finish_and_clear();
        let Look { checkpoint, alarms, known, audited } =
            looked.map_err(|error| audit::failure(&error))?;
        log.keep(&known)?;
        let mut told = Vec::new();
        for alarm in alarms {
            let evidence = alarm
                .evidence
                .as_ref()
                .map(|evidence| memory.keep_evidence(&origin, alarm.kind, evidence));
            told.push(MonitorAlarm {
                view: view.clone(),
                origin: origin.to_string(),
                kind: alarm.kind.to_owned(),
                detail: alarm.detail,
                evidence: evidence.transpose()?,
                notes: Vec::new(),
            });
        }
        told.extend(log.rolled_back(&view, &checkpoint)?);
        let verdict = if !told.is_empty() {
            wire::Outcome::Failed
        } else if audited >= checkpoint.checkpoint().size() {
            wire::Outcome::Verified
        } else {
            wire::Outcome::NotChecked
        };
        Ok(MonitorLook {
            verdict,
            view,
            origin: Some(origin.to_string()),
            size: Some(checkpoint.checkpoint().size()),
            root: Some(checkpoint.checkpoint().root().to_base64()),
            error: None,
            alarms: told,
        })
    }

    fn tell(&self, shown: &MonitorLook) -> Result<(), Failure> {
        if self.json {
            return terminal::json_line(shown);
        }
        let MonitorLook { verdict, view, origin, size, error, .. } = shown;
        let result = match verdict {
            wire::Outcome::Verified => "ok         ".green().to_string(),
            wire::Outcome::Failed => "ALARM      ".red().bold().to_string(),
            wire::Outcome::NotChecked => "not checked".yellow().to_string(),
        };
        let what = match (origin, size, error) {
            (Some(origin), Some(size), None) => format!("{origin}, {size} entries"),
            (.., Some(error)) => error.clone(),
            _ => String::new(),
        };
        let view = terminal::escape(view);
        terminal::line(format_args!("{result}  {view}  {}", terminal::escape(&what)))?;
        for alarm in &shown.alarms {
            let (kind, detail) = (&alarm.kind, terminal::escape(&alarm.detail));
            terminal::line(format_args!("  {kind}: {detail}"))?;
            if let Some(evidence) = &alarm.evidence {
                terminal::line(format_args!("  evidence: {}", terminal::escape(evidence)))?;
            }
        }
        Ok(())
    }
}

/// A wrong one outweighs one that could not be checked, and that a good one.
const fn worse(one: wire::Outcome, other: wire::Outcome) -> wire::Outcome {
    match (one, other) {
        (wire::Outcome::Failed, _) | (_, wire::Outcome::Failed) => wire::Outcome::Failed,
        (wire::Outcome::NotChecked, _) | (_, wire::Outcome::NotChecked) => {
            wire::Outcome::NotChecked
        }
        _ => wire::Outcome::Verified,
    }
}

/// Set at the first Ctrl-C or SIGTERM.
fn stop_when_told(runtime: &tokio::runtime::Runtime) -> Result<Arc<AtomicBool>, Failure> {
    let told = Arc::new(AtomicBool::new(false));
    let signal = runtime.block_on(async { running::stop_signal() })?;
    let stop = told.clone();
    runtime.spawn(async move {
        signal.await;
        stop.store(true, Ordering::Relaxed);
    });
    Ok(told)
}

/// Shows progress, and keeps what is in order while a long audit runs.
struct Watching {
    bar: indicatif::ProgressBar,
    log: memory::OfLog,
}

impl Observer for Watching {
    fn progress(&mut self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    fn may_save(&mut self, history: &History) {
        if let Err(failure) = self.log.keep_history(&history.to_bytes()) {
            tracing::warn!(%failure, "the next look has to begin where this one did");
        }
    }
}
