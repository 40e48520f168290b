//! An organization's endpoint, on this machine: it keeps what it gets and answers what it was told.

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// One request.
#[derive(Clone, Debug)]
pub struct Got {
    pub head: String,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_default()
    }

    /// The index of the entry it is about.
    pub fn index(&self) -> u64 {
        let after = self.body.split_once("\"index\":").unwrap().1;
        after.split(',').next().unwrap().parse().unwrap()
    }
}

#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    state: Arc<Mutex<(VecDeque<String>, Vec<Got>)>>,
}

impl Receiver {
    /// One that takes everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let receiver = Self { address: listener.local_addr().unwrap(), state: Arc::default() };
        let state = Arc::clone(&receiver.state);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(got) = read(&mut stream).await else { continue };
                let head = {
                    let mut state = state.lock().unwrap();
                    state.1.push(got);
                    state.0.pop_front().unwrap_or_else(|| "204 No Content".to_owned())
                };
                let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        receiver
    }

    /// What it answers next, one after the other; then it takes everything again.
    pub fn answers(&self, heads: &[&str]) {
        self.state.lock().unwrap().0.extend(heads.iter().map(ToString::to_string));
    }

    pub fn got(&self) -> Vec<Got> {
        self.state.lock().unwrap().1.clone()
    }

    /// What it got, once that is so many.
    pub async fn wait_for(&self, count: usize) -> Vec<Got> {
        for _ in 0..500 {
            let got = self.got();
            if got.len() >= count {
                return got;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} of {count} came: {:?}", self.got().len(), self.got());
    }
}

async fn read(stream: &mut TcpStream) -> Option<Got> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let length = stream.read(&mut piece).await.ok().filter(|length| *length > 0)?;
        bytes.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if length.is_some_and(|length| body.len() >= length.parse::<usize>().unwrap()) {
            return Some(Got { head: head.to_owned(), body: body.to_owned() });
        }
    }
}
