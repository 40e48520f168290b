//! What the events of `/api/v1/stream` carry beside entries (protocol §11). An event is named by its `event`
//! field; `entry` carries an [`super::Entry`] without `_meta`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts;
use super::thread_state::{BreachStatusName, CommitmentStatusName, OfferStatusName};
use crate::thread::turns::Turn;

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

/// The data of `state`: what the clock alone changed in a thread, with no new entry. It has no `id`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StreamState {
    /// Index of the agreement.
    pub index: u64,
    /// The id of the thread.
    #[schema(value_type = texts::StatementId)]
    pub thread: String,
    /// The organizations in it.
    #[schema(value_type = Vec<texts::DomainName>)]
    pub subjects: Vec<String>,
    /// When it changed.
    #[schema(value_type = texts::StatementTime)]
    pub at: String,
    /// The commitments that changed, and how they stand since.
    pub commitments: Vec<CommitmentTurn>,
    /// The breaches whose answer changed.
    pub breaches: Vec<BreachTurn>,
    /// The offers that changed.
    pub offers: Vec<OfferTurn>,
}

/// A commitment that the clock changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CommitmentTurn {
    /// Its number in the list in force.
    pub number: u8,
    /// How it stands.
    pub status: CommitmentStatusName,
}

/// The answer to a breach that the clock changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BreachTurn {
    /// Index of the breach.
    pub entry: u64,
    /// Who is to answer it.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// How it is answered.
    pub status: BreachStatusName,
}

/// An offer that the clock changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferTurn {
    /// Index of the offer.
    pub entry: u64,
    /// How it stands.
    pub status: OfferStatusName,
}

impl From<&Turn> for StreamState {
    fn from(turn: &Turn) -> Self {
        let commitments = turn.commitments.iter();
        let breaches = turn.breaches.iter();
        let offers = turn.offers.iter();
        Self {
            index: turn.agreement.index,
            thread: turn.thread.to_string(),
            subjects: turn.subjects.iter().map(ToString::to_string).collect(),
            at: turn.at.to_seconds(),
            commitments: commitments
                .map(|(number, status)| CommitmentTurn {
                    number: *number,
                    status: (*status).into(),
                })
                .collect(),
            breaches: breaches
                .map(|(entry, domain, status)| BreachTurn {
                    entry: *entry,
                    domain: domain.to_string(),
                    status: (*status).into(),
                })
                .collect(),
            offers: offers
                .map(|(entry, status)| OfferTurn { entry: *entry, status: (*status).into() })
                .collect(),
        }
    }
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
    /// What it tells: `entry`, `checkpoint`, `erasure`, `state` or `dropped`. Others may come.
    pub event: String,
    /// JSON: an entry, or the shape that goes with the event.
    pub data: String,
    /// Index of the newest entry that was passed. Absent where nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub id: Option<String>,
}
