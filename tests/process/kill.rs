//! SIGKILL at random moments under load: nothing answered is lost, and no two checkpoints disagree.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use onrecord::crypto::{Hash, sha256};
use onrecord::encoding::base64;
use onrecord::tlog::{SignedCheckpoint, leaf_hash};
use serde_json::Value;

use super::client::Client;
use super::mirror::Mirror;
use super::server::{Server, spawn};
use super::writer::{Written, agreement};

const WRITERS: usize = 8;

/// `ONRECORD_KILLS` sets another number, for the long form.
fn kills() -> u64 {
    std::env::var("ONRECORD_KILLS").map_or(50, |number| number.parse().unwrap())
}

/// What a server answered before it was killed.
struct Answered {
    index: u64,
    leaf: Hash,
    words: Vec<String>,
}

/// What one round of load left behind.
#[derive(Default)]
struct Round {
    answered: Mutex<Vec<Answered>>,
    unanswered: Mutex<Vec<Written>>,
    checkpoints: Mutex<Vec<SignedCheckpoint>>,
}

#[test]
fn nothing_answered_is_lost_when_the_server_is_killed_at_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut server = Server::start(&data);
    let mut mirror = Mirror::of(&server.client);
    let next = AtomicU64::new(0);
    let mut total = 0;
    for kill in 0..kills() {
        let round = Round::default();
        load(server, &mirror, &round, &next, random(kill, "load", 5..250));
        if kill % 5 == 0 {
            kill_while_it_starts(&data, random(kill, "start", 1..120));
        }
        server = Server::start(&data);
        total += check(&server.client, &mut mirror, round);
    }
    assert!(total >= kills(), "only {total} statements were answered under load");
    println!("{} kills, {total} answered, {} logged", kills(), mirror.size());
    server.stop();
}

/// Writers publish and a reader reads until the server is gone.
fn load(server: Server, mirror: &Mirror, round: &Round, next: &AtomicU64, wait: Duration) {
    let client = server.client.clone();
    let gone = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| write_until(&gone, &client, mirror, round, next));
        }
        scope.spawn(|| {
            while !gone.load(Ordering::Relaxed) {
                if let Ok(answer) = client.get("/checkpoint") {
                    let signed = mirror.signed(answer.text());
                    round.checkpoints.lock().unwrap().push(signed);
                }
            }
        });
        thread::sleep(wait);
        server.kill();
        gone.store(true, Ordering::Relaxed);
    });
}

fn write_until(
    gone: &AtomicBool,
    client: &Client,
    mirror: &Mirror,
    round: &Round,
    next: &AtomicU64,
) {
    while !gone.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let written = agreement(&mirror.log, number, "It was said on the phone.");
        match client.post_statement(&written.to_string()) {
            Ok(answer) if answer.status == 201 => {
                let (answered, checkpoint) = read_bundle(&answer.json(), mirror);
                assert!(checkpoint.checkpoint().size() > answered.index);
                round.answered.lock().unwrap().push(answered);
                round.checkpoints.lock().unwrap().push(checkpoint);
            }
            Ok(answer) if answer.status == 503 => thread::sleep(Duration::from_millis(5)),
            Ok(answer) => panic!("{}: {}", answer.status, answer.text()),
            Err(_) => round.unanswered.lock().unwrap().push(written),
        }
    }
}

/// A start that does not live long enough to listen, or only just.
fn kill_while_it_starts(data: &Path, wait: Duration) {
    let process = spawn(data);
    thread::sleep(wait);
    process.kill();
}

/// Everything answered is there, word for word; what was not answered can simply be sent again.
fn check(client: &Client, mirror: &mut Mirror, round: Round) -> u64 {
    mirror.follow(client);
    mirror.agree_with(&round.checkpoints.into_inner().unwrap());
    let answered = round.answered.into_inner().unwrap();
    for answer in &answered {
        assert_eq!(mirror.leaf(answer.index), answer.leaf, "entry {} changed", answer.index);
        let bundle = client.must_get(&format!("/api/v1/entries/{}/bundle", answer.index));
        let (found, _) = read_bundle(&serde_json::from_slice(&bundle).unwrap(), mirror);
        assert_eq!(found.words, answer.words, "words of entry {}", answer.index);
    }
    for written in round.unanswered.into_inner().unwrap() {
        let first = client.post_statement(&written.to_string()).unwrap();
        assert!(matches!(first.status, 200 | 201), "{}: {}", first.status, first.text());
        let again = client.post_statement(&written.to_string()).unwrap();
        assert_eq!(again.status, 200, "{}", again.text());
        assert_eq!(first.json()["entry"], again.json()["entry"]);
    }
    answered.len() as u64
}

fn read_bundle(bundle: &Value, mirror: &Mirror) -> (Answered, SignedCheckpoint) {
    let leaf = base64::decode(bundle["entry"].as_str().unwrap()).unwrap();
    let entry: Value = serde_json::from_slice(&leaf).unwrap();
    let words = bundle["disclosures"].as_array().unwrap().iter();
    let mut words: Vec<String> = words.map(|word| word.as_str().unwrap().to_owned()).collect();
    words.sort();
    let (_, note) = bundle["proof"].as_str().unwrap().split_once("\n\n").unwrap();
    let index = entry["index"].as_u64().unwrap();
    (Answered { index, leaf: leaf_hash(&leaf), words }, mirror.signed(note))
}

/// Milliseconds that look random and are the same in every run.
pub fn random(round: u64, purpose: &str, range: std::ops::Range<u64>) -> Duration {
    let digest = sha256(format!("{round} {purpose}").as_bytes());
    let number = u64::from_be_bytes(digest.as_bytes()[..8].try_into().unwrap());
    Duration::from_millis(range.start + number % (range.end - range.start))
}
