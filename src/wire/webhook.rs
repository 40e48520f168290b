//! How an organization's webhook is, as `POST /api/v1/organizations/{domain}/webhook` answers (protocol §11).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An organization's webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    /// The organization.
    pub domain: String,
    /// Whether entries are delivered.
    pub state: WebhookStatus,
    /// Where to. Absent when no endpoint is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// The secret of `v1` signatures, `whsec_` and base64: once, in the answer to its registration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// The ledger's key that `v1a` signatures verify with: `whpk_` and base64.
    pub public_key: String,
    /// Entries about the organization before this index are delivered, or were not to be.
    pub next_index: u64,
    /// When the next attempt is, after one that failed, or a little later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub next_attempt_at: Option<String>,
    /// The last attempts, newest first: at most 20.
    pub attempts: Vec<WebhookAttempt>,
}

/// Whether entries are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    /// No endpoint is registered.
    None,
    /// They are, as they come.
    Delivering,
    /// The next one failed, and is tried again.
    Retrying,
    /// No more: the endpoint answered 410. Register again or replay to go on.
    Gone,
    /// No more: the last attempt of the schedule failed. Register again or replay to go on.
    Exhausted,
}

/// One attempt to deliver an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookAttempt {
    /// Index of the entry.
    pub index: u64,
    /// When it was.
    #[schema(format = DateTime)]
    pub at: String,
    /// Whether the endpoint took it.
    pub delivered: bool,
    /// The HTTP status of an answer that was no success.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}
