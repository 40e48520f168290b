//! `onrecord mirror` beside a busy ledger: killed at random moments it is always a beginning of the ledger, in the end it is
//! the ledger, words that were erased are nowhere in it, and it stays when the ledger is gone.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::client::Client;
use super::load::{Load, SECRET, random};
use super::reader::Reader;
use super::server::{Address, ONRECORD, Server, bytes_of, copy_folder, files_below};
use super::writer::{agreement, erasure};

const WRITERS: usize = 3;
const KILLS: u64 = 20;

/// A mirror of the ledger at that address.
pub fn mirror_of(url: &str, data: &Path, home: &Path) -> Server {
    mirror_with(url, data, home, &[])
}

/// The same with more options.
pub fn mirror_with(url: &str, data: &Path, home: &Path, more: &[&str]) -> Server {
    let mut command = Command::new(ONRECORD);
    command.args(["mirror", url, "--listen", "127.0.0.1:0", "--name", "mirror.example/1"]);
    command.args(more).arg("--data").arg(data).env("ONRECORD_HOME", home).stdin(Stdio::null());
    Server::of(command).unwrap_or_else(|refused| panic!("{refused:?}"))
}

pub fn size_of(client: &Client) -> u64 {
    client.get("/healthz").unwrap().json()["checkpoint_size"].as_u64().unwrap()
}

/// Waits until the mirror announces as many entries as the ledger has.
pub fn catches_up(mirror: &Client, ledger: &Client) {
    let size = size_of(ledger);
    for _ in 0..600 {
        if let Ok(answer) = mirror.get("/checkpoint")
            && answer.status == 200
            && answer.text().lines().nth(1).unwrap().parse::<u64>().unwrap() >= size
        {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{}", mirror.get("/healthz").unwrap().text());
}

#[test]
fn a_mirror_is_always_a_beginning_of_the_ledger_and_stays_when_that_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, home] = ["data", "copy", "home"].map(|name| folder.path().join(name));
    let server = Server::start(&data);
    let url = server.client.url();
    let ledger = server.client.clone();
    let reader = Reader::of(&ledger);
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let load = Load { writers: WRITERS, reader: &reader, next: &next, erases: true };
    let mut known = Reader::of(&ledger);
    thread::scope(|scope| {
        let load = scope.spawn(|| {
            load.put_on(server, Duration::from_secs(600), || stop.load(Ordering::Relaxed))
        });
        for kill in 0..KILLS {
            let mirror = mirror_of(&url, &copy, &home);
            thread::sleep(random(kill, "mirror", 20..900));
            if let Ok(answer) = mirror.client.get("/checkpoint")
                && answer.status == 200
            {
                known.follow(&mirror.client);
            }
            mirror.kill();
        }
        let mirror = mirror_of(&url, &copy, &home);
        catches_up(&mirror.client, &ledger);
        stop.store(true, Ordering::Relaxed);
        drop(load.join().unwrap());
        mirror.kill();
    });
    let server = Server::start(&data);
    let (ledger, url) = (server.client.clone(), server.client.url());
    let mirror = mirror_of(&url, &copy, &home);
    catches_up(&mirror.client, &ledger);
    let signed = known.follow(&mirror.client);
    known.agree_with(&[
        signed.clone(),
        known.signed(std::str::from_utf8(&ledger.must_get("/checkpoint")).unwrap()),
    ]);
    assert!(signed.to_string().contains("— mirror.example/1 "), "{signed}");
    let size = signed.checkpoint().size();
    for path in ["/api/v1/dump.jsonl", "/api/v1/dump.jsonl?from=100", "/ledger", "/live", "/"] {
        let (there, here) = (ledger.must_get(path), mirror.client.must_get(path));
        if path.starts_with("/api") {
            assert_eq!(there, here, "{path}");
        }
    }
    assert!(size > 100, "{size}");
    let address = mirror.client.url();
    let onrecord = |arguments: &[&str]| {
        let mut command = Command::new(ONRECORD);
        command.args(arguments).env("ONRECORD_HOME", &home).current_dir(folder.path());
        succeeds(&mut command);
    };
    onrecord(&["audit", &address]);
    onrecord(&["monitor", "--once", &url, &address]);
    let bundle = mirror.client.must_get("/api/v1/entries/1/bundle");
    std::fs::write(folder.path().join("bundle.json"), bundle).unwrap();
    std::fs::write(folder.path().join("ledger.policy"), ledger.must_get("/log.policy")).unwrap();
    onrecord(&["verify", "bundle.json", "--policy", "ledger.policy"]);
    server.kill();
    mirror.stop();
    let mirror = mirror_of(&url, &copy, &home);
    mirror.wait_for_the_index();
    known.follow(&mirror.client);
    assert_eq!(size_of(&mirror.client), size);
    mirror.stop();
    is_whole(&copy);
}

pub fn publish(client: &Client, log: &str, numbers: std::ops::Range<u64>, narrative: &str) {
    for number in numbers {
        let answer = client.post_statement(&agreement(log, number, narrative).to_string()).unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
}

/// What keeps the mirror from going on, once it says so.
fn trouble_of(mirror: &Client) -> String {
    for _ in 0..400 {
        let health = mirror.get("/healthz").unwrap().json();
        if let Some(trouble) =
            health["mirror"]["trouble"].as_str().filter(|one| !one.contains("reached"))
        {
            return trouble.to_owned();
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{}", mirror.get("/healthz").unwrap().text());
}

/// The ledger goes on from an older copy of its folder, and so signs a second history: shorter, and then longer, than what
/// was copied.
#[test]
fn a_mirror_keeps_what_it_copied_when_the_ledger_shows_another_history() {
    let folder = tempfile::tempdir().unwrap();
    let [data, old, copy, home] =
        ["data", "old", "copy", "home"].map(|name| folder.path().join(name));
    let address = Address::free();
    let server = address.serve(&data);
    let url = server.client.url();
    let mut known = Reader::of(&server.client);
    let log = known.log.clone();
    publish(&server.client, &log, 0..10, "Before.");
    server.stop();
    copy_folder(&data, &old);
    let server = address.serve(&data);
    publish(&server.client, &log, 10..20, "It was said so.");
    let mirror = mirror_of(&url, &copy, &home);
    catches_up(&mirror.client, &server.client);
    let copied = known.follow(&mirror.client);
    server.stop();
    let server = address.serve(&old);
    let says = |why: &str| {
        let said = (0..200).map(|_| {
            thread::sleep(Duration::from_millis(50));
            trouble_of(&mirror.client)
        });
        let last = said.take_while(|trouble| !trouble.contains(why)).last();
        assert!(trouble_of(&mirror.client).contains(why), "{last:?}");
    };
    says("the ledger announces 11 entries, and announced 21 before");
    for numbers in [20..25, 25..40] {
        let size = numbers.end - 9;
        publish(&server.client, &log, numbers, "It was said otherwise.");
        says(&format!(
            "the checkpoint of {size} entries that the ledger signs now is not of the tree"
        ));
        assert_eq!(known.follow(&mirror.client).checkpoint(), copied.checkpoint());
    }
    let refused = mirror.client.post_statement(&agreement(&log, 99, "Here?").to_string()).unwrap();
    assert_eq!(refused.status, 503);
    assert!(
        refused.text().contains(&format!("this is a mirror; publish at {url}")),
        "{}",
        refused.text()
    );
    mirror.stop();
}

/// The lines of the dump. What a word is that is withheld, a mirror need not know.
fn rows(client: &Client) -> Vec<Value> {
    let dump = String::from_utf8(client.must_get("/api/v1/dump.jsonl")).unwrap();
    let mut rows: Vec<Value> = dump.lines().map(|line| line.parse().unwrap()).collect();
    let words = rows.iter_mut().flat_map(|row| row["disclosures"].as_array_mut().unwrap());
    for word in words.filter(|word| word["state"] == "withheld") {
        word.as_object_mut().unwrap().remove("name");
    }
    rows
}

/// Words that are withheld while the ledger is copied are not shown to the mirror, and come when they are restored.
#[test]
fn a_mirror_withholds_restores_and_erases_what_the_ledger_does() {
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, home] = ["data", "copy", "home"].map(|name| folder.path().join(name));
    let server = Server::start(&data);
    let (ledger, url) = (server.client.clone(), server.client.url());
    let log = Reader::of(&ledger).log;
    let written: Vec<_> = (0..3).map(|number| agreement(&log, number, SECRET)).collect();
    for one in &written {
        assert_eq!(ledger.post_statement(&one.to_string()).unwrap().status, 201);
    }
    let moderate = |decision, entry, words: &[&str]| {
        let mut command = moderation(decision, &format!("{url}/api/v1/entries/{entry}"), words);
        succeeds(command.arg(&data).env("ONRECORD_HOME", &home).current_dir(folder.path()));
    };
    let same = |mirror: &Client| {
        catches_up(mirror, &ledger);
        expect_same_rows(mirror, &ledger);
    };
    moderate("withhold", 1, &["--words", "narrative,title"]);
    moderate("withhold", 2, &["--whole"]);
    let mirror = mirror_of(&url, &copy, &home);
    same(&mirror.client);
    mirror.stop();
    // What it was not shown yet is not missing.
    succeeds(Command::new(ONRECORD).arg("check").arg(&copy));
    let mirror = mirror_of(&url, &copy, &home);
    same(&mirror.client);
    let refused = mirror.client.get("/publish").unwrap();
    assert_eq!(refused.status, 503);
    for said in ["This is a mirror", "Nothing can be published here"] {
        assert!(refused.text().contains(said), "{}", refused.text());
    }
    moderate("restore", 1, &["--words", "narrative,title"]);
    same(&mirror.client);
    moderate("restore", 2, &["--whole"]);
    same(&mirror.client);
    moderate("withhold", 3, &["--words", "narrative"]);
    same(&mirror.client);
    moderate("restore", 3, &["--words", "narrative"]);
    same(&mirror.client);
    mirror.stop();
    // What the index knows of it follows from the entries and the words that are held.
    std::fs::remove_dir_all(copy.join("index")).unwrap();
    let mirror = mirror_of(&url, &copy, &home);
    mirror.wait_for_the_index();
    same(&mirror.client);
    // One that copies all of it at once, the restored words with what restored them.
    let late = folder.path().join("late");
    let other = mirror_of(&url, &late, &home);
    same(&other.client);
    other.stop();
    for (number, one) in (10..).zip(&written) {
        let erased = ledger.post_statement(&erasure(one, number).to_string()).unwrap();
        assert_eq!(erased.status, 201, "{}", erased.text());
    }
    same(&mirror.client);
    mirror.stop();
    let other = mirror_of(&url, &late, &home);
    same(&other.client);
    other.stop();
    for copy in [copy, late] {
        is_whole(&copy);
    }
}

/// A decision of the operator of the ledger in the folder that comes next.
fn moderation(decision: &str, entry: &str, words: &[&str]) -> Command {
    let mut command = Command::new(ONRECORD);
    command.args(["moderate", decision, entry]).args(words).args(["--ground", "privacy"]);
    command.args(["--source", "own-initiative", "--facts", "So.", "--data"]);
    command
}

fn expect_same_rows(mirror: &Client, ledger: &Client) {
    let (here, there) = (rows(mirror), rows(ledger));
    assert_eq!(here.len(), there.len());
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(here["disclosures"], there["disclosures"], "entry {}", there["index"]);
        assert_eq!(here, there);
    }
}

/// Nothing is wrong with the folder, and no erased word is left in it.
fn is_whole(copy: &Path) {
    for path in files_below(copy) {
        let bytes = bytes_of(&copy.join(&path));
        assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{path} holds erased words");
    }
    succeeds(Command::new(ONRECORD).arg("check").arg(copy));
}

pub fn succeeds(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
}
