//! The first page: what this is, the latest entries, and how to begin.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry_line::EntryLine;
use super::{Frame, Page, Visit, render};
use crate::http::answer::JSON;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, looking_up};
use crate::http::state::App;
use crate::service::LookupError;

/// How many entries the page shows.
const LATEST: usize = 5;

#[derive(Template)]
#[template(path = "home.html", config = "src/http/pages/askama.toml")]
struct Home {
    frame: Frame,
    /// The latest entries, newest first. None while they cannot be looked up.
    entries: Option<Vec<EntryLine>>,
    /// How many entries there are in all.
    size: u64,
}

impl Page for Home {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What this is, and the latest entries
#[utoipa::path(
    get, path = "/", tag = "pages",
    responses(
        (status = 200, description = "The first page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn home(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let view = app.view()?;
        let latest = match view.newest(None, LATEST) {
            Ok(latest) => Some(EntryLine::all(&visit, &latest.entries)),
            Err(LookupError::IndexBuilding) => None,
            Err(error) => return Err(error.into()),
        };
        let frame = visit.frame(&visit.say("home-title"), &visit.say("home-lead"));
        let frame = frame.alternate(JSON, "/api/v1/entries").feeds("/feed");
        render(&Home { frame, entries: latest, size: view.size() })
    })
    .await
}
