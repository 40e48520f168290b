//! Keys and notes, compared with `signed_note` in both directions.

use onrecord::crypto::PrivateKey;
use onrecord::tlog::{LogSigner, SignedCheckpoint, VerifierKey, leaf_hash};
use signed_note::{Note, StandardVerifier, Verifier as _, VerifierList};

fn log() -> LogSigner {
    LogSigner::new("ledger.example/1".parse().unwrap(), PrivateKey::from_seed(&[5; 32]))
}

fn verified_by_them(note: &str, key: &VerifierKey) -> bool {
    let verifier = StandardVerifier::new(&key.to_string()).unwrap();
    assert_eq!(verifier.key_id().to_be_bytes(), *key.id().as_bytes());
    let keys = VerifierList::new(vec![Box::new(verifier)]);
    Note::from_bytes(note.as_bytes()).is_ok_and(|note| note.verify(&keys).is_ok())
}

#[test]
fn what_we_sign_verifies_there() {
    let signed = log().sign(12, leaf_hash(b"")).unwrap();
    assert!(verified_by_them(&signed.to_string(), log().verifier_key()));
    let theirs = Note::from_bytes(signed.to_string().as_bytes()).unwrap();
    assert_eq!(theirs.to_bytes(), signed.to_string().into_bytes());
}

#[test]
fn any_changed_byte_fails_here_and_there() {
    let good = log().sign(12, leaf_hash(b"")).unwrap().to_string();
    for place in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[place] ^= 1;
        let Ok(changed) = String::from_utf8(bytes) else { continue };
        let here = changed
            .parse::<SignedCheckpoint>()
            .is_ok_and(|signed| signed.verify(log().verifier_key()).is_ok());
        assert!(!here && !verified_by_them(&changed, log().verifier_key()), "byte {place}");
    }
}
