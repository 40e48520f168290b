//! Organizations: what the ledger holds about one domain name, exactly as written, and what it adds up to.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::listing::Listing;
use super::shapes;
use crate::encoding::domain::Domain;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Asked, Charged, Page, Part, looking_up, read_query};
use crate::http::state::App;
use crate::service::OrganizationView;
use crate::thread::metrics::PERIODS;
use crate::wire::{
    ChainHead, EntryList, ListedOrganization, Organization, OrganizationList, OrganizationMetrics,
    Problem,
};

/// Which page of the organizations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The first domain wanted: the `next` of the page before.
    #[serde(default)]
    cursor: Option<String>,
    /// How many organizations, 1 to 500; 50 when left out.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
}

/// A domain to begin with, and how many.
pub struct From {
    domain: Option<Domain>,
    limit: usize,
}

impl<S: Send + Sync> FromRequestParts<S> for From {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let which: Which = read_query(parts)?;
        let domain = which.cursor.as_deref().map(Domain::parse).transpose().map_err(|_| {
            Failure::bad_query("cursor is a domain in lower-case ASCII, the `next` of a page.")
        })?;
        Ok(Self { domain, limit: Page::new(None, which.limit)?.limit() })
    }
}

/// The organizations that entries name, ascending by domain
#[utoipa::path(
    get, path = "/api/v1/organizations", operation_id = "list_organizations", tag = "read", params(Which),
    responses(
        (status = 200, description = "A page of organizations", body = OrganizationList),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn list(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    from: From,
) -> Result<Response, Failure> {
    looking_up(move || {
        let view = app.view()?;
        let (found, next) = view.organizations(from.domain.as_ref(), from.limit)?;
        let organizations = found.iter().map(|found| ListedOrganization {
            domain: found.domain.to_string(),
            entries_total: found.entries_total,
            newest: head(found),
        });
        answer::json(&OrganizationList {
            organizations: organizations.collect(),
            next: next.map(|domain| domain.to_string()),
            meta: shapes::meta(&view),
        })
    })
    .await
}

fn head(found: &OrganizationView) -> ChainHead {
    let (index, seq, leaf_hash) = found.newest;
    ChainHead { index, seq, leaf_hash: leaf_hash.to_hex() }
}

/// What is on record about a domain
#[utoipa::path(
    get, path = "/api/v1/organizations/{domain}", operation_id = "read_organization", tag = "read",
    params(("domain" = String, Path, description = "The domain name, in lower-case ASCII")),
    responses(
        (status = 200, description = "How much there is, and the newest of it", body = Organization),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn organization(
    _: Charged<{ cost::READ }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
) -> Result<Response, Failure> {
    let view = app.view()?;
    let found = view.organization(&domain)?.ok_or_else(|| unknown(&domain))?;
    answer::json(&Organization {
        domain: domain.as_str().to_owned(),
        entries_total: found.entries_total,
        newest: head(&found),
        meta: shapes::meta(&view),
    })
}

/// A domain's entries, newest first
#[utoipa::path(
    get, path = "/api/v1/organizations/{domain}/entries", operation_id = "list_entries_of_organization", tag = "read",
    params(("domain" = String, Path, description = "The domain name, in lower-case ASCII"), Listing),
    responses(
        (status = 200, description = "A page of entries", body = EntryList),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn entries(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
    listing: Listing,
) -> Result<Response, Failure> {
    looking_up(move || {
        let view = app.view()?;
        let listed =
            view.list_about(&domain, &listing.filter, listing.cursor(), listing.limit())?;
        let listed = listed.ok_or_else(|| unknown(&domain))?;
        answer::json(&shapes::listed(&app, &view, &listed)?)
    })
    .await
}

/// Over how many days metrics are asked for.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// 90 or 365; 90 when left out.
    #[param(minimum = 90, maximum = 365)]
    pub days: Option<u16>,
}

impl Days {
    /// So many.
    ///
    /// # Errors
    /// When metrics are not over so many days.
    pub fn period(self) -> Result<u16, Failure> {
        let days = self.days.unwrap_or(PERIODS[0]);
        let wrong = || Failure::bad_query("Metrics are over 90 or 365 days.");
        PERIODS.contains(&days).then_some(days).ok_or_else(wrong)
    }
}

/// What a domain's threads add up to
#[utoipa::path(
    get, path = "/api/v1/organizations/{domain}/metrics", operation_id = "read_metrics_of_organization", tag = "read",
    params(("domain" = String, Path, description = "The domain name, in lower-case ASCII"), Days),
    responses(
        (status = 200, description = "Counts over the days that end with the checkpoint, each with the sentence that defines it", body = OrganizationMetrics),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn metrics(
    _: Charged<{ cost::LIST }>,
    State(app): State<App>,
    Part(domain): Part<Domain>,
    Asked(days): Asked<Days>,
) -> Result<Response, Failure> {
    let days = days.period()?;
    looking_up(move || {
        let view = app.announced()?;
        view.organization(&domain)?.ok_or_else(|| unknown(&domain))?;
        let metrics = view.metrics(&domain, days)?.ok_or_else(|| unknown(&domain))?;
        answer::json(&OrganizationMetrics::new(&metrics, shapes::meta(&view)))
    })
    .await
}

fn unknown(domain: &Domain) -> Failure {
    Failure::not_found(&format!("Nothing is on record about {domain} there"))
}
