//! What a search answers (protocol §11).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::{Entry, Meta};
use super::texts;

/// What was found for a query.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct SearchResult {
    /// How the query was understood.
    pub found_by: FoundBy,
    /// The domain, when it was understood as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::DomainName>, nullable = false)]
    pub domain: Option<String>,
    /// The entries, newest first, without `_meta` of their own. None when nothing was found.
    pub entries: Vec<Entry>,
    /// The `cursor` of the next page. Absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<u64>,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// How a query was understood: the first of these that something on record answers to, and `words` otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// As the number of an entry.
    EntryNumber,
    /// As a statement's id.
    StatementId,
    /// As the link to an entry, or its end, `{index}-{hash}`.
    Link,
    /// As a leaf hash, or its first 32 digits.
    LeafHash,
    /// As a domain.
    Domain,
    /// As words of public titles.
    Words,
}
