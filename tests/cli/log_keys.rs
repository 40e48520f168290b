//! One key of a ledger follows another, and those who use it go along: at once, later, or by a bundle they are given.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::keys;
use crate::running::{Running, bundles};

/// Runs a command as somebody with a memory of their own; the code it ends with, and what it says.
fn as_person(running: &Running, name: &str, args: &[&str]) -> (Option<i32>, String) {
    let mut command = keys::onrecord(running.path());
    let home = running.path().join(name);
    let output = command.args(args).env("ONRECORD_HOME", home).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

fn restarted(running: &mut Running) -> String {
    assert_eq!(running.signal("-TERM"), 0);
    running.start_again(&[]);
    running.url().to_owned()
}

/// How many signatures are under the checkpoint.
fn signatures(running: &Running) -> usize {
    let note = String::from_utf8(running.bytes("checkpoint")).unwrap();
    note.lines().filter(|line| line.starts_with('\u{2014}')).count()
}

/// Publishes another agreement.
fn publish(running: &Running) {
    let path = running.path();
    fs::copy(path.join("agreement.toml"), path.join("later.toml")).unwrap();
    running.run(&["sign", "agreement", "later.toml", "--to", running.url()]);
    running.run(&["publish", "later.signed.json", "--to", running.url()]);
}

fn log_key(verb: &str, url: &str) -> Vec<String> {
    ["log-key", verb, url, "--data", "data"].map(str::to_owned).to_vec()
}

fn run(running: &Running, args: &[String]) -> String {
    running.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

fn fails(running: &Running, args: &[String]) -> String {
    running.run_failing(&args.iter().map(String::as_str).collect::<Vec<_>>(), 1)
}

#[test]
fn a_new_key_follows_the_old_one_and_readers_learn_it() {
    let mut running = Running::start(&[]);
    let old_bundle = running.publish_example();
    let old_bundle = old_bundle.to_str().unwrap();
    let url = running.url().to_owned();
    for person in ["ana", "bo"] {
        assert_eq!(as_person(&running, person, &["audit", &url]).0, Some(0));
    }
    assert!(fails(&running, &log_key("announce", &url)).contains("log-key next"));
    let line = run(&running, &log_key("next", &url));
    let next = line.strip_prefix("log localhost:").unwrap();
    assert!(fails(&running, &log_key("next", &url)).contains("is there already"));
    // It does not sign before the ledger was started with it.
    let said = fails(&running, &log_key("announce", &url));
    assert!(said.contains("the ledger does not sign with localhost:"), "{said}");

    let url = restarted(&mut running);
    let (policy, _) = running.output(&["policy", "show", &url], 0);
    assert!(policy.contains(next.trim_end()), "{policy}");
    let retire = log_key("retire", &url);
    assert!(fails(&running, &retire).contains("is not on record yet"));
    let before = bundles(running.path());
    run(&running, &log_key("announce", &url));
    assert_eq!(signatures(&running), 2);
    let announced = bundles(running.path()).into_iter().find(|one| !before.contains(one)).unwrap();
    let (code, said) = as_person(&running, "ana", &["audit", &url]);
    assert!(code == Some(0) && said.contains("named another key"), "{said}");
    assert_eq!(as_person(&running, "new here", &["audit", &url]).0, Some(0));

    assert!(fails(&running, &retire).contains("--for-good"));
    run(&running, &[retire, vec!["--for-good".to_owned()]].concat());
    assert!(!running.path().join("data/keys/log-next.pem").exists());
    assert_eq!(running.signal("-TERM"), 0);
    assert!(running.run(&["check", "data"]).contains("in order"));
    running.start_again(&[]);
    let url = running.url().to_owned();
    publish(&running);
    assert_eq!(signatures(&running), 1);
    let (_, said) = as_person(&running, "bo", &["audit", &url]);
    assert!(said.contains("onrecord policy learn"), "{said}");
    let announced = announced.to_str().unwrap();
    assert_eq!(as_person(&running, "bo", &["policy", "learn", old_bundle]).0, Some(1));
    let (code, said) = as_person(&running, "bo", &["policy", "learn", announced]);
    assert!(code == Some(0) && said.contains("named another key"), "{said}");
    let (_, said) = as_person(&running, "bo", &["policy", "learn", announced]);
    assert!(said.contains("remembered already"), "{said}");
    for person in ["ana", "new here", "bo"] {
        let (code, said) = as_person(&running, person, &["audit", &url, "--json"]);
        assert_eq!(code, Some(0), "{person}: {said}");
    }
    for person in ["ana", "bo"] {
        let (code, said) = as_person(&running, person, &["verify", old_bundle]);
        assert_eq!(code, Some(0), "what the old key signed stays: {said}");
    }
}

#[test]
fn a_ledger_signs_nothing_without_a_key_that_it_named() {
    let mut running = Running::start(&[]);
    running.publish_example();
    let url = running.url().to_owned();
    run(&running, &log_key("next", &url));
    let url = restarted(&mut running);
    run(&running, &log_key("announce", &url));
    let (key, away) = ("data/keys/log-next.pem", "away.pem");
    let [key, away] = [key, away].map(|name| running.path().join(name));
    fs::rename(&key, &away).unwrap();
    let url = restarted(&mut running);
    let health: Value = loop {
        let health: Value = serde_json::from_slice(&running.bytes("healthz")).unwrap();
        if health["status"] != "starting" {
            break health;
        }
    };
    assert_eq!(health["status"], "read_only");
    let why = health["read_only"].as_str().unwrap();
    assert!(why.contains("and `keys` has no such key"), "{why}");
    running.run(&["audit", &url]);
    fs::rename(&away, &key).unwrap();
    restarted(&mut running);
    publish(&running);
    assert_eq!(signatures(&running), 2);
}

#[test]
fn the_folder_is_that_of_the_ledger() {
    let running = Running::start(&[]);
    running.publish_example();
    let other = Running::start(&[]);
    let data = other.path().join("data");
    let args = ["log-key", "next", running.url(), "--data", data.to_str().unwrap()];
    let said = running.run_failing(&args, 1);
    assert!(said.contains("does not sign with the key in"), "{said}");
    assert!(!data.join("keys/log-next.pem").exists());
}

#[test]
fn a_watch_that_is_narrowed_goes_along() {
    let mut running = Running::start(&[]);
    running.publish_example();
    let url = running.url().to_owned();
    let listen = url.strip_prefix("http://").unwrap();
    let mut watch = keys::onrecord(running.path());
    watch.args(["watch", &url, "--kind", "agreement", "--from", "1", "--count", "3", "--json"]);
    watch.env("ONRECORD_HOME", running.path().join("cy")).stdout(Stdio::piped());
    let mut watch = watch.spawn().unwrap();
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let mut told = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    assert_eq!(told()["index"], 1);
    run(&running, &log_key("next", &url));
    assert_eq!(running.signal("-TERM"), 0);
    running.start_at(listen, &[]);
    run(&running, &log_key("announce", &url));
    publish(&running);
    assert_eq!(told()["index"], 3);
    run(&running, &[log_key("retire", &url), vec!["--for-good".to_owned()]].concat());
    assert_eq!(running.signal("-TERM"), 0);
    running.start_at(listen, &[]);
    fs::remove_file(running.path().join("later.signed.json")).unwrap();
    fs::remove_file(running.path().join("later.key")).unwrap();
    publish(&running);
    assert_eq!(told()["index"], 5);
    assert!(watch.wait().unwrap().success());
}
