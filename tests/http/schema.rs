//! Holds what is really sent and received to the generated schemas, closed: a field that no
//! schema describes is an error here, even where readers must put up with it.

use onrecord::wire::schema_files;
use serde_json::Value;

/// Fails unless the bytes are JSON of the shape with that name.
pub fn expect(name: &str, bytes: &[u8]) -> Value {
    let value: Value = serde_json::from_slice(bytes).unwrap();
    let file = schema_files().into_iter().find(|file| file.name == name).unwrap();
    let mut schema = serde_json::from_str(&file.text).unwrap();
    close(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(&value).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?} in {value:#}");
    value
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
