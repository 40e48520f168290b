//! `log_keys`: the operator names the keys that sign the log's checkpoints from here on. While an old one retires, both
//! are named.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{Field, Fields, Form};

pub(super) const KIND: Kind = Kind {
    name: "log_keys",
    fields: &[Field::required("vkeys", Form::VerifierKeys)],
    words: &[],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::NamesLogKeys(fields.verifier_keys("vkeys"));
    Rules { effect, ..Rules::signed_by(SignedBy::Operator) }
}
