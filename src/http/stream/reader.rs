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
use super::seats::Seat;
use super::turns::Turns;
use crate::http::error::Failure;
use crate::http::state::App;
use crate::service::live::{Filter, Taken};
use crate::wire::DropReason;

/// About the size of one piece that is read from the store.
const PIECE_BYTES: usize = 64 * 1024;

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
    turns: broadcast::Receiver<Arc<Turns>>,
    /// What the clock changed, and how far it was sent.
    telling: Option<(Arc<Turns>, usize)>,
    /// Whether more was to be told than is held.
    missed: bool,
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
            turns: app.streams().turns.subscribe(),
            telling: None,
            missed: false,
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
            // What the clock changes is told to who has caught up once, and so has what it follows from.
            if self.told {
                if let Some(bytes) = self.turned() {
                    return Ok(Some(bytes));
                }
                if self.missed {
                    return Ok(self.end(DropReason::Slow));
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
    fn turned(&mut self) -> Option<Bytes> {
        loop {
            if let Some((turns, place)) = &mut self.telling {
                if let Some((bytes, next)) = turns.piece(*place, &self.filter, PIECE_BYTES) {
                    *place = next;
                    return Some(bytes);
                }
                self.telling = None;
            }
            match self.turns.try_recv() {
                Ok(turns) => self.telling = Some((turns, 0)),
                Err(error) => {
                    self.missed |= matches!(error, TryRecvError::Lagged(_));
                    return None;
                }
            }
        }
    }

    /// Until there is more, a checkpoint is due, or the server stops.
    async fn wait(&mut self) {
        tokio::select! {
            _ = self.edge.changed() => {}
            _ = self.stopping.changed() => {}
            () = sleep_until(self.next_checkpoint) => {}
            // Who has not caught up is told then.
            turns = self.turns.recv(), if self.told => match turns {
                Ok(turns) => self.telling = Some((turns, 0)),
                Err(error) => self.missed |= matches!(error, RecvError::Lagged(_)),
            },
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
        let permit = streams.streams().catching_up.acquire().await;
        let read = move || -> Result<_, Failure> {
            let view = app.view()?;
            let erasures = app.ledger().live().erasures();
            let scan = view.scan(cursor, &filter, PIECE_BYTES, event::size)?;
            Ok((event::found(&app, &scan.found)?, scan.next, erasures))
        };
        let read = tokio::task::spawn_blocking(read).await;
        drop(permit);
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
