//! The ledger looks at domains: before claims, before what a domain states when it was seen too long ago, and once
//! a day.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use onrecord::clock::SetClock;
use onrecord::crypto::PrivateKey;
use onrecord::encoding::domain::Domain;
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::net::{Resolve, Sites};
use onrecord::service::{DomainParts, LOOK_KEPT, Ledger, PublishError, Rechecked};
use onrecord::statement::{Draft, Reason, Statement, Submission, kind};
use onrecord::store::memory::MemoryFolder;

use crate::bench_ledger::{ORIGIN, Person, id_of, noon, parts, publish, start};
use crate::site::Site;

const ACME: &str = "acme.example";
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A ledger that finds acme.example at a site of the test.
struct World {
    ledger: Ledger,
    site: Site,
    clock: Arc<SetClock>,
    now: Moment,
}

impl World {
    async fn new(more: &[String]) -> Self {
        Self::keeping_looks(LOOK_KEPT, more).await
    }

    /// Where every look is a new one, as it is once some seconds passed.
    async fn looking_anew() -> Self {
        Self::keeping_looks(Duration::ZERO, &[]).await
    }

    async fn keeping_looks(kept_for: Duration, more: &[String]) -> Self {
        let site = Site::start().await;
        let clock = Arc::new(SetClock::at(noon()));
        let mut parts = parts(&MemoryFolder::default());
        parts.clock = Arc::clone(&clock) as _;
        let ledger = start(parts).await;
        let mut resolve: Vec<Resolve> = vec![format!("{ACME}={}", site.address).parse().unwrap()];
        resolve.extend(more.iter().map(|text| text.parse::<Resolve>().unwrap()));
        let nonces = AtomicU8::new(0);
        ledger.look_at_domains(DomainParts {
            sites: Sites::of_the_system(&resolve),
            operator: PrivateKey::from_seed(&[200; 32]),
            random: Box::new(move || Ok([nonces.fetch_add(1, Ordering::SeqCst); 16])),
            kept_for,
        });
        Self { ledger, site, clock, now: noon() }
    }

    fn wait(&mut self, time: Duration) {
        self.now = self.now.plus(time);
        self.clock.set(self.now);
    }

    fn lists(&self, people: &[&Person]) {
        let keys: Vec<_> = people.iter().map(|person| person.0.did()).collect();
        self.site.lists(ACME, ORIGIN, &keys);
    }

    async fn admit(&self, submission: &Submission) -> u64 {
        publish(&self.ledger, submission).await.unwrap().index
    }

    async fn refused(&self, submission: &Submission) -> (Reason, String) {
        match publish(&self.ledger, submission).await {
            Err(PublishError::Refused(refusal)) => (refusal.reason, refusal.detail.to_string()),
            other => panic!("{other:?}"),
        }
    }

    fn size(&self) -> u64 {
        self.ledger.view().unwrap().size()
    }

    /// The kind of the entry, its time, and the keys it lists.
    fn entry(&self, index: u64) -> (String, Moment, Vec<String>) {
        let leaf = self.ledger.view().unwrap().entry(index).unwrap().unwrap().leaf;
        let entry = onrecord::entry::Entry::parse(&leaf).unwrap();
        let statement = Statement::read(entry.envelope.payload()).unwrap();
        let keys = statement.fields().keys("keys").iter().map(ToString::to_string).collect();
        (statement.kind().name.to_owned(), entry.time, keys)
    }
}

fn claim(person: &Person, number: u64) -> Submission {
    claim_of(ACME, person, number)
}

fn claim_of(domain: &'static str, person: &Person, number: u64) -> Submission {
    let mut draft = Draft::new(kind::find("claim").unwrap());
    draft.set("domain", Json::text(domain));
    person.sign(draft, number)
}

fn termination(person: &Person, thread: &Submission, number: u64) -> Submission {
    let mut draft = Draft::new(kind::find("termination").unwrap());
    draft.set("domain", Json::text(ACME));
    draft.set("effective", Json::text("2026-12-01"));
    draft.set("thread", Json::text(id_of(thread)));
    person.sign(draft, number)
}

#[tokio::test]
async fn a_claim_is_logged_right_after_what_the_ledger_saw() {
    let (world, acme) = (World::new(&[]).await, Person::new(1));
    world.lists(&[&acme]);
    assert_eq!(world.admit(&claim(&acme, 1)).await, 2);
    let (kind, time, keys) = world.entry(1);
    assert_eq!((kind.as_str(), keys), ("observation", vec![acme.0.did().to_string()]));
    let (kind, same_time, _) = world.entry(2);
    assert_eq!((kind.as_str(), same_time), ("claim", time));
    // The same answer again is no news.
    assert_eq!(world.admit(&claim(&acme, 2)).await, 3);
    assert_eq!(world.size(), 4);
}

#[tokio::test]
async fn two_different_answers_are_refused_and_nothing_is_logged() {
    let other = Person::new(9).0.did();
    let world = World::new(&[format!("_onrecord.{ACME}=v=onr1; key={other}")]).await;
    let acme = Person::new(1);
    world.lists(&[&acme]);
    let (reason, detail) = world.refused(&claim(&acme, 1)).await;
    assert_eq!(reason, Reason::DomainCheckFailed);
    assert!(detail.contains("name different keys") && detail.contains(other.as_str()), "{detail}");
    assert_eq!(world.size(), 1);
}

#[tokio::test]
async fn an_answer_that_cannot_be_had_refuses_the_claim_and_logs_nothing() {
    let (world, acme) = (World::new(&[]).await, Person::new(1));
    world.site.answers("500 Oops", "");
    let (first, second) = (claim(&acme, 1), claim(&acme, 2));
    let (first, second) = tokio::join!(world.refused(&first), world.refused(&second));
    for (reason, detail) in [first, second, world.refused(&claim(&acme, 3)).await] {
        assert_eq!(reason, Reason::DomainCheckFailed);
        assert!(detail.contains("answered 500"), "{detail}");
    }
    assert_eq!((world.size(), world.site.asked()), (1, 1), "one look is shared, and kept a moment");
}

#[tokio::test]
async fn whoever_corrects_what_was_wrong_is_heard_a_moment_later() {
    let (world, acme) = (World::looking_anew().await, Person::new(1));
    world.site.answers("200 OK\r\nContent-Type: application/json", "{");
    let claim = claim(&acme, 1);
    assert_eq!(world.refused(&claim).await.0, Reason::DomainCheckFailed);
    world.lists(&[&acme]);
    assert_eq!(world.admit(&claim).await, 2);
}

#[tokio::test]
async fn that_a_domain_lists_no_key_is_logged_too() {
    let (world, acme) = (World::new(&[]).await, Person::new(1));
    let (reason, _) = world.refused(&claim(&acme, 1)).await;
    assert_eq!(reason, Reason::NotClaimed);
    let (kind, _, keys) = world.entry(1);
    assert_eq!((world.size(), kind.as_str(), keys.len()), (2, "observation", 0));
}

#[tokio::test]
async fn what_was_seen_a_day_ago_is_seen_again_before_the_domain_speaks() {
    let (mut world, ana, acme) = (World::new(&[]).await, Person::new(2), Person::new(1));
    let agreements: Vec<_> = (1..=2).map(|number| ana.agreement(number, "A refund")).collect();
    for agreement in &agreements {
        world.admit(agreement).await;
    }
    world.lists(&[&acme]);
    world.admit(&claim(&acme, 1)).await;
    world.wait(HOUR * 23);
    assert_eq!(world.admit(&termination(&acme, &agreements[0], 1)).await, 5);
    assert_eq!(world.site.asked(), 1, "what was seen still counts");
    world.wait(HOUR * 2);
    assert_eq!(world.admit(&termination(&acme, &agreements[1], 2)).await, 7);
    let (kind, time, keys) = world.entry(6);
    assert_eq!((kind.as_str(), time, keys.len()), ("observation", world.now, 1));
}

#[tokio::test]
async fn a_key_that_the_domain_no_longer_lists_speaks_no_more() {
    let (mut world, ana, acme) = (World::looking_anew().await, Person::new(2), Person::new(1));
    let agreement = ana.agreement(1, "A refund");
    world.admit(&agreement).await;
    world.lists(&[&acme]);
    world.admit(&claim(&acme, 1)).await;
    world.wait(HOUR * 25);
    let next = Person::new(3);
    world.lists(&[&next]);
    let (reason, detail) = world.refused(&termination(&acme, &agreement, 1)).await;
    assert_eq!(reason, Reason::NotClaimed);
    assert!(detail.contains("does not list that key"), "{detail}");
    assert_eq!(world.entry(world.size() - 1).2, [next.0.did().to_string()]);
}

#[tokio::test]
async fn a_statement_that_is_refused_anyway_makes_the_ledger_ask_nobody() {
    let (world, ana, eve) = (World::new(&[]).await, Person::new(2), Person::new(3));
    let agreement = ana.agreement(1, "A refund");
    world.admit(&agreement).await;
    world.lists(&[&ana, &eve]);
    assert_eq!(world.refused(&claim(&ana, 1)).await.0, Reason::NotAParty, "on the other side");
    assert_eq!(world.refused(&claim_of("co.uk", &eve, 1)).await.0, Reason::BadDomain);
    assert_eq!(world.refused(&termination(&eve, &agreement, 1)).await.0, Reason::NotClaimed);
    let missing = Person::new(4).agreement(9, "Never logged");
    assert_eq!(world.refused(&termination(&eve, &missing, 2)).await.0, Reason::ThreadUnknown);
    assert_eq!((world.site.asked(), world.size()), (0, 2));
}

#[tokio::test]
async fn a_claimed_domain_is_looked_at_once_a_day_and_what_changed_is_logged() {
    let (mut world, acme) = (World::looking_anew().await, Person::new(1));
    world.lists(&[&acme]);
    world.admit(&claim(&acme, 1)).await;
    let domain = Domain::parse(ACME).unwrap();
    let day = |world: &World, n: u32| {
        (world.now.plus(HOUR * 24 * n), world.now.plus(HOUR * 24 * (n + 1)))
    };
    let (from, to) = day(&world, 0);
    let rechecked = world.ledger.recheck_domains(from, to).await.unwrap();
    assert_eq!((rechecked.unchanged, world.size()), (vec![domain.clone()], 3));
    // Twenty-four hours in twenty-four steps are a day as well.
    let mut due = 0;
    for hour in 0..24 {
        let (from, to) = (world.now.plus(HOUR * hour), world.now.plus(HOUR * (hour + 1)));
        due += world.ledger.recheck_domains(from, to).await.unwrap().unchanged.len();
    }
    assert_eq!((due, world.size()), (1, 3));

    world.site.answers("404 Not Found", "");
    world.wait(HOUR * 24);
    let (from, to) = day(&world, 0);
    let rechecked = world.ledger.recheck_domains(from, to).await.unwrap();
    assert_eq!((rechecked.changed, world.size()), (vec![domain.clone()], 4));
    let (kind, time, keys) = world.entry(3);
    assert_eq!((kind.as_str(), time, keys.len()), ("observation", world.now, 0));

    world.site.answers("503 Busy", "");
    let rechecked = world.ledger.recheck_domains(from, to).await.unwrap();
    assert_eq!((rechecked.failed, world.size()), (vec![domain], 4));
}

#[tokio::test]
async fn a_ledger_that_ended_looks_at_no_domain_any_more() {
    let mut world = World::looking_anew().await;
    let acme = Person::new(1);
    world.lists(&[&acme]);
    world.admit(&claim(&acme, 1)).await;
    let mut draft = Draft::new(kind::find("successor").unwrap());
    draft.set("origin", Json::text("next.example"));
    let operator = Person(PrivateKey::from_seed(&[200; 32]));
    let end = world.admit(&operator.sign(draft, 2)).await;
    world.site.answers("404 Not Found", "");
    world.wait(HOUR * 24);
    let rechecked = world.ledger.recheck_domains(noon(), world.now).await.unwrap();
    assert_eq!((rechecked, world.size()), (Rechecked::default(), end + 1));
    let (reason, detail) = world.refused(&claim(&acme, 3)).await;
    assert_eq!(reason, Reason::Conflict);
    assert!(detail.contains("next.example goes on"), "{detail}");
}
