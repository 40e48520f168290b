//! `onrecord dump --check`: whether the files of a dump are the entries of the tree that the ledger signed.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use owo_colors::OwoColorize as _;

use super::lines;
use crate::cli::failure::Failure;
use crate::cli::pins::Pins;
use crate::cli::{Outcome, files, policy, terminal};
use crate::crypto::{Hash, Hasher};
use crate::service::dump::{LINES_NAME, MANIFEST_NAME, ROWS_NAME, Rows, csv_header};
use crate::tlog::{Frontier, LogFinding, Policy, SignedCheckpoint};
use crate::wire::{self, DumpCheck, DumpFile, DumpManifest};

const MANIFEST_BYTES_MAX: u64 = 1 << 20;
/// The largest leaf in base64, its copies beside it, and 64 words of 16 KiB each, twice.
const LINE_BYTES_MAX: u64 = 4 << 20;

const NOT_CHECKED: [&str; 5] = [
    "whether the words are true, and whose the keys are",
    "the signatures and rules of each entry, which `onrecord audit` checks",
    "whether the ledger still shows words that are in it: some may have been erased since",
    "which words that are not in it are sealed, withheld or erased, and the thread and origin of import of entries \
     whose own fields do not name them: that is the ledger's word",
    "whether the ledger shows others the same entries",
];

/// What a check came to: `Err` with why it fails.
type Found = Result<String, String>;

/// Checks a folder, prints what was found, and tells how it came out.
pub(super) fn check(folder: &Path, policy: Option<&Path>, json: bool) -> Result<Outcome, Failure> {
    let path = folder.join(MANIFEST_NAME);
    let text = files::read(&path, MANIFEST_BYTES_MAX)?;
    let manifest: DumpManifest = serde_json::from_slice(&text).map_err(|error| {
        let what = format!("{} is no manifest of a dump: {error}", files::shown(&path));
        Failure::new(what, "Name a folder that `onrecord dump` has written.")
    })?;
    let signed: SignedCheckpoint = manifest.checkpoint.parse().map_err(|error| {
        let what = format!("the checkpoint in {} cannot be read: {error}", files::shown(&path));
        Failure::new(what, "Get the dump anew.")
    })?;
    let policy = trusted(policy, &signed)?;
    let mut checks = vec![("manifest", as_signed(&manifest, &signed))];
    checks.push(("log_signature", signed_by_log(&signed, &policy)?));
    let (entries, rows) = read_entries(folder, &manifest)?;
    checks.extend([("entries", entries), ("rows", rows)]);
    conclude(&manifest, checks, json)
}

fn trusted(path: Option<&Path>, signed: &SignedCheckpoint) -> Result<Policy, Failure> {
    if let Some(path) = path {
        return policy::read(path);
    }
    let origin = signed.checkpoint().origin();
    Pins::of_this_person()?.policy(origin)?.ok_or_else(|| {
        let next = "Name a trust policy with --policy, or meet the ledger once at its address.";
        Failure::new(format!("no key of {origin} is remembered"), next)
    })
}

/// What the manifest says beside the checkpoint is what the checkpoint says.
fn as_signed(manifest: &DumpManifest, signed: &SignedCheckpoint) -> Found {
    let checkpoint = signed.checkpoint();
    let same = manifest.origin == checkpoint.origin().as_str()
        && manifest.size == checkpoint.size()
        && manifest.root == checkpoint.root().to_base64();
    let names: Vec<&str> = manifest.files.iter().map(|file| &*file.name).collect();
    let count = manifest.size.checked_sub(manifest.from);
    if !same {
        Err("it does not say of origin, size and root what its checkpoint says".into())
    } else if names != [LINES_NAME, ROWS_NAME] {
        Err(format!("it does not list {LINES_NAME} and {ROWS_NAME}"))
    } else if manifest.files.iter().any(|file| Some(file.rows) != count) {
        Err("its files do not have as many rows as there are entries".into())
    } else {
        Ok(format!(
            "entries {} to {} of {}",
            manifest.from,
            manifest.size.saturating_sub(1),
            manifest.origin
        ))
    }
}

fn signed_by_log(signed: &SignedCheckpoint, policy: &Policy) -> Result<Found, Failure> {
    let judgement = policy.judge(signed);
    Ok(match judgement.log {
        LogFinding::Signed(_) if judgement.holds() => {
            Ok("size and root are signed by the log's key, as the policy asks".into())
        }
        LogFinding::Signed(_) => {
            Err("the checkpoint lacks the witnesses that the policy asks for".into())
        }
        LogFinding::Missing => {
            Err("no key that the policy has of the log signed the checkpoint".into())
        }
        LogFinding::Bad => Err("the signature under the log's name is not by its key".into()),
        LogFinding::UnknownLog => {
            let what = "the policy knows no key of this log";
            return Err(Failure::new(what, "Name another policy with --policy."));
        }
    })
}

/// The lines against leaves, root and manifest, and the rows against the lines.
fn read_entries(folder: &Path, manifest: &DumpManifest) -> Result<(Found, Found), Failure> {
    let none =
        || ("the lines are not in order".to_owned(), "nothing to hold the rows against".to_owned());
    let roots: Option<Vec<Hash>> =
        manifest.before.iter().map(|root| Hash::from_base64(root).ok()).collect();
    let before = roots.and_then(|roots| Frontier::from_roots(manifest.from, roots).ok());
    let Some(before) = before else {
        return Ok((
            Err("`before` is not what stands before the first entry".into()),
            Err(none().1),
        ));
    };
    let lines_path = folder.join(LINES_NAME);
    let file = File::open(&lines_path).map_err(|error| unreadable(&lines_path, &error))?;
    let mut reader = BufReader::new(file);
    let (mut rows, mut of_lines) = (Rows::after(before), Summed::default());
    let mut of_rows = Summed::default();
    of_rows.add(&csv_header());
    let bar = terminal::bar();
    bar.set_length(manifest.size.saturating_sub(manifest.from));
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line);
        if read.map_err(|error| unreadable(&lines_path, &error))? == 0 {
            break;
        }
        of_lines.add(&line);
        let expected = rows.next();
        match rows.take(lines(&line).next().unwrap_or_default()) {
            Ok(row) => of_rows.add(&row),
            Err(fault) => {
                bar.finish_and_clear();
                return Ok((Err(format!("entry {expected}: {fault}")), Err(none().1)));
            }
        }
        bar.set_position(rows.next() - manifest.from);
    }
    bar.finish_and_clear();
    let entries = hold_lines(manifest, &rows, of_lines);
    let rows = hold_rows(folder, manifest, of_rows)?;
    Ok((entries, rows))
}

fn hold_lines(manifest: &DumpManifest, rows: &Rows, summed: Summed) -> Found {
    if rows.next() != manifest.size {
        return Err(format!(
            "they end before entry {}, the tree at {}",
            rows.next(),
            manifest.size
        ));
    }
    if rows.root().to_base64() != manifest.root {
        return Err("they do not have the root that the log signed".into());
    }
    if rows.words() != manifest.words {
        return Err("there are not as many words of each state as the manifest says".into());
    }
    summed.is(LINES_NAME, manifest)?;
    Ok(format!(
        "{} entries have the signed root, each word its digest",
        manifest.size - manifest.from
    ))
}

/// The rows follow from the lines, byte for byte.
fn hold_rows(folder: &Path, manifest: &DumpManifest, expected: Summed) -> Result<Found, Failure> {
    let path = folder.join(ROWS_NAME);
    let mut file = File::open(&path).map_err(|error| unreadable(&path, &error))?;
    let (mut found, mut piece) = (Summed::default(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut piece).map_err(|error| unreadable(&path, &error))? {
            0 => break,
            length => found.add(&piece[..length]),
        }
    }
    let expected = (expected.bytes, expected.hasher.finish());
    let held = (found.bytes, found.hasher.clone().finish());
    Ok(if held == expected {
        found
            .is(ROWS_NAME, manifest)
            .map(|()| "they are what follows from the lines, byte for byte".into())
    } else {
        Err(format!("{ROWS_NAME} is not what follows from the lines"))
    })
}

#[derive(Default)]
struct Summed {
    hasher: Hasher,
    bytes: u64,
}

impl Summed {
    fn add(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    fn is(self, name: &str, manifest: &DumpManifest) -> Result<(), String> {
        let says = |file: &&DumpFile| file.name == name;
        let told = manifest.files.iter().find(says).map(|file| (file.bytes, file.sha256.clone()));
        let found = (self.bytes, self.hasher.finish().to_hex());
        if told == Some(found) {
            Ok(())
        } else {
            Err(format!("{name} has not the length and hash of the manifest"))
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    let what = format!("{} cannot be read: {error}", files::shown(path));
    Failure::new(what, "Get the dump anew: a manifest without its files proves nothing.")
}

fn conclude(
    manifest: &DumpManifest,
    checks: Vec<(&str, Found)>,
    json: bool,
) -> Result<Outcome, Failure> {
    let is_good = checks.iter().all(|(_, result)| result.is_ok());
    if json {
        let of = |good: bool| if good { wire::Outcome::Verified } else { wire::Outcome::Failed };
        let checks = checks.into_iter().map(|(name, result)| wire::Check {
            name: name.into(),
            result: of(result.is_ok()),
            detail: result.unwrap_or_else(|why| why),
        });
        terminal::json(&DumpCheck {
            verdict: of(is_good),
            origin: manifest.origin.clone(),
            size: manifest.size,
            from: manifest.from,
            checks: checks.collect(),
            not_checked: NOT_CHECKED.map(str::to_owned).into(),
        })?;
    } else {
        print(manifest, &checks, is_good)?;
    }
    Ok(if is_good { Outcome::Done } else { Outcome::DoesNotVerify })
}

fn print(manifest: &DumpManifest, checks: &[(&str, Found)], is_good: bool) -> Result<(), Failure> {
    let headline = match is_good {
        true => "verified".green().bold().to_string(),
        false => "does not verify".red().bold().to_string(),
    };
    terminal::line(format_args!("{headline}: a dump of {}", terminal::escape(&manifest.origin)))?;
    for (name, result) in checks {
        let (word, detail) = match result {
            Ok(detail) => ("ok         ".green().to_string(), detail),
            Err(why) => ("FAILED     ".red().bold().to_string(), why),
        };
        terminal::line(format_args!("  {word}  {name:<15} {}", terminal::escape(detail)))?;
    }
    terminal::line("What these checks do not show:".bold())?;
    NOT_CHECKED.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}
