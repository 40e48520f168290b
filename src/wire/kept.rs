//! What people keep as files: the bundle, the signed statement that waits to be published, and
//! the verdict a check prints (protocol §8). Shapes only; `verify` says what they prove.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::submission::Envelope;
use super::texts;

/// What a person keeps of an entry: it verifies offline (protocol §8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The words that were public when the bundle was made, or any part of them.
    #[schema(value_type = Vec<texts::Disclosure>, max_items = 64)]
    pub disclosures: Vec<String>,
    /// The leaf, byte for byte, in base64.
    #[schema(value_type = texts::Base64)]
    pub entry: String,
    /// That the leaf is in the ledger: a C2SP tlog-proof.
    #[schema(value_type = texts::ProofText)]
    pub proof: String,
    /// The signer's own copy only: words that were never uploaded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<texts::Disclosure>, max_items = 64, required = false)]
    pub sealed: Vec<String>,
}

/// `NAME.signed.json`: a statement that is signed and not yet published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedFile<'a> {
    /// The signed statement.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// The words that publishing makes public.
    #[schema(value_type = Vec<texts::Disclosure>, max_items = 64)]
    pub disclosures: Vec<String>,
    /// The words that stay with the signer. Publishing never sends them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<texts::Disclosure>, max_items = 64, required = false)]
    pub sealed: Vec<String>,
}

/// What `onrecord verify --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Verdict {
    /// All checks together.
    pub verdict: Outcome,
    /// Every check that was made or tried, in order.
    pub checks: Vec<Check>,
    /// What no check covers, as sentences.
    pub not_checked: Vec<String>,
    /// Between which times the entry came to be, as far as signatures show.
    pub bounds: Bounds,
}

/// How a check, or all of them, came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Verified,
    /// A cryptographic mismatch, and nothing else.
    Failed,
    /// It could not be checked.
    NotChecked,
}

/// One check of a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    /// What was checked, such as `inclusion`.
    pub name: String,
    /// How it came out.
    pub result: Outcome,
    /// What was compared with what, as a sentence.
    pub detail: String,
}

/// Bounds on when an entry came to be. Each is absent where nothing shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Bounds {
    /// What the signer's clock said: a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub claimed_at: Option<String>,
    /// When the ledger says it admitted the entry: the operator's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::EntryTime>, nullable = false)]
    pub admitted_at: Option<String>,
    /// The statement is not older than the ledger of this size, which it names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub not_before_size: Option<u64>,
    /// The earliest time by which a quorum of witnesses had signed a checkpoint that covers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementTime>, nullable = false)]
    pub existed_by: Option<String>,
}

/// The leaf of an entry, as appended, served in tiles and kept in bundles (protocol §6).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Leaf<'a> {
    /// The signed statement.
    #[serde(borrow)]
    pub envelope: Envelope<'a>,
    /// Place in the ledger, from 0.
    pub index: u64,
    /// The hash chains.
    #[schema(value_type = super::entry::Links)]
    pub links: Box<RawValue>,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
}
