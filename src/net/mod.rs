//! Outgoing HTTP: a client for one ledger, its stream of events, and the fetch of one web page. Every answer has a largest size and
//! every request an end; a failure says which address it was and what went wrong. Nothing here believes what
//! anyone says.

mod client;
mod events;
mod ledger_url;
mod page;

pub use client::{Client, FetchError, Patience};
pub use events::{Event, Events};
pub use ledger_url::{LedgerUrl, NotALedgerUrl, is_loopback};
pub use page::{FetchedPage, PAGE_BYTES_MAX, PageError, fetch_page};
