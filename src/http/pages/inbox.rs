//! The inbox of an organization: what waits for it, by day, and with each thing where and by which command it is answered. Everything
//! in it follows from entries that everyone can read; what waits is derived in `thread/`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry_link::EntryLink;
use super::standing::what;
use super::strings::Message;
use super::{Frame, Page, Visit, organization, render};
use crate::encoding::domain::Domain;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{LookupError, View};
use crate::statement::StatementId;
use crate::thread::course::Mark;
use crate::thread::deadlines::Task;
use crate::thread::threads::Waiting;

/// Things on a page.
const THINGS: usize = 50;

#[derive(Template)]
#[template(path = "inbox.html", config = "src/http/pages/askama.toml")]
struct InboxPage {
    frame: Frame,
    domain: String,
    /// The path of its page, and of the page on which it claims its domain.
    organization: String,
    claim: String,
    is_claimed: bool,
    /// The file name that stands for the key in the commands.
    key: String,
    /// Overdue, due by a coming day, and without a verdict.
    counts: (usize, usize, usize),
    things: Vec<Thing>,
    next: Option<String>,
    /// The page that begins with the first, when it is not this one.
    first: Option<String>,
}

impl Page for InboxPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// Something that waits for an organization.
struct Thing {
    class: &'static str,
    state: Message,
    what: Message,
    /// The title of the agreement, where it is public.
    title: Option<String>,
    agreement: EntryLink,
    /// The page on which the browser signs an answer.
    answer: String,
    /// What puts an answer on record.
    commands: Vec<String>,
}

/// Where the page begins.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Passed {
    /// How many things come before the first on the page.
    cursor: Option<u64>,
}

/// What waits for an organization, for people
#[utoipa::path(
    get, path = "/o/{domain}/inbox", operation_id = "inbox_page", tag = "pages",
    params(("domain" = String, Path, description = "The domain name"), Passed),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = 303, description = "The page of the name in lower-case ASCII"),
        (status = 404, description = "A page that says that nothing is on record", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn inbox(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    Asked(Passed { cursor }): Asked<Passed>,
    visit: Visit,
) -> Result<Response, Failure> {
    let domain = match organization::named(&visit, &name, "/inbox")? {
        Ok(domain) => domain,
        Err(elsewhere) => return Ok(elsewhere),
    };
    looking_up(move || {
        let view = app.view()?;
        if view.organization(&domain)?.is_none() {
            return organization::nothing(&visit, &domain);
        }
        let passed = usize::try_from(cursor.unwrap_or(0)).unwrap_or(usize::MAX);
        render(&page(&visit, &view, &domain, passed)?)
    })
    .await
}

fn page(
    visit: &Visit,
    view: &View,
    domain: &Domain,
    passed: usize,
) -> Result<InboxPage, LookupError> {
    let waiting = view.waiting_for(domain, visit.app().ledger().now())?;
    let open = view.without_verdict(domain)?;
    let late = waiting.iter().filter(|waiting| waiting.deadline.is_late).count();
    let title = visit.say("inbox-title").with("domain", domain.to_string());
    let description = visit.say("inbox-description").with("domain", domain.to_string());
    let inbox = Inbox { visit, view, domain, key: format!("{domain}.key") };
    let due = waiting.get(passed..).unwrap_or_default();
    let due = due.iter().take(THINGS).map(|waiting| inbox.due(waiting));
    let open_left = open.get(passed.saturating_sub(waiting.len())..).unwrap_or_default();
    let room = THINGS - due.len();
    let open_left = open_left.iter().take(room).map(|agreement| inbox.no_verdict(agreement));
    let things: Result<Vec<_>, _> = due.chain(open_left).collect();
    let shown = passed.saturating_add(THINGS);
    let frame = visit.frame(&title, &description).unlisted();
    Ok(InboxPage {
        domain: domain.to_string(),
        organization: format!("/o/{domain}"),
        claim: format!("/o/{domain}/claim"),
        is_claimed: !view.claimed(domain, 1)?.claims.is_empty(),
        counts: (late, waiting.len() - late, open.len()),
        things: things?.into_iter().flatten().collect(),
        next: (shown < waiting.len() + open.len()).then(|| frame.at_cursor(Some(shown as u64))),
        first: (passed > 0).then(|| frame.at_cursor(None)),
        key: inbox.key,
        frame,
    })
}

struct Inbox<'a> {
    visit: &'a Visit,
    view: &'a View,
    domain: &'a Domain,
    key: String,
}

impl Inbox<'_> {
    fn due(&self, waiting: &Waiting) -> Result<Option<Thing>, LookupError> {
        let Waiting { agreement, deadline, .. } = waiting;
        let (class, id) = if deadline.is_late { ("late", "inbox-late") } else { ("", "inbox-by") };
        let day = self.visit.written(&deadline.day.to_string());
        let (begun, commands) = match deadline.task {
            Task::FirstResponse(breach) => (
                format!("kind=response&stage=acknowledged&re={breach}"),
                self.command("respond", breach, "--stage acknowledged --note '…'")?,
            ),
            Task::FinalResponse(breach) => (
                format!("kind=response&stage=final&re={breach}"),
                self.command("respond", breach, "--stage final --outcome refund --note '…'")?,
            ),
            Task::Keep(number) => (
                format!("kind=fulfilment&number={number}"),
                self.fulfilment(&waiting.thread, number),
            ),
            // It waits for those who signed, never for an organization.
            Task::Accept(_) => return Ok(None),
        };
        let state = self.visit.say(id).with("day", day);
        let what = what(self.visit, deadline);
        self.thing((class, state), what, agreement, (&begun, commands))
    }

    fn no_verdict(&self, agreement: &Mark) -> Result<Option<Thing>, LookupError> {
        let mut commands = self.command("countersign", agreement.index, "")?;
        let why = "--reason terms-differ --note '…'";
        commands.extend(self.command("decline", agreement.index, why)?);
        let state = self.visit.say("standing-one-sided");
        let what = self.visit.say("inbox-verdict").with("index", agreement.index);
        let begun = format!("kind=countersignature&re={}", agreement.index);
        self.thing(("", state), what, agreement, (&begun, commands))
    }

    fn thing(
        &self,
        (class, state): (&'static str, Message),
        what: Message,
        agreement: &Mark,
        (begun, commands): (&str, Vec<String>),
    ) -> Result<Option<Thing>, LookupError> {
        let Some(entry) = self.view.entry(agreement.index)? else { return Ok(None) };
        let title = entry.title().map(str::to_owned);
        let agreement = EntryLink::of(&entry);
        let answer = format!("{}/add?as={}&{begun}", agreement.thread_path(), self.domain);
        Ok(Some(Thing { class, state, what, title, agreement, answer, commands }))
    }

    /// The commands that state that a commitment was kept, and what the file has to say in between.
    fn fulfilment(&self, thread: &StatementId, number: u8) -> Vec<String> {
        let Self { visit, domain, key, .. } = self;
        let url = visit.app().public_url();
        vec![
            "onrecord sign --example fulfilment > fulfilment.toml".to_owned(),
            format!(
                "# thread = \"{thread}\", domain = \"{domain}\", commitment_numbers = [{number}]"
            ),
            format!("onrecord sign fulfilment fulfilment.toml --key {key} --to {url}"),
            format!("onrecord publish fulfilment.signed.json --to {url}"),
        ]
    }

    /// The command that answers an entry, with the address of its page.
    fn command(&self, verb: &str, index: u64, more: &str) -> Result<Vec<String>, LookupError> {
        let Some(hash) = self.view.leaf_hash(index)? else { return Ok(Vec::new()) };
        let (url, path) = (self.visit.app().public_url(), EntryLink::new(index, &hash).path());
        let command = format!("onrecord {verb} {url}{path} --key {} {more}", self.key);
        Ok(vec![command.trim_end().to_owned()])
    }
}
