//! The HTTP surface: router, state, errors, API and pages (protocol §11).

mod answer;
mod api;
mod assets;
pub mod bare;
pub mod client;
mod compress;
mod embed;
pub mod error;
pub mod limits;
mod metrics;
mod modules;
mod pages;
mod request;
mod router;
mod serve;
mod stall;
mod state;
mod stream;
mod witness;

pub use api::log::{log_line, policy_without_witnesses};
pub use router::{description, router};
pub use serve::{Listener, ServeError, Timeouts, TlsFiles, serve};
pub use state::{App, Settings};
pub use stream::{READERS_MAX, StreamSettings};
pub use witness::witness_router;
