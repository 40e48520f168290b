//! Follows a stream of Server-Sent Events and gives one event after the other, as a browser would.

use std::time::Duration;

use onrecord::tlog::SignedCheckpoint;
use serde_json::Value;

use crate::schema;
use crate::server::Server;

/// Longer than anything here takes on a slow machine.
const LATE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
pub struct Event {
    pub id: Option<u64>,
    pub name: String,
    pub data: String,
}

impl Event {
    /// The data, which must have the shape of its event.
    pub fn json(&self) -> Value {
        let name = match self.name.as_str() {
            "entry" => "entry".to_owned(),
            other => format!("stream-{other}"),
        };
        schema::expect(&name, self.data.as_bytes())
    }
}

pub struct Follower {
    response: reqwest::Response,
    received: Vec<u8>,
}

impl Follower {
    /// Follows what lies under the path with that query.
    pub async fn of(server: &Server, query: &str) -> Self {
        Self::after(server, query, None).await
    }

    /// The same as a browser that reconnects.
    pub async fn after(server: &Server, query: &str, last_event_id: Option<u64>) -> Self {
        let url = format!("{}/api/v1/stream{query}", server.url());
        let _ = rustls::crypto::ring::default_provider().install_default();
        // It asks for compression and would understand none, as the one who waits for each event does.
        let client = reqwest::Client::builder().no_gzip().build().unwrap();
        let mut request = client.get(url).header("accept-encoding", "gzip");
        if let Some(id) = last_event_id {
            request = request.header("last-event-id", id);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 200);
        Self { response, received: Vec::new() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    /// The next event; nothing at the end of the stream.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            let end = self.received.windows(2).position(|two| two == b"\n\n");
            if let Some(end) = end {
                let text: Vec<u8> = self.received.drain(..end + 2).collect();
                match parse(std::str::from_utf8(&text).unwrap()) {
                    Some(event) => return Some(event),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(LATE, self.response.chunk()).await;
            self.received.extend(chunk.expect("an event in time").ok()??);
        }
    }

    /// The next event with that name; those before it are passed over.
    pub async fn next_named(&mut self, name: &str) -> Event {
        loop {
            let event = self.next().await.expect("the stream goes on");
            if event.name == name {
                return event;
            }
        }
    }

    /// Entries until the stream says that it has caught up, by index.
    pub async fn caught_up(&mut self) -> Vec<u64> {
        let mut indices = Vec::new();
        loop {
            let event = self.next().await.expect("the stream goes on");
            match event.name.as_str() {
                "entry" => indices.push(event.id.unwrap()),
                "checkpoint" => {
                    let data = event.json();
                    let note: SignedCheckpoint = data["note"].as_str().unwrap().parse().unwrap();
                    let cursor = data["cursor"].as_u64().unwrap();
                    assert!(note.checkpoint().size() >= cursor);
                    if note.checkpoint().size() == cursor {
                        return indices;
                    }
                }
                _ => {}
            }
        }
    }

    /// So many entries, by index.
    pub async fn entries(&mut self, count: usize) -> Vec<u64> {
        let mut indices = Vec::new();
        while indices.len() < count {
            indices.push(self.next_named("entry").await.id.unwrap());
        }
        indices
    }
}

/// Nothing for a piece that is no event.
fn parse(text: &str) -> Option<Event> {
    let mut event = Event { id: None, name: String::new(), data: String::new() };
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (field, value) = line.split_once(": ").unwrap();
        match field {
            "id" => event.id = Some(value.parse().unwrap()),
            "event" => event.name = value.to_owned(),
            "data" => event.data = value.to_owned(),
            "retry" => assert!(value.parse::<u64>().is_ok()),
            _ => panic!("{line}"),
        }
    }
    Some(event).filter(|event| !event.name.is_empty())
}
