//! A ledger's folder from one start to the next: applied lazily, damaged, rolled back. How one is
//! killed between any two steps is in `store_faults`.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod backups;
mod damage;
mod history;
mod running;
mod starts;
mod tiles;
