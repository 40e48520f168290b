//! `onrecord org init`: writes the document that names a domain's keys, and says where it belongs. Nothing is
//! published.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use owo_colors::OwoColorize as _;

use super::super::failure::Failure;
use super::super::files::{self, Readers};
use super::super::terminal::escape;
use super::super::{Outcome, key, terminal};
use super::{domain, origin};
use crate::clock;
use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::{
    DOCUMENT_BYTES_MAX, DOCUMENT_PATH, Document, RECORD_LABEL, record_text,
};
use crate::net::LedgerUrl;
use crate::tlog::Origin;
use crate::wire;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What the document is sent with.
const HEADERS: [(&str, &str); 2] =
    [("Content-Type", "application/json"), ("Access-Control-Allow-Origin", "*")];

/// Write the file by which a domain names its keys, and say where to publish it
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord org init acme.example --key acme.key --log https://ledger.example
  onrecord org init acme.example --key did:key:z6Mk… --key next.key --log ledger.example

The file is published at https://DOMAIN/.well-known/onrecord.json, or its keys as TXT records at
_onrecord.DOMAIN, or both. Whoever can change either decides who speaks for the domain.
Renew the file before it expires; to change the keys, publish another one.")]
pub(super) struct Init {
    /// The organization's domain, exactly the one that agreements name
    domain: String,
    /// A key that speaks for it: a key file, or a did:key; once for each
    #[arg(long, value_name = "FILE|DID", required = true)]
    key: Vec<String>,
    /// A ledger it is for: its origin, or its address to ask it for its origin; once for each
    #[arg(long, value_name = "ORIGIN|URL", required = true)]
    log: Vec<String>,
    /// For how many days it holds
    #[arg(long, value_name = "DAYS", default_value_t = 365,
          value_parser = clap::value_parser!(u32).range(1..=3650))]
    expires: u32,
    /// The file to write; it must not exist
    #[arg(long, value_name = "FILE", default_value = "onrecord.json")]
    out: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Init {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let document = self.document()?;
        let text = document.to_json();
        // What a ledger would refuse is not worth publishing.
        Document::parse(text.as_bytes()).map_err(|fault| {
            let what = format!("no ledger would take this document: {fault}");
            Failure::new(what, "Name every key and every ledger once, and fewer of them.")
        })?;
        files::write_new(&self.out, text.as_bytes(), Readers::Everyone)?;
        if self.json {
            terminal::json(&printed(&document, &self.out))?
        } else {
            print(&document, &self.out)?
        }
        Ok(Outcome::Done)
    }

    fn document(&self) -> Result<Document, Failure> {
        let domain = domain(&self.domain)?;
        let keys: Vec<DidKey> =
            self.key.iter().map(|text| read_key(text)).collect::<Result<_, _>>()?;
        let logs: Vec<_> = self.log.iter().map(|text| origin(text)).collect::<Result<_, _>>()?;
        let on_this_machine =
            |log| LedgerUrl::at_home(log).is_some_and(|url: LedgerUrl| url.is_loopback());
        domain.check_admissible(logs.iter().all(on_this_machine)).map_err(|error| {
            let what = format!("{domain} cannot be a party on these ledgers: it is {error}");
            Failure::new(what, "Name the domain under which the organization is known.")
        })?;
        let expires = clock::now().at_the_minute().plus(DAY * self.expires);
        Ok(Document { domain, expires, keys: keys.into_iter().collect(), logs: unique(logs) })
    }
}

/// A ledger may be named by its origin and by its address.
fn unique(logs: Vec<Origin>) -> Vec<Origin> {
    let mut unique = Vec::new();
    for log in logs {
        if !unique.contains(&log) {
            unique.push(log);
        }
    }
    unique
}

fn read_key(text: &str) -> Result<DidKey, Failure> {
    if !text.starts_with("did:") {
        return key::did(Path::new(text));
    }
    let key: Option<DidKey> = text.parse().ok();
    key.filter(|key| key.public_key().is_ok()).ok_or_else(|| {
        let what = format!("{} is not the did:key of an Ed25519 key", escape(text));
        Failure::new(what, "Name a key file, or what `onrecord key export FILE` prints.")
    })
}

fn address(domain: &Domain) -> String {
    format!("https://{domain}{DOCUMENT_PATH}")
}

fn printed(document: &Document, out: &Path) -> wire::OrganizationInit {
    let name = format!("{RECORD_LABEL}.{}", document.domain);
    let record = |key: &DidKey| wire::TxtRecord { name: name.clone(), text: record_text(key) };
    wire::OrganizationInit {
        file: out.display().to_string(),
        address: address(&document.domain),
        headers: HEADERS.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        expires: document.expires.to_seconds(),
        records: document.keys.iter().map(record).collect(),
    }
}

fn print(document: &Document, out: &Path) -> Result<(), Failure> {
    let Document { domain, expires, keys, logs } = document;
    let address = address(domain);
    let file = files::shown(out);
    terminal::line(format_args!("Written to {file}; it holds until {}.", expires.to_seconds()))?;
    terminal::line("Publish it in one of two ways. If in both, both must name the same keys.\n")?;
    terminal::line("1. On the site:".bold())?;
    terminal::line(format_args!("   address  {address}"))?;
    terminal::line(
        "   answer   200 over HTTPS at exactly that address: no redirect, not even to www",
    )?;
    terminal::line(format_args!("   size     at most {DOCUMENT_BYTES_MAX} bytes, not compressed"))?;
    for (at, (name, value)) in HEADERS.iter().enumerate() {
        let label = if at == 0 { "headers" } else { "" };
        terminal::line(format_args!("   {label:8} {name}: {value}"))?;
    }
    terminal::line("")?;
    terminal::line("2. Or in the DNS, a TXT record for each key:".bold())?;
    for key in keys {
        terminal::line(format_args!("   {RECORD_LABEL}.{domain}.  TXT  \"{}\"", record_text(key)))?;
    }
    terminal::line("   and the address above answers 404, as it does where nothing is.\n")?;
    let log = logs.first().map_or("", |log| log.as_str());
    terminal::line(format_args!(
        "Then see what a ledger sees: onrecord org check {domain} --log {log}"
    ))
}
