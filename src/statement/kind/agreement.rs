//! `agreement`: what a person and organizations agreed. It opens a thread.

use super::{Effect, Kind, Rules, SignedBy};
use crate::statement::fields::{Debtor, Field, Fields, Form};
use crate::statement::refusal::{Reason, Refusal};
use crate::statement::words::{self, Word};

const BASES: &[&str] = &["written", "online_terms", "spoken", "chat", "statutory", "myterms"];

pub(super) const KIND: Kind = Kind {
    name: "agreement",
    fields: &[
        Field::optional("agreed_on", Form::Date),
        Field::required("basis", Form::Token(BASES)),
        Field::required("commitments", Form::Commitments),
        Field::optional("imported_from", Form::Domain),
        Field::required("lang", Form::Language),
        Field::required("offers", Form::Token(&["welcome", "closed"])),
        Field::required("subjects", Form::Domains),
    ],
    words: &[
        Word::Required("title", words::Form::Line),
        Word::Commitments,
        Word::Optional("signer_name", words::Form::Line),
        Word::Optional("narrative", words::Form::Lines),
        Word::Optional("terms", words::Form::Terms),
        Word::Evidence,
    ],
    check,
    rules,
};

/// Whoever owes something is a party. The protocol's vectors want a name that is none to be a wrong name.
fn check(fields: &Fields) -> Result<(), Refusal> {
    let subjects = fields.domains("subjects");
    for commitment in fields.commitments("commitments") {
        if let Debtor::Subject(domain) = &commitment.by
            && !subjects.contains(domain)
        {
            let detail = format!("`commitments`: {domain} is not among the subjects");
            return Err(Refusal::new(Reason::BadDomain, detail));
        }
    }
    Ok(())
}

fn rules(fields: &Fields) -> Rules<'_> {
    let subjects = fields.domains("subjects");
    let effect = Effect::Opens {
        subjects,
        commitments: fields.commitments("commitments"),
        offers_welcome: fields.text("offers") == Some("welcome"),
    };
    Rules { effect, ..Rules::signed_by(SignedBy::AnyoneBut(subjects)) }
}
