//! Notices and what the operator decided.

use axum::extract::State;
use axum::response::Response;

use super::shapes;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Page, looking_up};
use crate::http::state::App;
use crate::wire::{EntryList, Problem};

/// Notices and decisions, newest first
#[utoipa::path(
    get, path = "/api/v1/moderation", operation_id = "list_moderation", tag = "read", params(Page),
    responses(
        (status = 200, description = "A page of entries of the kinds notice and moderation", body = EntryList),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    page: Page,
) -> Result<Response, Failure> {
    looking_up(move || {
        let view = app.view()?;
        let entries = view.moderation(page.cursor(), page.limit())?;
        answer::json(&shapes::list(&app, &view, &entries)?)
    })
    .await
}
