//! Entries are delivered to the organizations they are about: in order, until they are taken or given up, on after a
//! restart, and nowhere but where they may go.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use futures_util::future::BoxFuture;
use onrecord::crypto::{PrivateKey, Signature};
use onrecord::encoding::domain::Domain;
use onrecord::encoding::json::Json;
use onrecord::net::{NameError, Names, Resolve, Sites, Tcp};
use onrecord::service::webhooks::{AttemptResult, Stopped};
use onrecord::service::{DomainParts, LOOK_KEPT, Ledger, WebhookError, WebhookParts, WebhookView};
use onrecord::statement::{Draft, Envelope, EnvelopeSignature, Reason, kind, pae};
use onrecord::store::Endpoints as _;
use onrecord::store::memory::MemoryFolder;
use onrecord::webhook::{Action, Endpoint, Request, WEBHOOK_TYPE, request_payload};

use crate::bench_ledger::{ORIGIN, Person, noon, parts, publish, start};
use crate::receiver::Receiver;
use crate::site::Site;

const SHORT: [Duration; 3] = [Duration::ZERO, Duration::from_millis(30), Duration::from_millis(60)];

struct World {
    folder: MemoryFolder,
    ledger: Ledger,
    domain: &'static str,
    acme: Person,
    site: Site,
    receiver: Receiver,
    asked: AtomicI64,
}

impl World {
    /// A ledger where acme.example claimed its domain by entry 2.
    async fn new() -> Self {
        Self::of("acme.example", None).await
    }

    async fn of(domain: &'static str, sites: Option<Sites>) -> Self {
        let (site, receiver) = (Site::start().await, Receiver::start().await);
        let acme = Person::new(1);
        site.lists(domain, ORIGIN, &[acme.0.did()]);
        let folder = MemoryFolder::default();
        let ledger = start(parts(&folder)).await;
        let asked = AtomicI64::new(0);
        let world = Self { folder, ledger, domain, acme, site, receiver, asked };
        world.run(sites);
        let mut claim = Draft::new(kind::find("claim").unwrap());
        claim.set("domain", Json::text(domain));
        let claim = world.acme.sign(claim, 1);
        assert_eq!(publish(&world.ledger, &claim).await.unwrap().index, 2);
        world
    }

    fn run(&self, sites: Option<Sites>) {
        let hooks = format!("hooks.{}={}", self.domain, self.receiver.address);
        let site = format!("{}={}", self.domain, self.site.address);
        let resolve: Vec<Resolve> = [hooks, site].map(|text| text.parse().unwrap()).into();
        self.ledger.look_at_domains(DomainParts {
            sites: Sites::of_the_system(&resolve),
            operator: PrivateKey::from_seed(&[200; 32]),
            random: Box::new(|| Ok([5; 16])),
            kept_for: LOOK_KEPT,
        });
        let webhooks = WebhookParts {
            endpoints: Box::new(self.folder.endpoints()),
            sites: sites.unwrap_or_else(|| Sites::of_the_system(&resolve)),
            key: webhook_key(),
            random: Box::new(|| Ok([6; 32])),
            public_url: "https://ledger.example".to_owned(),
            schedule: SHORT.to_vec(),
        };
        self.ledger.deliver_to_webhooks(webhooks).unwrap();
    }

    /// The process ends and another one begins, with an index that is gone.
    async fn restart(mut self) -> Self {
        use onrecord::store::Index as _;
        self.ledger.stop().await;
        self.folder.index().clear().unwrap();
        self.ledger = start(parts(&self.folder)).await;
        self.run(None);
        self
    }

    fn envelope(&self, by: &Person, action: Action) -> Envelope {
        let later = self.asked.fetch_add(1, Ordering::SeqCst) as u64;
        let signed_at = noon().plus(Duration::from_millis(later));
        let domain = Domain::parse(self.domain).unwrap();
        let request = Request { domain, signer: by.0.did(), signed_at, action };
        let payload = request_payload(&request, ORIGIN);
        let signature = by.0.sign(&pae(WEBHOOK_TYPE, payload.as_bytes()));
        let keyid = by.0.did().fingerprint();
        let signatures = vec![EnvelopeSignature { keyid, signature }];
        Envelope::new(WEBHOOK_TYPE, payload.into_bytes(), signatures)
    }

    async fn send(&self, envelope: &Envelope) -> Result<WebhookView, WebhookError> {
        self.ledger.ask_webhook(&Domain::parse(self.domain).unwrap(), envelope).await
    }

    async fn ask(&self, action: Action) -> WebhookView {
        self.send(&self.envelope(&self.acme, action)).await.unwrap()
    }

    async fn register(&self, from: Option<u64>) -> WebhookView {
        self.ask(register(self.domain, from)).await
    }

    async fn say(&self, number: u64) {
        let agreement = Person::new(2).agreement(number, "Something-that-is-said");
        publish(&self.ledger, &agreement).await.unwrap();
    }

    async fn until(&self, is_so: impl Fn(&WebhookView) -> bool) -> WebhookView {
        for _ in 0..500 {
            let view = self.ask(Action::Status).await;
            if is_so(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{:?}", self.ask(Action::Status).await.attempts);
    }
}

fn webhook_key() -> PrivateKey {
    PrivateKey::from_seed(&[8; 32])
}

fn register(domain: &str, from: Option<u64>) -> Action {
    let of = Domain::parse(domain).unwrap();
    let endpoint = Endpoint::parse(&format!("https://hooks.{domain}/in?a=b"), &of).unwrap();
    Action::Register { endpoint, from }
}

fn indices(receiver: &Receiver) -> Vec<u64> {
    receiver.got().iter().map(super::receiver::Got::index).collect()
}

fn reason(result: Result<WebhookView, WebhookError>) -> Reason {
    match result {
        Err(WebhookError::Refused(refusal)) => refusal.reason,
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("it was done"),
    }
}

#[tokio::test]
async fn entries_come_in_order_signed_twice_and_without_words() {
    let world = World::new().await;
    let registered = world.register(None).await;
    let secret = registered.secret.unwrap();
    for number in 1..=3 {
        world.say(number).await;
    }
    let got = world.receiver.wait_for(3).await;
    assert_eq!(indices(&world.receiver), [3, 4, 5]);
    let oracle = standardwebhooks::Webhook::new(&secret).unwrap();
    for got in &got {
        assert!(got.head.starts_with("POST /in?a=b HTTP/1.1\r\n"), "{}", got.head);
        assert_eq!(got.header("host"), "hooks.acme.example");
        assert!(got.body.contains(r#""url":"https://ledger.example/e/"#), "{}", got.body);
        assert!(!got.body.contains("Something"), "{}", got.body);
        let (id, seconds) = (got.header("webhook-id"), got.header("webhook-timestamp"));
        let (v1, v1a) = got.header("webhook-signature").split_once(' ').unwrap();
        let seconds_read = seconds.parse().unwrap();
        assert_eq!(oracle.sign(id, seconds_read, got.body.as_bytes()).unwrap(), v1);
        let signature = base64::engine::general_purpose::STANDARD.decode(&v1a[4..]).unwrap();
        let signature = Signature::from_bytes(signature.try_into().unwrap());
        let content = format!("{id}.{seconds}.{}", got.body);
        webhook_key().public_key().verify(content.as_bytes(), &signature).unwrap();
    }
    let status = world.until(|view| view.next_index == 6).await;
    assert!(status.secret.is_none(), "the secret is shown once");
    assert_eq!(status.attempts.len(), 3);
}

#[tokio::test]
async fn what_fails_is_tried_again_and_nothing_overtakes_it() {
    let world = World::new().await;
    world.receiver.answers(&["500 Oops", "302 Found\r\nLocation: http://127.0.0.1:1/"]);
    world.register(None).await;
    world.say(1).await;
    world.say(2).await;
    let got = world.receiver.wait_for(4).await;
    assert_eq!(indices(&world.receiver), [3, 3, 3, 4]);
    let ids: Vec<_> = got.iter().map(|got| got.header("webhook-id")).collect();
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3], "{ids:?}");
    let view = world.until(|view| view.next_index == 5).await;
    let results: Vec<_> = view.attempts.iter().rev().map(|attempt| &attempt.result).collect();
    use AttemptResult::{Delivered, Status};
    assert_eq!(results, [&Status(500), &Status(302), &Delivered, &Delivered]);
}

#[tokio::test]
async fn what_is_given_up_waits_until_it_is_asked_for_again() {
    let world = World::new().await;
    world.receiver.answers(&["500 Oops"; 3]);
    world.register(None).await;
    world.say(1).await;
    let view = world.until(|view| view.stopped.is_some()).await;
    assert_eq!((view.stopped, view.next_index), (Some(Stopped::Exhausted), 3));
    world.say(2).await;
    world.ask(Action::Replay { from: 0 }).await;
    world.receiver.wait_for(7).await;
    // The observation and the claim are about the domain too.
    assert_eq!(indices(&world.receiver), [3, 3, 3, 1, 2, 3, 4]);
}

#[tokio::test]
async fn an_endpoint_that_is_gone_gets_nothing_until_it_is_registered_again() {
    let world = World::new().await;
    world.receiver.answers(&["410 Gone"]);
    world.register(None).await;
    world.say(1).await;
    world.until(|view| view.stopped == Some(Stopped::Gone)).await;
    world.say(2).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(indices(&world.receiver), [3]);
    world.register(None).await;
    world.receiver.wait_for(3).await;
    assert_eq!(indices(&world.receiver), [3, 3, 4]);
}

#[tokio::test]
async fn deliveries_go_on_after_a_restart_where_they_ended_and_a_removed_webhook_stays_removed() {
    let world = World::new().await;
    world.register(None).await;
    world.say(1).await;
    world.until(|view| view.next_index == 4).await;
    let world = world.restart().await;
    world.say(2).await;
    world.receiver.wait_for(2).await;
    assert_eq!(indices(&world.receiver), [3, 4]);
    world.ask(Action::Delete).await;
    let world = world.restart().await;
    world.say(3).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(indices(&world.receiver), [3, 4]);
    assert_eq!(world.ask(Action::Status).await.endpoint, None);
}

#[tokio::test]
async fn after_a_crash_what_may_not_have_come_is_delivered_again_under_the_same_id() {
    let world = World::new().await;
    world.register(None).await;
    let acme = Domain::parse(world.domain).unwrap();
    let before = world.folder.endpoints().all().unwrap().remove(0).1;
    world.say(1).await;
    world.until(|view| view.next_index == 4).await;
    world.ledger.stop().await;
    world.folder.endpoints().put(&acme, &before).unwrap();
    let world = world.restart().await;
    let got = world.receiver.wait_for(2).await;
    assert_eq!(indices(&world.receiver), [3, 3]);
    assert_eq!(got[0].header("webhook-id"), got[1].header("webhook-id"));
}

#[tokio::test]
async fn only_a_key_that_speaks_for_the_domain_is_heard_and_no_request_twice() {
    let world = World::new().await;
    let by_other = world.envelope(&Person::new(9), register(world.domain, None));
    assert_eq!(reason(world.send(&by_other).await), Reason::NotClaimed);
    let first = world.envelope(&world.acme, register(world.domain, None));
    assert!(world.send(&first).await.unwrap().secret.is_some());
    assert_eq!(reason(world.send(&first).await), Reason::BadField, "sent again");
    let beyond = world.envelope(&world.acme, Action::Replay { from: 99 });
    assert_eq!(reason(world.send(&beyond).await), Reason::BadField);
    world.ask(Action::Delete).await;
    let nowhere = world.envelope(&world.acme, Action::Replay { from: 0 });
    assert_eq!(reason(world.send(&nowhere).await), Reason::Conflict);
}

#[tokio::test]
async fn a_request_that_cannot_be_written_down_changes_nothing() {
    let world = World::new().await;
    world.folder.set_full(true);
    let envelope = world.envelope(&world.acme, register(world.domain, None));
    assert!(matches!(world.send(&envelope).await, Err(WebhookError::Store(_))));
    world.folder.set_full(false);
    assert_eq!(world.ask(Action::Status).await.endpoint, None);
    assert!(world.send(&envelope).await.is_ok());
}

/// Names that lead into somebody's own network.
struct Inward;

impl Names for Inward {
    fn addresses<'a>(&'a self, _: &'a Domain) -> BoxFuture<'a, Result<Vec<IpAddr>, NameError>> {
        Box::pin(async { Ok(vec!["10.0.0.1".parse().unwrap()]) })
    }

    fn texts<'a>(&'a self, _: &'a Domain) -> BoxFuture<'a, Result<Vec<Vec<u8>>, NameError>> {
        Box::pin(async { Ok(Vec::new()) })
    }
}

#[tokio::test]
async fn an_endpoint_in_somebodys_own_network_is_never_connected_to() {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let sites = Sites::new(Arc::new(Inward), Arc::new(Tcp), tls, &[]);
    let world = World::of("acme.com", Some(sites)).await;
    world.register(Some(0)).await;
    let view = world.until(|view| view.stopped.is_some()).await;
    assert_eq!(view.stopped, Some(Stopped::Exhausted));
    let AttemptResult::Error(why) = &view.attempts[0].result else { panic!("{:?}", view.attempts) };
    assert!(why.contains("10.0.0.1"), "{why}");
    assert_eq!(world.receiver.got().len(), 0);
}
