//! The transparency log: checkpoint, tiles and the policy to verify them with (C2SP tlog-tiles,
//! tlog-checkpoint, tlog-policy). Nothing beyond the newest published checkpoint exists here.

use axum::extract::State;
use axum::response::Response;

use super::Octets;
use crate::http::answer::{self, TEXT, TILE};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part};
use crate::http::state::App;
use crate::tlog::{TilePath, VerifierKey};
use crate::wire::Problem;

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

/// The policy of a ledger that no witness watches: its key, and no quorum.
pub fn policy_without_witnesses(key: &VerifierKey) -> String {
    format!("log {key}\nquorum none\n")
}
