//! `onrecord countersign` and `onrecord decline`: an organization's verdict on an agreement or an amendment
//! (protocol §5, `countersignature`).

use clap::{Args, ValueEnum};

use super::Outcome;
use super::answer::{About, Organization, draft_about, say, token};
use super::failure::Failure;
use crate::encoding::json::Json;

/// Confirm, for an organization, an agreement or an amendment
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord countersign https://ledger.example/e/40-0f… --key acme.key
  onrecord countersign ENTRY --key acme.key --partly --note 'The price was 120, not 140.'

A verdict is given once. To say that it is not so, use `onrecord decline`.")]
pub(super) struct Countersign {
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    by: Organization,
    /// Confirm a part of it only; say which in the note
    #[arg(long, requires = "note")]
    partly: bool,
    /// Words that everyone will read
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Say, for an organization, that an agreement or an amendment is not so
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord decline https://ledger.example/e/40-0f… --key acme.key --reason not-our-customer
  onrecord decline ENTRY --key acme.key --reason terms-differ --note 'We promised a credit.'

A verdict is given once. What the person stated stays on record, and the verdict stands beside it.")]
pub(super) struct Decline {
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    by: Organization,
    /// Why
    #[arg(long, value_enum)]
    reason: Reason,
    /// Words that everyone will read
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Reason {
    /// The person is not a customer
    NotOurCustomer,
    /// Another organization is meant
    WrongOrganization,
    /// It is on record already
    Duplicate,
    /// Other terms were agreed
    TermsDiffer,
    /// Something else
    Other,
}

impl Countersign {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let verdict = if self.partly { "partly" } else { "confirmed" };
        judge(self.about, &self.by, verdict, None, self.note)
    }
}

impl Decline {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        judge(self.about, &self.by, "declined", Some(self.reason), self.note)
    }
}

fn judge(
    about: About,
    by: &Organization,
    verdict: &'static str,
    reason: Option<Reason>,
    note: Option<String>,
) -> Result<Outcome, Failure> {
    let answering = about.begin()?;
    let key = by.open()?;
    let target = answering.target()?;
    let domain = target.domain(by)?;
    let mut draft = draft_about("countersignature", &domain, &target.id, &target.thread)?;
    draft.set("verdict", Json::text(verdict));
    if let Some(reason) = reason {
        draft.set("reason", token(reason));
    }
    say(&mut draft, "note", note)?;
    answering.publish(draft, &key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::answer::tests::expect_every_word;

    #[test]
    fn every_choice_is_a_word_of_the_kind_and_none_is_left_out() {
        expect_every_word::<Reason>("countersignature", "reason");
    }
}
