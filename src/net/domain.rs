//! A look at a domain: its document and its TXT records, both at once and within five seconds (protocol §9). What
//! they amount to is decided in `ledger::domain_answer`.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE};
use http::{HeaderMap, Request, Response, StatusCode};

use super::names::NameError;
use super::sites::{SiteError, Sites};
use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::{DOCUMENT_BYTES_MAX, DOCUMENT_PATH, Given, RECORD_LABEL};

/// For a whole look.
pub const LOOK_TIME: Duration = Duration::from_secs(5);
const MEDIA_TYPE: &str = "application/json";

/// Why it is not known whether there is a document, or what it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The site gave no usable answer.
    #[error(transparent)]
    Site(#[from] SiteError),
    /// It leads elsewhere.
    #[error("https://{domain}{DOCUMENT_PATH} answered {status}, a redirect, and none is followed")]
    Redirect {
        /// The domain.
        domain: Domain,
        /// The HTTP status.
        status: u16,
    },
    /// It says neither what is there nor that nothing is.
    #[error(
        "https://{domain}{DOCUMENT_PATH} answered {status}; 200 is a document, and 404 or 410 says there is none"
    )]
    Status {
        /// The domain.
        domain: Domain,
        /// The HTTP status.
        status: u16,
    },
    /// What is there is something else than JSON.
    #[error("https://{domain}{DOCUMENT_PATH} is sent as {found:?}, not as {MEDIA_TYPE}")]
    MediaType {
        /// The domain.
        domain: Domain,
        /// What the answer says it is. Foreign text, cut to 80 characters.
        found: String,
    },
}

/// Why a look found nothing out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LookError {
    /// The document could not be asked for.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The TXT records could not be asked for.
    #[error("the TXT records at {RECORD_LABEL}.{domain} cannot be asked for: {cause}")]
    Records {
        /// The domain.
        domain: Domain,
        /// Why.
        cause: NameError,
    },
}

/// A document as it was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedDocument {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether pages of every other site may read it too (`Access-Control-Allow-Origin: *`), so that a browser can
    /// check what a ledger says of it. No ledger needs that.
    pub is_open: bool,
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The domain.
    pub domain: Domain,
    /// The document; `None` when the site says that there is none, or the domain that it has no site.
    pub document: Result<Option<FetchedDocument>, DocumentError>,
    /// The TXT records at `_onrecord.<domain>`.
    pub texts: Result<Vec<Vec<u8>>, NameError>,
}

impl Look {
    /// What the domain gave, when both questions have an answer: what could not be asked for may be there and say
    /// the opposite of the rest.
    ///
    /// # Errors
    /// [`LookError`].
    pub fn given(self) -> Result<Given, LookError> {
        let document = self.document?.map(|document| document.bytes);
        let texts =
            self.texts.map_err(|cause| LookError::Records { domain: self.domain, cause })?;
        Ok(Given { document, texts })
    }
}

/// Looks at a domain, from now on for at most [`LOOK_TIME`].
pub async fn look(sites: &Sites, domain: &Domain, now: Instant) -> Look {
    let until = now + LOOK_TIME;
    let (document, texts) =
        tokio::join!(fetch_document(sites, domain, until), sites.texts(domain, until));
    Look { domain: domain.clone(), document, texts }
}

async fn fetch_document(
    sites: &Sites,
    domain: &Domain,
    until: Instant,
) -> Result<Option<FetchedDocument>, DocumentError> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = http::Uri::from_static(DOCUMENT_PATH);
    request.headers_mut().insert(ACCEPT, http::HeaderValue::from_static(MEDIA_TYPE));
    match sites.send(domain, request, DOCUMENT_BYTES_MAX, until).await {
        Ok(response) => read(domain, response),
        Err(SiteError::NoAddress(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn read(
    domain: &Domain,
    response: Response<Bytes>,
) -> Result<Option<FetchedDocument>, DocumentError> {
    let (domain, status) = (domain.clone(), response.status());
    match status {
        StatusCode::OK if is_json(response.headers()) => {
            let is_open = response
                .headers()
                .get(ACCESS_CONTROL_ALLOW_ORIGIN)
                .is_some_and(|value| value.as_bytes() == b"*");
            Ok(Some(FetchedDocument { bytes: response.into_body().into(), is_open }))
        }
        StatusCode::OK => {
            let found = media_type(response.headers()).chars().take(80).collect();
            Err(DocumentError::MediaType { domain, found })
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
        _ if status.is_redirection() => {
            Err(DocumentError::Redirect { domain, status: status.as_u16() })
        }
        _ => Err(DocumentError::Status { domain, status: status.as_u16() }),
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let whole = media_type(headers);
    let essence = whole.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(MEDIA_TYPE)
}

fn media_type(headers: &HeaderMap) -> String {
    let header =
        headers.get(CONTENT_TYPE).map_or(b"no content type".as_slice(), |value| value.as_bytes());
    String::from_utf8_lossy(header).into_owned()
}
