//! The client: requests with time limits, answers with size limits, and another try where that is safe.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, StatusCode, Url};

use super::ledger_url::LedgerUrl;
use super::patience::Patience;
use crate::wire::Problem;

const PROBLEM_BYTES_MAX: usize = 64 * 1024;

/// Why a ledger gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// No connection, or it broke.
    #[error("{url} cannot be reached: {cause}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What went wrong, as far as the system says.
        cause: String,
    },
    /// No answer in time.
    #[error("{url} did not answer in time")]
    TimedOut {
        /// What was asked for.
        url: String,
    },
    /// The answer is larger than anything that can be right.
    #[error("{url} answered with more than {bytes_max} bytes")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// The most that was expected.
        bytes_max: usize,
    },
    /// The ledger refused, and said why.
    #[error("{url} refused it ({status}): {}", problem.detail)]
    Refused {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
        /// What the ledger says of it. Foreign text.
        problem: Box<Problem>,
    },
    /// An answer that a ledger does not give.
    #[error("{url} answered {status}, as no ledger does there")]
    Unexpected {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// This machine cannot make HTTP requests as it is set up.
    #[error("no HTTP client can be set up: {0}")]
    Setup(String),
}

impl FetchError {
    /// Whether it may be otherwise a little later.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut { .. } => true,
            Self::Refused { status, .. } | Self::Unexpected { status, .. } => {
                matches!(status, 429 | 502..=504)
            }
            Self::TooLarge { .. } | Self::Setup(_) => false,
        }
    }

    /// Whether the ledger answered that there is no such thing.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: 404, .. } | Self::Unexpected { status: 404, .. })
    }
}

/// A client of one ledger. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    ledger: LedgerUrl,
    patience: Patience,
}

/// A failure, and whether and when to try again.
pub(super) struct Failed {
    pub(super) error: FetchError,
    again_after: Option<Duration>,
}

impl Client {
    /// A client of the ledger at that address.
    ///
    /// # Errors
    /// [`FetchError::Setup`], for instance when the system has no root certificates.
    pub fn new(ledger: LedgerUrl) -> Result<Self, FetchError> {
        Self::with(ledger, Patience::CHOSEN)
    }

    /// The same, with that patience.
    ///
    /// # Errors
    /// As [`Client::new`].
    pub fn with(ledger: LedgerUrl, patience: Patience) -> Result<Self, FetchError> {
        let http = http_client(ledger.is_loopback(), patience)?;
        Ok(Self { http, ledger, patience })
    }

    /// The ledger it talks to.
    pub const fn ledger(&self) -> &LedgerUrl {
        &self.ledger
    }

    /// Fetches what lies under a path of the ledger, at most so many bytes.
    ///
    /// # Errors
    /// [`FetchError`], after some tries where another may help.
    pub async fn get(&self, path: &str, bytes_max: usize) -> Result<Bytes, FetchError> {
        let url = self.ledger.join(path);
        self.in_time(&url, self.with_tries(|| self.send(Method::GET, &url, None, bytes_max)))
            .await
            .map(|(_, body)| body)
    }

    /// Sends JSON to a path of the ledger; gives the status (200 or 201) and the answer. It is sent again
    /// when no answer came, so only what may arrive twice without harm is sent so: a statement is logged
    /// once.
    ///
    /// # Errors
    /// [`FetchError`], after some tries where another may help.
    pub async fn post(
        &self,
        path: &str,
        json: Bytes,
        bytes_max: usize,
    ) -> Result<(u16, Bytes), FetchError> {
        let url = self.ledger.join(path);
        let send = || self.send(Method::POST, &url, Some(json.clone()), bytes_max);
        self.in_time(&url, self.with_tries(send)).await
    }

    async fn in_time<T>(
        &self,
        url: &Url,
        tries: impl Future<Output = Result<T, FetchError>>,
    ) -> Result<T, FetchError> {
        let Some(until) = self.patience.until else { return tries.await };
        let answer = tokio::time::timeout_at(until.into(), tries).await;
        answer.unwrap_or_else(|_| Err(FetchError::TimedOut { url: url.to_string() }))
    }

    async fn with_tries<T, F>(&self, mut send: impl FnMut() -> F) -> Result<T, FetchError>
    where
        F: Future<Output = Result<T, Failed>>,
    {
        let mut tries = 1;
        loop {
            match send().await {
                Ok(answer) => return Ok(answer),
                Err(Failed { error, again_after: Some(wait) })
                    if tries < self.patience.tries_max =>
                {
                    tracing::debug!(%error, tries, "another try follows");
                    tokio::time::sleep(wait.min(self.patience.wait_max).max(pause(tries))).await;
                    tries += 1;
                }
                Err(Failed { error, .. }) => return Err(error),
            }
        }
    }

    async fn send(
        &self,
        method: Method,
        url: &Url,
        json: Option<Bytes>,
        bytes_max: usize,
    ) -> Result<(u16, Bytes), Failed> {
        let mut request = self.http.request(method, url.clone()).header(ACCEPT, "*/*");
        if let Some(json) = json {
            request = request.header(CONTENT_TYPE, "application/json").body(json);
        }
        let response = request.send().await.map_err(|error| failed(url, &error))?;
        let status = response.status();
        if matches!(status, StatusCode::OK | StatusCode::CREATED) {
            return Ok((status.as_u16(), read(response, url, bytes_max).await?));
        }
        Err(refused(response, url).await)
    }
}

/// A client that follows no redirect.
pub(super) fn http_client(
    is_loopback: bool,
    patience: Patience,
) -> Result<reqwest::Client, FetchError> {
    // The first caller sets the process's provider; that another did so before is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("onrecord/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(patience.connect)
        .read_timeout(patience.read)
        .timeout(patience.total)
        .redirect(reqwest::redirect::Policy::none());
    if is_loopback {
        // Nothing is gained by compressing what never leaves the machine, and both ends would pay.
        builder = builder.no_proxy().gzip(false);
    }
    builder.build().map_err(|error| FetchError::Setup(causes(&error)))
}

/// Reads an answer that may have at most so many bytes.
pub(super) async fn read(
    mut response: reqwest::Response,
    url: &Url,
    bytes_max: usize,
) -> Result<Bytes, Failed> {
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await.map_err(|error| failed(url, &error))? {
        if body.len() + piece.len() > bytes_max {
            let error = FetchError::TooLarge { url: url.to_string(), bytes_max };
            return Err(Failed { error, again_after: None });
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// What an answer that is neither 200 nor 201 means.
pub(super) async fn refused(response: reqwest::Response, url: &Url) -> Failed {
    let status = response.status();
    let retry_after = retry_after(&response);
    let may_pass =
        status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE;
    let again_after = may_pass.then(|| retry_after.unwrap_or_default());
    let body = read(response, url, PROBLEM_BYTES_MAX).await.unwrap_or_default();
    let (url, status) = (url.to_string(), status.as_u16());
    let error = match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) => FetchError::Refused { url, status, problem: Box::new(problem) },
        Err(_) => FetchError::Unexpected { url, status },
    };
    Failed { error, again_after }
}

/// How long whoever answered asks to be left alone.
pub(super) fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// What a request that got no whole answer means.
pub(super) fn failed(url: &Url, error: &reqwest::Error) -> Failed {
    let url = url.to_string();
    let error = if error.is_timeout() {
        FetchError::TimedOut { url }
    } else {
        FetchError::Unreachable { url, cause: causes(error) }
    };
    Failed { error, again_after: Some(Duration::ZERO) }
}

/// The innermost cause says the most: "connection refused", not "error sending request".
fn causes(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The pause before try `tries` + 1: 100, 200, 400, 800 ms.
fn pause(tries: u32) -> Duration {
    Duration::from_millis(100 << (tries - 1).min(6))
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// A server that gives each connection the next answer, and returns what it was asked.
    fn server(answers: Vec<String>) -> (Client, JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/under", listener.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let answer = |answer: String| {
                let mut stream = listener.accept().unwrap().0;
                let mut request = vec![0; 4096];
                let length = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
                String::from_utf8_lossy(&request[..length]).into_owned()
            };
            answers.into_iter().map(answer).collect()
        });
        (Client::new(url.parse().unwrap()).unwrap(), asked)
    }

    fn answer(head: &str, body: &str) -> String {
        let length = body.len();
        format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    }

    #[tokio::test]
    async fn what_the_ledger_says_is_too_much_is_sent_again() {
        let busy = answer("503 Busy\r\nRetry-After: 0", "");
        let (client, asked) = server(vec![busy, answer("201 Created", "{}")]);
        let sent = client.post("api/v1/statements", "{\"a\":1}".into(), 10).await.unwrap();
        assert_eq!(sent, (201, Bytes::from_static(b"{}")));
        let asked = asked.join().unwrap();
        assert!(asked[1].starts_with("POST /under/api/v1/statements HTTP/1.1\r\n"), "{asked:?}");
        assert!(asked[1].contains("user-agent: onrecord/"), "{asked:?}");
    }

    #[tokio::test]
    async fn an_answer_ends_where_it_may_not_be_longer() {
        let (client, _) = server(vec![answer("200 OK", "12345"), answer("200 OK", "123456")]);
        assert_eq!(client.get("a", 5).await.unwrap(), "12345");
        let error = client.get("a", 5).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { bytes_max: 5, .. }), "{error}");
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_ledgers_words_and_not_sent_again() {
        let problem = r#"{"type":"/problems/bad_text","title":"t","status":422,"detail":"why","next_step":"n"}"#;
        let (client, asked) = server(vec![answer("422 Refused", problem)]);
        let error = client.post("x", "{}".into(), 10).await.unwrap_err();
        assert!(error.to_string().ends_with("refused it (422): why"), "{error}");
        assert_eq!(asked.join().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn no_redirect_is_followed() {
        let (client, _) = server(vec![answer("302 Found\r\nLocation: http://127.0.0.1:1/", "")]);
        let error = client.get("a", 5).await.unwrap_err();
        assert!(matches!(error, FetchError::Unexpected { status: 302, .. }), "{error}");
    }
}
