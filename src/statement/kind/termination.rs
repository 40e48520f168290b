//! `termination`: one side ends the agreement.

use super::{Effect, Kind, Rules, SignedBy, independent, subject_or};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "termination",
    fields: &[
        Field::optional("domain", Form::Domain),
        Field::required("effective", Form::Date),
        Field::required("thread", Form::StatementId),
    ],
    words: &[Word::Optional("note", words::Form::Lines)],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let signed_by = subject_or(fields, SignedBy::AllSigners);
    Rules { effect: Effect::Terminates, ..Rules::signed_by(signed_by) }
}
