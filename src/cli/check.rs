//! `onrecord check`: a stopped ledger's folder, whole: what an audit checks, and words, packs and index.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use indicatif::ProgressBar;
use owo_colors::OwoColorize as _;

use super::failure::Failure;
use super::running::{self, unusable};
use super::serve::{cannot_start, is_mirror};
use super::stopped::{self, Stopped};
use super::{Outcome, audit, terminal};
use crate::net::FetchError;
use crate::service::View;
use crate::service::audit::{AuditError, Observer, Report};
use crate::service::check::{
    Holder, Wrong, check_entries, check_words_and_index, read_from_objects,
};
use crate::service::recover::RecoverError;
use crate::service::reindex::{ReindexError, build_index};
use crate::store::local::LocalIndex;
use crate::tlog::{Policy, TilePath};
use crate::wire::{self, AuditFinding, CheckReport};

/// What no check of a folder shows.
const NOT_CHECKED: [&str; 3] = [
    "whether the folder is older than what was published, which witnesses, mirrors and monitors show",
    "whether the words are true",
    "whether a key is a certain person's or organization's",
];

/// Check the folder of a stopped ledger: every entry, word, file and the index
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord check
  onrecord check /var/lib/onrecord --json

It checks what `onrecord audit` does, over the files themselves, and that each public word is held
as its digest says, that erased words are gone, and that the index answers what the entries say.
Erasures that were promised are finished, and the index is completed, as every start does; nothing
else is changed.

Exit codes: 0 everything is in order, 1 something is not, 2 it could not be checked.")]
pub(super) struct Check {
    /// Folder that holds the ledger
    #[arg(env = "ONRECORD_DATA", value_name = "DATA", default_value = "./onrecord-data")]
    data: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let Some(stopped) = stopped::open(&self.data, not_whole)? else {
            terminal::line("The ledger has no entries, and so there is nothing to check.")?;
            return Ok(Outcome::CouldNotCheck);
        };
        let Stopped { origin, key, recovered, index, .. } = &stopped;
        let lookup = &recovered.lookup;
        let (index, _) = LocalIndex::open(index).map_err(|error| {
            Failure::new(
                format!("the index cannot be opened: {error}"),
                "Check that the disk has room.",
            )
        })?;
        build_index(lookup, Arc::new(index), &|_, _| ()).map_err(|error| wrong_index(&error))?;
        read_from_objects(lookup).map_err(|error| unusable(&error))?;
        let Some(published) = lookup.memory().published() else {
            return Ok(Outcome::CouldNotCheck);
        };
        let (size, root) = (published.size(), published.root());
        let bar = terminal::bar();
        let view = View::new(lookup.clone(), published);
        let policy = Policy::of_log(key.clone());
        let holder = if is_mirror(&self.data) { Holder::Mirror } else { Holder::Ledger };
        let watching = Watching(bar.clone());
        let audited = running::runtime()?.block_on(check_entries(view, policy, holder, watching));
        bar.set_position(0);
        let progress = |done| bar.set_position(done);
        let wrong = check_words_and_index(lookup, holder, size, &progress);
        bar.finish_and_clear();
        let mut report = CheckReport {
            verdict: wire::Outcome::Verified,
            origin: origin.to_string(),
            size,
            root: root.to_base64(),
            findings: Vec::new(),
            not_checked: NOT_CHECKED.map(str::to_owned).into(),
        };
        take_audit(audited, &mut report)?;
        report.findings.extend(wrong.into_iter().map(to_wire));
        if !report.findings.is_empty() {
            report.verdict = wire::Outcome::Failed;
        }
        if self.json {
            terminal::json(&report)?
        } else {
            print(&report)?
        }
        Ok(report.verdict.into())
    }
}

/// What the start itself finds is a finding of the check.
fn not_whole(error: &RecoverError) -> Failure {
    match error {
        RecoverError::Store(error) => unusable(error),
        error => {
            let failure = cannot_start(error);
            Failure::mismatch(failure.what(), failure.next())
        }
    }
}

fn wrong_index(error: &ReindexError) -> Failure {
    match error {
        ReindexError::Index(error) => {
            Failure::new(error, "Delete the `index` folder: it is built anew from the entries.")
        }
        error => Failure::mismatch(error, "docs/operating.md says more on each case."),
    }
}

/// A file that cannot be read ends the audit: what comes after it was not audited, which is said.
fn take_audit(
    audited: Result<Report, AuditError>,
    report: &mut CheckReport,
) -> Result<(), Failure> {
    match audited {
        Ok(audited) => report.findings.extend(audit::to_wire(&audited.findings)),
        Err(AuditError::Fetch(FetchError::Unreachable { url, cause })) => {
            let path = url.parse::<TilePath>();
            let index = path.map_or(0, |path| path.first_entry());
            report.findings.push(unreadable(index, cause));
            report.not_checked.push(format!(
                "what an audit checks of the entries from {index} on: put the file back, and check again"
            ));
        }
        Err(error) => return Err(audit::failure(&error)),
    }
    Ok(())
}

fn unreadable(index: u64, cause: String) -> AuditFinding {
    to_wire(Wrong { index, name: "unreadable", detail: cause })
}

fn to_wire(wrong: Wrong) -> AuditFinding {
    AuditFinding { index: wrong.index, name: wrong.name.to_owned(), detail: wrong.to_string() }
}

fn print(report: &CheckReport) -> Result<(), Failure> {
    let headline = if report.findings.is_empty() {
        "everything is in order".green().bold().to_string()
    } else {
        "something is not in order".red().bold().to_string()
    };
    terminal::line(format_args!("{}: {headline}", terminal::escape(&report.origin)))?;
    terminal::line(format_args!("  {} entries, root {}", report.size, report.root))?;
    audit::print_findings(&report.findings)?;
    terminal::line("What this does not show:".bold())?;
    report.not_checked.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}

struct Watching(ProgressBar);

impl Observer for Watching {
    fn progress(&mut self, done: u64, of: u64) {
        self.0.set_length(of);
        self.0.set_position(done);
    }
}
