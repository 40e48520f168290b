//! The page of an organization: who claimed it, what is due from it, what its threads add up to, every entry that names
//! its domain, newest first, and how anyone can tell that none is left out. How threads stand is derived in `thread/`.

mod figures;
mod parts;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::calendar::CALENDAR;
use super::entry_line::EntryLine;
use super::entry_link::EntryLink;
use super::{Frame, Page, Visit, lead_to, render};
use crate::encoding::domain::Domain;
use crate::http::answer::JSON;
use crate::http::api::organizations::Days;
use crate::http::embed::oembed::{self, OEMBED};
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, Cursor, Part, looking_up};
use crate::http::state::App;
use crate::service::{OrganizationView, View};
use figures::Figures;
use parts::{Claimed, Due};

/// Entries on a page.
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "organization.html", config = "src/http/pages/askama.toml")]
struct OrganizationPage {
    frame: Frame,
    domain: String,
    /// The name in its own script, when that is not ASCII.
    in_own_script: Option<String>,
    /// How many entries name it.
    total: u64,
    claimed: Claimed,
    due: Due,
    figures: Option<Figures>,
    newest: EntryLink,
    entries: Vec<EntryLine>,
    /// The places of the first and the last entry shown, from 1 for the newest.
    shown: (u64, u64),
    /// Whether other entries are on other pages.
    is_part: bool,
    older: Option<String>,
    /// The page with the newest entries, when it is not this one.
    first: Option<String>,
    /// The path of its feeds, but for their endings.
    feeds: String,
    /// What is due from it, as iCalendar.
    calendar: String,
    /// The page of what waits for it, and the one on which it claims its domain.
    inbox: String,
    claim: String,
    /// The page on which its entries are followed.
    live: String,
    /// The page that shows how other sites show it.
    builder: String,
}

impl Page for OrganizationPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// The page of a domain that no entry names.
#[derive(Template)]
#[template(path = "organization_unknown.html", config = "src/http/pages/askama.toml")]
struct UnknownPage {
    frame: Frame,
    domain: String,
    in_own_script: Option<String>,
}

impl Page for UnknownPage {
    fn frame(&self) -> &Frame {
        &self.frame
    }
}

/// What is on record about an organization
#[utoipa::path(
    get, path = "/o/{domain}", operation_id = "organization_page", tag = "pages",
    params(("domain" = String, Path, description = "The domain name"), Cursor, Days),
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html; charset=utf-8"),
        (status = 303, description = "The page of the name in lower-case ASCII"),
        (status = 404, description = "A page that says that nothing is on record", body = String, content_type = "text/html; charset=utf-8"),
        (status = "default", description = "A page that says what is wrong", body = String, content_type = "text/html; charset=utf-8"),
    )
)]
pub async fn organization(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(name): Part<String>,
    Asked(Cursor { cursor }): Asked<Cursor>,
    Asked(days): Asked<Days>,
    visit: Visit,
) -> Result<Response, Failure> {
    let domain = match named(&visit, &name, "")? {
        Ok(domain) => domain,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let days = days.period()?;
    looking_up(move || {
        let view = app.view()?;
        match view.organization(&domain)? {
            Some(found) => render(&known(&visit, &view, &found, cursor, days)?),
            None => nothing(&visit, &domain),
        }
    })
    .await
}

/// The domain of an address, or the way to the address with the name in its one form; `below` is what follows the name.
///
/// # Errors
/// `bad_query` for what is no name.
pub fn named(visit: &Visit, name: &str, below: &str) -> Result<Result<Domain, Response>, Failure> {
    Domain::parse(name).map(Ok).or_else(|_| {
        let typed = Domain::from_typed(name);
        let domain = typed.map_err(|_| Failure::bad_query("This is not a domain name."))?;
        Ok(Err(lead_to(&visit.link(&format!("/o/{domain}{below}")))))
    })
}

fn known(
    visit: &Visit,
    view: &View,
    found: &OrganizationView,
    cursor: Option<u64>,
    days: u16,
) -> Result<OrganizationPage, Failure> {
    let domain = &found.domain;
    let page = view.organization_entries(domain, cursor, ENTRIES)?;
    let page =
        page.ok_or_else(|| Failure::not_found("No entry with this number names the domain"))?;
    let (index, seq, leaf_hash) = found.newest;
    let place = |entry: &crate::service::EntryView| {
        let subjects = &entry.entry.links.subjects;
        let link = subjects.iter().find(|(subject, _)| subject == domain);
        link.map_or(0, |(_, link)| seq.saturating_sub(link.seq()) + 1)
    };
    let shown = (page.entries.first().map_or(0, place), page.entries.last().map_or(0, place));
    let title = visit.say("organization-title").with("domain", domain.to_string());
    let description = visit.say("organization-description").with("domain", domain.to_string());
    let frame = visit
        .frame(&title, &description)
        .alternate(JSON, &format!("/api/v1/organizations/{domain}/entries"))
        .alternate(CALENDAR, &format!("/o/{domain}/due.ics"))
        .alternate(OEMBED, &oembed::path(&format!("{}/o/{domain}", visit.app().public_url())))
        .feeds(&format!("/o/{domain}/feed"));
    Ok(OrganizationPage {
        feeds: format!("/o/{domain}/feed"),
        calendar: format!("/o/{domain}/due.ics"),
        inbox: format!("/o/{domain}/inbox"),
        claim: format!("/o/{domain}/claim"),
        live: format!("/live?domain={domain}"),
        builder: format!("/embed?entry={domain}"),
        domain: domain.to_string(),
        in_own_script: domain.in_own_script(),
        total: found.entries_total,
        claimed: Claimed::find(visit, view, domain)?,
        due: Due::find(visit, view, domain, visit.app().ledger().now())?,
        figures: Figures::find(visit, view, domain, days)?,
        newest: EntryLink::new(index, &leaf_hash),
        entries: EntryLine::all(visit, &page.entries),
        shown,
        is_part: cursor.is_some() || page.next.is_some(),
        older: page.next.map(|next| frame.at_cursor(Some(next))),
        first: (shown.0 > 1).then(|| frame.at_cursor(None)),
        frame,
    })
}

/// The page of a domain that no entry names.
///
/// # Errors
/// `internal` when it cannot be written.
pub fn nothing(visit: &Visit, domain: &Domain) -> Result<Response, Failure> {
    let title = visit.say("organization-title").with("domain", domain.to_string());
    let page = UnknownPage {
        frame: visit.frame(&title, &visit.say("organization-nothing")).unlisted(),
        domain: domain.to_string(),
        in_own_script: domain.in_own_script(),
    };
    let mut response = render(&page)?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}
