//! `/live`: the newest entries, and a script that counts what is published meanwhile. Nothing is put under the reader's
//! eyes: whoever wants to see it has the page shown anew. Without a script there is a link for that.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry_line::EntryLine;
use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::encoding::domain::Domain;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, looking_up};
use crate::http::state::App;
use crate::service::live::{About, Filter};
use crate::service::{EntryView, LookupError, View};
use crate::statement::kind;

/// Entries on the page.
const SHOWN: usize = 20;
/// Entries that are looked at for those of a kind.
const LOOKED_AT: usize = 400;
const PIECE: usize = 100;

/// What is followed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// Only entries that name this domain.
    #[serde(default)]
    #[param(required = false)]
    domain: String,
    /// Only entries of this kind.
    #[serde(default)]
    #[param(required = false)]
    kind: String,
}

#[derive(Template)]
#[template(path = "live.html", config = "src/http/pages/askama.toml")]
struct LivePage {
    frame: Frame,
    domain: String,
    /// Every kind: its token, its name, and whether it is the one followed.
    kinds: Vec<(&'static str, Message, bool)>,
    entries: Vec<EntryLine>,
    /// The path of the stream that begins where the page ends.
    stream: String,
    /// This page, to have it shown anew.
    again: String,
    /// The path of the feeds of what is followed, but for their endings, where there are such feeds.
    feeds: Option<String>,
}

impl Page for LivePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The newest entries, as they come
#[utoipa::path(
    get, path = "/live", operation_id = "live_page", tag = "pages", params(Query),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn live(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Asked(asked): Asked<Query>,
    visit: Visit,
) -> Result<Response, Failure> {
    let filter = asked.filter()?;
    looking_up(move || {
        let view = app.view()?;
        let entries = newest(&view, &filter)?;
        render(&page(&visit, &view, &filter, &entries))
    })
    .await
}

impl Query {
    /// A form sends a field that was left empty too.
    fn filter(&self) -> Result<Filter, Failure> {
        let [domain, kind] = [&self.domain, &self.kind].map(|text| text.trim());
        let domain = match domain {
            "" => None,
            typed => Some(
                Domain::from_typed(typed)
                    .map_err(|_| Failure::bad_query("This is not a domain name."))?,
            ),
        };
        let kind = match kind {
            "" => None,
            name => {
                let unknown = || Failure::bad_query("There is no such kind of statement.");
                Some(kind::find(name).ok_or_else(unknown)?.name.to_owned())
            }
        };
        Ok(Filter { domain, kind, thread: None })
    }
}

/// The newest entries that pass, as far as they are among the newest there are.
fn newest(view: &View, filter: &Filter) -> Result<Vec<EntryView>, LookupError> {
    let (mut entries, mut cursor) = (Vec::new(), None);
    for _ in 0..LOOKED_AT / PIECE {
        let page = match &filter.domain {
            None => Some(view.newest(cursor, PIECE)?),
            Some(domain) => view.organization_entries(domain, cursor, PIECE)?,
        };
        let Some(page) = page else { break };
        entries.extend(page.entries.into_iter().filter(|entry| filter.takes(&About::of(entry))));
        cursor = page.next;
        if entries.len() >= SHOWN || cursor.is_none() {
            break;
        }
    }
    entries.truncate(SHOWN);
    Ok(entries)
}

fn page(visit: &Visit, view: &View, filter: &Filter, entries: &[EntryView]) -> LivePage {
    let domain = filter.domain.as_ref().map(ToString::to_string);
    let asked = [
        Some(format!("cursor={}", view.size())),
        domain.as_ref().map(|domain| format!("domain={domain}")),
        filter.kind.as_ref().map(|kind| format!("kind={kind}")),
    ];
    let asked: Vec<_> = asked.into_iter().flatten().collect();
    let feeds = match (&domain, &filter.kind) {
        (None, None) => Some("/feed".to_owned()),
        (Some(domain), None) if !entries.is_empty() => Some(format!("/o/{domain}/feed")),
        _ => None,
    };
    let mut frame = visit
        .frame(&visit.say("live-title"), &visit.say("live-description"))
        .script("pages/live.js")
        .strings_for_script("live-script-");
    if let Some(place) = &feeds {
        frame = frame.feeds(place);
    }
    if asked.len() > 1 {
        frame = frame.unlisted();
    }
    let is_chosen = |name: &str| filter.kind.as_deref() == Some(name);
    let kinds = kind::ALL.iter().map(|kind| kind.name);
    LivePage {
        kinds: kinds
            .map(|name| (name, visit.say(format!("kind-{name}")), is_chosen(name)))
            .collect(),
        entries: EntryLine::all(visit, entries),
        stream: format!("{}/api/v1/stream?{}", frame.root, asked.join("&")),
        again: frame.at_cursor(None),
        domain: domain.unwrap_or_default(),
        feeds,
        frame,
    }
}
