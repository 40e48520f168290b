//! The page that makes snippets for other sites: for an entry, a thread or an organization, each way to show it, what the site has to allow for it,
//! what it shows when it is blocked, and how it looks.

use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::asked::{Asked as Named, look_up};
use super::badge;
use super::shown::Shown;
use super::snippets::{CARD_HEIGHT, CARD_WIDTH, SANDBOX, Snippets};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::language::Language;
use crate::http::pages::strings::Message;
use crate::http::pages::{CSP, Frame, Page, Visit, render};
use crate::http::request::{Asked, Charged, looking_up};
use crate::http::state::App;

/// What is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// An entry: its number, link, leaf hash or statement id; an organization: its domain; or the address of a page of
    /// these or of a thread.
    #[serde(default)]
    entry: String,
    /// The language of badge and card: en, es or ar. That of the page when left out.
    #[serde(default, rename = "in")]
    language: Option<String>,
}

#[derive(Template)]
#[template(path = "builder.html", config = "src/http/embed/askama.toml")]
struct Builder {
    frame: Frame,
    /// What was typed.
    typed: String,
    /// The language of what is made.
    language: Language,
    error: Option<Message>,
    made: Option<Made>,
    example: String,
}

/// The ways to show something.
struct Made {
    page: String,
    title: Message,
    /// The end of the messages that tell of the ways: other words where counts are shown.
    variant: &'static str,
    ways: Vec<Way>,
    badge_path: String,
    badge_text: String,
    /// Of a badge that stays as it is.
    badge_width: Option<u32>,
    card_path: String,
}

/// One way.
struct Way {
    name: &'static str,
    snippet: String,
    /// Directives of a content security policy.
    allowed: Vec<String>,
}

impl Page for Builder {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Makes snippets that show an entry on other sites
#[utoipa::path(
    get, path = "/embed", operation_id = "embed_page", tag = "pages", params(Query),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn builder(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Asked(asked): Asked<Query>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let page = page(&visit, &app, &asked)?;
        let mut response = render(&page)?;
        if page.error.is_some() {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        if let Ok(policy) = HeaderValue::try_from(format!("{CSP}; frame-src 'self'")) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
        Ok(response)
    })
    .await
}

fn page(visit: &Visit, app: &App, asked: &Query) -> Result<Builder, Failure> {
    let mut frame = visit.frame(&visit.say("embed-title"), &visit.say("embed-lead"));
    let language = asked.language.as_deref().and_then(Language::from_tag);
    let language = language.unwrap_or(visit.language());
    let view = app.view()?;
    let typed = asked.entry.trim().to_owned();
    let (mut error, mut made) = (None, None);
    if !typed.is_empty() {
        frame = ["embed-copy", "embed-copied", "embed-not-copied"]
            .into_iter()
            .fold(frame.unlisted().script("embed/builder.js"), Frame::strings_for_script);
        match look_up(&view, app.public_url(), &typed)? {
            Named::Shown(shown) => made = Some(make(&visit.in_language(language), visit, &shown)),
            Named::Nothing => error = Some(visit.say("embed-error-not-found")),
            Named::Elsewhere => error = Some(visit.say("embed-error-elsewhere")),
        }
    }
    let newest = view.entry(view.size() - 1)?;
    let example = newest.map_or(String::new(), |entry| EntryLink::of(&entry).to_string());
    Ok(Builder { frame, typed, language, error, made, example })
}

/// `theirs` is in the language of the snippets, `ours` in that of the page.
fn make(theirs: &Visit, ours: &Visit, shown: &Shown) -> Made {
    let site = site_of(theirs.app().public_url());
    let snippets = Snippets::of(theirs, shown);
    let allow = |directives: &[&str]| directives.iter().map(|d| format!("{d} {site}")).collect();
    let way =
        |name, snippet, directives: &[&str]| Way { name, snippet, allowed: allow(directives) };
    let ways = vec![
        way("link", snippets.link(), &[]),
        way("badge", snippets.badge(), &["img-src"]),
        way("card", snippets.card(CARD_WIDTH, CARD_HEIGHT), &["frame-src"]),
        way("element", snippets.element(), &["script-src", "connect-src"]),
    ];
    let (badge_text, badge_width) = match shown {
        Shown::Entry(entry) => {
            let badge::Label { text, width, .. } = badge::label(theirs, entry);
            (text, Some(width))
        }
        _ => (shown.title(theirs).text(), None),
    };
    let root = theirs.app().root_path();
    Made {
        title: shown.title(ours),
        variant: if matches!(shown, Shown::Entry(_)) { "" } else { "-counts" },
        ways,
        badge_path: format!("{root}{}", shown.badge_path(Some(theirs.language()))),
        badge_text,
        badge_width,
        card_path: format!("{root}{}?lang={}", shown.card_path(), theirs.language().tag()),
        page: shown.page_path(),
    }
}

/// Scheme, host and port, as a content security policy names a site.
fn site_of(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    url[..end].to_owned()
}
