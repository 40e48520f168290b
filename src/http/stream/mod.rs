//! `/api/v1/stream`: what is published, as Server-Sent Events (protocol §11). One task renders each entry once,
//! in `pump`; every reader, in `reader`, sends those bytes from its own cursor on. Nothing here holds up publishing.

mod event;
mod pump;
mod reader;
mod seats;
mod turns;

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use tokio::sync::{Semaphore, broadcast, watch};
use utoipa::IntoParams;

use super::client::network_of;
use super::error::Failure;
use super::limits::cost;
use super::metrics::Metrics;
use super::request::{Charged, read_query};
use super::state::App;
use crate::encoding::domain::Domain;
use crate::service::live::{Bounds, Filter};
use crate::service::{LookupError, View};
use crate::statement::{StatementId, kind};
use crate::wire::{Problem, Reason, StreamEvent};
pub(super) use pump::pump;
use reader::Reader;
pub(super) use seats::Seats;
use turns::Turns;
pub(super) use turns::keep_time;

/// Readers at once, unless another number is set. Each takes a connection, some 40 KiB, and what is on its way.
pub const READERS_MAX: usize = 4_000;
/// Between two checkpoints on one stream: two of them fit into the 30 s after which a still connection is closed,
/// and one into the 15 s that the protocol promises.
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Readers whose past is read at once. The others wait their turn, so that many who come back together take no more
/// than this many threads from everyone else.
const CATCHING_UP_MAX: usize = 4;
/// Noons whose turns are held for a reader that was not sent them yet.
const NOONS_HELD: usize = 16;
const TURNED_AWAY_FOR: Duration = Duration::from_secs(10);

/// What a browser that reconnects sends.
pub(super) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
/// Tells nginx and those like it not to hold events back.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// How streams behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamSettings {
    /// Readers at once.
    pub readers_max: usize,
    /// Between two checkpoints on one stream.
    pub heartbeat: Duration,
    /// How much is held for readers who are a little behind.
    pub held: Bounds,
}

impl Default for StreamSettings {
    fn default() -> Self {
        Self { readers_max: READERS_MAX, heartbeat: HEARTBEAT, held: Bounds::default() }
    }
}

/// What all streams of a server share.
pub(super) struct Streams {
    pub seats: Seats,
    pub heartbeat: Duration,
    catching_up: Semaphore,
    stopping: watch::Sender<bool>,
    turns: broadcast::Sender<Arc<Turns>>,
}

impl Streams {
    pub fn new(settings: StreamSettings, metrics: Metrics) -> Self {
        Self {
            seats: Seats::new(settings.readers_max, metrics),
            heartbeat: settings.heartbeat,
            catching_up: Semaphore::new(CATCHING_UP_MAX),
            stopping: watch::Sender::new(false),
            turns: broadcast::Sender::new(NOONS_HELD),
        }
    }

    /// Sends all who follow what the clock changed.
    fn tell(&self, turns: Arc<Turns>) {
        // Nobody may be left to hear it.
        let _ = self.turns.send(turns);
    }

    /// Ends all streams, and lets none begin.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }
}

/// What a stream is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// Index of the first entry wanted, from 0. Without it the stream begins with what is published from now on.
    #[serde(default)]
    cursor: Option<u64>,
    /// Only entries in this organization's chain.
    #[serde(default)]
    domain: Option<String>,
    /// Only entries of this kind.
    #[serde(default)]
    kind: Option<String>,
    /// Only entries of the thread of this agreement, by its statement id.
    #[serde(default)]
    thread: Option<String>,
    /// From the header: index of the last entry that was received.
    #[serde(skip)]
    after: Option<u64>,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Failure> {
        let mut asked: Self = read_query(parts)?;
        let Some(last) = parts.headers.get(LAST_EVENT_ID).filter(|last| !last.is_empty()) else {
            return Ok(asked);
        };
        let last = last.to_str().ok().and_then(|last| last.parse().ok());
        let wrong = || Failure::bad_query("Last-Event-ID is the index of an entry.");
        asked.after = Some(last.ok_or_else(wrong)?);
        Ok(asked)
    }
}

impl Asked {
    fn filter(&self) -> Result<Filter, Failure> {
        let domain = self.domain.as_deref().map(|domain| {
            Domain::parse(domain).map_err(|_| {
                "domain is written in lower-case ASCII, with at least two labels.".to_owned()
            })
        });
        let kind = self.kind.as_deref().map(|name| {
            let kinds = || kind::ALL.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", ");
            kind::find(name)
                .map(|kind| kind.name.to_owned())
                .ok_or_else(|| format!("kind is one of {}.", kinds()))
        });
        let thread = self.thread.as_deref().map(|id| {
            StatementId::from_str(id)
                .map_err(|_| "thread is sha256: and 64 lower-case hexadecimal digits.".to_owned())
        });
        let read = || {
            Ok(Filter {
                domain: domain.transpose()?,
                kind: kind.transpose()?,
                thread: thread.transpose()?,
            })
        };
        read().map_err(|wrong: String| Failure::bad_query(wrong))
    }

    /// Where the stream begins. What was received last counts more than the address, which a browser that
    /// reconnects does not change.
    fn begins_at(&self, view: &View) -> Result<u64, Failure> {
        let size = view.size();
        let asked = self.after.map_or(self.cursor, |after| Some(after.saturating_add(1)));
        match asked {
            Some(cursor) if cursor > size => Err(Failure::bad_query(format!(
                "The ledger has {size} entries, so no stream begins at index {cursor}."
            ))),
            asked => Ok(asked.unwrap_or(size)),
        }
    }
}

/// What is published, as it is published
///
/// Server-Sent Events. `entry`: the entry as `/api/v1/entries/{index}` shows it, without `_meta`; its `id` is its
/// index. `checkpoint`: a signed checkpoint and the cursor to resume from, when the stream has caught up and then
/// every few seconds. `erasure`: words of an entry are gone for good. `state`: what the clock alone changed in a
/// thread; asking for a kind leaves these out. `dropped`: the stream ends, because it was not read as fast as
/// entries came, because the server stops, or because it failed. Whoever resumes with the cursor or with
/// `Last-Event-ID` misses nothing and gets nothing twice.
#[utoipa::path(
    get, path = "/api/v1/stream", operation_id = "follow", tag = "read",
    params(Asked, ("Last-Event-ID" = Option<u64>, Header, description = "Index of the last entry that was received; counts more than `cursor`")),
    responses(
        (status = 200, description = "The stream", body = StreamEvent, content_type = "text/event-stream"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn stream(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    asked: Asked,
    parts: Parts,
) -> Result<Response, Failure> {
    let filter = asked.filter()?;
    if *app.streams().stopping.borrow() {
        let stopping = Failure::new(Reason::Busy, "The server is stopping.");
        return Err(stopping.retry_after(TURNED_AWAY_FOR));
    }
    let seat = take_seat(&app, &parts)?;
    let view = app.view()?;
    // Until the index is there, no state of a word can be told.
    view.policy()?;
    let begin = begin_of_thread(&view, filter.thread)?;
    let cursor = asked.begins_at(&view)?.max(begin);
    let body = Reader::new(app, seat, filter, cursor).into_body();
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-store"),
        (X_ACCEL_BUFFERING, "no"),
    ];
    Ok((headers, body).into_response())
}

/// No entry of a thread stands before its agreement.
fn begin_of_thread(view: &View, thread: Option<StatementId>) -> Result<u64, Failure> {
    let Some(thread) = thread else { return Ok(0) };
    let found: Result<_, LookupError> = view.thread(&thread, None, 1);
    let found = found?.map(|thread| thread.index);
    found.ok_or_else(|| Failure::not_found("No agreement with this id is on record"))
}

fn take_seat(app: &App, parts: &Parts) -> Result<seats::Seat, Failure> {
    let peer = parts.extensions.get::<ConnectInfo<std::net::SocketAddr>>();
    let network = peer
        .filter(|_| app.limits().are_on())
        .map(|ConnectInfo(peer)| network_of(peer.ip(), &parts.headers, app.trusted_hops()));
    app.streams().seats.take(network).map_err(|taken| {
        let failure = match taken {
            seats::Taken::All => Failure::new(Reason::Busy, "All places for readers are taken."),
            seats::Taken::ShareOfNetwork => {
                Failure::new(Reason::RateLimited, "This network has its share of readers.")
            }
        };
        failure.retry_after(TURNED_AWAY_FOR)
    })
}
