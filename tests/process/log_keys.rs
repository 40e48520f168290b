//! One key of a ledger follows another while a mirror copies it and a monitor looks: the mirror goes along, shows what the
//! new key signed also when the ledger is gone, and nobody raises an alarm.

use std::path::Path;
use std::process::Command;

use super::mirror::{catches_up, mirror_of, publish, size_of, succeeds};
use super::reader::Reader;
use super::server::{Address, ONRECORD};

#[test]
fn a_mirror_and_a_monitor_go_along_with_a_new_key() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, home] = ["data", "copy", "home"].map(|name| folder.path().join(name));
    let address = Address::free();
    let server = address.serve(&data);
    let (ledger, url) = (server.client.clone(), server.client.url());
    let log = Reader::of(&ledger).log;
    let onrecord = |arguments: &[&str]| {
        let mut command = Command::new(ONRECORD);
        command.args(arguments).env("ONRECORD_HOME", &home).current_dir(folder.path());
        succeeds(&mut command);
    };
    let log_key = |arguments: &[&str]| {
        onrecord(&[&["log-key"], arguments, &["--data", data.to_str().unwrap()]].concat());
    };
    let mirror = mirror_of(&url, &copy, &home);
    let looks = |entries: std::ops::Range<u64>| {
        publish(&ledger, &log, entries, "It was agreed.");
        catches_up(&mirror.client, &ledger);
        onrecord(&["monitor", "--once", &url, &mirror.client.url()]);
    };
    looks(0..3);
    log_key(&["next", &url]);
    server.stop();
    let server = address.serve(&data);
    looks(3..6);
    log_key(&["announce", &url]);
    looks(6..9);
    log_key(&["retire", &url, "--for-good"]);
    looks(9..12);
    server.stop();
    let server = address.serve(&data);
    looks(12..15);

    let lines = |note: Vec<u8>| {
        let note = String::from_utf8(note).unwrap();
        note.lines().filter(|line| line.starts_with(&format!("— {log} "))).count()
    };
    assert_eq!(lines(ledger.must_get("/checkpoint")), 1);
    let policy = |of: &super::client::Client| {
        String::from_utf8(of.must_get("/log.policy")).unwrap().matches("log localhost:").count()
    };
    assert_eq!(
        (policy(&ledger), policy(&mirror.client)),
        (1, 2),
        "a mirror keeps what it believed"
    );
    let size = size_of(&ledger);
    server.stop();
    mirror.stop();
    let mirror = mirror_of(&url, &copy, &home);
    mirror.wait_for_the_index();
    assert_eq!(size_of(&mirror.client), size, "it shows what the new key signed");
    let mut reader = Reader::of(&mirror.client);
    assert_eq!(reader.follow(&mirror.client).checkpoint().size(), size);
    onrecord(&["audit", &mirror.client.url()]);
    mirror.stop();
    is_in_order(&copy);
}

fn is_in_order(copy: &Path) {
    succeeds(Command::new(ONRECORD).arg("check").arg(copy));
}
