//! Which answers are worth compressing: texts of some size. Never tiles, which are hashes or are
//! read by byte counts, and never event streams, which must not wait for a block to fill.

use axum::body::HttpBody;
use axum::http::Response;
use axum::http::header::CONTENT_TYPE;
use tower_http::compression::Predicate;

/// Below this, headers and checksum eat what compression saves.
const BYTES_MIN: u64 = 512;

const TEXTS: [&str; 10] = [
    "application/atom+xml",
    "application/feed+json",
    "application/json",
    "application/problem+json",
    "application/vnd.onrecord.bundle.v1+json",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
];

/// Says whether an answer is worth compressing.
#[derive(Clone, Copy, Debug)]
pub struct WorthIt;

impl Predicate for WorthIt {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default();
        let size = response.body().size_hint().exact();
        TEXTS.contains(&essence) && size.is_some_and(|size| size >= BYTES_MIN)
    }
}
