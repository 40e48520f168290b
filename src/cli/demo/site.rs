//! The site of an organization in the demonstration: the document by which it lists its key, and the endpoint of its
//! webhook, which takes only what the ledger signed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::stage::{Published, unexpected};
use crate::cli::failure::Failure;
use crate::clock::instant;
use crate::crypto::{PublicKey, Signature};
use crate::encoding::base64;
use crate::webhook::content;

/// The path of the endpoint.
pub(super) const HOOK: &str = "/onrecord-hook";
const WELL_KNOWN: &str = "/.well-known/onrecord.json";
/// How long is waited for a delivery. On a quiet machine it comes within a fraction of a second, which is told.
const IN_TIME: Duration = Duration::from_secs(20);

/// What the site serves and takes. Clones are the same site.
#[derive(Clone, Default)]
pub(super) struct Site(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    document: Option<String>,
    webhook: Option<(PublicKey, mpsc::UnboundedSender<(u64, Instant)>)>,
}

/// What a webhook brought.
pub(super) struct Deliveries(mpsc::UnboundedReceiver<(u64, Instant)>);

impl Site {
    /// Opens it on a free port of this machine.
    pub(super) async fn open(&self) -> std::io::Result<SocketAddr> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let site = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let site = site.clone();
                let service = service_fn(move |request| {
                    let site = site.clone();
                    async move { Ok::<_, hyper::Error>(site.answer(request).await) }
                });
                // A connection that breaks is the other side's concern.
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
            }
        });
        Ok(address)
    }

    /// Publishes the document by which the domain lists a key.
    pub(super) fn publish(&self, document: String) {
        self.held(|held| held.document = Some(document));
    }

    /// From now on takes what is signed by the ledger's key for webhooks, `whpk_` and base64.
    pub(super) fn take_from(&self, public_key: &str) -> Result<Deliveries, Failure> {
        let bytes = public_key.strip_prefix("whpk_").map(base64::decode_array::<32>);
        let key = bytes.and_then(Result::ok).and_then(|bytes| PublicKey::from_bytes(&bytes).ok());
        let key = key.ok_or_else(|| unexpected("the ledger named no key for webhooks"))?;
        let (sender, deliveries) = mpsc::unbounded_channel();
        self.held(|held| held.webhook = Some((key, sender)));
        Ok(Deliveries(deliveries))
    }

    fn held<T>(&self, with: impl FnOnce(&mut Held) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let (head, body) = request.into_parts();
        match (&head.method, head.uri.path()) {
            (&Method::GET, WELL_KNOWN) => match self.held(|held| held.document.clone()) {
                Some(document) => json(document),
                None => status(StatusCode::NOT_FOUND),
            },
            (&Method::POST, HOOK) => match body.collect().await {
                Ok(body) => status(self.take(&head.headers, &body.to_bytes())),
                Err(_) => status(StatusCode::BAD_REQUEST),
            },
            _ => status(StatusCode::NOT_FOUND),
        }
    }

    /// Takes what is delivered, if the ledger signed it.
    fn take(&self, headers: &HeaderMap, body: &[u8]) -> StatusCode {
        self.held(|held| {
            // Until it knows whose signatures to expect it takes nothing, and is asked again.
            let Some((key, sender)) = &held.webhook else { return StatusCode::SERVICE_UNAVAILABLE };
            match signed(headers, body, key) {
                Some(index) if sender.send((index, instant())).is_ok() => StatusCode::NO_CONTENT,
                Some(_) => StatusCode::GONE,
                None => StatusCode::UNAUTHORIZED,
            }
        })
    }
}

/// The index of the entry that is delivered; nothing where the signature `v1a` is not the key's.
fn signed(headers: &HeaderMap, body: &[u8], key: &PublicKey) -> Option<u64> {
    let header = |name| headers.get(name)?.to_str().ok();
    let body = std::str::from_utf8(body).ok()?;
    let seconds = header("webhook-timestamp")?.parse().ok()?;
    let content = content(header("webhook-id")?, seconds, body);
    let mut signatures = header("webhook-signature")?.split(' ');
    let signature = signatures.find_map(|signature| signature.strip_prefix("v1a,"))?;
    let signature = Signature::from_bytes(base64::decode_array(signature).ok()?);
    key.verify(content.as_bytes(), &signature).ok()?;
    serde_json::from_str::<Value>(body).ok()?["data"]["index"].as_u64()
}

fn json(body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(body));
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(http::header::CONTENT_TYPE, json);
    response
}

fn status(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    response
}

impl Deliveries {
    /// When the entry was delivered; those before it are passed over.
    pub(super) async fn have(&mut self, published: &Published) -> Result<Instant, Failure> {
        let wanted = published.index;
        let next = async {
            loop {
                let (index, at) = self.0.recv().await?;
                if index == wanted {
                    return Some(at);
                }
            }
        };
        let came = tokio::time::timeout(IN_TIME, next).await.ok().flatten();
        came.ok_or_else(|| unexpected(&format!("entry {wanted} was not delivered in time")))
    }
}
