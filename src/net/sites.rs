//! Requests to the site of a domain that somebody else named (protocol §9). It takes a domain, never a URL. The
//! name is resolved once, every address of it is judged, and what is connected to is an address that was judged:
//! there is no second resolution, no proxy and no redirect on the way, and TLS is with the domain and nobody else.
//! An answer has a largest size and is never unpacked.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Incoming};
use hyper_util::rt::TokioIo;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::address::{GlobalAddress, NotGlobal};
use super::development::Resolve;
use super::names::{Dns, NameError, Names};
use crate::encoding::domain::{BadDomain, Domain};

/// The port of HTTPS, and no other.
const PORT: u16 = 443;
/// A site may have many addresses; so many are tried.
const ADDRESSES_TRIED_MAX: usize = 3;
/// For one of them, so that a dead one leaves time for another.
const CONNECT_TIME: Duration = Duration::from_millis(1_500);
/// What is read of an answer's head at once, and so the most it may have.
const HEAD_BYTES_MAX: usize = 32 * 1024;

/// Why a site gave no usable answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SiteError {
    /// The name could not be found out about.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The name has no address, authoritatively.
    #[error("{0} has no address")]
    NoAddress(Domain),
    /// One of its addresses leads into somebody's own network.
    #[error("{domain} has an address that nobody else may be sent to: {cause}")]
    NotGlobal {
        /// The domain.
        domain: Domain,
        /// The address.
        cause: NotGlobal,
    },
    /// No connection.
    #[error("{domain} cannot be reached: {cause}")]
    Unreachable {
        /// The domain.
        domain: Domain,
        /// What went wrong at the last address.
        cause: String,
    },
    /// A connection, but not with the domain: its certificate is another's, or none that is trusted.
    #[error("the connection to {domain} is not secure: {cause}")]
    Tls {
        /// The domain.
        domain: Domain,
        /// What is wrong with it.
        cause: String,
    },
    /// This machine trusts no certificate at all.
    #[error("this machine has no root certificates to trust: {0}")]
    NoRoots(String),
    /// No whole answer in time.
    #[error("{0} did not answer in time")]
    TimedOut(Domain),
    /// The answer is larger than allowed.
    #[error("{domain} answered with more than {bytes_max} bytes")]
    TooLarge {
        /// The domain.
        domain: Domain,
        /// The most that is read.
        bytes_max: usize,
    },
    /// The answer is packed, although it was asked for as it is.
    #[error("{domain} answered in the encoding {encoding:?}, although it was asked for none")]
    Encoded {
        /// The domain.
        domain: Domain,
        /// What it says the encoding is. Foreign text.
        encoding: String,
    },
    /// The answer is not HTTP, or broke off.
    #[error("{domain} gave no whole answer: {cause}")]
    Broken {
        /// The domain.
        domain: Domain,
        /// What went wrong.
        cause: String,
    },
}

/// Connects to addresses that were judged.
pub trait Dial: Send + Sync {
    /// A connection to exactly that address.
    fn dial(&self, address: GlobalAddress, port: u16) -> BoxFuture<'_, io::Result<TcpStream>>;
}

/// Connects over TCP.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tcp;

impl Dial for Tcp {
    fn dial(&self, address: GlobalAddress, port: u16) -> BoxFuture<'_, io::Result<TcpStream>> {
        Box::pin(TcpStream::connect(SocketAddr::new(address.ip(), port)))
    }
}

/// Sends requests to the sites of domains. Cheap to clone.
#[derive(Clone)]
pub struct Sites {
    names: Arc<dyn Names>,
    dial: Arc<dyn Dial>,
    tls: Result<Arc<rustls::ClientConfig>, String>,
    development: Arc<[Resolve]>,
}

impl Sites {
    /// With the DNS, TCP and the certificates that the system trusts, and these answers of a development resolver.
    /// Where the system trusts none, every request says so.
    pub fn of_the_system(development: &[Resolve]) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map(|builder| Arc::new(builder.with_no_client_auth()))
            .map_err(|error| error.to_string());
        Self {
            names: Arc::new(Dns::of_the_system()),
            dial: Arc::new(Tcp),
            tls,
            development: development.into(),
        }
    }

    /// With these parts.
    pub fn new(
        names: Arc<dyn Names>,
        dial: Arc<dyn Dial>,
        tls: rustls::ClientConfig,
        development: &[Resolve],
    ) -> Self {
        Self { names, dial, tls: Ok(Arc::new(tls)), development: development.into() }
    }

    /// Sends a request to the domain's site. The path and all headers but those of the connection are the
    /// caller's; any status is an answer.
    ///
    /// # Errors
    /// [`SiteError`].
    pub async fn send(
        &self,
        domain: &Domain,
        request: Request<Bytes>,
        bytes_max: usize,
        until: Instant,
    ) -> Result<Response<Bytes>, SiteError> {
        let exchange = async {
            let request = addressed(request, domain)?;
            if self.is_developed(domain) {
                let site = self.developed_site(domain)?;
                let stream = TcpStream::connect(site).await;
                return exchange(unreachable(domain, stream)?, domain, request, bytes_max).await;
            }
            let stream = self.connect(domain).await?;
            exchange(self.secure(domain, stream).await?, domain, request, bytes_max).await
        };
        let answer = tokio::time::timeout_at(until.into(), exchange).await;
        answer.unwrap_or_else(|_| Err(SiteError::TimedOut(domain.clone())))
    }

    /// The TXT records at `_onrecord.<domain>`, each the bytes of its strings joined.
    ///
    /// # Errors
    /// [`NameError`].
    pub async fn texts(&self, domain: &Domain, until: Instant) -> Result<Vec<Vec<u8>>, NameError> {
        if self.is_developed(domain) {
            let texts = self.development.iter().filter_map(|resolve| match resolve {
                Resolve::Record { domain: of, text } if of == domain => Some(text.clone().into()),
                _ => None,
            });
            return Ok(texts.collect());
        }
        require_real(domain)?;
        let texts = tokio::time::timeout_at(until.into(), self.names.texts(domain)).await;
        texts.unwrap_or_else(|_| Err(NameError::TimedOut { name: domain.to_string() }))
    }

    fn is_developed(&self, domain: &Domain) -> bool {
        self.development.iter().any(|resolve| resolve.domain() == domain)
    }

    fn developed_site(&self, domain: &Domain) -> Result<SocketAddr, SiteError> {
        let site = self.development.iter().find_map(|resolve| match resolve {
            Resolve::Site { domain: of, address } if of == domain => Some(*address),
            _ => None,
        });
        site.ok_or_else(|| SiteError::NoAddress(domain.clone()))
    }

    /// Connects to the first address that answers, once all of them are judged good.
    async fn connect(&self, domain: &Domain) -> Result<TcpStream, SiteError> {
        require_real(domain)?;
        let addresses = self.names.addresses(domain).await?;
        let judged = addresses.into_iter().map(GlobalAddress::check).collect::<Result<Vec<_>, _>>();
        let judged =
            judged.map_err(|cause| SiteError::NotGlobal { domain: domain.clone(), cause })?;
        let mut last = Err(SiteError::NoAddress(domain.clone()));
        for address in judged.into_iter().take(ADDRESSES_TRIED_MAX) {
            let dialled = tokio::time::timeout(CONNECT_TIME, self.dial.dial(address, PORT)).await;
            let late = || Err(io::Error::new(io::ErrorKind::TimedOut, "no answer"));
            last = unreachable(domain, dialled.unwrap_or_else(|_| late()));
            if last.is_ok() {
                break;
            }
        }
        last
    }

    async fn secure(
        &self,
        domain: &Domain,
        stream: TcpStream,
    ) -> Result<impl AsyncRead + AsyncWrite + Unpin + use<>, SiteError> {
        let insecure = |cause: String| SiteError::Tls { domain: domain.clone(), cause };
        let name = ServerName::try_from(domain.to_string())
            .map_err(|error| insecure(error.to_string()))?;
        let tls = self.tls.clone().map_err(SiteError::NoRoots)?;
        let connector = TlsConnector::from(tls);
        connector.connect(name, stream).await.map_err(|error| insecure(error.to_string()))
    }
}

/// Names under `.example` and its like are asked of nobody: there is no answer, and the question would leave the
/// machine.
fn require_real(domain: &Domain) -> Result<(), NameError> {
    match domain.check_admissible(false) {
        Err(BadDomain::Reserved) => Err(NameError::Reserved(domain.clone())),
        _ => Ok(()),
    }
}

fn unreachable<T>(domain: &Domain, connected: io::Result<T>) -> Result<T, SiteError> {
    connected.map_err(|error| SiteError::Unreachable {
        domain: domain.clone(),
        cause: error.to_string(),
    })
}

fn addressed(request: Request<Bytes>, domain: &Domain) -> Result<Request<Full<Bytes>>, SiteError> {
    let broken = |cause: String| SiteError::Broken { domain: domain.clone(), cause };
    let mut request = request.map(Full::new);
    let host = HeaderValue::from_str(domain.as_str()).map_err(|error| broken(error.to_string()))?;
    let headers = request.headers_mut();
    headers.insert(HOST, host);
    let agent = concat!("onrecord/", env!("CARGO_PKG_VERSION"));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}

/// One request and its answer over a connection that ends with them.
async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Unpin + 'static,
    domain: &Domain,
    request: Request<Full<Bytes>>,
    bytes_max: usize,
) -> Result<Response<Bytes>, SiteError> {
    let broken = |error: hyper::Error| SiteError::Broken {
        domain: domain.clone(),
        cause: error.to_string(),
    };
    let mut builder = hyper::client::conn::http1::Builder::new();
    let handshake = builder.max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(broken)?;
    let answer = async move {
        let response = sender.send_request(request).await.map_err(broken)?;
        whole(response, domain, bytes_max).await
    };
    // The connection has to be driven for the answer to come, and may end before all of the answer is taken.
    let (mut answer, mut connection) = (std::pin::pin!(answer), std::pin::pin!(connection));
    tokio::select! {
        answer = &mut answer => return answer,
        _ = &mut connection => {}
    }
    answer.await
}

/// The answer with its body, which may have at most so many bytes and is what was sent. What a site says beside a
/// status of failure is of no use to anyone here, and can be long: it is not read.
async fn whole(
    response: Response<Incoming>,
    domain: &Domain,
    bytes_max: usize,
) -> Result<Response<Bytes>, SiteError> {
    let too_large = || SiteError::TooLarge { domain: domain.clone(), bytes_max };
    let (head, mut body) = response.into_parts();
    if !head.status.is_success() {
        return Ok(Response::from_parts(head, Bytes::new()));
    }
    require_as_it_is(&head.headers, domain)?;
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > bytes_max {
        return Err(too_large());
    }
    let mut bytes = BytesMut::with_capacity(announced);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| SiteError::Broken {
            domain: domain.clone(),
            cause: error.to_string(),
        })?;
        let Ok(piece) = frame.into_data() else { continue };
        if bytes.len() + piece.len() > bytes_max {
            return Err(too_large());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(Response::from_parts(head, bytes.freeze()))
}

fn require_as_it_is(headers: &HeaderMap, domain: &Domain) -> Result<(), SiteError> {
    let Some(encoding) = headers.get(CONTENT_ENCODING) else { return Ok(()) };
    if encoding.as_bytes().eq_ignore_ascii_case(b"identity") {
        return Ok(());
    }
    let encoding = String::from_utf8_lossy(encoding.as_bytes()).chars().take(40).collect();
    Err(SiteError::Encoded { domain: domain.clone(), encoding })
}
