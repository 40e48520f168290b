//! What the search box leads to: the page of what a query names, or the entries whose public titles have its
//! words.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry_line::EntryLine;
use super::entry_link::EntryLink;
use super::{Frame, Page, Visit, lead_to, render};
use crate::encoding::domain::Domain;
use crate::http::answer::JSON;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, QUERY_LENGTH_MAX, looking_up};
use crate::http::state::App;
use crate::service::{Found, FoundBy, LookupError, View};

/// Entries on a page of results.
const RESULTS: usize = 20;
/// How long a browser should wait before it asks a search again that is being built.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// What is searched.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// An entry's number, link, leaf hash (64 or 32 digits) or statement id, a domain, or words of titles.
    #[serde(default)]
    #[param(max_length = 256)]
    q: String,
    /// Index of the newest entry wanted; the newest there is when left out.
    cursor: Option<u64>,
}

#[derive(Template)]
#[template(path = "search.html", config = "src/http/pages/askama.toml")]
struct SearchPage {
    frame: Frame,
    query: String,
    results: Results,
}

/// What there is to show.
enum Results {
    /// Nothing was asked.
    Nothing,
    /// Titles were not read yet: how many of how many entries were.
    Building { done: u64, of: u64 },
    /// Entries whose titles have the words, and where the next page is.
    Entries { lines: Vec<EntryLine>, older: Option<String> },
}

impl Page for SearchPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What the search box finds
///
/// A query that names an entry or an organization leads to its page.
#[utoipa::path(
    get, path = "/search", operation_id = "search_page", tag = "pages", params(Query),
    responses(
        (status = 200, description = "Entries whose titles have the words", body = String, content_type = "text/html; charset=utf-8"),
        (status = 303, description = "The page of what the query names"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn search(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Asked(asked): Asked<Query>,
    visit: Visit,
) -> Result<Response, Failure> {
    if asked.q.chars().count() > QUERY_LENGTH_MAX {
        return Err(Failure::bad_query("q has at most 256 characters."));
    }
    looking_up(move || answer(&visit, &app.view()?, &asked)).await
}

fn answer(visit: &Visit, view: &View, asked: &Query) -> Result<Response, Failure> {
    let query = asked.q.trim();
    if query.is_empty() {
        return render(&page(visit, query, |_| Results::Nothing));
    }
    let found = match view.search(query, asked.cursor, RESULTS) {
        Ok(found) => found,
        Err(LookupError::SearchBuilding { done, of }) => {
            let mut response = render(&page(visit, query, |_| Results::Building { done, of }))?;
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response.headers_mut().insert(RETRY_AFTER, RETRY_SECONDS);
            return Ok(response);
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(path) = named(&found, query) {
        return Ok(lead_to(&visit.link(&path)));
    }
    render(&page(visit, query, |frame| Results::Entries {
        lines: EntryLine::all(visit, &found.page.entries),
        older: found.page.next.map(|next| frame.at_cursor(Some(next))),
    }))
}

/// The path of the page of what the query names, if it names something and not words alone. A domain that
/// nothing on record names has a page too, which says so.
fn named(found: &Found, query: &str) -> Option<String> {
    match &found.by {
        FoundBy::Domain(domain) => Some(format!("/o/{domain}")),
        FoundBy::Words if found.page.entries.is_empty() => {
            Domain::from_typed(query).ok().map(|domain| format!("/o/{domain}"))
        }
        FoundBy::Words => None,
        FoundBy::EntryNumber | FoundBy::Link | FoundBy::LeafHash | FoundBy::StatementId => {
            found.page.entries.first().map(|entry| EntryLink::of(entry).path())
        }
    }
}

fn page(visit: &Visit, query: &str, results: impl FnOnce(&Frame) -> Results) -> SearchPage {
    let title = match query {
        "" => visit.say("search-heading"),
        query => visit.say("search-title").with("query", query.to_owned()),
    };
    let mut frame = visit.frame(&title, &visit.say("search-description")).unlisted();
    if !query.is_empty() {
        let path = format!("/api/v1{}", frame.address());
        frame = frame.alternate(JSON, &path);
    }
    SearchPage { results: results(&frame), frame, query: query.to_owned() }
}
