//! `fulfilment`: commitments that were kept. A subject says so only of what it owes itself.

use super::{Kind, Rules, SignedBy, independent, subject_or};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "fulfilment",
    fields: &[
        Field::required("commitment_numbers", Form::Numbers),
        Field::optional("domain", Form::Domain),
        Field::required("extent", Form::Token(&["full", "partial"])),
        Field::required("occurred_on", Form::Date),
        Field::required("thread", Form::StatementId),
    ],
    words: &[Word::Optional("note", words::Form::Lines), Word::Evidence],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let numbers = fields.numbers("commitment_numbers");
    Rules { numbers, ..Rules::signed_by(subject_or(fields, SignedBy::SomeSigners)) }
}
