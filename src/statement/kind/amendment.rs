//! `amendment`: a whole new list of commitments. Only a mutual one changes what is owed.

use super::{Effect, Kind, Rules, SignedBy, subject_or};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::refusal::{Reason, Refusal};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "amendment",
    fields: &[
        Field::required("by", Form::Token(&["mutual", "unilateral"])),
        Field::required("commitments", Form::Commitments),
        Field::optional("domain", Form::Domain),
        Field::required("effective", Form::Date),
        Field::required("thread", Form::StatementId),
    ],
    words: &[
        Word::Optional("title", words::Form::Line),
        Word::Commitments,
        Word::Optional("note", words::Form::Lines),
    ],
    check,
    rules,
};

fn is_mutual(fields: &Fields) -> bool {
    fields.text("by") == Some("mutual")
}

/// A mutual amendment is made by all parties, so it is not made by one subject.
fn check(fields: &Fields) -> Result<(), Refusal> {
    if is_mutual(fields) && fields.has("domain") {
        return Err(Refusal::new(Reason::BadField, "`domain` has no place in a mutual amendment"));
    }
    Ok(())
}

fn rules(fields: &Fields) -> Rules<'_> {
    let mutual = is_mutual(fields);
    let effect = Effect::Amends { commitments: fields.commitments("commitments"), mutual };
    let signed_by =
        if mutual { SignedBy::AllParties } else { subject_or(fields, SignedBy::AllSigners) };
    Rules { effect, ..Rules::signed_by(signed_by) }
}
