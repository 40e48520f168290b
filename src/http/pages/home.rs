//! The first page.

use axum::extract::State;
use axum::response::Response;

use super::{EntryLine, Home, render};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::Charged;
use crate::http::state::App;
use crate::service::{EntryView, LookupError};
use crate::statement::membership::Outline;
use crate::wire::Problem;

/// How many entries the page shows.
const LATEST: usize = 5;
const LINK_HASH_DIGITS: usize = 32;

/// What this is, and the latest entries
#[utoipa::path(
    get, path = "/", tag = "pages",
    responses(
        (status = 200, description = "The first page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn home(_: Charged<{ cost::READ }>, State(app): State<App>) -> Result<Response, Failure> {
    let view = app.view()?;
    let latest = match view.newest(None, LATEST) {
        Ok(latest) => Some(latest.entries.iter().map(line).collect()),
        Err(LookupError::IndexBuilding) => None,
        Err(error) => return Err(error.into()),
    };
    render(&Home {
        frame: app.frame("onrecord: agreements, on the public record"),
        entries: latest,
        size: view.size(),
    })
}

/// An entry as the page shows it. What cannot be read, as with kinds that come later, is left out.
fn line(view: &EntryView) -> EntryLine {
    let payload = view.entry.envelope.payload();
    let outline = Outline::read(payload);
    let subjects = view.entry.links.subjects.iter().map(|(domain, _)| domain.as_str().to_owned());
    let mut leaf_hash = view.leaf_hash.to_hex();
    leaf_hash.truncate(LINK_HASH_DIGITS);
    EntryLine {
        index: view.entry.index,
        kind: outline.as_ref().map_or("statement", |outline| outline.kind()).to_owned(),
        subjects: subjects.collect(),
        title: title(view),
        imported_from: view.imported_from.as_ref().map(ToString::to_string),
        time: view.entry.time.to_millis(),
        signers: view.entry.links.signers.len(),
        leaf_hash,
    }
}

fn title(view: &EntryView) -> Option<String> {
    let word = view.words.iter().find(|word| word.name.as_deref() == Some("title"))?;
    word.value.as_ref()?.as_text().map(str::to_owned)
}
