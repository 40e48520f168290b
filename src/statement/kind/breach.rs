//! `breach`: commitments that were not kept, in the signers' view, and what they ask for.

use super::{Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

/// What can be asked for, and what can come of it.
pub const OUTCOMES: &[&str] = &[
    "explanation",
    "refund",
    "credit",
    "repair",
    "replacement",
    "correction",
    "apology",
    "policy_change",
    "none",
];

pub(super) const KIND: Kind = Kind {
    name: "breach",
    fields: &[
        Field::required("commitment_numbers", Form::Numbers),
        Field::required("desired_outcome", Form::Token(OUTCOMES)),
        Field::required("since", Form::Date),
        Field::required("thread", Form::StatementId),
    ],
    words: &[Word::Optional("narrative", words::Form::Lines), Word::Evidence],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let numbers = fields.numbers("commitment_numbers");
    Rules { numbers, ..Rules::signed_by(SignedBy::SomeSigners) }
}
