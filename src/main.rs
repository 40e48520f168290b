//! The `onrecord` command. Everything it does is in `onrecord::cli`.

use std::process::ExitCode;

/// A publish makes many small values on one thread and frees them on another, which the C library's
/// allocator is slow at (`docs/performance.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    onrecord::cli::run()
}
