//! The clear fields of a statement as rows: what each is called, and its value as people read it. What
//! stands elsewhere on the page (commitments, thread) is left to it.

use super::EntryLinks;
use crate::encoding::domain::Domain;
use crate::encoding::json::{self, Json};
use crate::http::pages::Visit;
use crate::http::pages::markup::{Markup, escape};
use crate::statement::fields::{Field, Form};
use crate::statement::{COMMON, Statement};

/// The order in which a page shows fields; what is not named here comes after, as in the kind's table.
const ORDER: [&str; 21] = [
    "subjects",
    "domain",
    "imported_from",
    "by",
    "basis",
    "agreed_on",
    "commitment_numbers",
    "since",
    "desired_outcome",
    "extent",
    "occurred_on",
    "resolved",
    "satisfaction",
    "again",
    "effective",
    "re",
    "digests",
    "reason",
    "offers",
    "lang",
    "operator_keys",
];
/// Fields that the page shows in places of their own.
const ELSEWHERE: [&str; 2] = ["commitments", "thread"];

/// A row: what it is called, and one value or several.
pub struct Fact {
    /// What it is called.
    pub label: Markup,
    /// Its values.
    pub values: Vec<Markup>,
}

/// The rows of a statement of a known kind.
pub fn facts(visit: &Visit, statement: &Statement, links: &EntryLinks) -> Vec<Fact> {
    let place = |field: &Field| ORDER.iter().position(|name| *name == field.name);
    let mut fields: Vec<&Field> = statement.kind().fields.iter().collect();
    fields.retain(|field| statement.fields().has(field.name) && !ELSEWHERE.contains(&field.name));
    fields.sort_by_key(|field| place(field).unwrap_or(ORDER.len()));
    let row = |field: &&Field| Fact {
        label: Markup::trusted(visit.say(label(statement, field)).to_string()),
        values: values(visit, statement, field, links),
    };
    fields.iter().map(row).collect()
}

/// What a field is called. Of a domain that was observed, nothing is stated by the organization.
fn label(statement: &Statement, field: &Field) -> String {
    match (statement.kind().name, field.name) {
        ("observation", "domain") => "field-observed".to_owned(),
        (_, name) => format!("field-{name}"),
    }
}

/// The members of a payload of a kind that is not known, but those that every statement has.
pub fn raw_facts(payload: &[u8]) -> Vec<Fact> {
    let Ok(Json::Map(members)) = json::parse(payload) else { return Vec::new() };
    let is_own = |name: &str| COMMON.iter().all(|common| common.name != name);
    let row = |(name, value): &(std::borrow::Cow<'_, str>, Json<'_>)| Fact {
        label: Markup::code(name),
        values: vec![match value {
            Json::Text(text) => Markup::code(text),
            other => Markup::code(&other.to_canonical()),
        }],
    };
    members.iter().filter(|(name, _)| is_own(name)).map(row).collect()
}

fn values(visit: &Visit, statement: &Statement, field: &Field, links: &EntryLinks) -> Vec<Markup> {
    let (fields, name) = (statement.fields(), field.name);
    let said = |message: String| Markup::trusted(visit.say(message).to_string());
    match field.form {
        Form::Token(_) => {
            let token = fields.text(name).unwrap_or_default();
            vec![said(format!("token-{name}-{token}"))]
        }
        Form::Boolean => {
            let answer = if fields.boolean(name) == Some(true) { "yes" } else { "no" };
            vec![said(format!("answer-{answer}"))]
        }
        Form::Integer(..) => vec![integer(visit, name, fields.integer(name).unwrap_or_default())],
        Form::Date => {
            fields.date(name).map(|date| visit.when(&date.to_string())).into_iter().collect()
        }
        Form::Time => {
            fields.time(name).map(|time| visit.when(&time.to_seconds())).into_iter().collect()
        }
        Form::Domain => fields.domain(name).map(|d| organization(visit, d)).into_iter().collect(),
        Form::Domains => fields.domains(name).iter().map(|d| organization(visit, d)).collect(),
        Form::Signers | Form::Keys(_) => {
            fields.keys(name).iter().map(|key| Markup::code(key.as_str())).collect()
        }
        Form::Numbers => {
            let numbers: Vec<_> = fields.numbers(name).iter().map(ToString::to_string).collect();
            vec![Markup::trusted(numbers.join(&visit.say("list-separator").text()))]
        }
        Form::StatementId => links.named(visit, fields.statement_id(name)),
        Form::Digests(..) if fields.digests(name).is_empty() => {
            vec![said("words-none".to_owned())]
        }
        Form::Digests(..) => {
            fields.digests(name).iter().map(|digest| links.word(visit, digest)).collect()
        }
        Form::Predecessor => fields.predecessor(name).map_or(Vec::new(), |before| {
            vec![Markup::code(&before.origin), Markup::code(&before.last.root.to_base64())]
        }),
        Form::VerifierKeys => {
            fields.verifier_keys(name).iter().map(|key| Markup::code(key)).collect()
        }
        Form::Text | Form::Language | Form::Nonce | Form::Sha256 | Form::Origin => {
            vec![Markup::code(fields.text(name).unwrap_or_default())]
        }
        // Fields of every statement, which the technical part shows.
        Form::Sealed | Form::Seen | Form::Commitments => Vec::new(),
    }
}

/// An organization as a link to its page.
fn organization(visit: &Visit, domain: &Domain) -> Markup {
    let path = visit.link(&format!("/o/{domain}"));
    Markup::link(&path, Markup::isolated(domain.as_str()))
}

fn integer(visit: &Visit, name: &str, number: i64) -> Markup {
    Markup::trusted(match name {
        "final_days" | "response_days" => visit.say("days").with("count", number).to_string(),
        "satisfaction" => visit.say("of-five").with("number", number).to_string(),
        _ => number.to_string(),
    })
}

/// A link to somewhere else that a person wrote: this ledger does not vouch for it.
pub fn link_out(url: &str) -> Markup {
    if !url.starts_with("https://") {
        return Markup::code(url);
    }
    let url = escape(url);
    Markup::trusted(format!(
        "<a href=\"{url}\" rel=\"nofollow ugc noopener noreferrer\" dir=\"ltr\">{url}</a>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::language::Language;
    use crate::http::pages::strings::Strings;
    use crate::statement::kind;

    fn expect_said(id: &str) {
        let text = Strings::of(Language::En).say(id.to_owned()).text();
        assert_ne!(text, id, "there is no such string");
    }

    #[test]
    fn every_kind_has_strings_for_its_name_its_fields_and_their_values() {
        for kind in kind::ALL {
            expect_said(&format!("kind-{}", kind.name));
            expect_said(&format!("says-{}", kind.name));
            for field in kind.fields.iter().filter(|field| !ELSEWHERE.contains(&field.name)) {
                expect_said(&format!("field-{}", field.name));
                if let Form::Token(tokens) = field.form {
                    tokens
                        .iter()
                        .for_each(|token| expect_said(&format!("token-{}-{token}", field.name)));
                }
            }
        }
    }

    #[test]
    fn a_payload_of_a_kind_that_is_not_known_is_shown_by_its_own_fields() {
        let payload = br#"{"_sd":[],"kind":"delivery","log":"a/b","parcels":3,"to":"<Ana>"}"#;
        let facts = raw_facts(payload);
        let labels: Vec<_> = facts.iter().map(|fact| fact.label.to_string()).collect();
        assert_eq!(labels, ["parcels", "to"].map(|name| Markup::code(name).to_string()));
        assert_eq!(facts[1].values, [Markup::code("<Ana>")]);
        assert!(facts[1].values[0].to_string().contains("&#60;Ana&#62;"));
    }

    #[test]
    fn only_an_https_address_becomes_a_link() {
        assert!(
            link_out("https://acme.example/\"x")
                .to_string()
                .starts_with("<a href=\"https://acme.example/&#34;x\" rel=\"nofollow ugc")
        );
        for other in ["javascript:alert(1)", "http://acme.example/", "//acme.example"] {
            assert!(!link_out(other).to_string().contains("<a"), "{other}");
        }
    }
}
