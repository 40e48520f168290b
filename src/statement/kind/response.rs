//! `response`: a subject answers something that the agreement's signers stated.

use super::breach::OUTCOMES;
use super::{Effect, Kind, Rules, SignedBy, only_if, owner};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::refusal::Refusal;
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "response",
    fields: &[
        Field::required("domain", Form::Domain),
        Field::optional("expected_final_by", Form::Date),
        Field::optional("outcome", Form::Token(OUTCOMES)),
        Field::required("re", Form::StatementId),
        Field::required("stage", Form::Token(&["acknowledged", "in_progress", "final"])),
        Field::required("thread", Form::StatementId),
    ],
    words: &[
        Word::Required("note", words::Form::Lines),
        Word::Optional("delay_reason", words::Form::Line),
    ],
    check,
    rules,
};

fn check(fields: &Fields) -> Result<(), Refusal> {
    only_if(fields, "expected_final_by", "stage", "in_progress")?;
    only_if(fields, "outcome", "stage", "final")
}

fn rules(fields: &Fields) -> Rules<'_> {
    Rules { effect: Effect::Responds, ..Rules::signed_by(SignedBy::Subject(owner(fields))) }
}
