//! Organizations: what the ledger holds about one domain name, exactly as written.

use axum::extract::State;
use axum::response::Response;

use super::listing::Listing;
use super::shapes;
use crate::encoding::domain::Domain;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, Part, looking_up};
use crate::http::state::App;
use crate::wire::{ChainHead, EntryList, Organization, Problem};

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
    let (index, seq, leaf_hash) = found.newest;
    answer::json(&Organization {
        domain: domain.as_str().to_owned(),
        entries_total: found.entries_total,
        newest: ChainHead { index, seq, leaf_hash: leaf_hash.to_hex() },
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

fn unknown(domain: &Domain) -> Failure {
    Failure::not_found(&format!("Nothing is on record about {domain} there"))
}
