//! Sites on this machine that answer whatever a test says, in bytes, and tell what they were asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore, ServerConfig, crypto::ring};

/// What a site does once it was asked.
#[derive(Clone)]
pub enum Answer {
    /// It sends these bytes and closes.
    Bytes(Vec<u8>),
    /// It sends a byte at a time, with that pause, for as long as anyone reads.
    Drip(Vec<u8>, Duration),
    /// It sends these bytes, then zeros for as long as anyone reads.
    Endless(Vec<u8>),
    /// It says nothing.
    Silence,
}

impl Answer {
    /// An answer with that status line and headers, and a body of known length.
    pub fn new(head: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n");
        Self::Bytes([head.as_bytes(), body].concat())
    }

    /// A document.
    pub fn json(body: &[u8]) -> Self {
        Self::new("200 OK\r\nContent-Type: application/json", body)
    }
}

/// A site that runs as long as the test.
pub struct Site {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Over plain HTTP.
    pub async fn plain(answer: Answer) -> Self {
        Self::start(answer, None).await
    }

    /// Over TLS, with the certificate of example.org.
    pub async fn secure(answer: Answer) -> Self {
        let certificate = CertificateDer::from_pem_file(file("site.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(file("site.key.pem")).unwrap();
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::start(answer, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start(answer: Answer, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (answer, heard, tls) = (answer.clone(), Arc::clone(&heard), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, answer, &heard).await,
                        // Whoever does not trust the certificate hangs up here.
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, answer, &heard).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, asked }
    }

    /// The heads of all requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    answer: Answer,
    asked: &Mutex<Vec<String>>,
) {
    let mut head = Vec::new();
    // A site without TLS says so to whoever begins with it, as web servers do.
    if stream.read_u8().await.map(|byte| head.push(byte)).is_err() || head == [0x16] {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        return;
    }
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    asked.lock().unwrap().push(String::from_utf8(head).unwrap());
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Answer::Drip(bytes, pause) => {
            for byte in bytes {
                tokio::time::sleep(pause).await;
                if stream.write_all(&[byte]).await.is_err() || stream.flush().await.is_err() {
                    return;
                }
            }
        }
        Answer::Endless(bytes) => {
            let mut next = stream.write_all(&bytes).await;
            while next.is_ok() {
                next = stream.write_all(&[0; 4096]).await;
            }
        }
        Answer::Silence => std::future::pending().await,
    }
}

/// Trust in the authority that signed the certificate of example.org.
pub fn trust() -> ClientConfig {
    trust_in(file("authority.pem"))
}

/// Trust in another authority.
pub fn distrust() -> ClientConfig {
    trust_in(file("../../http/tls/authority.pem"))
}

fn trust_in(authority: PathBuf) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth()
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/net/tls").join(name)
}
