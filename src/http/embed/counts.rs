//! The badge of a thread or an organization: two counts and the minute they are of. A picture that stays open says by
//! itself, after ten minutes, that it is out of date. It is as neutral as the badge of an entry, and checks as little.

use axum::extract::State;
use axum::response::Response;

use super::badge::{Label, draw};
use super::shown::{Of, Shown};
use super::{Embedded, element, oembed};
use crate::encoding::time::Moment;
use crate::http::answer;
use crate::http::api::shapes;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::pages::Visit;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::service::View;
use crate::thread::counts::Counts;
use crate::wire::{self, BadgeState, CountsUrls, Problem};

const WHY: &str = "The ledger derived the counts from its entries. Who does not believe it recomputes them: \
    `onrecord stats` and the reducer's test vectors say how.";

/// A badge of a thread
#[utoipa::path(
    get, path = "/badge/t/{file}", operation_id = "thread_badge", tag = "embed",
    params(
        ("file" = String, Path, description = "<index>-<first 32 hexadecimal digits of the leaf hash> of the agreement's entry, with .svg or .json at its end"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of the picture and of `text`"),
    ),
    responses(
        (status = 200, description = "The picture, or what it says", content((String = "image/svg+xml"), (wire::CountsBadge = "application/json"))),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn thread_badge(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(file): Part<String>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    looking_up(move || badge(&app, &visit, Of::Thread, &file)).await
}

/// A badge of an organization
#[utoipa::path(
    get, path = "/badge/o/{file}", operation_id = "organization_badge", tag = "embed",
    params(
        ("file" = String, Path, description = "The domain name, with .svg or .json at its end"),
        ("lang" = Option<String>, Query, description = "en, es or ar: the language of the picture and of `text`"),
    ),
    responses(
        (status = 200, description = "The picture, or what it says", content((String = "image/svg+xml"), (wire::CountsBadge = "application/json"))),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organization_badge(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(file): Part<String>,
    Embedded(visit): Embedded,
) -> Result<Response, Failure> {
    looking_up(move || badge(&app, &visit, Of::Organization, &file)).await
}

fn badge(app: &App, visit: &Visit, of: Of, file: &str) -> Result<Response, Failure> {
    let unknown = || Failure::not_found("A badge ends in .svg or .json");
    let (name, ending) = file.rsplit_once('.').ok_or_else(unknown)?;
    if !matches!(ending, "svg" | "json") {
        return Err(unknown());
    }
    let (view, shown) = Shown::find_announced(app, of, name)?;
    if ending == "svg" {
        picture(visit, &view, &shown)
    } else {
        answer::json(&facts(app, visit, &view, &shown)?)
    }
}

/// What is said of a thread or an organization now.
pub struct Counted {
    /// The counts; none where the operator withholds the agreement.
    pub counts: Option<Counts>,
    /// The minute they are of.
    pub as_of: Moment,
}

impl Counted {
    /// Looks it up; of an entry there is nothing to count.
    ///
    /// # Errors
    /// When it cannot be looked up.
    pub fn of(visit: &Visit, view: &View, shown: &Shown) -> Result<Self, Failure> {
        let as_of = visit.app().ledger().now().max(view.as_of()).at_the_minute();
        let counts = match shown {
            Shown::Entry(_) => None,
            Shown::Thread(agreement) => {
                let id = agreement.entry.envelope.id();
                view.thread_state(&id, as_of)?.map(|state| state.counts(None))
            }
            Shown::Organization(domain) => Some(view.counts(domain, as_of)?),
        };
        Ok(Self { counts, as_of })
    }

    /// The line on the badge.
    pub fn text(&self, visit: &Visit) -> String {
        let text = match self.counts {
            None => visit.say("badge-withheld"),
            Some(Counts { commitments, overdue }) => {
                visit.say("badge-counts").with("commitments", commitments).with("overdue", overdue)
            }
        };
        text.with("time", self.time()).unmarked()
    }

    /// Hours and minutes.
    fn time(&self) -> String {
        self.as_of.to_seconds()["YYYY-MM-DDT".len()..][.."HH:MM".len()].to_owned()
    }
}

fn picture(visit: &Visit, view: &View, shown: &Shown) -> Result<Response, Failure> {
    let counted = Counted::of(visit, view, shown)?;
    let old = visit.say("badge-counts-old").with("time", counted.time()).unmarked();
    let name = visit
        .say("badge-counts-title")
        .with("name", shown.title(visit).unmarked())
        .with("says", counted.text(visit))
        .with("day", visit.written(&counted.as_of.to_seconds()));
    draw(visit, Label::new(counted.text(visit)).or_old(old), name.text())
}

fn facts(
    app: &App,
    visit: &Visit,
    view: &View,
    shown: &Shown,
) -> Result<wire::CountsBadge, Failure> {
    let counted = Counted::of(visit, view, shown)?;
    let url = |path: String| format!("{}{path}", app.public_url());
    let page = url(shown.page_path());
    let (thread, domain, entries, (index, leaf_hash)) = match shown {
        Shown::Organization(domain) => {
            let newest = view.organization(domain)?.map(|found| (found.newest.0, found.newest.2));
            let newest = newest.ok_or_else(|| Failure::not_found("Nothing names this domain"))?;
            let entries = format!("/api/v1/organizations/{domain}/entries");
            (None, Some(domain.to_string()), entries, newest)
        }
        Shown::Entry(entry) | Shown::Thread(entry) => {
            let id = entry.entry.envelope.id().to_string();
            let entries = format!("/api/v1/threads/{id}");
            (Some(id), None, entries, (entry.entry.index, entry.leaf_hash))
        }
    };
    Ok(wire::CountsBadge {
        thread,
        domain,
        index,
        leaf_hash: leaf_hash.to_hex(),
        commitments: counted.counts.map(|counts| counts.commitments),
        overdue: counted.counts.map(|counts| counts.overdue),
        as_of: counted.as_of.to_millis(),
        text: counted.text(visit),
        state: BadgeState::NotChecked,
        why: WHY.to_owned(),
        urls: CountsUrls {
            entries: url(entries),
            badge: url(shown.badge_path(None)),
            card: url(shown.card_path()),
            element: url(element::PATH.to_owned()),
            oembed: url(oembed::path(&page)),
            page,
        },
        meta: shapes::meta(view),
    })
}
