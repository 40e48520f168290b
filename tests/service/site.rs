//! The site of a domain, on this machine: it answers what it was told last, and counts who asks.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use onrecord::crypto::DidKey;
use onrecord::encoding::domain::Domain;
use onrecord::encoding::time::Moment;
use onrecord::ledger::domain_answer::Document;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Site {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answer: String,
    asked: usize,
}

impl Site {
    /// A site that says that there is no document.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let site = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        site.answers("404 Not Found", "");
        let state = Arc::clone(&site.state);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let answer = {
                    let mut state = state.lock().unwrap();
                    state.asked += 1;
                    state.answer.clone()
                };
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        site
    }

    pub fn answers(&self, head: &str, body: &str) {
        let length = body.len();
        self.state.lock().unwrap().answer =
            format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}");
    }

    /// From now on its document lists these keys.
    pub fn lists(&self, domain: &str, origin: &str, keys: &[DidKey]) {
        let document = Document {
            domain: Domain::parse(domain).unwrap(),
            expires: Moment::parse_seconds("2027-01-01T00:00:00Z").unwrap(),
            keys: keys.iter().cloned().collect(),
            logs: vec![origin.parse().unwrap()],
        };
        self.answers("200 OK\r\nContent-Type: application/json", &document.to_json());
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.state.lock().unwrap().asked
    }
}
