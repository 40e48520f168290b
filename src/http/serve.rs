//! The listener: plain or TLS, with a bound on how long a client may take and on how many there
//! are, and an end that finishes what was begun. It prints nothing.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::router::router;
use super::stall::Guard;
use super::state::App;
use super::stream::{keep_time, pump};

/// Most connections at once. Each takes a file handle and some 20 KiB.
const CONNECTIONS_MAX: usize = 10_000;
/// Most requests at once on one HTTP/2 connection.
const STREAMS_MAX: u32 = 64;
/// Most bytes of a request's line and headers.
const HEAD_MAX_BYTES: usize = 16 * 1024;

/// Certificate chain and private key, PEM files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, followed by its intermediates.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// How long clients may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a TLS handshake, and for the line and headers of each request.
    pub head: Duration,
    /// Without anything moving on the connection.
    pub still: Duration,
    /// To finish what was begun when the server stops.
    pub stop: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let [head, still, stop] = [10, 30, 20].map(Duration::from_secs);
        Self { head, still, stop }
    }
}

/// Why the listener could not be opened or failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address could not be bound.
    #[error("could not listen on {address}: {error}")]
    Bind {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        error: io::Error,
    },
    /// A TLS file could not be read, or holds no certificate or key.
    #[error("could not use {} for TLS: {error}", .file.display())]
    TlsFile {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        error: String,
    },
    /// Certificate and key do not fit each other, or are of no kind we can use.
    #[error("could not set up TLS: {0}")]
    Tls(#[from] rustls::Error),
    /// The listener failed while it was running.
    #[error("the listener failed: {0}")]
    Listener(io::Error),
}

/// How often numbers are folded together, and networks and keys forgotten that used nothing lately.
const TIDY_EVERY: Duration = Duration::from_secs(5);

/// Serves the ledger on this listener until `stop` is done, then finishes the requests that were
/// begun. The ledger itself goes on until its owner stops it.
///
/// # Errors
/// [`ServeError::Listener`] when the listener fails.
pub async fn serve(
    listener: Listener,
    app: App,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let tidied = app.clone();
    let tidying = tokio::spawn(async move {
        let mut every = tokio::time::interval(TIDY_EVERY);
        loop {
            every.tick().await;
            tidied.metrics().tidy();
            tidied.limits().forget_the_full();
        }
    });
    let following = [tokio::spawn(pump(app.clone())), tokio::spawn(keep_time(app.clone()))];
    let streaming = app.clone();
    let stop = async move {
        stop.await;
        // They have no end of their own, and everything else waits for theirs.
        streaming.streams().stop();
    };
    let served = listener.serve(router(app), stop).await;
    tidying.abort();
    following.iter().for_each(tokio::task::JoinHandle::abort);
    served
}

/// A listener that is bound and takes no connections yet.
pub struct Listener {
    tcp: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<ServerConfig>>,
    timeouts: Timeouts,
}

impl Listener {
    /// Binds the address. Port 0 takes a free one.
    ///
    /// # Errors
    /// [`ServeError`] when the address or the TLS files cannot be used.
    pub fn bind(
        address: SocketAddr,
        tls: Option<&TlsFiles>,
        timeouts: Timeouts,
    ) -> Result<Self, ServeError> {
        let tls = tls.map(tls_config).transpose()?;
        let bind = |error| ServeError::Bind { address, error };
        let tcp = TcpListener::bind(address).map_err(bind)?;
        let address = tcp.local_addr().map_err(bind)?;
        Ok(Self { tcp, address, tls, timeouts })
    }

    /// The address it is bound to, with the port it really has.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL it answers at, without a slash at its end.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// The URL for browsers on this machine. Over plain http the loopback has the name `localhost` there, for
    /// which browsers do what they refuse to do for a number.
    pub fn browser_url(&self) -> String {
        if self.tls.is_none() && self.address.ip().is_loopback() {
            format!("http://localhost:{}", self.address.port())
        } else {
            self.url()
        }
    }

    /// Serves until `stop` is done, then finishes the requests that were begun.
    ///
    /// # Errors
    /// [`ServeError::Listener`] when the listener fails.
    pub async fn serve(
        self,
        router: Router,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let handle = Handle::new();
        let Timeouts { head, still, stop: grace } = self.timeouts;
        let stopping = tokio::spawn({
            let handle = handle.clone();
            async move {
                stop.await;
                handle.graceful_shutdown(Some(grace));
            }
        });
        let guard = Guard::new(CONNECTIONS_MAX, still);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let mut server =
            axum_server::from_tcp(self.tcp).map_err(ServeError::Listener)?.handle(handle);
        bound_requests(&mut server, head);
        let server = server.first_request_timeout(head);
        let served = match self.tls {
            None => server.acceptor(guard).serve(service).await,
            Some(config) => {
                let config = RustlsConfig::from_config(config);
                let acceptor = RustlsAcceptor::new(config).handshake_timeout(head).acceptor(guard);
                server.acceptor(acceptor).serve(service).await
            }
        };
        stopping.abort();
        served.map_err(ServeError::Listener)
    }
}

fn bound_requests(server: &mut Server<SocketAddr>, head: Duration) {
    let builder = server.http_builder();
    builder.http1().header_read_timeout(head).max_buf_size(HEAD_MAX_BYTES);
    builder
        .http2()
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(HEAD_MAX_BYTES as u32)
        .keep_alive_interval(head)
        .keep_alive_timeout(head);
}

/// TLS 1.2 and 1.3 with ring, named here rather than as the default of the whole process.
fn tls_config(files: &TlsFiles) -> Result<Arc<ServerConfig>, ServeError> {
    let certificates = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| tls_file(&files.certificate, error.to_string()))?;
    if certificates.is_empty() {
        return Err(tls_file(&files.certificate, "it holds no certificate".to_owned()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| tls_file(&files.key, error.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(certificates, key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn tls_file(file: &Path, error: String) -> ServeError {
    ServeError::TlsFile { file: file.to_owned(), error }
}
