//! Strict encodings: base64, hex, canonical JSON, domain names, times and text (protocol §1).
//!
//! Every decoder here accepts exactly one spelling of a value and refuses every other.

pub mod base64;
pub mod domain;
pub mod hex;
pub mod json;
pub mod text;
pub mod time;
