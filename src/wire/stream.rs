//! What the events of `/api/v1/stream` carry beside entries (protocol §11). An event is named by its `event`
//! field; `entry` carries an [`super::Entry`] without `_meta`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;

/// The data of `checkpoint`: how far the stream has come, and the ledger's signature under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamCheckpoint {
    /// Every entry before this index that passes the filter was sent. A stream that is resumed here misses nothing.
    pub cursor: u64,
    /// The newest signed checkpoint, a C2SP signed note. It covers `cursor` entries or more.
    pub note: String,
}

/// The data of `erasure`: words that are gone for good. It comes before the entry that erases them, without an `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamErasure {
    /// Index of the entry whose words were erased.
    pub index: u64,
    /// The id of its statement.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// Its leaf hash, in hexadecimal.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
    /// The digests of the words.
    #[schema(value_type = Vec<texts::Digest>)]
    pub digests: Vec<String>,
    /// Index of the entry that erased them.
    pub erased_by: u64,
}

/// The data of `dropped`: the last event of a stream that the ledger ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamDropped {
    /// Where to resume: `?cursor=` this, and nothing is missed.
    pub cursor: u64,
    /// Why it ends.
    pub reason: DropReason,
}

/// Why a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DropReason {
    /// It was not read as fast as entries came.
    Slow,
    /// The server stops.
    Stopping,
    /// The ledger could not read what it holds.
    Failed,
}

impl DropReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Slow, Self::Stopping, Self::Failed];

    /// The word that stands for it.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Slow => "slow",
            Self::Stopping => "stopping",
            Self::Failed => "failed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_written_as_its_token() {
        for reason in DropReason::ALL {
            let written = serde_json::to_string(&reason).unwrap();
            assert_eq!(written, format!("\"{}\"", reason.token()));
        }
    }
}

/// One event of a stream, as its fields are sent (the WHATWG standard, Server-Sent Events).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamEvent {
    /// What it tells: `entry`, `checkpoint`, `erasure` or `dropped`. Others may come.
    pub event: String,
    /// JSON: an entry, or the shape that goes with the event.
    pub data: String,
    /// Index of the newest entry that was passed. Absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
}
