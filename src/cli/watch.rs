//! `onrecord watch`: follows what is published, holds it against the ledger's signatures, and tells of each entry.
//! It comes back by itself after an interruption, without gap or repeat.

mod follow;
mod received;
mod tell;

use clap::Args;

use super::Outcome;
use super::contact::Contact;
use super::failure::Failure;
use super::pins::Pins;
use crate::encoding::domain::Domain;
use crate::net::LedgerUrl;
use crate::statement::{StatementId, kind};
use crate::verify::Following;
use follow::Followed;
use tell::Teller;

/// Follow what is published, and check it as it comes
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord watch http://localhost:8080
  onrecord watch https://ledger.example --org acme.example --kind breach
  onrecord watch https://ledger.example --from 0 --json > entries.jsonl
  onrecord watch https://ledger.example --org acme.example --exec './answer.sh'

Of each entry its leaf hash, signatures and place are checked before it is told; every few seconds
a signed checkpoint shows that the ledger holds it and only grew. Words are as the ledger shows
them: `onrecord verify` checks those. With --org, --kind or --thread nobody sees what is left out;
without them it would be noticed. What the clock alone changes in a thread, such as a day that has
passed, is told too, except with --kind: it has no entry, and follows from those of the thread.

--exec runs the command in a shell for each entry, one after the other, with the entry's JSON on
standard input and ONRECORD_INDEX, ONRECORD_KIND, ONRECORD_ID, ONRECORD_LEAF_HASH, ONRECORD_TIME,
ONRECORD_DOMAINS and ONRECORD_ENTRY_URL in its environment. Where it fails, watching stops and says
how to go on.

Exit codes: 0 --count was reached, 1 something does not verify, 2 it could not go on.")]
pub(super) struct Watch {
    /// Address of the ledger
    ledger: LedgerUrl,
    /// Only entries about this organization
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    org: Option<Domain>,
    /// Only entries of this kind
    #[arg(long, value_name = "KIND", value_parser = known_kind)]
    kind: Option<String>,
    /// Only entries of this agreement's thread
    #[arg(long, value_name = "ID")]
    thread: Option<StatementId>,
    /// Index of the first entry wanted, from 0 [default: what is published from now on]
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// Stop after so many entries
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u64).range(1..))]
    count: Option<u64>,
    /// Run this for each entry
    #[arg(long, value_name = "COMMAND")]
    exec: Option<String>,
    /// Print each entry as one line of JSON, as /api/v1/entries shows it, and each erasure and each change by the clock
    /// as another
    #[arg(long)]
    json: bool,
}

impl Watch {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let contact = Contact::new(self.ledger.clone())?;
        let checkpoint = contact.checkpoint()?;
        let origin = checkpoint.origin().clone();
        let policy = Pins::of_this_person()?.policy(&origin)?.ok_or_else(|| {
            Failure::new(format!("no key of {origin} is remembered"), "Try again.")
        })?;
        let keys = policy.log_keys(origin.as_str()).cloned().collect();
        let is_whole = self.org.is_none() && self.kind.is_none() && self.thread.is_none();
        let following = Following::new(origin, keys, is_whole, self.from);
        let teller = Teller::new(&self.ledger, self.json, self.exec.clone());
        let mut followed = Followed::new(&contact, policy, following, teller, &self);
        followed.run()
    }

    /// The address of the stream from that entry on.
    fn path(&self, next: Option<u64>) -> String {
        let parts = [
            next.map(|next| format!("cursor={next}")),
            self.org.as_ref().map(|domain| format!("domain={domain}")),
            self.kind.as_ref().map(|kind| format!("kind={kind}")),
            self.thread.map(|thread| format!("thread={thread}")),
        ];
        let query: Vec<_> = parts.into_iter().flatten().collect();
        let mark = if query.is_empty() { "" } else { "?" };
        format!("api/v1/stream{mark}{}", query.join("&"))
    }
}

/// A domain as people type it, in any case or script.
fn domain(text: &str) -> Result<Domain, String> {
    Domain::from_typed(text).map_err(|error| error.to_string())
}

fn known_kind(text: &str) -> Result<String, String> {
    let names = || kind::ALL.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
    let found = kind::find(text).map(|kind| kind.name.to_owned());
    found.ok_or_else(|| format!("the kinds are {}", names()))
}
