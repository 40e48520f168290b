//! `onrecord prove-complete`: whether a ledger, or a copy of its files, shows everything about a domain. Every entry is
//! fetched and judged here, and nothing the ledger says is believed (protocol §6).

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::pins::Pins;
use super::tile_folder::TileFolder;
use super::{Outcome, audit, files, policy, running, terminal};
use crate::encoding::domain::Domain;
use crate::net::LedgerUrl;
use crate::service::audit::AuditError;
use crate::service::completeness::{Progress, Report, Watcher, prove};
use crate::tlog::{Origin, Policy, SignedCheckpoint};
use crate::verify;
use crate::verify::completeness::{Claim, Completeness};
use crate::wire;

/// Findings printed one by one.
const FINDINGS_SHOWN: usize = 50;
const CHECKPOINT_BYTES_MAX: u64 = 64 * 1024;

/// Check that a ledger shows everything it has about a domain
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord prove-complete acme.example http://localhost:8080
  onrecord prove-complete acme.example https://ledger.example --json
  onrecord prove-complete acme.example ./mirror --policy ledger.policy

It walks the chain of the domain from its newest entry to the first, holds each entry against
the tree that the log signed, and looks at every entry after the newest. What is missing, changed
or out of order is named by its place in the chain (seq) and its index. It covers exactly that
name, and no subdomain of it.
Exit codes: 0 everything is shown, 1 something is not in order, 2 it could not be checked.")]
pub(super) struct ProveComplete {
    /// Domain of the organization, such as acme.example
    #[arg(value_parser = Domain::from_typed)]
    domain: Domain,
    /// Address of the ledger, of a mirror, or a folder with its files (checkpoint, tile/…)
    ledger: String,
    /// Trust policy for its checkpoint (C2SP tlog-policy) [default: the remembered key]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl ProveComplete {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let bar = Bar::new();
        let shown = bar.0.clone();
        let proved = self.prove(bar);
        shown.finish_and_clear();
        let report = proved?.map_err(|error| audit::failure(&error))?;
        if self.json {
            terminal::json(&to_wire(&report.completeness))?;
        } else {
            print(&report.completeness)?;
        }
        Ok(match report.completeness.outcome() {
            verify::Outcome::Verified => Outcome::Done,
            verify::Outcome::Failed => Outcome::DoesNotVerify,
            verify::Outcome::NotChecked => Outcome::CouldNotCheck,
        })
    }

    fn prove(&self, bar: Bar) -> Result<Result<Report, AuditError>, Failure> {
        let folder = Path::new(&self.ledger);
        if folder.is_dir() {
            let policy = self.trusted(&origin_of(folder)?)?;
            let source = TileFolder::new(folder.to_owned());
            let proving = prove(source, &policy, self.domain.clone(), bar);
            return Ok(running::runtime()?.block_on(proving));
        }
        let url: LedgerUrl = self.ledger.parse().map_err(|error| {
            let what = format!("{} is no folder and {error}", terminal::escape(&self.ledger));
            Failure::new(what, "Name a ledger's address, or a folder with its files.")
        })?;
        let contact = Contact::new(url)?;
        let origin = match &self.policy {
            Some(_) => contact.announced()?.checkpoint().origin().clone(),
            None => contact.origin()?,
        };
        let policy = self.trusted(&origin)?;
        let proving = prove(contact.client().clone(), &policy, self.domain.clone(), bar);
        Ok(contact.run(proving))
    }

    fn trusted(&self, origin: &Origin) -> Result<Policy, Failure> {
        if let Some(path) = &self.policy {
            return policy::read(path);
        }
        Pins::of_this_person()?.policy(origin)?.ok_or_else(|| {
            let next = "Name a trust policy with --policy, or meet the ledger once at its address.";
            Failure::new(format!("no key of {origin} is remembered"), next)
        })
    }
}

/// The ledger whose files are in a folder. No signature is checked yet.
fn origin_of(folder: &Path) -> Result<Origin, Failure> {
    let path = folder.join("checkpoint");
    let bytes = files::read(&path, CHECKPOINT_BYTES_MAX)?;
    let signed = std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok());
    let signed: SignedCheckpoint = signed.ok_or_else(|| {
        let what = format!("{} is no checkpoint", files::shown(&path));
        Failure::new(what, "Name a folder with the public files of a ledger.")
    })?;
    Ok(signed.checkpoint().origin().clone())
}

/// Progress on standard error.
struct Bar(ProgressBar);

impl Bar {
    fn new() -> Self {
        let bar = ProgressBar::new(0);
        Self(match ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}, {eta} left") {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        })
    }
}

impl Watcher for Bar {
    fn progress(&mut self, progress: Progress) {
        let (what, done, of) = match progress {
            Progress::Scanned { done, of } => ("newer entries", done, of),
            Progress::Walked { from, to } => ("the chain", from - to.min(from) + 1, from + 1),
        };
        self.0.set_message(what);
        self.0.set_length(of);
        self.0.set_position(done);
    }
}

fn print(found: &Completeness) -> Result<(), Failure> {
    let headline = match found.outcome() {
        verify::Outcome::Verified => "complete".green().bold().to_string(),
        verify::Outcome::Failed => "not in order".red().bold().to_string(),
        verify::Outcome::NotChecked => "could not be checked".yellow().bold().to_string(),
    };
    let (count, checkpoint) = (found.chain.len(), &found.checkpoint);
    let entries = if count == 1 { "entry" } else { "entries" };
    terminal::line(format_args!(
        "{headline}: {count} {entries} about {} on {}",
        found.domain,
        checkpoint.origin()
    ))?;
    for check in found.checks() {
        let result = match check.outcome {
            verify::Outcome::Verified => "ok         ".green().to_string(),
            verify::Outcome::Failed => "FAILED     ".red().bold().to_string(),
            verify::Outcome::NotChecked => "not checked".yellow().to_string(),
        };
        let detail = terminal::escape(&check.detail).into_owned();
        terminal::line(format_args!("  {result}  {:<15} {detail}", check.name.as_str()))?;
    }
    terminal::line(format_args!(
        "  {} entries of the ledger, root {}",
        checkpoint.size(),
        checkpoint.root().to_base64()
    ))?;
    print_findings(found)?;
    if found.outcome() == verify::Outcome::Verified {
        terminal::line("What this shows:".bold())?;
        found.shows().iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))?;
    }
    terminal::line("What this does not show:".bold())?;
    found.not_shown().iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}

/// A single finding stands in the line of its check already.
fn print_findings(found: &Completeness) -> Result<(), Failure> {
    if found.findings.len() < 2 {
        return Ok(());
    }
    for finding in found.findings.iter().take(FINDINGS_SHOWN) {
        terminal::line(format_args!("  {}", terminal::escape(&finding.to_string())))?;
    }
    match found.findings.len().saturating_sub(FINDINGS_SHOWN) {
        0 => Ok(()),
        more => terminal::line(format_args!("  and {more} more; --json prints all")),
    }
}

fn to_wire(found: &Completeness) -> wire::CompletenessReport {
    let newest_given = match found.claim {
        Claim::Newest(head) => Some(wire::ChainHead {
            index: head.index,
            seq: head.seq,
            leaf_hash: head.hash.to_hex(),
        }),
        Claim::Nothing | Claim::NotTold => None,
    };
    let entries = found.chain.iter().map(|shown| wire::ChainEntry {
        seq: shown.seq,
        index: shown.index,
        leaf_hash: shown.hash.to_hex(),
        time: shown.time.to_millis(),
    });
    let checks = found.checks().into_iter().map(|check| wire::Check {
        name: check.name.as_str().to_owned(),
        result: outcome(check.outcome),
        detail: check.detail,
    });
    let findings = found.findings.iter().map(|finding| wire::ChainFinding {
        seq: finding.seq,
        index: finding.index,
        name: finding.fault.name().to_owned(),
        detail: finding.to_string(),
    });
    wire::CompletenessReport {
        verdict: outcome(found.outcome()),
        domain: found.domain.to_string(),
        origin: found.checkpoint.origin().to_string(),
        size: found.checkpoint.size(),
        root: found.checkpoint.root().to_base64(),
        newest_given,
        entries: entries.collect(),
        scanned: found.scanned,
        taken_from_links: found.taken_from_links.clone(),
        checks: checks.collect(),
        findings: findings.collect(),
        shows: found.shows(),
        not_shown: found.not_shown(),
    }
}

const fn outcome(of: verify::Outcome) -> wire::Outcome {
    match of {
        verify::Outcome::Verified => wire::Outcome::Verified,
        verify::Outcome::Failed => wire::Outcome::Failed,
        verify::Outcome::NotChecked => wire::Outcome::NotChecked,
    }
}
