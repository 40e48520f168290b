//! The publish page: one question after another, all in one form. Each request without a script shows one
//! of its sections and carries what was typed in the others, up to a file that the command line signs.
//! With a script the same form is filled in and signed in the browser, and nothing comes here.

mod answers;
mod recipe;
mod steps;

use std::fmt::Write as _;

use askama::Template;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse as _, Response};

use super::markup::{Markup, escape};
use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::Charged;
use crate::wire::Reason;
use answers::{Answers, Problem, SEALED};
use steps::{BASES, COMMITMENTS_MAX, EVIDENCE_MAX, EXAMPLES, STEPS, SUBJECTS_MAX, after, before};

/// What a form sends: at most 2 MB, as axum bounds it.
type Sent = Result<Form<Vec<(String, String)>>, FormRejection>;

#[derive(Template)]
#[template(path = "publish.html", config = "src/http/pages/askama.toml")]
struct Publish {
    frame: Frame,
    at: &'static str,
    answers: Answers,
    problems: Vec<Problem>,
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
        self.answers.get(name) == choice
    }

    /// Whether more can be said here than there are rows for.
    fn has_rows(&self) -> bool {
        ["who", "what", "evidence"].contains(&self.at)
    }

    fn reason(&self, problem: &'static str) -> Message {
        self.frame.say(problem)
    }

    /// How many rows of a repeated answer are shown: those filled in, and one to fill in.
    fn shown(&self, beginning: &str, most: usize) -> usize {
        self.answers.rows(beginning, most).last().map_or(1, |last| (last + 1).min(most))
    }

    /// What is wrong with an answer, above its field.
    fn problem(&self, name: &str) -> Markup {
        let text = self.problems.iter().find(|(field, _)| field == name);
        let text = text.map(|(_, problem)| self.frame.say(*problem).to_string());
        let text = text.map(|text| format!("<p class=\"error\" id=\"{name}-error\">{text}</p>"));
        Markup::trusted(text.unwrap_or_default())
    }

    /// The attributes that tie a field to what is said about it.
    fn described(&self, name: &str, hint: &str) -> Markup {
        let mut attributes = String::new();
        let is_wrong = self.problems.iter().any(|(field, _)| field == name);
        let error = if is_wrong { format!("{name}-error") } else { String::new() };
        let about = format!("{hint} {error}").trim().to_owned();
        if is_wrong {
            attributes.push_str(" aria-invalid=\"true\"");
        }
        if !about.is_empty() {
            let _ = write!(attributes, " aria-describedby=\"{about}\"");
        }
        Markup::trusted(attributes)
    }

    /// The box that keeps a word from the public.
    fn seal(&self, name: &str) -> Markup {
        let checked = if self.answers.is_sealed(name) { " checked" } else { "" };
        let label = self.frame.say("publish-seal").to_string();
        Markup::trusted(format!(
            "<p class=\"choice\"><input type=\"checkbox\" name=\"{SEALED}\" value=\"{name}\" \
             id=\"seal-{name}\"{checked}><label for=\"seal-{name}\">{label}</label></p>"
        ))
    }

    /// Who may owe a commitment: the organizations named, and the person.
    fn debtors(&self, row: usize) -> Markup {
        let chosen = self.answers.get(&format!("by_{row}"));
        let mut options = String::new();
        for n in self.answers.rows("domain_", SUBJECTS_MAX) {
            let selected = if chosen == n.to_string() { " selected" } else { "" };
            let domain = escape(self.answers.get(&format!("domain_{n}")));
            let _ = write!(options, "<option value=\"{n}\"{selected}>{domain}</option>");
        }
        let selected = if chosen == "signer" { " selected" } else { "" };
        let me = self.frame.say("publish-by-me").text();
        let _ = write!(options, "<option value=\"signer\"{selected}>{}</option>", escape(&me));
        Markup::trusted(options)
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
    render(&Publish { frame, at: STEPS[0], answers, problems: Vec::new() })
}

/// The next question, without a script
#[utoipa::path(
    post, path = "/publish", operation_id = "publish_step", tag = "pages",
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "What was typed so far. Nothing of it is kept"),
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
    let pairs = read(sent)?;
    let value = |name: &str| pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let at = STEPS.into_iter().find(|step| *step == value("at")).unwrap_or(STEPS[0]);
    let go = value("go").to_owned();
    let mut answers = Answers::read(pairs);
    let page = |at, answers, problems| {
        render(&Publish { frame: frame(&visit).unlisted(), at, answers, problems })
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
    request_body(content = String, content_type = "application/x-www-form-urlencoded", description = "What was typed. Nothing of it is kept"),
    responses(
        (status = 200, description = "What `onrecord sign agreement` takes", body = String, content_type = "application/toml"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn file(
    _: Charged<{ cost::READ }>,
    visit: Visit,
    sent: Sent,
) -> Result<Response, Failure> {
    let answers = Answers::read(read(sent)?);
    if let Some((at, problems)) = first_problem(&answers) {
        let page = Publish { frame: frame(&visit).unlisted(), at, answers, problems };
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
