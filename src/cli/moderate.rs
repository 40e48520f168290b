//! `onrecord moderate`: the operator withholds, restores or erases words of an entry, or withholds or restores
//! the entry itself. Each decision is an entry (protocol §5, `moderation`).

use clap::{Args, ValueEnum};

use super::Outcome;
use super::answer::{About, Operator, draft_of, say, token};
use super::failure::Failure;
use super::notice::{Ground, digests_of};
use crate::encoding::json::Json;

/// Decide, as the operator, about words of an entry
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord moderate withhold https://ledger.example/e/41-0f… --words narrative --ground privacy \\
      --source notice --facts 'It names a person who is no party; see entry 43.'
  onrecord moderate restore ENTRY --words narrative --ground privacy --source own-initiative --facts '…'
  onrecord moderate withhold ENTRY --whole --ground spam --source own-initiative --facts '…'

The decision is on record for good, with its ground and its facts; /moderation lists every one.
What is withheld can be restored. What is erased is gone for good. Entries stay, and keep verifying.")]
pub(super) struct Moderate {
    /// What becomes of the words
    #[arg(value_enum)]
    decision: Decision,
    #[command(flatten)]
    about: About,
    /// Names of the words, as `onrecord show` prints them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', required_unless_present = "whole")]
    words: Vec<String>,
    /// The entry itself: pages and API stop showing it, tiles still serve it
    #[arg(long, conflicts_with = "words")]
    whole: bool,
    /// On what ground
    #[arg(long, value_enum)]
    ground: Ground,
    /// What led to it
    #[arg(long, value_enum)]
    source: Source,
    /// Why, in words that everyone will read
    #[arg(long, value_name = "TEXT")]
    facts: String,
    #[command(flatten)]
    operator: Operator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Decision {
    /// Stop serving them
    Withhold,
    /// Serve them again
    Restore,
    /// Delete them for good
    Erase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Source {
    /// A notice
    Notice,
    /// The operator's own look
    OwnInitiative,
    /// Who wrote them
    Author,
    /// A court
    Court,
}

impl Decision {
    const fn token(self) -> &'static str {
        match self {
            Self::Withhold => "withheld",
            Self::Restore => "restored",
            Self::Erase => "erased",
        }
    }
}

impl Moderate {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let key = self.operator.open()?;
        let answering = self.about.begin()?;
        let shown = answering.shown()?;
        let mut draft = draft_of("moderation")?;
        draft.set("re", Json::text(shown.id.clone()));
        draft.set("digests", digests_of(&shown, &self.words)?);
        draft.set("decision", Json::text(self.decision.token()));
        draft.set("ground", token(self.ground));
        draft.set("source", token(self.source));
        say(&mut draft, "facts", Some(self.facts))?;
        answering.publish(draft, &key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::answer::tests::expect_every_word;

    #[test]
    fn every_choice_is_a_word_of_the_kind_and_none_is_left_out() {
        expect_every_word::<Ground>("moderation", "ground");
        expect_every_word::<Source>("moderation", "source");
    }
}
