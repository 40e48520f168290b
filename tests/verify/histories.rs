//! Whole ledgers: the one of the vectors passes, and tampering of each kind is found where it was done.

use onrecord::encoding::base64;
use onrecord::tlog::{Checkpoint, SignedCheckpoint};
use onrecord::verify::{Audited, History, PastError, check_leaf};
use serde_json::{Value, json};

use crate::{leaves_of_the_vectors as leaves, ledger, text};

fn start() -> History {
    History::new(text(&ledger(), "origin").parse().unwrap())
}

/// Follows all leaves from where the history stands.
fn follow(history: &mut History, leaves: &[Vec<u8>]) -> Vec<Audited> {
    let first = history.size() as usize;
    let rest = leaves[first..].iter();
    rest.map(|leaf| history.push(check_leaf(leaf, history.origin()), leaves).unwrap()).collect()
}

/// The names of what is found about each entry of the ledger with one leaf changed.
fn found(index: usize, change: &dyn Fn(&mut Value)) -> Vec<Vec<&'static str>> {
    let mut leaves = leaves();
    let mut leaf: Value = serde_json::from_slice(&leaves[index]).unwrap();
    change(&mut leaf);
    leaves[index] = serde_jcs::to_vec(&leaf).unwrap();
    let audited = follow(&mut start(), &leaves);
    audited.iter().map(|entry| entry.faults.iter().map(|fault| fault.name()).collect()).collect()
}

/// What is found about the changed entry itself.
fn found_there(index: usize, change: &dyn Fn(&mut Value)) -> Vec<&'static str> {
    found(index, change)[index].clone()
}

#[test]
fn the_ledger_of_the_vectors_keeps_every_rule() {
    let mut history = start();
    let audited = follow(&mut history, &leaves());
    let ledger = ledger();
    for (entry, audited) in ledger["entries"].as_array().unwrap().iter().zip(&audited) {
        assert_eq!(audited.faults, [], "entry {}", audited.index);
        let kind = text(&entry["statement"], "kind");
        let listed = audited.rules_not_checked.as_ref().map(|why| why.contains(kind));
        assert_eq!(listed, (kind == "pledge").then_some(true), "{kind}");
        let checkpoint: SignedCheckpoint = text(entry, "checkpoint").parse().unwrap();
        assert_eq!(history.check_checkpoint(checkpoint.checkpoint()), Some(Ok(())));
    }
}

#[test]
fn every_broken_link_is_found_where_it_is() {
    let other = json!({"index": 0, "prev": base64::encode(&[7; 32]), "seq": 1});
    let first = json!({"seq": 0});
    assert_eq!(
        found_there(5, &|leaf| leaf["links"]["prev"] = other["prev"].clone()),
        ["prev_link_broken"]
    );
    assert_eq!(
        found_there(5, &|leaf| drop(leaf["links"].as_object_mut().unwrap().remove("prev"))),
        ["prev_link_broken"]
    );
    for (name, fault) in [("subjects", "subject_link_broken"), ("signers", "signer_link_broken")] {
        for link in [&other, &first] {
            let set = |leaf: &mut Value| {
                let links = leaf["links"][name].as_object_mut().unwrap();
                links.values_mut().for_each(|value| *value = link.clone());
            };
            assert_eq!(found_there(5, &set), [fault]);
        }
        assert_eq!(
            found_there(5, &|leaf| drop(leaf["links"].as_object_mut().unwrap().remove(name))),
            [fault]
        );
    }
    let more = |leaf: &mut Value| leaf["links"]["subjects"]["zzz.example"] = first.clone();
    assert_eq!(found_there(5, &more), ["subject_link_broken"]);
    for link in [&other, &first] {
        let set = |leaf: &mut Value| leaf["links"]["thread"] = link.clone();
        assert_eq!(found_there(5, &set), ["thread_link_broken"]);
    }
    let seq = |leaf: &mut Value| leaf["links"]["thread"]["seq"] = json!(9);
    assert_eq!(found_there(5, &seq), ["thread_link_broken"]);
}

#[test]
fn a_changed_entry_breaks_the_links_that_lead_to_it() {
    let found = found(1, &|leaf| leaf["time"] = json!("2026-11-20T10:10:10.002Z"));
    assert_eq!(found[1], [""; 0]);
    assert_eq!(found[2][0], "prev_link_broken");
    assert_eq!(found[4], ["thread_link_broken"]);
}

#[test]
fn index_and_time_must_follow() {
    assert_eq!(found_there(5, &|leaf| leaf["index"] = json!(6)), ["wrong_index"]);
    let early = found_there(5, &|leaf| leaf["time"] = json!("2026-11-20T10:10:10.000Z"));
    assert_eq!(early, ["time_went_back"]);
    let late = found_there(10, &|leaf| leaf["time"] = json!("2027-11-20T10:10:10.000Z"));
    assert_eq!(late, ["claimed_too_old"]);
}

#[test]
fn a_signature_that_is_not_by_the_signer_is_found() {
    let swap = |leaf: &mut Value| {
        leaf["envelope"]["signatures"][0]["sig"] = json!(base64::encode(&[1; 64]))
    };
    for index in [1, 4, 10] {
        assert_eq!(found_there(index, &swap), ["bad_signature"], "entry {index}");
    }
    let fewer = |leaf: &mut Value| leaf["envelope"]["signatures"] = json!([]);
    assert_eq!(found_there(5, &fewer), ["signers_mismatch"]);
}

#[test]
fn a_leaf_that_is_no_entry_is_found_and_the_audit_goes_on() {
    let found = found(3, &|leaf| *leaf = json!({"a": 1}));
    assert_eq!(found[3], ["not_an_entry"]);
    assert!(found[4].contains(&"prev_link_broken"));
    assert_eq!(found.len(), 11);
}

#[test]
fn a_statement_logged_twice_is_found() {
    let mut leaves = leaves();
    leaves.push(leaves[10].clone());
    let audited = follow(&mut start(), &leaves);
    let names: Vec<_> = audited[11].faults.iter().map(|fault| fault.name()).collect();
    assert!(names.contains(&"logged_twice") && names.contains(&"wrong_index"), "{names:?}");
}

#[test]
fn entries_left_out_or_swapped_are_found() {
    let mut missing = leaves();
    missing.remove(7);
    let audited = follow(&mut start(), &missing);
    assert!(audited[..7].iter().all(|entry| entry.faults.is_empty()));
    assert!(!audited[7].faults.is_empty());
    let mut swapped = leaves();
    swapped.swap(5, 6);
    assert!(!follow(&mut start(), &swapped)[5].faults.is_empty());
}

#[test]
fn a_ledger_that_does_not_start_with_a_policy_is_found() {
    let leaf = leaves().remove(1);
    let mut history = start();
    let audited = history.push(check_leaf(&leaf, history.origin()), &leaves()[..]).unwrap();
    let names: Vec<_> = audited.faults.iter().map(|fault| fault.name()).collect();
    assert!(names.contains(&"conflict"), "{names:?}");
}

#[test]
fn the_words_of_a_target_follow_from_what_was_logged_about_it() {
    let mut leaves = leaves();
    // The reveal after the erasure: the words are gone by then.
    leaves.swap(8, 9);
    let audited = follow(&mut start(), &leaves);
    let names: Vec<_> = audited[9].faults.iter().map(|fault| fault.name()).collect();
    assert!(names.contains(&"conflict"), "{names:?}");
}

#[test]
fn a_statement_for_another_ledger_is_found() {
    let leaf = leaves().remove(0);
    let mut history = History::new("other.example".parse().unwrap());
    let audited = history.push(check_leaf(&leaf, history.origin()), &leaves()[..]).unwrap();
    assert_eq!(audited.faults[0].name(), "wrong_log");
}

#[test]
fn a_checkpoint_over_other_entries_is_found() {
    let mut history = start();
    follow(&mut history, &leaves());
    let root = history.leaf_hash(3).unwrap();
    let wrong = Checkpoint::new(history.origin().clone(), 7, root).unwrap();
    assert_eq!(history.check_checkpoint(&wrong).unwrap().unwrap_err().name(), "root_mismatch");
    let later = Checkpoint::new(history.origin().clone(), 12, root).unwrap();
    assert_eq!(history.check_checkpoint(&later), None);
}

#[test]
fn an_audit_goes_on_from_its_saved_state_as_if_never_stopped() {
    let leaves = leaves();
    let mut whole = start();
    let expected = follow(&mut whole, &leaves);
    for stop in 0..leaves.len() {
        let mut history = start();
        let mut audited = follow(&mut history, &leaves[..stop]);
        let mut resumed = History::from_bytes(&history.to_bytes()).unwrap();
        audited.extend(follow(&mut resumed, &leaves));
        assert_eq!(audited, expected, "stopped before {stop}");
        assert_eq!(resumed.root(11), whole.root(11));
    }
    let mut bytes = whole.to_bytes();
    for place in (0..bytes.len()).step_by(97) {
        bytes[place] ^= 1;
        assert!(History::from_bytes(&bytes).is_err());
        bytes[place] ^= 1;
    }
}

#[test]
fn what_is_read_again_must_be_what_was_checked() {
    let good = leaves();
    let mut history = start();
    follow(&mut history, &good[..5]);
    let mut history = History::from_bytes(&history.to_bytes()).unwrap();
    let mut other = good.clone();
    other[0] = other[2].clone();
    let result = history.push(check_leaf(&good[5], history.origin()), &other[..]);
    assert_eq!(result, Err(PastError::Changed { index: 0 }));
    assert_eq!(history.size(), 5);
    assert_eq!(follow(&mut history, &good)[0].faults, []);
}

proptest::proptest! {
    #[test]
    fn no_leaf_or_state_is_too_strange(bytes: Vec<u8>, place: proptest::sample::Index, with: u8) {
        let mut history = start();
        let found = history.push(check_leaf(&bytes, history.origin()), &[bytes.clone()][..]).unwrap();
        proptest::prop_assert_eq!(found.faults[0].name(), "not_an_entry");
        proptest::prop_assert!(History::from_bytes(&bytes).is_err());
        let mut leaves = leaves();
        let entry = leaves[8].len();
        leaves[8][place.index(entry)] = with;
        follow(&mut start(), &leaves);
    }
}
