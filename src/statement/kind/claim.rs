//! `claim`: a key that a domain lists begins to speak for it, and may say in how many days it answers.

use super::{Effect, Kind, Rules, SignedBy, independent, owner};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "claim",
    fields: &[
        Field::required("domain", Form::Domain),
        Field::optional("final_days", Form::Integer(1, 365)),
        Field::optional("response_days", Form::Integer(1, 90)),
    ],
    words: &[
        Word::Optional("legal_name", words::Form::Line),
        Word::Optional("contact", words::Form::Line),
    ],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Claims(owner(fields));
    Rules { effect, ..Rules::signed_by(SignedBy::ListedBy(owner(fields))) }
}
