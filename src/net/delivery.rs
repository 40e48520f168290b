//! One delivery to an organization's endpoint (protocol §11), with every guard of [`Sites`]: no redirect is followed,
//! no address in anybody's own network is connected to, and of an answer at most 64 KiB are read and none is used.

use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, Request, StatusCode};

use super::sites::{SiteError, Sites};
use crate::webhook::Endpoint;

const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// What is sent.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`: the second of the attempt, since 1970.
    pub seconds: i64,
    /// `webhook-signature`.
    pub signatures: String,
    /// JSON.
    pub body: String,
}

/// What an endpoint answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// It took it.
    Taken,
    /// It wants no more.
    Gone,
    /// Another status, which counts as a failure. A redirect is one.
    Failed(u16),
}

/// Sends it once.
///
/// # Errors
/// [`SiteError`] when there was no answer.
pub async fn deliver(
    sites: &Sites,
    endpoint: &Endpoint,
    delivery: Delivery,
    until: Instant,
) -> Result<Answered, SiteError> {
    let broken = |error: &dyn std::fmt::Display| SiteError::Broken {
        domain: endpoint.host().clone(),
        cause: error.to_string(),
    };
    let request = request(endpoint, delivery).map_err(|error| broken(&error))?;
    match sites.send(endpoint.host(), request, ANSWER_BYTES_MAX, until).await {
        Ok(answer) if answer.status().is_success() => Ok(Answered::Taken),
        Ok(answer) if answer.status() == StatusCode::GONE => Ok(Answered::Gone),
        Ok(answer) => Ok(Answered::Failed(answer.status().as_u16())),
        // Only the body of a success is looked at, and nothing in it matters here.
        Err(SiteError::TooLarge { .. } | SiteError::Encoded { .. }) => Ok(Answered::Taken),
        Err(error) => Err(error),
    }
}

fn request(endpoint: &Endpoint, delivery: Delivery) -> Result<Request<Bytes>, http::Error> {
    let mut request = Request::post(endpoint.target()).body(Bytes::from(delivery.body))?;
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    for (name, value) in [
        ("webhook-id", delivery.id),
        ("webhook-timestamp", delivery.seconds.to_string()),
        ("webhook-signature", delivery.signatures),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::try_from(value)?);
    }
    Ok(request)
}
