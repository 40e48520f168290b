//! The transparency log: checkpoint, tiles and the policy to verify them with (C2SP tlog-tiles,
//! tlog-checkpoint, tlog-policy). Nothing beyond the newest published checkpoint exists here.

use axum::extract::State;
use axum::response::Response;

use super::{Octets, shapes};
use crate::http::answer::{self, BUNDLE, TEXT, TILE};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part};
use crate::http::state::App;
use crate::tlog::{TilePath, VerifierKey};
use crate::wire::{Bundle, Problem};

/// The newest checkpoint that met the quorum of the ledger's policy, or the newest signed where it asks for none
#[utoipa::path(
    get, path = "/checkpoint", tag = "log",
    responses(
        (status = 200, description = "A signed note", body = String, content_type = "text/plain; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn checkpoint(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
) -> Result<Response, Failure> {
    Ok(answer::for_now(TEXT, app.announced()?.checkpoint()))
}

/// A tile: hashes of one level of the tree, or entries
#[utoipa::path(
    get, path = "/tile/{*path}", tag = "log",
    params(("path" = String, Path, description = "<level>/<N>[.p/<W>] or entries/<N>[.p/<W>], as C2SP tlog-tiles writes them")),
    responses(
        (status = 200, description = "The tile", body = Octets, content_type = "application/octet-stream"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn tile(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(path): Part<String>,
) -> Result<Response, Failure> {
    let none = || Failure::not_found("The newest published checkpoint has no such tile");
    let path: TilePath = format!("tile/{path}").parse().map_err(|_| none())?;
    let bytes = app.view()?.tile(&path)?.ok_or_else(none)?;
    Ok(answer::forever(TILE, bytes))
}

/// The policy to verify this ledger with
#[utoipa::path(
    get, path = "/log.policy", tag = "log",
    responses(
        (status = 200, description = "A C2SP tlog-policy", body = String, content_type = "text/plain; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn policy(_: Charged<{ cost::READ }>, State(app): State<App>) -> Response {
    answer::for_now(TEXT, app.policy())
}

/// The entry that named the log's keys last
///
/// Who believes one of them verifies it, and believes the others from then on.
#[utoipa::path(
    get, path = "/api/v1/log-keys", tag = "log",
    responses(
        (status = 200, description = "The bundle of the newest `log_keys`", body = Bundle, content_type = "application/vnd.onrecord.bundle.v1+json"),
        (status = "default", description = "A problem; `not_found` where the first key still is the only one", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn log_keys(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
) -> Result<Response, Failure> {
    let view = app.view()?;
    let none = || Failure::not_found("No entry names the log's keys");
    let index = view.log_keys()?.ok_or_else(none)?;
    shapes::expect_shown(&view.entry(index)?.ok_or_else(none)?)?;
    let bundle = view.bundle(index)?.ok_or_else(none)?;
    Ok(answer::for_now(BUNDLE, bundle.to_json()))
}

/// The policy of a ledger that no witness watches: its keys, and no quorum.
pub fn policy_without_witnesses(keys: &[VerifierKey]) -> String {
    let logs: String = keys.iter().map(log_line).collect();
    format!("{logs}quorum none\n")
}

/// The line of a policy that names a key of a log.
pub fn log_line(key: &VerifierKey) -> String {
    format!("log {key}\n")
}
