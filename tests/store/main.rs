//! The store: every engine against its contract, the local journal against damage and crashes.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at the first surprise")]

/// A test of each claim on the engine in memory and on the local one.
macro_rules! each_engine {
    ($($claim:ident),* $(,)?) => {
        mod memory { $( #[test] fn $claim() { super::$claim::<super::Memory>() } )* }
        mod local { $( #[test] fn $claim() { super::$claim::<super::Local>() } )* }
    };
}

mod damage;
mod endpoints_contract;
mod folder;
mod index_contract;
mod journal_contract;
mod objects_contract;
mod sample;
mod witnessed_contract;
