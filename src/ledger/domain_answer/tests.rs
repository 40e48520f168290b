//! The decision from what a domain gave, with examples and with anything at all.

use proptest::prelude::*;

use super::*;
use crate::crypto::PrivateKey;

fn key(seed: u8) -> DidKey {
    PrivateKey::from_seed(&[seed; 32]).did()
}

fn domain() -> Domain {
    Domain::parse("acme.example").unwrap()
}

fn at(text: &str) -> Moment {
    Moment::parse_seconds(text).unwrap()
}

fn document(keys: &[DidKey]) -> Vec<u8> {
    let document = Document {
        domain: domain(),
        expires: at("2027-01-01T00:00:00Z"),
        keys: keys.iter().cloned().collect(),
        logs: vec!["ledger.example".parse().unwrap()],
    };
    document.to_json().into_bytes()
}

fn records(keys: &[DidKey]) -> Vec<Vec<u8>> {
    let others = [b"v=spf1 -all".to_vec()];
    keys.iter().map(|key| record_text(key).into_bytes()).chain(others).collect()
}

fn decided(document: Option<Vec<u8>>, texts: Vec<Vec<u8>>) -> Result<DomainAnswer, Unusable> {
    decided_at("ledger.example", "2026-11-24T12:00:00Z", Given { document, texts })
}

fn decided_at(origin: &str, now: &str, given: Given) -> Result<DomainAnswer, Unusable> {
    let (domain, origin) = (domain(), origin.parse().unwrap());
    decide(Question { domain: &domain, origin: Some(&origin), now: at(now) }, &given)
}

fn keys(answer: Result<DomainAnswer, Unusable>) -> (Method, Vec<DidKey>) {
    let answer = answer.unwrap();
    (answer.method, answer.keys.into_iter().collect())
}

#[test]
fn the_keys_come_from_whichever_the_domain_has() {
    let one = [key(1)];
    assert_eq!(keys(decided(Some(document(&one)), records(&[]))), (Method::Https, one.to_vec()));
    assert_eq!(keys(decided(None, records(&one))), (Method::Dns, one.to_vec()));
    assert_eq!(keys(decided(Some(document(&one)), records(&one))), (Method::Both, one.to_vec()));
    let bytes = document(&one);
    let hash = decided(Some(bytes.clone()), vec![]).unwrap().document_sha256;
    assert_eq!(hash, Some(sha256(&bytes)));
    assert_eq!(decided(None, records(&one)).unwrap().document_sha256, None);
}

#[test]
fn a_domain_says_that_no_key_is_its_own_by_saying_nothing_or_an_empty_list() {
    assert_eq!(keys(decided(None, records(&[]))), (Method::Both, vec![]));
    assert_eq!(keys(decided(Some(document(&[])), vec![])), (Method::Https, vec![]));
}

#[test]
fn two_different_answers_are_none() {
    let different = decided(Some(document(&[key(1), key(2)])), records(&[key(2), key(3)]));
    let message = different.clone().unwrap_err().to_string();
    assert!(message.contains(key(1).as_str()) && !message.contains(key(2).as_str()), "{message}");
    assert_eq!(
        different,
        Err(Unusable::Different {
            domain: domain(),
            only_document: [key(1)].into(),
            only_records: [key(3)].into(),
        })
    );
    assert!(decided(Some(document(&[])), records(&[key(1)])).is_err());
}

#[test]
fn what_is_wrong_with_either_is_not_made_good_by_the_other() {
    let given = || Given { document: Some(document(&[key(1)])), texts: records(&[key(1)]) };
    let fault = |origin, now| match decided_at(origin, now, given()).unwrap_err() {
        Unusable::Document { fault, .. } => fault,
        other => panic!("{other}"),
    };
    assert!(matches!(fault("ledger.example", "2027-01-01T00:00:00Z"), DocumentFault::Expired(_)));
    assert!(matches!(fault("ledger.example/x", "2026-12-31T23:59:59Z"), DocumentFault::Foreign(_)));
    let mut texts = records(&[key(1)]);
    texts.push(b"v=onr1; key=".to_vec());
    let unusable = decided(Some(document(&[key(1)])), texts);
    assert!(matches!(unusable, Err(Unusable::Records { .. })), "{unusable:?}");
}

fn any_given() -> impl Strategy<Value = Given> {
    let document = proptest::option::of(prop_oneof![
        any::<Vec<u8>>(),
        proptest::collection::vec(1u8..4, 0..4)
            .prop_map(|seeds| { document(&seeds.into_iter().map(key).collect::<Vec<_>>()) }),
    ]);
    let text = prop_oneof![
        any::<Vec<u8>>(),
        (1u8..4).prop_map(|seed| record_text(&key(seed)).into_bytes()),
        "v=onr1.{0,70}".prop_map(String::into_bytes),
    ];
    (document, proptest::collection::vec(text, 0..4))
        .prop_map(|(document, texts)| Given { document, texts })
}

proptest! {
    #[test]
    fn an_answer_follows_from_any_bytes_without_regard_to_the_order_of_records(given in any_given()) {
        let decided = decided_at("ledger.example", "2026-11-24T12:00:00Z", given.clone());
        let mut turned = given.clone();
        turned.texts.reverse();
        let again = decided_at("ledger.example", "2026-11-24T12:00:00Z", turned);
        prop_assert_eq!(decided.is_ok(), again.is_ok());
        if let Ok(answer) = decided {
            prop_assert_eq!(again, Ok(answer.clone()));
            // No key is believed that is not spelled out in what the domain gave.
            for key in &answer.keys {
                let holds = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(key.as_str());
                prop_assert!(given.document.iter().chain(&given.texts).any(|part| holds(part)));
            }
            prop_assert_eq!(answer.document_sha256.is_some(), given.document.is_some());
        }
    }

    #[test]
    fn a_document_reads_only_as_what_it_says(bytes in any::<Vec<u8>>(), at in 0usize..300, flip in 1u8..=255) {
        prop_assert!(Document::parse(&bytes).is_err());
        let mut bent = document(&[key(1), key(2)]);
        let at = at % bent.len();
        bent[at] ^= flip;
        if let Ok(read) = Document::parse(&bent) {
            prop_assert_eq!(Document::parse(read.to_json().as_bytes()), Ok(read));
        }
    }
}
