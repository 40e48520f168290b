//! `onrecord offer`: an organization that is no party to an agreement says what it would do, where the person
//! welcomes offers (protocol §5, `offer`).

use clap::Args;

use super::Outcome;
use super::answer::{About, Organization, draft_of, say};
use super::failure::Failure;
use crate::encoding::json::Json;
use crate::encoding::time::Date;

/// Offer, for another organization, to take a matter over
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord offer https://ledger.example/t/40-0f… --domain bolt.example --key bolt.key \\
      --title 'We repair it' --commitment 'Repaired within a week.' --price '40 euros' --expires 2026-12-24

Only where those who signed the agreement welcome offers, and until the day it expires.")]
pub(super) struct Offer {
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    by: Organization,
    /// What is offered, on one line
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// What the organization would owe
    #[arg(long, value_name = "TEXT")]
    commitment: String,
    /// What it costs, on one line
    #[arg(long, value_name = "TEXT")]
    price: Option<String>,
    /// Last day on which it can be accepted
    #[arg(long, value_name = "DATE")]
    expires: String,
}

impl Offer {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        Date::parse(&self.expires).map_err(|_| {
            Failure::new("--expires is not a day that exists", "Write it as YYYY-MM-DD.")
        })?;
        let domain = self.by.named()?.to_string();
        let answering = self.about.begin()?;
        let key = self.by.open()?;
        let target = answering.target()?;
        let mut draft = draft_of("offer")?;
        draft.set("domain", Json::text(domain));
        draft.set("expires", Json::text(self.expires));
        draft.set("thread", Json::text(target.thread.to_string()));
        say(&mut draft, "title", Some(self.title))?;
        say(&mut draft, "commitment_1", Some(self.commitment))?;
        say(&mut draft, "price", self.price)?;
        answering.publish(draft, &key)
    }
}
