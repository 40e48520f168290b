//! What `onrecord verify --page --json` prints. Shapes only; `cli/` fills them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kept::{Check, Outcome};
use super::texts;

/// What `onrecord verify --page --json` prints: everything of onrecord on a web page, judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageVerdict {
    /// Everything together. `not_checked` also where there is nothing of onrecord on the page.
    pub verdict: Outcome,
    /// Where the page came from: its address, the name of a file, or `-`.
    pub page: String,
    /// Addresses that led there by a redirect, the first one first.
    pub redirected_from: Vec<String>,
    /// How many things verify.
    pub verified: u64,
    /// How many fail.
    pub failed: u64,
    /// How many could not be checked.
    pub not_checked: u64,
    /// Things beyond the most that are told apart. They are not in `things`.
    pub left_out: u64,
    /// Everything that was found, in the order of the page.
    pub things: Vec<PageThing>,
    /// What no check covers, as sentences.
    pub not_shown: Vec<String>,
}

/// A link, badge, card or element of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageThing {
    /// As what the page names it.
    pub kind: PageThingKind,
    /// The line of its tag, from 1.
    pub line: u64,
    /// Its address in full; of an element, what it says it is of.
    pub address: String,
    /// How it came out.
    pub result: Outcome,
    /// Why it was not checked, or what is to be known of it beside the checks, as sentences.
    pub remarks: Vec<String>,
    /// The address of the ledger it is said to be on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ledger: Option<String>,
    /// What that ledger calls itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Origin>, nullable = false)]
    pub origin: Option<String>,
    /// The entry's index; of an organization that of the newest entry that names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub index: Option<u64>,
    /// The kind of statement in the entry, such as `agreement`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub statement_kind: Option<String>,
    /// Where the link around it leads, when that is not to the same entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub leads_elsewhere: Option<String>,
    /// Every check that was made of the entry, in order. The first, `address`, is whether the ledger's entry is
    /// the one that the address names; the last, `counts`, where counts are shown, whether the log gives the same.
    pub checks: Vec<Check>,
}

/// As what a page names an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageThingKind {
    /// `<a href>` to the page of an entry or a thread.
    Link,
    /// An image, at `/badge/{index}-{hash}.svg`.
    Badge,
    /// A frame, at `/embed/{index}-{hash}`.
    Card,
    /// `<onrecord-proof>`.
    Element,
}
