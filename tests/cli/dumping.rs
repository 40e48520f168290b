//! `onrecord dump` of a real ledger, and the check of what it wrote: whatever is changed in it is found.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::running::Running;
use crate::shapes;

/// A ledger with an agreement and two more statements, and the dump of it in `dump`.
fn dumped() -> Running {
    let running = Running::start(&[]);
    running.publish_example();
    for kind in ["breach", "erasure"] {
        let file = format!("{kind}.toml");
        fs::write(running.path().join(&file), running.run(&["sign", "--example", kind])).unwrap();
        let args = ["sign", kind, &file, "--key", "agreement.key", "--seen", running.url()];
        running.run(&args);
        running.run(&["publish", &format!("{kind}.signed.json"), "--to", running.url()]);
    }
    let manifest = running.run(&["dump", running.url(), "--out", "dump", "--json"]);
    let manifest = shapes::read("dump-manifest", &manifest);
    assert_eq!((&manifest["size"], &manifest["from"]), (&4.into(), &0.into()));
    assert_eq!(manifest["words"]["erased"], 1);
    running
}

fn checked(running: &Running, folder: &str, code: i32) -> Value {
    shapes::read("dump-check", &running.output(&["dump", "--check", folder, "--json"], code).0)
}

/// The checks that fail once a file of a fresh copy is changed.
fn failing(running: &Running, file: &str, change: &dyn Fn(&str) -> String) -> Vec<String> {
    let copy = running.path().join("copy");
    fs::create_dir(&copy).unwrap();
    for name in ["entries.jsonl", "entries.csv", "manifest.json"] {
        fs::copy(running.path().join("dump").join(name), copy.join(name)).unwrap();
    }
    let before = fs::read_to_string(copy.join(file)).unwrap();
    let after = change(&before);
    assert_ne!(before, after, "{file} is to be changed");
    fs::write(copy.join(file), after).unwrap();
    let verdict = checked(running, "copy", 1);
    fs::remove_dir_all(copy).unwrap();
    let checks = verdict["checks"].as_array().unwrap().iter();
    let failed = checks.filter(|check| check["result"] == "failed");
    failed.map(|check| check["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_dump_verifies_without_its_ledger_and_nothing_in_it_can_be_changed() {
    let mut running = dumped();
    assert_eq!(running.signal("-TERM"), 0);
    let good = checked(&running, "dump", 0);
    assert_eq!(good["verdict"], "verified");
    let said = running.run(&["dump", "--check", "dump"]);
    assert!(said.starts_with("verified: a dump of localhost"), "{said}");

    let last_line = |text: &str| text.lines().take(3).map(|line| format!("{line}\n")).collect();
    assert_eq!(failing(&running, "entries.jsonl", &last_line), ["entries", "rows"]);
    let swapped = |text: &str| {
        let lines: Vec<&str> = text.lines().collect();
        format!("{}\n{}\n{}\n{}\n", lines[0], lines[2], lines[1], lines[3])
    };
    assert_eq!(failing(&running, "entries.jsonl", &swapped), ["entries", "rows"]);
    let spaced = |text: &str| text.replacen("{\"index\":0", "{ \"index\":0", 1);
    assert_eq!(failing(&running, "entries.jsonl", &spaced), ["entries"], "the hash is another one");
    let cell = |text: &str| text.replacen("agreement", "breach", 1);
    assert_eq!(failing(&running, "entries.csv", &cell), ["rows"]);
    let row = |text: &str| text.replacen("\"rows\": 4", "\"rows\": 5", 1);
    assert_eq!(failing(&running, "manifest.json", &row), ["manifest"]);
    let count = |text: &str| text.replacen("\"erased\": 1", "\"erased\": 0", 1);
    assert_eq!(failing(&running, "manifest.json", &count), ["entries"]);
    let size = |text: &str| text.replacen("\"size\": 4", "\"size\": 3", 1);
    assert!(failing(&running, "manifest.json", &size).contains(&"manifest".to_owned()));
    let note = |text: &str| text.replacen("\\n4\\n", "\\n5\\n", 1);
    let found = failing(&running, "manifest.json", &note);
    assert!(found.contains(&"log_signature".to_owned()), "{found:?}");
}

#[test]
fn a_later_dump_goes_on_where_an_earlier_one_ended() {
    let running = dumped();
    for from in 1..4 {
        let folder = format!("from-{from}");
        let args = ["dump", running.url(), "--out", &folder, "--from", &from.to_string()];
        assert!(running.run(&args).contains(&format!("entries {from} to 3")), "{from}");
        assert_eq!(checked(&running, &folder, 0)["from"], from);
        assert_eq!(lines(&running.path().join(&folder).join("entries.jsonl")), 4 - from);
    }
    let manifest = running.path().join("from-3/manifest.json");
    let text = fs::read_to_string(&manifest).unwrap();
    let read: Value = serde_json::from_str(&text).unwrap();
    let [first, second] = [0, 1].map(|at| read["before"][at].as_str().unwrap().to_owned());
    fs::write(&manifest, text.replacen(&first, &second, 1)).unwrap();
    assert_eq!(checked(&running, "from-3", 1)["checks"][2]["result"], "failed");
    let args = ["dump", running.url(), "--out", "none", "--from", "4"];
    assert!(running.run_failing(&args, 1).contains("none from 4 on"));
    assert!(!running.path().join("none").exists(), "nothing is begun");
}

#[test]
fn a_title_that_a_spreadsheet_would_run_stands_behind_an_apostrophe_and_is_whole_in_the_lines() {
    let running = Running::start(&[]);
    let example = running.run(&["sign", "--example", "agreement"]);
    let title = "=HYPERLINK(\\\"https://evil.example\\\")";
    let changed = example.replace("Refund agreed by phone", title);
    assert_ne!(changed, example);
    fs::write(running.path().join("agreement.toml"), changed).unwrap();
    running.run(&["sign", "agreement", "agreement.toml", "--to", running.url()]);
    running.run(&["publish", "agreement.signed.json", "--to", running.url()]);
    running.run(&["dump", running.url(), "--out", "dump"]);
    checked(&running, "dump", 0);
    let csv = fs::read_to_string(running.path().join("dump/entries.csv")).unwrap();
    assert!(csv.contains(",\"'=HYPERLINK("), "{csv}");
    let lines = fs::read_to_string(running.path().join("dump/entries.jsonl")).unwrap();
    assert!(lines.contains("\"=HYPERLINK("), "{lines}");
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).unwrap().lines().count()
}

#[test]
fn a_folder_with_something_in_it_is_left_alone_and_one_without_a_manifest_is_no_dump() {
    let running = dumped();
    let before = fs::read(running.path().join("dump/manifest.json")).unwrap();
    let said = running.run_failing(&["dump", running.url(), "--out", "dump"], 1);
    assert!(said.contains("dump is not empty"), "{said}");
    assert_eq!(fs::read(running.path().join("dump/manifest.json")).unwrap(), before);
    fs::remove_file(running.path().join("dump/manifest.json")).unwrap();
    running.run_failing(&["dump", "--check", "dump"], 2);
    let path: PathBuf = running.path().join("empty");
    fs::create_dir(&path).unwrap();
    running.run(&["dump", running.url(), "--out", "empty"]);
    assert_eq!(lines(&path.join("entries.csv")), 5);
    fs::remove_dir_all(running.path().join("home")).unwrap();
    let said = running.run_failing(&["dump", "--check", "empty"], 2);
    assert!(said.contains("no key of localhost"), "{said}");
}
