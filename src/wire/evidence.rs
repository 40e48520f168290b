//! Evidence against a log, and what `onrecord verify` says of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kept::{Check, Outcome};
use super::texts;

/// A file that shows, to whoever trusts the log's key, that the log signed what no honest log signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "evidence", rename_all = "snake_case", deny_unknown_fields)]
pub enum Evidence {
    /// Two checkpoints of one log that are not of one tree.
    Fork {
        /// The proof that the newer tree begins with the tree of that root: hashes as RFC 6962 orders them.
        #[schema(value_type = Vec<texts::HashBase64>)]
        consistency: Vec<String>,
        /// The checkpoint of the smaller tree, then that of the larger one, as signed notes.
        #[schema(min_items = 2, max_items = 2)]
        notes: Vec<String>,
        /// The root that the larger tree had when it was as large as the smaller one.
        #[schema(value_type = texts::HashBase64)]
        root: String,
    },
    /// One or two entries that the log holds and must not.
    Entries {
        /// Ascending by index.
        #[schema(min_items = 1, max_items = 2)]
        entries: Vec<EvidenceEntry>,
        /// What is wrong with the last one, as `audit` calls it.
        rule: String,
    },
}

/// An entry, and the proof that the log holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceEntry {
    /// Base64 of its leaf.
    pub entry: String,
    /// The text of a C2SP tlog-proof.
    pub proof: String,
}

/// What `onrecord verify --json` prints of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvidenceReport {
    /// `verified` where the evidence shows that the log misbehaved, `failed` where it shows nothing.
    pub verdict: Outcome,
    /// The log that it is against. Absent where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Origin>, nullable = false)]
    pub origin: Option<String>,
    /// Everything that was checked, in order.
    pub checks: Vec<Check>,
    /// What this does not show, as sentences.
    pub not_checked: Vec<String>,
}
