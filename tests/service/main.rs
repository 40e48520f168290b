//! A running ledger over the memory and the local engines: publishing, reading, searching, erasing, starting again.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod bench_ledger;
mod checking;
mod domains;
mod following;
mod listing;
mod publishing;
mod receiver;
mod searching;
mod site;
mod webhooks;
mod witness_server;
mod witnessed;
mod witnessing;
