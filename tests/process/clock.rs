//! A clock that jumps under the running server: it admits nothing that it could not give a time, says so, and goes on
//! when the clock is right again.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::client::Client;
use super::reader::Reader;
use super::server::{Server, serve};
use super::writer::agreement;

/// Where Debian's package `libfaketime` puts it, below `/usr/lib/<architecture>`.
const LIBRARY: &str = "faketime/libfaketime.so.1";

/// A server whose wall clock is off by what the file says, as `+1h`. Monotonic time passes as ever.
fn start(data: &Path, library: &Path, clock: &Path) -> Server {
    let mut command = serve(data);
    command.env("LD_PRELOAD", library).env("FAKETIME_TIMESTAMP_FILE", clock);
    command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let server = Server::of(command).unwrap_or_else(|refused| panic!("{refused:?}"));
    server.wait_for_the_index();
    server
}

/// The status of an answer to a new statement, and its body.
fn publish(client: &Client, reader: &Reader, number: u64) -> (u16, Value) {
    let written = agreement(&reader.log, number, "It was said on the phone.");
    let answer = client.post_statement(&written.to_string()).unwrap();
    (answer.status, answer.json())
}

fn time_of(client: &Client, index: u64) -> String {
    let entry = client.must_get(&format!("/api/v1/entries/{index}"));
    let entry: Value = serde_json::from_slice(&entry).unwrap();
    entry["time"].as_str().unwrap().to_owned()
}

#[test]
fn nothing_is_admitted_while_the_clock_is_wrong_and_no_entry_is_before_the_one_before_it() {
    let libraries = fs::read_dir("/usr/lib").unwrap().flatten().map(|one| one.path().join(LIBRARY));
    let Some(library) = libraries.into_iter().find(|path| path.exists()) else {
        println!("not run: it needs libfaketime");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (data, clock) = (folder.path().join("data"), folder.path().join("clock"));
    let set = |to: &str| fs::write(&clock, to).unwrap();
    set("+0");
    let server = start(&data, &library, &clock);
    let mut reader = Reader::of(&server.client);
    assert_eq!(publish(&server.client, &reader, 0).0, 201);
    for (number, jump) in [(1, "+11m"), (3, "-11m"), (5, "+400d")] {
        set(jump);
        let (status, problem) = publish(&server.client, &reader, number);
        assert_eq!((status, &problem["type"]), (503, &"/problems/read_only".into()), "{jump}");
        assert!(problem["detail"].as_str().unwrap().contains("the clock says"), "{problem}");
        reader.follow(&server.client);
        set("+0");
        assert_eq!(publish(&server.client, &reader, number + 1).0, 201, "after {jump}");
    }
    let newest = reader.follow(&server.client).checkpoint().size() - 1;
    let before = time_of(&server.client, newest);
    server.stop();

    set("-9m");
    let server = start(&data, &library, &clock);
    assert_eq!(publish(&server.client, &reader, 7).0, 201);
    reader.follow(&server.client);
    assert_eq!(time_of(&server.client, newest + 1), before, "as the clock is behind it");
    server.stop();
}
