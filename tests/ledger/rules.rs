//! The rules of kinds, each broken once. Statements are planned in one batch, so that each sees those
//! before it.

use onrecord::crypto::PrivateKey;
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::ledger::{Candidate, Facts, Outcome, Plan, Standing, plan};
use onrecord::statement::{Disclosure, Reason};

use crate::author::{Author, noon, policy};

fn plan_all(batch: Vec<Candidate>) -> Plan {
    let all = [vec![policy(&Author::new(200))], batch].concat();
    plan(Standing { size: 0, newest: None }, Facts::new(None), all, noon())
}

/// What became of the last one, after all before it were admitted.
fn last(batch: Vec<Candidate>) -> Option<Reason> {
    let mut outcomes = plan_all(batch).outcomes;
    let last = outcomes.pop();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Admitted(_))), "{outcomes:?}");
    match last {
        Some(Outcome::Refused(refusal)) => Some(refusal.reason),
        _ => None,
    }
}

fn breach(number: i64) -> [(&'static str, Json<'static>); 3] {
    [
        ("commitment_numbers", Json::List(vec![Json::Integer(number)])),
        ("desired_outcome", Json::text("refund")),
        ("since", Json::text("2026-11-19")),
    ]
}

pub fn fulfilment(domain: Option<&'static str>) -> Vec<(&'static str, Json<'static>)> {
    let mut fields = vec![
        ("commitment_numbers", Json::List(vec![Json::Integer(1)])),
        ("extent", Json::text("full")),
        ("occurred_on", Json::text("2026-11-19")),
    ];
    fields.extend(domain.map(|domain| ("domain", Json::text(domain))));
    fields
}

pub fn sealed_name() -> Disclosure {
    Disclosure::make(&[3; 16], "signer_name", Json::text("Ana")).unwrap()
}

#[test]
fn entry_0_is_a_policy_by_one_of_its_own_keys() {
    let ana = Author::new(1);
    let empty = Standing { size: 0, newest: None };
    let outcome = |batch| plan(empty, Facts::new(None), batch, noon()).outcomes.remove(0);
    let refused = outcome(vec![ana.agreement(&["example.org"])]);
    assert!(matches!(refused, Outcome::Refused(refusal) if refusal.reason == Reason::Conflict));
    let mut foreign = Author::new(200);
    foreign.keys = vec![PrivateKey::from_seed(&[9; 32])];
    let fields =
        policy(&Author::new(200)).signed.statement().fields().keys("operator_keys").to_vec();
    let fields = [
        ("final_days", Json::Integer(30)),
        ("operator_keys", Json::List(vec![Json::text(fields[0].to_string())])),
        ("reserved_domains", Json::Bool(true)),
        ("response_days", Json::Integer(10)),
    ];
    let refused = outcome(vec![foreign.sign("policy", &fields, &[])]);
    assert!(matches!(refused, Outcome::Refused(refusal) if refusal.reason == Reason::NotAParty));
    assert_eq!(last(vec![policy(&Author::new(200))]), None);
    assert_eq!(last(vec![policy(&Author::new(201))]), Some(Reason::NotAParty));
}

#[test]
fn follow_ups_are_for_those_who_signed_the_agreement() {
    let (ana, eve) = (Author::new(1), Author::new(2));
    let opened = ana.agreement(&["acme.example"]);
    let after = |next: Candidate| last(vec![opened.clone(), next]);
    assert_eq!(after(ana.follow_up("breach", &opened, &breach(1))), None);
    assert_eq!(after(eve.follow_up("breach", &opened, &breach(1))), Some(Reason::NotAParty));
    let both = Author::new(1).with(2);
    assert_eq!(after(both.follow_up("breach", &opened, &breach(1))), Some(Reason::NotAParty));
    assert_eq!(
        last(vec![ana.follow_up("breach", &opened, &breach(1))]),
        Some(Reason::ThreadUnknown)
    );
    assert_eq!(after(ana.follow_up("breach", &opened, &breach(3))), Some(Reason::BadField));
}

#[test]
fn what_all_must_sign_some_cannot() {
    let both = Author::new(1).with(2);
    let opened = both.agreement(&["acme.example"]);
    let after = |next: Candidate| last(vec![opened.clone(), next]);
    let one = Author::new(1);
    assert_eq!(after(one.follow_up("breach", &opened, &breach(1))), None);
    assert_eq!(after(one.follow_up("withdrawal", &opened, &[])), Some(Reason::NotAParty));
    assert_eq!(after(both.follow_up("withdrawal", &opened, &[])), None);
    assert_eq!(after(one.reveal(&opened, &[sealed_name()])), Some(Reason::NotAParty));
    assert_eq!(after(one.erasure(&opened, &[sealed_name().digest()])), None);
}

#[test]
fn nobody_speaks_for_a_subject_yet() {
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example"]);
    let after = |next: Candidate| last(vec![opened.clone(), next]);
    let by = |domain| fulfilment(Some(domain));
    assert_eq!(after(ana.follow_up("fulfilment", &opened, &fulfilment(None))), None);
    let acme = ana.follow_up("fulfilment", &opened, &by("acme.example"));
    assert_eq!(after(acme), Some(Reason::NotClaimed));
    let other = ana.follow_up("fulfilment", &opened, &by("other.example"));
    assert_eq!(after(other), Some(Reason::BadField));
    let end = |domain| [("domain", Json::text(domain)), ("effective", Json::text("2026-11-19"))];
    let other = ana.follow_up("termination", &opened, &end("other.example"));
    assert_eq!(after(other), Some(Reason::NotAParty));
    let acme = ana.follow_up("termination", &opened, &end("acme.example"));
    assert_eq!(after(acme), Some(Reason::NotClaimed));
}

pub fn amendment(
    ana: &Author,
    opened: &Candidate,
    by: &'static str,
    debtors: &[&'static str],
) -> Candidate {
    let list = debtors.iter().map(|debtor| Json::map([("by", Json::text(*debtor))])).collect();
    let fields = [
        ("thread", Json::text(opened.signed.id().to_string())),
        ("by", Json::text(by)),
        ("commitments", Json::List(list)),
        ("effective", Json::text("2026-11-19")),
    ];
    let names: Vec<_> = (1..=debtors.len()).map(|n| format!("commitment_{n}")).collect();
    let words: Vec<_> = names.iter().map(|name| (name.as_str(), "As agreed.", false)).collect();
    ana.sign("amendment", &fields, &words)
}

#[test]
fn only_a_mutual_amendment_changes_what_is_owed() {
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example"]);
    let three = ["signer", "acme.example", "signer"];
    let alone = amendment(&ana, &opened, "unilateral", &three);
    let third = ana.follow_up("breach", &opened, &breach(3));
    assert_eq!(last(vec![opened.clone(), alone, third]), Some(Reason::BadField));
    let mutual = amendment(&ana, &opened, "mutual", &three);
    assert_eq!(last(vec![opened.clone(), mutual]), Some(Reason::NotClaimed));
    let foreign = amendment(&ana, &opened, "unilateral", &["other.example"]);
    assert_eq!(last(vec![opened, foreign]), Some(Reason::BadDomain));
}

#[test]
fn after_a_withdrawal_the_signers_only_assess() {
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example"]);
    let withdrawn = ana.follow_up("withdrawal", &opened, &[]);
    let after = |next: Candidate| last(vec![opened.clone(), withdrawn.clone(), next]);
    let resolved = [("resolved", Json::text("no"))];
    assert_eq!(after(ana.follow_up("assessment", &opened, &resolved)), None);
    assert_eq!(after(ana.follow_up("breach", &opened, &breach(1))), Some(Reason::Conflict));
    assert_eq!(after(ana.follow_up("withdrawal", &opened, &[])), Some(Reason::Conflict));
    assert_eq!(after(ana.reveal(&opened, &[sealed_name()])), Some(Reason::Conflict));
}

#[test]
fn an_agreement_is_terminated_once() {
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example"]);
    let end = || ana.follow_up("termination", &opened, &[("effective", Json::text("2026-11-19"))]);
    assert_eq!(last(vec![opened.clone(), end()]), None);
    assert_eq!(last(vec![opened.clone(), end(), end()]), Some(Reason::Conflict));
}

#[test]
fn sealed_words_become_public_once_and_only_under_their_name() {
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example"]);
    let title = opened.words[0].clone();
    let after = |next: Candidate| last(vec![opened.clone(), next]);
    let reveal = ana.reveal(&opened, &[sealed_name()]);
    assert_eq!(last(vec![opened.clone(), reveal.clone()]), None);
    let again = ana.reveal(&opened, &[sealed_name()]);
    assert_eq!(last(vec![opened.clone(), reveal, again]), Some(Reason::Conflict));
    assert_eq!(after(ana.reveal(&opened, &[title])), Some(Reason::DisclosureUnknown));
    let unknown = Disclosure::make(&[9; 16], "signer_name", Json::text("Eve")).unwrap();
    assert_eq!(after(ana.reveal(&opened, &[unknown])), Some(Reason::BadField));
    assert_eq!(last(vec![ana.reveal(&opened, &[sealed_name()])]), Some(Reason::ReUnknown));
}

#[test]
fn erased_words_are_gone_for_good_and_leave_the_batch_they_came_in() {
    let (ana, eve) = (Author::new(1), Author::new(2));
    let opened = ana.agreement(&["acme.example"]);
    let title = opened.words[0].digest();
    let erasure = ana.erasure(&opened, &[title, sealed_name().digest()]);
    let planned = plan_all(vec![opened.clone(), erasure.clone()]);
    assert_eq!(planned.outcomes[2], Outcome::Admitted(2));
    assert!(planned.entries[1].words.iter().all(|word| word.digest() != title));
    assert_eq!(planned.entries[2].target, Some(1));
    assert!(planned.entries[2].erased.iter().all(|(_, held_by)| held_by.is_none()));
    let again = ana.erasure(&opened, &[title]);
    assert_eq!(last(vec![opened.clone(), erasure.clone(), again]), Some(Reason::Conflict));
    let reveal = ana.reveal(&opened, &[sealed_name()]);
    assert_eq!(last(vec![opened.clone(), erasure, reveal]), Some(Reason::Conflict));
    assert_eq!(last(vec![opened.clone(), eve.erasure(&opened, &[title])]), Some(Reason::NotAParty));
    // Another's digest in one's own statement gives no hold over the other's words.
    assert_eq!(last(vec![opened.clone(), eve.agreement(&["acme.example"])]), None);
}

#[test]
fn claimed_times_are_within_ten_minutes_and_thirty_days() {
    let at = |text: &str| {
        let claimed_at = Moment::parse_seconds(text).unwrap();
        last(vec![Author { claimed_at, ..Author::new(1) }.agreement(&["acme.example"])])
    };
    assert_eq!(at("2026-11-20T12:10:00Z"), None);
    assert_eq!(at("2026-11-20T12:10:01Z"), Some(Reason::ClaimedInFuture));
    assert_eq!(at("2026-10-21T12:00:00Z"), None);
    assert_eq!(at("2026-10-21T11:59:59Z"), Some(Reason::ClaimedTooOld));
}

#[test]
fn chains_follow_the_fields_of_the_statement_and_its_thread() {
    let ana = Author::new(1);
    let opened = ana.agreement(&["acme.example", "bolt.example"]);
    let broken = ana.follow_up("breach", &opened, &breach(1));
    let planned = plan_all(vec![opened, broken]);
    let chains: Vec<_> = planned.entries[2].chains.iter().map(|(_, seq)| *seq).collect();
    assert_eq!(chains, [1, 1, 1, 1], "thread, two subjects, one signer");
    let entry = onrecord::entry::Entry::parse(&planned.entries[2].leaf).unwrap();
    let before = Some((1, planned.entries[1].leaf_hash));
    assert_eq!(entry.links.thread.unwrap().before(), before);
    assert!(entry.links.subjects.iter().all(|(_, link)| link.before() == before));
    assert_eq!(entry.links.prev, Some(planned.entries[1].leaf_hash));
}
