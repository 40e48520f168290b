//! Pages for people: rendered here, readable without scripts, under a policy that lets nothing in
//! from elsewhere. Not the API: pages show, and link to what proves.

pub mod add;
pub mod calendar;
pub mod claim;
mod dates;
pub mod entry;
mod entry_line;
pub mod entry_link;
pub mod failure;
pub mod feed;
mod frame;
pub mod home;
pub mod inbox;
pub mod language;
pub mod ledger;
pub mod live;
pub mod markup;
pub mod mine;
pub mod moderation;
pub mod organization;
pub mod plain;
pub mod publish;
pub mod qr;
pub mod search;
mod standing;
pub mod strings;
pub mod thread;
pub mod verify;
mod visit;

use askama::Template;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, HeaderName, LINK, LOCATION,
    REFERRER_POLICY, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::answer::{self, HTML};
use super::error::Failure;
use crate::service::EntryView;
use crate::statement::membership::Outline;
use crate::wire::Reason;
use strings::Message;

pub use frame::Frame;
pub use visit::Visit;

/// The content security policy of pages.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";
/// Whether other pages keep a hold on this one.
pub const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// A page: a template and what is around it.
pub trait Page: Template {
    /// What is around it.
    fn frame(&self) -> &Frame;
}

/// A page as an answer.
///
/// # Errors
/// `internal` when it cannot be rendered.
pub fn render(page: &impl Page) -> Result<Response, Failure> {
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Failure::new(Reason::Internal, "The page could not be rendered.")
    })?;
    let mut response = answer::for_now(HTML, html);
    add_headers(page.frame(), response.headers_mut());
    Ok(response)
}

/// An answer that leads to another page of this ledger, at this path.
fn lead_to(path: &str) -> Response {
    let headers = [(LOCATION, path), (CACHE_CONTROL, "no-cache")];
    (StatusCode::SEE_OTHER, headers).into_response()
}

fn add_headers(frame: &Frame, headers: &mut HeaderMap) {
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(frame.language().tag()));
    for other in &frame.alternates {
        let link = format!("<{}>; rel=\"alternate\"; type=\"{}\"", other.url, other.content_type);
        headers.extend(HeaderValue::try_from(link).ok().map(|link| (LINK, link)));
    }
}

/// The kind of an entry, in the reader's language. Of a kind that is not known, its own name for itself.
pub fn kind_name(visit: &Visit, view: &EntryView) -> Message {
    let outline = Outline::read(view.entry.envelope.payload());
    let kind = outline.as_ref().map_or("", Outline::kind);
    if crate::statement::kind::find(kind).is_some() {
        visit.say(format!("kind-{kind}"))
    } else {
        visit.say("kind-not-known").with("kind", kind.to_owned())
    }
}

/// The organizations that an entry is about, if any and if it is not withheld.
pub fn subject_names(visit: &Visit, view: &EntryView) -> Option<String> {
    if view.withheld.is_some() {
        return None;
    }
    let names = view.entry.links.subjects.iter().map(|(domain, _)| domain.as_str());
    let names = names.collect::<Vec<_>>().join(&visit.say("list-separator").text());
    (!names.is_empty()).then_some(names)
}
