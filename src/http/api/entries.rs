//! Entries: lists, single ones by index or statement id, what to keep of them, and proofs.

use axum::extract::State;
use axum::response::Response;

use super::listing::Listing;
use super::shapes;
use crate::http::answer::{self, BUNDLE, TEXT};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::statement::StatementId;
use crate::wire::{Bundle, Entry, EntryList, Problem};

/// Entries, newest first
#[utoipa::path(
    get, path = "/api/v1/entries", operation_id = "list_entries", tag = "read", params(Listing),
    responses(
        (status = 200, description = "A page of entries", body = EntryList),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    listing: Listing,
) -> Result<Response, Failure> {
    looking_up(move || {
        let view = app.view()?;
        let listed = view.list(&listing.filter, listing.cursor(), listing.limit())?;
        answer::json(&shapes::listed(&app, &view, &listed)?)
    })
    .await
}

/// One entry
#[utoipa::path(
    get, path = "/api/v1/entries/{index}", operation_id = "read_entry", tag = "read",
    params(("index" = u64, Path, description = "Its place in the ledger, from 0")),
    responses(
        (status = 200, description = "The entry", body = Entry),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn entry(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(index): Part<u64>,
) -> Result<Response, Failure> {
    let view = app.view()?;
    let entry = view.entry(index)?.ok_or_else(|| no_entry(index))?;
    answer::json(&shapes::entry_at(&app, &view, &entry)?)
}

/// What a person keeps of an entry
#[utoipa::path(
    get, path = "/api/v1/entries/{index}/bundle", operation_id = "read_bundle", tag = "read",
    params(("index" = u64, Path, description = "Its place in the ledger, from 0")),
    responses(
        (status = 200, description = "The bundle, with the words that are public now", body = Bundle, content_type = "application/vnd.onrecord.bundle.v1+json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn bundle(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(index): Part<u64>,
) -> Result<Response, Failure> {
    let view = app.view()?;
    shapes::expect_shown(&view.entry(index)?.ok_or_else(|| no_entry(index))?)?;
    let bundle = view.bundle(index)?.ok_or_else(|| no_entry(index))?;
    Ok(answer::for_now(BUNDLE, bundle.to_json()))
}

/// That an entry is in the ledger
#[utoipa::path(
    get, path = "/api/v1/entries/{index}/proof", operation_id = "read_proof", tag = "read",
    params(("index" = u64, Path, description = "Its place in the ledger, from 0")),
    responses(
        (status = 200, description = "A C2SP tlog-proof", body = String, content_type = "text/plain; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn proof(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(index): Part<u64>,
) -> Result<Response, Failure> {
    let proof = app.view()?.proof(index)?.ok_or_else(|| no_entry(index))?;
    Ok(answer::for_now(TEXT, proof.to_string()))
}

/// The entry of a statement
#[utoipa::path(
    get, path = "/api/v1/statements/{id}", operation_id = "read_entry_of_statement", tag = "read",
    params(("id" = String, Path, description = "The statement's id, sha256:…")),
    responses(
        (status = 200, description = "The entry", body = Entry),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn by_statement(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(id): Part<StatementId>,
) -> Result<Response, Failure> {
    let view = app.view()?;
    let unknown = || Failure::not_found("No statement with this id is on record");
    let index = view.find(&id)?.ok_or_else(unknown)?;
    let entry = view.entry(index)?.ok_or_else(unknown)?;
    answer::json(&shapes::entry_at(&app, &view, &entry)?)
}

fn no_entry(index: u64) -> Failure {
    Failure::not_found(&format!("The newest published checkpoint covers no entry {index}"))
}
