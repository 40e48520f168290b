//! A full disk makes the ledger read-only with a clear 503, and it goes on when there is room. Needs root, for a
//! file system of its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use super::mirror::Mirror;
use super::server::Server;
use super::writer::agreement;

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
    let mut mirror = Mirror::of(&server.client);
    let narrative = "All of it. ".repeat(1100);
    let mut number = 0;
    let refused = loop {
        let written = agreement(&mirror.log, number, &narrative);
        let answer = server.client.post_statement(&written.to_string()).unwrap();
        if answer.status != 201 {
            break answer;
        }
        number += 1;
        assert!(number < 20_000, "the disk never filled");
    };
    assert_eq!(refused.status, 503, "{}", refused.text());
    assert_eq!(refused.json()["type"], "/problems/read_only", "{}", refused.text());
    mirror.follow(&server.client);
    assert_eq!(mirror.size(), number + 1, "reading goes on, and nothing answered is missing");

    disk.grow_to_mebibytes(400);
    let mut status = 0;
    for _ in 0..100 {
        let written = agreement(&mirror.log, number, &narrative);
        status = server.client.post_statement(&written.to_string()).unwrap().status;
        if status != 503 {
            break;
        }
        thread::sleep(Duration::from_millis(200));
    }
    assert!(matches!(status, 200 | 201), "{status}");
    server.kill();
    let server = Server::start(&folder.path().join("data"));
    mirror.follow(&server.client);
    assert_eq!(mirror.size(), number + 2);
    server.kill();
    drop(disk);
}
