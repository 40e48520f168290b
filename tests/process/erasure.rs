//! After an erasure is answered, no byte of the words is left in the folder.

use std::path::Path;

use onrecord::statement::Disclosure;

use super::client::Client;
use super::reader::Reader;
use super::server::{Server, bytes_of, files_below};
use super::writer::{Written, agreement, erasure};

const NARRATIVE: &str = "Nobody should read wanderwort-xylophone-41 ever again.";
/// More than one pack, so that the words of the first are in an object and no longer only in the journal.
const ENTRIES: u64 = 300;

fn publish(client: &Client, written: &Written) {
    let answer = client.post_statement(&written.to_string()).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
}

/// The files in which something of these words stands.
fn places_of(words: &[Disclosure], data: &Path) -> Vec<String> {
    let texts = words.iter().map(|word| word.encoded().as_bytes());
    let needles: Vec<&[u8]> = texts.chain([NARRATIVE.as_bytes()]).collect();
    let mut places = files_below(data);
    places.retain(|path| {
        let bytes = bytes_of(&data.join(path));
        needles.iter().any(|needle| has(&bytes, needle))
    });
    places
}

/// Whether the middle of the needle stands in the bytes: its ends may be another word's.
fn has(bytes: &[u8], needle: &[u8]) -> bool {
    let middle = &needle[needle.len() / 4..needle.len() * 3 / 4];
    bytes.windows(middle.len()).any(|window| window == middle)
}

#[test]
fn an_erasure_leaves_no_byte_of_the_words_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path());
    let log = Reader::of(&server.client).log;
    let old = agreement(&log, 0, NARRATIVE);
    publish(&server.client, &old);
    for number in 1..ENTRIES {
        publish(&server.client, &agreement(&log, number, "Something else."));
    }
    let new = agreement(&log, ENTRIES, NARRATIVE);
    publish(&server.client, &new);
    for (number, target) in [(ENTRIES + 1, &old), (ENTRIES + 2, &new)] {
        assert_ne!(places_of(&target.words, folder.path()), Vec::<String>::new());
        publish(&server.client, &erasure(target, number));
    }
    for target in [&old, &new] {
        assert_eq!(places_of(&target.words, folder.path()), Vec::<String>::new());
    }
    server.kill();
    let server = Server::start(folder.path());
    for (index, target) in [(1, &old), (ENTRIES + 1, &new)] {
        assert_eq!(places_of(&target.words, folder.path()), Vec::<String>::new());
        let bundle = server.client.get(&format!("/api/v1/entries/{index}/bundle")).unwrap();
        assert_eq!(bundle.json()["disclosures"], serde_json::json!([]), "entry {index}");
    }
}
