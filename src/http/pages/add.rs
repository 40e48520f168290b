//! The page on which a signer states what became of an agreement. The server says what can be admitted still;
//! the statement is made, signed and sent by the browser (protocol §5), and no key or answer comes here.

mod words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::entry::{EntryLinks, Promise, Said};
use super::entry_link::EntryLink;
use super::publish::{Answers, Questions};
use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, LookupError, View};
use crate::statement::fields::{COMMITMENTS_MAX, SUBJECTS_MAX};
use crate::statement::kind::OUTCOMES;
use crate::statement::words::EVIDENCE_MAX;
use crate::statement::{Effect, Statement, StatementId};
use crate::thread::Thread;
use words::Spoken;

/// What a person may state, in the order in which it is offered.
const KINDS: [&str; 8] = [
    "breach",
    "fulfilment",
    "assessment",
    "amendment",
    "termination",
    "withdrawal",
    "reveal",
    "erasure",
];
/// Entries of a thread that are read at once, and at most: of a longer thread the ledger itself, which refuses
/// what cannot be admitted, knows the rest.
const STEP: usize = 100;
const ENTRIES_MAX: usize = 1000;

#[derive(Template)]
#[template(path = "add.html", config = "src/http/pages/askama.toml")]
struct Add {
    frame: Frame,
    id: StatementId,
    agreement: Said,
    /// The commitments in force.
    commitments: Vec<Promise>,
    kinds: Vec<Offered>,
    /// An amendment begins as the list in force.
    questions: Questions,
    entries: Vec<Spoken>,
    thread_path: String,
    path: String,
}

/// A kind, and why it cannot be admitted any more.
struct Offered {
    name: &'static str,
    closed: Option<Message>,
}

impl Add {
    /// Whether the words of a commitment in force are not there to begin with.
    fn is_in_part(&self) -> bool {
        self.commitments.iter().any(|promise| promise.word.text().is_none())
    }
}

impl Page for Add {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What a signer can state about an agreement, for people
#[utoipa::path(
    get, path = "/t/{agreement}/add", operation_id = "add_page", tag = "pages",
    params(("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry")),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn add(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let unknown = || Failure::not_found("No agreement has this number and this hash");
        let view = app.view()?;
        let agreement = EntryLink::find(&name, &view)?.ok_or_else(unknown)?;
        let id = agreement.entry.envelope.id();
        let statement = Statement::read(agreement.entry.envelope.payload()).ok();
        let thread = statement.and_then(|statement| Thread::open(id, &statement));
        let thread = thread.ok_or_else(unknown)?;
        let entries = entries_of(&view, &id)?;
        render(&page(&visit, &view, &agreement, thread, &entries)?)
    })
    .await
}

/// The entries of a thread, oldest first.
fn entries_of(view: &View, id: &StatementId) -> Result<Vec<EntryView>, LookupError> {
    let mut newest_first = Vec::new();
    let mut cursor = None;
    while newest_first.len() < ENTRIES_MAX {
        let Some(part) = view.thread(id, cursor, STEP)? else { break };
        newest_first.extend(part.entries.into_iter().rev());
        cursor = part.next;
        if cursor.is_none() {
            break;
        }
    }
    newest_first.reverse();
    Ok(newest_first)
}

fn page(
    visit: &Visit,
    view: &View,
    agreement: &EntryView,
    mut thread: Thread,
    entries: &[EntryView],
) -> Result<Add, LookupError> {
    let said = |entry: &EntryView| -> Result<Said, LookupError> {
        Ok(Said::new(visit, entry, &EntryLinks::look_up(view, entry)?))
    };
    let mut in_force = said(agreement)?.commitments;
    for entry in entries.iter().filter(|entry| entry.entry.index != agreement.entry.index) {
        let Ok(statement) = Statement::read(entry.entry.envelope.payload()) else { continue };
        thread.apply(&statement);
        if matches!(statement.rules().effect, Effect::Amends { mutual: true, .. }) {
            in_force = said(entry)?.commitments;
        }
    }
    let said = said(agreement)?;
    let subjects = said.subjects.clone().unwrap_or_default();
    let description = visit.say("add-description").with("subjects", subjects);
    let thread_path = said.link.thread_path();
    Ok(Add {
        frame: frame(visit, &description),
        id: thread.id(),
        kinds: KINDS.into_iter().map(|name| offered(visit, name, &thread)).collect(),
        questions: Questions::new(Answers::of_agreement(
            thread.subjects(),
            thread.commitments(),
            &in_force.iter().map(|promise| promise.word.text()).collect::<Vec<_>>(),
        )),
        entries: words::spoken(visit, &thread, entries),
        commitments: in_force,
        path: format!("{thread_path}/add"),
        thread_path,
        agreement: said,
    })
}

fn frame(visit: &Visit, description: &Message) -> Frame {
    let frame = visit.frame(&visit.say("add-heading"), description).unlisted();
    let words = [
        "add-script-",
        "answer-",
        "field-",
        "kind-",
        "publish-error-",
        "publish-script-",
        "token-",
        "word-",
    ];
    words.into_iter().fold(frame.script("pages/add.js"), Frame::strings_for_script)
}

fn offered(visit: &Visit, name: &'static str, thread: &Thread) -> Offered {
    let closed = if thread.is_withdrawn() && name != "assessment" {
        Some("add-closed-withdrawn")
    } else if thread.is_terminated() && name == "termination" {
        Some("add-closed-terminated")
    } else {
        None
    };
    Offered { name, closed: closed.map(|id| visit.say(id)) }
}
