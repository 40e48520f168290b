//! `withdrawal`: the signers take back their side. After it they may only assess.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "withdrawal",
    fields: &[Field::required("thread", Form::StatementId)],
    words: &[Word::Optional("note", words::Form::Lines)],
    check: independent,
    rules,
};

fn rules(_: &Fields) -> Rules<'_> {
    Rules { effect: Effect::Withdraws, ..Rules::signed_by(SignedBy::AllSigners) }
}
