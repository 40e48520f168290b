//! `policy`: the operator's rules. Entry 0 is one; the newest one before an entry governs its admission.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "policy",
    fields: &[
        Field::required("final_days", Form::Integer(1, 365)),
        Field::required("operator_keys", Form::Keys(1)),
        Field::optional("predecessor", Form::Predecessor),
        Field::required("reserved_domains", Form::Boolean),
        Field::required("response_days", Form::Integer(1, 90)),
    ],
    words: &[Word::Optional("rules", words::Form::Lines)],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::SetsPolicy {
        operator_keys: fields.keys("operator_keys"),
        reserved_domains: fields.boolean("reserved_domains").unwrap_or(false),
        has_predecessor: fields.has("predecessor"),
    };
    Rules { effect, ..Rules::signed_by(SignedBy::Operator) }
}
