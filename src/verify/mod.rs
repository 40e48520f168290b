//! Bundles and whole histories against the rules, as named findings (protocol §5–8). It needs no ledger and
//! trusts none.
//!
//! [`bundle`] holds one bundle against a trust policy. [`Following`] holds what is told one after the other against the
//! checkpoints between. [`History`] is the fold over all entries of a ledger. [`page`] finds what of a ledger a web page
//! names, [`completeness`] walks the chain of one domain, and [`evidence`] shows that a log misbehaved.

mod bundle;
pub mod completeness;
mod content;
pub mod evidence;
mod following;
pub mod history;
mod log_keys;
pub mod page;
mod verdict;
mod words;

pub use bundle::bundle;
pub use content::Content;
pub use following::{Following, Mismatch, NotConfirmed};
pub use history::{Audited, Checked, Fault, History, Past, PastError, check_leaf};
pub use log_keys::log_keys;
pub use verdict::{About, Bounds, Check, CheckName, CheckResult, Finding, Outcome, Verdict};
