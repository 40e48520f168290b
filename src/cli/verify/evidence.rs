//! Evidence against a log, as a monitor writes it, held against the log's key. Nothing is sent anywhere.

use owo_colors::OwoColorize as _;

use crate::cli::failure::Failure;
use crate::cli::pins::Pins;
use crate::cli::{Outcome, terminal};
use crate::tlog::{Origin, Policy};
use crate::verify;
use crate::verify::evidence::{Evidence, judge};
use crate::wire::{self, EvidenceReport};

/// What evidence does not show.
const NOT_CHECKED: [&str; 3] = [
    "who used the key of the log: its operator, or somebody who has it",
    "which of two histories is the older one, where there are two",
    "when it happened, but for what witnesses signed",
];

/// Judges it, and says so.
pub(super) fn run(bytes: &[u8], policy: Option<Policy>, json: bool) -> Result<Outcome, Failure> {
    let evidence = Evidence::parse(bytes).map_err(|error| {
        Failure::mismatch(
            format!("the evidence cannot be read: {error}"),
            "Ask whoever gave it to you for the file as the monitor wrote it.",
        )
    })?;
    let origin = evidence.origin();
    let policy = match policy {
        Some(policy) => policy,
        None => remembered(origin.as_ref())?,
    };
    let verdict = judge(&evidence, &policy);
    let report = EvidenceReport {
        verdict: super::outcome_to_wire(verdict.outcome()),
        origin: origin.as_ref().map(ToString::to_string),
        checks: verdict.checks.into_iter().map(check_to_wire).collect(),
        not_checked: NOT_CHECKED.map(str::to_owned).into(),
    };
    if json {
        terminal::json(&report)?
    } else {
        print(&report)?
    }
    Ok(report.verdict.into())
}

fn remembered(origin: Option<&Origin>) -> Result<Policy, Failure> {
    let Some(origin) = origin else { return super::trust_nobody() };
    Pins::of_this_person()?.policy(origin)?.ok_or_else(|| {
        Failure::new(
            format!("there was no contact with {origin} yet, so no key of it is remembered"),
            "Name a trust policy with the key of that log with --policy.",
        )
    })
}

fn check_to_wire(check: verify::evidence::EvidenceCheck) -> wire::Check {
    wire::Check {
        name: check.name.to_owned(),
        result: super::outcome_to_wire(check.result),
        detail: check.detail,
    }
}

fn print(report: &EvidenceReport) -> Result<(), Failure> {
    let headline = match report.verdict {
        wire::Outcome::Verified => "it shows that the log misbehaved".green().bold().to_string(),
        wire::Outcome::Failed => "it shows nothing".red().bold().to_string(),
        wire::Outcome::NotChecked => "it could not be judged".yellow().bold().to_string(),
    };
    let origin = report.origin.as_deref().unwrap_or("a log");
    terminal::line(format_args!("evidence against {}: {headline}", terminal::escape(origin)))?;
    for wire::Check { name, result, detail } in &report.checks {
        let result = match result {
            wire::Outcome::Verified => "ok         ".green().to_string(),
            wire::Outcome::Failed => "FAILED     ".red().bold().to_string(),
            wire::Outcome::NotChecked => "not checked".yellow().to_string(),
        };
        terminal::line(format_args!("  {result}  {name:<15} {}", terminal::escape(detail)))?;
    }
    terminal::line("What this does not show:".bold())?;
    report.not_checked.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}
