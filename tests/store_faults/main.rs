//! The store where the disk is full or the process dies. Apart from the other tests of the store, because fail
//! points belong to the whole process, and because starting a program (`mount`) keeps a copy of every lock for
//! a moment. The crash points need `--features failpoints`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(feature = "failpoints")]
mod crash;
mod full_disk;
#[cfg(feature = "failpoints")]
#[path = "../recover/history.rs"]
mod history;
#[cfg(feature = "failpoints")]
mod ledger;
#[cfg(feature = "failpoints")]
#[expect(dead_code, reason = "made for the other tests of recovery, too")]
#[path = "../recover/running.rs"]
mod running;
#[expect(dead_code, reason = "made for the other tests of the store, too")]
#[path = "../store/sample.rs"]
mod sample;

/// One test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
