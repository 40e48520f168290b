//! The HTTP side of a witness (C2SP tlog-witness): `add-checkpoint`, and for monitors the newest cosigned checkpoint of
//! each log. It shares nothing with a ledger's API but the listener. Refusals are a sentence of plain text.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::crypto::Hash;
use crate::service::{Witness, WitnessError};
use crate::tlog::NotWitnessed;

/// 63 hashes, and a checkpoint of 29 KiB: with the lines of 8 post-quantum keys one has 27 KiB. With the line of the
/// witness it is still no larger than what the store keeps.
const BODY_BYTES_MAX: usize = 32 * 1024;
/// For a request to arrive and be answered.
const TIMEOUT: Duration = Duration::from_secs(20);
/// When to come again if the clock or the disk of the witness is in the way.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("60");

const PLAIN: &str = "text/plain; charset=utf-8";
const SIZE: &str = "text/x.tlog.size";

/// The routes of a witness.
pub fn witness_router(witness: Arc<Witness>) -> Router {
    let header = SetResponseHeaderLayer::overriding;
    let layers = ServiceBuilder::new()
        .layer(header(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(header(CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(CatchPanicLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, TIMEOUT))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/{log}/checkpoint", get(checkpoint))
        .route("/healthz", get(health))
        .layer(layers)
        .with_state(witness)
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    // It waits for the disk.
    let added = tokio::task::spawn_blocking(move || witness.add(&body)).await;
    match added {
        Ok(Ok(line)) => text(StatusCode::OK, line.to_string()),
        Ok(Err(error)) => refusal(&error),
        Err(error) => {
            tracing::error!(%error, "a request did not end");
            text(StatusCode::INTERNAL_SERVER_ERROR, "the witness failed\n".to_owned())
        }
    }
}

async fn checkpoint(State(witness): State<Arc<Witness>>, Path(log): Path<String>) -> Response {
    let newest = Hash::from_hex(&log).map_or(Ok(None), |log| witness.newest(&log));
    match newest {
        Ok(Some(note)) => text(StatusCode::OK, note),
        Ok(None) => {
            let why = "this witness has cosigned nothing of a log whose origin has this SHA-256\n";
            text(StatusCode::NOT_FOUND, why.to_owned())
        }
        Err(error) => refusal(&error),
    }
}

async fn health(State(witness): State<Arc<Witness>>) -> Response {
    match witness.stopped() {
        None => text(StatusCode::OK, "ok\n".to_owned()),
        Some(error) => refusal(&WitnessError::Stopped(error)),
    }
}

/// The status that the standard gives each refusal; 503 where it knows none, for the witness's own troubles.
fn refusal(error: &WitnessError) -> Response {
    let status = match error {
        WitnessError::NotText | WitnessError::NotARequest(_) => StatusCode::BAD_REQUEST,
        WitnessError::NotWitnessed(NotWitnessed::OtherSize(size)) => {
            let type_of_size = [(CONTENT_TYPE, HeaderValue::from_static(SIZE))];
            return (StatusCode::CONFLICT, type_of_size, format!("{size}\n")).into_response();
        }
        WitnessError::NotWitnessed(why) => match why {
            NotWitnessed::UnknownLog => StatusCode::NOT_FOUND,
            NotWitnessed::NotSigned | NotWitnessed::BadSignature => StatusCode::FORBIDDEN,
            NotWitnessed::OldSize => StatusCode::BAD_REQUEST,
            NotWitnessed::OtherSize(_)
            | NotWitnessed::EmptyRoot
            | NotWitnessed::ProofOfNothing
            | NotWitnessed::Inconsistent(_) => StatusCode::UNPROCESSABLE_ENTITY,
        },
        // What the clock or the disk says is for the operator, who reads it in the log.
        WitnessError::Clock(_) | WitnessError::NoTime | WitnessError::ClockBehind { .. } => {
            tracing::warn!(%error, "nothing is cosigned");
            return unavailable("the clock of this witness is not right; try again later\n");
        }
        WitnessError::Stopped(_) => {
            return unavailable("this witness cannot write; its operator has to start it anew\n");
        }
    };
    text(status, format!("{error}\n"))
}

fn unavailable(why: &'static str) -> Response {
    let headers = [(CONTENT_TYPE, HeaderValue::from_static(PLAIN)), (RETRY_AFTER, RETRY_SECONDS)];
    (StatusCode::SERVICE_UNAVAILABLE, headers, why).into_response()
}

fn text(status: StatusCode, body: String) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static(PLAIN))], body).into_response()
}
