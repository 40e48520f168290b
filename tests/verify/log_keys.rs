//! One key of a log follows another: every checkpoint is by each key that the operator named last, and who believes one
//! of them comes to believe the others.

use std::sync::{Arc, Mutex};

use onrecord::crypto::PrivateKey;
use onrecord::entry::Bundle;
use onrecord::ledger::Candidate;
use onrecord::service::audit::{Observer, Report, Settings, audit};
use onrecord::statement::{Draft, kind};
use onrecord::tlog::{LogSigner, Policy, Proof, Recent, VerifierKey, leaf_hash, prove_inclusion};
use onrecord::verify::{History, log_keys};

use crate::grown::{Files, ORIGIN, agreed, key, leaves_of, log, signed, texts};

fn new_key() -> PrivateKey {
    key(2_000_000)
}

fn both() -> LogSigner {
    log().and(new_key())
}

fn new_alone() -> LogSigner {
    LogSigner::new(ORIGIN.parse().unwrap(), new_key())
}

fn named(keys: &[VerifierKey], by: usize, number: usize) -> Candidate {
    let mut draft = Draft::new(kind::find("log_keys").unwrap());
    let mut keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    keys.sort();
    draft.set("vkeys", texts(&keys.iter().map(String::as_str).collect::<Vec<_>>()));
    signed(draft, &key(by), number)
}

/// A ledger that names both keys, and later the new one alone.
fn leaves() -> Vec<Vec<u8>> {
    leaves_of(vec![
        signed(agreed(1), &key(1), 1),
        named(&both().verifier_keys(), 0, 2),
        signed(agreed(3), &key(3), 3),
        named(&new_alone().verifier_keys(), 0, 4),
        signed(agreed(5), &key(5), 5),
    ])
}

#[derive(Clone, Default)]
struct Saved(Arc<Mutex<Option<Vec<u8>>>>);

impl Observer for Saved {
    fn may_save(&mut self, history: &History) {
        *self.0.lock().unwrap() = Some(history.to_bytes());
    }
}

fn audited(
    signer: &LogSigner,
    believed: &VerifierKey,
    leaves: &[Vec<u8>],
    saved: &Saved,
) -> Report {
    let resume = saved.0.lock().unwrap().clone();
    let settings = Settings { resume, ..Settings::new(Policy::of_log(believed.clone())) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let files = Files::signed_by(signer, leaves);
    runtime.block_on(audit(files, settings, saved.clone())).unwrap()
}

#[test]
fn a_checkpoint_without_a_key_that_was_named_is_found_out() {
    let leaves = leaves();
    let (old, new) = (log().verifier_key().clone(), new_alone().verifier_key().clone());
    // Who signs, whose signature is believed, how many entries, and which entry was broken.
    for (signer, believed, size, broken) in [
        (log(), &old, 2, None),
        (both(), &old, 2, None),
        (both(), &old, 3, None),
        (both(), &new, 4, None),
        (log(), &old, 3, Some(2)),
        (new_alone(), &new, 4, Some(2)),
        (new_alone(), &new, 6, None),
        (both(), &old, 6, None),
        (log(), &old, 6, Some(4)),
    ] {
        for resumes in [false, true] {
            let saved = Saved::default();
            if resumes {
                let before = audited(&both(), &new, &leaves[..size], &saved);
                assert!(before.is_clean(), "{:?}", before.findings);
            }
            let report = audited(&signer, believed, &leaves[..size], &saved);
            let found = report.findings.iter().map(|one| (one.index, one.fault.name()));
            let expected = broken.map(|index| (index, "log_key_missing"));
            assert!(found.eq(expected), "{size} {resumes}: {:?}", report.findings);
        }
    }
}

/// The bundle of an entry of the ledger with these leaves.
fn bundle(signer: &LogSigner, leaves: &[Vec<u8>], index: u64) -> Vec<u8> {
    let mut tree = Recent::default();
    leaves.iter().for_each(|leaf| tree.push(leaf_hash(leaf)));
    let path = prove_inclusion(index, tree.size(), &tree).unwrap();
    let checkpoint = signer.sign(tree.size(), tree.root().unwrap()).unwrap();
    let proof = Proof::new(index, path, checkpoint).unwrap().to_string();
    let leaf = leaves[usize::try_from(index).unwrap()].clone();
    let bundle = Bundle { disclosures: Vec::new(), leaf, proof, sealed: Vec::new() };
    bundle.to_json().into_bytes()
}

#[test]
fn who_believes_one_key_learns_the_others_from_the_entry_that_names_them() {
    let leaves = leaves();
    let [old, new] = &both().verifier_keys()[..] else { panic!() };
    let (of_old, of_new) = (Policy::of_log(old.clone()), Policy::of_log(new.clone()));
    let mut expected = vec![old.clone(), new.clone()];
    expected.sort_by_key(ToString::to_string);
    assert_eq!(log_keys(&bundle(&both(), &leaves[..4], 2), &of_old), Some(expected.clone()));
    assert_eq!(log_keys(&bundle(&log(), &leaves[..4], 2), &of_old), Some(expected));
    assert_eq!(log_keys(&bundle(&both(), &leaves, 4), &of_old), Some(vec![new.clone()]));
    // Nobody learns anything from a key that is not believed, from another statement, or from changed bytes.
    assert_eq!(log_keys(&bundle(&new_alone(), &leaves, 4), &of_old), None);
    assert_eq!(log_keys(&bundle(&log(), &leaves[..4], 2), &of_new), None);
    assert_eq!(log_keys(&bundle(&both(), &leaves, 1), &of_old), None);
    let changed =
        String::from_utf8(bundle(&both(), &leaves, 4)).unwrap().replacen("\\n6\\n", "\\n7\\n", 1);
    assert_eq!(log_keys(changed.as_bytes(), &of_old), None);
}
