//! Pages for people: rendered here, readable without scripts, under a policy that lets nothing in
//! from elsewhere. Not the API: pages show, and link to what proves.

pub mod home;
pub mod plain;

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;

use super::answer::{self, HTML};
use super::error::{Failure, status};
use crate::wire::Reason;

const CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'",
);
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// What every page has around it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// The page's title.
    pub title: String,
    /// The ledger's origin.
    pub origin: String,
    /// Where the ledger is on the web, without a slash at its end.
    pub public_url: String,
    /// The path in that, without a slash at its end: what paths of links begin with.
    pub root: String,
    /// The path of `/`.
    pub home: String,
    /// The path of the style sheet.
    pub style: String,
}

/// The first page: what this is, the latest entries, and how to begin.
#[derive(Template)]
#[template(path = "home.html", config = "src/http/pages/askama.toml")]
pub struct Home {
    /// What is around it.
    pub frame: Frame,
    /// The latest entries, newest first. None while they cannot be looked up.
    pub entries: Option<Vec<EntryLine>>,
    /// How many entries there are in all.
    pub size: u64,
}

/// An entry, in a list on a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryLine {
    /// Its index.
    pub index: u64,
    /// Its kind.
    pub kind: String,
    /// The organizations it names.
    pub subjects: Vec<String>,
    /// Its title, when it has a public one.
    pub title: Option<String>,
    /// Where it was imported from.
    pub imported_from: Option<String>,
    /// When it was admitted.
    pub time: String,
    /// How many keys signed it.
    pub signers: usize,
    /// The first 32 hexadecimal digits of its leaf hash.
    pub leaf_hash: String,
}

/// The page that explains a reason.
#[derive(Template)]
#[template(path = "problem.html", config = "src/http/pages/askama.toml")]
struct ProblemPage {
    frame: Frame,
    reason: Reason,
    status: StatusCode,
}

/// The page that explains this reason.
///
/// # Errors
/// `internal` when it cannot be rendered.
pub fn problem(frame: Frame, reason: Reason) -> Result<Response, Failure> {
    render(&ProblemPage { frame, reason, status: status(reason) })
}

/// A page as an answer.
///
/// # Errors
/// `internal` when it cannot be rendered.
pub fn render(page: &impl Template) -> Result<Response, Failure> {
    let html = page.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Failure::new(Reason::Internal, "The page could not be rendered.")
    })?;
    let mut response = answer::for_now(HTML, html);
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, CSP);
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(entry: EntryLine) -> String {
        Home { frame: Frame::default(), entries: Some(vec![entry]), size: 1 }.render().unwrap()
    }

    #[test]
    fn foreign_text_is_escaped() {
        let title = Some("<script>alert(1)</script> & \"more\"".to_owned());
        let page =
            home(EntryLine { title, subjects: vec!["a.example".into()], ..Default::default() });
        assert!(!page.contains("<script"), "{page}");
        assert!(
            page.contains("&#60;script&#62;") && page.contains("<bdi>a.example</bdi>"),
            "{page}"
        );
    }

    #[test]
    fn an_imported_entry_says_that_its_signer_is_no_party() {
        let imported_from = Some("consumerfinance.gov".to_owned());
        let page = home(EntryLine { imported_from, ..Default::default() });
        assert!(page.contains("the signer is the importer, not a party"));
        assert!(!home(EntryLine::default()).contains("importer"));
    }

    #[test]
    fn every_reason_has_a_page() {
        for reason in Reason::ALL {
            assert!(problem(Frame::default(), *reason).is_ok());
        }
    }
}
