//! One program for all targets; ONRECORD_FUZZ_TARGET names the one that is run.

#![no_main]

#[path = "../targets.rs"]
mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::{Corpus, fuzz_target};
use targets::{TARGETS, Target};

static TARGET: LazyLock<&Target> = LazyLock::new(|| {
    let name = std::env::var("ONRECORD_FUZZ_TARGET").unwrap_or_default();
    TARGETS.iter().find(|target| target.name == name).expect("ONRECORD_FUZZ_TARGET names a target")
});

fuzz_target!(|bytes: &[u8]| -> Corpus {
    (TARGET.run)(bytes);
    Corpus::Keep
});
