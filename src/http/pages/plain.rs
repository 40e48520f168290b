//! Pages without lookups: what a problem means, and the files that pages need.

use axum::extract::State;
use axum::response::Response;

use crate::http::answer;
use crate::http::api::Octets;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part};
use crate::http::state::App;
use crate::wire::{Problem, Reason};

/// What a problem means and what to do next
#[utoipa::path(
    get, path = "/problems/{reason}", tag = "pages",
    params(("reason" = String, Path, description = "The last part of a problem's type")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn problem(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(token): Part<String>,
) -> Result<Response, Failure> {
    let unknown = || Failure::not_found("No problem has this name");
    let reason = Reason::from_token(&token).ok_or_else(unknown)?;
    super::problem(app.frame(reason.title()), reason)
}

/// A file that pages need
#[utoipa::path(
    get, path = "/assets/{*path}", tag = "pages",
    params(("path" = String, Path, description = "<hash of the set>/<name>")),
    responses(
        (status = 200, description = "The file", body = Octets, content_type = "*/*"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn asset(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(path): Part<String>,
) -> Result<Response, Failure> {
    let asset = app.assets().find(&path).ok_or_else(|| Failure::not_found("No such file"))?;
    Ok(answer::forever(asset.content_type, asset.bytes))
}
