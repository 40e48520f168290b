//! What a log asks of a witness (C2SP tlog-witness): to cosign a checkpoint, and which one it cosigned last. Nothing that
//! a witness answers is believed here; whoever asked verifies it. Nothing is tried again here either: when to ask anew
//! is for whoever knows what else there is to submit.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode, Url};

use super::client::{FetchError, failed, http_client, read, retry_after};
use super::ledger_url::LedgerUrl;
use super::patience::Patience;
use crate::tlog::{AddCheckpoint, log_hash, parse_decimal};

/// Lines of a witness with a dozen post-quantum keys, or a checkpoint with those of all its cosigners.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The type of an answer that is a size.
const SIZE: &str = "text/x.tlog.size";
/// A size of 64 bits and a line break.
const SIZE_BYTES_MAX: usize = 21;
/// A witness that asks to be left alone for longer is asked again all the same.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(60 * 60);

/// How a witness answered a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cosigning {
    /// 200, with what should be lines of signatures.
    Lines(String),
    /// 409 with a size: what it cosigned last has another size than the request says.
    OtherSize(u64),
    /// 422, or 409 without a size: to it the checkpoint does not follow from what it cosigned last.
    DoesNotFollow,
    /// Any other status, and when it may be asked again, where it says so.
    Refused {
        /// The HTTP status.
        status: u16,
        /// At most an hour.
        retry_after: Option<Duration>,
    },
}

/// A client of one witness. Cheap to clone.
#[derive(Debug, Clone)]
pub struct WitnessClient {
    http: reqwest::Client,
    url: LedgerUrl,
}

impl WitnessClient {
    /// A client of the witness with that submission prefix, which is its monitoring prefix too.
    ///
    /// # Errors
    /// [`FetchError::Setup`], for instance when the system has no root certificates.
    pub fn new(url: LedgerUrl, patience: Patience) -> Result<Self, FetchError> {
        let http = http_client(url.is_loopback(), patience)?;
        Ok(Self { http, url })
    }

    /// Where the witness answers.
    pub const fn url(&self) -> &LedgerUrl {
        &self.url
    }

    /// Asks it once to cosign a checkpoint.
    ///
    /// # Errors
    /// [`FetchError`] when there was no answer, or one that is larger than any can be.
    pub async fn add(&self, request: &AddCheckpoint) -> Result<Cosigning, FetchError> {
        let url = self.url.join("add-checkpoint");
        let sent = self.http.post(url.clone()).body(request.to_string()).send().await;
        let response = sent.map_err(|error| failed(&url, &error).error)?;
        match response.status() {
            StatusCode::OK => text(response, &url).await.map(Cosigning::Lines),
            StatusCode::CONFLICT => conflict(response, &url).await,
            StatusCode::UNPROCESSABLE_ENTITY => Ok(Cosigning::DoesNotFollow),
            status => Ok(Cosigning::Refused {
                status: status.as_u16(),
                retry_after: retry_after(&response).map(|wait| wait.min(RETRY_AFTER_MAX)),
            }),
        }
    }

    /// The note that it cosigned last of the log with that origin; nothing when it knows of none.
    ///
    /// # Errors
    /// [`FetchError`] when there was no answer, or another than these.
    pub async fn newest(&self, origin: &str) -> Result<Option<String>, FetchError> {
        let name = log_hash(origin).to_hex();
        let url = self.url.join(&format!("{name}/checkpoint"));
        let sent = self.http.get(url.clone()).send().await;
        let response = sent.map_err(|error| failed(&url, &error).error)?;
        match response.status() {
            StatusCode::OK => text(response, &url).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            status => Err(FetchError::Unexpected { url: url.to_string(), status: status.as_u16() }),
        }
    }
}

/// The body as text. What is no text is no note either, and says as much as an empty answer.
async fn text(response: Response, url: &Url) -> Result<String, FetchError> {
    let body = read(response, url, ANSWER_BYTES_MAX).await.map_err(|failed| failed.error)?;
    Ok(String::from_utf8(body.to_vec()).unwrap_or_default())
}

/// Some witnesses answer so when the roots of one size differ, as the standard once said; these give no size.
async fn conflict(response: Response, url: &Url) -> Result<Cosigning, FetchError> {
    let of_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_size = of_type.is_some_and(|of| of.split(';').next().map(str::trim) == Some(SIZE));
    if !is_size {
        return Ok(Cosigning::DoesNotFollow);
    }
    let body = read(response, url, SIZE_BYTES_MAX).await.map_err(|failed| failed.error)?;
    let size = std::str::from_utf8(&body).ok().and_then(|text| text.strip_suffix('\n'));
    let size = size.and_then(parse_decimal);
    Ok(size.map_or(Cosigning::DoesNotFollow, Cosigning::OtherSize))
}
