//! `offer`: an organization that has no part in the agreement says what it would do. Only where the signers
//! welcome offers.

use super::{Effect, Kind, Rules, SignedBy, independent, owner};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "offer",
    fields: &[
        Field::required("domain", Form::Domain),
        Field::required("expires", Form::Date),
        Field::required("thread", Form::StatementId),
    ],
    words: &[
        Word::Required("title", words::Form::Line),
        Word::Required("commitment_1", words::Form::Lines),
        Word::Optional("price", words::Form::Line),
    ],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    Rules { effect: Effect::Offers, ..Rules::signed_by(SignedBy::NoSubject(owner(fields))) }
}
