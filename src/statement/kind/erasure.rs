//! `erasure`: words of an earlier entry are deleted for good; the entry keeps verifying.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{DIGESTS_MAX, Field, Fields, Form};

pub(super) const KIND: Kind = Kind {
    name: "erasure",
    fields: &[
        Field::required("digests", Form::Digests(1, DIGESTS_MAX)),
        Field::required("re", Form::StatementId),
        Field::required("reason", Form::Token(&["privacy", "mistake", "other"])),
    ],
    words: &[],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Erases(fields.digests("digests"));
    Rules { effect, ..Rules::signed_by(SignedBy::SomeSignersOfTarget) }
}
