//! `onrecord sign`: from a TOML file to a signed statement that waits to be published (protocol §3–5).
//! Nothing is sent anywhere, unless `--to` or `--seen` asks a ledger for its name or its checkpoint.

mod build;
mod evidence;
mod examples;
mod recipe;
mod text;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use owo_colors::OwoColorize as _;

use super::contact::Contact;
use super::failure::Failure;
use super::files::{self, Readers};
use super::passphrase::PassphraseSource;
use super::signed_file::SignedFile;
use super::{Outcome, key, terminal};
use crate::clock;
use crate::crypto::PrivateKey;
use crate::encoding::json::Json;
use crate::net::LedgerUrl;
use crate::statement::draft::{Frame, Prepared};
use crate::statement::fields::Seen;
use crate::statement::{Disclosure, Draft, Kind, kind};
use crate::tlog::Origin;

/// A recipe holds at most 96 KiB of words; TOML adds little.
const RECIPE_BYTES_MAX: u64 = 1024 * 1024;

/// Sign a statement that a TOML file describes
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord sign --example agreement > agreement.toml
  onrecord sign agreement agreement.toml --to http://localhost:8080
  onrecord sign breach breach.toml --key agreement.key --log ledger.example

Nothing is published yet: the result, NAME.signed.json, is what `onrecord publish` takes.")]
pub(super) struct Sign {
    /// What kind of statement it is
    #[arg(required_unless_present = "example")]
    kind: Option<Signable>,
    /// The TOML file that describes it
    #[arg(required_unless_present = "example")]
    file: Option<PathBuf>,
    /// Print a commented TOML file of this kind to start from
    #[arg(long, value_name = "KIND", conflicts_with_all = ["kind", "file"])]
    example: Option<Signable>,
    /// Key file to sign with, once for each signer [for an agreement: a fresh key beside the TOML file]
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseSource,
    /// Origin of the ledger it is meant for
    #[arg(long, value_name = "ORIGIN", conflicts_with = "to", required_unless_present_any = ["to", "seen", "example"])]
    log: Option<String>,
    /// Address of the ledger it is meant for, to ask it for its origin
    #[arg(long, value_name = "URL")]
    to: Option<LedgerUrl>,
    /// Name the newest checkpoint of the ledger at this address, to show that the statement is not older
    #[arg(long, value_name = "URL")]
    seen: Option<LedgerUrl>,
    /// The file to write [NAME.signed.json beside the TOML file]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What an individual signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Signable {
    /// What was agreed, and by whom what is owed
    Agreement,
    /// A commitment was not kept
    Breach,
    /// A commitment was kept
    Fulfilment,
    /// How it ended for you
    Assessment,
    /// The agreement changes
    Amendment,
    /// The agreement ends
    Termination,
    /// You take back what you put on record; it stays visible
    Withdrawal,
    /// Sealed words become public
    Reveal,
    /// Words are deleted from the ledger for good
    Erasure,
}

impl Signable {
    fn kind(self) -> Result<&'static Kind, Failure> {
        let name = self.to_possible_value().map(|value| value.get_name().to_owned());
        name.as_deref().and_then(kind::find).ok_or_else(|| {
            Failure::new("this kind cannot be signed by this version", "Take a newer onrecord.")
        })
    }
}

impl Sign {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match (&self.example, self.kind, &self.file) {
            (Some(example), ..) => terminal::bytes(examples::of(*example).as_bytes())?,
            (None, Some(signable), Some(file)) => self.sign(signable.kind()?, file)?,
            _ => {}
        }
        Ok(Outcome::Done)
    }

    fn sign(&self, kind: &'static Kind, file: &Path) -> Result<(), Failure> {
        let draft = read_draft(kind, file)?;
        let out = self.out.clone().unwrap_or_else(|| file.with_extension("signed.json"));
        refuse_existing(&out)?;
        let (log, seen) = self.ledger()?;
        let keys = self.keys(kind, file)?;
        let frame = Frame {
            log,
            signers: keys.iter().map(PrivateKey::did).collect(),
            nonce: key::random()?,
            claimed_at: clock::now().at_the_minute(),
            seen,
        };
        let prepared = draft.prepare(&frame).map_err(|refusal| {
            let what = format!("a ledger would refuse this statement: {refusal}");
            Failure::new(what, format!("Correct {} and sign again.", files::shown(file)))
        })?;
        let envelope = prepared.sign(&keys.iter().collect::<Vec<_>>());
        let signed = SignedFile {
            envelope,
            disclosures: prepared.public.clone(),
            sealed: prepared.sealed.clone(),
        };
        files::write_new(&out, signed.to_text().as_bytes(), Readers::Owner)?;
        print_review(&signed, &prepared, &out)
    }

    /// The origin of the ledger, and a checkpoint of it where one is to be named.
    fn ledger(&self) -> Result<(String, Option<Seen>), Failure> {
        let seen = self.seen.clone().map(|url| Contact::new(url)?.checkpoint()).transpose()?;
        let origin = match (&self.log, &self.to, &seen) {
            (Some(log), ..) => check_origin(log)?,
            (None, Some(url), _) => Contact::new(url.clone())?.origin()?.to_string(),
            (None, None, Some(checkpoint)) => checkpoint.origin().to_string(),
            (None, None, None) => String::new(),
        };
        match seen {
            Some(checkpoint) if checkpoint.origin().as_str() != origin => {
                let what =
                    format!("--seen is a checkpoint of {}, not of {origin}", checkpoint.origin());
                Err(Failure::new(what, "Name one and the same ledger."))
            }
            seen => {
                let seen = seen.map(|at| Seen { root: *at.root(), size: at.size() });
                Ok((origin, seen))
            }
        }
    }

    fn keys(&self, kind: &Kind, file: &Path) -> Result<Vec<PrivateKey>, Failure> {
        if !self.key.is_empty() {
            return self.key.iter().map(|path| key::open(path, &self.passphrase)).collect();
        }
        if kind.name != "agreement" {
            let what = format!(
                "no key is named, and a {} is signed with the key of its agreement",
                kind.name
            );
            return Err(Failure::new(what, "Name that key file with --key."));
        }
        let path = file.with_extension("key");
        let key = key::create(&path, &self.passphrase)?;
        terminal::note(format_args!(
            "A fresh key for this agreement is in {}. Keep a copy of it and of its passphrase: \
             only with it can you follow up.",
            files::shown(&path)
        ));
        Ok(vec![key])
    }
}

fn read_draft(kind: &'static Kind, file: &Path) -> Result<Draft, Failure> {
    let text = files::read_text(file, RECIPE_BYTES_MAX)?;
    let recipe = recipe::Recipe::parse(&text, kind).map_err(|error| {
        let what = format!("{}: {}", files::shown(file), error.to_string().trim_end());
        let next = format!("Compare it with `onrecord sign --example {}`.", kind.name);
        Failure::new(what, next)
    })?;
    build::draft(&recipe, kind, file.parent().unwrap_or(Path::new("")))
}

/// Before a key is made or a passphrase asked for: a name that is taken would waste both.
fn refuse_existing(out: &Path) -> Result<(), Failure> {
    if !out.exists() {
        return Ok(());
    }
    let what = format!("{} exists already", files::shown(out));
    Err(Failure::new(what, "It may hold sealed words: choose another name with --out."))
}

fn check_origin(log: &str) -> Result<String, Failure> {
    log.parse::<Origin>().map(|origin| origin.to_string()).map_err(|error| {
        let what = format!("--log {}: {error}", terminal::escape(log));
        Failure::new(what, "An origin is an address without its scheme, such as ledger.example.")
    })
}

/// Shows what was signed, apart by who will see it.
fn print_review(signed: &SignedFile, prepared: &Prepared, out: &Path) -> Result<(), Failure> {
    let statement = prepared.statement();
    terminal::line(format_args!("{} for {}", statement.kind().name.bold(), statement.log()))?;
    terminal::line(format_args!("{}", signed.envelope.id()))?;
    for signer in statement.signers() {
        terminal::line(format_args!("signed by {signer}"))?;
    }
    if !signed.disclosures.is_empty() {
        terminal::line("Everyone will read:".bold())?;
    }
    for word in &signed.disclosures {
        terminal::line(format_args!("  {}:\n{}", word.name(), shown(word)))?;
    }
    if !signed.sealed.is_empty() {
        terminal::line(
            "Sealed; only the names become public, and only this file holds the words:".bold(),
        )?;
    }
    for word in &signed.sealed {
        terminal::line(format_args!("  {}", word.name()))?;
    }
    terminal::note(format_args!(
        "Written to {}. Publish it with: onrecord publish {} --to URL",
        files::shown(out),
        files::shown(out)
    ));
    Ok(())
}

fn shown(word: &Disclosure) -> String {
    match word.value() {
        Json::Text(text) => terminal::escape_lines(text, "    "),
        other => terminal::escape_lines(&other.to_canonical(), "    "),
    }
}
