//! A whole ledger in memory, served on a free port of this machine.

use std::sync::Arc;
use std::time::Duration;

use onrecord::clock::SetClock;
use onrecord::crypto::PrivateKey;
use onrecord::encoding::time::Moment;
use onrecord::http::limits::Rates;
use onrecord::http::{
    App, Listener, Settings, StreamSettings, Timeouts, policy_without_witnesses, serve,
};
use onrecord::net::{Resolve, Sites};
use onrecord::service::founding::{self, Randomness};
use onrecord::service::{DomainParts, IndexState, Ledger, Parts, WebhookParts, WitnessingParts};
use onrecord::store::memory::MemoryFolder;
use onrecord::tlog::LogSigner;
use tokio::sync::oneshot;

use crate::client::{self, Raw};
use crate::signing::{ORIGIN, Sent};
use crate::slow_journal::{Gate, SlowJournal};

/// How a server differs from the usual one.
pub struct Options<'a> {
    /// What the ledger's clock says, for ever.
    pub now: &'a str,
    pub rates: Option<Rates>,
    pub trusted_hops: usize,
    /// Submissions that may wait.
    pub queue_max: usize,
    /// What the ledger keeps its data in.
    pub folder: MemoryFolder,
    /// Whether the index waits to be opened until [`Server::index_gate`] is.
    pub index_waits: bool,
    /// How streams behave.
    pub stream: StreamSettings,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self {
            now: "2026-11-20T10:30:00Z",
            rates: None,
            trusted_hops: 0,
            queue_max: 1_000,
            folder: MemoryFolder::default(),
            index_waits: false,
            stream: StreamSettings::default(),
        }
    }
}

pub struct Server {
    listening: std::net::SocketAddr,
    url: String,
    now: Moment,
    clock: Arc<SetClock>,
    folder: MemoryFolder,
    gate: Gate,
    index_gate: Gate,
    ledger: Ledger,
    /// Dropping it stops the server.
    _stop: oneshot::Sender<()>,
}

impl Server {
    /// A ledger without rates that holds entry 0.
    pub async fn start() -> Self {
        Self::start_with(Options::default()).await
    }

    pub async fn start_with(options: Options<'_>) -> Self {
        let now = Moment::parse_seconds(options.now).unwrap();
        let [gate, index_gate] = [Gate::default(), Gate::default()];
        if options.index_waits {
            index_gate.close();
        }
        let folder = options.folder;
        let clock = Arc::new(SetClock::at(now));
        let (ledger, policy) =
            ledger(&clock, now, &folder, [&gate, &index_gate], options.queue_max).await;
        let address = "127.0.0.1:0".parse().unwrap();
        let listener = Listener::bind(address, None, Timeouts::default()).unwrap();
        let (listening, url) = (listener.address(), listener.url());
        let settings = Settings {
            public_url: url.clone(),
            policy,
            rates: options.rates,
            trusted_hops: options.trusted_hops,
            body_timeout: Duration::from_millis(500),
            stream: options.stream,
        };
        let (stop, stopped) = oneshot::channel();
        let app = App::new(ledger.clone(), settings);
        tokio::spawn(serve(listener, app, async move { drop(stopped.await) }));
        Self { listening, url, now, clock, folder, gate, index_gate, ledger, _stop: stop }
    }

    pub fn now(&self) -> Moment {
        self.now
    }

    /// Makes the ledger's clock say something else.
    pub fn set_clock(&self, now: &str) {
        self.clock.set(Moment::parse_seconds(now).unwrap());
    }

    /// What the ledger keeps its data in.
    pub fn folder(&self) -> &MemoryFolder {
        &self.folder
    }

    /// Holds up the ledger's disk while it is closed.
    pub fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Holds up the opening of the index while it is closed.
    pub fn index_gate(&self) -> &Gate {
        &self.index_gate
    }

    /// From now on claims make the ledger ask domains, which lead where these say.
    pub fn look_at_domains(&self, resolve: &[Resolve]) {
        self.ledger.look_at_domains(DomainParts {
            sites: Sites::of_the_system(resolve),
            operator: PrivateKey::from_seed(&[42; 32]),
            random: Box::new(|| Ok([9; 16])),
            kept_for: Duration::ZERO,
        });
    }

    /// From now on entries are delivered to organizations, whose endpoints are where these lead. What fails is tried
    /// again after a minute.
    pub fn deliver(&self, resolve: &[Resolve]) {
        let parts = WebhookParts {
            endpoints: Box::new(self.folder.endpoints()),
            sites: Sites::of_the_system(resolve),
            key: PrivateKey::from_seed(&[8; 32]),
            random: Box::new(|| Ok([6; 32])),
            public_url: self.url.clone(),
            schedule: vec![Duration::ZERO, Duration::from_secs(60)],
        };
        self.ledger.deliver_to_webhooks(parts).unwrap();
    }

    /// From now on the ledger announces only what witnesses cosigned.
    pub async fn rely_on_witnesses(&self, parts: WitnessingParts) {
        assert_eq!(self.ledger.rely_on_witnesses(parts).await.unwrap(), Vec::new());
    }

    /// Stops the ledger behind the server.
    pub async fn stop_ledger(&self) {
        self.ledger.stop().await;
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub async fn get(&self, path: &str) -> Raw {
        self.request("GET", path, "", "").await
    }

    /// Each header ends in CR LF.
    pub async fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> Raw {
        let sized = format!("{headers}content-length: {}\r\n", body.len());
        self.request_unsized(method, path, &sized, body).await
    }

    pub async fn request_unsized(
        &self,
        method: &str,
        path: &str,
        headers: &str,
        body: &str,
    ) -> Raw {
        let head = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{headers}");
        client::send(self.listening, &format!("{head}\r\n{body}")).await
    }

    pub async fn publish(&self, body: &str) -> Raw {
        self.request("POST", "/api/v1/statements", "content-type: application/json\r\n", body).await
    }

    /// Publishes what must be accepted.
    pub async fn log(&self, sent: Sent) -> Sent {
        let answer = self.publish(&sent.body).await;
        assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
        sent
    }
}

/// A ledger that holds entry 0, and the policy to verify it with.
async fn ledger(
    clock: &Arc<SetClock>,
    now: Moment,
    store: &MemoryFolder,
    [gate, index_gate]: [&Gate; 2],
    queue_max: usize,
) -> (Ledger, String) {
    let (objects, index) = (Arc::new(store.objects()), Arc::new(store.index()));
    let log_key = PrivateKey::from_seed(&[41; 32]);
    let signer = LogSigner::new(ORIGIN.parse().unwrap(), log_key);
    let policy = policy_without_witnesses(&signer.verifier_keys());
    let ledger = Ledger::start(Parts {
        journal: Box::new(SlowJournal { inner: store.journal().unwrap(), gate: gate.clone() }),
        objects,
        open_index: Box::new({
            let index_gate = index_gate.clone();
            move || {
                index_gate.pass();
                Ok(index)
            }
        }),
        signer,
        clock: clock.clone(),
        queue_max,
    })
    .unwrap();
    if ledger.view().is_some() {
        return (ledger, policy);
    }
    while ledger.health().index != IndexState::Ready {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let operator = PrivateKey::from_seed(&[42; 32]);
    let random = Randomness { nonce: [5; 16], salt: [6; 16] };
    let founding = founding::policy(ORIGIN, &operator, true, None, random, now).unwrap();
    ledger.publish(&founding, |_| None).await.unwrap();
    (ledger, policy)
}
