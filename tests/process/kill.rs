//! SIGKILL at random moments under load: nothing answered is lost, and no two checkpoints disagree.

use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::thread;
use std::time::Duration;

use super::load::{Load, random};
use super::reader::Reader;
use super::server::{Server, spawn};

const WRITERS: usize = 8;

/// `ONRECORD_KILLS` sets another number, for the long form.
fn kills() -> u64 {
    std::env::var("ONRECORD_KILLS").map_or(50, |number| number.parse().unwrap())
}

#[test]
fn nothing_answered_is_lost_when_the_server_is_killed_at_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start(&data);
    let mut reader = Reader::of(&server.client);
    let next = AtomicU64::new(0);
    let mut total = 0;
    for kill in 0..kills() {
        let load = Load { writers: WRITERS, reader: &reader, next: &next, erases: false };
        let round = load.put_on(server, random(kill, "load", 5..250), || false);
        if kill % 5 == 0 {
            kill_while_it_starts(&data, random(kill, "start", 1..120));
        }
        server = Server::start(&data);
        total += round.check(&server.client, &mut reader);
    }
    assert!(total >= kills(), "only {total} statements were answered under load");
    println!("{} kills, {total} answered, {} logged", kills(), reader.size());
    server.stop();
}

/// A start that does not live long enough to listen, or only just.
fn kill_while_it_starts(data: &Path, wait: Duration) {
    let process = spawn(data);
    thread::sleep(wait);
    process.kill();
}
