//! What a person sees instead of a page that cannot be shown. Programs get problems; a browser that
//! asked for a page gets a page, with the same status and in the reader's language.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::http::error::Failure;
use crate::http::state::App;
use crate::wire::Reason;

#[derive(Template)]
#[template(path = "failure.html", config = "src/http/pages/askama.toml")]
struct FailurePage {
    frame: Frame,
    reason: Reason,
    detail: String,
    title: Message,
    text: Message,
}

impl Page for FailurePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Shows the failures of what it is around as pages, but those of paths that end in `.json`.
pub async fn as_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let is_for_programs = parts.uri.path().ends_with(".json");
    let visit = Visit::of(&app, &parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    match response.extensions().get::<Failure>() {
        Some(failure) if !is_for_programs => as_page(&visit, failure.clone()),
        _ => response,
    }
}

/// Whether who asks would rather have a page than a problem.
pub fn is_for_people(headers: &HeaderMap) -> bool {
    let accepted = headers.get(ACCEPT).and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// The failure as a page.
pub fn as_page(visit: &Visit, failure: Failure) -> Response {
    let about = about(failure.reason());
    let (title, text) = (visit.say(format!("{about}title")), visit.say(format!("{about}text")));
    let page = FailurePage {
        frame: visit.frame(&title, &text).unlisted(),
        reason: failure.reason(),
        detail: failure.detail().to_owned(),
        title,
        text,
    };
    let problem = failure.into_response();
    let Ok(mut response) = render(&page) else { return problem };
    *response.status_mut() = problem.status();
    let headers = response.headers_mut();
    headers.remove(ETAG);
    for (name, value) in problem.headers() {
        if *name != CONTENT_TYPE && *name != CONTENT_LENGTH {
            headers.insert(name, value.clone());
        }
    }
    debug_assert!(headers.contains_key(CACHE_CONTROL));
    response
}

fn about(reason: Reason) -> &'static str {
    match reason {
        Reason::NotFound => "failure-not-found-",
        Reason::BadQuery => "failure-bad-query-",
        Reason::RateLimited => "failure-rate-limited-",
        Reason::Starting => "failure-starting-",
        // What a page conflicts with is the end of its ledger.
        Reason::ReadOnly | Reason::Conflict => "failure-read-only-",
        _ => "failure-other-",
    }
}
