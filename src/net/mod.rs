//! Outgoing HTTP and DNS: a client for one ledger and its stream of events, the fetch of one web page, the look at
//! a domain that somebody else named. Every answer has a largest size and every request an end; a failure says which
//! address it was and what went wrong. Nothing here believes what anyone says.

mod address;
mod client;
mod delivery;
mod development;
mod domain;
mod events;
mod hook_url;
mod ledger_url;
mod names;
mod page;
mod patience;
mod sites;
mod witness;

pub use address::{GlobalAddress, NotGlobal};
pub use client::{Client, FetchError};
pub use delivery::{Answered, Delivery, deliver};
pub use development::{NotAResolve, Resolve};
pub use domain::{DocumentError, FetchedDocument, LOOK_TIME, Look, LookError, look};
pub use events::{Event, Events};
pub use hook_url::{HookUrl, NotAHookUrl};
pub use ledger_url::{LedgerUrl, NotALedgerUrl, is_loopback};
pub use names::{Dns, NameError, Names};
pub use page::{FetchedPage, PAGE_BYTES_MAX, PageError, fetch_page};
pub use patience::Patience;
pub use sites::{Dial, SiteError, Sites, Tcp};
pub use witness::{Cosigning, WitnessClient};
