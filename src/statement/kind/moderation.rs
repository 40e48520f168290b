//! `moderation`: the operator withholds, restores or erases words of an entry, or withholds or restores the
//! entry itself where it names no words.

use super::notice::GROUNDS;
use super::{Effect, Kind, Rules, SignedBy};
use crate::statement::fields::{DIGESTS_MAX, Field, Fields, Form};
use crate::statement::refusal::{Reason, Refusal};
use crate::statement::words::{self, Word};

pub(super) const KIND: Kind = Kind {
    name: "moderation",
    fields: &[
        Field::required("decision", Form::Token(&["withheld", "restored", "erased"])),
        Field::required("digests", Form::Digests(0, DIGESTS_MAX)),
        Field::required("ground", Form::Token(GROUNDS)),
        Field::required("re", Form::StatementId),
        Field::required("source", Form::Token(&["notice", "own_initiative", "author", "court"])),
    ],
    words: &[Word::Required("facts", words::Form::Lines)],
    check,
    rules,
};

/// An entry stays in the ledger: only its words can be erased.
fn check(fields: &Fields) -> Result<(), Refusal> {
    if fields.text("decision") == Some("erased") && fields.digests("digests").is_empty() {
        return Err(Refusal::new(Reason::BadField, "`digests`: what is erased is named"));
    }
    Ok(())
}

fn rules(fields: &Fields) -> Rules<'_> {
    let digests = fields.digests("digests");
    let effect = match fields.text("decision") {
        Some("withheld") => Effect::Withholds(digests),
        Some("restored") => Effect::Restores(digests),
        _ => Effect::Erases(digests),
    };
    Rules { effect, ..Rules::signed_by(SignedBy::Operator) }
}
