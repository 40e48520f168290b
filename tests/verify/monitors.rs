//! A malicious log: each thing it can do is met by a monitor, and shown to others by evidence that is judged offline.

use std::sync::LazyLock;

use onrecord::crypto::PrivateKey;
use onrecord::encoding::time::Moment;
use onrecord::entry::{Entry, Link};
use onrecord::service::audit::{AuditError, Settings};
use onrecord::service::monitor::{Known, Look, look};
use onrecord::statement::{Envelope, EnvelopeSignature};
use onrecord::tlog::{LogSigner, Policy, VerifierKey, leaf_hash};
use onrecord::verify::Outcome;
use onrecord::verify::evidence::{Evidence, contradiction, judge};

use crate::grown::{Files, leaves, log};

static LEAVES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| leaves(400));

fn policy() -> Policy {
    Policy::of_log(log().verifier_key().clone())
}

fn try_look(files: &Files, known: Known) -> Result<Look, AuditError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(look(files.clone(), known, Settings::new(policy()), ()))
}

fn look_at(files: &Files, known: &Known) -> Look {
    try_look(files, known.clone()).unwrap()
}

/// What a monitor knows that saw so many entries.
fn known(size: usize) -> Known {
    let seen = look_at(&Files::of(&LEAVES[..size]), &Known::default());
    assert!(seen.is_clean(), "{:?}", seen.alarms);
    seen.known
}

/// The evidence of the first alarm, which has that kind and is judged as it says, by the log's key alone.
fn shown(look: &Look, kind: &str) -> Evidence {
    let alarm = look.alarms.first().unwrap();
    assert_eq!(alarm.kind, kind, "{:?}", look.alarms);
    let evidence = alarm.evidence.clone().unwrap();
    let text = evidence.to_json();
    assert_eq!(Evidence::parse(text.as_bytes()).unwrap(), evidence);
    assert!(Evidence::is_it(text.as_bytes()));
    assert_eq!(evidence.origin().as_ref(), Some(log().origin()));
    let verdict = judge(&evidence, &policy());
    assert_eq!(verdict.outcome(), Outcome::Verified, "{:#?}", verdict.checks);
    let stranger = PrivateKey::from_seed(&[9; 32]).public_key();
    let stranger = VerifierKey::of_log(log().origin().key_name().clone(), &stranger);
    assert_ne!(judge(&evidence, &Policy::of_log(stranger)).outcome(), Outcome::Verified);
    evidence
}

fn changed(index: usize, change: impl FnOnce(&mut Entry)) -> Vec<Vec<u8>> {
    let mut leaves = LEAVES.clone();
    let mut entry = Entry::parse(&leaves[index]).unwrap();
    change(&mut entry);
    leaves[index] = entry.to_leaf();
    leaves
}

#[test]
fn an_honest_log_that_grows_or_is_behind_raises_no_alarm() {
    for (before, now) in [(300, 400), (300, 301), (256, 256), (400, 300), (1, 400)] {
        let look = look_at(&Files::of(&LEAVES[..now]), &known(before));
        assert!(look.is_clean(), "{before} {now}: {:?}", look.alarms);
        let newest = look.known.newest.unwrap();
        assert_eq!(newest.checkpoint().size(), before.max(now) as u64);
    }
}

#[test]
fn a_second_history_is_shown_whichever_of_the_two_is_longer() {
    // Whoever is shown this one sees nothing wrong with it by itself.
    let mut other = LEAVES[..299].to_vec();
    other.push(LEAVES[300].clone());
    for (before, now) in [(300, 300), (300, 400), (350, 310), (300, 512)] {
        let mut forked = other.clone();
        while forked.len() < now {
            forked.push(LEAVES[forked.len() % 400].clone());
        }
        let known = known(before);
        let look = look_at(&Files::of(&forked[..now]), &known);
        let evidence = shown(&look, "fork");
        assert!(look.known == known, "what was verified stays");
        let Evidence::Fork(fork) = evidence else { panic!("no fork") };
        assert!(fork.older.checkpoint().size() <= fork.newer.checkpoint().size());
    }
}

#[test]
fn checkpoints_of_one_tree_are_no_evidence_and_neither_is_what_was_altered() {
    let mut forked = LEAVES.clone();
    forked.swap(298, 299);
    let Evidence::Fork(fork) = shown(&look_at(&Files::of(&forked), &known(300)), "fork") else {
        panic!("no fork")
    };
    let outcome = |fork| judge(&Evidence::Fork(Box::new(fork)), &policy()).outcome();
    let honest = known(400).newest.unwrap();
    let mut one_tree = (*fork).clone();
    one_tree.newer = honest;
    assert_eq!(outcome(one_tree), Outcome::Failed);
    let mut claimed = (*fork).clone();
    claimed.root = *claimed.older.checkpoint().root();
    assert_eq!(outcome(claimed), Outcome::Failed);
    let mut shortened = (*fork).clone();
    shortened.consistency.pop();
    assert_eq!(outcome(shortened), Outcome::Failed);
    let mut of_another_log = (*fork).clone();
    let other = LogSigner::new("other.example".parse().unwrap(), PrivateKey::from_seed(&[9; 32]));
    let (size, root) = (fork.older.checkpoint().size(), *fork.older.checkpoint().root());
    of_another_log.older = other.sign(size, root).unwrap();
    assert_eq!(outcome(of_another_log), Outcome::Failed);
    let mut not_signed = (*fork).clone();
    let forger = LogSigner::new(log().origin().clone(), PrivateKey::from_seed(&[9; 32]));
    not_signed.older = forger.sign(size, root).unwrap();
    assert_eq!(outcome(not_signed), Outcome::Failed);
}

#[test]
fn an_entry_that_is_left_out_or_out_of_order_is_shown() {
    let mut dropped = LEAVES.clone();
    dropped.remove(280);
    shown(&look_at(&Files::of(&dropped), &Known::default()), "wrong_index");
    let mut reordered = LEAVES.clone();
    reordered.swap(280, 281);
    shown(&look_at(&Files::of(&reordered), &known(256)), "wrong_index");
}

#[test]
fn a_back_dated_entry_is_shown() {
    let time = Moment::parse_seconds("2026-11-20T11:59:59Z").unwrap();
    let backdated = changed(399, |entry| entry.time = time);
    let evidence = shown(&look_at(&Files::of(&backdated), &Known::default()), "time_went_back");
    let Evidence::Entries { entries, .. } = evidence else { panic!("no entries") };
    assert_eq!(entries.len(), 2);
}

#[test]
fn a_statement_that_its_signer_did_not_sign_is_shown() {
    let resigned = changed(399, |entry| {
        let payload = entry.envelope.payload().to_vec();
        let by = PrivateKey::from_seed(&[3; 32]);
        let signature = by.sign(&entry.envelope.pae());
        let keyid = by.did().fingerprint();
        let signature = EnvelopeSignature { keyid, signature };
        entry.envelope = Envelope::new(entry.envelope.payload_type(), payload, vec![signature]);
    });
    let evidence = shown(&look_at(&Files::of(&resigned), &Known::default()), "bad_signature");
    let Evidence::Entries { entries, .. } = evidence else { panic!("no entries") };
    assert_eq!(entries.len(), 1);
}

#[test]
fn bytes_that_are_no_entry_are_shown() {
    let mut garbage = LEAVES.clone();
    garbage[399] = b"not an entry".to_vec();
    shown(&look_at(&Files::of(&garbage), &Known::default()), "not_an_entry");
}

#[test]
fn a_statement_that_is_logged_twice_is_shown() {
    let first = Entry::parse(&LEAVES[100]).unwrap();
    let twice = changed(399, |entry| {
        entry.envelope = first.envelope.clone();
    });
    let look = look_at(&Files::of(&twice), &Known::default());
    assert!(look.alarms.iter().any(|alarm| alarm.kind == "logged_twice"), "{:?}", look.alarms);
    let alarms = look.alarms.iter().filter(|alarm| alarm.kind == "logged_twice").cloned();
    shown(&Look { alarms: alarms.collect(), ..look.clone() }, "logged_twice");
}

#[test]
fn a_chain_that_leaves_an_entry_out_is_shown_by_the_two_of_them() {
    let broken = |change: fn(&mut Entry)| look_at(&Files::of(&changed(399, change)), &known(256));
    let look = broken(|entry| entry.links.prev = Some(leaf_hash(b"another")));
    shown(&look, "prev_link_broken");

    // The newest entry about that domain, and by that key, is passed over for an older one.
    let last = Entry::parse(&LEAVES[399]).unwrap();
    let (_, link) = &last.links.subjects[0];
    assert!(link.seq() > 1);
    let look = broken(|entry| {
        let (domain, link) = entry.links.subjects[0].clone();
        let (before, _) = link.before().unwrap();
        let older = Entry::parse(&LEAVES[before as usize]).unwrap();
        let (_, of_older) = older.links.subjects.iter().find(|(name, _)| *name == domain).unwrap();
        entry.links.subjects[0].1 = *of_older;
    });
    let evidence = shown(&look, "subject_link_broken");
    let Evidence::Entries { entries, .. } = evidence else { panic!("no entries") };
    assert_eq!(entries.len(), 2);

    let look = broken(|entry| entry.links.subjects[0].1 = Link::First);
    shown(&look, "subject_link_broken");
}

#[test]
fn what_only_a_view_can_be_blamed_for_is_an_alarm_without_evidence() {
    let files = Files::of(&LEAVES);
    files.change("tile/0/000", |bytes| bytes[40] ^= 1);
    let look = look_at(&files, &Known::default());
    assert_eq!(look.alarms[0].kind, "tile_mismatch");
    assert_eq!(look.alarms[0].evidence, None);
    assert!(look.known == Known::default());
}

#[test]
fn tiles_that_make_another_tree_are_no_proof_of_a_fork() {
    let files = Files::of(&LEAVES);
    files.change("tile/0/001.p/144", |bytes| bytes[40] ^= 1);
    assert!(try_look(&files, known(300)) == Err(AuditError::NotItsTree));
}

#[test]
fn no_two_entries_of_an_honest_log_contradict_each_other() {
    let entries: Vec<Entry> = LEAVES.iter().map(|leaf| Entry::parse(leaf).unwrap()).collect();
    for (earlier, leaf) in entries.iter().zip(LEAVES.iter()) {
        for later in &entries {
            assert_eq!(contradiction(earlier, &leaf_hash(leaf), later), None, "{}", later.index);
        }
    }
}

#[test]
fn two_entries_that_do_not_contradict_each_other_and_one_without_a_fault_show_nothing() {
    let broken = changed(399, |entry| entry.links.prev = Some(leaf_hash(b"another")));
    let evidence = shown(&look_at(&Files::of(&broken), &Known::default()), "prev_link_broken");
    let Evidence::Entries { rule, entries } = evidence else { panic!("no entries") };
    let outcome =
        |entries| judge(&Evidence::Entries { rule: rule.clone(), entries }, &policy()).outcome();
    assert_eq!(outcome(vec![entries[0].clone()]), Outcome::NotChecked);
    assert_eq!(outcome(vec![entries[1].clone(), entries[0].clone()]), Outcome::Failed);
    assert_eq!(outcome(vec![entries[0].clone(), entries[0].clone()]), Outcome::Failed);
    let mut other = entries.clone();
    other[1].leaf = LEAVES[398].clone();
    assert_eq!(outcome(other), Outcome::Failed);
}
