//! Outgoing HTTP: one client for one ledger. Every answer has a largest size and every request an end; a
//! failure says which address it was and what went wrong. Nothing here believes what a ledger says.

mod client;
mod ledger_url;

pub use client::{Client, FetchError};
pub use ledger_url::{LedgerUrl, NotALedgerUrl};
