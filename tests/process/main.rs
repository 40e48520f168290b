//! The real server as a process: killed under load, started twice on one folder, given damaged files, asked to
//! erase, run out of disk. What one function does is tested beside it; here stands what only a process shows.

#![cfg(test)]

mod backup;
mod check;
mod client;
mod clock;
mod damage;
mod erasure;
mod faults;
mod folder;
mod full_disk;
mod kill;
mod load;
mod log_keys;
mod mirror;
mod partitions;
mod reader;
mod server;
mod witness;
mod writer;
