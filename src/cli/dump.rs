//! `onrecord dump`: every entry of a ledger as files, with the public words, a manifest and the ledger's signature; and
//! the check of such files, which needs no ledger (protocol §11).

mod check;
mod writing;

use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::files::{self, Readers};
use super::pins::Pins;
use super::{Outcome, policy, terminal};
use crate::net::LedgerUrl;
use crate::service::dump::{ANSWER_BYTES, DumpFault, ENTRIES_MAX, MANIFEST_NAME, Rows};
use crate::tlog::{Frontier, Proof, SignedCheckpoint, subtrees_before};
use crate::wire::{DumpManifest, DumpWords};
use writing::Writing;

/// An answer, with a last line of the largest entry with all its words.
const ANSWER_BYTES_MAX: usize = ANSWER_BYTES + (4 << 20);
const PROOF_BYTES_MAX: usize = 256 * 1024;

/// Write every entry of a ledger to files, or check such files
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord dump https://ledger.example --out dump
  onrecord dump https://ledger.example --out dump-2 --from 120000
  onrecord dump --check dump

The folder gets entries.jsonl (each entry with its public words), entries.csv (a row each, for a
spreadsheet: what it would run as a formula stands behind an apostrophe) and manifest.json, which
holds the checkpoint that the ledger signed. --check computes the signed root from the entries,
every word's digest, and the CSV from the lines; nothing is fetched.
Exit codes of --check: 0 it verifies, 1 it does not, 2 it could not be checked.")]
pub(super) struct Dump {
    /// Address of the ledger
    #[arg(required_unless_present = "check", conflicts_with = "check")]
    ledger: Option<LedgerUrl>,
    /// Folder to write to; it must not exist yet, or be empty
    #[arg(
        long,
        value_name = "FOLDER",
        required_unless_present = "check",
        conflicts_with = "check"
    )]
    out: Option<PathBuf>,
    /// First entry: where an earlier dump ended
    #[arg(long, value_name = "INDEX", default_value_t = 0, conflicts_with = "check")]
    from: u64,
    /// Check the files in this folder
    #[arg(long, value_name = "FOLDER")]
    check: Option<PathBuf>,
    /// Trust policy for the checkpoint (C2SP tlog-policy) [default: the remembered key]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Dump {
    /// Whether it was asked to check.
    pub(super) const fn is_check(&self) -> bool {
        self.check.is_some()
    }

    pub(super) fn run(self) -> Result<Outcome, Failure> {
        if let Some(folder) = &self.check {
            return check::check(folder, self.policy.as_deref(), self.json);
        }
        let (Some(ledger), Some(out)) = (&self.ledger, &self.out) else {
            return Err(Failure::new(
                "no ledger and no folder is named",
                "See `onrecord dump --help`.",
            ));
        };
        let contact = Contact::new(ledger.clone())?;
        let signed = self.trusted(&contact)?;
        let checkpoint = signed.checkpoint();
        if self.from >= checkpoint.size() {
            let what = format!(
                "the ledger has {} entries, and none from {} on",
                checkpoint.size(),
                self.from
            );
            return Err(Failure::new(what, "Name with --from the size of the dump before."));
        }
        let before = before(&contact, self.from)?;
        let roots = before.roots().iter().map(|root| root.to_base64()).collect();
        let mut writing = Writing::start(out)?;
        let mut rows = Rows::after(before);
        fetch(&contact, &mut rows, &mut writing, checkpoint.size())?;
        if rows.root() != *checkpoint.root() {
            return Err(not_signed(out));
        }
        let manifest = DumpManifest {
            origin: checkpoint.origin().to_string(),
            checkpoint: signed.to_string(),
            size: checkpoint.size(),
            root: checkpoint.root().to_base64(),
            from: self.from,
            before: roots,
            words: rows.words(),
            files: writing.finish(checkpoint.size() - self.from)?,
        };
        self.conclude(out, &manifest)
    }

    /// The newest checkpoint, which the policy vouches for.
    fn trusted(&self, contact: &Contact) -> Result<SignedCheckpoint, Failure> {
        let policy = match &self.policy {
            Some(path) => policy::read(path)?,
            None => {
                let origin = contact.origin()?;
                Pins::of_this_person()?.policy(&origin)?.ok_or_else(|| {
                    let what = format!("no key of {origin} is remembered");
                    Failure::new(what, "Run the command again.")
                })?
            }
        };
        let signed = contact.announced()?;
        if policy.judge(&signed).holds() {
            return Ok(signed);
        }
        let next = "Hold it against another policy with --policy, or ask the operator.";
        Err(Failure::new("the checkpoint is not one the policy accepts", next))
    }

    fn conclude(&self, out: &Path, manifest: &DumpManifest) -> Result<Outcome, Failure> {
        let mut text = serde_json::to_string_pretty(manifest)
            .map_err(|error| Failure::new(error, "Try again."))?;
        text.push('\n');
        files::write_new(&out.join(MANIFEST_NAME), text.as_bytes(), Readers::Everyone)?;
        if self.json {
            terminal::json(manifest)?;
            return Ok(Outcome::Done);
        }
        let (first, last) = (manifest.from, manifest.size - 1);
        let (folder, origin) = (files::shown(out), terminal::escape(&manifest.origin));
        terminal::line(format_args!(
            "{}: entries {first} to {last} of {origin} are in {folder}",
            "dumped".green().bold()
        ))?;
        terminal::line(format_args!("  {}", told(manifest.words)))?;
        terminal::line(format_args!("  root {}, as the ledger signed it", manifest.root))?;
        terminal::line(
            "Words that are erased later stay in copies: do not publish what the ledger no longer shows.",
        )?;
        Ok(Outcome::Done)
    }
}

/// The complete subtrees before an entry.
fn before(contact: &Contact, from: u64) -> Result<Frontier, Failure> {
    if from == 0 {
        return Ok(Frontier::new());
    }
    let text = contact.text(&format!("api/v1/entries/{from}/proof"), PROOF_BYTES_MAX)?;
    let proof: Option<Proof> = text.parse().ok();
    let roots = proof.map(|proof| {
        let size = proof.checkpoint().checkpoint().size();
        subtrees_before(from, size, proof.path())
    });
    roots.and_then(|roots| Frontier::from_roots(from, roots).ok()).ok_or_else(|| {
        let what = format!("{} gives no proof of entry {from}", contact.client().ledger());
        Failure::new(what, "Check that it is the address of a ledger.")
    })
}

fn fetch(
    contact: &Contact,
    rows: &mut Rows,
    writing: &mut Writing,
    size: u64,
) -> Result<(), Failure> {
    let bar = terminal::bar();
    bar.set_length(size - rows.next());
    let first = rows.next();
    while rows.next() < size {
        let (from, to) = (rows.next(), size.min(rows.next() + ENTRIES_MAX));
        let path = format!("api/v1/dump.jsonl?from={from}&to={to}");
        let answer = contact.wait(contact.client().get(&path, ANSWER_BYTES_MAX))?;
        for line in lines(&answer) {
            let row = rows.take(line).map_err(|fault| refused(rows.next(), &fault))?;
            writing.add(line, &row)?;
        }
        if rows.next() == from {
            let what = format!("the ledger gives no entry {from}, and has signed {size}");
            return Err(Failure::new(what, "Try again; if it stays so, tell its operator."));
        }
        bar.set_position(rows.next() - first);
    }
    bar.finish_and_clear();
    Ok(())
}

/// The lines of an answer or a file, without their ends.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty())
}

fn told(words: DumpWords) -> String {
    let DumpWords { public, sealed, withheld, erased } = words;
    format!(
        "{public} words are public; {sealed} sealed, {withheld} withheld and {erased} erased are not in it"
    )
}

fn refused(index: u64, fault: &DumpFault) -> Failure {
    let what =
        format!("what the ledger gives as entry {index}: {}", terminal::escape(&fault.to_string()));
    Failure::mismatch(
        what,
        "Audit the ledger, and tell its operator. There is no manifest, so this is no dump.",
    )
}

fn not_signed(out: &Path) -> Failure {
    let what = "the entries do not have the root that the ledger signed";
    let next = format!(
        "Audit the ledger, and tell its operator. {} has no manifest, so it is no dump.",
        files::shown(out)
    );
    Failure::mismatch(what, next)
}
