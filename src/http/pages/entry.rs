//! The page of one entry, whole without scripts: the words, who signed, what was agreed or said, where it
//! stands, and the checks that show it. The checks themselves are run by whoever reads, not here.

mod delivery;
mod facts;
mod links;
mod said;
mod words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry_link::EntryLink;
use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::entry::file_name;
use crate::http::answer::{self, BUNDLE, JSON};
use crate::http::api::shapes;
use crate::http::embed::oembed::{self, OEMBED};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, View};
use crate::wire::{Entry, Leaf};
use facts::Fact;

pub use links::EntryLinks;
pub use said::{Promise, Said};
pub use words::label;

/// The checks of an entry, in the order in which each rests on those before it.
const CHECKS: [&str; 7] =
    ["statement", "signature", "key", "disclosures", "inclusion", "log_signature", "prev"];

#[derive(Template)]
#[template(path = "entry.html", config = "src/http/pages/askama.toml")]
struct EntryPage {
    frame: Frame,
    said: Said,
    /// The path of the page of its thread.
    thread: Option<String>,
    /// The chains it joins, and its delivery to those it is about.
    chains: Vec<Fact>,
    checks: [(&'static str, Message, Message); CHECKS.len()],
    id: String,
    leaf_hash: String,
    statement: Option<String>,
    /// The links of its leaf.
    hashes: Option<String>,
    checkpoint_size: u64,
    bundle_name: String,
}

impl Page for EntryPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// One entry, for people
#[utoipa::path(
    get, path = "/e/{entry}", operation_id = "entry_page", tag = "pages",
    params(("entry" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash>; with .json at its end, the entry as the API gives it")),
    responses(
        (status = 200, description = "The page", content((String = "text/html; charset=utf-8"), (Entry = "application/json"))),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn entry(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(name): Part<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let (name, is_json) =
            name.strip_suffix(".json").map_or((&*name, false), |name| (name, true));
        let unknown = || Failure::not_found("No entry has this number and this hash");
        let view = app.view()?;
        let found = EntryLink::find(name, &view)?.ok_or_else(unknown)?;
        if is_json {
            return answer::json(&shapes::entry_at(&app, &view, &found)?);
        }
        render(&entry_page(&visit, &view, &found)?)
    })
    .await
}

fn entry_page(visit: &Visit, view: &View, entry: &EntryView) -> Result<EntryPage, Failure> {
    let others = EntryLinks::look_up(view, entry)?;
    let mut said = Said::new(visit, entry, &others);
    if let Some(thread) = &entry.thread {
        let state = view.thread_state(thread, visit.app().ledger().now())?;
        said.replies = Said::replies(visit, view, entry, state.as_ref())?;
    }
    let shown = entry.withheld.is_none();
    let chains = others.chains(visit, entry).into_iter();
    Ok(EntryPage {
        frame: frame(visit, &said),
        said,
        thread: others.opening(entry).map(|opening| opening.thread_path()),
        chains: chains.chain(delivery::rows(visit, entry)).collect(),
        checks: CHECKS.map(|name| {
            let meaning = visit.say(format!("check-meaning-{name}"));
            (name, visit.say(format!("check-name-{name}")), meaning)
        }),
        id: entry.entry.envelope.id().to_string(),
        leaf_hash: entry.leaf_hash.to_hex(),
        statement: shown.then(|| pretty(entry.entry.envelope.payload())).flatten(),
        hashes: serde_json::from_slice(&entry.leaf)
            .ok()
            .and_then(|leaf: Leaf<'_>| pretty(leaf.links.get().as_bytes())),
        checkpoint_size: view.size(),
        bundle_name: file_name(visit.app().ledger().origin().as_str(), entry.entry.index),
    })
}

fn frame(visit: &Visit, said: &Said) -> Frame {
    let heading = said.public_title().map_or_else(|| said.kind.text(), str::to_owned);
    let title = visit.say("entry-title").with("index", said.index).with("heading", heading);
    let description = match &said.subjects {
        Some(subjects) => visit.say("entry-description-with").with("subjects", subjects.clone()),
        None => visit.say("entry-description"),
    };
    let page = format!("{}{}", visit.app().public_url(), said.link.path());
    let frame = visit
        .frame(&title, &description.with("kind", said.kind.unmarked()))
        .alternate(JSON, &format!("{}.json", said.link.path()));
    if said.withheld.is_some() {
        // Nothing is shown that could be checked or embedded.
        return frame;
    }
    frame
        .alternate(BUNDLE, &format!("/api/v1/entries/{}/bundle", said.index))
        .alternate(OEMBED, &oembed::path(&page))
        .script("pages/entry.js")
        .strings_for_script("result-")
        .strings_for_script("checks-")
        .strings_for_script("check-failed-")
        .strings_for_script("trust-")
        .strings_for_script("list-separator")
}

/// JSON over several lines. It is shown, never checked, in this form.
fn pretty(json: &[u8]) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(json).ok()?;
    serde_json::to_string_pretty(&value).ok()
}
