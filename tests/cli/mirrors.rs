//! What a mirror's folder remembers, and what it is not.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::keys;
use crate::running::Running;

/// Starts a mirror in `copy` until it has the ledger's entries; the lines that it prints.
fn mirrored(running: &Running, options: &[&str]) -> (String, String) {
    let mut command = keys::onrecord(running.path());
    command.args(["mirror", running.url(), "--data", "copy", "--listen", "127.0.0.1:0"]);
    command.args(options).env("ONRECORD_HOME", running.path().join("home"));
    let mut mirror = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(mirror.stdout.take().unwrap()).lines();
    let listening = lines.next().unwrap().unwrap();
    let witness = lines.next().unwrap().unwrap();
    let announced = running.path().join("copy/announced");
    let is_there = || {
        std::thread::sleep(std::time::Duration::from_millis(20));
        announced.read_dir().unwrap().any(|one| one.is_ok())
    };
    assert!((0..1500).any(|_| is_there()), "nothing is copied");
    mirror.kill().unwrap();
    mirror.wait().unwrap();
    (listening, witness)
}

#[test]
fn a_mirror_of_nothing_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mirror = |options: &[&str]| {
        let mut command = keys::onrecord(folder.path());
        command.args(["mirror", "http://127.0.0.1:9", "--data", "copy"]).args(options);
        let output = command.env("ONRECORD_HOME", folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(!folder.path().join("copy").exists());
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(mirror(&[]).contains("a new mirror needs a name"));
    assert!(mirror(&["--name", "mirror.example/m1"]).contains("cannot be reached"));
}

#[test]
fn a_mirror_keeps_its_name_and_the_key_of_its_ledger_and_is_no_ledger() {
    let mut running = Running::start(&[]);
    running.publish_example();
    let url = running.url().to_owned();
    let (listening, witness) = mirrored(&running, &["--name", "mirror.example/m1"]);
    assert!(listening.contains(" as a mirror of localhost:"), "{listening}");
    assert!(witness.starts_with("witness mirror.example/m1 mirror.example/m1+"), "{witness}");
    let again = ["mirror", &url, "--data", "copy", "--listen", "127.0.0.1:0"];
    let said = running.run_failing(&[&again[..], &["--name", "mirror.example/m2"]].concat(), 1);
    assert!(said.contains("this mirror is mirror.example/m1 for ever"), "{said}");
    fs::write(running.path().join("none.policy"), "quorum none\n").unwrap();
    let said = running.run_failing(&[&again[..], &["--policy", "none.policy"]].concat(), 1);
    assert!(said.contains("names no key of localhost:"), "{said}");
    let serve = ["serve", "--data", "copy", "--listen", "127.0.0.1:0"];
    let said = running.run_failing(&serve, 1);
    assert!(said.contains("copy holds a mirror"), "{said}");
    let said = running.run_failing(&["backup", "kept", "--data", "copy"], 1);
    assert!(
        said.contains("copy holds a mirror") && !running.path().join("kept").exists(),
        "{said}"
    );
    let ledger = ["mirror", &url, "--name", "mirror.example/m1", "--data", "data"];
    let said = running.run_failing(&ledger, 1);
    assert!(said.contains("data holds a ledger"), "{said}");
    assert!(running.run(&["check", "copy"]).contains("in order"));
    // What it remembers is enough to start without the ledger.
    fs::remove_dir_all(running.path().join("home")).unwrap();
    assert_eq!(running.signal("-TERM"), 0);
    assert_eq!(mirrored(&running, &[]).1.split(' ').nth(2), witness.split(' ').nth(2));
}
