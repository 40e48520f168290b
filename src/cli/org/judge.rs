//! What was seen of a domain, item by item, each with what to do next. It shows more than a ledger's one answer:
//! everything that is wrong at once, and what will soon be.

use std::time::Duration;

use super::advice;
use crate::encoding::time::Moment;
use crate::ledger::domain_answer::{
    DOCUMENT_PATH, Document, DomainAnswer, Question, RECORD_LABEL, Unusable, decide, read_records,
};
use crate::net::{FetchedDocument, Look};
use crate::wire::{DomainItem, DomainItemName as Name, DomainItemResult as Mark};

/// A document that expires sooner is worth a word.
const SOON: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Judges what was seen: the items, and the answer that a ledger would take from it.
pub(super) fn judge(
    look: &Look,
    question: Question<'_>,
) -> (Vec<DomainItem>, Option<DomainAnswer>) {
    let mut items = Vec::new();
    match &look.document {
        Ok(None) => {
            let detail = format!("there is none at https://{}{DOCUMENT_PATH}", look.domain);
            items.push(item(Name::Document, Mark::Absent, detail, None));
        }
        Ok(Some(fetched)) => document(fetched, question, &mut items),
        Err(error) => {
            let mark = if advice::is_of_the_site(error) { Mark::Failed } else { Mark::NotChecked };
            items.push(item(Name::Document, mark, error, Some(advice::on_document_error(error))));
        }
    }
    match &look.texts {
        Ok(texts) => items.push(records(look, texts)),
        Err(error) => {
            let next = advice::on_name_error(error);
            items.push(item(Name::Records, Mark::NotChecked, error, Some(next)));
        }
    }
    let decided = look.clone().given().ok().map(|given| decide(question, &given));
    if let Some(Err(Unusable::Different { .. }) | Ok(_)) = &decided {
        items.extend(decided.iter().map(keys));
    }
    (items, decided.and_then(Result::ok))
}

fn document(fetched: &FetchedDocument, question: Question<'_>, items: &mut Vec<DomainItem>) {
    match Document::parse(&fetched.bytes) {
        Ok(document) => {
            let faults = document.faults(question.domain, question.origin, question.now);
            if faults.is_empty() {
                items.push(in_order(&document));
                items.extend(expires_soon(&document, question.now));
            }
            items.extend(faults.iter().map(|fault| {
                item(Name::Document, Mark::Failed, fault, Some(advice::on_document_fault(fault)))
            }));
        }
        Err(fault) => {
            let next = advice::on_document_fault(&fault);
            items.push(item(Name::Document, Mark::Failed, &fault, Some(next)));
        }
    }
    if !fetched.is_open {
        let detail =
            "it is sent without Access-Control-Allow-Origin: *, so that browsers cannot check it";
        let next = "Send that header with it; a ledger does not need it, the people who read your \
                    answers do.";
        items.push(item(Name::Access, Mark::Warning, detail, Some(next)));
    }
}

fn in_order(document: &Document) -> DomainItem {
    let logs: Vec<&str> = document.logs.iter().map(|log| log.as_str()).collect();
    let detail = format!(
        "{}, for {}, until {}",
        count(document.keys.len()),
        logs.join(", "),
        document.expires.to_seconds()
    );
    item(Name::Document, Mark::Ok, detail, None)
}

fn expires_soon(document: &Document, now: Moment) -> Option<DomainItem> {
    let left = document.expires.since(now);
    let days = left.as_secs() / (24 * 60 * 60);
    let detail = format!("it expires in {days} days; then nobody speaks for {}", document.domain);
    let next = "Publish one that holds longer: `onrecord org init` writes it.";
    (left < SOON).then(|| item(Name::Expiry, Mark::Warning, detail, Some(next)))
}

fn records(look: &Look, texts: &[Vec<u8>]) -> DomainItem {
    let at = format!("{RECORD_LABEL}.{}", look.domain);
    match read_records(texts) {
        Ok(Some(keys)) => {
            item(Name::Records, Mark::Ok, format!("{} at {at}", count(keys.len())), None)
        }
        Ok(None) if texts.is_empty() => {
            item(Name::Records, Mark::Absent, format!("there are none at {at}"), None)
        }
        Ok(None) => {
            let detail =
                format!("none of the {} TXT records at {at} begins with v=onr1", texts.len());
            item(Name::Records, Mark::Absent, detail, None)
        }
        Err(fault) => {
            let next = advice::on_record_fault(&fault);
            item(Name::Records, Mark::Failed, &fault, Some(next))
        }
    }
}

fn keys(decided: &Result<DomainAnswer, Unusable>) -> DomainItem {
    match decided {
        Ok(answer) if answer.keys.is_empty() => {
            let detail = "the domain names no key, so that nobody speaks for it";
            let next = "Publish a document or a TXT record: `onrecord org init` says how.";
            item(Name::Keys, Mark::Failed, detail, Some(next))
        }
        Ok(answer) => {
            let detail =
                format!("{} for the domain, by {}", speaks(answer), answer.method.as_str());
            item(Name::Keys, Mark::Ok, detail, None)
        }
        Err(different) => item(Name::Keys, Mark::Failed, different, Some(advice::ON_DIFFERENCE)),
    }
}

fn speaks(answer: &DomainAnswer) -> String {
    match answer.keys.len() {
        1 => "1 key speaks".to_owned(),
        keys => format!("{keys} keys speak"),
    }
}

fn count(keys: usize) -> String {
    match keys {
        0 => "no key".to_owned(),
        1 => "1 key".to_owned(),
        keys => format!("{keys} keys"),
    }
}

fn item(name: Name, result: Mark, detail: impl ToString, next: Option<&str>) -> DomainItem {
    DomainItem { name, result, detail: detail.to_string(), next: next.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::{DidKey, PrivateKey};
    use crate::encoding::domain::Domain;
    use crate::ledger::domain_answer::record_text;
    use crate::net::{NameError, SiteError};

    fn key(seed: u8) -> DidKey {
        PrivateKey::from_seed(&[seed; 32]).did()
    }

    fn at(text: &str) -> Moment {
        Moment::parse_seconds(text).unwrap()
    }

    fn seen(document: Option<&str>, texts: &[String]) -> Look {
        let fetched = |text: &str| FetchedDocument { bytes: text.into(), is_open: true };
        Look {
            domain: Domain::parse("acme.example").unwrap(),
            document: Ok(document.map(fetched)),
            texts: Ok(texts.iter().map(|text| text.clone().into_bytes()).collect()),
        }
    }

    fn document() -> String {
        let document = Document {
            domain: Domain::parse("acme.example").unwrap(),
            expires: at("2027-01-01T00:00:00Z"),
            keys: [key(1)].into(),
            logs: vec!["ledger.example".parse().unwrap()],
        };
        document.to_json()
    }

    fn judged(look: &Look, origin: &str, now: &str) -> Vec<(Name, Mark)> {
        let (domain, origin) = (Domain::parse("acme.example").unwrap(), origin.parse().unwrap());
        let question = Question { domain: &domain, origin: Some(&origin), now: at(now) };
        let (items, _) = judge(look, question);
        let unlike = |item: &DomainItem| {
            item.next.is_some() == matches!(item.result, Mark::Ok | Mark::Absent)
        };
        assert!(
            !items.iter().any(unlike),
            "what is wrong has a next step, nothing else: {items:?}"
        );
        items.iter().map(|item| (item.name, item.result)).collect()
    }

    #[test]
    fn what_is_in_order_and_what_is_absent_is_said() {
        let expected =
            [(Name::Document, Mark::Ok), (Name::Records, Mark::Absent), (Name::Keys, Mark::Ok)];
        let look = seen(Some(&document()), &[]);
        assert_eq!(judged(&look, "ledger.example", "2026-11-24T00:00:00Z"), expected);
        let look = seen(None, &[record_text(&key(1)), "v=spf1".into()]);
        let expected =
            [(Name::Document, Mark::Absent), (Name::Records, Mark::Ok), (Name::Keys, Mark::Ok)];
        assert_eq!(judged(&look, "ledger.example", "2026-11-24T00:00:00Z"), expected);
        let look = seen(None, &["v=spf1".into()]);
        let expected = [
            (Name::Document, Mark::Absent),
            (Name::Records, Mark::Absent),
            (Name::Keys, Mark::Failed),
        ];
        assert_eq!(judged(&look, "ledger.example", "2026-11-24T00:00:00Z"), expected);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let mut look = seen(Some(&document()), &["v=onr1".into()]);
        if let Ok(Some(fetched)) = &mut look.document {
            fetched.is_open = false;
        }
        let expected = [
            (Name::Document, Mark::Failed),
            (Name::Document, Mark::Failed),
            (Name::Access, Mark::Warning),
            (Name::Records, Mark::Failed),
        ];
        assert_eq!(judged(&look, "ledger.example/2", "2027-02-01T00:00:00Z"), expected);
        let look = seen(Some(&document()), &[record_text(&key(2))]);
        let expected = [
            (Name::Document, Mark::Ok),
            (Name::Expiry, Mark::Warning),
            (Name::Records, Mark::Ok),
            (Name::Keys, Mark::Failed),
        ];
        assert_eq!(judged(&look, "ledger.example", "2026-12-24T00:00:00Z"), expected);
    }

    #[test]
    fn what_could_not_be_asked_is_told_from_what_is_wrong() {
        let mut look = seen(None, &[]);
        look.texts = Err(NameError::TimedOut { name: "_onrecord.acme.example".into() });
        let site = SiteError::Tls { domain: look.domain.clone(), cause: "another name".into() };
        look.document = Err(site.into());
        let expected = [(Name::Document, Mark::Failed), (Name::Records, Mark::NotChecked)];
        assert_eq!(judged(&look, "ledger.example", "2026-11-24T00:00:00Z"), expected);
        look.document = Err(SiteError::TimedOut(look.domain.clone()).into());
        assert_eq!(judged(&look, "ledger.example", "2026-11-24T00:00:00Z")[0].1, Mark::NotChecked);
    }
}
