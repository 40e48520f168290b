//! `verify/` against the vectors of the protocol, and against tampering of every kind.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that meets what it did not expect stops its test"
)]

mod audits;
mod bent;
mod bundles;
mod complete;
mod grown;
mod histories;
mod log_keys;
mod members;
mod monitors;
mod rules;

use onrecord::encoding::base64;
use onrecord::tlog::Policy;
use serde_json::Value;

fn ledger() -> Value {
    serde_json::from_str(include_str!("../vectors/ledger.json")).unwrap()
}

fn text<'value>(value: &'value Value, name: &str) -> &'value str {
    value[name].as_str().unwrap()
}

/// The leaves of the vectors, in order.
fn leaves_of_the_vectors() -> Vec<Vec<u8>> {
    let ledger = ledger();
    let entries = ledger["entries"].as_array().unwrap().iter();
    entries.map(|entry| base64::decode(text(entry, "leaf")).unwrap()).collect()
}

/// The policy that asks for the log alone.
fn log_alone() -> Policy {
    Policy::of_log(text(&ledger(), "log_vkey").parse().unwrap())
}

/// The policy that asks for the log and its witness.
fn log_and_witness() -> Policy {
    let ledger = ledger();
    let (log, witness) = (text(&ledger, "log_vkey"), text(&ledger, "witness_vkey"));
    Policy::parse(format!("log {log}\nwitness w {witness}\nquorum w\n").as_bytes()).unwrap()
}

/// A bundle of the vectors as a file holds it.
fn file_of(bundle: &Value) -> Vec<u8> {
    serde_jcs::to_vec(bundle).unwrap()
}
