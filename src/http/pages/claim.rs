//! The page on which an organization claims its domain (protocol §9): a key, what the domain publishes, and the claim.
//! All of it is made and signed by the browser; the ledger asks the domain when the claim arrives.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, Page, Visit, organization, render};
use crate::encoding::domain::Domain;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::ledger::domain_answer::{DOCUMENT_PATH, RECORD_LABEL};

#[derive(Template)]
#[template(path = "claim.html", config = "src/http/pages/askama.toml")]
struct ClaimPage {
    frame: Frame,
    domain: Domain,
    path: String,
    organization: String,
    inbox: String,
    /// The keys that the domain lists already, with spaces between.
    keys: String,
    is_claimed: bool,
    /// Where the document is published, and the name of the records.
    address: String,
    record: String,
}

impl Page for ClaimPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// How an organization claims its domain, for people
#[utoipa::path(
    get, path = "/o/{domain}/claim", operation_id = "claim_page", tag = "pages",
    params(("domain" = String, Path, description = "The domain name")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = 303, description = "The page of the name in lower-case ASCII"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn claim(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    visit.expect_admission()?;
    let domain = match organization::named(&visit, &name, "/claim")? {
        Ok(domain) => domain,
        Err(elsewhere) => return Ok(elsewhere),
    };
    looking_up(move || {
        let found = app.view()?.claimed(&domain, 1)?;
        let listed = found.observed.map(|seen| seen.keys).unwrap_or_default();
        let keys: Vec<_> = listed.iter().map(ToString::to_string).collect();
        render(&page(&visit, domain, &keys, !found.claims.is_empty()))
    })
    .await
}

fn page(visit: &Visit, domain: Domain, keys: &[String], is_claimed: bool) -> ClaimPage {
    let heading = visit.say("claim-heading").with("domain", domain.to_string());
    let description = visit.say("claim-description").with("domain", domain.to_string());
    let frame = visit.frame(&heading, &description).unlisted().script("pages/claim.js");
    let words = [
        "add-script-",
        "claim-script-",
        "field-",
        "kind-",
        "publish-error-",
        "publish-script-",
        "word-",
    ];
    ClaimPage {
        frame: words.into_iter().fold(frame, Frame::strings_for_script),
        path: format!("/o/{domain}/claim"),
        organization: format!("/o/{domain}"),
        inbox: format!("/o/{domain}/inbox"),
        keys: keys.join(" "),
        is_claimed,
        address: format!("https://{domain}{DOCUMENT_PATH}"),
        record: format!("{RECORD_LABEL}.{domain}"),
        domain,
    }
}
