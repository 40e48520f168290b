//! Threads: an agreement and everything said about it since.

use axum::extract::State;
use axum::response::Response;

use super::listing::Listing;
use super::shapes;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::Listed;
use crate::statement::StatementId;
use crate::wire::{self, Problem, Thread, ThreadState};

/// An agreement and what was said about it
#[utoipa::path(
    get, path = "/api/v1/threads/{id}", operation_id = "read_thread", tag = "read",
    params(("id" = String, Path, description = "The id of the agreement's statement, sha256:…"), Listing),
    responses(
        (status = 200, description = "The state of the thread now, and its newest entries, oldest first", body = Thread),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn thread(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(id): Part<StatementId>,
    listing: Listing,
) -> Result<Response, Failure> {
    looking_up(move || answer::json(&read(&app, &id, &listing)?)).await
}

fn read(app: &App, id: &StatementId, listing: &Listing) -> Result<Thread, Failure> {
    let view = app.view()?;
    let unknown = || Failure::not_found("No agreement with this id and cursor is on record");
    let listed = view.list_thread(id, &listing.filter, listing.cursor(), listing.limit())?;
    let Listed { found: thread, looked_back_to } = listed.ok_or_else(unknown)?;
    let state = view.thread_state(id, app.ledger().now())?;
    let entries = thread.entries.iter().map(|entry| shapes::entry(app, entry));
    Ok(Thread {
        id: id.to_string(),
        index: thread.index,
        subjects: thread.subjects.iter().map(|domain| domain.as_str().to_owned()).collect(),
        signers: thread.signers.iter().map(|signer| signer.as_str().to_owned()).collect(),
        state: state.as_ref().map(ThreadState::from),
        entries: entries.collect::<Result<_, _>>()?,
        next: thread.next,
        meta: wire::Meta { looked_back_to, ..shapes::meta(&view) },
    })
}
