//! `observation`: what the operator saw a domain say of its keys (protocol §9). No keys: it says
//! authoritatively that it has none.

use super::{Effect, Kind, Rules, SignedBy, independent, owner};
use crate::statement::fields::{Field, Fields, Form};

pub(super) const KIND: Kind = Kind {
    name: "observation",
    fields: &[
        Field::optional("document_sha256", Form::Sha256),
        Field::required("domain", Form::Domain),
        Field::required("keys", Form::Keys(0)),
        Field::required("method", Form::Token(&["https", "dns", "both"])),
    ],
    words: &[],
    check: independent,
    rules,
};

fn rules(fields: &Fields) -> Rules<'_> {
    let effect = Effect::Observes { domain: owner(fields), keys: fields.keys("keys") };
    Rules { effect, ..Rules::signed_by(SignedBy::Operator) }
}
