//! Ledgers that answer what they should not: nothing of it is kept or believed.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use assert_cmd::assert::OutputAssertExt as _;
use onrecord::encoding::base64;
use onrecord::tlog::leaf_hash;
use serde_json::Value;

use crate::verifying::vectors;
use crate::{keys, shapes};

/// Answers as the ledger of the vectors would, and every bundle that is asked for with this one.
fn ledger_that_answers(bundle: String) -> String {
    ledger_with(bundle, |_| ())
}

/// The same, with its leaves as the change leaves them.
fn ledger_with(bundle: String, change: impl Fn(&mut Vec<Vec<u8>>)) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let ledger = vectors("ledger.json");
    let entries = ledger["entries"].as_array().unwrap();
    let checkpoint = text(&entries.last().unwrap()["checkpoint"]).into_bytes();
    let policy = format!("log {}\nquorum none\n", text(&ledger["log_vkey"])).into_bytes();
    let leaf = |entry: &Value| base64::decode(entry["leaf"].as_str().unwrap()).unwrap();
    let mut leaves: Vec<Vec<u8>> = entries.iter().map(leaf).collect();
    let hashes: Vec<u8> = leaves.iter().flat_map(|leaf| *leaf_hash(leaf).as_bytes()).collect();
    change(&mut leaves);
    let with_length = |leaf: &Vec<u8>| [&(leaf.len() as u16).to_be_bytes(), &leaf[..]].concat();
    let bundles: Vec<u8> = leaves.iter().flat_map(with_length).collect();
    let partial = leaves.len();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let request = read_request(&mut stream);
            let path = request.split_whitespace().nth(1).unwrap();
            let body = match path {
                "/checkpoint" => &checkpoint,
                "/log.policy" => &policy,
                path if path == format!("/tile/0/000.p/{partial}") => &hashes,
                path if path == format!("/tile/entries/000.p/{partial}") => &bundles,
                _ => bundle.as_bytes(),
            };
            let length = body.len();
            let head = format!("HTTP/1.1 200 x\r\nContent-Length: {length}\r\nConnection: close");
            stream.write_all(&[format!("{head}\r\n\r\n").as_bytes(), body].concat()).unwrap();
        }
    });
    url
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let length = stream.read(&mut piece).unwrap();
        request.extend_from_slice(&piece[..length]);
        let text = String::from_utf8_lossy(&request).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let expected = head
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
        if body.len() >= expected || length == 0 {
            return String::from_utf8(request).unwrap();
        }
    }
}

fn onrecord(folder: &Path, args: &[&str]) -> Command {
    let mut command = keys::onrecord(folder);
    command.args(args).env("ONRECORD_HOME", folder.join("home"));
    command
}

/// What the command says on standard error when it ends with this code.
fn failing(folder: &Path, args: &[&str], code: i32) -> String {
    let assert = onrecord(folder, args).assert().code(code);
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn bundle(index: usize) -> Value {
    vectors("ledger.json")["bundles"][index].clone()
}

#[test]
fn a_bundle_of_another_statement_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let example = keys::stdout(&mut onrecord(folder, &["sign", "--example", "agreement"]));
    fs::write(folder.join("a.toml"), example).unwrap();
    let good = ledger_that_answers(bundle(1).to_string());
    onrecord(folder, &["sign", "agreement", "a.toml", "--to", &good]).assert().success();

    let message = failing(folder, &["publish", "a.signed.json", "--to", &good], 1);
    assert!(message.contains("bundle of another statement"), "{message}");
    let mut altered = bundle(1);
    altered["proof"] = Value::from(text(&altered["proof"]).replace("index 1", "index 2"));
    let bad = ledger_that_answers(altered.to_string());
    let message = failing(folder, &["publish", "a.signed.json", "--to", &bad], 1);
    assert!(message.contains("does not verify"), "{message}");
    let message = failing(
        folder,
        &["publish", "a.signed.json", "--to", &ledger_that_answers("{}".into())],
        1,
    );
    assert!(message.contains("answered no bundle"), "{message}");
    let kept = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!kept.into_iter().any(|name| name.to_string_lossy().contains("onrecord.json")));
}

#[test]
fn an_address_is_answered_with_its_own_entry_only() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let url = ledger_that_answers(bundle(1).to_string());
    let hash = text(&vectors("ledger.json")["entries"][1]["leaf_hash"]);
    let at = |path: &str| format!("{url}/{path}");
    for good in [at("api/v1/entries/1"), at(&format!("e/1-{}", &hash[..32]))] {
        onrecord(folder, &["verify", &good]).assert().success();
    }
    let swapped = format!("e/1-{}", "0".repeat(32));
    for bad in [at("api/v1/entries/2"), at(&swapped), at(&format!("e/1-{}", &hash[..31]))] {
        let message = failing(folder, &["verify", &bad], 1);
        assert!(message.contains("another entry"), "{message}");
    }
}

#[test]
fn what_a_ledger_writes_cannot_move_the_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let evil = r#"{"type":"/problems/bad_text","title":"t","status":422,"detail":"\u001b[2Jgone\u202e","next_step":"\u0007do"}"#;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            read_request(&mut stream);
            let length = evil.len();
            write!(stream, "HTTP/1.1 422 x\r\nContent-Length: {length}\r\n\r\n{evil}").unwrap();
        }
    });
    let message = failing(folder, &["audit", &url], 2);
    assert!(
        message.contains("\\u{1b}[2Jgone\\u{202e}") && message.contains("\\u{7}do"),
        "{message}"
    );
    assert!(!message.contains(['\u{1b}', '\u{7}', '\u{202e}']));
}

#[test]
fn an_audit_finds_the_entry_that_was_changed_and_goes_on_only_from_good_ones() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let good = ledger_that_answers(String::new());
    let audit = |url: &str, more: &[&str]| {
        let output =
            onrecord(folder, &[&["audit", url, "--json"], more].concat()).output().unwrap();
        (output.status.code(), shapes::read("audit", &String::from_utf8(output.stdout).unwrap()))
    };
    let (code, report) = audit(&good, &[]);
    assert_eq!((code, &report["verdict"]), (Some(0), &"verified".into()), "{report}");
    assert!(!report["rules_not_checked"].as_object().unwrap().is_empty());
    let (code, report) = audit(&good, &[]);
    assert_eq!((code, &report["checked_before"]), (Some(0), &11.into()));

    let bad = ledger_with(String::new(), |leaves| {
        let index = leaves[5].iter().position(|byte| *byte == b'Z').unwrap();
        leaves[5][index] = b'Y';
    });
    let (code, report) = audit(&bad, &["--from-start"]);
    assert_eq!((code, &report["verdict"]), (Some(1), &"failed".into()));
    let found = report["findings"].as_array().unwrap();
    assert!(found.iter().any(|finding| finding["index"] == 5), "{report}");
    onrecord(folder, &["audit", &bad, "--from-start"]).assert().code(1);
}
