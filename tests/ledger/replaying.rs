//! A mirror makes the entries of a ledger again: the same leaves from what was logged, and none that the rules do not make.

use std::time::Duration;

use bytes::Bytes;
use onrecord::encoding::json::Json;
use onrecord::entry::{Entry, Link};
use onrecord::ledger::replay::{Logged, NotReplayed, replay};
use onrecord::ledger::{Candidate, Facts, Plan, Planned, Standing, plan};
use onrecord::statement::{Disclosure, Reason};

use crate::author::{Author, noon, policy};
use crate::rules::sealed_name;

const EMPTY: Standing = Standing { size: 0, newest: None };

fn planned(batch: Vec<Candidate>) -> Vec<Planned> {
    let Plan { entries, outcomes, .. } = plan(EMPTY, Facts::new(None), batch, noon());
    assert_eq!(entries.len(), outcomes.len());
    entries
}

/// A policy, an agreement, a breach of it, the reveal and the erasure of its sealed name.
fn history() -> Vec<Planned> {
    let (operator, ana) = (Author::new(200), Author::new(1));
    let opened = ana.agreement(&["acme.example"]);
    let breach = [
        ("commitment_numbers", Json::List(vec![Json::Integer(1)])),
        ("desired_outcome", Json::text("refund")),
        ("since", Json::text("2026-11-19")),
    ];
    let name = sealed_name();
    let revealed = ana.reveal(&opened, std::slice::from_ref(&name));
    let erased = ana.erasure(&opened, &[name.digest()]);
    planned(vec![
        policy(&operator),
        opened.clone(),
        ana.follow_up("breach", &opened, &breach),
        revealed,
        erased,
        Author::new(2).agreement(&["bolt.example"]),
    ])
}

fn logged(entries: &[Planned]) -> Vec<Logged> {
    let origin = Author::new(1).log;
    let read = |entry: &Planned| {
        let words = entry.words.clone();
        Logged { words, ..Logged::read(entry.leaf.clone(), &origin).unwrap() }
    };
    entries.iter().map(read).collect()
}

fn replayed(entries: Vec<Logged>) -> Result<Plan, (u64, NotReplayed)> {
    replay(EMPTY, Facts::new(None), entries)
}

/// Why a ledger is not copied whose entry `index` has this leaf.
fn refused(index: usize, change: impl FnOnce(&mut Entry)) -> NotReplayed {
    let mut entries = logged(&history());
    let mut entry = Entry::parse(&entries[index].leaf).unwrap();
    change(&mut entry);
    let leaf = Bytes::from(entry.to_leaf());
    entries[index] = Logged::read(leaf, &Author::new(1).log).unwrap();
    let (at, why) = replayed(entries).map(|_| ()).unwrap_err();
    assert_eq!(at, index as u64);
    why
}

#[test]
fn what_was_logged_becomes_the_same_entries_again() {
    let history = history();
    let plan = replayed(logged(&history)).unwrap();
    assert_eq!(plan.entries.len(), history.len());
    for (again, first) in plan.entries.iter().zip(&history) {
        assert_eq!(again.leaf, first.leaf);
        assert_eq!((&again.chains, again.target), (&first.chains, first.target));
        assert_eq!((&again.revealed, &again.erased), (&first.revealed, &first.erased));
    }
}

#[test]
fn an_entry_that_does_not_follow_from_those_before_it_is_not_added() {
    assert_eq!(refused(1, |entry| entry.index = 2), NotReplayed::OtherLeaf);
    assert_eq!(refused(1, |entry| entry.links.prev = None), NotReplayed::OtherLeaf);
    assert_eq!(refused(2, |entry| entry.links.thread = Some(Link::First)), NotReplayed::OtherLeaf);
    assert_eq!(refused(5, |entry| entry.links.signers.clear()), NotReplayed::OtherLeaf);
    let mut entries = logged(&history());
    let mut entry = Entry::parse(&entries[3].leaf).unwrap();
    entry.time = noon().plus(Duration::from_secs(60));
    entries[3] = Logged::read(Bytes::from(entry.to_leaf()), &Author::new(1).log).unwrap();
    assert!(matches!(replayed(entries), Err((4, NotReplayed::TimeWentBack))));
}

#[test]
fn what_the_ledger_should_have_refused_is_not_added() {
    let (ana, eve) = (Author::new(1), Author::new(2));
    let mut entries = logged(&history());
    let again = entries[1].clone();
    entries.push(again);
    assert!(matches!(replayed(entries), Err((6, NotReplayed::LoggedTwice(1)))));
    // Entry 2 is somebody else's.
    let opened = ana.agreement(&["acme.example"]);
    let withdrawn =
        [policy(&Author::new(200)), opened.clone(), ana.follow_up("withdrawal", &opened, &[])];
    let mut entries = logged(&planned(withdrawn.to_vec()));
    let foreign = eve.follow_up("withdrawal", &opened, &[]);
    let mut entry = Entry::parse(&entries[2].leaf).unwrap();
    entry.envelope = foreign.signed.envelope().clone();
    entries[2] = Logged::read(Bytes::from(entry.to_leaf()), &ana.log).unwrap();
    let refused = replayed(entries).map(|_| ()).unwrap_err();
    assert!(
        matches!(&refused, (2, NotReplayed::Refused(refusal)) if refusal.reason == Reason::NotAParty),
        "{refused:?}"
    );
}

#[test]
fn words_that_are_restored_to_a_copy_are_held_by_the_entry_that_restored_them() {
    let (operator, ana) = (Author::new(200), Author::new(1));
    let opened = ana.agreement(&["acme.example"]);
    let word = opened.words[0].clone();
    let moderation = |decision: &'static str| {
        let fields = [
            ("re", Json::text(opened.signed.id().to_string())),
            ("digests", crate::author::digests(std::iter::once(word.digest()))),
            ("decision", Json::text(decision)),
            ("ground", Json::text("privacy")),
            ("source", Json::text("own_initiative")),
        ];
        operator.sign("moderation", &fields, &[("facts", "Because.", false)])
    };
    let erased = ana.erasure(&opened, &[word.digest()]);
    let batch = vec![
        policy(&operator),
        opened.clone(),
        moderation("withheld"),
        moderation("restored"),
        erased,
    ];
    let history = planned(batch);
    let mut copied = logged(&history);
    copied[1].words.retain(|held| held.digest() != word.digest());
    // What is sealed, or no word of the entry at all, is not restored by anybody's saying so.
    let foreign = Disclosure::make(&[9; 16], "title", Json::text("Another")).unwrap();
    copied[3].restored = vec![foreign, sealed_name(), word.clone()];
    let plan = replayed(copied).unwrap();
    assert_eq!(plan.entries[3].revealed, [word.digest()]);
    // The batch erases it before it is ever written.
    assert_eq!(plan.entries[4].erased, [(word.digest(), None)]);
    let holds =
        |entry: &Planned| entry.words.iter().map(Disclosure::digest).any(|d| d == word.digest());
    assert!(!plan.entries.iter().any(holds));
}
