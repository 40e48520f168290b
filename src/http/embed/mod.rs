//! What other sites show of an entry, a thread or an organization: a badge, a card in a frame, an element, and oEmbed; and the page that makes the
//! snippets (protocol §11). Nothing here checks an entry: card and element do, in the browser of whoever looks.
//! Answers may be used by every site, and say their language by their address alone.

pub mod asked;
pub mod badge;
pub mod builder;
pub mod card;
pub mod counts;
pub mod element;
pub mod oembed;
pub mod shown;
mod snippets;
mod width;

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};

use super::api::shapes;
use super::error::Failure;
use super::pages::Visit;
use super::pages::entry_link::EntryLink;
use super::state::App;
use crate::service::{EntryView, View};

/// What may use an answer (HTML, "Cross-Origin-Resource-Policy").
pub const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// Every site.
pub const EVERY_SITE: HeaderValue = HeaderValue::from_static("cross-origin");

/// Who asks for a part of another site: the language is the one of the address, else English.
pub struct Embedded(pub Visit);

impl FromRequestParts<App> for Embedded {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self(Visit::by_address(app, parts)))
    }
}

/// The entry at `{index}-{hash}`, and never another one.
fn find(view: &View, name: &str) -> Result<EntryView, Failure> {
    let unknown = || Failure::not_found("No entry has this number and this hash");
    let entry = EntryLink::find(name, view)?.ok_or_else(unknown)?;
    shapes::expect_shown(&entry)?;
    Ok(entry)
}

/// The organizations that an entry is about, by their domains.
fn domains(entry: &EntryView) -> impl Iterator<Item = &str> {
    entry.entry.links.subjects.iter().map(|(domain, _)| domain.as_str())
}
