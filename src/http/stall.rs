//! A connection that is dropped when nothing moves on it: idle, or with a client that neither
//! sends nor reads. What moves, however slowly, is bounded elsewhere (head and body of a request).

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// Takes connections in, as many as there is room for.
#[derive(Clone)]
pub(super) struct Guard {
    room: Arc<Semaphore>,
    still_for: Duration,
}

impl Guard {
    /// At most `connections` at once, each dropped after `still_for` to twice that without a move.
    pub fn new(connections: usize, still_for: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(connections)), still_for }
    }
}

impl<S> Accept<TcpStream, S> for Guard {
    type Stream = Watched;
    type Service = S;
    type Future = std::future::Ready<io::Result<(Watched, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let watched = self.room.clone().try_acquire_owned().map_err(io::Error::other);
        std::future::ready(watched.and_then(|room| {
            stream.set_nodelay(true)?;
            let mut watch = interval(self.still_for);
            watch.set_missed_tick_behavior(MissedTickBehavior::Delay);
            Ok((Watched { stream, watch, moved: true, _room: room }, service))
        }))
    }
}

/// A connection under watch. A tick that finds no move since the tick before ends it.
pub(super) struct Watched {
    stream: TcpStream,
    watch: Interval,
    moved: bool,
    _room: OwnedSemaphorePermit,
}

impl Watched {
    fn note<T>(
        &mut self,
        cx: &mut Context<'_>,
        polled: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.moved = true;
            return polled;
        }
        while self.watch.poll_tick(cx).is_ready() {
            if !self.moved {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            self.moved = false;
        }
        Poll::Pending
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        self.note(cx, polled)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, slices);
        self.note(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
