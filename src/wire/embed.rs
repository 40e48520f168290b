//! What other sites are told of an entry, to show it: the facts behind a badge, and the card as oEmbed 1.0 describes
//! it (protocol §11). Not a verdict: what a server says of an entry checks nothing.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::entry::Meta;
use super::texts;

/// What a badge stands for. It names nothing that can be withheld or erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Badge {
    /// Place in the ledger, from 0.
    pub index: u64,
    /// RFC 6962 leaf hash, in hexadecimal; its first 32 digits are in the badge's address.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
    /// The statement's id.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// The kind of the statement. Absent when the payload's type is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub kind: Option<String>,
    /// The organizations it is about, by their domains.
    #[schema(value_type = Vec<texts::DomainName>)]
    pub subjects: Vec<String>,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// Always `not_checked`.
    pub state: BadgeState,
    /// Why it is that, as a sentence in English.
    pub why: String,
    /// Where to read, check and show it.
    pub urls: EmbedUrls,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// What the badge of a thread or an organization says now. It names nothing that can be withheld or erased.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountsBadge {
    /// The thread, by the id of its agreement. Absent for an organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<texts::StatementId>)]
    pub thread: Option<String>,
    /// The organization. Absent for a thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<texts::DomainName>)]
    pub domain: Option<String>,
    /// The entry of the agreement, or the newest one that names the organization.
    pub index: u64,
    /// Its leaf hash (RFC 6962), in hexadecimal.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
    /// Commitments of the list in force: all of a thread's, or those that the organization owes in every thread.
    /// Absent where the operator withholds the agreement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub commitments: Option<u64>,
    /// Commitments and responses whose day is over with nothing recorded. Absent with `commitments`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub overdue: Option<u64>,
    /// The minute they are of.
    #[schema(value_type = texts::EntryTime)]
    pub as_of: String,
    /// The same as the badge says it, in the language that was asked for.
    pub text: String,
    /// Always `not_checked`.
    pub state: BadgeState,
    /// Why it is that, as a sentence in English.
    pub why: String,
    /// Where to read, recompute and show it.
    pub urls: CountsUrls,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// Where to read, recompute and show a thread or an organization. Absolute links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountsUrls {
    /// Its page.
    pub page: String,
    /// Its entries as the API gives them, from which the counts follow.
    pub entries: String,
    /// The badge as a picture.
    pub badge: String,
    /// The card for a frame.
    pub card: String,
    /// The script of the element `<onrecord-proof>`.
    pub element: String,
    /// The card as oEmbed describes it.
    pub oembed: String,
}

/// How the checks of what a badge stands for came out: they were not made, since a server cannot make them for who
/// does not believe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BadgeState {
    /// Nothing was checked.
    NotChecked,
}

/// Where to read, check and show an entry. Absolute links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EmbedUrls {
    /// Its page, which runs the checks in the reader's browser.
    pub page: String,
    /// The entry as the API gives it.
    pub entry: String,
    /// What to keep of it, and to check without this ledger.
    pub bundle: String,
    /// The badge as a picture.
    pub badge: String,
    /// The card for a frame, which runs the checks.
    pub card: String,
    /// The script of the element `<onrecord-proof>`, which runs the checks.
    pub element: String,
    /// The card as oEmbed describes it.
    pub oembed: String,
}

/// The card of an entry, as oEmbed 1.0 answers it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OEmbed {
    /// Always `1.0`.
    #[schema(pattern = r"^1\.0$")]
    pub version: String,
    /// Always `rich`.
    #[serde(rename = "type")]
    #[schema(pattern = "^rich$")]
    pub kind: String,
    /// Which entry it is, without its words.
    pub title: String,
    /// The ledger's origin.
    #[schema(value_type = texts::Origin)]
    pub provider_name: String,
    /// Where the ledger is.
    pub provider_url: String,
    /// Seconds for which the answer may be kept.
    pub cache_age: u32,
    /// The card in a frame.
    pub html: String,
    /// Of the frame, in CSS pixels.
    pub width: u32,
    /// Of the frame, in CSS pixels.
    pub height: u32,
}
