//! The page on which a person finds again what they put on record. The backup is opened in their browser, which
//! asks for each statement by its id; nothing of the backup comes here.

use askama::Template;
use axum::response::Response;

use super::{Frame, Page, Visit, render};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::Charged;

#[derive(Template)]
#[template(path = "mine.html", config = "src/http/pages/askama.toml")]
struct Mine {
    frame: Frame,
}

impl Page for Mine {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Finds a person's agreements again from their backup, in their browser
#[utoipa::path(
    get, path = "/publish/mine", operation_id = "mine_page", tag = "pages",
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn mine(_: Charged<{ cost::READ }>, visit: Visit) -> Result<Response, Failure> {
    let frame = visit
        .frame(&visit.say("mine-heading"), &visit.say("mine-lead"))
        .script("pages/mine.js")
        .strings_for_script("kind-")
        .strings_for_script("mine-script-")
        .strings_for_script("publish-error-")
        .strings_for_script("publish-permanent")
        .strings_for_script("publish-script-sign")
        .strings_for_script("word-");
    render(&Mine { frame })
}
