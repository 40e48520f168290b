//! A malicious log: each thing it can do is met by a monitor, and shown to others by evidence that is judged offline.

use std::sync::{Arc, LazyLock, Mutex};

use onrecord::crypto::PrivateKey;
use onrecord::encoding::time::Moment;
use onrecord::entry::{Entry, Link};
use onrecord::service::audit::{AuditError, Observer};
use onrecord::service::monitor::{Known, Look, look};
use onrecord::statement::{Envelope, EnvelopeSignature};
use onrecord::tlog::{LogSigner, Policy, SignedCheckpoint, VerifierKey, leaf_hash};
use onrecord::verify::evidence::{Evidence, contradiction, judge};
use onrecord::verify::{History, Outcome};

use crate::grown::{Files, leaves, log};

static LEAVES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| leaves(400));

fn policy() -> Policy {
    Policy::of_log(log().verifier_key().clone())
}

/// What a monitor remembers, as its caller keeps it.
#[derive(Clone, Default)]
struct Remembered {
    newest: Option<SignedCheckpoint>,
    largest_here: Option<SignedCheckpoint>,
    history: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Observer for Remembered {
    fn may_save(&mut self, history: &History) {
        *self.history.lock().unwrap() = Some(history.to_bytes());
    }
}

fn try_look(files: &Files, remembered: &Remembered) -> Result<Look, AuditError> {
    let Remembered { newest, largest_here, history } = remembered.clone();
    let read = move || Ok(history.lock().unwrap().clone());
    let known = Known { newest, largest_here, history: Box::new(read) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let looking = look(files.clone(), policy(), known, Arc::default(), remembered.clone());
    runtime.block_on(looking)
}

fn look_at(files: &Files, remembered: &Remembered) -> Look {
    try_look(files, remembered).unwrap()
}

/// What a monitor remembers that saw so many entries, at another address.
fn known(size: usize) -> Remembered {
    let mut remembered = Remembered::default();
    let seen = look_at(&Files::of(&LEAVES[..size]), &remembered);
    assert!(seen.is_clean(), "{:?}", seen.alarms);
    remembered.newest = Some(seen.checkpoint);
    remembered
}

fn nothing() -> Remembered {
    Remembered::default()
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
        assert_eq!(look.audited, before.max(now) as u64);
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
        let saved = known.history.lock().unwrap().clone();
        let look = look_at(&Files::of(&forked[..now]), &known);
        let evidence = shown(&look, "fork");
        assert!(*known.history.lock().unwrap() == saved, "what was verified stays");
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
    shown(&look_at(&Files::of(&dropped), &nothing()), "wrong_index");
    let mut reordered = LEAVES.clone();
    reordered.swap(280, 281);
    shown(&look_at(&Files::of(&reordered), &known(256)), "wrong_index");
}

#[test]
fn a_back_dated_entry_is_shown() {
    let time = Moment::parse_seconds("2026-11-20T11:59:59Z").unwrap();
    let backdated = changed(399, |entry| entry.time = time);
    let evidence = shown(&look_at(&Files::of(&backdated), &nothing()), "time_went_back");
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
    let evidence = shown(&look_at(&Files::of(&resigned), &nothing()), "bad_signature");
    let Evidence::Entries { entries, .. } = evidence else { panic!("no entries") };
    assert_eq!(entries.len(), 1);
}

#[test]
fn bytes_that_are_no_entry_are_shown() {
    let mut garbage = LEAVES.clone();
    garbage[399] = b"not an entry".to_vec();
    shown(&look_at(&Files::of(&garbage), &nothing()), "not_an_entry");
}

#[test]
fn a_statement_that_is_logged_twice_is_shown() {
    let first = Entry::parse(&LEAVES[100]).unwrap();
    let twice = changed(399, |entry| {
        entry.envelope = first.envelope.clone();
    });
    let look = look_at(&Files::of(&twice), &nothing());
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

/// An entry that follows another one of its thread and of its signer.
fn a_reveal() -> usize {
    let follows = |leaf: &Vec<u8>| {
        let links = Entry::parse(leaf).unwrap().links;
        links.thread.is_some_and(|link| link.before().is_some())
    };
    LEAVES.iter().rposition(follows).unwrap()
}

#[test]
fn a_chain_of_a_thread_or_a_signer_that_does_not_follow_is_shown() {
    let place = a_reveal();
    let wrong = |link: &Link| {
        let (index, _) = link.before().unwrap();
        Link::After { index, prev: leaf_hash(b"another"), seq: link.seq() }
    };
    let kinds = |leaves: Vec<Vec<u8>>| {
        let look = look_at(&Files::of(&leaves), &nothing());
        look.alarms.iter().map(|alarm| (alarm.kind, alarm.evidence.clone())).collect::<Vec<_>>()
    };
    let of_thread = kinds(changed(place, |entry| {
        entry.links.thread = Some(wrong(&entry.links.thread.unwrap()));
    }));
    let of_signer = kinds(changed(place, |entry| {
        entry.links.signers[0].1 = wrong(&entry.links.signers[0].1);
    }));
    for (kinds, expected) in [(of_thread, "thread_link_broken"), (of_signer, "signer_link_broken")]
    {
        let found = kinds.into_iter().find(|(kind, _)| *kind == expected).unwrap();
        let evidence = found.1.unwrap();
        assert_eq!(judge(&evidence, &policy()).outcome(), Outcome::Verified);
        let Evidence::Entries { entries, .. } = evidence else { panic!("no entries") };
        assert_eq!(entries.len(), 2);
    }
}

#[test]
fn a_statement_whose_times_break_a_rule_is_shown_by_itself() {
    let much_later = Moment::parse_seconds("2027-11-20T12:00:00Z").unwrap();
    let late = changed(399, |entry| entry.time = much_later);
    shown(&look_at(&Files::of(&late), &nothing()), "claimed_too_old");
}

#[test]
fn a_rule_that_rests_on_other_entries_is_for_an_audit_to_judge() {
    // A reveal of what nobody agreed: its agreement is left out of this log.
    let place = a_reveal();
    let mut entry = Entry::parse(&LEAVES[place]).unwrap();
    entry.index = 1;
    let leaves = vec![LEAVES[0].clone(), entry.to_leaf()];
    let look = look_at(&Files::of(&leaves), &nothing());
    let alarm = look.alarms.iter().find(|alarm| alarm.kind == "re_unknown").unwrap();
    let evidence = alarm.evidence.clone().unwrap();
    assert_eq!(judge(&evidence, &policy()).outcome(), Outcome::NotChecked);
}

#[test]
fn what_only_an_address_can_be_blamed_for_is_an_alarm_without_evidence() {
    let files = Files::of(&LEAVES);
    files.change("tile/0/000", |bytes| bytes[40] ^= 1);
    let look = look_at(&files, &nothing());
    assert_eq!(look.alarms[0].kind, "tile_mismatch");
    assert_eq!(look.alarms[0].evidence, None);
    assert_eq!(look.alarms[0].notes.len(), 1);
}

#[test]
fn tiles_that_make_another_tree_are_an_alarm_and_no_proof_of_a_fork() {
    let files = Files::of(&LEAVES);
    files.change("tile/0/001.p/144", |bytes| bytes[40] ^= 1);
    let look = look_at(&files, &known(300));
    assert_eq!((look.alarms[0].kind, look.alarms[0].notes.len()), ("root_mismatch", 2));
    assert_eq!(look.alarms[0].evidence, None);
}

#[test]
fn an_address_that_serves_no_more_after_a_bad_entry_does_not_hide_it() {
    let broken = changed(300, |entry| entry.links.prev = Some(leaf_hash(b"another")));
    // The proof of the entry cannot be had, and so there is no evidence.
    let files = Files::of(&broken);
    files.files.lock().unwrap().remove("tile/1/000");
    files.files.lock().unwrap().remove("tile/1/000.p/1");
    let look = look_at(&files, &nothing());
    assert_eq!(look.alarms[0].kind, "prev_link_broken");
    assert!(look.error.is_some() && !look.is_clean(), "{look:?}");

    // Even what is audited ends early.
    let broken = changed(100, |entry| entry.links.prev = Some(leaf_hash(b"another")));
    let files = Files::of(&broken);
    files.files.lock().unwrap().remove("tile/entries/001.p/144");
    let look = look_at(&files, &nothing());
    assert_eq!(look.alarms[0].kind, "prev_link_broken");
    assert!(look.error.is_some() && !look.is_clean(), "{look:?}");
}

#[test]
fn an_address_that_announces_less_than_it_did_is_an_alarm() {
    let largest_here = known(400).newest;
    let known = Remembered { largest_here, ..known(400) };
    let look = look_at(&Files::of(&LEAVES[..300]), &known);
    assert_eq!((look.alarms[0].kind, look.alarms[0].notes.len()), ("rolled_back", 2));
    assert!(look_at(&Files::of(&LEAVES), &known).is_clean());
}

#[test]
fn a_history_that_cannot_be_read_is_not_blamed_on_the_log() {
    let known = Remembered { history: Arc::default(), ..known(400) };
    let error = try_look(&Files::of(&LEAVES[..300]), &known).unwrap_err();
    assert!(matches!(error, AuditError::Saved(_)), "{error}");
    assert!(look_at(&Files::of(&LEAVES), &known).is_clean(), "nothing is new");
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
    let evidence = shown(&look_at(&Files::of(&broken), &nothing()), "prev_link_broken");
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
