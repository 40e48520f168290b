//! `onrecord end`: the operator ends a ledger and names the one that goes on (protocol §5, `successor`).

use clap::Args;

use super::Outcome;
use super::answer::{Kept, Operator, draft_of};
use super::contact::Contact;
use super::failure::Failure;
use crate::encoding::json::Json;
use crate::net::LedgerUrl;
use crate::tlog::Origin;

/// End a ledger, as its operator, and name the one that goes on
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord end https://ledger.example/2026 --successor ledger.example/2027 --for-good
  curl -o last-checkpoint https://ledger.example/2026/checkpoint
  onrecord serve --origin ledger.example/2027 --predecessor last-checkpoint

The end is an entry, the last one: nothing is admitted after it, no erasure either, and an auditor finds
whatever is. The ledger goes on serving what it holds. docs/operating.md has the whole procedure.")]
pub(super) struct End {
    /// Address of the ledger
    #[arg(value_name = "URL")]
    ledger: LedgerUrl,
    /// Origin of the ledger that goes on
    #[arg(long, value_name = "ORIGIN")]
    successor: Origin,
    /// Says that you know that it cannot be taken back
    #[arg(long)]
    for_good: bool,
    #[command(flatten)]
    operator: Operator,
    #[command(flatten)]
    result: Kept,
}

impl End {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let key = self.operator.open()?;
        let contact = Contact::new(self.ledger)?;
        let origin = contact.origin()?;
        if origin == self.successor {
            let what = format!("{origin} is the ledger that is to end");
            return Err(Failure::new(
                what,
                "Name another one by --successor: no origin is used twice.",
            ));
        }
        if !self.for_good {
            let successor = &self.successor;
            let what = format!("nothing was done: {origin} would end, and {successor} go on");
            let next = "It cannot be taken back. If you want it, say --for-good as well.";
            return Err(Failure::new(what, next));
        }
        let mut draft = draft_of("successor")?;
        draft.set("origin", Json::text(self.successor.to_string()));
        self.result.publish(&contact, draft, &key)
    }
}
