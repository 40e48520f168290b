//! The one way to put something on record: `POST /api/v1/statements` (protocol §11, §12).

use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use crate::clock::instant;
use crate::crypto::DidKey;
use crate::http::answer::BUNDLE;
use crate::http::error::Failure;
use crate::http::limits::{RateExceeded, cost};
use crate::http::metrics::PublishOutcome;
use crate::http::request::Charged;
use crate::http::state::App;
use crate::service::{PublishError, Receipt};
use crate::statement::Submission;
use crate::wire::{self, Bundle, Problem, Reason, SUBMISSION_MAX_BYTES};

/// How much of a body that is too large is still taken in, so that its sender hears the answer
/// instead of a broken connection.
const DISCARDED_MAX_BYTES: usize = 1024 * 1024;

/// Put a signed statement on record
#[utoipa::path(
    post, path = "/api/v1/statements", tag = "publish",
    request_body(content = wire::Submission, description = "At most 160 KiB"),
    responses(
        (status = 201, description = "Logged: durable, and covered by a signed checkpoint", body = Bundle, content_type = "application/vnd.onrecord.bundle.v1+json"),
        (status = 200, description = "Logged before: the entry there is, with the words public now", body = Bundle, content_type = "application/vnd.onrecord.bundle.v1+json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn publish(
    _: Charged<{ cost::PUBLISH }>,
    State(app): State<App>,
    body: Body,
) -> Result<Response, Failure> {
    let body = receive(body, app.body_timeout()).await?;
    let began = instant();
    let result = log(&app, &body).await;
    app.metrics().count_publish(outcome(&result), began.elapsed());
    result.map(|published| answer(&published))
}

async fn log(app: &App, body: &[u8]) -> Result<Receipt, Failure> {
    let submission = wire::Submission::read(body)?;
    let limits = app.limits();
    let limit = |signers: &[DidKey]| {
        limits.charge_signers(signers).err().map(|exceeded| exceeded.retry_after)
    };
    Ok(app.ledger().publish(&submission.into(), limit).await?)
}

/// The whole body, within its limits of size and time.
pub(super) async fn receive(mut body: Body, within: Duration) -> Result<Bytes, Failure> {
    let announced = body.size_hint().lower();
    let receiving = async {
        let mut received =
            BytesMut::with_capacity(announced.min(SUBMISSION_MAX_BYTES as u64) as usize);
        let mut discarded = 0;
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|_| broken())?;
            let Ok(data) = frame.into_data() else { continue };
            if discarded == 0 && received.len() + data.len() <= SUBMISSION_MAX_BYTES {
                received.extend_from_slice(&data);
                continue;
            }
            discarded += data.len();
            if discarded > DISCARDED_MAX_BYTES {
                break;
            }
        }
        if discarded > 0 { Err(too_large()) } else { Ok(received.freeze()) }
    };
    if announced > (SUBMISSION_MAX_BYTES + DISCARDED_MAX_BYTES) as u64 {
        return Err(too_large());
    }
    tokio::time::timeout(within, receiving).await.unwrap_or_else(|_| Err(late()))
}

fn too_large() -> Failure {
    Failure::new(Reason::TooLarge, "The body of a submission is at most 160 KiB.")
}

fn late() -> Failure {
    Failure::new(Reason::RequestTimeout, "The body did not arrive in time.")
}

fn broken() -> Failure {
    Failure::new(Reason::MalformedJson, "The body ended before it was complete.")
}

/// 201 for a new entry and 200 for one there was. No cache keeps either: words may go later.
fn answer(published: &Receipt) -> Response {
    let status = if published.newly { StatusCode::CREATED } else { StatusCode::OK };
    let body = published.bundle.to_json();
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(BUNDLE));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let location = format!("/api/v1/entries/{}", published.index);
    headers.extend(HeaderValue::try_from(location).ok().map(|location| (LOCATION, location)));
    response
}

impl From<wire::Submission<'_>> for Submission {
    fn from(sent: wire::Submission<'_>) -> Self {
        let signatures = sent.envelope.signatures.into_iter();
        Self {
            payload_type: sent.envelope.payload_type.into_owned(),
            payload: sent.envelope.payload.into_owned(),
            signatures: signatures.map(|one| (one.keyid.into(), one.sig.into())).collect(),
            disclosures: sent.disclosures.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<PublishError> for Failure {
    fn from(error: PublishError) -> Self {
        match error {
            PublishError::Refused(refusal) => Self::new(refusal.reason.into(), refusal.detail),
            PublishError::RateLimited { retry_after } => RateExceeded { retry_after }.into(),
            PublishError::Lookup(error) => error.into(),
            PublishError::Busy { retry_after } => {
                Self::new(Reason::Busy, "The queue is full; nothing was stored of this statement.")
                    .retry_after(retry_after)
            }
            PublishError::ReadOnly { why, retry_after } => {
                Self::new(Reason::ReadOnly, why).retry_after(retry_after)
            }
        }
    }
}

fn outcome(result: &Result<Receipt, Failure>) -> PublishOutcome {
    match result {
        Ok(published) if published.newly => PublishOutcome::Logged,
        Ok(_) => PublishOutcome::Known,
        Err(failure) => match failure.reason() {
            Reason::RateLimited => PublishOutcome::Limited,
            Reason::Busy | Reason::ReadOnly | Reason::Internal => PublishOutcome::Unavailable,
            _ => PublishOutcome::Refused,
        },
    }
}
