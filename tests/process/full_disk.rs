//! A full disk makes the ledger read-only with a clear 503, and it goes on when there is room. Needs root, for a
//! file system of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;
use std::{fs, io};

use super::load::SECRET;
use super::reader::Reader;
use super::server::{Server, bytes_of, files_below};
use super::writer::{agreement, erasure};

/// The words of so many entries are one pack.
const PACK: u64 = 256;

/// A small file system in memory.
struct Disk(PathBuf);

impl Disk {
    /// `None` where this process may not mount.
    fn of_mebibytes(size: u32, place: &Path) -> Option<Self> {
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}m"), "tmpfs"])
            .arg(place)
            .output()
            .is_ok_and(|run| run.status.success());
        mounted.then(|| Self(place.to_owned()))
    }

    fn grow_to_mebibytes(&self, size: u32) {
        let options = format!("remount,size={size}m");
        let run = Command::new("mount").args(["-o", &options]).arg(&self.0).status().unwrap();
        assert!(run.success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_makes_it_read_only_until_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::of_mebibytes(80, folder.path()) else {
        println!("not run: a file system of its own needs root");
        return;
    };
    let server = Server::start(&folder.path().join("data"));
    let mut reader = Reader::of(&server.client);
    let narrative = "All of it. ".repeat(1100);
    let mut number = 0;
    let refused = loop {
        let written = agreement(&reader.log, number, &narrative);
        let answer = server.client.post_statement(&written.to_string()).unwrap();
        if answer.status != 201 {
            break answer;
        }
        number += 1;
        assert!(number < 20_000, "the disk never filled");
    };
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.json()["type"], "/problems/read_only", "{}", refused.text());
    reader.follow(&server.client);
    assert_eq!(reader.size(), number + 1, "reading goes on, and nothing answered is missing");

    disk.grow_to_mebibytes(400);
    let mut status = 0;
    for _ in 0..100 {
        let written = agreement(&reader.log, number, &narrative);
        status = server.client.post_statement(&written.to_string()).unwrap().status;
        if status != 503 {
            break;
        }
        thread::sleep(Duration::from_millis(200));
    }
    assert!(matches!(status, 200 | 201), "{status}");
    server.kill();
    let server = Server::start(&folder.path().join("data"));
    reader.follow(&server.client);
    assert_eq!(reader.size(), number + 2);
    server.kill();
    drop(disk);
}

/// The words are in a pack by then, which is written anew without them: that takes room.
#[test]
fn words_erased_while_the_disk_is_full_are_answered_for_when_they_are_gone() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::of_mebibytes(120, folder.path()) else {
        println!("not run: a file system of its own needs root");
        return;
    };
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let log = Reader::of(&server.client).log;
    let targets: Vec<_> = (0..PACK).map(|number| agreement(&log, number, SECRET)).collect();
    for target in &targets {
        assert_eq!(server.client.post_statement(&target.to_string()).unwrap().status, 201);
    }
    while !data.join("objects/words/000").exists() {
        thread::sleep(Duration::from_millis(20));
    }
    let ballast = folder.path().join("ballast");
    let filled = fs::write(&ballast, vec![1; 120 << 20]).unwrap_err();
    assert_eq!(filled.kind(), io::ErrorKind::StorageFull);

    let first = erasure(&targets[0], PACK).to_string();
    for _ in 0..3 {
        let answer = server.client.post_statement(&first).unwrap();
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.json()["type"], "/problems/read_only", "{}", answer.text());
    }
    let shown = server.client.get("/api/v1/entries/1/bundle").unwrap().json();
    assert_eq!(shown["disclosures"], serde_json::json!([]), "they are shown no more");
    fs::remove_file(&ballast).unwrap();
    // Nobody asks again.
    let is_read_only = || server.client.get("/healthz").unwrap().json()["status"] == "read_only";
    for _ in 0..200 {
        if !is_read_only() {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    let places = files_below(&data).into_iter().filter(|path| {
        let bytes = bytes_of(&data.join(path));
        let secret = targets[0].words[2].encoded().as_bytes();
        bytes.windows(secret.len()).any(|window| window == secret)
    });
    assert_eq!(places.collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(server.client.post_statement(&first).unwrap().status, 200);
    server.stop();
    drop(disk);
}
