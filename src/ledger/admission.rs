//! What a submission shows by itself, before the ledger's state is asked.

use super::facts::Facts;
use super::plan::Candidate;
use super::rules::{self, Place};
use crate::statement::signed::read_disclosures;
use crate::statement::{
    Refusal, Refusals, Rejected, Signed, Statement, StatementId, Submission, words,
};

/// A submission that cannot be admitted. It may still have to be answered otherwise: a statement that is
/// logged already is not refused for its words, and a rule that needs the ledger's state may come first.
#[derive(Debug, Clone)]
pub struct Unfit {
    refusal: Refusal,
    read: Option<Box<(StatementId, Statement)>>,
    verified: bool,
}

impl Unfit {
    /// The id of the statement, if its signatures verify: if it is logged, that is the answer.
    pub fn verified_id(&self) -> Option<StatementId> {
        self.statement().filter(|_| self.verified).map(|(id, _)| id)
    }

    /// The statement and its id, if its fields are good.
    pub fn statement(&self) -> Option<(StatementId, &Statement)> {
        self.read.as_ref().map(|read| (read.0, &read.1))
    }

    /// The refusal to report, by what the statement shows alone.
    pub fn into_refusal(self) -> Refusal {
        self.refusal
    }

    /// The refusal to report when the ledger's state is known as well.
    pub fn into_refusal_with(self, facts: &Facts, place: Place) -> Refusal {
        let mut refusals = Refusals::default();
        if let Some((id, statement)) = self.statement() {
            refusals.take(rules::check_names(statement, facts));
            refusals.take(rules::check(id, statement, None, facts, place));
        }
        refusals.add_refusal(self.refusal.clone());
        refusals.into_result().err().unwrap_or(self.refusal)
    }
}

/// Checks everything about a submission that needs no other entry and no clock.
///
/// # Errors
/// [`Unfit`] with the first refusal in the protocol's order.
pub fn read(submission: &Submission, origin: &str) -> Result<Candidate, Unfit> {
    let words = read_disclosures(&submission.disclosures);
    let signed = match Signed::check(submission, origin) {
        Ok(signed) => signed,
        Err(Rejected { refusal, statement: read }) => {
            let refusal =
                words.err().map_or_else(|| refusal.clone(), |other| other.min(refusal.clone()));
            return Err(Unfit { refusal, read, verified: false });
        }
    };
    let checked = words.and_then(|words| {
        words::check(signed.statement(), &words)?;
        Ok(words)
    });
    match checked {
        Ok(words) => Ok(Candidate { signed, words }),
        Err(refusal) => {
            let id = signed.id();
            let (_, statement) = signed.into_parts();
            Err(Unfit { refusal, read: Some(Box::new((id, statement))), verified: true })
        }
    }
}
