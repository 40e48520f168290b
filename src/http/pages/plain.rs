//! Pages without lookups: what a problem means, and the files that pages need.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::{Frame, Page, Visit, render};
use crate::http::answer;
use crate::http::api::Octets;
use crate::http::embed::{EVERY_SITE, RESOURCE_POLICY};
use crate::http::error::{Failure, status};
use crate::http::limits::cost;
use crate::http::request::{Charged, Part};
use crate::http::state::App;
use crate::wire::{Problem, Reason};

/// The page that explains a reason. What it says of it is the API's English.
#[derive(Template)]
#[template(path = "problem.html", config = "src/http/pages/askama.toml")]
struct ProblemPage {
    frame: Frame,
    reason: Reason,
    status: StatusCode,
}

impl Page for ProblemPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What a problem means and what to do next
#[utoipa::path(
    get, path = "/problems/{reason}", tag = "pages",
    params(("reason" = String, Path, description = "The last part of a problem's type")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn problem(
    _: Charged<{ cost::READ }>,
    Part(token): Part<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let unknown = || Failure::not_found("No problem has this name");
    let reason = Reason::from_token(&token).ok_or_else(unknown)?;
    let title = visit.say("problem-title").with("title", reason.title());
    let description = visit.say("problem-description").with("reason", reason.token());
    render(&ProblemPage {
        frame: visit.frame(&title, &description),
        reason,
        status: status(reason),
    })
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
    let mut response = answer::forever(asset.content_type, asset.bytes);
    // A card in a frame without an origin is, to its own files, another site.
    response.headers_mut().insert(RESOURCE_POLICY, EVERY_SITE);
    Ok(response)
}
