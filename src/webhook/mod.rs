//! Webhooks by the Standard Webhooks specification 1.0.0 (protocol §11): what an organization signs to have entries
//! delivered, and what is delivered. It sends nothing and keeps nothing.

mod endpoint;
mod message;
mod request;
mod schedule;

pub use endpoint::{BadEndpoint, Endpoint};
pub use message::{About, BadSecret, Secret, content, message_id, public_key_text, signatures};
pub use request::{Action, Request, SIGNED_AGO_MAX, WEBHOOK_TYPE, request_payload};
pub use schedule::{SCHEDULE, delay_before};
