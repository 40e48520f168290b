//! A ledger that its operator ends, and the one that goes on from it.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use crate::running::Running;

fn read(running: &Running, path: &str) -> Value {
    let bytes = running.bytes(path);
    serde_json::from_slice(&bytes).unwrap()
}

/// The whole answer to a browser.
fn page(url: &str, path: &str) -> String {
    let host = url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\nAccept: text/html\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_ledger_that_ended_serves_for_good_and_another_one_goes_on_from_it() {
    let mut old = Running::start(&[]);
    let bundle = old.publish_example();
    let url = old.url().to_owned();
    let end = ["end", &url, "--data", "data", "--successor", "localhost:1/next"];
    let said = old.run_failing(&end, 1);
    assert!(said.contains("nothing was done") && said.contains("--for-good"), "{said}");
    let health = read(&old, "healthz");
    assert_eq!((&health["status"], &health["checkpoint_size"]), (&"ok".into(), &2.into()));
    let origin = read(&old, "api/v1/entries/0")["statement"]["log"].as_str().unwrap().to_owned();
    let itself = ["end", &url, "--data", "data", "--for-good", "--successor", &origin];
    assert!(old.run_failing(&itself, 1).contains("no origin is used twice"));
    let published: Value =
        serde_json::from_str(&old.run(&[&end[..], &["--for-good", "--json"]].concat())).unwrap();
    assert_eq!(published["index"], 2);

    old.run(&[
        "sign",
        "agreement",
        "agreement.toml",
        "--to",
        &url,
        "--key",
        "agreement.key",
        "--out",
        "late.json",
    ]);
    let late = ["publish", "late.json", "--to", &url];
    let said = old.run_failing(&late, 1);
    assert!(said.contains("entry 2 ended this ledger; localhost:1/next goes on"), "{said}");
    assert_eq!(old.signal("-TERM"), 0);
    old.start_again(&[]);
    let url = old.url().to_owned();
    let starts = || {
        std::thread::sleep(std::time::Duration::from_millis(20));
        read(&old, "healthz")["status"] == "starting"
    };
    assert!(!(0..1500).all(|_| starts()), "it does not come up");
    let health = read(&old, "healthz");
    assert_eq!(health["status"], "ended");
    assert_eq!(health["ended"], serde_json::json!({"index": 2, "successor": "localhost:1/next"}));
    let said = old.run_failing(&["publish", "late.json", "--to", &url], 1);
    assert!(said.contains("entry 2 ended this ledger"), "{said}");
    // What was answered before is answered again.
    old.run(&["publish", "agreement.signed.json", "--to", &url]);
    old.run(&["verify", bundle.to_str().unwrap()]);
    old.run(&["audit", &url]);
    for (path, status) in [("", 200), ("ledger", 200), ("live", 200), ("publish", 409)] {
        let page = page(&url, path);
        assert!(page.starts_with(&format!("HTTP/1.0 {status} ")), "{page}");
        assert!(page.contains("This ledger has ended") && page.contains("localhost:1/next"));
        assert_eq!(page.contains("Nothing can be published here"), status == 409);
    }

    let last = old.path().join("last-checkpoint");
    fs::write(&last, old.bytes("checkpoint")).unwrap();
    let last = last.to_str().unwrap();
    let new = Running::start(&["--predecessor", last]);
    let before = &read(&new, "api/v1/entries/0")["statement"]["predecessor"];
    let note = fs::read_to_string(last).unwrap();
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!((&before["origin"], &before["size"]), (&lines[0].into(), &3.into()));
    assert_eq!(before["root"], lines[2]);
    new.run(&["audit", new.url()]);
}

#[test]
fn a_new_ledger_goes_on_from_a_checkpoint_or_from_nothing() {
    let folder = Running::start(&[]);
    let file = folder.path().join("note");
    fs::write(&file, "no checkpoint\n").unwrap();
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "other", "--predecessor", "note"];
    let said = folder.run_failing(&serve, 1);
    assert!(said.contains("/checkpoint"), "{said}");
    fs::write(&file, folder.bytes("checkpoint")).unwrap();
    let origin = read(&folder, "api/v1/entries/0")["statement"]["log"].as_str().unwrap().to_owned();
    let said = folder.run_failing(&[&serve[..], &["--origin", &origin]].concat(), 1);
    assert!(said.contains("itself"), "{said}");
}
