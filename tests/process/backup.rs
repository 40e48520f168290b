//! `onrecord backup` beside a server under load, itself killed at random moments: what it keeps is whole, nothing that was
//! answered before it began is missing, and no erased word is left in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use onrecord::crypto::sha256;

use super::client::Client;
use super::reader::Reader;
use super::server::{ONRECORD, Process, Server, bytes_of, copy_folder, files_below};
use super::writer::{agreement, erasure};

const WRITERS: u64 = 4;
const KILLS: u64 = 12;
/// In every narrative that is erased.
const SECRET: &str = "It is to be forgotten.";

fn onrecord(arguments: &[&str], paths: &[&Path]) -> Command {
    let mut command = Command::new(ONRECORD);
    command.args(arguments).args(paths).stdin(Stdio::null());
    command
}

fn back_up(data: &Path, copy: &Path) -> Command {
    onrecord(&["backup", "--data"], &[data, copy])
}

fn must(mut command: Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert!(status.success(), "{said}");
    said
}

/// Makes a folder of the backup, and checks it whole.
fn restored(copy: &Path, folder: &Path, number: u64) -> PathBuf {
    let data = folder.join(format!("restored-{number}"));
    must(onrecord(&["restore", "--unwitnessed", "--data"], &[&data, copy]));
    must(onrecord(&["check"], &[&data]));
    data
}

/// How much the writers were answered.
#[derive(Default)]
struct Answered {
    entries: AtomicU64,
    erasures: AtomicU64,
}

/// Publishes agreements, and erases every fifth.
fn write(client: &Client, log: &str, writer: u64, answered: &Answered, stop: &AtomicBool) {
    let mut number = writer << 32;
    while !stop.load(Ordering::Relaxed) {
        let is_secret = number.is_multiple_of(5);
        let narrative = if is_secret { SECRET } else { "Something else." };
        let written = agreement(log, number, narrative);
        assert_eq!(client.post_statement(&written.to_string()).unwrap().status, 201);
        answered.entries.fetch_add(1, Ordering::Relaxed);
        if is_secret {
            let erasing = erasure(&written, number).to_string();
            assert_eq!(client.post_statement(&erasing).unwrap().status, 201);
            answered.entries.fetch_add(1, Ordering::Relaxed);
            answered.erasures.fetch_add(1, Ordering::Relaxed);
        }
        number += 1;
        thread::sleep(Duration::from_millis(40));
    }
}

/// Stops the writers however the test ends.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_backup_beside_a_busy_server_is_whole_though_it_is_killed_at_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy] = ["data", "copy"].map(|name| folder.path().join(name));
    let server = Server::start(&data);
    let log = Reader::of(&server.client).log;
    let (answered, stop) = (Answered::default(), AtomicBool::new(false));
    let mut taken = Vec::new();
    thread::scope(|scope| {
        let _stopping = Stopping(&stop);
        for writer in 0..WRITERS {
            let (client, log, answered, stop) = (&server.client, &log, &answered, &stop);
            scope.spawn(move || write(client, log, writer, answered, stop));
        }
        must(back_up(&data, &copy));
        for kill in 0..KILLS {
            let mut command = back_up(&data, &copy);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            let process = Process::of(command.spawn().unwrap());
            let random = u64::from(sha256(&kill.to_be_bytes()).as_bytes()[0]);
            thread::sleep(Duration::from_millis(1 + random / 4));
            process.kill();
            if kill % 4 == 3 {
                let before = answered.entries.load(Ordering::Relaxed);
                must(back_up(&data, &copy));
                let kept = folder.path().join(format!("kept-{kill}"));
                copy_folder(&copy, &kept);
                taken.push((kept, before));
            }
        }
    });
    server.stop();
    for (number, (kept, before)) in (0..).zip(taken) {
        let ledger = Server::start(&restored(&kept, folder.path(), number));
        let health = ledger.client.get("/healthz").unwrap().json();
        assert!(health["checkpoint_size"].as_u64().unwrap() > before, "{health}");
        ledger.stop();
    }
    must(back_up(&data, &copy));
    restored(&copy, folder.path(), KILLS);
    assert!(answered.erasures.into_inner() > 5);
    for name in files_below(&copy) {
        let bytes = bytes_of(&copy.join(&name));
        let found = String::from_utf8_lossy(&bytes).contains(SECRET);
        assert!(!found, "{name} holds words that were erased");
    }
    let states = fs::read_dir(copy.join("state")).unwrap().count();
    assert_eq!(states, 1, "older states are left");
}
