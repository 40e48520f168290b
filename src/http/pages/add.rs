//! The page on which a signer states what became of an agreement, and an organization answers or makes an offer. The
//! server says what can be admitted still; the statement is made, signed and sent by the browser (protocol §5), and no
//! key or answer comes here.

mod organization;
mod words;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::entry::{EntryLinks, Promise, Said};
use super::entry_link::EntryLink;
use super::publish::{Answers, Questions, domain_in};
use super::strings::Message;
use super::{Frame, Page, Visit, render};
use crate::encoding::domain::Domain;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::{EntryView, LookupError, View};
use crate::statement::fields::{COMMITMENTS_MAX, SUBJECTS_MAX};
use crate::statement::kind::OUTCOMES;
use crate::statement::words::EVIDENCE_MAX;
use crate::statement::{Effect, Statement, StatementId};
use crate::thread::Thread;
use organization::Organization;
use words::Spoken;

/// What a signer may state, in the order in which it is offered.
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
    /// The organization that states something; a signer does where there is none.
    organization: Option<Organization>,
    /// Whose keys may sign, with spaces between.
    signers: String,
    /// The commitments in force.
    commitments: Vec<Promise>,
    /// The numbers of those of them that whoever states something owes or is owed.
    numbers: Vec<usize>,
    kinds: Vec<Offered>,
    /// The kind that is chosen to begin with.
    chosen: Option<String>,
    /// The number of the commitment that is chosen to begin with.
    number: Option<usize>,
    /// An amendment begins as the list in force.
    questions: Questions,
    entries: Vec<Spoken>,
    thread_path: String,
    path: String,
}

/// Who states something, and what is chosen to begin with.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Begun {
    /// The domain of the organization that states something. Without it, those who signed the agreement do.
    #[serde(rename = "as")]
    #[param(rename = "as")]
    organization: Option<String>,
    /// The kind of statement.
    kind: Option<String>,
    /// The number of the entry that is answered.
    re: Option<u64>,
    /// The stage of the response.
    stage: Option<String>,
    /// The number of the commitment that was kept.
    number: Option<usize>,
}

/// A kind, and why it cannot be admitted any more.
struct Offered {
    name: &'static str,
    closed: Option<Message>,
}

impl Add {
    /// Whether there is something that can be stated, and a key that may sign it.
    fn is_open(&self) -> bool {
        self.organization.as_ref().is_none_or(Organization::is_able)
    }

    /// Whether the commitment of that number is chosen to begin with.
    fn begins_with(&self, number: &usize) -> bool {
        self.number.as_ref() == Some(number)
    }

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

/// What a signer or an organization can state about an agreement, for people
#[utoipa::path(
    get, path = "/t/{agreement}/add", operation_id = "add_page", tag = "pages",
    params(("agreement" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry"), Begun),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn add(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    Asked(begun): Asked<Begun>,
    visit: Visit,
) -> Result<Response, Failure> {
    visit.expect_admission()?;
    let unknown = || Failure::bad_query("This is not a domain name.");
    let typed = begun.organization.as_deref().map(str::trim);
    let domain = typed.map(|typed| domain_in(typed).ok_or_else(unknown)).transpose()?;
    looking_up(move || {
        let unknown = || Failure::not_found("No agreement has this number and this hash");
        let view = app.view()?;
        let agreement = EntryLink::find(&name, &view)?.ok_or_else(unknown)?;
        let id = agreement.entry.envelope.id();
        let statement = Statement::read(agreement.entry.envelope.payload()).ok();
        let thread = statement.and_then(|statement| Thread::open(id, &statement));
        let thread = thread.ok_or_else(unknown)?;
        let entries = entries_of(&view, &id)?;
        render(&page(&visit, &view, (&agreement, &entries), thread, (domain, &begun))?)
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
    (agreement, entries): (&EntryView, &[EntryView]),
    mut thread: Thread,
    (domain, begun): (Option<Domain>, &Begun),
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
    let organization = domain
        .map(|domain| Organization::find(visit, view, (&thread, entries), domain, begun))
        .transpose()?;
    let owed = (1..).zip(thread.commitments()).filter(|(_, commitment)| {
        organization.as_ref().is_none_or(|organization| organization.owes(commitment))
    });
    let thread_path = said.link.thread_path();
    let kinds = organization.as_ref().map_or(&KINDS[..], Organization::kinds);
    Ok(Add {
        frame: frame(visit, said.subjects.clone(), organization.as_ref()),
        id: thread.id(),
        signers: match &organization {
            Some(organization) => organization.keys.join(" "),
            None => said.signers.join(" "),
        },
        numbers: owed.map(|(number, _)| number).collect(),
        chosen: begun.kind.clone(),
        number: begun.number,
        kinds: kinds
            .iter()
            .map(|name| offered(visit, name, &thread, organization.is_some()))
            .collect(),
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
        organization,
    })
}

fn frame(visit: &Visit, subjects: Option<String>, organization: Option<&Organization>) -> Frame {
    let (heading, description) = match organization {
        Some(Organization { domain, .. }) => (
            visit.say("add-as-heading").with("domain", domain.to_string()),
            visit.say("add-as-description").with("domain", domain.to_string()),
        ),
        None => (
            visit.say("add-heading"),
            visit.say("add-description").with("subjects", subjects.unwrap_or_default()),
        ),
    };
    let frame = visit.frame(&heading, &description).unlisted();
    if organization.is_some_and(|organization| !organization.is_able()) {
        return frame;
    }
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

/// What organizations state is admitted after a withdrawal too (protocol §5).
fn offered(visit: &Visit, name: &'static str, thread: &Thread, by_organization: bool) -> Offered {
    let closed = if thread.is_withdrawn() && name != "assessment" && !by_organization {
        Some("add-closed-withdrawn")
    } else if thread.is_terminated() && name == "termination" {
        Some("add-closed-terminated")
    } else {
        None
    };
    Offered { name, closed: closed.map(|id| visit.say(id)) }
}
