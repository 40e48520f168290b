//! Problems as answers: the only place that knows HTTP statuses (protocol §12, RFC 9457).

use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::limits::RateExceeded;
use crate::wire::{NotASubmission, Problem, Reason};

/// Why a request is not answered as asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    reason: Reason,
    detail: String,
    retry_after: Option<Duration>,
}

impl Failure {
    /// A failure for this reason; the detail says what happened in this case, as a sentence.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), retry_after: None }
    }

    /// The same, with how long to wait before trying again.
    pub fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Its reason.
    pub fn reason(&self) -> Reason {
        self.reason
    }

    /// What happened in this case, as a sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Nothing here, or nothing yet.
    pub fn not_found(what: &str) -> Self {
        Self::new(Reason::NotFound, format!("{what}."))
    }

    /// A path segment or query parameter that cannot be read.
    pub fn bad_query(what: impl Into<String>) -> Self {
        Self::new(Reason::BadQuery, what)
    }
}

/// The HTTP status that goes with a reason: 422 unless another says it better.
pub fn status(reason: Reason) -> StatusCode {
    match reason {
        Reason::MalformedJson | Reason::BadQuery => StatusCode::BAD_REQUEST,
        Reason::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Reason::NotAParty | Reason::NotClaimed | Reason::OffersClosed => StatusCode::FORBIDDEN,
        Reason::Conflict => StatusCode::CONFLICT,
        Reason::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Reason::ReadOnly | Reason::Busy | Reason::Starting => StatusCode::SERVICE_UNAVAILABLE,
        Reason::NotFound => StatusCode::NOT_FOUND,
        Reason::Withheld => StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS,
        Reason::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Reason::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
        Reason::FormatNotOffered => StatusCode::NOT_IMPLEMENTED,
        Reason::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = status(self.reason);
        let problem = Problem::new(self.reason, status.as_u16(), self.detail.clone());
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(whole_seconds(wait)));
        }
        // Where people asked for a page, they are shown one instead.
        response.extensions_mut().insert(self);
        response
    }
}

/// Seconds rounded up, at least one and at most an hour: who waits that long is not late.
fn whole_seconds(wait: Duration) -> u64 {
    let rounded = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
    rounded.clamp(1, 3_600)
}

impl From<RateExceeded> for Failure {
    fn from(exceeded: RateExceeded) -> Self {
        Self::new(Reason::RateLimited, "This network or key sent more than its share for now.")
            .retry_after(exceeded.retry_after)
    }
}

impl From<NotASubmission> for Failure {
    fn from(error: NotASubmission) -> Self {
        Self::new(Reason::MalformedJson, format!("The body is no submission: {error}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_have_the_statuses_of_the_protocol() {
        let other_than_422 = [
            ("malformed_json", 400),
            ("too_large", 413),
            ("not_a_party", 403),
            ("not_claimed", 403),
            ("offers_closed", 403),
            ("conflict", 409),
            ("rate_limited", 429),
            ("read_only", 503),
        ];
        for reason in &Reason::ALL[..Reason::REFUSALS] {
            let wanted = other_than_422.iter().find(|(token, _)| *token == reason.token());
            assert_eq!(status(*reason).as_u16(), wanted.map_or(422, |(_, status)| *status));
        }
    }

    #[test]
    fn an_error_is_a_problem_that_no_cache_keeps() {
        let wait = Duration::from_millis(1_001);
        let response = Failure::new(Reason::Busy, "Full.").retry_after(wait).into_response();
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/problem+json");
        assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
        assert_eq!(response.headers()[RETRY_AFTER], "2");
    }
}
