//! Pages without lookups: what a problem means, and the files that pages need.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::http::answer;
use crate::http::api::Octets;
use crate::http::embed::{EVERY_SITE, RESOURCE_POLICY};
use crate::http::error::{Failure, status};
use crate::http::limits::cost;
use crate::http::request::{Charged, Part};
use crate::http::state::App;
use crate::wire::{Problem, Reason};

/// The page that explains a reason, in the reader's language what the API says in English.
#[derive(Template)]
#[template(path = "problem.html", config = "src/http/pages/askama.toml")]
struct ProblemPage {
    frame: Frame,
    reason: Reason,
    status: StatusCode,
}

impl ProblemPage {
    fn text(&self, part: &str) -> Message {
        self.frame.say(about(self.reason, part))
    }
}

/// The message that says a part of what a reason means: `title`, `cause` or `next-step`.
fn about(reason: Reason, part: &str) -> String {
    format!("problem-{}-{part}", reason.token())
}

impl Page for ProblemPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What a problem means and what to do next
#[utoipa::path(
    get, path = "/problems/{reason}", tag = "pages",
    params(("reason" = String, Path, description = "The last part of a problem's type")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn problem(
    _: Charged<{ cost::READ }>,
    Part(token): Part<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    let unknown = || Failure::not_found("No problem has this name");
    let reason = Reason::from_token(&token).ok_or_else(unknown)?;
    let title = visit.say(about(reason, "title")).text();
    let title = visit.say("problem-title").with("title", title);
    let description = visit.say("problem-description").with("reason", reason.token());
    render(&ProblemPage {
        frame: visit.frame(&title, &description),
        reason,
        status: status(reason),
    })
}

/// A file that pages need
#[utoipa::path(
    get, path = "/assets/{*path}", tag = "pages",
    params(("path" = String, Path, description = "<hash of the set>/<name>")),
    responses(
        (status = 200, description = "The file", body = Octets, content_type = "*/*"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn asset(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(path): Part<String>,
) -> Result<Response, Failure> {
    let asset = app.assets().find(&path).ok_or_else(|| Failure::not_found("No such file"))?;
    let mut response = answer::forever(asset.content_type, asset.bytes);
    // A card in a frame without an origin is, to its own files, another site.
    response.headers_mut().insert(RESOURCE_POLICY, EVERY_SITE);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pages::language::Language;
    use crate::http::pages::strings::Strings;

    #[test]
    fn every_reason_is_explained_in_every_language_and_in_english_as_by_the_api() {
        for reason in Reason::ALL {
            let texts = [
                ("title", reason.title()),
                ("cause", reason.cause()),
                ("next-step", reason.next_step()),
            ];
            for (part, english) in texts {
                let [en, es, ar] = Language::ALL
                    .map(|language| Strings::of(language).say(about(*reason, part)).text());
                assert_eq!(en, english);
                assert!(es != en && ar != en && es != ar, "{part} of {}", reason.token());
            }
        }
    }
}
