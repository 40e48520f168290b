//! Requests to the sites of domains that somebody else named: nothing that such a domain does leads a ledger
//! anywhere but to that domain's public site, or keeps it there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod answers;
mod doubles;
mod guards;
mod names;
mod site;
