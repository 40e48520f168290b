//! `assessment`: whether the matter was resolved, in the signers' view. It may follow a withdrawal.

use super::{Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "assessment",
    fields: &[
        Field::optional("again", Form::Boolean),
        Field::required("resolved", Form::Token(&["yes", "partly", "no"])),
        Field::optional("satisfaction", Form::Integer(1, 5)),
        Field::required("thread", Form::StatementId),
    ],
    words: &[Word::Optional("note", words::Form::Lines)],
    check: independent,
    rules,
};

fn rules(_: &Fields) -> Rules<'_> {
    Rules { after_withdrawal: true, ..Rules::signed_by(SignedBy::SomeSigners) }
}
