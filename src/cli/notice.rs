//! `onrecord notice`: anyone asks the operator to withhold words of an entry (protocol §5, `notice`).

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::answer::{About, draft_of, say, token};
use super::failure::Failure;
use super::passphrase::PassphraseSource;
use super::{Outcome, key, terminal};
use crate::encoding::json::Json;
use crate::wire;

/// Ask the operator to withhold words of an entry
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord notice https://ledger.example/e/41-0f… --words narrative --ground privacy \\
      --role subject-person --explanation 'It names me, and I am no party.' --key my.key

A notice is public, and stays on record with the decision on it.")]
pub(super) struct Notice {
    #[command(flatten)]
    about: About,
    /// Names of the words, as `onrecord show` prints them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', required = true)]
    words: Vec<String>,
    /// On what ground
    #[arg(long, value_enum)]
    ground: Ground,
    /// Who you are to the words
    #[arg(long, value_enum)]
    role: Role,
    /// Why, in words that everyone will read
    #[arg(long, value_name = "TEXT")]
    explanation: String,
    /// Key file to sign with
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseSource,
}

/// The grounds on which words are withheld or erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Ground {
    /// They tell of a private life
    Privacy,
    /// They harm a name untruly
    Defamation,
    /// A court ordered it
    CourtOrder,
    /// They are signed in another's name
    Impersonation,
    /// The law forbids them
    Illegal,
    /// They are another's work
    Copyright,
    /// They advertise
    Spam,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    /// The person that the words are about
    SubjectPerson,
    /// An organization
    Organization,
    /// An authority
    Authority,
    /// Somebody else
    Other,
}

impl Notice {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let answering = self.about.begin()?;
        let key = key::open(&self.key, &self.passphrase)?;
        let shown = answering.shown()?;
        let mut draft = draft_of("notice")?;
        draft.set("re", Json::text(shown.id.clone()));
        draft.set("digests", digests_of(&shown, &self.words)?);
        draft.set("ground", token(self.ground));
        draft.set("role", token(self.role));
        say(&mut draft, "explanation", Some(self.explanation))?;
        answering.publish(draft, &key)
    }
}

/// The digests of words of an entry, by their names.
pub(super) fn digests_of(entry: &wire::Entry, names: &[String]) -> Result<Json<'static>, Failure> {
    let mut digests = Vec::new();
    for name in names {
        let named = entry.disclosures.iter().find(|word| word.name.as_deref() == Some(name));
        let word = named.ok_or_else(|| {
            let known: Vec<_> =
                entry.disclosures.iter().filter_map(|word| word.name.as_deref()).collect();
            let what = format!("the entry has no word called {}", terminal::escape(name));
            let known = terminal::escape(&known.join(", ")).into_owned();
            Failure::new(what, format!("Its words are: {known}."))
        })?;
        digests.push(word.digest.clone());
    }
    digests.sort();
    digests.dedup();
    Ok(Json::List(digests.into_iter().map(Json::text).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::answer::tests::expect_every_word;

    #[test]
    fn every_choice_is_a_word_of_the_kind_and_none_is_left_out() {
        expect_every_word::<Ground>("notice", "ground");
        expect_every_word::<Role>("notice", "role");
    }
}
