//! The operator alone names the keys of the log, and only such as are the log's and sign already.

use std::slice::from_ref;

use onrecord::crypto::PrivateKey;
use onrecord::encoding::json::Json;
use onrecord::ledger::Candidate;
use onrecord::statement::Reason;
use onrecord::tlog::VerifierKey;

use crate::author::Author;
use crate::world::World;

fn key(seed: u8, origin: &str) -> VerifierKey {
    let public = PrivateKey::from_seed(&[seed; 32]).public_key();
    VerifierKey::of_log(origin.parse().unwrap(), &public)
}

fn texts(keys: &[VerifierKey]) -> Vec<String> {
    let mut texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    texts.sort();
    texts
}

fn vkeys(texts: &[String]) -> [(&'static str, Json<'static>); 1] {
    [("vkeys", Json::List(texts.iter().map(|text| Json::text(text.clone())).collect()))]
}

fn named(by: &Author, keys: &[VerifierKey]) -> Candidate {
    by.sign("log_keys", &vkeys(&texts(keys)), &[])
}

#[test]
fn the_operator_names_keys_of_this_log_that_sign_already() {
    let mut world = World::new();
    let (ana, operator) = (Author::new(1), Author::new(200));
    let origin = ana.agreement(&["acme.example"]).signed.statement().log().to_owned();
    let (old, new, other) = (key(1, &origin), key(2, &origin), key(3, "other.example"));
    assert_eq!(world.publish(&named(&ana, from_ref(&old))), Some(Reason::NotAParty));
    assert_eq!(world.publish(&named(&operator, &[old.clone(), other])), Some(Reason::BadField));
    let mut wrong_id = texts(from_ref(&new));
    let at = origin.len() + 1;
    let digit = if wrong_id[0].as_bytes()[at] == b'0' { "1" } else { "0" };
    wrong_id[0].replace_range(at..=at, digit);
    let wrong_id = operator.sign("log_keys", &vkeys(&wrong_id), &[]);
    assert_eq!(world.publish(&wrong_id), Some(Reason::BadField));

    // Only the ledger knows what it signs with: an auditor sees that by the next checkpoint.
    let both = named(&operator, &[old.clone(), new.clone()]);
    assert_eq!(world.refused_by_a_log_with(from_ref(&old), &both), Some(Reason::Conflict));
    assert_eq!(world.refused_by_a_log_with(&[old, new.clone()], &both), None);
    assert_eq!(world.publish(&both), None);
    assert_eq!(world.publish(&named(&operator, &[new])), None);
}

#[test]
fn keys_are_an_ascending_set_of_keys_of_a_log() {
    let (mut world, operator) = (World::new(), Author::new(200));
    let origin = operator.log.clone();
    let many: Vec<VerifierKey> = (1..10).map(|seed| key(seed, &origin)).collect();
    let [one, two] = &texts(&many[..2])[..] else { panic!() };
    for bad in [&[][..], &[two.clone(), one.clone()], &[one.clone(), one.clone()], &texts(&many)] {
        let refused = operator.refused_with("log_keys", &vkeys(bad), &[]);
        assert_eq!(refused, Reason::BadField, "{bad:?}");
    }
    let public = PrivateKey::from_seed(&[1; 32]).public_key();
    let witness = VerifierKey::of_witness(origin.parse().unwrap(), &public);
    for bad in [witness.to_string(), one[..one.len() - 1].to_owned(), String::new()] {
        let refused = operator.sign("log_keys", &vkeys(from_ref(&bad)), &[]);
        assert_eq!(world.publish(&refused), Some(Reason::BadField), "{bad}");
    }
    assert_eq!(world.publish(&named(&operator, &many[..8])), None);
}
