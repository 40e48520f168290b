//! For whoever runs or describes the ledger: health, metrics and the description of the API.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};

use crate::http::answer::{self, JSON};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::metrics::Readings;
use crate::http::request::Charged;
use crate::http::router::description;
use crate::http::state::App;
use crate::service;
use crate::wire::{EndedHealth, Health, HealthStatus, IndexHealth, MirrorHealth, Problem};

/// The text format of Prometheus.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Whether the ledger serves and publishes
///
/// A ledger that is stale fails, so that a balancer takes it out. One that is read-only or
/// starting still serves readers, and says so.
#[utoipa::path(
    get, path = "/healthz", tag = "operate",
    responses(
        (status = 200, description = "It serves", body = Health),
        (status = 503, description = "What it serves is not the newest it should be", body = Health),
    )
)]
pub async fn health(State(app): State<App>) -> Result<Response, Failure> {
    let health = app.ledger().health();
    let shape = shape(&health);
    let status = if shape.status == HealthStatus::Stale {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    let body = answer::json(&shape)?.into_body();
    Ok((status, [(CONTENT_TYPE, JSON), (CACHE_CONTROL, "no-store")], body).into_response())
}

fn shape(health: &service::Health) -> Health {
    let index = match &health.index {
        service::IndexState::Ready => IndexHealth { ready: true, done: None, of: None },
        service::IndexState::Building { done, of } => {
            IndexHealth { ready: false, done: Some(*done), of: Some(*of) }
        }
        service::IndexState::Failed(_) => IndexHealth { ready: false, done: None, of: None },
    };
    let read_only = match &health.index {
        service::IndexState::Failed(why) => Some(why),
        _ => health.read_only.as_ref(),
    };
    let status = match (health.stale, read_only, index.ready) {
        (true, ..) => HealthStatus::Stale,
        _ if health.end.is_some() => HealthStatus::Ended,
        (_, Some(_), _) => HealthStatus::ReadOnly,
        (.., false) => HealthStatus::Starting,
        _ => HealthStatus::Ok,
    };
    let read_only = read_only.cloned();
    let (checkpoint_size, witnessed_size) = (health.size, health.witnessed);
    let ended = health.end.clone();
    let ended = ended.map(|end| EndedHealth { index: end.index, successor: end.successor });
    let mirror = health
        .mirror
        .as_ref()
        .map(|one| MirrorHealth { of: one.of.to_string(), trouble: one.trouble.clone() });
    Health { status, checkpoint_size, witnessed_size, read_only, ended, mirror, index }
}

/// Numbers for Prometheus
#[utoipa::path(
    get, path = "/metrics", tag = "operate",
    responses((status = 200, description = "The text format of Prometheus", body = String, content_type = "text/plain; version=0.0.4; charset=utf-8"))
)]
pub async fn metrics(State(app): State<App>) -> Response {
    let health = app.ledger().health();
    let readings = Readings {
        checkpoint_size: health.size,
        witnessed_size: health.witnessed.unwrap_or_default(),
        queue_length: health.queue as u64,
        index_lag: health.unindexed as u64,
        search_lag: health.unsearched,
        read_only: health.read_only.is_some(),
        stale: health.stale,
    };
    let text = app.metrics().render(&readings);
    ([(CONTENT_TYPE, PROMETHEUS), (CACHE_CONTROL, "no-store")], text).into_response()
}

/// The description of this API
#[utoipa::path(
    get, path = "/openapi.json", tag = "operate",
    responses(
        (status = 200, description = "OpenAPI", content_type = "application/json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn openapi(_: Charged<{ cost::READ }>) -> Response {
    answer::for_now(JSON, description())
}
