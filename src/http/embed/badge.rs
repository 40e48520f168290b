//! The badge of an entry: a picture that names it, and the same as JSON. A picture cannot check anything, so that it
//! has the colours of paper and ink and says no more than which entry it stands for. Words are not on it: what it
//! names, number and domains, is never withheld.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LANGUAGE;
use axum::response::Response;

use super::shown::Shown;
use super::width::width_of;
use super::{Embedded, domains, element, find, oembed};
use crate::http::answer;
use crate::http::api::shapes;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::pages::Visit;
use crate::http::pages::language::Language;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, View};
use crate::statement::membership::Outline;
use crate::wire::{self, BadgeState, EmbedUrls, Problem, Reason};

const WHY: &str = "A server cannot check an entry for somebody who does not believe it: the page, \
    the card and the element check it in the visitor's browser.";
/// As high as what can be hit with a finger at least (WCAG 2.5.8), since badges are links.
const HEIGHT: u32 = 24;
const FONT_SIZE: u32 = 12;
/// Beside the text, and beside the mark.
const ROOM: u32 = 9;
const MARK_WIDTH: u32 = 9;
/// Characters of a domain. The end of one says whose it is, so that a longer one loses its beginning.
const DOMAIN_LENGTH_MAX: usize = 28;

#[derive(Template)]
#[template(path = "badge.svg", config = "src/http/embed/askama.toml")]
struct Picture {
    language: Language,
    name: String,
    text: String,
    width: u32,
    height: u32,
    font_size: u32,
    /// Where the mark begins.
    mark: u32,
    /// The middle of the text.
    middle: u32,
    /// What it says after ten minutes in an open page, where it says what can change.
    old: Option<String>,
}

/// A badge of an entry
#[utoipa::path(
    get, path = "/badge/{file}", operation_id = "badge", tag = "embed",
    params(
        ("file" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash>, with .svg or .json at its end"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of the picture"),
    ),
    responses(
        (status = 200, description = "The picture, or what it stands for", content((String = "image/svg+xml"), (wire::Badge = "application/json"))),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn badge(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(file): Part<String>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    looking_up(move || {
        let unknown = || Failure::not_found("A badge ends in .svg or .json");
        let (name, ending) = file.rsplit_once('.').ok_or_else(unknown)?;
        let view = app.view()?;
        match ending {
            "svg" => picture(&visit, &find(&view, name)?),
            "json" => answer::json(&facts(&app, &view, find(&view, name)?)),
            _ => Err(unknown()),
        }
    })
    .await
}

/// What it says, and how wide it is.
pub struct Label {
    /// The text in the picture.
    pub text: String,
    /// What it says once that is out of date, where it can be.
    old: Option<String>,
    /// Width of the picture.
    pub width: u32,
}

impl Label {
    /// A text that stays true.
    pub fn new(text: String) -> Self {
        let width = ROOM + MARK_WIDTH + ROOM + width_of(&text, FONT_SIZE) + ROOM;
        Self { text, old: None, width }
    }

    /// A text in whose place another one stands after a while.
    #[must_use]
    pub fn or_old(self, old: String) -> Self {
        let width = self.width.max(Self::new(old.clone()).width);
        Self { old: Some(old), width, ..self }
    }
}

/// Height of the picture.
pub const fn height() -> u32 {
    HEIGHT
}

/// The label of an entry's badge.
pub fn label(visit: &Visit, entry: &EntryView) -> Label {
    let mut domains = domains(entry);
    let text = match domains.next() {
        None => visit.say("badge-text"),
        Some(first) => {
            let more = domains.count();
            let named = if more == 0 { cut(first) } else { format!("{} +{more}", cut(first)) };
            visit.say("badge-text-with").with("domains", named)
        }
    };
    Label::new(text.with("index", entry.entry.index.to_string()).text())
}

fn cut(domain: &str) -> String {
    let surplus = domain.len().saturating_sub(DOMAIN_LENGTH_MAX);
    if surplus == 0 { domain.to_owned() } else { format!("…{}", &domain[surplus + 1..]) }
}

fn picture(visit: &Visit, entry: &EntryView) -> Result<Response, Failure> {
    let all = domains(entry).collect::<Vec<_>>().join(&visit.say("list-separator").text());
    let name = if all.is_empty() { "badge-title" } else { "badge-title-with" };
    let name = visit.say(name).with("domains", all).with("index", entry.entry.index.to_string());
    let name = name.with("origin", visit.app().ledger().origin().to_string());
    draw(visit, label(visit, entry), name.text())
}

/// A badge with that label; `name` is what it is called by who cannot see it.
///
/// # Errors
/// `internal` when it cannot be drawn.
pub fn draw(
    visit: &Visit,
    Label { text, old, width }: Label,
    name: String,
) -> Result<Response, Failure> {
    let language = visit.language();
    let is_from_right = language.direction() == "rtl";
    let half_of_text = (width - MARK_WIDTH - 3 * ROOM) / 2;
    let svg = Picture {
        language,
        name,
        text,
        old,
        width,
        height: HEIGHT,
        font_size: FONT_SIZE,
        mark: if is_from_right { width - ROOM - MARK_WIDTH } else { ROOM },
        middle: if is_from_right { ROOM } else { ROOM + MARK_WIDTH + ROOM } + half_of_text,
    };
    let svg = svg.render().map_err(|error| {
        tracing::error!(%error, "a badge could not be drawn");
        Failure::new(Reason::Internal, "The badge could not be drawn.")
    })?;
    let mut response = answer::picture(svg);
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    Ok(response)
}

fn facts(app: &App, at: &View, entry: EntryView) -> wire::Badge {
    let kind = Outline::read(entry.entry.envelope.payload());
    let (index, leaf_hash) = (entry.entry.index, entry.leaf_hash.to_hex());
    let (id, time) = (entry.entry.envelope.id().to_string(), entry.entry.time.to_millis());
    let subjects = domains(&entry).map(str::to_owned).collect();
    let shown = Shown::Entry(Box::new(entry));
    let url = |path: String| format!("{}{path}", app.public_url());
    let page = url(shown.page_path());
    let api = format!("/api/v1/entries/{index}");
    wire::Badge {
        index,
        leaf_hash,
        id,
        kind: kind.map(|outline| outline.kind().to_owned()),
        subjects,
        time,
        state: BadgeState::NotChecked,
        why: WHY.to_owned(),
        urls: EmbedUrls {
            entry: url(api.clone()),
            bundle: url(format!("{api}/bundle")),
            badge: url(shown.badge_path(None)),
            card: url(shown.card_path()),
            element: url(element::PATH.to_owned()),
            oembed: url(oembed::path(&page)),
            page,
        },
        meta: shapes::meta(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_domain_keeps_its_end() {
        assert_eq!(cut("acme.example"), "acme.example");
        let long = format!("{}.acme.example", "a".repeat(60));
        let cut = cut(&long);
        assert_eq!(cut.chars().count(), DOMAIN_LENGTH_MAX);
        assert!(cut.starts_with("…a") && cut.ends_with(".acme.example"));
    }
}
