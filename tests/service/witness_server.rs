//! A witness over HTTP that answers as it is told: as the real one, or as some have been seen to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use onrecord::clock::SystemClock;
use onrecord::crypto::{PrivateKey, sha256};
use onrecord::net::{LedgerUrl, Patience, WitnessClient};
use onrecord::service::{Witness, WitnessError};
use onrecord::store::memory::MemoryWitnessed;
use onrecord::tlog::{AddCheckpoint, Cosigner, NotWitnessed, Policy, VerifierKey};

use super::bench_ledger::{ORIGIN, log_key};

/// How it answers.
#[derive(Clone)]
pub enum Mood {
    /// As the standard says.
    Good,
    /// The same, after a while.
    Slow(Duration),
    /// Never.
    Silent,
    /// With this status, type and text.
    Says(u16, &'static str, &'static str),
    /// With a cosignature of the checkpoint that says the time 0.
    Untimed,
    /// With a good cosignature by another key.
    Stranger,
}

#[derive(Clone)]
pub struct WitnessServer(Arc<Inner>);

struct Inner {
    url: LedgerUrl,
    cosigner: Cosigner,
    witness: Witness,
    mood: Mutex<Mood>,
    /// What monitors are shown, if it is not what was cosigned.
    shown: Mutex<Option<String>>,
    asked: AtomicUsize,
}

impl WitnessServer {
    pub async fn start(number: u8) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let name = format!("witness.example/w{number}");
        let cosigner = Cosigner::new(name.parse().unwrap(), PrivateKey::from_seed(&[number; 32]));
        let policy = format!("log {}\nquorum none\n", log_key().verifier_key());
        let witness = Witness::start(
            cosigner.clone(),
            Policy::parse(policy.as_bytes()).unwrap(),
            Box::new(MemoryWitnessed::default()),
            Arc::new(SystemClock::start()),
        );
        let server = Self(Arc::new(Inner {
            url,
            cosigner,
            witness: witness.unwrap(),
            mood: Mutex::new(Mood::Good),
            shown: Mutex::default(),
            asked: AtomicUsize::default(),
        }));
        let router = Router::new()
            .route("/add-checkpoint", post(add))
            .route("/{log}/checkpoint", get(newest))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub fn is_now(&self, mood: Mood) {
        *self.0.mood.lock().unwrap() = mood;
    }

    /// What monitors are shown from now on.
    pub fn shows(&self, note: &str) {
        *self.0.shown.lock().unwrap() = Some(note.to_owned());
    }

    /// How often it was asked to cosign.
    pub fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    pub fn key(&self) -> &VerifierKey {
        self.0.cosigner.verifier_key()
    }

    pub fn client(&self) -> (VerifierKey, WitnessClient) {
        let client = WitnessClient::new(self.0.url.clone(), Patience::WITNESS).unwrap();
        (self.key().clone(), client)
    }
}

async fn add(State(server): State<WitnessServer>, body: Bytes) -> Response {
    server.0.asked.fetch_add(1, Ordering::SeqCst);
    let mood = server.0.mood.lock().unwrap().clone();
    let request: AddCheckpoint = std::str::from_utf8(&body).unwrap().parse().unwrap();
    let note = request.checkpoint().note();
    match mood {
        Mood::Good => {}
        Mood::Slow(delay) => tokio::time::sleep(delay).await,
        Mood::Silent => std::future::pending().await,
        Mood::Says(status, kind, text) => {
            let status = StatusCode::from_u16(status).unwrap();
            return (status, [("content-type", kind)], text).into_response();
        }
        Mood::Untimed => {
            return server.0.cosigner.cosign(note, 0).unwrap().to_string().into_response();
        }
        Mood::Stranger => {
            let other =
                Cosigner::new(server.key().name().clone(), PrivateKey::from_seed(&[99; 32]));
            return other.cosign(note, 1_800_000_000).unwrap().to_string().into_response();
        }
    }
    match server.0.witness.add(&body) {
        Ok(line) => line.to_string().into_response(),
        Err(WitnessError::NotWitnessed(NotWitnessed::OtherSize(size))) => {
            let kind = [("content-type", "text/x.tlog.size")];
            (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response()
        }
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

async fn newest(State(server): State<WitnessServer>, Path(log): Path<String>) -> Response {
    let own = sha256(ORIGIN.as_bytes());
    assert_eq!(log, own.to_hex());
    let shown = server.0.shown.lock().unwrap().clone();
    match shown.or_else(|| server.0.witness.newest(&own).unwrap()) {
        Some(note) => note.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
