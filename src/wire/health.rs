//! What `/healthz` answers (protocol §11).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether the ledger serves, publishes and keeps up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// All of it together.
    pub status: HealthStatus,
    /// Number of entries of the newest published checkpoint.
    pub checkpoint_size: u64,
    /// Number of entries of the newest checkpoint that met the quorum of the ledger's policy, 0 before the first. Absent
    /// where the policy asks for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub witnessed_size: Option<u64>,
    /// Why nothing can be published for now. Absent while publishing works, and where it never does: after the end of a
    /// ledger, and in a mirror.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub read_only: Option<String>,
    /// How the ledger ended. Absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ended: Option<EndedHealth>,
    /// Of which ledger this is a mirror. Absent where it is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mirror: Option<MirrorHealth>,
    /// The index that listings and lookups are answered from.
    pub index: IndexHealth,
}

/// The ledger's state in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// It serves and publishes.
    Ok,
    /// It serves what it holds, and publishes nothing for now.
    ReadOnly,
    /// It serves checkpoint and tiles, and is still building its index.
    Starting,
    /// What it serves is not the newest it should be.
    Stale,
    /// It serves what it holds for good, and admits nothing: its operator ended it (`successor`).
    Ended,
}

/// A mirror.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MirrorHealth {
    /// Address of the ledger that is copied.
    pub of: String,
    /// What keeps the mirror from going on. Absent while it goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub trouble: Option<String>,
}

/// The end of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndedHealth {
    /// Index of the entry that ended it.
    pub index: u64,
    /// Origin of the ledger that goes on.
    pub successor: String,
}

/// How far the index is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndexHealth {
    /// Whether it covers the checkpoint.
    pub ready: bool,
    /// Entries indexed, while it is being built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub done: Option<u64>,
    /// Entries to index, while it is being built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub of: Option<u64>,
}
