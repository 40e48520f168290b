//! The ledger as lines of JSON or rows of CSV, a range of entries at a time: what `onrecord dump` makes files of.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::shapes;
use crate::http::answer;
use crate::http::error::Failure;
use crate::http::limits::cost;
use crate::http::request::{Charged, looking_up, read_query};
use crate::http::state::App;
use crate::service::EntryView;
use crate::service::dump::{ANSWER_BYTES, ENTRIES_MAX, LINES_TYPE, ROWS_TYPE, csv_header, csv_row};
use crate::wire::{DumpRow, Problem};

/// Which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Range {
    /// The first entry; 0 when left out.
    #[serde(default)]
    from: u64,
    /// The entry to end before. An answer has 1,000 entries at most, fewer where they are long, whatever is asked for:
    /// the next one begins after the last of them.
    #[serde(default)]
    to: Option<u64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Range {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let range: Self = read_query(parts)?;
        match range.to {
            Some(to) if to < range.from => Err(Failure::bad_query("to is not less than from.")),
            _ => Ok(range),
        }
    }
}

/// Entries, oldest first, as lines of JSON
#[utoipa::path(
    get, path = "/api/v1/dump.jsonl", operation_id = "dump_lines", tag = "read", params(Range),
    responses(
        (status = 200, description = "One object a line; nothing where there are no more", body = DumpRow, content_type = "application/x-ndjson"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn lines(
    _: Charged<{ cost::DUMP }>,
    State(app): State<App>,
    range: Range,
) -> Result<Response, Failure> {
    looking_up(move || {
        let body = each(&app, range, Vec::new(), |row, _, body| {
            serde_json::to_writer(&mut *body, row).map_err(shapes::unreadable)?;
            body.push(b'\n');
            Ok(())
        })?;
        Ok(answer::for_now(LINES_TYPE, body))
    })
    .await
}

/// Entries, oldest first, as rows of CSV
#[utoipa::path(
    get, path = "/api/v1/dump.csv", operation_id = "dump_rows", tag = "read", params(Range),
    responses(
        (status = 200, description = "A header, and one row an entry. What a spreadsheet would run stands behind an apostrophe", body = String, content_type = "text/csv; charset=utf-8; header=present"),
        (status = "default", description = "A problem", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn rows(
    _: Charged<{ cost::DUMP }>,
    State(app): State<App>,
    range: Range,
) -> Result<Response, Failure> {
    looking_up(move || {
        let body = each(&app, range, csv_header(), |row, view, body| {
            body.extend(csv_row(row, &view.entry));
            Ok(())
        })?;
        Ok(answer::for_now(ROWS_TYPE, body))
    })
    .await
}

/// Adds the entries of a range to a body, as many as an answer may have.
fn each(
    app: &App,
    range: Range,
    mut body: Vec<u8>,
    add: impl Fn(&DumpRow, &EntryView, &mut Vec<u8>) -> Result<(), Failure>,
) -> Result<Vec<u8>, Failure> {
    let view = app.view()?;
    let end = range.from.saturating_add(ENTRIES_MAX).min(view.size());
    let end = range.to.map_or(end, |to| to.min(end));
    for index in range.from..end {
        if body.len() > ANSWER_BYTES {
            break;
        }
        if let Some(entry) = view.entry(index)? {
            add(&shapes::dump_row(&entry)?, &entry, &mut body)?;
        }
    }
    Ok(body)
}
