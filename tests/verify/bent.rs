//! Bundles that a log did sign, of entries that should not be.

use onrecord::crypto::PrivateKey;
use onrecord::encoding::time::Moment;
use onrecord::entry::{Bundle, Entry, Links};
use onrecord::statement::envelope::pae;
use onrecord::statement::{Disclosure, Envelope, EnvelopeSignature, STATEMENT_TYPE};
use onrecord::tlog::{Policy, Proof, leaf_hash};
use onrecord::verify::{Outcome, Verdict, bundle};

use crate::grown::{NOW, agreed, key, log, signed, word};

fn envelope(payload: Vec<u8>, by: &PrivateKey) -> Envelope {
    let signature = by.sign(&pae(STATEMENT_TYPE, &payload));
    let signature = EnvelopeSignature { keyid: by.did().fingerprint(), signature };
    Envelope::new(STATEMENT_TYPE, payload, vec![signature])
}

/// The verdict on an envelope that is the only entry of a ledger, admitted at that time.
fn verdict(envelope: Envelope, time: &str, sealed: &[Disclosure]) -> Verdict {
    let time = Moment::parse_seconds(time).unwrap();
    let leaf = Entry { envelope, index: 0, links: Links::default(), time }.to_leaf();
    let checkpoint = log().sign(1, leaf_hash(&leaf)).unwrap();
    let proof = Proof::new(0, Vec::new(), checkpoint).unwrap().to_string();
    let sealed = sealed.iter().map(|word| word.encoded().to_owned()).collect();
    let kept = Bundle { disclosures: Vec::new(), leaf, proof, sealed };
    bundle(kept.to_json().as_bytes(), &Policy::of_log(log().verifier_key().clone()))
}

fn payload() -> Vec<u8> {
    signed(agreed(1), &key(1), 1).signed.envelope().payload().to_vec()
}

fn name_of(verdict: &Verdict) -> Option<&'static str> {
    verdict.finding().map(|finding| finding.name())
}

#[test]
fn a_sealed_word_must_have_the_name_it_is_sealed_under() {
    let sealed = [word("narrative", 1)];
    let good = verdict(envelope(payload(), &key(1)), NOW, &sealed);
    assert_eq!(good.outcome(), Outcome::Verified, "{good:#?}");
    let other = String::from_utf8(payload()).unwrap().replace("\"narrative\"", "\"signer_name\"");
    let renamed = verdict(envelope(other.into_bytes(), &key(1)), NOW, &sealed);
    assert_eq!(name_of(&renamed), Some("disclosure_altered"));
}

#[test]
fn a_claimed_time_that_the_ledger_should_not_have_admitted_fails() {
    let at = |time| verdict(envelope(payload(), &key(1)), time, &[]);
    assert_eq!(name_of(&at("2026-12-20T12:00:00Z")), None);
    assert_eq!(name_of(&at("2026-12-20T12:00:01Z")), Some("claimed_too_old"));
    assert_eq!(name_of(&at("2026-11-20T11:50:00Z")), None);
    assert_eq!(name_of(&at("2026-11-20T11:49:59Z")), Some("claimed_in_future"));
}

#[test]
fn a_statement_signed_by_another_key_fails() {
    let by_another = verdict(envelope(payload(), &key(2)), NOW, &[]);
    assert_eq!(name_of(&by_another), Some("bad_signature"));
    let mut none = envelope(payload(), &key(1));
    none = Envelope::new(STATEMENT_TYPE, none.payload().to_vec(), Vec::new());
    assert_eq!(name_of(&verdict(none, NOW, &[])), Some("signers_mismatch"));
}

#[test]
fn a_statement_that_nobody_is_to_sign_fails() {
    let payload = String::from_utf8(payload()).unwrap();
    let signer = key(1).did();
    let nobody = payload.replace(&format!("\"signers\":[\"{signer}\"]"), "\"signers\":[]");
    assert_ne!(nobody, payload);
    let envelope = Envelope::new(STATEMENT_TYPE, nobody.into_bytes(), Vec::new());
    assert_eq!(name_of(&verdict(envelope, NOW, &[])), Some("signers_mismatch"));
}

#[test]
fn a_payload_of_another_type_is_not_checked() {
    let payload = b"{}".to_vec();
    let other = Envelope::new("application/vnd.onrecord.statement.v9+json", payload, Vec::new());
    let verdict = verdict(other, NOW, &[]);
    assert_eq!((verdict.outcome(), name_of(&verdict)), (Outcome::NotChecked, None));
}
