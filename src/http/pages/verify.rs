//! The page that verifies, and the same as one file to download. Both check in the reader's browser and send
//! nothing anywhere; the server never learns what is checked. Without scripts the page explains the program.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY};
use axum::response::Response;

use super::markup::Markup;
use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::crypto::sha256;
use crate::encoding::base64;
use crate::http::assets::Assets;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::modules::join;
use crate::http::request::{Charged, looking_up};
use crate::http::state::App;
use crate::wire::Reason;

/// The checks of bundles and entries, in their order.
const CHECKS: [&str; 10] = [
    "bytes",
    "statement",
    "signature",
    "key",
    "disclosures",
    "inclusion",
    "log_signature",
    "witness_quorum",
    "time_bounds",
    "prev",
];
/// What a downloaded file may do when it is opened from here after all: nothing.
const INERT: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
const ATTACHMENT: HeaderValue =
    HeaderValue::from_static("attachment; filename=\"onrecord-verify.html\"");

#[derive(Template)]
#[template(path = "verify.html", config = "src/http/pages/askama.toml")]
struct VerifyPage {
    frame: Frame,
    takes_links: bool,
    checks: [(Message, Message); CHECKS.len()],
}

impl Page for VerifyPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

#[derive(Template)]
#[template(path = "offline.html", config = "src/http/pages/askama.toml")]
struct OfflinePage {
    frame: Frame,
    takes_links: bool,
    checks: [(Message, Message); CHECKS.len()],
    /// The file's own content security policy: its one script and its one style, by their hashes.
    csp: String,
    style: Markup,
    script: Markup,
    /// The ledger's trust policy.
    policy: String,
    /// The same as a text of JSON, for the script.
    policy_json: Markup,
}

impl Page for OfflinePage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Checks bundles and links in the reader's browser
#[utoipa::path(
    get, path = "/verify", tag = "pages",
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn verify(_: Charged<{ cost::READ }>, visit: Visit) -> Result<Response, Failure> {
    let frame = with_strings(
        visit
            .frame(&visit.say("verify-title"), &visit.say("verify-lead"))
            .script("pages/verify.js"),
    );
    render(&VerifyPage { frame, takes_links: true, checks: checks(&visit) })
}

/// The verifier as one file that works without this server and without a network
#[utoipa::path(
    get, path = "/verify/onrecord-verify.html", operation_id = "offline_verifier", tag = "pages",
    responses(
        (status = 200, description = "The file, in the reader's language", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn offline(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let mut response = render(&offline_page(&visit, &app)?)?;
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, INERT);
        response.headers_mut().insert(CONTENT_DISPOSITION, ATTACHMENT);
        Ok(response)
    })
    .await
}

fn offline_page(visit: &Visit, app: &App) -> Result<OfflinePage, Failure> {
    let assets = app.assets();
    let script = join("pages/offline.js", &|name| assets.text(name)).map_err(|error| {
        tracing::error!(%error, "the offline verifier cannot be put together");
        Failure::new(Reason::Internal, "The file could not be put together.")
    })?;
    let style = style(assets);
    let policy = app.policy();
    let policy_json = serde_json::to_string(&policy).unwrap_or_default().replace('<', "\\u003c");
    let title = visit.say("offline-title").with("origin", app.ledger().origin().to_string());
    Ok(OfflinePage {
        frame: with_strings(visit.frame(&title, &visit.say("verify-lead"))).unlisted(),
        takes_links: false,
        checks: checks(visit),
        csp: format!(
            "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; \
             form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
            source_hash(&script),
            source_hash(&style),
        ),
        style: Markup::trusted(style),
        script: Markup::trusted(script),
        policy,
        policy_json: Markup::trusted(policy_json),
    })
}

fn style(assets: &Assets) -> String {
    assets.text("style.css").unwrap_or_default()
}

/// How a content security policy names an inline script or style.
fn source_hash(text: &str) -> String {
    format!("sha256-{}", base64::encode(sha256(text.as_bytes()).as_bytes()))
}

/// The messages that the scripts of both use.
fn with_strings(frame: Frame) -> Frame {
    [
        "verify-script-",
        "verdict-",
        "check-failed-",
        "check-meaning-",
        "check-name-",
        "checks-",
        "outcome-",
        "result-",
        "trust-",
        "list-separator",
    ]
    .into_iter()
    .fold(frame, Frame::strings_for_script)
}

fn checks(visit: &Visit) -> [(Message, Message); CHECKS.len()] {
    CHECKS.map(|name| {
        (visit.say(format!("check-name-{name}")), visit.say(format!("check-meaning-{name}")))
    })
}
