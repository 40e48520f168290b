//! The card of an entry, a thread or an organization: a small page for a frame on any other site. It says what it is of,
//! and its script runs the checks of the entry in the visitor's browser: of a thread those of its agreement, of an
//! organization those of the newest entry that names it. It works in a frame without an origin and without scripts; then it says that
//! nothing was checked, and the link to the entry is there.

use askama::Template;
use axum::extract::State;
use axum::http::header::{CONTENT_SECURITY_POLICY, ETAG, VARY};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse as _, Response};

use super::counts::Counted;
use super::shown::{Of, Shown};
use super::{Embedded, element};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::pages::entry::{EntryLinks, Said};
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::strings::Message;
use crate::http::pages::{
    CSP, Frame, OPENER_POLICY, Page, Visit, kind_name, render, subject_names,
};
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, View};
use crate::wire::Reason;

/// What a document lets in whose parts must all allow it, so that it may stand in one that asks for the same.
const EMBEDDER_POLICY: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");
const REQUIRE: HeaderValue = HeaderValue::from_static("require-corp");
/// Characters of a title: a frame does not grow with what is in it.
const TITLE_LENGTH_MAX: usize = 140;

#[derive(Template)]
#[template(path = "card.html", config = "src/http/embed/askama.toml")]
struct Card {
    frame: Frame,
    link: EntryLink,
    index: u64,
    kind: Message,
    subjects: Option<String>,
    title: Option<String>,
    is_cut: bool,
    /// The language that the signers say the title is in.
    language: Option<String>,
    time: String,
}

impl Page for Card {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The card of a thread or an organization.
#[derive(Template)]
#[template(path = "card_counts.html", config = "src/http/embed/askama.toml")]
struct CountsCard {
    frame: Frame,
    title: Message,
    /// What the ledger says of it now.
    text: String,
    /// The agreement of a thread; of an organization the ledger names the entry that is checked.
    link: Option<EntryLink>,
    /// The path of its badge as JSON, without a slash at its beginning.
    badge: String,
    page: String,
}

impl Page for CountsCard {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What a frame shows when there is no such entry, or it cannot be shown: a page of its own kind, since one of the
/// others may not stand in a frame.
#[derive(Template)]
#[template(path = "card_missing.html", config = "src/http/embed/askama.toml")]
struct Missing {
    frame: Frame,
    title: Message,
    text: Message,
}

impl Page for Missing {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The card of an entry, for a frame on another site
#[utoipa::path(
    get, path = "/embed/{entry}", operation_id = "card", tag = "embed",
    params(
        ("entry" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash>"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of the card"),
    ),
    responses(
        (status = 200, description = "The card", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A card that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn card(
    charged: Result<Charged<{ cost::READ }>, Failure>,
    State(app): State<App>,
    Part(name): Part<String>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    looking_up(move || card_of(charged, &app, &visit, Of::Entry, &name)).await
}

/// The card of a thread, for a frame on another site
#[utoipa::path(
    get, path = "/embed/t/{agreement}", operation_id = "thread_card", tag = "embed",
    params(
        ("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of the card"),
    ),
    responses(
        (status = 200, description = "The card", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A card that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn thread_card(
    charged: Result<Charged<{ cost::READ }>, Failure>,
    State(app): State<App>,
    Part(name): Part<String>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    looking_up(move || card_of(charged, &app, &visit, Of::Thread, &name)).await
}

/// The card of an organization, for a frame on another site
#[utoipa::path(
    get, path = "/embed/o/{domain}", operation_id = "organization_card", tag = "embed",
    params(
        ("domain" = String, Path, description = "The domain name"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of the card"),
    ),
    responses(
        (status = 200, description = "The card", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A card that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn organization_card(
    charged: Result<Charged<{ cost::READ }>, Failure>,
    State(app): State<App>,
    Part(name): Part<String>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    looking_up(move || card_of(charged, &app, &visit, Of::Organization, &name)).await
}

fn card_of(
    charged: Result<Charged<{ cost::READ }>, Failure>,
    app: &App,
    visit: &Visit,
    of: Of,
    name: &str,
) -> Result<Response, Failure> {
    let card = charged.and_then(|_| match Shown::find_announced(app, of, name)? {
        (_, Shown::Entry(entry)) => render(&shown(visit, &entry)),
        (view, shown) => render(&counted(visit, &view, &shown)?),
    });
    card.or_else(|failure| missing(visit, failure)).map(for_frames)
}

fn counted(visit: &Visit, view: &View, shown: &Shown) -> Result<CountsCard, Failure> {
    let title = shown.title(visit);
    let frame = visit.frame(&title, &visit.say("card-description")).unlisted();
    let frame = element::MESSAGES
        .into_iter()
        .fold(frame.script("embed/card.js"), Frame::strings_for_script);
    let badge = shown.badge_path(None);
    let badge = badge.trim_start_matches('/').trim_end_matches(".svg");
    Ok(CountsCard {
        text: Counted::of(visit, view, shown)?.text(visit),
        badge: format!("{badge}.json?lang={}", visit.language().tag()),
        link: match shown {
            Shown::Thread(agreement) => Some(EntryLink::of(agreement)),
            _ => None,
        },
        page: shown.page_path(),
        title,
        frame,
    })
}

fn shown(visit: &Visit, entry: &EntryView) -> Card {
    let said = Said::new(visit, entry, &EntryLinks::default());
    let description = visit.say("card-description");
    let mut frame = visit.frame(&title(visit, entry), &description).unlisted();
    frame = frame.script("embed/card.js");
    frame = element::MESSAGES.into_iter().fold(frame, Frame::strings_for_script);
    let (title, is_cut) = said.public_title().map(cut).unzip();
    Card {
        frame,
        title,
        is_cut: is_cut.unwrap_or_default(),
        link: said.link,
        index: said.index,
        kind: said.kind,
        subjects: said.subjects,
        language: said.language,
        time: said.time,
    }
}

/// Which entry a card is of, without its words: titles of frames are kept by other sites.
pub fn title(visit: &Visit, entry: &EntryView) -> Message {
    let subjects = subject_names(visit, entry);
    let title = match subjects {
        Some(subjects) => visit.say("card-title-with").with("subjects", subjects),
        None => visit.say("card-title"),
    };
    let kind = kind_name(visit, entry).unmarked();
    let origin = visit.app().ledger().origin().to_string();
    title.with("index", entry.entry.index.to_string()).with("kind", kind).with("origin", origin)
}

/// The title, and whether it was cut.
fn cut(title: &str) -> (String, bool) {
    match title.char_indices().nth(TITLE_LENGTH_MAX) {
        Some((end, _)) => (format!("{}…", &title[..end]), true),
        None => (title.to_owned(), false),
    }
}

fn missing(visit: &Visit, failure: Failure) -> Result<Response, Failure> {
    let origin = visit.app().ledger().origin().to_string();
    let (title, text) = match failure.reason() {
        Reason::NotFound => {
            (visit.say("failure-not-found-title"), visit.say("card-missing").with("origin", origin))
        }
        _ => (visit.say("failure-other-title"), visit.say("card-not-now")),
    };
    let frame = visit.frame(&title, &text).unlisted();
    let mut response = render(&Missing { frame, title, text })?;
    let problem = failure.into_response();
    *response.status_mut() = problem.status();
    response.headers_mut().remove(ETAG);
    for (name, value) in problem.headers().iter().filter(|(name, _)| is_of_failures(name)) {
        response.headers_mut().insert(name, value.clone());
    }
    Ok(response)
}

fn is_of_failures(name: &HeaderName) -> bool {
    ["cache-control", "retry-after"].contains(&name.as_str())
}

/// The same page, for frames on every site. `frame-ancestors *` would leave out pages that stand in a frame without an
/// origin themselves: the star stands for addresses, and they have none.
fn for_frames(mut response: Response) -> Response {
    let policy = CSP.replace(" frame-ancestors 'none';", "");
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(EMBEDDER_POLICY, REQUIRE);
    headers.remove(OPENER_POLICY);
    headers.remove(VARY);
    response
}
