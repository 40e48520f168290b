//! `successor`: the operator ends the ledger and names the one that goes on. Nothing is admitted after it.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};

pub(super) const KIND: Kind = Kind {
    name: "successor",
    fields: &[Field::required("origin", Form::Origin)],
    words: &[],
    check: independent,
    rules,
};

fn rules(_: &Fields) -> Rules<'_> {
    Rules { effect: Effect::Ends, ..Rules::signed_by(SignedBy::Operator) }
}
