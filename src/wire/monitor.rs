//! What a monitor tells.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kept::Outcome;
use super::texts;

/// What `onrecord monitor --json` prints of each look at a ledger or mirror, one line each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MonitorLook {
    /// Everything together: whether all that is announced there was verified.
    pub verdict: Outcome,
    /// The address that it looked at.
    pub url: String,
    /// The log that is served there. Absent where that could not be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Origin>, nullable = false)]
    pub origin: Option<String>,
    /// Entries of the checkpoint that is announced there. Absent where none could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub size: Option<u64>,
    /// Root of that checkpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::HashBase64>, nullable = false)]
    pub root: Option<String>,
    /// Why it could not be looked at to the end, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub error: Option<String>,
    /// What is wrong.
    pub alarms: Vec<MonitorAlarm>,
}

/// Something that no honest ledger or mirror shows. It is what `--exec` reads and `--webhook` is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MonitorAlarm {
    /// The address at which it was seen.
    pub url: String,
    /// The log.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// What it is: `fork`, `rolled_back`, `entry_changed`, or what is wrong with an entry or a tile, as `audit` calls it.
    pub kind: String,
    /// What is wrong, as a sentence.
    pub detail: String,
    /// The file with the evidence. Absent where nothing that the log signed shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub evidence: Option<String>,
    /// Checkpoints that it is about, as signed notes, where there is no evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}
