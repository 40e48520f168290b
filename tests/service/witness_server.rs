//! A witness over HTTP that answers as it is told: as the real one, or as some have been seen to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use onrecord::clock::SystemClock;
use onrecord::crypto::PrivateKey;
use onrecord::http::witness_router;
use onrecord::net::{LedgerUrl, Patience, WitnessClient};
use onrecord::service::Witness;
use onrecord::store::memory::MemoryWitnessed;
use onrecord::tlog::{AddCheckpoint, Cosigner, Policy, VerifierKey};

use super::bench_ledger::log_key;

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
        let witness = Arc::new(witness.unwrap());
        let server = Self(Arc::new(Inner {
            url,
            cosigner,
            mood: Mutex::new(Mood::Good),
            shown: Mutex::default(),
            asked: AtomicUsize::default(),
        }));
        let router = witness_router(witness)
            .layer(axum::middleware::from_fn_with_state(server.clone(), in_its_mood));
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

/// Answers a request as the mood is, and as the standard says where it is good.
async fn in_its_mood(
    State(server): State<WitnessServer>,
    request: Request,
    next: Next,
) -> Response {
    if request.method() == Method::GET {
        let shown = server.0.shown.lock().unwrap().clone();
        return match shown {
            Some(note) => note.into_response(),
            None => next.run(request).await,
        };
    }
    server.0.asked.fetch_add(1, Ordering::SeqCst);
    let mood = server.0.mood.lock().unwrap().clone();
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let asked: AddCheckpoint = std::str::from_utf8(&body).unwrap().parse().unwrap();
    let note = asked.checkpoint().note();
    let own = &server.0.cosigner;
    match mood {
        Mood::Good => {}
        Mood::Slow(delay) => tokio::time::sleep(delay).await,
        Mood::Silent => std::future::pending().await,
        Mood::Says(status, kind, text) => {
            let status = StatusCode::from_u16(status).unwrap();
            return (status, [("content-type", kind)], text).into_response();
        }
        Mood::Untimed => return own.cosign(note, 0).unwrap().to_string().into_response(),
        Mood::Stranger => {
            let key = PrivateKey::from_seed(&[99; 32]);
            let other = Cosigner::new(server.key().name().clone(), key);
            return other.cosign(note, 1_800_000_000).unwrap().to_string().into_response();
        }
    }
    next.run(Request::from_parts(parts, body.into())).await
}
