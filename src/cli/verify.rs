//! `onrecord verify`: a bundle held against what one trusts, itemised (protocol §8), or with `--page`
//! everything of onrecord on a web page. For a bundle's file nothing is sent anywhere.

mod counts;
mod evidence;
mod judge;
mod page;
mod report;

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::pins::Pins;
use super::{Outcome, entry_url, files, policy, terminal};
use crate::encoding::time::Moment;
use crate::entry::Bundle;
use crate::tlog::{Origin, Policy, Proof};
use crate::verify::evidence::Evidence;
use crate::verify::{self, Check, CheckResult, Verdict};
use crate::wire;

/// A bundle of the largest entry with all its words is well below this.
pub(super) const BUNDLE_BYTES_MAX: usize = 1024 * 1024;

/// Check a bundle or evidence, offline for a file, or everything of onrecord on a web page
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord verify localhost-8080-1a2b3c4d-7.onrecord.json
  onrecord verify http://localhost:8080/e/7-00112233445566778899aabbccddeeff
  onrecord verify --policy trusted.policy --json - < bundle.json
  onrecord verify fork-….json --policy trusted.policy
  onrecord verify --page https://acme.example/refunds
  onrecord verify --page saved.html --base https://acme.example/refunds

Exit codes: 0 it verifies, 1 it does not, 2 it could not be checked. Of a page: 0 everything on it
verifies, 1 something does not, 2 something could not be checked, or nothing of onrecord is on it.
Of evidence that a monitor wrote: 0 it shows that the log misbehaved, 1 it shows nothing, 2 it could
not be judged.
Without --policy the ledger's key counts that was remembered at the first contact with it.")]
pub(super) struct Verify {
    /// The file of a bundle or of evidence, the address of an entry on a ledger, or - for standard input
    #[arg(required_unless_present = "page", conflicts_with = "page")]
    bundle: Option<String>,
    /// Check every onrecord link, badge, card and element of a web page: its address, a file, or - for
    /// standard input
    #[arg(long, value_name = "URL")]
    page: Option<String>,
    /// Where a page from a file is on the web, for relative addresses on it
    #[arg(long, value_name = "URL", conflicts_with = "bundle")]
    base: Option<String>,
    /// How many seconds a page and the ledgers it names have to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 180, conflicts_with = "bundle",
        value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
    /// Trust policy to hold it against (C2SP tlog-policy) [default: the remembered key of its ledger]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let policy = self.policy.as_deref().map(policy::read).transpose()?;
        if let Some(page) = &self.page {
            return page::run(page, self.base.as_deref(), policy.as_ref(), self.timeout, self.json);
        }
        let bytes = read_bundle(self.bundle.as_deref().unwrap_or("-"))?;
        if Evidence::is_it(&bytes) {
            return evidence::run(&bytes, policy, self.json);
        }
        let policy = match policy {
            Some(policy) => policy,
            None => remembered_policy(&bytes)?,
        };
        let verdict = verify::bundle(&bytes, &policy);
        if self.json {
            terminal::json(&to_wire(&verdict))?
        } else {
            print(&verdict)?
        }
        Ok(match verdict.outcome() {
            verify::Outcome::Verified => Outcome::Done,
            verify::Outcome::Failed => Outcome::DoesNotVerify,
            verify::Outcome::NotChecked => Outcome::CouldNotCheck,
        })
    }
}

fn read_bundle(name: &str) -> Result<Vec<u8>, Failure> {
    if name == "-" {
        return read_standard_input(BUNDLE_BYTES_MAX, "a bundle");
    }
    match entry_url::parse(name)? {
        None => files::read(Path::new(name), BUNDLE_BYTES_MAX as u64),
        Some(entry) => {
            let contact = Contact::new(entry.ledger.clone())?;
            let origin = contact.origin()?;
            let bytes = entry.fetch_bundle(&contact)?;
            require_from(&origin, &bytes)?;
            Ok(bytes)
        }
    }
}

/// Another ledger's entry may well verify, but it is not what was asked for.
fn require_from(origin: &Origin, bytes: &[u8]) -> Result<(), Failure> {
    match origin_of(bytes) {
        Some(other) if other != *origin => Err(Failure::mismatch(
            format!("{origin} answers with an entry of {other}"),
            "Verify it at that ledger, or ask the operator of this one.",
        )),
        _ => Ok(()),
    }
}

fn read_standard_input(bytes_max: usize, what: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().take(bytes_max as u64 + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() <= bytes_max => Ok(bytes),
        Ok(_) => {
            let too_long = format!("standard input is too long for {what}");
            Err(Failure::new(too_long, format!("Send {what} of at most {bytes_max} bytes.")))
        }
        Err(error) => {
            let unreadable = format!("standard input cannot be read: {error}");
            Err(Failure::new(unreadable, format!("Send {what}, or name its file.")))
        }
    }
}

/// What is remembered of the ledger that the bundle says it is from. A bundle that says nothing readable is
/// held against a policy that trusts nobody: it fails by its own bytes.
pub(super) fn remembered_policy(bytes: &[u8]) -> Result<Policy, Failure> {
    let Some(origin) = origin_of(bytes) else { return trust_nobody() };
    Pins::of_this_person()?.policy(&origin)?.ok_or_else(|| {
        Failure::new(
            format!("there was no contact with {origin} yet, so no key of it is remembered"),
            "Name a trust policy with --policy, or verify an entry at the ledger's address once.",
        )
    })
}

/// The ledger that the bundle says it is from.
pub(super) fn origin_of(bytes: &[u8]) -> Option<Origin> {
    let proof: Proof = Bundle::parse(bytes).ok()?.proof.parse().ok()?;
    Some(proof.checkpoint().checkpoint().origin().clone())
}

fn trust_nobody() -> Result<Policy, Failure> {
    Policy::parse(b"quorum none\n")
        .map_err(|error| Failure::new(error, "Report this as a fault of onrecord."))
}

fn print(verdict: &Verdict) -> Result<(), Failure> {
    let headline = match verdict.outcome() {
        verify::Outcome::Verified => "verified".green().bold().to_string(),
        verify::Outcome::Failed => "does not verify".red().bold().to_string(),
        verify::Outcome::NotChecked => "could not be checked".yellow().bold().to_string(),
    };
    terminal::line(format_args!("{headline}{}", about(verdict)))?;
    for check in &verdict.checks {
        terminal::line(row(check))?;
    }
    for (what, value) in times(verdict) {
        terminal::line(format_args!("  {what:<34} {value}"))?;
    }
    terminal::line("What these checks do not show:".bold())?;
    verdict
        .not_checked
        .iter()
        .try_for_each(|text| terminal::line(format_args!("  - {}", terminal::escape(text))))
}

fn about(verdict: &Verdict) -> String {
    let Some(about) = &verdict.about else { return String::new() };
    let kind = about.kind.as_deref().unwrap_or("statement");
    let origin = about.origin.as_ref().map(|origin| format!(" of {origin}")).unwrap_or_default();
    format!(": entry {}{origin}, {}", about.index, terminal::escape(kind))
}

fn row(check: &Check) -> String {
    let result = match check.result {
        CheckResult::Ok => "ok         ".green().to_string(),
        CheckResult::Failed(_) => "FAILED     ".red().bold().to_string(),
        CheckResult::NotChecked => "not checked".yellow().to_string(),
    };
    format!("  {result}  {:<15} {}", check.name.as_str(), terminal::escape(&check.detail))
}

fn times(verdict: &Verdict) -> Vec<(&'static str, String)> {
    let bounds = &verdict.bounds;
    let mut rows = Vec::new();
    let mut add = |what, value: Option<String>| rows.extend(value.map(|value| (what, value)));
    add("claimed by the signer's clock", bounds.claimed_at.map(Moment::to_seconds));
    add("admitted by the ledger's clock", bounds.admitted_at.map(Moment::to_millis));
    add("not older than the ledger of size", bounds.not_before_size.map(|size| size.to_string()));
    add("seen by enough witnesses by", bounds.existed_by.map(Moment::to_seconds));
    rows
}

fn to_wire(verdict: &Verdict) -> wire::Verdict {
    wire::Verdict {
        verdict: outcome_to_wire(verdict.outcome()),
        checks: verdict.checks.iter().map(check_to_wire).collect(),
        not_checked: verdict.not_checked.clone(),
        bounds: wire::Bounds {
            claimed_at: verdict.bounds.claimed_at.map(Moment::to_seconds),
            admitted_at: verdict.bounds.admitted_at.map(Moment::to_millis),
            not_before_size: verdict.bounds.not_before_size,
            existed_by: verdict.bounds.existed_by.map(Moment::to_seconds),
        },
    }
}

const fn outcome_to_wire(outcome: verify::Outcome) -> wire::Outcome {
    match outcome {
        verify::Outcome::Verified => wire::Outcome::Verified,
        verify::Outcome::Failed => wire::Outcome::Failed,
        verify::Outcome::NotChecked => wire::Outcome::NotChecked,
    }
}

fn check_to_wire(check: &Check) -> wire::Check {
    wire::Check {
        name: check.name.as_str().to_owned(),
        result: match check.result {
            CheckResult::Ok => wire::Outcome::Verified,
            CheckResult::Failed(_) => wire::Outcome::Failed,
            CheckResult::NotChecked => wire::Outcome::NotChecked,
        },
        detail: check.detail.clone(),
    }
}
