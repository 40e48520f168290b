//! Search: one text that names an entry, an organization, or words of public titles.

use axum::extract::State;
use axum::response::Response;

use super::shapes;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Search, looking_up};
use crate::http::state::App;
use crate::service::FoundBy;
use crate::wire::{self, Problem, SearchResult};

/// Entries by number, hash, statement, domain or words of public titles
///
/// The query is taken as the first of these that something on record answers to; a domain gives the entries
/// about it. Of words, all have to be in the title, whatever their case and accents, and the last, from two
/// characters on, may be the beginning of a longer one.
#[utoipa::path(
    get, path = "/api/v1/search", operation_id = "search", tag = "read", params(Search),
    responses(
        (status = 200, description = "What was found, newest first", body = SearchResult),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn search(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    search: Search,
) -> Result<Response, Failure> {
    looking_up(move || answer::json(&read(&app, &search)?)).await
}

fn read(app: &App, search: &Search) -> Result<SearchResult, Failure> {
    let (view, page) = (app.view()?, search.page());
    let found = view.search(search.query(), page.cursor(), page.limit())?;
    let (found_by, domain) = match found.by {
        FoundBy::EntryNumber => (wire::FoundBy::EntryNumber, None),
        FoundBy::Link => (wire::FoundBy::Link, None),
        FoundBy::LeafHash => (wire::FoundBy::LeafHash, None),
        FoundBy::StatementId => (wire::FoundBy::StatementId, None),
        FoundBy::Domain(domain) => (wire::FoundBy::Domain, Some(domain.to_string())),
        FoundBy::Words => (wire::FoundBy::Words, None),
    };
    let list = shapes::list(app, &view, &found.page)?;
    Ok(SearchResult { found_by, domain, entries: list.entries, next: list.next, meta: list.meta })
}
