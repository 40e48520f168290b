//! `onrecord import`: public records of others become threads on a ledger, signed by an importer's key and
//! marked as imported everywhere. Broken off, it goes on where it was; run again, it adds nothing.

mod cfpb;
mod domains;
mod statements;
mod threads;
mod work;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::passphrase::PassphraseSource;
use super::pins::Pins;
use super::publish::fault;
use super::verify::BUNDLE_BYTES_MAX;
use super::{Outcome, files, key, terminal};
use crate::clock;
use crate::crypto::PrivateKey;
use crate::entry::{Bundle, Entry};
use crate::net::LedgerUrl;
use crate::statement::Statement;
use crate::tlog::{Origin, Policy};
use crate::wire;
use statements::Importer;
use work::Work;

/// Claimed times older than this are not used for anything new: a ledger admits 30 days.
const CLAIM_AGE_MAX: std::time::Duration = std::time::Duration::from_secs(25 * 86_400);

/// Put public records of others on a ledger, marked as imported
#[derive(Args)]
pub(super) struct Import {
    #[command(subcommand)]
    source: Source,
}

#[derive(Subcommand)]
enum Source {
    Cfpb(Box<Cfpb>),
}

/// Import complaints from a CSV file of the CFPB's public complaint database
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord import cfpb complaints.csv --to http://localhost:8080
  onrecord import cfpb complaints.csv --to https://ledger.example --domains companies.csv

Each row becomes a thread: an agreement whose one commitment is to answer the complaint,
a breach with what was complained about, and an assessment where the row says that the
answer was disputed.
Start the ledger with --unlimited for a large file: one key signs everything.")]
struct Cfpb {
    /// The CSV file, with its header
    csv: PathBuf,
    /// Address of the ledger
    #[arg(long, value_name = "URL")]
    to: LedgerUrl,
    /// CSV file of company and domain [default: made-up names under .example, where the ledger admits them]
    #[arg(long, value_name = "FILE")]
    domains: Option<PathBuf>,
    /// The importer's key file [default: CSV.importer.key, made if it is not there]
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseSource,
    /// File that remembers what is done [default: CSV.import.jsonl]
    #[arg(long, value_name = "FILE")]
    work: Option<PathBuf>,
    /// Rows in progress at once
    #[arg(long, value_name = "COUNT", default_value_t = 32,
          value_parser = clap::value_parser!(u16).range(1..=1024))]
    parallel: u16,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match self.source {
            Source::Cfpb(cfpb) => cfpb.run(),
        }
    }
}

impl Cfpb {
    fn run(self) -> Result<Outcome, Failure> {
        let complaints = cfpb::read(&self.csv)?;
        let contact = Contact::new(self.to.clone())?;
        let origin = contact.origin()?;
        let policy = remembered(&origin)?;
        let map = self.domains.as_deref().map(domains::read_map).transpose()?.unwrap_or_default();
        let companies = complaints.iter().map(|complaint| complaint.company.as_str()).collect();
        let admits_examples = admits_examples(&contact, &policy)?;
        let domains = domains::resolve(companies, &map, admits_examples)?;
        let importer = Importer::new(self.open_key()?, origin.to_string());
        let did = importer.key().did();
        let mut work = self.open_work(origin.as_str(), did.as_str())?;
        let (done, todo): (Vec<_>, Vec<_>) =
            complaints.iter().partition(|complaint| work.is_done(&complaint.id));
        let job = threads::Job {
            importer: &importer,
            domains: &domains,
            policy: &policy,
            times: work.times.clone(),
            parallel: self.parallel.into(),
        };
        let tally = threads::publish(&job, &todo, &contact, &mut work)?;
        self.print(&wire::ImportSummary {
            rows: complaints.len(),
            rows_done_before: done.len(),
            rows_done: tally.rows,
            rows_failed: tally.rows_failed,
            entries_new: tally.entries_new,
            entries_before: tally.entries_before,
            importer: did.to_string(),
            first_failure: tally.first_failure.clone(),
        })?;
        match tally.first_failure {
            None => Ok(Outcome::Done),
            Some(failure) => Err(Failure::new(
                format!("{} rows failed; the first: {failure}", tally.rows_failed),
                if tally.was_rate_limited {
                    "Run the same command again, it goes on; an operator can start the ledger with \
                     --unlimited for an import."
                } else {
                    "Run the same command again: it goes on with the rows that are not done."
                },
            )),
        }
    }

    fn open_key(&self) -> Result<PrivateKey, Failure> {
        let path = self.key.clone().unwrap_or_else(|| beside(&self.csv, ".importer.key"));
        if path.exists() || self.key.is_some() {
            return key::open(&path, &self.passphrase);
        }
        terminal::note(format_args!("A new importer's key goes to {}.", files::shown(&path)));
        key::create(&path, &self.passphrase)
    }

    fn open_work(&self, origin: &str, did: &str) -> Result<Work, Failure> {
        let path = self.work.clone().unwrap_or_else(|| beside(&self.csv, ".import.jsonl"));
        let now = clock::now();
        let mut work = Work::open(&path, origin, did, now)?;
        let is_stale = |at: &crate::encoding::time::Moment| now.since(*at) > CLAIM_AGE_MAX;
        if work.times.last().is_none_or(is_stale) {
            work.claim(now, origin, did)?;
        }
        Ok(work)
    }

    fn print(&self, summary: &wire::ImportSummary) -> Result<(), Failure> {
        if self.json {
            return terminal::json(summary);
        }
        terminal::line(format_args!(
            "{} of {} rows ({} before): {} entries new, {} there before, {} rows failed",
            (summary.rows_done + summary.rows_done_before).bold(),
            summary.rows,
            summary.rows_done_before,
            summary.entries_new,
            summary.entries_before,
            summary.rows_failed,
        ))
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remembered(origin: &Origin) -> Result<Policy, Failure> {
    Pins::of_this_person()?.policy(origin)?.ok_or_else(|| {
        Failure::new(format!("no key of {origin} is remembered"), "Run the command again.")
    })
}

/// Whether entry 0, the ledger's policy, admits names that are reserved for examples. A later policy may say
/// otherwise; then the ledger refuses, and says so.
fn admits_examples(contact: &Contact, policy: &Policy) -> Result<bool, Failure> {
    let unusable = |what: String| {
        let what = format!("entry 0 of {} is no policy: {what}", contact.client().ledger());
        Failure::new(terminal::escape(&what), "Check that it is the address of a ledger.")
    };
    let bytes = contact.wait(contact.client().get("api/v1/entries/0/bundle", BUNDLE_BYTES_MAX))?;
    let bundle = Bundle::parse(&bytes).map_err(|error| unusable(error.to_string()))?;
    if let Some(fault) = fault(&bundle, policy) {
        return Err(unusable(fault));
    }
    let entry = Entry::parse(&bundle.leaf).map_err(|error| unusable(error.to_string()))?;
    let statement = Statement::read(entry.envelope.payload());
    let statement = statement.map_err(|refusal| unusable(refusal.to_string()))?;
    Ok(statement.fields().boolean("reserved_domains").unwrap_or(false))
}
