//! The rules of what organizations sign, and of offers: each broken once, for admission and audit.

use onrecord::encoding::json::Json;
use onrecord::ledger::Candidate;
use onrecord::statement::Reason;

use crate::author::Author;
use crate::rules::{amendment, fulfilment};
use crate::world::{ACME, BOLT, World, claim};

type Fields = Vec<(&'static str, Json<'static>)>;

fn re(target: &Candidate) -> (&'static str, Json<'static>) {
    ("re", Json::text(target.signed.id().to_string()))
}

/// What an organization signs in a thread.
fn by(domain: &'static str, more: Fields) -> Fields {
    [vec![("domain", Json::text(domain))], more].concat()
}

fn verdict(domain: &'static str, on: &Candidate) -> Fields {
    by(domain, vec![re(on), ("verdict", Json::text("confirmed"))])
}

fn response(author: &Author, thread: &Candidate, to: &Candidate) -> Candidate {
    let fields = by(ACME, vec![re(to), ("stage", Json::text("acknowledged"))]);
    author.follow_up_with("response", thread, &fields, &[("note", "We look at it.", false)])
}

fn offer(author: &Author, thread: &Candidate, domain: &'static str) -> Candidate {
    let fields = by(domain, vec![("expires", Json::text("2026-11-21"))]);
    let words = [("title", "Ours", false), ("commitment_1", "We repair it.", false)];
    author.follow_up_with("offer", thread, &fields, &words)
}

fn accept(author: &Author, thread: &Candidate, offer: &Candidate) -> Candidate {
    author.follow_up("acceptance", thread, &[re(offer)])
}

/// Ana has an agreement with acme.example, whose key is that of `acme`, and does not want offers.
fn agreed() -> (World, Author, Author, Candidate) {
    let (mut world, ana, acme) = (World::new(), Author::new(1), Author::new(50));
    let opened = world.admit(ana.agreement(&[ACME]));
    world.claim(ACME, &acme);
    (world, ana, acme, opened)
}

#[test]
fn a_claim_is_by_a_key_that_the_domain_listed_within_a_day() {
    let (mut world, acme, eve) = (World::new(), Author::new(50), Author::new(51));
    assert_eq!(world.publish(&claim(&acme, ACME)), Some(Reason::NotClaimed), "nobody looked");
    world.observe(ACME, &[&acme]);
    assert_eq!(world.publish(&claim(&eve, ACME)), Some(Reason::NotClaimed), "not listed");
    assert_eq!(world.publish(&claim(&acme, BOLT)), Some(Reason::NotClaimed), "another domain");
    world.wait(24);
    world.admit(claim(&acme, ACME));
    world.now = world.now.plus(std::time::Duration::from_millis(1));
    assert_eq!(world.publish(&claim(&acme, ACME)), Some(Reason::NotClaimed), "over a day ago");
    world.observe(ACME, &[]);
    assert_eq!(world.publish(&claim(&acme, ACME)), Some(Reason::NotClaimed), "no keys any more");
}

#[test]
fn only_the_operator_observes() {
    let (mut world, acme) = (World::new(), Author::new(50));
    let keys = Json::List(vec![Json::text(acme.keys[0].did().to_string())]);
    let fields = [("domain", Json::text(ACME)), ("keys", keys), ("method", Json::text("dns"))];
    let observation = acme.sign("observation", &fields, &[]);
    assert_eq!(world.publish(&observation), Some(Reason::NotAParty));
}

#[test]
fn nobody_is_on_both_sides() {
    let (mut world, ana, acme, _) = agreed();
    world.observe(ACME, &[&ana, &acme]);
    assert_eq!(world.publish(&claim(&ana, ACME)), Some(Reason::NotAParty));
    world.observe(BOLT, &[&ana]);
    world.admit(claim(&ana, BOLT));
    assert_eq!(world.publish(&ana.agreement(&[BOLT])), Some(Reason::NotAParty));
    assert_eq!(world.publish(&acme.agreement(&[ACME])), Some(Reason::NotAParty));
    world.admit(ana.agreement(&[ACME]));
    world.admit(acme.agreement(&[BOLT]));
}

#[test]
fn a_key_speaks_for_a_subject_once_it_claimed_it_and_while_it_is_listed() {
    let (mut world, ana, acme, opened) = agreed();
    let kept = |author: &Author| author.follow_up("fulfilment", &opened, &fulfilment(Some(ACME)));
    world.admit(kept(&acme));
    assert_eq!(world.publish(&kept(&ana)), Some(Reason::NotClaimed));
    let both = Author::new(50).with(1);
    assert_eq!(world.publish(&kept(&both)), Some(Reason::NotClaimed), "every signer has to");
    let listed = Author::new(51);
    world.observe(ACME, &[&acme, &listed]);
    assert_eq!(world.publish(&kept(&listed)), Some(Reason::NotClaimed), "listed, not claimed");
    world.observe(ACME, &[&listed]);
    assert_eq!(world.publish(&kept(&acme)), Some(Reason::NotClaimed), "no longer listed");
    world.observe(ACME, &[&acme]);
    world.admit(kept(&acme));
    world.wait(25);
    assert_eq!(world.publish(&kept(&acme)), Some(Reason::NotClaimed), "seen over a day ago");
}

#[test]
fn a_subject_gives_one_verdict_on_the_agreement_and_on_each_amendment() {
    let (mut world, ana, acme, opened) = agreed();
    let judge =
        |author: &Author, fields: &Fields| author.follow_up("countersignature", &opened, fields);
    world.admit(judge(&acme, &verdict(ACME, &opened)));
    let again = judge(&acme, &verdict(ACME, &opened));
    assert_eq!(world.publish(&again), Some(Reason::Conflict));
    assert_eq!(world.publish(&judge(&ana, &verdict(ACME, &opened))), Some(Reason::NotClaimed));
    let amended = world.admit(amendment(&ana, &opened, "unilateral", &[ACME]));
    world.admit(judge(&acme, &verdict(ACME, &amended)));
    let withdrawn = world.admit(ana.follow_up("withdrawal", &opened, &[]));
    let wrong = judge(&acme, &verdict(ACME, &withdrawn));
    assert_eq!(world.publish(&wrong), Some(Reason::BadField), "not on anything else");
    world.claim(BOLT, &Author::new(60));
    let other = judge(&Author::new(60), &verdict(BOLT, &opened));
    assert_eq!(world.publish(&other), Some(Reason::NotAParty), "no subject");
}

#[test]
fn a_mutual_amendment_is_by_all_signers_and_every_subject_that_owes() {
    let (mut world, ana, _, opened) = agreed();
    let all = Author::new(1).with(50);
    let two = ["signer", ACME, "signer"];
    let without = amendment(&ana, &opened, "mutual", &two);
    assert_eq!(world.publish(&without), Some(Reason::NotClaimed));
    let stranger = amendment(&Author::new(1).with(50).with(9), &opened, "mutual", &two);
    assert_eq!(world.publish(&stranger), Some(Reason::NotClaimed));
    let alone = amendment(&Author::new(50), &opened, "mutual", &two);
    assert_eq!(world.publish(&alone), Some(Reason::NotAParty));
    world.admit(amendment(&all, &opened, "mutual", &two));
    let mut third = fulfilment(None);
    third[0].1 = Json::List(vec![Json::Integer(3)]);
    world.admit(ana.follow_up("fulfilment", &opened, &third));
}

#[test]
fn a_subject_responds_to_what_the_signers_stated() {
    let (mut world, ana, acme, opened) = agreed();
    world.admit(response(&acme, &opened, &opened));
    let kept = world.admit(ana.follow_up("fulfilment", &opened, &fulfilment(None)));
    world.admit(response(&acme, &opened, &kept));
    let own = world.admit(acme.follow_up("fulfilment", &opened, &fulfilment(Some(ACME))));
    assert_eq!(world.publish(&response(&acme, &opened, &own)), Some(Reason::BadField));
    let elsewhere = world.admit(Author::new(2).agreement(&[ACME]));
    assert_eq!(world.publish(&response(&acme, &opened, &elsewhere)), Some(Reason::ReUnknown));
    world.admit(ana.follow_up("withdrawal", &opened, &[]));
    world.admit(response(&acme, &opened, &kept));
}

#[test]
fn an_offer_is_by_a_claimed_domain_that_is_no_subject_where_offers_are_welcome() {
    let (mut world, ana, acme, closed) = agreed();
    let bolt = Author::new(60);
    let welcome = world.admit(ana.agreement_welcoming(&[ACME]));
    assert_eq!(world.publish(&offer(&bolt, &welcome, BOLT)), Some(Reason::NotClaimed));
    world.claim(BOLT, &bolt);
    assert_eq!(world.publish(&offer(&bolt, &closed, BOLT)), Some(Reason::OffersClosed));
    assert_eq!(world.publish(&offer(&acme, &welcome, ACME)), Some(Reason::NotAParty));
    world.admit(offer(&bolt, &welcome, BOLT));
    world.admit(ana.follow_up("withdrawal", &welcome, &[]));
    assert_eq!(world.publish(&offer(&bolt, &welcome, BOLT)), Some(Reason::Conflict));
}

#[test]
fn an_offer_that_stands_is_accepted_once_by_all_signers() {
    let (mut world, _, acme, _) = agreed();
    let (both, bolt) = (Author::new(3).with(4), Author::new(60));
    let opened = world.admit(both.agreement_welcoming(&[ACME]));
    world.claim(BOLT, &bolt);
    let offered = world.admit(offer(&bolt, &opened, BOLT));
    let one = accept(&Author::new(3), &opened, &offered);
    assert_eq!(world.publish(&one), Some(Reason::NotAParty));
    assert_eq!(world.publish(&accept(&acme, &opened, &offered)), Some(Reason::NotAParty));
    let nothing = accept(&both, &opened, &opened);
    assert_eq!(world.publish(&nothing), Some(Reason::BadField), "no offer");
    world.admit(accept(&both, &opened, &offered));
    assert_eq!(world.publish(&accept(&both, &opened, &offered)), Some(Reason::Conflict));
    let second = world.admit(offer(&bolt, &opened, BOLT));
    // The 21st is over everywhere on Earth 48 hours after noon of the 20th in UTC.
    world.wait(47);
    let third = offer(&bolt, &opened, BOLT);
    assert_eq!(world.publish(&third), Some(Reason::NotClaimed), "seen over a day ago");
    world.wait(1);
    assert_eq!(world.publish(&accept(&both, &opened, &second)), Some(Reason::Conflict));
}

#[test]
fn fields_that_belong_together_stand_together() {
    let acme = Author::new(50);
    let opened = Author::new(1).agreement(&[ACME]);
    let refused = |kind: &str, fields: Fields| acme.refused(kind, &opened, &fields);
    let answer = |more: Fields| by(ACME, [vec![re(&opened)], more].concat());
    let text = |name, value| (name, Json::text(value));
    let declined = || text("verdict", "declined");
    assert_eq!(refused("countersignature", answer(vec![declined()])), Reason::MissingField);
    let confirmed = vec![text("verdict", "confirmed"), text("reason", "duplicate")];
    assert_eq!(refused("countersignature", answer(confirmed)), Reason::BadField);
    let final_alone = vec![text("stage", "final")];
    assert_eq!(refused("response", answer(final_alone)), Reason::MissingField);
    let early = vec![text("stage", "acknowledged"), text("expected_final_by", "2026-12-01")];
    assert_eq!(refused("response", answer(early)), Reason::BadField);
}
