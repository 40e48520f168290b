//! Notices and decisions from the command line.

use serde_json::Value;

use crate::running::Running;

/// The address of the agreement, and what the ledger's API says of it now.
fn agreement(running: &Running) -> (String, Value) {
    running.publish_example();
    let entry = format!("{}/api/v1/entries/1", running.url());
    let now = read(running, &entry);
    (entry, now)
}

fn read(running: &Running, address: &str) -> Value {
    running.save(address, "entry.json");
    let text = std::fs::read_to_string(running.path().join("entry.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn state(entry: &Value, name: &str) -> String {
    let words = entry["disclosures"].as_array().unwrap();
    let word = words.iter().find(|word| word["name"] == name).unwrap();
    word["state"].as_str().unwrap().to_owned()
}

#[test]
fn words_are_withheld_and_restored_by_name_and_each_decision_is_an_entry() {
    let running = Running::start(&[]);
    let (entry, before) = agreement(&running);
    assert_eq!(state(&before, "title"), "public");
    let decide = |decision| {
        let about = ["moderate", decision, &entry, "--words", "title,commitment_1", "--json"];
        let why =
            ["--ground", "privacy", "--source", "own-initiative", "--facts", "It names a person."];
        running.run(&[about.as_slice(), &why, &["--data", "data"]].concat())
    };
    let published: Value = serde_json::from_str(&decide("withhold")).unwrap();
    assert_eq!((&published["index"], &published["newly"]), (&2.into(), &true.into()));
    let withheld = read(&running, &entry);
    for name in ["title", "commitment_1"] {
        assert_eq!(state(&withheld, name), "withheld");
    }
    decide("restore");
    assert_eq!(state(&read(&running, &entry), "title"), "public");
    let decision = read(&running, &format!("{}/api/v1/entries/2", running.url()));
    assert_eq!(decision["statement"]["kind"], "moderation");
    running.run(&["audit", running.url()]);
}

#[test]
fn a_whole_entry_is_withheld_and_restored() {
    let running = Running::start(&[]);
    let (entry, _) = agreement(&running);
    let why =
        ["--ground", "court-order", "--source", "court", "--facts", "Case 7.", "--data", "data"];
    running.run(&[["moderate", "withhold", &entry, "--whole"].as_slice(), &why].concat());
    assert!(read(&running, &entry)["statement"].is_null());
    running.run(&[["moderate", "restore", &entry, "--whole"].as_slice(), &why].concat());
    assert_eq!(read(&running, &entry)["statement"]["kind"], "agreement");
    let erase = [["moderate", "erase", &entry, "--whole"].as_slice(), &why].concat();
    let said = running.run_failing(&erase, 1);
    assert!(said.contains("what is erased is named"), "{said}");
}

#[test]
fn anyone_gives_notice_and_a_name_that_is_none_is_explained() {
    let running = Running::start(&[]);
    let (entry, _) = agreement(&running);
    running.run(&["key", "new", "eve.key"]);
    let notice = |words| {
        ["notice", &entry, "--words", words, "--ground", "impersonation", "--role", "organization"]
            .into_iter()
            .chain(["--explanation", "Nobody here signed this.", "--key", "eve.key"])
            .collect::<Vec<_>>()
    };
    running.run(&notice("title"));
    let noticed = read(&running, &format!("{}/api/v1/entries/2", running.url()));
    assert_eq!(noticed["statement"]["kind"], "notice");
    let said = running.run_failing(&notice("titel"), 1);
    assert!(said.contains("no word called titel") && said.contains("commitment_1"), "{said}");
    running.run(&["audit", running.url()]);
}

#[test]
fn only_the_key_of_the_operator_decides() {
    let running = Running::start(&[]);
    let (entry, _) = agreement(&running);
    let why = ["--ground", "spam", "--source", "own-initiative", "--facts", "An advertisement."];
    let decide = [["moderate", "withhold", &entry, "--words", "title"].as_slice(), &why].concat();
    let said = running.run_failing(&decide, 1);
    assert!(said.contains("operator.pem cannot be read"), "{said}");
    let other = Running::start(&[]);
    let folder = other.path().join("data");
    let said = running
        .run_failing(&[&decide, ["--data", folder.to_str().unwrap()].as_slice()].concat(), 1);
    assert!(said.contains("not_a_party") || said.contains("no key of the operator"), "{said}");
}
