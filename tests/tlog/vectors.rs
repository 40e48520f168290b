//! `tests/vectors/ledger.json`: leaves, roots, checkpoints, keys, a cosignature and proofs, as another
//! implementation made them.

use onrecord::crypto::PrivateKey;
use onrecord::encoding::{base64, hex};
use onrecord::tlog::{
    Cosigner, Frontier, LogSigner, Policy, Proof, QuorumFinding, SignedCheckpoint, VerifierKey,
    leaf_hash, verify_cosignature,
};
use serde_json::Value;

fn ledger() -> Value {
    serde_json::from_str(include_str!("../vectors/ledger.json")).unwrap()
}

fn text<'value>(value: &'value Value, name: &str) -> &'value str {
    value[name].as_str().unwrap()
}

fn key(ledger: &Value, name: &str) -> PrivateKey {
    PrivateKey::from_seed(&hex::decode_array(text(&ledger["keys"][name], "seed")).unwrap())
}

#[test]
fn every_root_and_checkpoint_is_the_one_we_would_sign() {
    let ledger = ledger();
    let log = LogSigner::new(text(&ledger, "origin").parse().unwrap(), key(&ledger, "log"));
    assert_eq!(log.verifier_key().to_string(), text(&ledger, "log_vkey"));
    let mut tree = Frontier::new();
    for entry in ledger["entries"].as_array().unwrap() {
        let leaf = leaf_hash(&base64::decode(text(entry, "leaf")).unwrap());
        assert_eq!(leaf.to_hex(), text(entry, "leaf_hash"));
        tree.push(leaf);
        assert_eq!(tree.root().to_hex(), text(entry, "root"));
        let theirs: SignedCheckpoint = text(entry, "checkpoint").parse().unwrap();
        assert_eq!(theirs.verify(log.verifier_key()), Ok(()));
        assert_eq!(theirs, log.sign(tree.size(), tree.root()).unwrap());
        assert_eq!(theirs.to_string(), text(entry, "checkpoint"));
    }
    assert_eq!(tree.size(), 11);
}

#[test]
fn the_witness_is_the_one_we_would_be() {
    let ledger = ledger();
    let name = text(&ledger, "witness_vkey").split_once('+').unwrap().0;
    let witness = Cosigner::new(name.parse().unwrap(), key(&ledger, "witness"));
    assert_eq!(witness.verifier_key().to_string(), text(&ledger, "witness_vkey"));
    let signed: SignedCheckpoint = text(&ledger, "cosigned_checkpoint").parse().unwrap();
    assert_eq!(signed.to_string(), text(&ledger, "cosigned_checkpoint"));
    let line = &signed.note().signatures()[1];
    let time = verify_cosignature(signed.note(), line, witness.verifier_key()).unwrap();
    assert_eq!(witness.cosign(signed.note(), time).as_ref(), Some(line));
}

#[test]
fn every_proof_verifies_and_reads_back_to_the_byte() {
    let ledger = ledger();
    let log: VerifierKey = text(&ledger, "log_vkey").parse().unwrap();
    let witness = text(&ledger, "witness_vkey");
    let policy = format!("log {log}\nwitness w {witness}\nquorum w\n");
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    for (index, bundle) in ledger["bundles"].as_array().unwrap().iter().enumerate() {
        let proof: Proof = text(bundle, "proof").parse().unwrap();
        assert_eq!(proof.to_string(), text(bundle, "proof"));
        assert_eq!(proof.index(), index as u64);
        let leaf = leaf_hash(&base64::decode(text(bundle, "entry")).unwrap());
        assert_eq!(proof.verify(&leaf), Ok(()));
        let judged = policy.judge(proof.checkpoint());
        assert!(judged.holds() && judged.unknown.is_empty(), "{judged:?}");
        assert!(matches!(judged.quorum, QuorumFinding::Met { existed_by } if existed_by > 0));
        assert!(Policy::of_log(log.clone()).judge(proof.checkpoint()).holds());
    }
}
