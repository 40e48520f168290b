//! The description of the API is generated from the router, and pinned.

use std::collections::BTreeSet;

use onrecord::http::description;
use serde_json::Value;

#[test]
fn the_description_is_the_one_reviewed() {
    let text = String::from_utf8(description().to_vec()).unwrap();
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("openapi", text);
    });
}

#[test]
fn every_route_says_what_it_answers() {
    let described: Value = serde_json::from_slice(&description()).unwrap();
    let paths = described["paths"].as_object().unwrap();
    assert!(paths.len() > 15, "{}", paths.len());
    assert!(every_reference_leads_somewhere(&described, &described["components"]["schemas"]));
    let mut names = BTreeSet::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["summary"].is_string(), "{method} {path}");
            assert!(names.insert(operation["operationId"].as_str()), "{method} {path}");
            assert!(operation["tags"].is_array(), "{method} {path}");
            assert!(operation["responses"]["200"].is_object(), "{method} {path}");
        }
    }
}

fn every_reference_leads_somewhere(part: &Value, schemas: &Value) -> bool {
    if let Some(reference) = part["$ref"].as_str() {
        let name = reference.strip_prefix("#/components/schemas/").unwrap_or_default();
        assert!(schemas[name].is_object(), "{reference}");
    }
    match part {
        Value::Object(members) => {
            members.values().all(|member| every_reference_leads_somewhere(member, schemas))
        }
        Value::Array(items) => {
            items.iter().all(|item| every_reference_leads_somewhere(item, schemas))
        }
        _ => true,
    }
}
