//! The API, one file a resource (protocol §11).

pub mod dump;
pub mod entries;
pub mod listing;
pub mod log;
pub mod moderation;
pub mod operate;
pub mod organizations;
pub mod search;
pub mod shapes;
pub mod statements;
pub mod threads;
pub mod webhooks;

use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A body of bytes, for the description of the API.
pub enum Octets {}

impl PartialSchema for Octets {
    fn schema() -> RefOr<Schema> {
        let bytes = ObjectBuilder::new().schema_type(Type::String);
        bytes.content_media_type("application/octet-stream").into()
    }
}

impl ToSchema for Octets {}
