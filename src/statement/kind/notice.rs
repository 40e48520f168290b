//! `notice`: anyone asks the operator to withhold words of an entry, and says on what ground. It stands apart
//! from the history of the entry it is about.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{DIGESTS_MAX, Field, Fields, Form};
use crate::statement::words::{self, Word};

/// The grounds on which words are withheld or erased.
pub(super) const GROUNDS: &[&str] =
    &["privacy", "defamation", "court_order", "impersonation", "illegal", "copyright", "spam"];

pub(super) const KIND: Kind = Kind {
    name: "notice",
    fields: &[
        Field::required("digests", Form::Digests(1, DIGESTS_MAX)),
        Field::required("ground", Form::Token(GROUNDS)),
        Field::required("re", Form::StatementId),
        Field::required(
            "role",
            Form::Token(&["subject_person", "organization", "authority", "other"]),
        ),
    ],
    words: &[Word::Required("explanation", words::Form::Lines)],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Notifies(fields.digests("digests"));
    Rules { effect, ..Rules::signed_by(SignedBy::Anyone) }
}
