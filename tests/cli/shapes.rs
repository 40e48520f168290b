//! What the commands print and write, held against the committed schemas.

use serde_json::Value;

/// The JSON in the text, which has the public shape of that name.
pub fn read(name: &str, text: &str) -> Value {
    let path = format!("{}/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let schema = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let value = serde_json::from_str(text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    if let Some(error) = validator.iter_errors(&value).next() {
        panic!("this has not the shape `{name}`: {error}\n{text}");
    }
    value
}
