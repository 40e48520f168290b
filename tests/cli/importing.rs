//! `onrecord import cfpb` over a real ledger, then an audit of it. With the real complaints where they are, else
//! with made-up ones of the same columns from `complaints.csv` beside this file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::running::Running;
use crate::shapes;

/// The real complaints, from `$ONRECORD_SHARED` or beside the repository.
fn real_complaints() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared");
    let shared = std::env::var_os("ONRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let path = shared.join("data/cfpb_complaints_1000.csv");
    path.exists().then_some(path)
}

/// The real complaints, else made-up ones.
pub fn complaints() -> PathBuf {
    real_complaints().unwrap_or_else(|| {
        println!("the real complaints are not here: made-up ones are imported");
        made_up_complaints()
    })
}

fn made_up_complaints() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/complaints.csv")
}

fn import(running: &Running, csv: &str) -> Value {
    shapes::read("import", &running.run(&["import", "cfpb", csv, "--to", running.url(), "--json"]))
}

#[test]
fn every_complaint_becomes_a_thread_and_the_audit_is_clean() {
    let mut running = Running::start(&["--unlimited"]);
    fs::copy(complaints(), running.path().join("c.csv")).unwrap();
    let summary = import(&running, "c.csv");
    let rows = summary["rows"].as_u64().unwrap();
    let entries = summary["entries_new"].as_u64().unwrap();
    assert_eq!((&summary["rows_failed"], &summary["entries_before"]), (&0.into(), &0.into()));
    assert!(entries > 2 * rows && entries <= 3 * rows, "{summary}");

    let report = shapes::read("audit", &running.run(&["audit", running.url(), "--json"]));
    assert_eq!((&report["verdict"], &report["size"]), (&"verified".into(), &(entries + 1).into()));

    let address = format!("{}/api/v1/entries/{entries}/bundle", running.url());
    running.save(&address, "last.json");
    running.signal("-TERM");
    running.run(&["verify", "last.json"]);
    assert!(running.run(&["show", "last.json"]).contains(&format!("entry {entries} of localhost")));
}

#[test]
fn an_import_that_is_run_again_adds_nothing_with_or_without_its_memory() {
    let running = Running::start(&["--unlimited"]);
    fs::copy(made_up_complaints(), running.path().join("c.csv")).unwrap();
    let first = import(&running, "c.csv");
    assert_eq!((&first["rows"], &first["entries_new"]), (&4.into(), &10.into()));
    let again = import(&running, "c.csv");
    assert_eq!((&again["rows_done_before"], &again["entries_new"]), (&4.into(), &0.into()));

    let memory = running.path().join("c.csv.import.jsonl");
    let text = fs::read_to_string(&memory).unwrap();
    let begun: Vec<_> = text.lines().filter(|line| line.contains("claimed_at")).collect();
    fs::write(&memory, begun.join("\n") + "\n").unwrap();
    let once_more = import(&running, "c.csv");
    let counts = (&once_more["entries_before"], &once_more["entries_new"]);
    assert_eq!(counts, (&10.into(), &0.into()));
}

#[test]
fn an_imported_thread_says_who_imported_it_and_invents_no_promise() {
    let running = Running::start(&["--unlimited"]);
    fs::copy(made_up_complaints(), running.path().join("c.csv")).unwrap();
    fs::write(
        running.path().join("map.csv"),
        "company,domain\nOther Lending LLC,lending.example\n",
    )
    .unwrap();
    let args = ["import", "cfpb", "c.csv", "--to", running.url(), "--domains", "map.csv"];
    running.run(&[args.as_slice(), &["--parallel", "1"]].concat());
    let shown =
        |index: u64| running.run(&["show", &format!("{}/api/v1/entries/{index}", running.url())]);
    let agreement = shown(1);
    for expected in [
        "imported_from      consumerfinance.gov",
        "is no party to it",
        "    Answer complaint 1000001\n",
        "{\"by\":\"acme-bank-inc-c",
    ] {
        assert!(agreement.contains(expected), "{expected:?} is not in:\n{agreement}");
    }
    assert!(!agreement.contains("due"), "{agreement}");
    assert!(shown(3).contains(": assessment"), "{}", shown(3));
    let breach = shown(5);
    assert!(breach.contains("    They said it would be returned.\n"), "{breach}");
    assert!(shown(4).contains("subjects           lending.example"));
}

#[test]
fn a_ledger_without_made_up_names_asks_for_the_domains() {
    let running = Running::start(&["--reserved-domains=false"]);
    fs::copy(made_up_complaints(), running.path().join("c.csv")).unwrap();
    let args = ["import", "cfpb", "c.csv", "--to", running.url()];
    let message = running.run_failing(&args, 1);
    assert!(message.contains("3 companies have no domain") && message.contains("--domains"));
}
