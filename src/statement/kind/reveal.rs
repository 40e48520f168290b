//! `reveal`: sealed words of an earlier entry become public. The submission carries those words.

use super::{Effect, Kind, Rules, SignedBy, independent};
use crate::statement::fields::{DIGESTS_MAX, Field, Fields, Form};

pub(super) const KIND: Kind = Kind {
    name: "reveal",
    fields: &[
        Field::required("digests", Form::Digests(1, DIGESTS_MAX)),
        Field::required("re", Form::StatementId),
    ],
    words: &[],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Reveals(fields.digests("digests"));
    Rules { effect, ..Rules::signed_by(SignedBy::AllSignersOfTarget) }
}
