//! Admission and sequencing against the protocol's vectors, and rule by rule.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod author;
mod ending;
mod log_keys;
mod moderating;
mod organizations;
mod replaying;
mod rules;
mod vectors;
mod world;
