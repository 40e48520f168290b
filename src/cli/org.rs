//! `onrecord org`: how an organization says which keys speak for its domain (protocol §9), finds out whether a
//! ledger would hear it, and has entries delivered.

mod advice;
mod check;
mod claim;
mod init;
mod judge;
mod webhook;

pub(super) use webhook::signed_request;

use clap::{Args, Subcommand};

use super::Outcome;
use super::contact::Contact;
use super::failure::Failure;
use super::terminal::escape;
use crate::encoding::domain::Domain;
use crate::tlog::Origin;

/// Let a domain say which keys speak for it, check what it says, and have entries delivered to it
#[derive(Args)]
pub(super) struct Org {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Init(init::Init),
    Check(check::Check),
    Claim(claim::Claim),
    Webhook(webhook::AskWebhook),
}

impl Org {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match self.action {
            Action::Init(init) => init.run(),
            Action::Check(check) => check.run(),
            Action::Claim(claim) => claim.run(),
            Action::Webhook(webhook) => webhook.run(),
        }
    }

    /// Whether its exit code tells a verdict.
    pub(super) const fn is_check(&self) -> bool {
        matches!(self.action, Action::Check(_))
    }
}

/// A domain as people type it.
fn domain(text: &str) -> Result<Domain, Failure> {
    Domain::from_typed(text).map_err(|error| {
        let what = format!("{} is no domain: {error}", escape(text));
        Failure::new(
            what,
            "Name the domain alone, such as acme.example, without https:// and path.",
        )
    })
}

/// A ledger by its origin, or by its address, where it is asked for its origin.
fn origin(text: &str) -> Result<Origin, Failure> {
    if text.starts_with("http://") || text.starts_with("https://") {
        let url = text.parse().map_err(|error| {
            let what = format!("{}: {error}", escape(text));
            Failure::new(what, "Name the ledger's address, such as https://ledger.example.")
        })?;
        return Contact::new(url)?.origin();
    }
    text.parse().map_err(|error| {
        let what = format!("{} is no origin: {error}", escape(text));
        Failure::new(what, "Name the ledger's origin, as its pages show it, or its address.")
    })
}
