//! A stream of Server-Sent Events, as a ledger gives it under `/api/v1/stream`: one event after the other, each of
//! bounded size. Coming back after an interruption is for whoever follows it.

use bytes::{Buf as _, BytesMut};
use reqwest::header::ACCEPT;
use reqwest::{Response, StatusCode, Url};

use super::client::{Client, FetchError, failed, http_client, refused};
use super::patience::Patience;

/// The largest event: an entry of 64 KiB and words of 96 KiB, in base64 and in JSON that escapes much of it.
const EVENT_BYTES_MAX: usize = 2 * 1024 * 1024;

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its name.
    pub name: String,
    /// Its id, if it has one.
    pub id: Option<String>,
    /// Its data, lines joined by line feeds.
    pub data: String,
}

impl Event {
    /// An event out of its lines; nothing where they hold no data, as a comment.
    pub fn parse(text: &str) -> Option<Self> {
        let mut event = Self::default();
        let mut data = Vec::new();
        for line in text.lines() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut event.name),
                "id" => event.id = Some(value.to_owned()),
                "data" => data.push(value),
                _ => {}
            }
        }
        event.data = data.join("\n");
        (!data.is_empty()).then_some(event)
    }
}

/// A stream that was begun.
#[derive(Debug)]
pub struct Events {
    response: Response,
    url: Url,
    received: BytesMut,
    /// How far `received` was searched for the end of an event.
    searched: usize,
}

impl Client {
    /// Begins the stream under that path.
    ///
    /// # Errors
    /// [`FetchError`] at the first failure; whether to try again is for whoever follows.
    pub async fn events(&self, path: &str) -> Result<Events, FetchError> {
        let url = self.ledger().join(path);
        let http = http_client(self.ledger().is_loopback(), Patience::FOLLOWING)?;
        let request = http.get(url.clone()).header(ACCEPT, "text/event-stream");
        let response = request.send().await.map_err(|error| failed(&url, &error).error)?;
        if response.status() != StatusCode::OK {
            return Err(refused(response, &url).await.error);
        }
        Ok(Events { response, url, received: BytesMut::new(), searched: 0 })
    }
}

impl Events {
    /// The next event; nothing when the ledger ended the stream.
    ///
    /// # Errors
    /// [`FetchError`] when the connection broke, was silent for too long, or an event is too large.
    pub async fn next(&mut self) -> Result<Option<Event>, FetchError> {
        loop {
            while let Some(text) = self.whole_event() {
                if let Some(event) = Event::parse(&String::from_utf8_lossy(&text)) {
                    return Ok(Some(event));
                }
            }
            if self.received.len() > EVENT_BYTES_MAX {
                let url = self.url.to_string();
                return Err(FetchError::TooLarge { url, bytes_max: EVENT_BYTES_MAX });
            }
            let piece = self.response.chunk().await;
            match piece.map_err(|error| failed(&self.url, &error).error)? {
                Some(piece) => self.received.extend_from_slice(&piece),
                None => return Ok(None),
            }
        }
    }

    /// What was received up to the next empty line.
    fn whole_event(&mut self) -> Option<BytesMut> {
        let end = end_of_event(&self.received, self.searched);
        let Some((end, next)) = end else {
            self.searched = self.received.len().saturating_sub(3);
            return None;
        };
        let text = self.received.split_to(end);
        self.received.advance(next - end);
        self.searched = 0;
        Some(text)
    }
}

/// Where an event ends and the next begins: at an empty line.
fn end_of_event(received: &[u8], from: usize) -> Option<(usize, usize)> {
    (from..received.len()).find_map(|at| match &received[at..] {
        [b'\n', b'\n', ..] => Some((at + 1, at + 2)),
        [b'\n', b'\r', b'\n', ..] => Some((at + 1, at + 3)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    /// A stream of these pieces, sent one after the other.
    async fn stream(pieces: Vec<String>) -> Events {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            let mut stream = listener.accept().unwrap().0;
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";
            for piece in std::iter::once(head).chain(pieces.iter().map(String::as_str)) {
                if stream.write_all(piece.as_bytes()).is_err() {
                    return;
                }
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
        });
        Client::new(url.parse().unwrap()).unwrap().events("x").await.unwrap()
    }

    #[tokio::test]
    async fn events_come_whole_however_their_bytes_are_cut() {
        let whole = "retry: 2000\n\nid: 4\nevent: entry\ndata: {\"a\":1}\n\n: silence\n\n\
                     event: note\r\ndata: one\r\ndata: two\r\n\r\ndata: last\n\n";
        for size in [1, 2, 7, 1_000] {
            let pieces = whole.as_bytes().chunks(size);
            let pieces = pieces.map(|piece| String::from_utf8(piece.to_vec()).unwrap()).collect();
            let mut events = stream(pieces).await;
            let mut next = async || events.next().await.unwrap();
            let entry = next().await.unwrap();
            assert_eq!((entry.name.as_str(), entry.id.as_deref()), ("entry", Some("4")));
            assert_eq!(entry.data, "{\"a\":1}");
            let note = next().await.unwrap();
            assert_eq!((note.name.as_str(), note.id, note.data), ("note", None, "one\ntwo".into()));
            assert_eq!(next().await.unwrap().data, "last");
            assert_eq!(next().await, None);
        }
    }

    #[tokio::test]
    async fn an_event_without_end_is_an_error() {
        let mut events = stream(vec!["data: ".to_owned(), "x".repeat(3 << 20)]).await;
        assert!(matches!(events.next().await, Err(FetchError::TooLarge { .. })));
    }
}
