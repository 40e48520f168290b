//! `onrecord respond`: an organization answers something that a person stated (protocol §5, `response`).

use clap::{Args, ValueEnum};

use super::Outcome;
use super::answer::{About, Organization, draft_about, say, token};
use super::failure::Failure;
use crate::encoding::json::Json;
use crate::encoding::time::Date;

/// Answer, for an organization, what a person stated
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord respond https://ledger.example/e/41-0f… --key acme.key --stage acknowledged --note 'We look at it.'
  onrecord respond ENTRY --key acme.key --stage in-progress --expected-final-by 2026-12-01 --note '…'
  onrecord respond ENTRY --key acme.key --stage final --outcome refund --note 'Paid back today.'

The key must have claimed the domain, and the domain must still list it: see `onrecord org check`.")]
pub(super) struct Respond {
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    by: Organization,
    /// How far the matter is
    #[arg(long, value_enum)]
    stage: Stage,
    /// Day by which the final answer is expected; with --stage in-progress
    #[arg(long, value_name = "DATE", required_if_eq("stage", "in-progress"))]
    expected_final_by: Option<String>,
    /// What comes of it; with --stage final
    #[arg(long, value_enum, required_if_eq("stage", "final"))]
    outcome: Option<Comes>,
    /// The answer, in words that everyone will read
    #[arg(long, value_name = "TEXT")]
    note: String,
    /// Why it takes longer, on one line
    #[arg(long, value_name = "TEXT")]
    delay_reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// It has arrived
    Acknowledged,
    /// It is being worked on
    InProgress,
    /// This is the last answer
    Final,
}

/// What comes of a matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Comes {
    Explanation,
    Refund,
    Credit,
    Repair,
    Replacement,
    Correction,
    Apology,
    PolicyChange,
    None,
}

impl Respond {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        if let Some(day) = &self.expected_final_by {
            Date::parse(day).map_err(|_| {
                let what = "--expected-final-by is not a day that exists";
                Failure::new(what, "Write it as YYYY-MM-DD.")
            })?;
        }
        let answering = self.about.begin()?;
        let key = self.by.open()?;
        let target = answering.target()?;
        let domain = target.domain(&self.by)?;
        let mut draft = draft_about("response", &domain, &target.id, &target.thread)?;
        draft.set("stage", token(self.stage));
        if let Some(day) = self.expected_final_by {
            draft.set("expected_final_by", Json::text(day));
        }
        if let Some(outcome) = self.outcome {
            draft.set("outcome", token(outcome));
        }
        say(&mut draft, "note", Some(self.note))?;
        say(&mut draft, "delay_reason", self.delay_reason)?;
        answering.publish(draft, &key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::answer::tests::expect_every_word;

    #[test]
    fn every_choice_is_a_word_of_the_kind_and_none_is_left_out() {
        expect_every_word::<Stage>("response", "stage");
        expect_every_word::<Comes>("response", "outcome");
    }
}
