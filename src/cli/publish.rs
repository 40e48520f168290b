//! `onrecord publish`: sends a signed statement to the ledger it is meant for, and keeps the bundle that
//! comes back, once it verifies. Sealed words are never sent; they go into the person's own bundle. Doing it
//! again is harmless: a statement is logged once.

use std::path::{Path, PathBuf};

use clap::Args;
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::files::{self, Readers};
use super::pins::Pins;
use super::signed_file::SignedFile;
use super::verify::BUNDLE_BYTES_MAX;
use super::{Outcome, terminal};
use crate::entry::{Bundle, Entry, file_name};
use crate::net::LedgerUrl;
use crate::statement::{Disclosure, Statement};
use crate::tlog::{Origin, Policy};
use crate::verify::{self, CheckResult, Finding};
use crate::wire;

/// Put signed statements on the record, and keep their bundles
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord publish agreement.signed.json --to http://localhost:8080

What is published stays: others may copy it at once. Sealed words are not sent.
The bundle, ORIGIN-INDEX.onrecord.json, is written beside the file. Keep it: it proves the entry
without the ledger, and only it and the signed file hold your sealed words.")]
pub(super) struct Publish {
    /// Files that `onrecord sign` wrote
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Address of the ledger
    #[arg(long, value_name = "URL")]
    to: LedgerUrl,
    /// Print JSON, a line for each file
    #[arg(long)]
    json: bool,
}

impl Publish {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let contact = Contact::new(self.to.clone())?;
        let origin = contact.origin()?;
        self.files.iter().try_for_each(|file| self.publish(file, &contact, &origin))?;
        Ok(Outcome::Done)
    }

    fn publish(&self, file: &Path, contact: &Contact, origin: &Origin) -> Result<(), Failure> {
        let signed = SignedFile::read(file)?;
        require_meant_for(&signed, origin, file)?;
        let (newly, bundle) = send(&signed, contact)?;
        let (index, is_witnessed) = check(&bundle, &signed, origin)?;
        let path = file.with_file_name(file_name(origin.as_str(), index));
        keep(bundle, &signed, &path)?;
        let id = signed.envelope.id().to_string();
        if self.json {
            let printed = wire::Published {
                file: Some(file.display().to_string()),
                index,
                id,
                newly,
                bundle: path.display().to_string(),
            };
            return terminal::json_line(&printed);
        }
        let how = if newly { "Published" } else { "Published before" };
        terminal::line(format_args!("{}: entry {index} of {origin}", how.bold()))?;
        terminal::line(id)?;
        terminal::line(format_args!("The bundle verifies; it is in {}", files::shown(&path)))?;
        if !is_witnessed {
            terminal::note(
                "Its checkpoint is not witnessed yet: publish again later for one that is.",
            );
        }
        Ok(())
    }
}

/// Before anything is sent: on another ledger it would be refused, after its words were seen.
fn require_meant_for(signed: &SignedFile, origin: &Origin, file: &Path) -> Result<(), Failure> {
    let statement = Statement::read(signed.envelope.payload()).map_err(|refusal| {
        let what = format!("{} holds no statement: {refusal}", files::shown(file));
        Failure::new(what, "Sign it again.")
    })?;
    if statement.log() == origin.as_str() {
        return Ok(());
    }
    let log = terminal::escape(statement.log()).into_owned();
    let what = format!("{} is signed for {log}, and this is {origin}", files::shown(file));
    Err(Failure::new(what, "Publish it there, or sign it again for this ledger."))
}

/// Sends it. Whether it is new there, and the bundle.
pub(super) fn send(signed: &SignedFile, contact: &Contact) -> Result<(bool, Bundle), Failure> {
    let body = signed.to_submission().into();
    let answer = contact.client().post("api/v1/statements", body, BUNDLE_BYTES_MAX);
    let (status, bytes) = contact.wait(answer)?;
    let bundle = Bundle::parse(&bytes).map_err(|error| {
        let what = format!("the ledger took the statement and answered no bundle: {error}");
        Failure::new(what, "Publish it again; that is harmless. If it stays so, tell the operator.")
    })?;
    Ok((status == 201, bundle))
}

/// Checks that the bundle is of this statement and verifies with the remembered key. Its index, and whether
/// it meets the policy's quorum, which a fresh one need not yet.
pub(super) fn check(
    bundle: &Bundle,
    signed: &SignedFile,
    origin: &Origin,
) -> Result<(u64, bool), Failure> {
    const NEXT: &str = "Do not rely on this entry. Show the operator this message.";
    let policy = Pins::of_this_person()?.policy(origin)?;
    let Some(policy) = policy else {
        return Err(Failure::new(format!("no key of {origin} is remembered"), "Try again."));
    };
    if let Some(finding) = fault(bundle, &policy) {
        let what = format!("the ledger's bundle does not verify: {finding}");
        return Err(Failure::new(terminal::escape(&what), NEXT));
    }
    match Entry::parse(&bundle.leaf) {
        Ok(entry) if entry.envelope.id() == signed.envelope.id() => {
            let verdict = verify::bundle(bundle.to_json().as_bytes(), &policy);
            let is_short =
                |check: &verify::Check| check.result == CheckResult::Failed(Finding::QuorumNotMet);
            Ok((entry.index, !verdict.checks.iter().any(is_short)))
        }
        _ => Err(Failure::new("the ledger answered with the bundle of another statement", NEXT)),
    }
}

/// Why the bundle fails, if it does by anything but missing witnesses.
pub(super) fn fault(bundle: &Bundle, policy: &Policy) -> Option<String> {
    let verdict = verify::bundle(bundle.to_json().as_bytes(), policy);
    let failed = verdict.checks.iter().find(|check| match &check.result {
        CheckResult::Ok => false,
        CheckResult::Failed(finding) => *finding != Finding::QuorumNotMet,
        CheckResult::NotChecked => matches!(check.name, verify::CheckName::LogSignature),
    });
    failed.map(|check| format!("{}: {}", check.name.as_str(), check.detail))
}

/// Writes the person's own copy: with the sealed words of the file, and of a copy that is there already.
pub(super) fn keep(mut bundle: Bundle, signed: &SignedFile, path: &Path) -> Result<(), Failure> {
    let mut sealed: Vec<_> = signed.sealed.iter().map(|word| word.encoded().to_owned()).collect();
    if path.exists() {
        let before = Bundle::parse(&files::read(path, BUNDLE_BYTES_MAX as u64)?).ok();
        let Some(before) = before.filter(|before| before.leaf == bundle.leaf) else {
            let what = format!("{} exists and holds something else", files::shown(path));
            return Err(Failure::new(what, "Move it away and publish again; that is harmless."));
        };
        sealed.extend(before.sealed);
    }
    let mut kept: Vec<String> = Vec::new();
    for word in sealed {
        if !kept.contains(&word) && !bundle.disclosures.contains(&word) && is_word(&word) {
            kept.push(word);
        }
    }
    bundle.sealed = kept;
    // A ledger gives words in an order of its own; the person's is the one they were signed in.
    bundle.disclosures.sort_by_key(|word| {
        signed.disclosures.iter().position(|signed| signed.encoded() == word).unwrap_or(usize::MAX)
    });
    let readers = if bundle.sealed.is_empty() { Readers::Everyone } else { Readers::Owner };
    files::replace(path, format!("{}\n", bundle.to_json()).as_bytes(), readers)
}

fn is_word(encoded: &str) -> bool {
    Disclosure::parse(encoded).is_ok()
}
