//! One reader: a cursor that moves over what is held rendered, and over the store where it stands further back. Its
//! body holds one piece at a time, and nothing waits for it.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream::unfold;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, sleep_until};

use super::event;
use super::hours::Changes;
use super::seats::Seat;
use crate::http::error::Failure;
use crate::http::state::App;
use crate::service::live::{Filter, Taken};
use crate::wire::DropReason;

/// About the size of one piece that is read from the store.
const PIECE_BYTES: usize = 64 * 1024;

/// More was to be told than is held for a reader.
struct TooSlow;

pub(super) struct Reader {
    app: App,
    filter: Filter,
    cursor: u64,
    /// Whether it has been at the edge: from then on it has to keep up.
    is_live: bool,
    begun: bool,
    ended: bool,
    edge: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    changes: broadcast::Receiver<Arc<Changes>>,
    /// What the clock changed, and how far it was sent.
    telling: Option<(Arc<Changes>, usize)>,
    next_checkpoint: Instant,
    /// Whether it was told that it has caught up.
    told: bool,
    _seat: Seat,
}

impl Reader {
    pub fn new(app: App, seat: Seat, filter: Filter, cursor: u64) -> Self {
        Self {
            filter,
            cursor,
            is_live: false,
            begun: false,
            ended: false,
            edge: app.ledger().live().edge(),
            stopping: app.streams().stopping.subscribe(),
            changes: app.streams().changes.subscribe(),
            telling: None,
            next_checkpoint: soon(&app),
            told: false,
            _seat: seat,
            app,
        }
    }

    /// The body of the answer. Each piece is a whole number of events.
    pub fn into_body(self) -> Body {
        Body::from_stream(unfold(self, async |mut reader| {
            let piece = reader.next().await?;
            Some((Ok::<_, Infallible>(piece), reader))
        }))
    }

    async fn next(&mut self) -> Option<Bytes> {
        if self.ended {
            return None;
        }
        if !self.begun {
            self.begun = true;
            return Some(event::RETRY);
        }
        let piece = self.piece().await;
        piece.unwrap_or_else(|_| self.end(DropReason::Failed))
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if *self.stopping.borrow_and_update() {
                return Ok(self.end(DropReason::Stopping));
            }
            if Instant::now() >= self.next_checkpoint {
                return self.checkpoint().map(Some);
            }
            // The state of a thread is told to who has all that it follows from.
            if self.told {
                match self.changed() {
                    Ok(None) => {}
                    Ok(changed) => return Ok(changed),
                    Err(TooSlow) => return Ok(self.end(DropReason::Slow)),
                }
            }
            // Seen before it is looked at, so that what comes after the look is not missed.
            self.edge.mark_unchanged();
            match self.app.ledger().live().take(self.cursor, &self.filter) {
                Taken::Bytes(bytes, next) => {
                    (self.cursor, self.is_live) = (next, true);
                    return Ok(Some(bytes));
                }
                Taken::Nothing(next) => {
                    self.cursor = next;
                    if self.has_caught_up() {
                        self.is_live = true;
                        if !self.told {
                            return self.checkpoint().map(Some);
                        }
                    }
                    self.wait().await;
                }
                Taken::Gone if self.is_live => return Ok(self.end(DropReason::Slow)),
                Taken::Gone | Taken::Elsewhere => {
                    if let Some(bytes) = self.read_on().await? {
                        return Ok(Some(bytes));
                    }
                }
            }
        }
    }

    fn has_caught_up(&self) -> bool {
        self.app.ledger().view().is_some_and(|view| self.cursor >= view.size())
    }

    /// A piece of what the clock changed and this reader was not told yet.
    fn changed(&mut self) -> Result<Option<Bytes>, TooSlow> {
        loop {
            let Some((changes, place)) = &mut self.telling else {
                match self.changes.try_recv() {
                    Ok(changes) => self.telling = Some((changes, 0)),
                    Err(TryRecvError::Lagged(_)) => return Err(TooSlow),
                    Err(TryRecvError::Empty | TryRecvError::Closed) => return Ok(None),
                }
                continue;
            };
            match changes.piece(*place, &self.filter, PIECE_BYTES) {
                Some((bytes, next)) => {
                    *place = next;
                    return Ok(Some(bytes));
                }
                None => self.telling = None,
            }
        }
    }

    /// Until there is more, a checkpoint is due, or the server stops.
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.edge.changed() => {}
            _ = self.stopping.changed() => {}
            () = sleep_until(self.next_checkpoint) => {}
            // Only where none is being told: it would be lost.
            changes = self.changes.recv(), if self.told && self.telling.is_none() => match changes {
                Ok(changes) => self.telling = Some((changes, 0)),
                Err(RecvError::Lagged(_) | RecvError::Closed) => {}
            }
        }
    }

    fn checkpoint(&mut self) -> Result<Bytes, Failure> {
        self.next_checkpoint = soon(&self.app);
        self.told |= self.has_caught_up();
        let note = self.app.ledger().live().note_at(self.cursor);
        let note = note.map_or_else(|| self.app.view().map(|view| view.checkpoint()), Ok)?;
        event::checkpoint(self.cursor, &note)
    }

    /// Reads a piece from the store. Nothing when nothing of it passes, or when words of it were erased meanwhile.
    async fn read_on(&mut self) -> Result<Option<Bytes>, Failure> {
        let (app, filter, cursor) = (self.app.clone(), self.filter.clone(), self.cursor);
        let streams = self.app.clone();
        let turn = streams.streams().catching_up.acquire().await;
        let read = move || -> Result<_, Failure> {
            let view = app.view()?;
            let erasures = app.ledger().live().erasures();
            let scan = view.scan(cursor, &filter, PIECE_BYTES, event::size)?;
            Ok((event::found(&app, &scan.found)?, scan.next, erasures))
        };
        let read = tokio::task::spawn_blocking(read).await;
        drop(turn);
        let (bytes, next, erasures) = read.map_err(|error| {
            tracing::error!(%error, "a look-up for a reader did not end");
            Failure::new(crate::wire::Reason::Internal, "The ledger could not read what it holds.")
        })??;
        if erasures != self.app.ledger().live().erasures() {
            return Ok(None);
        }
        self.cursor = next;
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// The last event.
    fn end(&mut self, reason: DropReason) -> Option<Bytes> {
        self.ended = true;
        self.app.metrics().count_dropped(reason);
        event::dropped(self.cursor, reason).ok()
    }
}

fn soon(app: &App) -> Instant {
    Instant::now() + app.streams().heartbeat
}
