//! The running ledger against a plain vector: publish, crash, recover, two writers. Engines are in memory; what
//! only real files and a real process show is in `tests/store` and `tests/process`.

#![cfg(test)]

mod crash_points;
mod fuse;
mod random;
mod world;
#[path = "../process/writer.rs"]
mod writer;
