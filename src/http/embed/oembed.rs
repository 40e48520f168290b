//! The card of an entry, a thread or an organization for sites that make it from a plain link, as oEmbed 1.0 has it. What it answers is kept by
//! others, so that it holds no words of entries.

use std::fmt::Write as _;

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Embedded;
use super::shown::{Of, Shown};
use super::snippets::{CARD_HEIGHT, CARD_WIDTH, Snippets};
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::pages::Visit;
use crate::http::pages::language::Language;
use crate::http::request::{Asked, Charged, looking_up};
use crate::http::state::App;
use crate::wire::{OEmbed, Problem, Reason};

/// What it is announced as on the page of an entry.
pub const OEMBED: &str = "application/json+oembed";
/// A card is a frame of this ledger, which is asked anew whenever it is shown: only the frame is kept.
const CACHE_SECONDS: u32 = 3_600;

/// What is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// The address of the page of an entry, a thread or an organization of this ledger.
    url: String,
    /// Width that the card must not exceed, in CSS pixels.
    #[param(minimum = 1)]
    maxwidth: Option<u32>,
    /// Height that the card must not exceed, in CSS pixels.
    #[param(minimum = 1)]
    maxheight: Option<u32>,
    /// `json`, which it is without it too.
    format: Option<String>,
}

/// The card of an entry, as oEmbed describes it
#[utoipa::path(
    get, path = "/oembed", operation_id = "oembed", tag = "embed", params(Query),
    responses(
        (status = 200, description = "The card", body = OEmbed),
        (status = 501, description = "Not in this format, as oEmbed 1.0 asks for", body = Problem, content_type = "application/problem+json"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn oembed(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Asked(asked): Asked<Query>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    if asked.format.as_deref().is_some_and(|format| format != "json") {
        let detail = "A card is described as JSON alone.";
        return Err(Failure::new(Reason::FormatNotOffered, detail));
    }
    let [width, height] =
        [("maxwidth", asked.maxwidth, CARD_WIDTH), ("maxheight", asked.maxheight, CARD_HEIGHT)]
            .map(|(name, most, usual)| size(name, most, usual));
    let (width, height) = (width?, height?);
    looking_up(move || {
        let unknown = || {
            Failure::not_found(
                "This is not the address of an entry, a thread or an organization of this ledger",
            )
        };
        let (of, name, language) = page_named(&asked.url, app.public_url()).ok_or_else(unknown)?;
        let visit = language.map(|language| visit.in_language(language)).unwrap_or(visit);
        answer::json(&described(&visit, &Shown::find(&app.view()?, of, name)?, width, height))
    })
    .await
}

/// No more than what is asked for.
fn size(name: &str, most: Option<u32>, usual: u32) -> Result<u32, Failure> {
    match most {
        Some(0) => Err(Failure::bad_query(format!("{name} is a number of pixels from 1 on."))),
        most => Ok(most.unwrap_or(usual).min(usual)),
    }
}

/// What has its page at this address, and the language that the address asks for.
fn page_named<'a>(url: &'a str, ledger: &str) -> Option<(Of, &'a str, Option<Language>)> {
    let path = url.strip_prefix(ledger)?;
    let (path, _) = path.split_once('#').unwrap_or((path, ""));
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let language =
        query.split('&').find_map(|pair| Language::from_tag(pair.strip_prefix("lang=")?));
    Of::ALL.into_iter().find_map(|of| Some((of, path.strip_prefix(of.pages())?, language)))
}

fn described(visit: &Visit, shown: &Shown, width: u32, height: u32) -> OEmbed {
    OEmbed {
        version: "1.0".to_owned(),
        kind: "rich".to_owned(),
        title: shown.title(visit).unmarked(),
        provider_name: visit.app().ledger().origin().to_string(),
        provider_url: format!("{}/", visit.app().public_url()),
        cache_age: CACHE_SECONDS,
        html: Snippets::of(visit, shown).card(width, height),
        width,
        height,
    }
}

/// The path that describes the card of the entry with a page at this address.
pub fn path(page: &str) -> String {
    let mut path = String::from("/oembed?url=");
    for byte in page.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_by_its_address_alone() {
        let ledger = "https://ledger.example/2026";
        let found = |url: &str| {
            let (of, name, language) = page_named(url, ledger)?;
            Some((format!("{} {name}", of.word()), language))
        };
        assert_eq!(found("https://ledger.example/2026/e/7-ab"), Some(("entry 7-ab".into(), None)));
        let chosen = found("https://ledger.example/2026/e/7-ab?a=b&lang=es#said");
        assert_eq!(chosen, Some(("entry 7-ab".into(), Some(Language::Es))));
        let thread = found("https://ledger.example/2026/t/7-ab");
        assert_eq!(thread, Some(("thread 7-ab".into(), None)));
        let organization = found("https://ledger.example/2026/o/acme.example?days=365");
        assert_eq!(organization, Some(("organization acme.example".into(), None)));
        for other in [
            "https://ledger.example/e/7-ab",
            "http://ledger.example/2026/e/7-ab",
            "https://ledger.example/2026/live",
            "https://ledger.example/2026",
        ] {
            assert_eq!(found(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_in_a_query_is_one_value() {
        assert_eq!(
            path("http://a.b:1/e/7?c=d&e"),
            "/oembed?url=http%3A%2F%2Fa.b%3A1%2Fe%2F7%3Fc%3Dd%26e"
        );
    }
}
