//! The schemas take the vectors and refuse what is not of their shape.

use std::collections::BTreeSet;

use onrecord::wire::{Reason, SchemaFile, Submission, schema_files};
use serde_json::{Value, json};

fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn find(name: &str) -> Option<SchemaFile> {
    schema_files().into_iter().find(|file| file.name == name)
}

fn validator(name: &str) -> jsonschema::Validator {
    let file = find(name).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&file.text).unwrap()).unwrap()
}

fn expect_valid(name: &str, value: &Value) {
    let errors: Vec<_> = validator(name).iter_errors(value).map(|e| format!("{e}")).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
}

#[test]
fn the_vectors_have_the_shapes_the_schemas_describe() {
    use onrecord::encoding::base64;
    let ledger = vectors("ledger.json");
    for bundle in ledger["bundles"].as_array().unwrap() {
        expect_valid("bundle", bundle);
        let leaf = base64::decode(bundle["entry"].as_str().unwrap()).unwrap();
        expect_valid("leaf", &serde_json::from_slice(&leaf).unwrap());
    }
    let mut seen = BTreeSet::new();
    for entry in ledger["entries"].as_array().unwrap() {
        let (envelope, words) = (&entry["envelope"], &entry["disclosures"]);
        let kind = entry["statement"]["kind"].as_str().unwrap();
        if let Some(schema) = find(&format!("statement-{kind}")) {
            expect_valid(&schema.name, &entry["statement"]);
            seen.insert(schema.name);
        }
        let submission = json!({ "envelope": envelope, "disclosures": words });
        expect_valid("submission", &submission);
        assert!(Submission::read(submission.to_string().as_bytes()).is_ok());
    }
    assert!(seen.len() > 5, "the vectors show most kinds: {seen:?}");
}

#[test]
fn the_reader_refuses_exactly_the_vectors_of_a_wrong_shape() {
    for case in vectors("refused_submissions.json")["cases"].as_array().unwrap() {
        let body = case["submission"].to_string();
        let reason = case["reason"].as_str().unwrap();
        assert!(Reason::from_token(reason).is_some(), "{reason}");
        let malformed = reason == Reason::MalformedJson.token();
        assert_eq!(Submission::read(body.as_bytes()).is_err(), malformed, "{reason}");
        assert!(!malformed || !validator("submission").is_valid(&case["submission"]));
    }
}

#[test]
fn closed_shapes_refuse_a_field_they_do_not_define() {
    let ledger = vectors("ledger.json");
    let mut bundle = ledger["bundles"][0].clone();
    bundle["note"] = json!("mine");
    assert!(!validator("bundle").is_valid(&bundle));
    bundle.as_object_mut().unwrap().remove("note");
    bundle.as_object_mut().unwrap().remove("proof");
    assert!(!validator("bundle").is_valid(&bundle));
}

#[test]
fn a_statement_with_a_field_of_no_kind_has_not_its_shape() {
    for case in vectors("refused_submissions.json")["cases"].as_array().unwrap() {
        let reason = case["reason"].as_str().unwrap();
        if !["unknown_field", "missing_field"].contains(&reason) {
            continue;
        }
        let payload = case["submission"]["envelope"]["payload"].as_str().unwrap();
        let payload = onrecord::encoding::base64::decode(payload).unwrap();
        let statement: Value = serde_json::from_slice(&payload).unwrap();
        let kind = statement["kind"].as_str().unwrap();
        assert!(!validator(&format!("statement-{kind}")).is_valid(&statement), "{reason}");
    }
}
