//! The page of moderation: every notice and every decision of the operator about words and entries, newest
//! first. What they are about is linked, never quoted.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry::{EntryLinks, Said};
use super::{Frame, Page, Visit, render};
use crate::http::answer::JSON;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, Cursor, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, LookupError};

/// Entries on a page.
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "moderation.html", config = "src/http/pages/askama.toml")]
struct ModerationPage {
    frame: Frame,
    entries: Vec<Said>,
    older: Option<String>,
    /// The page with the newest entries, when it is not this one.
    first: Option<String>,
}

impl Page for ModerationPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Notices and the operator's decisions, for people
#[utoipa::path(
    get, path = "/moderation", operation_id = "moderation_page", tag = "pages", params(Cursor),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn moderation(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Asked(Cursor { cursor }): Asked<Cursor>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let view = app.view()?;
        let page = view.moderation(cursor, ENTRIES)?;
        let said = |entry: &EntryView| -> Result<Said, LookupError> {
            Ok(Said::new(&visit, entry, &EntryLinks::look_up(&view, entry)?))
        };
        let title = visit.say("moderation-title");
        let frame = visit
            .frame(&title, &visit.say("moderation-description"))
            .alternate(JSON, "/api/v1/moderation");
        render(&ModerationPage {
            entries: page.entries.iter().map(said).collect::<Result<_, _>>()?,
            older: page.next.map(|next| frame.at_cursor(Some(next))),
            first: cursor.is_some().then(|| frame.at_cursor(None)),
            frame,
        })
    })
    .await
}
