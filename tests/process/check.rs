//! `onrecord check` on the folder of a stopped ledger: nothing is wrong with a good one, and each thing that can be is
//! named.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use onrecord::store::{Pack, Word};
use serde_json::Value;
use tempfile::TempDir;

use super::reader::Reader;
use super::server::{ONRECORD, Server, bytes_of, copy_folder};
use super::writer::{agreement, erasure};

/// One full bundle with its tile and its pack, and some entries that only the journal has.
const ENTRIES: u64 = 300;
const PACK: &str = "objects/words/000";

/// The folder of a stopped ledger, of whose entry 1 all words were erased; and its pack from before that.
struct Stopped {
    folder: TempDir,
    pack_before: Vec<u8>,
}

fn stopped() -> Stopped {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let log = Reader::of(&server.client).log;
    let publish = |written: String| {
        assert_eq!(server.client.post_statement(&written).unwrap().status, 201);
    };
    let first = agreement(&log, 0, "It was said on the phone.");
    publish(first.to_string());
    (1..ENTRIES).for_each(|number| publish(agreement(&log, number, "Something else.").to_string()));
    server.stop();
    let server = Server::start(&data);
    while !data.join(PACK).exists() {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let pack_before = bytes_of(&data.join(PACK));
    let erased = erasure(&first, ENTRIES).to_string();
    assert_eq!(server.client.post_statement(&erased).unwrap().status, 201);
    server.stop();
    Stopped { folder, pack_before }
}

impl Stopped {
    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// What the check prints of a copy of the folder that this happened to, and its exit code.
    fn after(&self, happened: impl FnOnce(&Path)) -> (Option<i32>, String) {
        let copy = self.folder.path().join("copy");
        let _ = fs::remove_dir_all(&copy);
        copy_folder(&self.data(), &copy);
        happened(&copy);
        let mut command = Command::new(ONRECORD);
        let output = command.arg("check").arg(&copy).arg("--json").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        (output.status.code(), if said.is_empty() { errors } else { said })
    }

    /// The names of what is found, each once.
    fn findings(&self, happened: impl FnOnce(&Path)) -> Vec<String> {
        let (code, said) = self.after(happened);
        assert_eq!(code, Some(1), "{said}");
        let report: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(report["verdict"], "failed");
        let findings = report["findings"].as_array().unwrap();
        let names = findings.iter().map(|found| found["name"].as_str().unwrap().to_owned());
        let mut names: Vec<String> = names.collect();
        names.dedup();
        names
    }
}

/// Writes the pack anew with other words, as a program that means no good could.
fn repack(data: &Path, change: impl Fn(&mut Vec<(u64, Word)>)) {
    let path = data.join(PACK);
    let pack = Pack::decode(&bytes_of(&path)).unwrap();
    let words = (0..256).flat_map(|entry| pack.words_of(entry).map(move |word| (entry, word)));
    let mut words = words.collect();
    change(&mut words);
    fs::write(path, Pack::new(0, words).unwrap().encode()).unwrap();
}

#[test]
fn the_folder_of_a_stopped_ledger_is_in_order_or_what_is_wrong_is_named() {
    let stopped = stopped();
    let (code, said) = stopped.after(|_| ());
    assert_eq!(code, Some(0), "{said}");
    let report: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(report["verdict"], "verified");
    assert_eq!(report["size"], ENTRIES + 2);

    let gone = |data: &Path| repack(data, |words| words.retain(|(entry, _)| *entry != 7));
    assert_eq!(stopped.findings(gone), ["word_missing"]);
    let altered = |data: &Path| {
        repack(data, |words| {
            for (_, word) in words.iter_mut().filter(|(entry, _)| *entry == 7) {
                word.disclosure = word.disclosure.replace('a', "b").into();
            }
        });
    };
    assert_eq!(stopped.findings(altered), ["word_altered"]);
    let foreign = |data: &Path| {
        repack(data, |words| {
            let of_another = words.iter().find(|(entry, _)| *entry == 8).unwrap().1.clone();
            words.push((7, of_another));
        });
    };
    assert_eq!(stopped.findings(foreign), ["word_held"]);
    let came_back = |data: &Path| fs::write(data.join(PACK), &stopped.pack_before).unwrap();
    let (code, said) = stopped.after(came_back);
    assert_eq!(code, Some(0), "the erasure is carried out again: {said}");
    let damaged = |data: &Path| {
        let mut bytes = bytes_of(&data.join(PACK));
        bytes[100] ^= 1;
        fs::write(data.join(PACK), bytes).unwrap();
    };
    let (code, said) = stopped.after(damaged);
    assert!(code == Some(1) && said.contains("words/000"), "{code:?} {said}");
    let entry_changed = |data: &Path| {
        let path = data.join("objects/tile/entries/000");
        let mut bytes = bytes_of(&path);
        let at = bytes.windows(7).position(|seven| seven == b"\"links\"").unwrap();
        bytes[at + 12] ^= 1;
        fs::write(path, bytes).unwrap();
    };
    let found = stopped.findings(entry_changed);
    assert!(found.contains(&"not_an_entry".to_owned()), "{found:?}");
    let (code, said) =
        stopped.after(|data| fs::remove_file(data.join("objects/tile/0/000")).unwrap());
    assert!(code == Some(1) && said.contains("tile/0/000 is missing"), "{code:?} {said}");
    let lost = |data: &Path| fs::remove_file(data.join(PACK)).unwrap();
    let (code, said) = stopped.after(lost);
    assert!(code == Some(1) && said.contains("words/000"), "{code:?} {said}");
    let (code, said) = stopped.after(|data| fs::remove_dir_all(data.join("index")).unwrap());
    assert_eq!(code, Some(0), "it is built anew: {said}");
}

#[test]
fn a_folder_in_use_and_one_that_holds_no_ledger_are_not_checked() {
    let folder = tempfile::tempdir().unwrap();
    let check = |data: &Path| {
        let mut command = Command::new(ONRECORD);
        let output = command.arg("check").arg(data).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, said) = check(folder.path());
    assert!(code == Some(2) && said.contains("holds no ledger"), "{code:?} {said}");
    let data = folder.path().join("data");
    let server = Server::start(&data);
    let (code, said) = check(&data);
    assert!(code == Some(2) && said.contains("in use by another process"), "{code:?} {said}");
    server.stop();
}
