//! The first page: what this is, the latest entries, and how to begin.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry_link::EntryLink;
use super::strings::Message;
use super::{Frame, Page, Visit, kind_name, render};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, LookupError};

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

/// An entry, in a list on a page.
struct EntryLine {
    index: u64,
    path: String,
    kind: Message,
    /// The organizations it names.
    subjects: Option<String>,
    /// Its title, when it has a public one.
    title: Option<String>,
    imported_from: Option<String>,
    time: String,
    /// How many keys signed it.
    signers: usize,
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
            Ok(latest) => Some(latest.entries.iter().map(|entry| line(&visit, entry)).collect()),
            Err(LookupError::IndexBuilding) => None,
            Err(error) => return Err(error.into()),
        };
        let frame = visit.frame(&visit.say("home-title"), &visit.say("home-lead"));
        render(&Home { frame, entries: latest, size: view.size() })
    })
    .await
}

/// An entry as the page shows it. What cannot be read, as with kinds that come later, is left out.
fn line(visit: &Visit, view: &EntryView) -> EntryLine {
    let subjects = view.entry.links.subjects.iter().map(|(domain, _)| domain.as_str());
    let subjects = subjects.collect::<Vec<_>>().join(&visit.say("list-separator").text());
    EntryLine {
        index: view.entry.index,
        path: EntryLink::of(view).path(),
        kind: kind_name(visit, view),
        subjects: (!subjects.is_empty()).then_some(subjects),
        title: title(view),
        imported_from: view.imported_from.as_ref().map(ToString::to_string),
        time: view.entry.time.to_millis(),
        signers: view.entry.links.signers.len(),
    }
}

fn title(view: &EntryView) -> Option<String> {
    let word = view.words.iter().find(|word| word.name.as_deref() == Some("title"))?;
    word.value.as_ref()?.as_text().map(str::to_owned)
}
