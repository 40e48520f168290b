//! Planted damage: the server comes up with the same root, or refuses and names the file. One that comes up and
//! cannot go on serves what was published, and names the file to whoever publishes.

use std::fs::{self, OpenOptions};
use std::path::Path;

use tempfile::TempDir;

use onrecord::entry::{Bundle, Entry};
use onrecord::statement::{Disclosure, Statement};
use onrecord::tlog::leaf_hash;

use super::client::Client;
use super::reader::Reader;
use super::server::{Server, bytes_of, copy_folder, files_below};
use super::writer::agreement;

/// More than two full tiles, and some entries that only the journal has.
const ENTRIES: u64 = 600;

/// The smallest unit that a disk writes whole.
const BLOCK_LENGTH: usize = 512;

/// A ledger that was killed with work in hand, and what a reader knew of it.
struct Ledger {
    folder: TempDir,
    reader: Reader,
}

fn ledger() -> Ledger {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let mut reader = Reader::of(&server.client);
    for number in 0..ENTRIES {
        let written = agreement(&reader.log, number, "It was said on the phone.");
        assert_eq!(server.client.post_statement(&written.to_string()).unwrap().status, 201);
    }
    reader.follow(&server.client);
    server.kill();
    Ledger { folder, reader }
}

impl Ledger {
    /// Starts a copy of the folder that this happened to. Says what the server made of it.
    fn after(&mut self, what: &str, happened: impl FnOnce(&Path) -> String) -> &'static str {
        let copy = self.folder.path().join("copy");
        let _ = fs::remove_dir_all(&copy);
        copy_folder(&self.folder.path().join("data"), &copy);
        let damaged = happened(&copy);
        match Server::try_start(&copy) {
            Ok(server) => {
                let size = self.reader.size();
                let head = self.reader.follow(&server.client);
                assert_eq!(head.checkpoint().size(), size, "{what}: {damaged}");
                server.wait_for_the_index();
                if damaged.starts_with("objects/") {
                    self.check_what_is_served(&server.client);
                }
                let written = agreement(&self.reader.log, ENTRIES, "It goes on.");
                let answer = server.client.post_statement(&written.to_string()).unwrap();
                if answer.status == 201 {
                    return "came up";
                }
                let named = damaged.trim_start_matches("objects/");
                assert!(answer.text().contains(named), "{what}: {damaged}: {}", answer.text());
                "came up, publishes nothing and says why"
            }
            Err(refused) => {
                assert!(refused.said.contains(&damaged), "{what}: {damaged}: {}", refused.said);
                "refused"
            }
        }
    }
}

impl Ledger {
    /// A damaged entry or word may be missing; it is never served.
    fn check_what_is_served(&self, client: &Client) {
        for index in 0..self.reader.size() {
            let answer = client.get(&format!("/api/v1/entries/{index}/bundle")).unwrap();
            if answer.status == 200 {
                let bundle = Bundle::parse(&answer.body).unwrap();
                assert_eq!(leaf_hash(&bundle.leaf), self.reader.leaf(index), "entry {index}");
                let entry = Entry::parse(&bundle.leaf).unwrap();
                let statement = Statement::read(entry.envelope.payload()).unwrap();
                for word in &bundle.disclosures {
                    let digest = Disclosure::parse(word).unwrap().digest();
                    assert!(statement.digests().contains(&digest), "a word of entry {index}");
                }
            } else {
                assert_eq!(answer.status, 500, "{}", answer.text());
            }
        }
    }
}

fn files_of(data: &Path, part: &str) -> Vec<String> {
    let mut files = files_below(data);
    files.retain(|path| path.starts_with(part) && bytes_of(&data.join(path)).len() > 64);
    assert!(!files.is_empty(), "no file below {part}");
    files
}

/// Where the last byte that is not zero stands: segments are longer than what is in them.
fn end_of(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |place| place + 1)
}

fn flip(path: &Path, place: usize) {
    let mut bytes = bytes_of(path);
    bytes[place] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

fn cut(path: &Path, length: usize) {
    OpenOptions::new().write(true).open(path).unwrap().set_len(length as u64).unwrap();
}

#[test]
fn damaged_files_are_mended_or_named() {
    let mut ledger = ledger();
    let data = ledger.folder.path().join("data");
    for part in ["journal/", "objects/tile/", "objects/words/", "index/"] {
        for file in files_of(&data, part) {
            let length = end_of(&bytes_of(&data.join(&file)));
            for place in [0, length / 3, length / 2, length - 1] {
                let outcome = ledger.after("a flipped bit", |copy| {
                    flip(&copy.join(&file), place);
                    file.clone()
                });
                println!("{file}: bit flipped at {place} of {length}: {outcome}");
            }
        }
    }
}

#[test]
fn a_missing_stale_or_truncated_index_is_built_anew() {
    let mut ledger = ledger();
    let data = ledger.folder.path().join("data");
    let missing = ledger.after("a missing index", |copy| {
        fs::remove_dir_all(copy.join("index")).unwrap();
        "index".to_owned()
    });
    assert_eq!(missing, "came up");
    for file in files_of(&data, "index/") {
        let outcome = ledger.after("a truncated file of the index", |copy| {
            let path = copy.join(&file);
            cut(&path, bytes_of(&path).len() / 2);
            file.clone()
        });
        assert_eq!(outcome, "came up", "{file}");
    }
    let outcome = ledger.after("a snapshot left half made", |copy| {
        fs::write(copy.join("index/snap.0000000000000000.generating"), b"half").unwrap();
        "index".to_owned()
    });
    assert_eq!(outcome, "came up");
}

#[test]
fn a_torn_tail_that_was_never_answered_is_discarded() {
    let mut ledger = ledger();
    let data = ledger.folder.path().join("data");
    let file = files_of(&data, "journal/").pop().unwrap();
    let before = bytes_of(&data.join(&file));
    let one_more = one_more_frame(&ledger, &file);
    let begin = before.iter().zip(&one_more).position(|(old, new)| old != new).unwrap();
    let end = end_of(&one_more);
    let tears: Vec<usize> = (begin + 1..end).filter(|place| place % BLOCK_LENGTH == 0).collect();
    assert!(tears.len() > 1, "the frame lies in several blocks");
    for tear in tears {
        let outcome = ledger.after("a torn tail", |copy| {
            let mut torn = before.clone();
            torn[begin..tear].copy_from_slice(&one_more[begin..tear]);
            fs::write(copy.join(&file), torn).unwrap();
            file.clone()
        });
        assert_eq!(outcome, "came up", "torn at {tear}, from {begin} to {end}");
    }
}

/// The journal's file as it is after one more statement.
fn one_more_frame(ledger: &Ledger, file: &str) -> Vec<u8> {
    let copy = ledger.folder.path().join("one more");
    copy_folder(&ledger.folder.path().join("data"), &copy);
    let server = Server::start(&copy);
    let written = agreement(&ledger.reader.log, ENTRIES + 1, "Nobody was told.");
    assert_eq!(server.client.post_statement(&written.to_string()).unwrap().status, 201);
    server.kill();
    bytes_of(&copy.join(file))
}

#[test]
fn a_folder_rolled_back_behind_its_objects_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let log = Reader::of(&server.client).log;
    server.stop();
    let before = folder.path().join("before");
    copy_folder(&data.join("journal"), &before);
    let server = Server::start(&data);
    for number in 0..ENTRIES {
        let written = agreement(&log, number, "It will be forgotten.");
        assert_eq!(server.client.post_statement(&written.to_string()).unwrap().status, 201);
    }
    server.stop();
    fs::remove_dir_all(data.join("journal")).unwrap();
    copy_folder(&before, &data.join("journal"));
    let refused = Server::try_start(&data).err().expect("it is refused");
    assert_eq!(refused.status.code(), Some(1), "{}", refused.said);
    println!("{}", refused.said);
}
