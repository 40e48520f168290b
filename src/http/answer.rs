//! Answers that are no errors: a body with its type, and how long it may be kept. An answer that
//! may change carries an `ETag`, and is not sent again to who has it.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderMap,
    IF_NONE_MATCH,
};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use super::error::Failure;
use crate::crypto::sha256;
use crate::wire::Reason;

/// JSON.
pub const JSON: &str = "application/json";
/// A bundle (protocol §8).
pub const BUNDLE: &str = "application/vnd.onrecord.bundle.v1+json";
/// Text, as C2SP formats ask for.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// A tile.
pub const TILE: &str = "application/octet-stream";
/// A page.
pub const HTML: &str = "text/html; charset=utf-8";
const SVG: &str = "image/svg+xml";

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// A picture that is opened by itself is a document, and may do nothing.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");

/// A body that never changes under its address.
pub fn forever(content_type: &'static str, body: impl Into<Bytes>) -> Response {
    respond(content_type, FOREVER, body.into())
}

/// A body that may be another one the next time.
pub fn for_now(content_type: &'static str, body: impl Into<Bytes>) -> Response {
    let body = body.into();
    let tag = entity_tag(&body);
    let mut response = respond(content_type, ASK_AGAIN, body);
    response.headers_mut().extend(tag.map(|tag| (ETAG, tag)));
    response
}

/// A picture as SVG that may be another one the next time.
pub fn picture(svg: String) -> Response {
    let mut response = for_now(SVG, svg);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, INERT);
    response
}

/// A shape as JSON that may be another one the next time.
///
/// # Errors
/// `internal` when the shape cannot be written.
pub fn json<T: Serialize>(shape: &T) -> Result<Response, Failure> {
    match serde_json::to_vec(shape) {
        Ok(body) => Ok(for_now(JSON, body)),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            Err(Failure::new(Reason::Internal, "The answer could not be written."))
        }
    }
}

fn respond(content_type: &'static str, keep: HeaderValue, body: Bytes) -> Response {
    let content_type = HeaderValue::from_static(content_type);
    ([(CONTENT_TYPE, content_type), (CACHE_CONTROL, keep)], body).into_response()
}

/// Weak, since the same answer may be sent compressed.
fn entity_tag(body: &[u8]) -> Option<HeaderValue> {
    let hash = sha256(body).to_base64url();
    HeaderValue::try_from(format!("W/\"{}\"", hash.get(..22)?)).ok()
}

/// Answers 304 without a body to a client that has what would be sent.
pub async fn skip_what_is_known(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    match known {
        Some(known) if response.status().is_success() && names(&known, response.headers()) => {
            let (mut parts, _) = response.into_parts();
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(CONTENT_LENGTH);
            parts.headers.remove(CONTENT_TYPE);
            Response::from_parts(parts, Body::empty())
        }
        _ => response,
    }
}

/// Whether a list of entity tags has the one of the answer, compared weakly (RFC 9110 §8.8.3.2).
fn names(known: &HeaderValue, answer: &HeaderMap) -> bool {
    let Some(tag) = answer.get(ETAG).and_then(|tag| tag.to_str().ok()) else { return false };
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = known.to_str().unwrap_or_default();
    known.trim() == "*" || known.split(',').any(|one| opaque(one) == opaque(tag))
}
