//! `countersignature`: a subject's verdict on the agreement or on an amendment of it.

use super::{Effect, Kind, Rules, SignedBy, only_if, owner};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::refusal::Refusal;
use crate::statement::words::{self, Word};

const REASONS: &[&str] =
    &["not_our_customer", "wrong_organization", "duplicate", "terms_differ", "other"];

pub(super) const KIND: Kind = Kind {
    name: "countersignature",
    fields: &[
        Field::required("domain", Form::Domain),
        Field::required("re", Form::StatementId),
        Field::optional("reason", Form::Token(REASONS)),
        Field::required("thread", Form::StatementId),
        Field::required("verdict", Form::Token(&["confirmed", "partly", "declined"])),
    ],
    words: &[Word::Optional("note", words::Form::Lines)],
    check,
    rules,
};

fn check(fields: &Fields) -> Result<(), Refusal> {
    only_if(fields, "reason", "verdict", "declined")
}

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Judges { domain: owner(fields), re: fields.statement_id("re") };
    Rules { effect, ..Rules::signed_by(SignedBy::Subject(owner(fields))) }
}
