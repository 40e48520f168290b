//! `onrecord org claim`: a key that a domain lists begins to speak for it (protocol §5, `claim`).

use std::path::PathBuf;

use clap::Args;

use super::domain;
use crate::cli::answer::{Kept, draft_of, say};
use crate::cli::contact::Contact;
use crate::cli::failure::Failure;
use crate::cli::passphrase::PassphraseSource;
use crate::cli::{Outcome, key};
use crate::encoding::json::Json;
use crate::net::LedgerUrl;

/// Begin to speak for a domain that lists your key
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord org claim acme.example --key acme.key --to https://ledger.example
  onrecord org claim acme.example --key acme.key --to URL --response-days 2 --final-days 14

The ledger asks the domain first: `onrecord org check` shows what it will find. The days are what the
organization is measured by from here on; without them the ledger's own policy counts.")]
pub(super) struct Claim {
    /// The organization's domain, exactly the one that agreements name
    domain: String,
    /// Key file that the domain lists
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseSource,
    /// Address of the ledger
    #[arg(long, value_name = "URL")]
    to: LedgerUrl,
    /// Days in which the organization says it answers first, 1 to 90
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=90))]
    response_days: Option<i64>,
    /// Days in which it says it answers finally, 1 to 365
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=365))]
    final_days: Option<i64>,
    /// Its legal name, on one line
    #[arg(long, value_name = "TEXT")]
    legal_name: Option<String>,
    /// How it is reached, on one line
    #[arg(long, value_name = "TEXT")]
    contact: Option<String>,
    #[command(flatten)]
    result: Kept,
}

impl Claim {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let domain = domain(&self.domain)?;
        let key = key::open(&self.key, &self.passphrase)?;
        let contact = Contact::new(self.to)?;
        let mut draft = draft_of("claim")?;
        draft.set("domain", Json::text(domain.to_string()));
        for (name, days) in [("response_days", self.response_days), ("final_days", self.final_days)]
        {
            if let Some(days) = days {
                draft.set(name, Json::Integer(days));
            }
        }
        say(&mut draft, "legal_name", self.legal_name)?;
        say(&mut draft, "contact", self.contact)?;
        self.result.publish(&contact, draft, &key)
    }
}
