//! `tests/vectors/thread_states.json`: small ledgers, and what their threads and organizations come to at given
//! moments. What its fields mean stands in docs/protocol.md. `UPDATE_THREAD_STATES=1 cargo test --test thread`
//! writes what comes out now; review it line by line.

use std::path::PathBuf;

use onrecord::encoding::domain::Domain;
use onrecord::encoding::time::Moment;
use onrecord::thread::metrics::Measure;
use onrecord::wire::{MetricsFigure, ThreadState, schema_files};
use serde_json::{Value, json};

use crate::plain::{Labelled, threads};

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/thread_states.json")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

fn ledger(case: &Value) -> Labelled {
    let mut ledger = Labelled::default();
    for entry in case["entries"].as_array().unwrap() {
        let (label, time) = (text(&entry["label"]), text(&entry["time"]));
        let index = entry["index"].as_u64().unwrap();
        ledger.push(label, index, time, entry["fields"].clone());
    }
    ledger
}

/// What the reducer makes of a state that is asked for.
fn state(ledger: &Labelled, asked: &Value) -> Value {
    let now = Moment::parse_seconds(text(&asked["now"])).unwrap();
    let entries = ledger.entries.iter().filter(|entry| entry.time <= now);
    let state = threads(entries).state_at(&ledger.id(text(&asked["thread"])), now).unwrap();
    serde_json::to_value(ThreadState::from(&state)).unwrap()
}

/// What is made of metrics that are asked for: each name with numerator, denominator, percent and seconds.
fn figures(ledger: &Labelled, asked: &Value) -> Value {
    let domain = Domain::parse(text(&asked["domain"])).unwrap();
    let days = u16::try_from(asked["days"].as_u64().unwrap()).unwrap();
    let size = asked["checkpoint_size"].as_u64().unwrap();
    let covered: Vec<_> = ledger.entries.iter().filter(|entry| entry.index < size).collect();
    let until = covered.last().unwrap().time;
    let metrics = threads(covered).metrics(&domain, days, until).unwrap();
    let figures = metrics.figures.iter().map(|figure| {
        let mut shown = serde_json::to_value(MetricsFigure::from(figure)).unwrap();
        shown.as_object_mut().unwrap().remove("formula");
        shown
    });
    figures.collect()
}

#[test]
fn every_vector_comes_to_the_state_and_the_figures_it_says() {
    let written = std::fs::read_to_string(path()).unwrap();
    let mut vectors: Value = serde_json::from_str(&written).unwrap();
    let update = std::env::var_os("UPDATE_THREAD_STATES").is_some();
    for case in vectors["cases"].as_array_mut().unwrap() {
        let name = text(&case["name"]).to_owned();
        let ledger = ledger(case);
        for (list, made_of) in
            [("states", state as fn(&Labelled, &Value) -> Value), ("metrics", figures)]
        {
            let result = if list == "states" { "state" } else { "figures" };
            for asked in case.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                let found = made_of(&ledger, asked);
                if update {
                    asked[result] = found;
                } else {
                    assert_eq!(asked[result], found, "{name}, {list}");
                }
            }
        }
    }
    if update {
        let sentences = Measure::ALL.iter().map(|of| (of.name().to_owned(), of.formula().into()));
        vectors["formulas"] = Value::Object(sentences.collect());
        let mut written = String::new();
        write(&vectors, 0, &mut written);
        std::fs::write(path(), written + "\n").unwrap();
    }
}

/// Writes JSON so that what fits on a line stands on one.
fn write(value: &Value, depth: usize, out: &mut String) {
    const LINE: usize = 130;
    let flat = value.to_string();
    if flat.len() + 2 * depth <= LINE {
        out.push_str(&flat);
        return;
    }
    let indent = "  ".repeat(depth + 1);
    let (open, close, members): (_, _, Vec<(String, &Value)>) = match value {
        Value::Array(members) => ('[', ']', members.iter().map(|m| (String::new(), m)).collect()),
        Value::Object(members) => {
            ('{', '}', members.iter().map(|(key, m)| (format!("{}: ", json!(key)), m)).collect())
        }
        _ => return out.push_str(&flat),
    };
    out.push(open);
    for (place, (key, member)) in members.into_iter().enumerate() {
        out.push_str(if place == 0 { "\n" } else { ",\n" });
        out.push_str(&indent);
        out.push_str(&key);
        write(member, depth + 1, out);
    }
    out.push('\n');
    out.push_str(&indent[2..]);
    out.push(close);
}

#[test]
fn the_states_of_the_vectors_have_the_public_shape_and_show_every_status() {
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    let file = schema_files().into_iter().find(|file| file.name == "thread-state").unwrap();
    let schema: Value = serde_json::from_str(&file.text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut shown = String::new();
    for case in vectors["cases"].as_array().unwrap() {
        for asked in case["states"].as_array().into_iter().flatten() {
            let errors: Vec<_> = validator.iter_errors(&asked["state"]).collect();
            assert!(errors.is_empty(), "{errors:?}");
            shown.push_str(&asked["state"].to_string());
        }
    }
    for name in ["Standing", "CommitmentStatus", "BreachStatus", "OfferStatus", "Outcome"] {
        let spelled = &schema["$defs"][format!("{name}Name")]["oneOf"];
        let spelled = spelled
            .as_array()
            .or_else(|| schema["$defs"][format!("{name}Name")]["enum"].as_array());
        for status in spelled.unwrap() {
            let status = status.get("const").unwrap_or(status);
            assert!(shown.contains(&status.to_string()), "no vector shows {name} {status}");
        }
    }
}

#[test]
fn the_figures_of_the_vectors_are_all_there_are_in_their_order() {
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    let names: Vec<_> = Measure::ALL.iter().map(|measure| json!(measure.name())).collect();
    let mut looked_at = 0;
    for case in vectors["cases"].as_array().unwrap() {
        for asked in case["metrics"].as_array().into_iter().flatten() {
            let figures = asked["figures"].as_array().unwrap();
            assert_eq!(figures.iter().map(|f| f["name"].clone()).collect::<Vec<_>>(), names);
            looked_at += 1;
        }
    }
    assert!(looked_at >= 2);
    let sentences = vectors["formulas"].as_object().unwrap();
    for measure in Measure::ALL {
        assert_eq!(sentences[measure.name()], json!(measure.formula()), "{}", measure.name());
    }
}
