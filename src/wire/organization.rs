//! What the commands for organizations print: what to publish, and what was seen of a domain (protocol §9).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;

/// What `onrecord org init --json` prints: the file that was written, and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OrganizationInit {
    /// The document's file.
    pub file: String,
    /// The address at which it must be reachable.
    pub address: String,
    /// The headers it must be sent with.
    pub headers: BTreeMap<String, String>,
    /// Until when it holds.
    #[schema(value_type = texts::StatementTime)]
    pub expires: String,
    /// The TXT records that say the same.
    pub records: Vec<TxtRecord>,
}

/// A TXT record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TxtRecord {
    /// Its name in the DNS, without a dot at the end.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What `onrecord org check --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainCheck {
    /// The domain.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// The ledger for which it was checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Origin>, nullable = false)]
    pub log: Option<String>,
    /// Whether a ledger would find keys.
    pub verdict: DomainVerdict,
    /// Where the keys are: `https`, `dns` or `both`. Absent when what was seen is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub method: Option<String>,
    /// The keys that speak for the domain.
    #[schema(value_type = Vec<texts::DidKey>)]
    pub keys: Vec<String>,
    /// SHA-256 of the document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::HashHex>, nullable = false)]
    pub document_sha256: Option<String>,
    /// What was looked at, one by one.
    pub items: Vec<DomainItem>,
}

/// What comes of a look at a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DomainVerdict {
    /// A ledger would find keys.
    Ok,
    /// Something is wrong, so that it would not.
    Wrong,
    /// Something could not be asked, and nothing else is wrong.
    NotChecked,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainItem {
    /// What.
    pub name: DomainItemName,
    /// How it is.
    pub result: DomainItemResult,
    /// The same as a sentence.
    pub detail: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<String>,
}

/// What is looked at when a domain is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DomainItemName {
    /// The document on the site.
    Document,
    /// Whether browsers may read it.
    Access,
    /// Whether it expires soon.
    Expiry,
    /// The TXT records.
    Records,
    /// The keys that follow from both.
    Keys,
}

/// How one of them is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DomainItemResult {
    /// In order.
    Ok,
    /// Not there, which can be in order.
    Absent,
    /// In order for a ledger, and better put right.
    Warning,
    /// Wrong.
    Failed,
    /// It could not be asked.
    NotChecked,
}
