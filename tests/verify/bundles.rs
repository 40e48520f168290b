//! Bundles: the good ones verify, the bad ones fail for the reason stated, and any changed byte fails.

use onrecord::crypto::PrivateKey;
use onrecord::tlog::{Policy, VerifierKey};
use onrecord::verify::{CheckName, CheckResult, Outcome, bundle};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{file_of, ledger, log_alone, log_and_witness, text};

/// Nobody knows it yet.
const LATER_KIND: &str = "pledge";

fn bundles() -> Vec<Value> {
    ledger()["bundles"].as_array().unwrap().clone()
}

/// The bundle of the agreement as the person who signed it keeps it: with the sealed words.
fn own_copy() -> Value {
    let mut own = bundles()[1].clone();
    own["sealed"] = ledger()["entries"][1]["sealed"].clone();
    own
}

#[test]
fn every_bundle_of_the_vectors_verifies() {
    let entries = ledger()["entries"].clone();
    for (index, kept) in bundles().iter().enumerate() {
        let verdict = bundle(&file_of(kept), &log_and_witness());
        assert_eq!(verdict.outcome(), Outcome::Verified, "{index}: {verdict:#?}");
        assert_eq!(bundle(&file_of(kept), &log_alone()).outcome(), Outcome::Verified);
        let about = verdict.about.unwrap();
        assert_eq!(about.id.to_string(), text(&entries[index], "id"));
        let kind = text(&entries[index]["statement"], "kind");
        let is_later = kind == LATER_KIND;
        let statement = verdict.checks.iter().find(|check| check.name == CheckName::Statement);
        assert_eq!(statement.unwrap().result == CheckResult::NotChecked, is_later);
        let listed = verdict.not_checked.iter().any(|text| text.contains(&format!("`{kind}`")));
        assert_eq!(listed, is_later, "{kind}");
    }
}

#[test]
fn a_bundle_tells_when_its_entry_came_to_be() {
    let bounds = bundle(&file_of(&bundles()[1]), &log_and_witness()).bounds;
    assert_eq!(bounds.claimed_at.unwrap().to_seconds(), "2026-11-20T10:01:00Z");
    assert_eq!(bounds.admitted_at.unwrap().to_millis(), "2026-11-20T10:10:10.001Z");
    assert!(bounds.existed_by.unwrap() > bounds.admitted_at.unwrap());
    assert_eq!(bundle(&file_of(&bundles()[1]), &log_alone()).bounds.existed_by, None);
}

#[test]
fn a_bundle_of_a_log_that_the_policy_does_not_know_is_not_checked() {
    let key = PrivateKey::from_seed(&[1; 32]).public_key();
    let other = Policy::of_log(VerifierKey::of_log("other.example".parse().unwrap(), &key));
    let verdict = bundle(&file_of(&bundles()[1]), &other);
    assert_eq!((verdict.outcome(), verdict.finding()), (Outcome::NotChecked, None));
}

#[test]
fn every_refused_bundle_fails_for_the_reason_stated() {
    let refused: Value =
        serde_json::from_str(include_str!("../vectors/refused_bundles.json")).unwrap();
    let cases = refused["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 6);
    for case in cases {
        for policy in [log_alone(), log_and_witness()] {
            let verdict = bundle(&file_of(&case["bundle"]), &policy);
            assert_eq!(verdict.outcome(), Outcome::Failed);
            assert_eq!(verdict.finding().unwrap().name(), text(case, "reason"), "{verdict:#?}");
        }
    }
}

#[test]
fn any_subset_of_the_words_verifies_and_the_own_copy_as_well() {
    let own = own_copy();
    assert_eq!(bundle(&file_of(&own), &log_alone()).outcome(), Outcome::Verified);
    for place in 0..4 {
        let mut fewer = own.clone();
        fewer["disclosures"].as_array_mut().unwrap().remove(place);
        assert_eq!(bundle(&file_of(&fewer), &log_alone()).outcome(), Outcome::Verified);
    }
    let mut revealed = own.clone();
    let sealed = revealed["sealed"].as_array_mut().unwrap().remove(0);
    revealed["disclosures"].as_array_mut().unwrap().push(sealed);
    assert_eq!(bundle(&file_of(&revealed), &log_alone()).outcome(), Outcome::Verified);
}

#[test]
fn words_in_the_wrong_place_fail() {
    let finding = |change: &dyn Fn(&mut Value)| {
        let mut changed = own_copy();
        change(&mut changed);
        bundle(&file_of(&changed), &log_alone()).finding().map(|finding| finding.name())
    };
    let public = |own: &Value, place: usize| own["disclosures"][place].clone();
    assert_eq!(
        finding(&|own| own["sealed"] = json!([public(own, 0)])),
        Some("disclosure_altered"),
        "a word that is not sealed among the sealed ones"
    );
    assert_eq!(
        finding(&|own| {
            let twice = public(own, 0);
            own["disclosures"].as_array_mut().unwrap().push(twice);
        }),
        Some("disclosure_repeated")
    );
    assert_eq!(
        finding(&|own| own["disclosures"][0] = bundles()[5]["disclosures"][0].clone()),
        Some("disclosure_altered"),
        "a word of another statement"
    );
    assert_eq!(finding(&|own| own["disclosures"][0] = json!("")), Some("disclosure_altered"));
    assert_eq!(finding(&|own| own["sealed"] = json!([])), Some("not_a_bundle"));
    assert_eq!(finding(&|own| own["more"] = json!([])), Some("not_a_bundle"));
}

#[test]
fn extra_data_in_a_proof_fails_because_nothing_vouches_for_it() {
    let mut changed = bundles()[1].clone();
    changed["proof"] = json!(text(&changed, "proof").replacen("index", "extra AQID\nindex", 1));
    let verdict = bundle(&file_of(&changed), &log_alone());
    assert_eq!(verdict.finding().unwrap().name(), "not_a_proof");
}

#[test]
fn every_byte_of_a_bundle_counts() {
    let good = file_of(&own_copy());
    let policy = log_and_witness();
    assert_eq!(bundle(&good, &policy).outcome(), Outcome::Verified);
    for place in 0..good.len() {
        let mut changed = good.clone();
        changed[place] ^= 1 << (place % 8);
        assert_eq!(bundle(&changed, &policy).outcome(), Outcome::Failed, "byte {place}");
    }
}

/// A policy need not know every cosigner, and what nobody can check may say anything. Such lines are listed
/// as not checked; every other byte counts.
#[test]
fn every_byte_counts_but_those_in_lines_of_cosigners_that_the_policy_does_not_know() {
    let good = String::from_utf8(file_of(&bundles()[5])).unwrap();
    let unknown = good.find("\u{2014} witness").unwrap();
    let unknown = unknown..unknown + good[unknown..].find("\\n").unwrap();
    for place in (0..good.len()).filter(|place| !unknown.contains(place)) {
        let mut changed = good.clone().into_bytes();
        changed[place] ^= 1 << (place % 8);
        let verdict = bundle(&changed, &log_alone());
        assert_eq!(verdict.outcome(), Outcome::Failed, "byte {place}: {verdict:#?}");
    }
    let verdict = bundle(good.as_bytes(), &log_alone());
    assert!(verdict.not_checked.iter().any(|text| text.contains("witness.example/w1")));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    // A line break after the last brace is not part of the bundle: editors leave one.
    #[test]
    fn no_edit_of_a_bundle_verifies(place: prop::sample::Index, with: u8, edit in 0..3u8) {
        let good = file_of(&own_copy());
        let place = place.index(good.len());
        let mut changed = good.clone();
        match edit {
            0 => changed[place] = with,
            1 => changed.insert(place, with),
            _ => drop(changed.remove(place)),
        }
        if changed != good {
            prop_assert_eq!(bundle(&changed, &log_and_witness()).outcome(), Outcome::Failed);
        }
    }

    #[test]
    fn no_bytes_are_too_strange_to_be_refused(bytes: Vec<u8>) {
        prop_assert_eq!(bundle(&bytes, &log_alone()).outcome(), Outcome::Failed);
    }
}
