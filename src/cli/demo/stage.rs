//! The stage of the demonstration: a real ledger on real files and a real port, the sites of two organizations, and a
//! clock that the scene sets. Nothing of it is imitated but the time and the DNS.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

use super::site::Site;
use crate::cli::failure::Failure;
use crate::cli::org::signed_request;
use crate::cli::signed_file::SignedFile;
use crate::cli::{contact, key};
use crate::clock::{self, Clock as _, SetClock};
use crate::crypto::PrivateKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::http::{
    App, Listener, Settings, StreamSettings, Timeouts, policy_without_witnesses, serve,
};
use crate::net::{Client, LedgerUrl, Resolve, Sites};
use crate::service::founding::{self, Randomness};
use crate::service::{DomainParts, IndexState, LOOK_KEPT, Ledger, Parts, WebhookParts};
use crate::statement::draft::Frame;
use crate::statement::{Draft, StatementId};
use crate::store::local::{LocalEndpoints, LocalFolder, LocalIndex};
use crate::tlog::{LogSigner, Origin};
use crate::webhook::{Action, Request, SCHEDULE};
use crate::wire::Webhook;

/// A demonstration needs no more at once.
const SEGMENT_LENGTH: u64 = 4 << 20;
const ANSWER_BYTES_MAX: usize = 4 << 20;
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(10);

/// A running ledger and what is around it.
pub(super) struct Stage {
    ledger: Ledger,
    clock: Arc<SetClock>,
    client: Client,
    url: String,
    folder: Folder,
    stop: Option<oneshot::Sender<()>>,
}

/// A folder that is gone after the demonstration.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the system's folder for such things harms nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// An entry that was published.
pub(super) struct Published {
    pub(super) id: StatementId,
    pub(super) index: u64,
    /// `{index}-{hash}`, as links have it.
    pub(super) link: String,
}

impl Stage {
    /// Opens the ledger, whose domains lead to these sites.
    pub(super) async fn open(listen: SocketAddr, sites: &[(&str, &Site)]) -> Result<Self, Failure> {
        let mut resolve = Vec::new();
        for (domain, site) in sites {
            let address = site.open().await.map_err(|error| no_room(&error))?;
            let text = format!("{domain}={address}");
            resolve.push(text.parse::<Resolve>().map_err(|error| no_room(&error))?);
        }
        let folder = Folder(temporary_folder()?);
        let listener = Listener::bind(listen, None, Timeouts::default()).map_err(|error| {
            Failure::new(error, "Name another address with --listen; port 0 takes a free one.")
        })?;
        let clock = Arc::new(SetClock::at(clock::now()));
        let (log, operator) = (fresh_key()?, fresh_key()?);
        let origin =
            Origin::local(&format!("localhost:{}", listener.address().port()), &log.public_key())
                .map_err(|error| no_room(&error))?;
        let signer = LogSigner::new(origin, log);
        let policy = policy_without_witnesses(&signer.verifier_keys());
        let (ledger, endpoints) = start(&folder.0, signer, &clock)?;
        found(&ledger, &operator, &clock).await?;
        ledger.look_at_domains(DomainParts {
            sites: Sites::of_the_system(&resolve),
            operator,
            random: Box::new(|| key::random().map_err(|failure| failure.to_string())),
            kept_for: LOOK_KEPT,
        });
        let (address, url) = (listener.url(), listener.browser_url());
        ledger
            .deliver_to_webhooks(WebhookParts {
                endpoints: Box::new(endpoints),
                sites: Sites::of_the_system(&resolve),
                key: fresh_key()?,
                random: Box::new(|| key::random().map_err(|failure| failure.to_string())),
                public_url: url.clone(),
                schedule: SCHEDULE.to_vec(),
            })
            .map_err(|error| no_room(&error))?;
        let address: LedgerUrl = address.parse().map_err(|error| no_room(&error))?;
        let client = Client::new(address).map_err(|error| contact::failure(&error))?;
        let settings = Settings {
            public_url: url.clone(),
            policy,
            rates: None,
            trusted_hops: 0,
            body_timeout: BODY_TIMEOUT,
            stream: StreamSettings::default(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let app = App::new(ledger.clone(), settings);
        tokio::spawn(serve(listener, app, async move { drop(stopped.await) }));
        Ok(Self { ledger, clock, client, url, folder, stop: Some(stop) })
    }

    /// Where browsers reach it.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// A folder for whatever the scene writes.
    pub(super) fn folder(&self) -> &Path {
        &self.folder.0
    }

    pub(super) const fn client(&self) -> &Client {
        &self.client
    }

    pub(super) fn origin(&self) -> &Origin {
        self.ledger.origin()
    }

    /// What the ledger's clock says.
    pub(super) fn now(&self) -> Moment {
        self.clock.now().unwrap_or(Moment::EPOCH)
    }

    /// Lets days go by, for the ledger and everyone in the scene.
    pub(super) fn let_days_pass(&self, days: u64) {
        self.clock.set(self.now().plus(Duration::from_secs(days * 24 * 60 * 60)));
    }

    /// The day that is so many days away.
    pub(super) fn day_in(&self, days: u64) -> String {
        let moment = self.now().plus(Duration::from_secs(days * 24 * 60 * 60));
        moment.to_seconds().get(..10).unwrap_or_default().to_owned()
    }

    /// Signs a statement and publishes it over HTTP; what the ledger says where it refuses it.
    pub(super) async fn try_to_publish(
        &self,
        draft: Draft,
        by: &PrivateKey,
    ) -> Result<Result<Published, String>, Failure> {
        let frame = Frame {
            log: self.origin().to_string(),
            signers: vec![by.did()],
            nonce: key::random()?,
            claimed_at: self.now().at_the_minute(),
            seen: None,
        };
        let prepared = draft
            .prepare(&frame)
            .map_err(|refusal| unexpected(&format!("a statement cannot be made: {refusal}")))?;
        let envelope = prepared.sign(&[by]);
        let id = envelope.id();
        let signed = SignedFile { envelope, disclosures: prepared.public, sealed: Vec::new() };
        let body = signed.to_submission();
        let sent = self.client.post("api/v1/statements", body.into(), ANSWER_BYTES_MAX).await;
        match sent {
            Ok(_) => self.entry_of(id).await.map(Ok),
            Err(error) => Ok(Err(error.to_string())),
        }
    }

    /// As [`Self::try_to_publish`], where a refusal ends the scene.
    pub(super) async fn publish(
        &self,
        draft: Draft,
        by: &PrivateKey,
    ) -> Result<Published, Failure> {
        let published = self.try_to_publish(draft, by).await?;
        published.map_err(|refusal| unexpected(&format!("the ledger refused: {refusal}")))
    }

    /// Asks how the webhook of a domain is, or for something to be done about it.
    pub(super) async fn webhook(
        &self,
        (domain, by): (&Domain, &PrivateKey),
        action: Action,
    ) -> Result<Webhook, Failure> {
        let (signer, signed_at) = (by.did(), self.now());
        let request = Request { domain: domain.clone(), signer, signed_at, action };
        let body = signed_request(&request, self.origin(), by);
        let path = format!("api/v1/organizations/{domain}/webhook");
        let answer = self.client.post(&path, body.into(), ANSWER_BYTES_MAX).await;
        let (_, answer) = answer.map_err(|error| contact::failure(&error))?;
        serde_json::from_slice(&answer).map_err(|error| unexpected(&error.to_string()))
    }

    async fn entry_of(&self, id: StatementId) -> Result<Published, Failure> {
        let entry = self.json(&format!("api/v1/statements/{id}")).await?;
        let index = entry["index"].as_u64().unwrap_or_default();
        let hash = entry["leaf_hash"].as_str().and_then(|hash| hash.get(..32)).unwrap_or_default();
        Ok(Published { id, index, link: format!("{index}-{hash}") })
    }

    /// What lies under a path, as JSON.
    pub(super) async fn json(&self, path: &str) -> Result<Value, Failure> {
        let text = self.text(path).await?;
        serde_json::from_str(&text).map_err(|error| unexpected(&format!("{path}: {error}")))
    }

    /// What lies under a path.
    pub(super) async fn text(&self, path: &str) -> Result<String, Failure> {
        let bytes = self.client.get(path, ANSWER_BYTES_MAX).await;
        let bytes = bytes.map_err(|error| contact::failure(&error))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The state of a thread as the ledger's own clock has it.
    pub(super) async fn state(&self, thread: &StatementId) -> Result<Value, Failure> {
        Ok(self.json(&format!("api/v1/threads/{thread}")).await?["state"].take())
    }

    /// Serves until the process is asked to end, then closes everything.
    pub(super) async fn close(mut self) {
        drop(self.stop.take());
        self.ledger.stop().await;
    }
}

fn start(
    folder: &Path,
    signer: LogSigner,
    clock: &Arc<SetClock>,
) -> Result<(Ledger, LocalEndpoints), Failure> {
    let data = LocalFolder::open(&folder.join("data"), SEGMENT_LENGTH);
    let LocalFolder { journal, objects, index, endpoints, .. } =
        data.map_err(|error| no_room(&error))?;
    let parts = Parts {
        journal: Box::new(journal),
        objects: Arc::new(objects),
        open_index: Box::new(move || Ok(Arc::new(LocalIndex::open(&index)?.0))),
        signer,
        clock: clock.clone(),
        queue_max: 1_024,
    };
    let ledger = Ledger::start(parts).map_err(|error| no_room(&error))?;
    Ok((ledger, endpoints))
}

async fn found(ledger: &Ledger, operator: &PrivateKey, clock: &SetClock) -> Result<(), Failure> {
    while ledger.health().index != IndexState::Ready {
        tokio::time::sleep(PAUSE).await;
    }
    let random = Randomness { nonce: key::random()?, salt: key::random()? };
    let now = clock.now().unwrap_or(Moment::EPOCH);
    let policy = founding::policy(ledger.origin().as_str(), operator, true, None, random, now);
    let policy = policy.map_err(|refusal| unexpected(&refusal.to_string()))?;
    let founded = ledger.publish(&policy, |_| None).await;
    founded.map(drop).map_err(|error| unexpected(&error.to_string()))
}

fn temporary_folder() -> Result<PathBuf, Failure> {
    let name: [u8; 8] = key::random()?;
    let name = format!("onrecord-demo-{}", crate::encoding::hex::encode(&name));
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).map_err(|error| no_room(&error))?;
    Ok(folder)
}

/// A fresh key of somebody in the scene.
pub(super) fn fresh_key() -> Result<PrivateKey, Failure> {
    Ok(PrivateKey::from_seed(&zeroize::Zeroizing::new(key::random()?)))
}

/// What the machine does not give.
fn no_room(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(
        format!("the demonstration cannot begin: {error}"),
        "It needs free ports of this machine and room in the folder for temporary files.",
    )
}

/// Something in the scene is not as it must be.
pub(super) fn unexpected(what: &str) -> Failure {
    let what = crate::cli::terminal::escape(what).into_owned();
    Failure::new(what, "This is a fault of the program: tell its makers what was printed.")
}
