//! What handlers take from a request: the charge to its network, parts of its path, cursors and searches.
//! Everything that cannot be read is a problem, never a default.

use std::net::SocketAddr;
use std::str::FromStr;

use axum::extract::{ConnectInfo, FromRequestParts, Path, Query};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::client::network_of;
use super::error::Failure;
use super::state::App;
use crate::encoding::domain::Domain;
use crate::statement::StatementId;
use crate::wire::Reason;

/// Entries on a page when nothing else is asked for.
const LIMIT_DEFAULT: usize = 50;
/// Most entries on a page.
const LIMIT_MAX: usize = 500;
/// Characters of a search.
pub const QUERY_LENGTH_MAX: usize = 256;

/// The request was charged to the network it came from: `COST` units.
pub struct Charged<const COST: u32>;

impl<const COST: u32> FromRequestParts<App> for Charged<COST> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        if !app.limits().are_on() {
            return Ok(Self);
        }
        let Some(ConnectInfo(peer)) = parts.extensions.get::<ConnectInfo<SocketAddr>>() else {
            return Ok(Self);
        };
        let network = network_of(peer.ip(), &parts.headers, app.trusted_hops());
        app.limits().charge_network(network, COST)?;
        Ok(Self)
    }
}

/// Answers from many look-ups. They read files and may take long, so they do not hold up a thread
/// on which connections are served.
///
/// # Errors
/// What the look-ups fail with.
pub async fn looking_up(
    answer: impl FnOnce() -> Result<Response, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    tokio::task::spawn_blocking(answer).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a look-up did not end");
        Err(Failure::new(Reason::Internal, "The ledger could not read what it holds."))
    })
}

/// The one variable part of a path, read.
pub struct Part<T>(pub T);

/// What a variable part of a path may be.
pub trait PathPart: Sized {
    /// Reads it; what it should be, as a sentence, when it is something else.
    fn read(text: &str) -> Result<Self, &'static str>;
}

impl<S: Send + Sync, T: PathPart> FromRequestParts<S> for Part<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Path(text) = Path::<String>::from_request_parts(parts, state)
            .await
            .map_err(|_| Failure::bad_query("The address is not UTF-8."))?;
        T::read(&text).map(Self).map_err(Failure::bad_query)
    }
}

impl PathPart for u64 {
    fn read(text: &str) -> Result<Self, &'static str> {
        const RULE: &str = "An index is a decimal number without a sign or leading zeros.";
        let number: u64 = text.parse().map_err(|_| RULE)?;
        if number.to_string() == text { Ok(number) } else { Err(RULE) }
    }
}

impl PathPart for StatementId {
    fn read(text: &str) -> Result<Self, &'static str> {
        Self::from_str(text)
            .map_err(|_| "A statement id is sha256: and 64 lower-case hexadecimal digits.")
    }
}

impl PathPart for Domain {
    fn read(text: &str) -> Result<Self, &'static str> {
        Self::parse(text)
            .map_err(|_| "A domain is written in lower-case ASCII, with at least two labels.")
    }
}

impl PathPart for String {
    fn read(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned())
    }
}

/// Which page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Page {
    /// Index of the newest entry wanted: the `next` of the page before.
    #[serde(default)]
    cursor: Option<u64>,
    /// How many entries, 1 to 500; 50 when left out.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
}

impl Page {
    /// Index of the newest entry wanted, if given.
    pub fn cursor(&self) -> Option<u64> {
        self.cursor
    }

    /// How many entries.
    pub fn limit(&self) -> usize {
        self.limit.unwrap_or(LIMIT_DEFAULT)
    }

    fn checked(self) -> Result<Self, Failure> {
        if (1..=LIMIT_MAX).contains(&self.limit()) {
            Ok(self)
        } else {
            Err(Failure::bad_query("limit is a number from 1 to 500."))
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        read_query::<Self>(parts)?.checked()
    }
}

/// What to search, and which page of what is found.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// An entry's number, link, leaf hash (64 or 32 digits) or statement id, a domain, or words of titles.
    #[param(max_length = 256)]
    q: String,
    /// Index of the newest entry wanted: the `next` of the page before.
    #[serde(default)]
    cursor: Option<u64>,
    /// How many entries, 1 to 500; 50 when left out.
    #[serde(default)]
    #[param(minimum = 1, maximum = 500, default = 50)]
    limit: Option<usize>,
}

impl Search {
    /// What is searched.
    pub fn query(&self) -> &str {
        &self.q
    }

    /// Which page of it.
    pub fn page(&self) -> Page {
        Page { cursor: self.cursor, limit: self.limit }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Search {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let search: Self = read_query(parts)?;
        search.page().checked()?;
        if search.q.chars().count() > QUERY_LENGTH_MAX {
            return Err(Failure::bad_query("q has at most 256 characters."));
        }
        Ok(search)
    }
}

/// What the address of a page asks for after its path. What `T` does not name is left to others, as the
/// language is.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        read_query(parts).map(Self)
    }
}

/// Where in a list a page begins.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Cursor {
    /// Index of the newest entry wanted; the newest there is when left out.
    pub cursor: Option<u64>,
}

pub fn read_query<T: DeserializeOwned>(parts: &Parts) -> Result<T, Failure> {
    let Query(query) = Query::try_from_uri(&parts.uri)
        .map_err(|error| Failure::bad_query(format!("{}.", error.body_text())))?;
    Ok(query)
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn page(query: &str) -> Option<Page> {
        let request = Request::builder().uri(format!("/?{query}")).body(()).unwrap();
        let (mut parts, ()) = request.into_parts();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(Page::from_request_parts(&mut parts, &())).ok()
    }

    #[test]
    fn a_page_is_read_strictly() {
        assert_eq!(page("").map(|page| (page.cursor(), page.limit())), Some((None, 50)));
        let second = page("cursor=7&limit=500").map(|page| (page.cursor(), page.limit()));
        assert_eq!(second, Some((Some(7), 500)));
        for wrong in ["limit=0", "limit=501", "limit=x", "cursor=-1", "limit=1&limit=2", "page=2"] {
            assert_eq!(page(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_index_has_one_spelling() {
        assert_eq!(<u64 as PathPart>::read("0"), Ok(0));
        for wrong in ["", "00", "01", "+1", "-1", "1 ", "18446744073709551616"] {
            assert!(<u64 as PathPart>::read(wrong).is_err(), "{wrong}");
        }
    }
}
