//! What the JavaScript suite beside this is held against: the verdicts of this implementation, written as
//! JSON into `target/web/`. Not a test of the JavaScript, which `tests/web/run` is.

#![expect(
    clippy::unwrap_used,
    reason = "a helper that meets what it did not expect stops its test"
)]

mod keys;
mod signatures;
mod verdicts;

use serde_json::Value;

fn ledger() -> Value {
    serde_json::from_str(include_str!("../vectors/ledger.json")).unwrap()
}

/// Writes a file that the JavaScript suite reads.
fn write(name: &str, value: &Value) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/web");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), value.to_string()).unwrap();
}
