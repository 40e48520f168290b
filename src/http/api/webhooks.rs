//! Webhooks: what organizations ask about the delivery of entries to them (protocol §11).

use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;
use axum::response::Response;

use super::statements::receive;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part};
use crate::http::state::App;
use crate::service::webhooks::{Attempt, AttemptResult, Stopped};
use crate::service::{WebhookError, WebhookView};
use crate::statement;
use crate::wire::{self, Envelope, Problem, Reason, Webhook, WebhookAttempt, WebhookStatus};

/// Register, replay, look at or remove an organization's webhook
///
/// The body is a DSSE envelope with the payload type `application/vnd.onrecord.webhook.v1+json`, signed
/// by a key that speaks for the domain. Its payload is canonical JSON: `action` (`register`, `replay`,
/// `status` or `delete`), `domain`, `log`, `signed_at` with milliseconds, `signer`; `endpoint` to register;
/// `from`, the index of an entry, to replay and, if wanted, to register.
#[utoipa::path(
    post, path = "/api/v1/organizations/{domain}/webhook", operation_id = "ask_webhook", tag = "publish",
    params(("domain" = String, Path, description = "The domain name, in lower-case ASCII")),
    request_body(content = wire::Envelope),
    responses(
        (status = 200, description = "Done: how the webhook is now", body = Webhook),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ask(
    _: Charged<{ cost::PUBLISH }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
    body: Body,
) -> Result<Response, Failure> {
    let body = receive(body, app.body_timeout()).await?;
    let envelope = read(&body)?;
    let view = app.ledger().ask_webhook(&domain, &envelope).await?;
    let mut response = answer::json(&shape(&view))?;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn read(body: &[u8]) -> Result<statement::Envelope, Failure> {
    let malformed = |why: String| {
        Failure::new(Reason::MalformedJson, format!("The body is no envelope: {why}."))
    };
    let text = std::str::from_utf8(body).map_err(|error| malformed(error.to_string()))?;
    let envelope: Envelope<'_> =
        serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
    let signatures = envelope.signatures.iter().map(|one| (one.keyid.as_ref(), one.sig.as_ref()));
    statement::Envelope::decode(&envelope.payload_type, &envelope.payload, signatures)
        .map_err(|refusal| Failure::new(refusal.reason.into(), refusal.detail))
}

fn shape(view: &WebhookView) -> Webhook {
    let state = match (&view.endpoint, view.stopped, view.next_at) {
        (None, ..) => WebhookStatus::None,
        (_, Some(Stopped::Gone), _) => WebhookStatus::Gone,
        (_, Some(Stopped::Exhausted), _) => WebhookStatus::Exhausted,
        (.., Some(_)) => WebhookStatus::Retrying,
        _ => WebhookStatus::Delivering,
    };
    let next = view.next_at.and_then(|at| Moment::from_millis(at).ok());
    Webhook {
        domain: view.domain.to_string(),
        state,
        endpoint: view.endpoint.clone(),
        secret: view.secret.as_ref().map(|secret| (**secret).clone()),
        public_key: view.public_key.clone(),
        next_index: view.next_index,
        next_attempt_at: next.map(Moment::to_millis),
        attempts: view.attempts.iter().map(attempt).collect(),
    }
}

fn attempt(attempt: &Attempt) -> WebhookAttempt {
    let (delivered, status, error) = match &attempt.result {
        AttemptResult::Delivered => (true, None, None),
        AttemptResult::Status(status) => (false, Some(*status), None),
        AttemptResult::Error(error) => (false, None, Some(error.clone())),
    };
    let at = attempt.time().to_millis();
    WebhookAttempt { index: attempt.index, at, delivered, status, error }
}

impl From<WebhookError> for Failure {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Refused(refusal) => Self::new(refusal.reason.into(), refusal.detail),
            WebhookError::NotOffered => Self::not_found("This ledger delivers to no endpoints"),
            WebhookError::NotObserved(error) => error.into(),
            WebhookError::Lookup(error) => error.into(),
            error @ (WebhookError::Store(_) | WebhookError::Failed(_)) => {
                tracing::error!(%error, "a request about a webhook could not be done");
                Self::new(Reason::Internal, "The request could not be written down.")
            }
        }
    }
}
