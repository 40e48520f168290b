//! The days by which something is due, of a thread and of an organization, as iCalendar. Words of people are left
//! out, since a calendar keeps what it once fetched; it leads to the page that has them.

mod ics;

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_LANGUAGE;
use axum::http::request::Parts;
use axum::response::Response;

use super::Visit;
use super::entry_link::EntryLink;
use super::standing::what;
use super::strings::Message;
use crate::encoding::domain::Domain;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{LookupError, View};
use crate::thread::deadlines::{Deadline, Task};
use crate::thread::threads::Waiting;
use crate::wire::Problem;
use ics::{Calendar, Event};

/// Days to come, and days that have passed, at most: the nearest of each.
const EACH: usize = 500;
/// The type of a calendar.
pub const CALENDAR: &str = "text/calendar";
const UTF_8_CALENDAR: &str = "text/calendar; charset=utf-8";

/// What is due in a thread, as iCalendar
#[utoipa::path(
    get, path = "/t/{agreement}/due.ics", operation_id = "thread_calendar", tag = "read",
    params(
        ("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of what is due"),
    ),
    responses(
        (status = 200, description = "The calendar, one all-day event for each day by which something is due", body = String, content_type = "text/calendar; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn thread(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    parts: Parts,
) -> Result<Response, Failure> {
    looking_up(move || {
        let (visit, view) = (Visit::by_address(&app, &parts), app.view()?);
        let unknown = || Failure::not_found("No agreement has this number and this hash");
        let agreement = EntryLink::find(&name, &view)?.ok_or_else(unknown)?;
        let id = agreement.entry.envelope.id();
        if agreement.thread != Some(id) {
            return Err(unknown());
        }
        let state = view.thread_state(&id, app.ledger().now())?;
        let waiting = state.iter().flat_map(|state| {
            let agreement = state.agreement;
            let deadlines = state.deadlines().into_iter();
            deadlines.map(move |deadline| Waiting { thread: id, agreement, deadline })
        });
        let title = visit.say("calendar-of-thread").with("index", agreement.entry.index);
        answer(&visit, &view, &title, waiting.collect())
    })
    .await
}

/// What is due from an organization, as iCalendar
#[utoipa::path(
    get, path = "/o/{domain}/due.ics", operation_id = "organization_calendar", tag = "read",
    params(
        ("domain" = String, Path, description = "The domain name, in lower-case ASCII"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of what is due"),
    ),
    responses(
        (status = 200, description = "The calendar: the nearest 500 days to come and the latest 500 that have passed", body = String, content_type = "text/calendar; charset=utf-8"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organization(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
    parts: Parts,
) -> Result<Response, Failure> {
    looking_up(move || {
        let (visit, view) = (Visit::by_address(&app, &parts), app.view()?);
        let unknown = || Failure::not_found(&format!("Nothing is on record about {domain}"));
        view.organization(&domain)?.ok_or_else(unknown)?;
        let waiting = view.waiting_for(&domain, app.ledger().now())?;
        let title = visit.say("calendar-of-organization").with("domain", domain.to_string());
        answer(&visit, &view, &title, waiting)
    })
    .await
}

fn answer(
    visit: &Visit,
    view: &View,
    title: &Message,
    waiting: Vec<Waiting>,
) -> Result<Response, Failure> {
    let (late, coming): (Vec<_>, Vec<_>) =
        waiting.into_iter().partition(|waiting| waiting.deadline.is_late);
    let nearest = late.iter().rev().take(EACH).rev().chain(coming.iter().take(EACH));
    let mut events = Vec::new();
    for waiting in nearest {
        events.extend(event(visit, view, waiting)?);
    }
    let calendar = Calendar {
        name: title.plain(),
        language: visit.language().tag(),
        as_of: view.as_of(),
        events,
    };
    let mut response = answer::for_now(UTF_8_CALENDAR, calendar.to_text());
    let language = HeaderValue::from_static(visit.language().tag());
    response.headers_mut().insert(CONTENT_LANGUAGE, language);
    Ok(response)
}

fn event(visit: &Visit, view: &View, waiting: &Waiting) -> Result<Option<Event>, LookupError> {
    let Waiting { agreement, deadline, .. } = waiting;
    let Some(hash) = view.leaf_hash(agreement.index)? else { return Ok(None) };
    let id = if deadline.is_late { "calendar-overdue" } else { "calendar-due" };
    let path = EntryLink::new(agreement.index, &hash).thread_path();
    Ok(Some(Event {
        uid: format!("{}@{}", name(deadline), visit.app().ledger().origin()),
        day: deadline.day,
        summary: visit.say(id).with("what", what(visit, deadline).plain()).plain(),
        url: format!("{}{path}", visit.app().public_url()),
    }))
}

/// What a deadline is called among those of a ledger. It stays when its day is moved.
fn name(deadline: &Deadline) -> String {
    let by = deadline.by.subject().map_or("signers", Domain::as_str);
    match deadline.task {
        Task::Keep(number) => {
            let list = deadline.entries.first().copied().unwrap_or_default();
            format!("{list}-commitment-{number}")
        }
        Task::FirstResponse(breach) => format!("{breach}-first-response-{by}"),
        Task::FinalResponse(breach) => format!("{breach}-final-response-{by}"),
        Task::Accept(offer) => format!("{offer}-offer"),
    }
}
