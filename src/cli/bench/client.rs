//! Keep-alive connections that send one request after the other and note how long each answer took.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::clock::instant;

/// A request to send.
#[derive(Debug, Clone)]
pub(super) struct Shot {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) body: Bytes,
}

/// What a run measured.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    /// Answers by status below 300.
    pub(super) good: usize,
    /// All others.
    pub(super) bad: usize,
    /// One of the others, to show.
    pub(super) sample: Option<String>,
    /// How long the run took.
    pub(super) took: Duration,
    /// How long each answer took, ascending.
    latencies: Vec<Duration>,
}

impl Measured {
    /// Good answers a second.
    pub(super) fn rate(&self) -> f64 {
        self.good as f64 / self.took.as_secs_f64().max(f64::EPSILON)
    }

    /// The latency that this part of the answers did not exceed, in milliseconds.
    pub(super) fn percentile(&self, part: f64) -> f64 {
        let last = self.latencies.len().saturating_sub(1);
        let place = ((last as f64) * part).round() as usize;
        self.latencies.get(place).map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
    }
}

/// Sends the shots, each once, over so many connections, and stops starting new ones when the time is over.
pub(super) async fn run(
    address: &str,
    shots: Arc<Vec<Shot>>,
    connections: usize,
    time: Duration,
) -> Result<Measured, String> {
    let next = Arc::new(AtomicUsize::new(0));
    let mut senders = Vec::with_capacity(connections);
    for _ in 0..connections {
        senders.push(connect(address).await?);
    }
    let started = instant();
    let tasks: Vec<_> = senders
        .into_iter()
        .map(|sender| {
            let (shots, next, host) = (shots.clone(), next.clone(), address.to_owned());
            tokio::spawn(shoot(sender, host, shots, next, started + time))
        })
        .collect();
    let mut all = Measured::default();
    for task in tasks {
        let part = task.await.map_err(|error| error.to_string())??;
        all.good += part.good;
        all.bad += part.bad;
        all.sample = all.sample.or(part.sample);
        all.latencies.extend(part.latencies);
    }
    all.took = started.elapsed();
    all.latencies.sort_unstable();
    Ok(all)
}

pub(super) async fn connect(address: &str) -> Result<SendRequest<Full<Bytes>>, String> {
    let stream =
        TcpStream::connect(address).await.map_err(|error| format!("{address}: {error}"))?;
    stream.set_nodelay(true).map_err(|error| error.to_string())?;
    let (sender, connection) =
        handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn shoot(
    mut sender: SendRequest<Full<Bytes>>,
    host: String,
    shots: Arc<Vec<Shot>>,
    next: Arc<AtomicUsize>,
    end: Instant,
) -> Result<Measured, String> {
    let mut measured = Measured::default();
    loop {
        let started = instant();
        let Some(shot) = shots.get(next.fetch_add(1, Ordering::Relaxed)) else { break };
        if started >= end {
            break;
        }
        let request = Request::builder()
            .method(shot.method.clone())
            .uri(&shot.path)
            .header(HOST, &host)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(shot.body.clone()))
            .map_err(|error| error.to_string())?;
        let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let status = answer.status();
        let body = answer.into_body().collect().await.map_err(|error| error.to_string())?;
        measured.latencies.push(started.elapsed());
        if status.as_u16() < 300 {
            measured.good += 1;
        } else {
            measured.bad += 1;
            let text = String::from_utf8_lossy(&body.to_bytes()).into_owned();
            measured.sample.get_or_insert_with(|| format!("{status}: {text}"));
        }
    }
    Ok(measured)
}
