//! The rules of notices and of the operator's decisions, for admission and audit.

use onrecord::crypto::Hash;
use onrecord::encoding::json::Json;
use onrecord::ledger::Candidate;
use onrecord::statement::Reason;

use crate::author::{Author, digests};
use crate::rules::sealed_name;
use crate::world::{ACME, World};

fn about(target: &Candidate, words: &[Hash]) -> Vec<(&'static str, Json<'static>)> {
    vec![
        ("re", Json::text(target.signed.id().to_string())),
        ("digests", digests(words.iter().copied())),
        ("ground", Json::text("privacy")),
    ]
}

fn notice(author: &Author, target: &Candidate, words: &[Hash]) -> Candidate {
    let fields = [about(target, words), vec![("role", Json::text("subject_person"))]].concat();
    author.sign("notice", &fields, &[("explanation", "That is me.", false)])
}

fn decide(
    author: &Author,
    target: &Candidate,
    words: &[Hash],
    decision: &'static str,
) -> Candidate {
    let more = vec![("decision", Json::text(decision)), ("source", Json::text("notice"))];
    let fields = [about(target, words), more].concat();
    author.sign("moderation", &fields, &[("facts", "A name of a person.", false)])
}

#[test]
fn anyone_gives_notice_of_words_that_there_are_and_it_stands_apart() {
    let (mut world, ana, eve) = (World::new(), Author::new(1), Author::new(2));
    let opened = ana.agreement(&[ACME]);
    let title = opened.words[0].digest();
    assert_eq!(world.publish(&notice(&eve, &opened, &[title])), Some(Reason::ReUnknown));
    world.admit(opened.clone());
    let noticed = world.admit(notice(&eve, &opened, &[title, sealed_name().digest()]));
    let chains = noticed.signed.statement().membership();
    assert_eq!((chains.thread, chains.subjects.len()), (None, 0));
    let unknown = noticed.words[0].digest();
    assert_eq!(world.publish(&notice(&eve, &opened, &[unknown])), Some(Reason::BadField));
    world.admit(ana.erasure(&opened, &[title]));
    assert_eq!(world.publish(&notice(&eve, &opened, &[title])), Some(Reason::Conflict));
}

#[test]
fn the_operator_withholds_public_words_restores_them_and_erases_what_is_left() {
    let (mut world, ana) = (World::new(), Author::new(1));
    let operator = Author::new(200);
    let opened = world.admit(ana.agreement(&[ACME]));
    let (title, sealed) = (opened.words[0].digest(), sealed_name().digest());
    let decided = |words: &[Hash], decision| decide(&operator, &opened, words, decision);
    let by_ana = decide(&ana, &opened, &[title], "withheld");
    assert_eq!(world.publish(&by_ana), Some(Reason::NotAParty));
    assert_eq!(world.publish(&decided(&[title], "restored")), Some(Reason::Conflict));
    assert_eq!(world.publish(&decided(&[sealed], "withheld")), Some(Reason::Conflict));
    world.admit(decided(&[title], "withheld"));
    assert_eq!(world.publish(&decided(&[title], "withheld")), Some(Reason::Conflict));
    world.admit(decided(&[title], "restored"));
    world.admit(decided(&[title], "withheld"));
    world.admit(decided(&[title, sealed], "erased"));
    for decision in ["withheld", "restored", "erased"] {
        assert_eq!(world.publish(&decided(&[title], decision)), Some(Reason::Conflict));
    }
    assert_eq!(world.publish(&ana.reveal(&opened, &[sealed_name()])), Some(Reason::Conflict));
}

#[test]
fn words_that_are_withheld_can_be_erased_by_who_signed_them() {
    let (mut world, ana) = (World::new(), Author::new(1));
    let opened = world.admit(ana.agreement(&[ACME]));
    let title = opened.words[0].digest();
    world.admit(decide(&Author::new(200), &opened, &[title], "withheld"));
    world.admit(ana.erasure(&opened, &[title]));
}

#[test]
fn a_whole_entry_is_withheld_and_restored_but_never_erased() {
    let (mut world, ana) = (World::new(), Author::new(1));
    let operator = Author::new(200);
    let opened = world.admit(ana.agreement(&[ACME]));
    let decided = |decision| decide(&operator, &opened, &[], decision);
    assert_eq!(world.publish(&decided("restored")), Some(Reason::Conflict));
    world.admit(decided("withheld"));
    assert_eq!(world.publish(&decided("withheld")), Some(Reason::Conflict));
    world.admit(decided("restored"));
    world.admit(decided("withheld"));
    let erased = vec![("decision", Json::text("erased")), ("source", Json::text("court"))];
    let fields = [about(&opened, &[]), erased].concat();
    let words = [("facts", "Because.", false)];
    assert_eq!(operator.refused_with("moderation", &fields, &words), Reason::BadField);
}
