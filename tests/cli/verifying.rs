//! `onrecord verify` on the protocol's own bundles: exit codes, JSON, and what it trusts.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use assert_cmd::assert::OutputAssertExt as _;
use onrecord::wire;
use serde_json::Value;

use crate::keys::onrecord;

pub fn vectors(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// A folder with a policy that trusts the vectors' log.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let vkey = vectors("ledger.json")["log_vkey"].as_str().unwrap().to_owned();
    fs::write(folder.path().join("trusted.policy"), format!("log {vkey}\nquorum none\n")).unwrap();
    folder
}

fn verify(folder: &Path, args: &[&str]) -> Command {
    let mut command = onrecord(folder);
    command.arg("verify").args(args).env("ONRECORD_HOME", folder.join("home"));
    command
}

#[test]
fn every_bundle_of_the_vectors_verifies() {
    let folder = folder();
    for (index, bundle) in vectors("ledger.json")["bundles"].as_array().unwrap().iter().enumerate()
    {
        fs::write(folder.path().join("b.json"), bundle.to_string()).unwrap();
        let mut command =
            verify(folder.path(), &["b.json", "--policy", "trusted.policy", "--json"]);
        let output = command.assert().success().get_output().stdout.clone();
        let verdict: wire::Verdict = serde_json::from_slice(&output).unwrap();
        assert_eq!(verdict.verdict, wire::Outcome::Verified, "{index}");
        assert!(verdict.not_checked.len() >= 4);
    }
}

#[test]
fn every_refused_bundle_of_the_vectors_ends_with_1() {
    let folder = folder();
    for case in vectors("refused_bundles.json")["cases"].as_array().unwrap() {
        fs::write(folder.path().join("b.json"), case["bundle"].to_string()).unwrap();
        verify(folder.path(), &["b.json", "--policy", "trusted.policy"]).assert().code(1);
    }
}

#[test]
fn without_a_remembered_key_nothing_is_checked() {
    let folder = folder();
    let bundle = vectors("ledger.json")["bundles"][1].to_string();
    fs::write(folder.path().join("b.json"), &bundle).unwrap();
    let output = verify(folder.path(), &["b.json"]).assert().code(2).get_output().clone();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(message.contains("no contact") && message.contains("--policy"), "{message}");
    verify(folder.path(), &["missing.json"]).assert().code(2);
    fs::write(folder.path().join("b.json"), "{}").unwrap();
    verify(folder.path(), &["b.json"]).assert().code(1);
}

#[test]
fn a_bundle_may_come_from_standard_input() {
    let folder = folder();
    let mut command = verify(folder.path(), &["-", "--policy", "trusted.policy"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let bundle = vectors("ledger.json")["bundles"][1].to_string();
    child.stdin.take().unwrap().write_all(bundle.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("verified: entry 1 of ledger.example/2026, agreement\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "colours where there is no terminal");
}

#[test]
fn an_entry_is_shown_with_its_words_and_who_signed_it() {
    let folder = folder();
    let bundle = vectors("ledger.json")["bundles"][1].to_string();
    fs::write(folder.path().join("b.json"), bundle).unwrap();
    let text = crate::keys::stdout(onrecord(folder.path()).args(["show", "b.json"]));
    for expected in [
        "entry 1 of ledger.example/2026: agreement\n",
        "  signed by          did:key:z6Mk",
        "  subjects           acme.example\n",
        "  title\n    Refund agreed by phone\n",
        "  signer_name (sealed)\n",
    ] {
        assert!(text.contains(expected), "{expected:?} is not in:\n{text}");
    }
    let json = crate::keys::stdout(onrecord(folder.path()).args(["show", "b.json", "--json"]));
    let shown: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(shown["statement"]["subjects"][0], "acme.example");
    assert_eq!(shown["words"].as_array().unwrap().len(), 6);
}
