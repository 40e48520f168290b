//! The page of a thread: how it stands, the agreement, and everything stated about it in the order of the ledger.
//! What entries add up to is derived in `thread/` and shown by `standing`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::calendar::CALENDAR;
use super::entry::{EntryLinks, Said};
use super::entry_link::EntryLink;
use super::standing::Standing;
use super::{Frame, Page, Visit, render};
use crate::encoding::domain::Domain;
use crate::http::answer::JSON;
use crate::http::embed::oembed::{self, OEMBED};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, Cursor, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, LookupError, ThreadView, View};
use crate::statement::{Statement, StatementId};
use crate::thread::{Thread, state};

/// Entries on a page, beside the agreement.
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "thread.html", config = "src/http/pages/askama.toml")]
struct ThreadPage {
    frame: Frame,
    id: StatementId,
    /// How it stands now, unless its agreement is withheld.
    standing: Option<Standing>,
    agreement: Said,
    /// What follows it, oldest first; not what is on pages before this one.
    entries: Vec<Said>,
    /// How many entries stand between the agreement and the first shown.
    left_out: u64,
    /// The page with the entries before those shown.
    earlier: Option<String>,
    /// The page with the newest entries, when it is not this one.
    newest: Option<String>,
    /// What is due in it, as iCalendar.
    calendar: String,
    /// The page on which a signer or an organization adds to it.
    add: String,
    /// The page that shows how other sites show it.
    builder: String,
    /// The organizations that are parties to it, each with the page on which it answers.
    parties: Vec<(String, String)>,
    offers_welcome: bool,
}

impl Page for ThreadPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// An agreement and what was stated about it, for people
#[utoipa::path(
    get, path = "/t/{agreement}", operation_id = "thread_page", tag = "pages",
    params(("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry"), Cursor),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn thread(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    Asked(Cursor { cursor }): Asked<Cursor>,
    visit: Visit,
) -> Result<Response, Failure> {
    looking_up(move || {
        let unknown = || Failure::not_found("No agreement has this number and this hash");
        let view = app.view()?;
        let agreement = EntryLink::find(&name, &view)?.ok_or_else(unknown)?;
        let id = agreement.entry.envelope.id();
        let thread = view.thread(&id, cursor, ENTRIES)?.ok_or_else(unknown)?;
        let state = view.thread_state(&id, app.ledger().now())?;
        render(&page(&visit, &view, &agreement, &thread, state.as_ref(), cursor.is_some())?)
    })
    .await
}

fn page(
    visit: &Visit,
    view: &View,
    agreement: &EntryView,
    thread: &ThreadView,
    state: Option<&state::State>,
    is_older: bool,
) -> Result<ThreadPage, LookupError> {
    let said = |entry: &EntryView| -> Result<Said, LookupError> {
        let mut said = Said::new(visit, entry, &EntryLinks::look_up(view, entry)?);
        said.replies = Said::replies(visit, view, entry, state)?;
        Ok(said)
    };
    let follows = thread.entries.iter().filter(|entry| entry.entry.index != thread.index);
    let follows: Vec<_> = follows.collect();
    let first = follows.first().and_then(|entry| entry.entry.links.thread);
    let left_out = first.map_or(0, |link| link.seq().saturating_sub(1));
    let opened = Statement::read(agreement.entry.envelope.payload()).ok();
    let opened = opened.and_then(|statement| Thread::open(thread.id, &statement));
    let agreement = said(agreement)?;
    let add = format!("{}/add", agreement.link.thread_path());
    let page = format!("{}{}", visit.app().public_url(), agreement.link.thread_path());
    let parties = opened.as_ref().map_or(&[][..], Thread::subjects);
    let answer = |domain: &Domain| (domain.to_string(), format!("{add}?as={domain}"));
    let frame = frame(visit, &agreement, &thread.id, &page);
    Ok(ThreadPage {
        id: thread.id,
        standing: state.map(|state| Standing::of(visit, view, state)).transpose()?,
        entries: follows.into_iter().map(said).collect::<Result<_, _>>()?,
        left_out,
        earlier: thread.next.filter(|_| left_out > 0).map(|next| frame.at_cursor(Some(next))),
        calendar: format!("{}/due.ics", agreement.link.thread_path()),
        parties: parties.iter().map(answer).collect(),
        builder: format!("/embed?entry={page}"),
        add,
        offers_welcome: opened.is_some_and(|opened| opened.offers_welcome()),
        newest: is_older.then(|| frame.at_cursor(None)),
        agreement,
        frame,
    })
}

/// The frame of the thread whose page has that address.
fn frame(visit: &Visit, agreement: &Said, id: &StatementId, page: &str) -> Frame {
    let subjects = agreement.subjects.clone().unwrap_or_default();
    let title = match agreement.public_title() {
        Some(title) => visit.say("thread-title").with("title", title.to_owned()),
        None => visit.say("thread-title-with").with("subjects", subjects.clone()),
    };
    let description = visit.say("thread-description").with("subjects", subjects);
    visit
        .frame(&title, &description)
        .alternate(JSON, &format!("/api/v1/threads/{id}"))
        .alternate(CALENDAR, &format!("{}/due.ics", agreement.link.thread_path()))
        .alternate(OEMBED, &oembed::path(page))
        .feeds(&format!("{}/feed", agreement.link.thread_path()))
}
