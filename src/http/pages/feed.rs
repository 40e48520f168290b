//! Feeds of the ledger, an organization and a thread: the newest entries as Atom (RFC 4287) and as JSON Feed 1.1. Only
//! words that are public when it is asked for; nothing is kept, so that an erased word is in no later answer.

mod item;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::Response;

use super::Visit;
use super::entry_link::EntryLink;
use super::strings::Message;
use crate::encoding::domain::Domain;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, View};
use crate::wire::{self, FeedAuthor, Problem, Reason};
use item::Item;

/// Entries of a feed.
const ENTRIES: usize = 50;
/// The type of an Atom feed.
pub const ATOM: &str = "application/atom+xml";
/// The type of a JSON Feed.
pub const JSON_FEED: &str = "application/feed+json";
const JSON_FEED_VERSION: &str = "https://jsonfeed.org/version/1.1";
const UTF_8_ATOM: &str = "application/atom+xml; charset=utf-8";

#[derive(Template)]
#[template(path = "feed.xml", config = "src/http/pages/askama.toml")]
struct Atom<'a> {
    feed: &'a Feed,
}

/// What a feed is of, and its entries.
struct Feed {
    title: String,
    language: &'static str,
    origin: String,
    public_url: String,
    /// The page of the same.
    page: String,
    /// Where the feed is, but for the ending.
    place: String,
    /// When the newest entry was admitted, else when the ledger's was.
    updated: String,
    items: Vec<Item>,
}

#[derive(Clone, Copy)]
enum Format {
    Atom,
    Json,
}

/// The newest entries, as Atom
#[utoipa::path(
    get, path = "/feed.atom", operation_id = "feed_atom", tag = "read",
    params(("lang" = Option<String>, Query, description = "en, es or ar: the language of titles and labels")),
    responses(
        (status = 200, description = "The feed", body = String, content_type = "application/atom+xml; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ledger_atom(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    parts: Parts,
) -> Result<Response, Failure> {
    ledger(app, parts, Format::Atom).await
}

/// The newest entries, as JSON Feed
#[utoipa::path(
    get, path = "/feed.json", operation_id = "feed_json", tag = "read",
    params(("lang" = Option<String>, Query, description = "en, es or ar: the language of titles and labels")),
    responses(
        (status = 200, description = "The feed", body = wire::Feed, content_type = "application/feed+json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn ledger_json(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    parts: Parts,
) -> Result<Response, Failure> {
    ledger(app, parts, Format::Json).await
}

/// A domain's newest entries, as Atom
#[utoipa::path(
    get, path = "/o/{domain}/feed.atom", operation_id = "organization_feed_atom", tag = "read",
    params(
        ("domain" = String, Path, description = "The domain name, in lower-case ASCII"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of titles and labels"),
    ),
    responses(
        (status = 200, description = "The feed", body = String, content_type = "application/atom+xml; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organization_atom(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
    parts: Parts,
) -> Result<Response, Failure> {
    organization(app, parts, domain, Format::Atom).await
}

/// A domain's newest entries, as JSON Feed
#[utoipa::path(
    get, path = "/o/{domain}/feed.json", operation_id = "organization_feed_json", tag = "read",
    params(
        ("domain" = String, Path, description = "The domain name, in lower-case ASCII"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of titles and labels"),
    ),
    responses(
        (status = 200, description = "The feed", body = wire::Feed, content_type = "application/feed+json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organization_json(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
    parts: Parts,
) -> Result<Response, Failure> {
    organization(app, parts, domain, Format::Json).await
}

/// The newest entries of a thread, as Atom
#[utoipa::path(
    get, path = "/t/{agreement}/feed.atom", operation_id = "thread_feed_atom", tag = "read",
    params(
        ("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of titles and labels"),
    ),
    responses(
        (status = 200, description = "The feed", body = String, content_type = "application/atom+xml; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn thread_atom(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    parts: Parts,
) -> Result<Response, Failure> {
    thread(app, parts, name, Format::Atom).await
}

/// The newest entries of a thread, as JSON Feed
#[utoipa::path(
    get, path = "/t/{agreement}/feed.json", operation_id = "thread_feed_json", tag = "read",
    params(
        ("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of titles and labels"),
    ),
    responses(
        (status = 200, description = "The feed", body = wire::Feed, content_type = "application/feed+json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn thread_json(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    parts: Parts,
) -> Result<Response, Failure> {
    thread(app, parts, name, Format::Json).await
}

async fn ledger(app: App, parts: Parts, format: Format) -> Result<Response, Failure> {
    looking_up(move || {
        let (visit, view) = (Visit::by_address(&app, &parts), app.view()?);
        let title = visit.say("feed-of-ledger").with("origin", app.ledger().origin().to_string());
        let entries = view.newest(None, ENTRIES)?.entries;
        feed(&visit, &view, &title, "/", "/feed", &entries)?.answer(format)
    })
    .await
}

async fn organization(
    app: App,
    parts: Parts,
    domain: Domain,
    format: Format,
) -> Result<Response, Failure> {
    looking_up(move || {
        let (visit, view) = (Visit::by_address(&app, &parts), app.view()?);
        let title = visit.say("feed-of-organization").with("domain", domain.to_string());
        let page = view.organization_entries(&domain, None, ENTRIES)?;
        let unknown = || Failure::not_found(&format!("Nothing is on record about {domain}"));
        let (entries, path) = (page.ok_or_else(unknown)?.entries, format!("/o/{domain}"));
        feed(&visit, &view, &title, &path, &format!("{path}/feed"), &entries)?.answer(format)
    })
    .await
}

async fn thread(app: App, parts: Parts, name: String, format: Format) -> Result<Response, Failure> {
    looking_up(move || {
        let (visit, view) = (Visit::by_address(&app, &parts), app.view()?);
        let unknown = || Failure::not_found("No agreement has this number and this hash");
        let agreement = EntryLink::find(&name, &view)?.ok_or_else(unknown)?;
        let id = agreement.entry.envelope.id();
        let thread = view.thread(&id, None, ENTRIES)?.ok_or_else(unknown)?;
        let subject = super::subject_names(&visit, &agreement).unwrap_or_default();
        let title =
            visit.say("feed-of-thread").with("index", thread.index).with("subjects", subject);
        let entries: Vec<_> = thread.entries.into_iter().rev().collect();
        let path = EntryLink::of(&agreement).thread_path();
        feed(&visit, &view, &title, &path, &format!("{path}/feed"), &entries)?.answer(format)
    })
    .await
}

fn feed(
    visit: &Visit,
    view: &View,
    title: &Message,
    page: &str,
    place: &str,
    entries: &[EntryView],
) -> Result<Feed, Failure> {
    let public_url = visit.app().public_url().to_owned();
    let items = entries.iter().map(|entry| Item::new(visit, view, entry, &public_url));
    let newest = entries.first().map_or(view.as_of(), |entry| entry.entry.time);
    Ok(Feed {
        title: title.plain(),
        language: visit.language().tag(),
        origin: visit.app().ledger().origin().to_string(),
        page: format!("{public_url}{page}"),
        place: format!("{public_url}{place}"),
        updated: newest.to_millis(),
        items: items.collect::<Result<_, _>>()?,
        public_url,
    })
}

impl Feed {
    fn answer(self, format: Format) -> Result<Response, Failure> {
        let language = HeaderValue::from_static(self.language);
        let mut response = match format {
            Format::Atom => answer::for_now(UTF_8_ATOM, self.atom()?),
            Format::Json => answer::for_now(JSON_FEED, self.json()?),
        };
        response.headers_mut().insert(CONTENT_LANGUAGE, language);
        Ok(response)
    }

    fn atom(&self) -> Result<String, Failure> {
        Atom { feed: self }.render().map_err(|error| not_written(&error))
    }

    fn json(self) -> Result<Vec<u8>, Failure> {
        let feed = wire::Feed {
            version: JSON_FEED_VERSION.to_owned(),
            title: self.title,
            home_page_url: self.page,
            feed_url: format!("{}.json", self.place),
            language: self.language.to_owned(),
            authors: vec![FeedAuthor { name: self.origin, url: self.public_url }],
            items: self.items.into_iter().map(Item::into_wire).collect(),
        };
        serde_json::to_vec(&feed).map_err(|error| not_written(&error))
    }
}

fn not_written(error: &dyn std::fmt::Display) -> Failure {
    tracing::error!(%error, "a feed could not be written");
    Failure::new(Reason::Internal, "The feed could not be written.")
}
