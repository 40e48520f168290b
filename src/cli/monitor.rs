//! `onrecord monitor`: looks at ledgers and their mirrors again and again, audits what is new, compares what they show,
//! and raises an alarm with evidence that others can judge.

mod alarms;
mod memory;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use clap::Args;
use owo_colors::OwoColorize as _;

use super::audit::{self, trusted};
use super::contact::Contact;
use super::failure::Failure;
use super::{Outcome, running, terminal};
use crate::clock::instant;
use crate::net::{HookUrl, LedgerUrl, Patience};
use crate::service::audit::Observer;
use crate::service::monitor::look;
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
anyone who trusts the log's key. --exec runs the command in a shell with the alarm's JSON on
standard input and ONRECORD_ALARM, ONRECORD_ORIGIN, ONRECORD_URL and ONRECORD_EVIDENCE in its
environment; --webhook is sent the same JSON.

It runs until Ctrl-C or SIGTERM. Exit codes: 0 nothing is wrong, 1 there was an alarm, 2 something
could not be looked at (of the last round).")]
pub(super) struct Monitor {
    /// Addresses of ledgers and of mirrors of them
    #[arg(required = true, value_name = "URL")]
    urls: Vec<LedgerUrl>,
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
    webhook: Option<HookUrl>,
    /// Print JSON, a line a look
    #[arg(long)]
    json: bool,
}

impl Monitor {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let memory = Memory::open(&self.data)?;
        let contacts = self.urls.iter().cloned().map(|url| Contact::with(url, Patience::IN_TURN));
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

    /// Looks at one address. That it cannot be looked at is told and ends nothing.
    fn look_at(&self, contact: &Contact, memory: &Memory, stop: &Arc<AtomicBool>) -> MonitorLook {
        self.try_to_look_at(contact, memory, stop).unwrap_or_else(|failure| MonitorLook {
            verdict: wire::Outcome::NotChecked,
            url: contact.client().ledger().to_string(),
            origin: None,
            size: None,
            root: None,
            error: Some(failure.what().to_owned()),
            alarms: Vec::new(),
        })
    }

    fn try_to_look_at(
        &self,
        contact: &Contact,
        memory: &Memory,
        stop: &Arc<AtomicBool>,
    ) -> Result<MonitorLook, Failure> {
        let url = contact.client().ledger().to_string();
        let origin = match &self.policy {
            Some(_) => contact.announced()?.checkpoint().origin().clone(),
            None => contact.origin()?,
        };
        let log = memory.of_log(&origin)?;
        let policy = trusted(self.policy.as_deref(), &origin)?;
        let known = log.known(&url)?;
        let bar = terminal::bar();
        let kept = Arc::default();
        let watching = Watching { bar: bar.clone(), log: log.clone(), kept: Arc::clone(&kept) };
        let source = contact.client().clone();
        let looked = contact.run(look(source, policy, known, stop.clone(), watching));
        bar.finish_and_clear();
        let look = looked.map_err(|error| audit::failure(&error))?;
        let checkpoint = look.checkpoint.checkpoint();
        let is_new = kept.load(Ordering::Relaxed) >= checkpoint.size();
        if look.is_clean() && is_new {
            log.keep_newest(&look.checkpoint)?;
        }
        log.keep_largest_at(&url, &look.checkpoint)?;
        let verdict = match (look.alarms.is_empty(), look.is_clean()) {
            (false, _) => wire::Outcome::Failed,
            (true, true) => wire::Outcome::Verified,
            (true, false) => wire::Outcome::NotChecked,
        };
        let alarms = look.alarms.iter().map(|alarm| {
            let evidence = alarm.evidence.as_ref();
            let evidence = evidence.map(|one| memory.keep_evidence(&origin, alarm.kind, one));
            Ok(MonitorAlarm {
                url: url.clone(),
                origin: origin.to_string(),
                kind: alarm.kind.to_owned(),
                detail: alarm.detail.clone(),
                evidence: evidence.transpose()?,
                notes: alarm.notes.iter().map(ToString::to_string).collect(),
            })
        });
        Ok(MonitorLook {
            verdict,
            alarms: alarms.collect::<Result<_, Failure>>()?,
            url,
            origin: Some(origin.to_string()),
            size: Some(checkpoint.size()),
            root: Some(checkpoint.root().to_base64()),
            error: look.error.as_ref().map(|error| audit::failure(error).what().to_owned()),
        })
    }

    fn tell(&self, shown: &MonitorLook) -> Result<(), Failure> {
        if self.json {
            return terminal::json_line(shown);
        }
        let MonitorLook { verdict, url, origin, size, error, .. } = shown;
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
        let url = terminal::escape(url);
        terminal::line(format_args!("{result}  {url}  {}", terminal::escape(&what)))?;
        for alarm in &shown.alarms {
            terminal::line(format_args!("  {}", terminal::escape(&alarm.detail)))?;
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

/// Shows progress, and keeps what is in order, also while a long audit runs.
struct Watching {
    bar: indicatif::ProgressBar,
    log: memory::OfLog,
    /// Entries of the history that is on the disk.
    kept: Arc<AtomicU64>,
}

impl Observer for Watching {
    fn progress(&mut self, done: u64, of: u64) {
        self.bar.set_length(of);
        self.bar.set_position(done);
    }

    fn may_save(&mut self, history: &History) {
        match self.log.keep_history(&history.to_bytes()) {
            Ok(()) => self.kept.store(history.size(), Ordering::Relaxed),
            Err(failure) => {
                tracing::warn!(%failure, "the next look has to begin where this one did");
            }
        }
    }
}
