//! `onrecord org webhook`: has a ledger deliver an organization's entries to its endpoint, and shows how that goes
//! (protocol §11). The request is signed by a key that speaks for the domain.

use std::path::PathBuf;

use clap::Args;
use owo_colors::OwoColorize as _;

use super::super::contact::Contact;
use super::super::failure::Failure;
use super::super::passphrase::PassphraseSource;
use super::super::terminal::{self, escape};
use super::super::{Outcome, key};
use super::domain;
use crate::clock;
use crate::crypto::PrivateKey;
use crate::encoding::domain::Domain;
use crate::net::LedgerUrl;
use crate::statement::{self, EnvelopeSignature};
use crate::tlog::Origin;
use crate::webhook::{Action, Endpoint, Request, WEBHOOK_TYPE, request_payload};
use crate::wire::{Webhook, WebhookAttempt, WebhookStatus};

const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Have a ledger deliver entries about a domain to its endpoint, and see how that goes
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord org webhook acme.example --to https://ledger.example --key acme.key --endpoint https://acme.example/in
  onrecord org webhook acme.example --to https://ledger.example --key acme.key --status
  onrecord org webhook acme.example --to https://ledger.example --key acme.key --replay-from 4000
  onrecord org webhook acme.example --to https://ledger.example --key acme.key --delete

The key must have claimed the domain. The secret is shown once, when an endpoint is registered.
Registering again makes a new one, and deliveries go on where they ended.")]
pub(super) struct AskWebhook {
    /// The organization's domain
    domain: String,
    /// The ledger's address
    #[arg(long, value_name = "URL")]
    to: LedgerUrl,
    /// Your key file, of a key that speaks for the domain
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseSource,
    #[command(flatten)]
    action: Asked,
    /// Where to begin: the index of an entry. Without it, where deliveries ended before, or with
    /// what comes from now on
    #[arg(long, value_name = "INDEX", requires = "endpoint")]
    from: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Asked {
    /// Deliver to this https address, on the domain or below it
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Show the last attempts and when the next one is
    #[arg(long)]
    status: bool,
    /// Deliver no more
    #[arg(long)]
    delete: bool,
    /// Deliver again from the entry with this index on
    #[arg(long, value_name = "INDEX")]
    replay_from: Option<u64>,
}

impl AskWebhook {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let domain = domain(&self.domain)?;
        let action = self.action(&domain)?;
        let contact = Contact::new(self.to.clone())?;
        let origin = contact.origin()?;
        let key = key::open(&self.key, &self.passphrase)?;
        let (signer, signed_at) = (key.did(), clock::now());
        let request = Request { domain: domain.clone(), signer, signed_at, action };
        let body = signed_request(&request, &origin, &key);
        let path = format!("api/v1/organizations/{domain}/webhook");
        let sent = contact.client().post(&path, body.into(), ANSWER_BYTES_MAX);
        let (_, answer) = contact.wait(sent)?;
        let webhook: Webhook = serde_json::from_slice(&answer).map_err(|error| {
            let what = format!("the ledger's answer cannot be read: {error}");
            Failure::new(escape(&what), "Check that it is the address of a ledger.")
        })?;
        if self.json {
            terminal::json(&webhook)?
        } else {
            print(&webhook)?
        }
        Ok(Outcome::Done)
    }

    fn action(&self, domain: &Domain) -> Result<Action, Failure> {
        let asked = &self.action;
        if let Some(text) = &asked.endpoint {
            let endpoint = Endpoint::parse(text, domain).map_err(|error| {
                let what = format!("{} cannot be delivered to: {error}", escape(text));
                let next = format!("Name an address such as https://{domain}/onrecord.");
                Failure::new(what, next)
            })?;
            return Ok(Action::Register { endpoint, from: self.from });
        }
        Ok(match asked.replay_from {
            Some(from) => Action::Replay { from },
            None if asked.delete => Action::Delete,
            None => Action::Status,
        })
    }
}

/// A request as it is sent: the envelope over its payload, with the key's signature.
pub(in crate::cli) fn signed_request(request: &Request, log: &Origin, key: &PrivateKey) -> String {
    let payload = request_payload(request, log.as_str());
    let pae = statement::pae(WEBHOOK_TYPE, payload.as_bytes());
    let signature = EnvelopeSignature { keyid: key.did().fingerprint(), signature: key.sign(&pae) };
    let mut body = String::new();
    statement::Envelope::new(WEBHOOK_TYPE, payload.into_bytes(), vec![signature])
        .write_to(&mut body);
    body
}

fn print(webhook: &Webhook) -> Result<(), Failure> {
    let Some(endpoint) = &webhook.endpoint else {
        let none = format_args!("{}: no endpoint registered", escape(&webhook.domain));
        return terminal::line(none);
    };
    let (domain, endpoint) = (escape(&webhook.domain), escape(endpoint));
    terminal::line(format_args!("{} {endpoint}", domain.bold()))?;
    terminal::line(format_args!("  {}", state(webhook)))?;
    terminal::line(format_args!("  next entry  {}", webhook.next_index))?;
    terminal::line(format_args!("  public key  {}", escape(&webhook.public_key)))?;
    if let Some(secret) = &webhook.secret {
        terminal::line(format_args!("  secret      {}", escape(secret)))?;
        terminal::note("Keep the secret where your endpoint reads it: it is not shown again.");
    }
    webhook.attempts.iter().try_for_each(print_attempt)
}

fn state(webhook: &Webhook) -> String {
    match (webhook.state, &webhook.next_attempt_at) {
        (WebhookStatus::None, _) => "no endpoint registered".to_owned(),
        (WebhookStatus::Delivering, _) => "delivering".to_owned(),
        (WebhookStatus::Retrying, at) => {
            let at = at.as_deref().unwrap_or("soon");
            format!("failed; the next attempt is at {}", escape(at))
        }
        (WebhookStatus::Gone, _) => {
            "stopped: the endpoint answered 410. Use --endpoint or --replay-from to go on"
                .to_owned()
        }
        (WebhookStatus::Exhausted, _) => {
            "stopped: every attempt failed. Use --endpoint or --replay-from to go on".to_owned()
        }
    }
}

fn print_attempt(attempt: &WebhookAttempt) -> Result<(), Failure> {
    let result = match (attempt.delivered, attempt.status, &attempt.error) {
        (true, ..) => "delivered".green().to_string(),
        (_, Some(status), _) => format!("answered {status}").yellow().to_string(),
        (.., error) => escape(error.as_deref().unwrap_or("failed")).yellow().to_string(),
    };
    terminal::line(format_args!("  {} entry {}: {result}", escape(&attempt.at), attempt.index))
}
