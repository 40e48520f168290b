//! The publish page: one question after another, all in one form. Each request without a script shows one
//! of its sections and carries what was typed in the others, up to a file that the command line signs.
//! With a script the same form is filled in and signed in the browser, and nothing comes here.

mod answers;
mod questions;
mod recipe;
mod steps;

use askama::Template;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse as _, Response};

use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::Charged;
use crate::statement::fields::{COMMITMENTS_MAX, SUBJECTS_MAX};
use crate::statement::words::EVIDENCE_MAX;
use crate::wire::Reason;
use answers::Problem;
use steps::{BASES, EXAMPLES, STEPS, after, before};

pub use answers::{Answers, domain_in};
pub use questions::Questions;

/// What a form sends: at most 2 MB, as axum bounds it.
type Sent = Result<Form<Vec<(String, String)>>, FormRejection>;

#[derive(Template)]
#[template(path = "publish.html", config = "src/http/pages/askama.toml")]
struct Publish {
    frame: Frame,
    at: &'static str,
    questions: Questions,
}

#[derive(Template)]
#[template(path = "publish_file.html", config = "src/http/pages/askama.toml")]
struct PreparedFile {
    frame: Frame,
    answers: Answers,
    recipe: String,
}

impl Page for Publish {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Page for PreparedFile {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

impl Publish {
    /// The number of the question; the start has none.
    fn number(&self) -> usize {
        STEPS.iter().position(|step| *step == self.at).unwrap_or_default()
    }

    fn is_at(&self, step: &str) -> bool {
        self.at == step
    }

    fn is_chosen(&self, name: &str, choice: &str) -> bool {
        self.questions.answer(name) == choice
    }

    /// Whether more can be said here than there are rows for.
    fn has_rows(&self) -> bool {
        ["who", "what", "evidence"].contains(&self.at)
    }

    fn reason(&self, problem: &'static str) -> Message {
        self.frame.say(problem)
    }
}

fn frame(visit: &Visit) -> Frame {
    visit.frame(&visit.say("publish-title"), &visit.say("publish-lead"))
}

/// Where a person begins to put an agreement on record
#[utoipa::path(
    get, path = "/publish", operation_id = "publish_page", tag = "pages",
    responses(
        (status = 200, description = "The first question; a script asks the others in place", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn start(_: Charged<{ cost::READ }>, visit: Visit) -> Result<Response, Failure> {
    visit.expect_admission()?;
    let frame = frame(&visit)
        .script("pages/publish.js")
        .strings_for_script("field-")
        .strings_for_script("publish-by-me")
        .strings_for_script("publish-error-")
        .strings_for_script("publish-example-")
        .strings_for_script("publish-script-")
        .strings_for_script("token-basis-")
        .strings_for_script("token-offers-")
        .strings_for_script("word-");
    let answers = Answers::blank(frame.language().tag());
    render(&Publish { frame, at: STEPS[0], questions: Questions::new(answers) })
}

/// The next question, without a script
#[utoipa::path(
    post, path = "/publish", operation_id = "publish_step", tag = "pages",
    request_body(content = BTreeMap<String, String>, content_type = "application/x-www-form-urlencoded", description = "What was typed so far. Nothing of it is kept"),
    responses(
        (status = 200, description = "The next question, or the same with what is wrong; after the last, the prepared file", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn step(
    _: Charged<{ cost::READ }>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    visit.expect_admission()?;
    let pairs = read(sent)?;
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let at = STEPS.into_iter().find(|step| *step == value("at")).unwrap_or(STEPS[0]);
    let go = value("go").to_owned();
    let mut answers = Answers::read(pairs);
    let page = |at, answers, problems| {
        render(&Publish {
            frame: frame(&visit).unlisted(),
            at,
            questions: Questions { answers, problems },
        })
    };
    let response = match go.as_str() {
        "back" => page(before(at), answers, Vec::new()),
        "add" => page(at, answers, Vec::new()),
        _ => {
            answers.fill_in_example(&visit);
            let problems = answers.problems(at);
            match after(at) {
                _ if !problems.is_empty() => page(at, answers, problems),
                Some(next) => page(next, answers, Vec::new()),
                None => match first_problem(&answers) {
                    Some((at, problems)) => page(at, answers, problems),
                    None => file_page(&visit, answers),
                },
            }
        }
    };
    response.map(not_kept)
}

/// The prepared file
#[utoipa::path(
    post, path = "/publish/agreement.toml", operation_id = "publish_file", tag = "pages",
    request_body(content = BTreeMap<String, String>, content_type = "application/x-www-form-urlencoded", description = "What was typed. Nothing of it is kept"),
    responses(
        (status = 200, description = "What `onrecord sign agreement` takes; a page where something is missing", content((String = "application/toml"), (String = "text/html; charset=utf-8"))),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn file(
    _: Charged<{ cost::READ }>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    visit.expect_admission()?;
    let answers = Answers::read(read(sent)?);
    if let Some((at, problems)) = first_problem(&answers) {
        let questions = Questions { answers, problems };
        let page = Publish { frame: frame(&visit).unlisted(), at, questions };
        return render(&page).map(not_kept);
    }
    let mut response = not_kept(write_recipe(&answers)?.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/toml"));
    let attachment = HeaderValue::from_static("attachment; filename=\"agreement.toml\"");
    headers.insert(CONTENT_DISPOSITION, attachment);
    Ok(response)
}

fn read(sent: Sent) -> Result<Vec<(String, String)>, Failure> {
    let unreadable = |_| Failure::bad_query("The form could not be read, or is larger than 2 MB.");
    sent.map(|Form(pairs)| pairs).map_err(unreadable)
}

fn first_problem(answers: &Answers) -> Option<(&'static str, Vec<Problem>)> {
    let problems = STEPS.into_iter().map(|step| (step, answers.problems(step)));
    problems.into_iter().find(|(_, problems)| !problems.is_empty())
}

fn file_page(visit: &Visit, answers: Answers) -> Result<Response, Failure> {
    let recipe = write_recipe(&answers)?;
    render(&PreparedFile { frame: frame(visit).unlisted(), answers, recipe })
}

fn write_recipe(answers: &Answers) -> Result<String, Failure> {
    recipe::recipe(answers).map_err(|error| {
        tracing::error!(%error, "a recipe could not be written");
        Failure::new(Reason::Internal, "The file could not be written.")
    })
}

/// What somebody typed is in the answer, so that nothing on its way may keep it.
fn not_kept(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.remove(ETAG);
    response
}
