//! Which part of a list is asked for: cursor and limit, kinds and times. What cannot be read is a problem, never a
//! default.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::encoding::time::{Date, Moment};
use crate::http::error::Failure;
use crate::http::request::{Page, read_query};
use crate::service::Filter;
use crate::statement::kind;

/// Which entries of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Index of the newest entry wanted: the `next` of the page before.
    #[serde(default)]
    cursor: Option<u64>,
    /// How many entries, 1 to 500; 50 when left out.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
    /// Kinds of statement, separated by commas, such as `agreement,breach`.
    #[serde(default)]
    #[param(pattern = "^[a-z_]+(,[a-z_]+)*$")]
    kind: Option<String>,
    /// Entries admitted at that time or later: `2026-11-22T19:20:00Z`, perhaps with milliseconds, or a date, which is
    /// the start of that day in UTC.
    #[serde(default)]
    from: Option<String>,
    /// Entries admitted before that time, written in the same way.
    #[serde(default)]
    to: Option<String>,
}

/// Which entries of a list, read.
pub struct Listing {
    page: Page,
    /// Which of them are wanted.
    pub filter: Filter,
}

impl Listing {
    /// Index of the newest entry wanted, if given.
    pub fn cursor(&self) -> Option<u64> {
        self.page.cursor()
    }

    /// How many entries.
    pub fn limit(&self) -> usize {
        self.page.limit()
    }

    fn read(asked: Asked) -> Result<Self, Failure> {
        let page = Page::new(asked.cursor, asked.limit)?;
        let kinds = asked.kind.as_deref().map(kinds).transpose()?.unwrap_or_default();
        let from = asked.from.as_deref().map(|text| moment("from", text)).transpose()?;
        let to = asked.to.as_deref().map(|text| moment("to", text)).transpose()?;
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            return Err(Failure::bad_query("from is before to."));
        }
        Ok(Self { page, filter: Filter { kinds, from, to } })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Listing {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Self::read(read_query(parts)?)
    }
}

impl IntoParams for Listing {
    fn into_params(
        place: impl Fn() -> Option<utoipa::openapi::path::ParameterIn>,
    ) -> Vec<utoipa::openapi::path::Parameter> {
        Asked::into_params(place)
    }
}

fn kinds(text: &str) -> Result<Vec<String>, Failure> {
    let kinds: Vec<String> = text.split(',').map(str::to_owned).collect();
    match kinds.iter().find(|name| kind::find(name).is_none()) {
        None => Ok(kinds),
        Some(_) => {
            let names: Vec<&str> = kind::ALL.iter().map(|kind| kind.name).collect();
            let rule = format!("kind is one or more of {}, with commas between.", names.join(", "));
            Err(Failure::bad_query(rule))
        }
    }
}

fn moment(name: &str, text: &str) -> Result<Moment, Failure> {
    let time = Moment::parse_seconds(text).or_else(|_| Moment::parse_millis(text));
    let start =
        |_| Date::parse(text).and_then(|_| Moment::parse_seconds(&format!("{text}T00:00:00Z")));
    time.or_else(start).map_err(|_| {
        Failure::bad_query(format!(
            "{name} is a time such as 2026-11-22T19:20:00Z, or a date such as 2026-11-22."
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(query: &str) -> Option<Listing> {
        let request = axum::http::Request::builder().uri(format!("/?{query}")).body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Listing::from_request_parts(&mut parts, &())).ok()
    }

    #[test]
    fn a_filter_is_read_strictly() {
        let read =
            listing("kind=agreement,breach&from=2026-11-22&to=2026-11-22T00:00:00.001Z&limit=3");
        let filter = read.unwrap().filter;
        assert_eq!(filter.kinds, ["agreement", "breach"]);
        assert_eq!(filter.to.unwrap().as_millis() - filter.from.unwrap().as_millis(), 1);
        assert!(listing("").unwrap().filter.is_empty());
        for wrong in [
            "kind=",
            "kind=agreemnt",
            "kind=agreement,",
            "from=yesterday",
            "from=2026-02-30",
            "to=2026-11-22T19:20:00%2B01:00",
            "from=2026-11-22&to=2026-11-22",
            "limit=0",
            "cursor=-1",
            "since=2026-11-22",
        ] {
            assert!(listing(wrong).is_none(), "{wrong}");
        }
    }
}
