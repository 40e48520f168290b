//! The state of threads and the metrics of organizations: against vectors that a re-implementation can run, and
//! on random histories.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod histories;
mod plain;
mod properties;
mod vectors;
