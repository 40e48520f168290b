//! `onrecord org check`: asks a domain as a ledger does, and says what is wrong and what to do about it.

use clap::Args;
use owo_colors::OwoColorize as _;

use super::super::failure::Failure;
use super::super::terminal::{self, escape};
use super::super::{Outcome, running};
use super::judge::judge;
use super::{domain, origin};
use crate::clock;
use crate::config::check_resolve;
use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::{DomainAnswer, Question};
use crate::net::{Resolve, Sites, look};
use crate::tlog::Origin;
use crate::wire::{DomainCheck, DomainItem, DomainItemName, DomainItemResult, DomainVerdict};

/// Ask a domain for its keys as a ledger does, and explain what is wrong
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord org check acme.example
  onrecord org check acme.example --log ledger.example --json
  onrecord org check acme.example --log http://localhost:8080 --resolve acme.example=127.0.0.1:90

It fetches https://DOMAIN/.well-known/onrecord.json and the TXT records at _onrecord.DOMAIN.
Exit codes: 0 a ledger would find keys, 1 something is wrong, 2 it could not be checked.")]
pub(super) struct Check {
    /// The organization's domain
    domain: String,
    /// The ledger for which it is checked: its origin, or its address to ask it for its origin
    #[arg(long, value_name = "ORIGIN|URL")]
    log: Option<String>,
    /// Ask this address for the site of a domain, by plain HTTP, or give _onrecord.DOMAIN=TEXT as its TXT
    /// record; only for a ledger with a localhost origin. May be repeated
    #[arg(long, value_name = "DOMAIN=ADDRESS", requires = "log")]
    resolve: Vec<Resolve>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let domain = domain(&self.domain)?;
        let origin = self.log.as_deref().map(origin).transpose()?;
        if let Some(origin) = &origin {
            check_resolve(&self.resolve, origin).map_err(|error| {
                Failure::new(error, "Leave --resolve out to see what that ledger sees.")
            })?;
        }
        let sites = Sites::of_the_system(&self.resolve);
        let seen = running::runtime()?.block_on(look(&sites, &domain, clock::instant()));
        let question = Question { domain: &domain, origin: origin.as_ref(), now: clock::now() };
        let (items, answer) = judge(&seen, question);
        let verdict = verdict(&items);
        if self.json {
            terminal::json(&printed(&domain, origin.as_ref(), verdict, items, answer))?
        } else {
            print(&domain, origin.as_ref(), &items, answer.as_ref())?
        }
        Ok(match verdict {
            DomainVerdict::Ok => Outcome::Done,
            DomainVerdict::Wrong => Outcome::DoesNotVerify,
            DomainVerdict::NotChecked => Outcome::CouldNotCheck,
        })
    }
}

/// What is wrong counts before what could not be asked: it has to be put right in any case.
fn verdict(items: &[DomainItem]) -> DomainVerdict {
    let has = |result| items.iter().any(|item| item.result == result);
    if has(DomainItemResult::Failed) {
        DomainVerdict::Wrong
    } else if has(DomainItemResult::NotChecked) {
        DomainVerdict::NotChecked
    } else {
        DomainVerdict::Ok
    }
}

fn printed(
    domain: &Domain,
    origin: Option<&Origin>,
    verdict: DomainVerdict,
    items: Vec<DomainItem>,
    answer: Option<DomainAnswer>,
) -> DomainCheck {
    let keys = answer.iter().flat_map(|answer| &answer.keys).map(ToString::to_string).collect();
    let document_sha256 = answer.as_ref().and_then(|answer| answer.document_sha256);
    DomainCheck {
        domain: domain.to_string(),
        log: origin.map(Origin::to_string),
        verdict,
        method: answer.map(|answer| answer.method.as_str().to_owned()),
        keys,
        document_sha256: document_sha256.map(|hash| hash.to_hex()),
        items,
    }
}

fn print(
    domain: &Domain,
    origin: Option<&Origin>,
    items: &[DomainItem],
    answer: Option<&DomainAnswer>,
) -> Result<(), Failure> {
    let by = origin.map_or_else(|| "from here".to_owned(), |origin| format!("for {origin}"));
    terminal::line(format_args!("{} {}", domain.bold(), format_args!("as it is seen {by}")))?;
    for item in items {
        let label = label(item.result);
        let mark = match item.result {
            DomainItemResult::Ok => label.green().to_string(),
            DomainItemResult::Absent => label.to_owned(),
            DomainItemResult::Failed => label.red().to_string(),
            DomainItemResult::Warning | DomainItemResult::NotChecked => label.yellow().to_string(),
        };
        // Colours have no width.
        let gap = " ".repeat(8usize.saturating_sub(label.len()));
        let name = name(item.name);
        terminal::line(format_args!("  {mark}{gap} {name:9} {}", escape(&item.detail)))?;
        if let Some(next) = &item.next {
            terminal::line(format_args!("                     {} {next}", "next:".bold()))?;
        }
    }
    for key in answer.iter().flat_map(|answer| &answer.keys) {
        terminal::line(format_args!("  {key}"))?;
    }
    Ok(())
}

const fn label(result: DomainItemResult) -> &'static str {
    match result {
        DomainItemResult::Ok => "ok",
        DomainItemResult::Absent => "none",
        DomainItemResult::Warning => "note",
        DomainItemResult::Failed => "wrong",
        DomainItemResult::NotChecked => "unknown",
    }
}

const fn name(name: DomainItemName) -> &'static str {
    match name {
        DomainItemName::Document => "document",
        DomainItemName::Access => "access",
        DomainItemName::Expiry => "expiry",
        DomainItemName::Records => "records",
        DomainItemName::Keys => "keys",
    }
}
