//! As little HTTP as these tests need: one request a connection, and an answer counts only when it came whole.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Speaks to a server at an address.
#[derive(Clone)]
pub struct Client {
    address: String,
}

/// What a server answered.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Client {
    pub fn new(address: &str) -> Self {
        Self { address: address.to_owned() }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The body of what must be there.
    pub fn must_get(&self, path: &str) -> Vec<u8> {
        let answer = self.get(path).unwrap();
        assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
        answer.body
    }

    pub fn get(&self, path: &str) -> io::Result<Answer> {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    pub fn post_statement(&self, submission: &str) -> io::Result<Answer> {
        self.post("/api/v1/statements", submission)
    }

    /// Posts a body, which the servers read as what belongs there whatever its type.
    pub fn post(&self, path: &str, body: &str) -> io::Result<Answer> {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n"
        );
        self.ask(&head, body)
    }

    fn ask(&self, head: &str, body: &str) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let host = &self.address;
        write!(stream, "{head}Host: {host}\r\nConnection: close\r\n\r\n{body}")?;
        let mut received = Vec::new();
        stream.read_to_end(&mut received)?;
        read_answer(&received)
            .ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "cut short"))
    }
}

/// `None` when the bytes are not a whole answer.
fn read_answer(received: &[u8]) -> Option<Answer> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&received[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        if is_length { value.trim().parse::<usize>().ok() } else { None }
    })?;
    let body = received[end + 4..].to_vec();
    (body.len() == length).then_some(Answer { status, body })
}
