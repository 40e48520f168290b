//! Readers of the stream under load: so many follow while statements are published at a steady rate. It measures from
//! the entry's time, which is when the ledger admitted it, until a reader has the event, by the clock of this machine
//! that both read; and counts what readers were not told, or told twice.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper::header::{CONTENT_TYPE, HOST};
use serde::Serialize;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::client::{Shot, connect};
use super::events::{Heard, Scanner};
use super::load::{SUBJECTS, subject};
use crate::clock;

/// Connections over which statements are published.
const PUBLISHERS: usize = 16;
/// How long the last entries are waited for: longer than the time between two checkpoints on a stream.
const WAIT_MAX: Duration = Duration::from_secs(20);
/// Milliseconds that are told apart; what takes longer counts as this.
const MILLIS_MAX: usize = 20_000;

/// What to measure.
pub(super) struct Task {
    pub(super) address: String,
    pub(super) readers: usize,
    /// Statements a second.
    pub(super) rate: u64,
    /// The statements, in the order in which they are published.
    pub(super) shots: Arc<Vec<Shot>>,
    /// Whether each reader follows one organization and not everything.
    pub(super) is_filtered: bool,
}

/// What was measured.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Report {
    pub(super) readers: usize,
    pub(super) published: u64,
    pub(super) per_second: f64,
    /// Entries that reached readers, all together.
    pub(super) received: u64,
    pub(super) p50_ms: usize,
    pub(super) p99_ms: usize,
    pub(super) max_ms: usize,
    /// Entries that readers were not told.
    pub(super) gaps: u64,
    /// Entries that readers were told again, or out of order.
    pub(super) repeats: u64,
    /// Streams that ended before the end.
    pub(super) dropped: u64,
    /// Resident memory of the server when the readers were there, at most while publishing, and at the end. Absent
    /// where it does not tell.
    pub(super) memory_bytes: Option<[u64; 3]>,
}

/// What one reader was told.
struct Told {
    /// Every entry before it that is asked for.
    passed: AtomicU64,
    received: AtomicU64,
    repeats: AtomicU64,
    ended: AtomicUsize,
}

/// How many took so many milliseconds.
type Latencies = Arc<Vec<AtomicU64>>;

/// Opens the streams, publishes, waits for the last entries, and counts.
pub(super) async fn measure(task: Task) -> Result<Report, String> {
    let latencies: Latencies = Arc::new((0..=MILLIS_MAX).map(|_| AtomicU64::new(0)).collect());
    let begin = size_of(&task.address).await?;
    let mut streams = JoinSet::new();
    let mut readers = Vec::with_capacity(task.readers);
    for number in 0..task.readers {
        let stream = open(&task, number, begin).await?;
        let told = Arc::new(Told {
            passed: AtomicU64::new(begin),
            received: AtomicU64::default(),
            repeats: AtomicU64::default(),
            ended: AtomicUsize::default(),
        });
        readers.push(told.clone());
        streams.spawn(follow(stream, told, latencies.clone()));
    }
    let before = memory_of(&task.address).await;
    let highest = Arc::new(AtomicU64::new(before.unwrap_or_default()));
    streams.spawn(watch_memory(task.address.clone(), highest.clone()));
    let started = Instant::now();
    let published = publish(&task).await?;
    let took = started.elapsed();
    let end = size_of(&task.address).await?;
    wait_for(&readers, end).await;
    let after = memory_of(&task.address).await;
    let memory_bytes = before.zip(after);
    let memory_bytes =
        memory_bytes.map(|(before, after)| [before, highest.load(Ordering::Relaxed), after]);
    Ok(report(&task, &readers, &latencies, &published, took, memory_bytes))
}

/// The stream of one reader, with a status that was good.
async fn open(
    task: &Task,
    number: usize,
    begin: u64,
) -> Result<(SendRequest<Full<Bytes>>, Incoming), String> {
    let filter = if task.is_filtered {
        format!("&domain={}", subject(number as u64))
    } else {
        String::new()
    };
    let mut sender = connect(&task.address).await?;
    let request = Request::get(format!("/api/v1/stream?cursor={begin}{filter}"))
        .header(HOST, &task.address)
        .body(Full::default())
        .map_err(|error| error.to_string())?;
    let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
    if answer.status().as_u16() != 200 {
        return Err(format!("reader {number} was answered {}", answer.status()));
    }
    Ok((sender, answer.into_body()))
}

async fn follow(
    (_connection, mut body): (SendRequest<Full<Bytes>>, Incoming),
    told: Arc<Told>,
    latencies: Latencies,
) {
    let mut scanner = Scanner::default();
    while let Some(Ok(frame)) = body.frame().await {
        let Some(bytes) = frame.data_ref() else { continue };
        let now = clock::now();
        scanner.take(bytes, |heard| match heard {
            Heard::Entry(index, at) => {
                let millis = now.since(at).as_millis().min(MILLIS_MAX as u128) as usize;
                latencies[millis].fetch_add(1, Ordering::Relaxed);
                if index < told.passed.fetch_max(index + 1, Ordering::Relaxed) {
                    told.repeats.fetch_add(1, Ordering::Relaxed);
                } else {
                    told.received.fetch_add(1, Ordering::Relaxed);
                }
            }
            Heard::Checkpoint(cursor) => {
                told.passed.fetch_max(cursor, Ordering::Relaxed);
            }
            Heard::Dropped => {}
        });
    }
    told.ended.store(1, Ordering::Relaxed);
}

/// Publishes at the rate; how many were logged, by the organization they name.
async fn publish(task: &Task) -> Result<Vec<u64>, String> {
    let (next, logged) = (Arc::new(AtomicUsize::new(0)), Arc::new(new_counts()));
    let started = Instant::now();
    let mut publishers = JoinSet::new();
    for _ in 0..PUBLISHERS {
        let mut sender = connect(&task.address).await?;
        let (shots, host, rate) = (task.shots.clone(), task.address.clone(), task.rate);
        let (next, logged) = (next.clone(), logged.clone());
        publishers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(shot) = shots.get(number) else { return Ok(()) };
                sleep_until(started + Duration::from_micros(number as u64 * 1_000_000 / rate))
                    .await;
                let status = send(&mut sender, shot, &host).await?;
                if status != 201 {
                    return Err(format!("a statement was answered {status}"));
                }
                logged[number % SUBJECTS as usize].fetch_add(1, Ordering::Relaxed);
            }
        });
    }
    while let Some(ended) = publishers.join_next().await {
        ended.map_err(|error| error.to_string())??;
    }
    Ok(logged.iter().map(|count| count.load(Ordering::Relaxed)).collect())
}

fn new_counts() -> Vec<AtomicU64> {
    (0..SUBJECTS).map(|_| AtomicU64::default()).collect()
}

async fn send(
    sender: &mut SendRequest<Full<Bytes>>,
    shot: &Shot,
    host: &str,
) -> Result<u16, String> {
    let request = Request::builder()
        .method(shot.method.clone())
        .uri(&shot.path)
        .header(HOST, host)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(shot.body.clone()))
        .map_err(|error| error.to_string())?;
    let answer = sender.send_request(request).await.map_err(|error| error.to_string())?;
    let status = answer.status().as_u16();
    answer.into_body().collect().await.map_err(|error| error.to_string())?;
    Ok(status)
}

async fn wait_for(readers: &[Arc<Told>], end: u64) {
    let until = Instant::now() + WAIT_MAX;
    let waits = |told: &Arc<Told>| {
        told.passed.load(Ordering::Relaxed) < end && told.ended.load(Ordering::Relaxed) == 0
    };
    while Instant::now() < until && readers.iter().any(waits) {
        sleep(Duration::from_millis(50)).await;
    }
}

fn report(
    task: &Task,
    readers: &[Arc<Told>],
    latencies: &Latencies,
    published: &[u64],
    took: Duration,
    memory_bytes: Option<[u64; 3]>,
) -> Report {
    let all: u64 = published.iter().sum();
    let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
    let expected = |number: usize| {
        if task.is_filtered { published[number % SUBJECTS as usize] } else { all }
    };
    let received: u64 = readers.iter().map(|told| of(&told.received)).sum();
    let missing = readers.iter().enumerate();
    let missing = missing.map(|(number, told)| expected(number).saturating_sub(of(&told.received)));
    let total: u64 = latencies.iter().map(of).sum();
    let percentile = |part: f64| {
        let (mut left, wanted) = (0, (total as f64 * part).ceil() as u64);
        let reached = |count: &AtomicU64| {
            left += of(count);
            left >= wanted.max(1)
        };
        latencies.iter().position(reached).unwrap_or_default()
    };
    Report {
        readers: readers.len(),
        published: all,
        per_second: all as f64 / took.as_secs_f64().max(f64::EPSILON),
        received,
        p50_ms: percentile(0.5),
        p99_ms: percentile(0.99),
        max_ms: latencies.iter().rposition(|count| of(count) > 0).unwrap_or_default(),
        gaps: missing.sum(),
        repeats: readers.iter().map(|told| of(&told.repeats)).sum(),
        dropped: readers.iter().map(|told| told.ended.load(Ordering::Relaxed) as u64).sum(),
        memory_bytes,
    }
}

async fn watch_memory(address: String, highest: Arc<AtomicU64>) {
    loop {
        sleep(Duration::from_secs(1)).await;
        if let Some(bytes) = memory_of(&address).await {
            highest.fetch_max(bytes, Ordering::Relaxed);
        }
    }
}

/// What the server says of its memory.
async fn memory_of(address: &str) -> Option<u64> {
    let text = text_of(address, "metrics").await.ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("process_resident_memory_bytes "))?;
    line.trim().parse::<f64>().ok().map(|bytes| bytes as u64)
}

/// Entries that the newest checkpoint covers.
pub(super) async fn size_of(address: &str) -> Result<u64, String> {
    let text = text_of(address, "checkpoint").await?;
    let size = text.lines().nth(1).and_then(|line| line.parse().ok());
    size.ok_or_else(|| "the ledger's checkpoint has no size".to_owned())
}

async fn text_of(address: &str, path: &str) -> Result<String, String> {
    let url = format!("http://{address}/{path}");
    let answer = reqwest::get(url).await.map_err(|error| error.to_string())?;
    answer.text().await.map_err(|error| error.to_string())
}
