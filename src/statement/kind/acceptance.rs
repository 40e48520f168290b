//! `acceptance`: the agreement's signers take an offer that stands.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "acceptance",
    fields: &[
        Field::required("re", Form::StatementId),
        Field::required("thread", Form::StatementId),
    ],
    words: &[Word::Optional("note", words::Form::Lines)],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Accepts(fields.statement_id("re"));
    Rules { effect, ..Rules::signed_by(SignedBy::AllSigners) }
}
