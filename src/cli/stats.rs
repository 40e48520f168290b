//! `onrecord stats`: the metrics of an organization as a ledger gives them, held against those that follow from
//! its log alone (protocol, "Metrics of an organization"). Nothing of the answer is believed but the checkpoint
//! it says it was computed at, whose root is recomputed too.

use std::path::PathBuf;

use clap::Args;
use owo_colors::OwoColorize as _;

use super::audit::{failure, stop_on_interrupt, trusted};
use super::contact::Contact;
use super::failure::Failure;
use super::recount::{Gathered, Recount, Wanted};
use super::terminal;
use super::{Outcome, audit};
use crate::encoding::domain::Domain;
use crate::net::LedgerUrl;
use crate::service::audit::{AuditError, Report, Settings, audit as audit_ledger};
use crate::thread::metrics::PERIODS;
use crate::wire::{self, Meta, MetricsFigure, OrganizationMetrics, StatsPeriod, StatsReport};

/// 23 figures with their sentences make about 8 KiB.
const METRICS_BYTES_MAX: usize = 256 * 1024;

/// Hold the metrics that a ledger gives of an organization against its log
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord stats acme.example --recompute http://localhost:8080
  onrecord stats acme.example --recompute https://ledger.example --days 365 --json

It asks the ledger for the figures, audits the whole log from the first entry on, computes the
figures from that alone at the same checkpoint, and compares them to the digit.
Exit codes: 0 all figures are the same, 1 one differs or the log is not in order, 2 it could not
be checked.")]
pub(super) struct Stats {
    /// Domain of the organization
    #[arg(value_parser = Domain::from_typed)]
    domain: Domain,
    /// Address of the ledger whose figures are recomputed
    #[arg(long, value_name = "URL")]
    recompute: LedgerUrl,
    /// Days the figures are over, 90 or 365 [default: both]
    #[arg(long, value_parser = days)]
    days: Option<u16>,
    /// Trust policy for its checkpoint (C2SP tlog-policy) [default: the remembered key]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn days(text: &str) -> Result<u16, String> {
    let days = text.parse().ok().filter(|days| PERIODS.contains(days));
    days.ok_or_else(|| "metrics are over 90 or 365 days".to_owned())
}

/// What a recomputation cannot show.
const NOT_CHECKED: [&str; 3] = [
    "whether what was stated is true",
    "whether people put on record what happened to them",
    "whether the ledger shows others the same entries, which witnesses and other auditors show",
];

impl Stats {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let contact = Contact::new(self.recompute.clone())?;
        let origin = contact.origin()?;
        let policy = trusted(self.policy.as_deref(), &origin)?;
        let periods = self.days.map_or(PERIODS.to_vec(), |days| vec![days]);
        let given = periods.iter().map(|days| self.ask(&contact, *days));
        let given = given.collect::<Result<Vec<_>, _>>()?;
        let size = |given: &OrganizationMetrics| given.meta.checkpoint_size;
        let wanted = given.iter().map(|given| Wanted::new(self.domain.clone(), size(given)));
        let recount = Recount::new(wanted.collect());
        let (counted, bar) = (recount.counted(), recount.bar());
        let settings = Settings { policy, resume: None, stop: stop_on_interrupt(&contact) };
        let result = contact.run(audit_ledger(contact.client().clone(), settings, recount));
        bar.finish_and_clear();
        let report = match result {
            Ok(report) => report,
            Err(error @ AuditError::Changed(_)) => {
                terminal::line(format_args!("{}", error.to_string().red()))?;
                return Ok(Outcome::DoesNotVerify);
            }
            Err(error) => return Err(failure(&error)),
        };
        let counted = counted.take();
        let compared =
            given.into_iter().zip(counted).map(|(given, wanted)| self.compare(given, &wanted));
        self.conclude(&report, compared.collect())
    }

    fn ask(&self, contact: &Contact, days: u16) -> Result<OrganizationMetrics, Failure> {
        let path = format!("api/v1/organizations/{}/metrics?days={days}", self.domain);
        let text = contact.text(&path, METRICS_BYTES_MAX)?;
        serde_json::from_str(&text).map_err(|error| {
            let what = format!("{} gives no metrics: {error}", self.recompute);
            Failure::new(what, "Check that it is the address of a ledger of this version.")
        })
    }

    /// Holds what the ledger gives against what was counted at that checkpoint.
    fn compare(&self, given: OrganizationMetrics, counted: &Wanted) -> StatsPeriod {
        let recomputed = self.metrics(&given, counted);
        StatsPeriod { same: recomputed.as_ref() == Some(&given), given, recomputed }
    }

    /// The metrics that the log gives over as many days; nothing where the audit did not come so far.
    fn metrics(
        &self,
        given: &OrganizationMetrics,
        counted: &Wanted,
    ) -> Option<OrganizationMetrics> {
        let Gathered { threads, until, root } = counted.gathered()?;
        let metrics = threads.metrics(&self.domain, given.days, until)?;
        let meta = Meta {
            checkpoint_size: given.meta.checkpoint_size,
            root: root.to_base64(),
            as_of: until.to_millis(),
            looked_back_to: None,
        };
        Some(OrganizationMetrics::new(&metrics, meta))
    }

    fn conclude(&self, report: &Report, periods: Vec<StatsPeriod>) -> Result<Outcome, Failure> {
        let differs = |period: &StatsPeriod| period.recomputed.is_some() && !period.same;
        let outcome = if !report.findings.is_empty() || periods.iter().any(differs) {
            Outcome::DoesNotVerify
        } else if report.is_complete() && periods.iter().all(|period| period.same) {
            Outcome::Done
        } else {
            Outcome::CouldNotCheck
        };
        let checkpoint = report.checkpoint.checkpoint();
        let shown = StatsReport {
            verdict: match outcome {
                Outcome::Done => wire::Outcome::Verified,
                Outcome::DoesNotVerify => wire::Outcome::Failed,
                Outcome::CouldNotCheck => wire::Outcome::NotChecked,
            },
            domain: self.domain.to_string(),
            origin: checkpoint.origin().to_string(),
            audited: report.checked,
            findings: report.findings.len() as u64,
            periods,
            not_checked: NOT_CHECKED.map(str::to_owned).into(),
        };
        if self.json {
            terminal::json(&shown)?
        } else {
            print(&shown, report)?
        }
        Ok(outcome)
    }
}

fn print(shown: &StatsReport, report: &Report) -> Result<(), Failure> {
    let headline = match shown.verdict {
        wire::Outcome::Verified => "the log gives the same figures".green().bold().to_string(),
        wire::Outcome::Failed => "the log does not give these figures".red().bold().to_string(),
        wire::Outcome::NotChecked => {
            "the figures could not be recomputed".yellow().bold().to_string()
        }
    };
    terminal::line(format_args!("{} on {}: {headline}", shown.domain, shown.origin))?;
    terminal::line(format_args!("  {} entries audited from the first on", shown.audited))?;
    audit::print_findings(&audit::to_wire(&report.findings))?;
    for period in &shown.periods {
        print_period(period)?;
    }
    terminal::line("What this does not show:".bold())?;
    NOT_CHECKED.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}

fn print_period(period: &StatsPeriod) -> Result<(), Failure> {
    let StatsPeriod { given, recomputed, .. } = period;
    let (until, root) = (terminal::escape(&given.until), terminal::escape(&given.meta.root));
    let size = given.meta.checkpoint_size;
    terminal::line(format_args!("{} days until {until}", given.days))?;
    terminal::line(format_args!("  at checkpoint {size}, root {root}"))?;
    let Some(recomputed) = recomputed else {
        return terminal::line("  The audit did not come to this checkpoint.");
    };
    if recomputed.meta.root != given.meta.root {
        let root = &recomputed.meta.root;
        terminal::line(format_args!("  {} the log's root there is {root}", "differs:".red()))?;
    } else if (&recomputed.after, &recomputed.until) != (&given.after, &given.until) {
        let (after, until) = (&recomputed.after, &recomputed.until);
        let differs = "differs:".red();
        terminal::line(format_args!("  {differs} the period is after {after} until {until}"))?;
    }
    terminal::line(format_args!("  {:<25} {:<22} {}", "", "the ledger says", "the log gives"))?;
    let most = given.figures.len().max(recomputed.figures.len());
    for place in 0..most {
        let (said, counted) = (given.figures.get(place), recomputed.figures.get(place));
        let name = said.or(counted).map_or("", |figure| figure.name.as_str());
        let mark = if said == counted { String::new() } else { format!(" {}", "differs".red()) };
        terminal::line(format_args!(
            "  {:<25} {:<22} {}{mark}",
            terminal::escape(name),
            said.map_or("-".to_owned(), figure),
            counted.map_or("-".to_owned(), figure),
        ))?;
    }
    Ok(())
}

/// A figure on a line: how many of how many, and what that makes.
fn figure(figure: &MetricsFigure) -> String {
    let part = format!("{} of {}", figure.numerator, figure.denominator);
    match (figure.percent, figure.seconds) {
        (Some(percent), _) => format!("{part}, {percent}%"),
        (None, Some(seconds)) => format!("{part}, {seconds} s"),
        (None, None) => part,
    }
}
