//! The listener: plain and TLS, slow clients, and an orderly stop.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use onrecord::http::{Listener, ServeError, Timeouts, TlsFiles};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client;

const ANY_PORT: &str = "127.0.0.1:0";
const QUICK: Timeouts = Timeouts {
    head: Duration::from_millis(300),
    still: Duration::from_millis(500),
    stop: Duration::from_secs(5),
};
/// Longer than every quick timeout, and short enough for a test.
const LATE: Duration = Duration::from_secs(5);

struct Running {
    address: SocketAddr,
    url: String,
    stop: oneshot::Sender<()>,
    served: JoinHandle<Result<(), ServeError>>,
}

fn start(tls: Option<&TlsFiles>, router: Router) -> Running {
    let listener = Listener::bind(ANY_PORT.parse().unwrap(), tls, QUICK).unwrap();
    let (address, url) = (listener.address(), listener.url());
    let (stop, stopped) = oneshot::channel();
    let stopped = async move { drop(stopped.await) };
    let served = tokio::spawn(listener.serve(router, stopped));
    Running { address, url, stop, served }
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello"))
}

fn tls_files() -> TlsFiles {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/http/tls");
    TlsFiles { certificate: folder.join("localhost.pem"), key: folder.join("localhost.key.pem") }
}

#[tokio::test]
async fn port_0_takes_a_free_port_and_says_which() {
    let running = start(None, hello());
    assert_ne!(running.address.port(), 0);
    assert_eq!(running.url, format!("http://{}", running.address));
    let answer = client::get(running.address, "/").await;
    assert_eq!((answer.status, answer.header("content-length")), (200, Some("5")));
    assert_eq!(answer.body, b"hello");
}

#[tokio::test]
async fn an_address_in_use_is_refused_by_name() {
    let running = start(None, hello());
    let error = Listener::bind(running.address, None, QUICK).err().unwrap();
    assert!(error.to_string().contains(&running.address.to_string()), "{error}");
}

#[tokio::test]
async fn tls_speaks_http_2_and_1_to_who_trusts_the_authority() {
    let running = start(Some(&tls_files()), hello());
    assert!(running.url.starts_with("https://127.0.0.1:"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let authority = std::fs::read(tls_files().certificate.with_file_name("authority.pem")).unwrap();
    let authority = reqwest::Certificate::from_pem(&authority).unwrap();
    let client = || reqwest::Client::builder().tls_certs_only([authority.clone()]);
    let answer = client().build().unwrap().get(&running.url).send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_2);
    assert_eq!(answer.text().await.unwrap(), "hello");
    let answer = client().http1_only().build().unwrap().get(&running.url).send().await.unwrap();
    assert_eq!(answer.version(), reqwest::Version::HTTP_11);
}

#[tokio::test]
async fn tls_files_that_cannot_be_used_are_named() {
    let good = tls_files();
    let missing = good.certificate.with_file_name("missing.pem");
    let wrong = [
        TlsFiles { certificate: missing.clone(), key: good.key.clone() },
        TlsFiles { certificate: good.certificate.clone(), key: missing },
        TlsFiles { certificate: good.key.clone(), key: good.key.clone() },
        TlsFiles { certificate: good.certificate.clone(), key: good.certificate.clone() },
    ];
    for files in wrong {
        let error = Listener::bind(ANY_PORT.parse().unwrap(), Some(&files), QUICK).err().unwrap();
        let ServeError::TlsFile { file, .. } = &error else { panic!("{error}") };
        assert!(error.to_string().contains(&file.display().to_string()), "{error}");
    }
    let other = TlsFiles { certificate: good.certificate.with_file_name("authority.pem"), ..good };
    assert!(matches!(
        Listener::bind(ANY_PORT.parse().unwrap(), Some(&other), QUICK),
        Err(ServeError::Tls(_)),
    ));
}

#[tokio::test]
async fn who_sends_nothing_is_hung_up_on() {
    let running = start(None, hello());
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    assert!(client::until_closed(&mut stream).await < LATE);
    let tls = start(Some(&tls_files()), hello());
    let mut stream = TcpStream::connect(tls.address).await.unwrap();
    assert!(client::until_closed(&mut stream).await < LATE);
}

#[tokio::test]
async fn who_sends_a_head_byte_by_byte_is_hung_up_on() {
    let running = start(None, hello());
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let head = format!("GET / HTTP/1.1\r\nx: {}", "y".repeat(200));
    assert!(!client::trickle(&mut stream, head.as_bytes(), Duration::from_millis(20)).await);
}

#[tokio::test]
async fn a_connection_is_kept_between_requests_but_not_for_ever() {
    let running = start(None, hello());
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let mut buffer = [0; 4096];
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        assert!(stream.read(&mut buffer).await.unwrap() > 0);
        tokio::time::sleep(QUICK.head / 3).await;
    }
    assert!(client::until_closed(&mut stream).await < LATE);
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_hung_up_on() {
    let (dropped, was_dropped) = oneshot::channel::<()>();
    let dropped = std::sync::Arc::new(std::sync::Mutex::new(Some(dropped)));
    let endless = move || {
        let held = dropped.lock().unwrap().take();
        let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
        let chunks = futures_util::stream::repeat_with(move || {
            let _held = &held;
            Ok::<_, std::io::Error>(chunk.clone())
        });
        async move { Body::from_stream(chunks) }
    };
    let running = start(None, Router::new().route("/", get(endless)));
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let ended = tokio::time::timeout(LATE, was_dropped).await;
    assert!(ended.is_ok(), "the server still holds the answer");
}

#[tokio::test]
async fn a_head_that_is_too_long_is_refused() {
    let running = start(None, hello());
    let long = "y".repeat(40_000);
    let request = format!("GET / HTTP/1.1\r\nhost: x\r\nx: {long}\r\n\r\n");
    let mut stream = TcpStream::connect(running.address).await.unwrap();
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = vec![0; 12];
    let _ = stream.read_exact(&mut answer).await;
    assert_eq!(answer, b"HTTP/1.1 431");
}

#[tokio::test]
async fn a_stop_finishes_what_was_begun_and_takes_nothing_new() {
    let slow = get(async || {
        tokio::time::sleep(Duration::from_millis(300)).await;
        "done"
    });
    let running = start(None, Router::new().route("/", slow));
    let begun = tokio::spawn(client::get(running.address, "/"));
    tokio::time::sleep(Duration::from_millis(100)).await;
    running.stop.send(()).unwrap();
    assert_eq!(begun.await.unwrap().body, b"done");
    let ended = tokio::time::timeout(LATE, running.served).await.expect("it stops");
    assert!(ended.unwrap().is_ok());
    assert!(TcpStream::connect(running.address).await.is_err());
}
