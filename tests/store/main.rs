//! The store: every engine against its contract, the local journal against damage and crashes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

mod damage;
mod endpoints_contract;
mod folder;
mod index_contract;
mod journal_contract;
mod objects_contract;
mod sample;
