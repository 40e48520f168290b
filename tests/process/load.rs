//! Load on a server that may go away at any moment, and what has to be true when it is there again.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use onrecord::crypto::{Hash, sha256};
use onrecord::encoding::base64;
use onrecord::tlog::{SignedCheckpoint, leaf_hash};
use serde_json::Value;

use super::client::Client;
use super::reader::Reader;
use super::server::Server;
use super::writer::{Written, agreement, erasure};

/// Of so many agreements one is erased at once, where there are erasures.
const ERASED_OF: u64 = 3;
/// The narrative of what is erased.
pub const SECRET: &str = "It is to be forgotten.";
/// How long one waits who is told to come again.
const PAUSE: Duration = Duration::from_millis(5);

/// What a server answered before it was gone.
struct Answered {
    index: u64,
    leaf: Hash,
    words: Vec<String>,
}

/// What is asked of a server.
pub struct Load<'a> {
    pub writers: usize,
    pub reader: &'a Reader,
    /// The number of the next statement.
    pub next: &'a AtomicU64,
    /// Whether some of the statements are erased again.
    pub erases: bool,
}

/// What one round of load left behind.
#[derive(Default)]
pub struct Round {
    answered: Mutex<Vec<Answered>>,
    unanswered: Mutex<Vec<Written>>,
    checkpoints: Mutex<Vec<SignedCheckpoint>>,
}

impl Load<'_> {
    /// Writers publish and a reader reads for so long, or until `is_over`; then the server is killed.
    pub fn put_on(
        &self,
        server: Server,
        wait: Duration,
        mut is_over: impl FnMut() -> bool,
    ) -> Round {
        let round = Round::default();
        let client = server.client.clone();
        let gone = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..self.writers {
                scope.spawn(|| self.write_until(&gone, &client, &round));
            }
            scope.spawn(|| self.read_until(&gone, &client, &round));
            let step = Duration::from_millis(10);
            let mut waited = Duration::ZERO;
            while waited < wait && !is_over() {
                thread::sleep(step.min(wait - waited));
                waited += step;
            }
            server.kill();
            gone.store(true, Ordering::Relaxed);
        });
        round
    }

    fn read_until(&self, gone: &AtomicBool, client: &Client, round: &Round) {
        while !gone.load(Ordering::Relaxed) {
            match client.get("/checkpoint") {
                Ok(answer) if answer.status == 200 => {
                    let signed = self.reader.signed(answer.text());
                    round.checkpoints.lock().unwrap().push(signed);
                }
                _ => thread::sleep(PAUSE),
            }
        }
    }

    fn write_until(&self, gone: &AtomicBool, client: &Client, round: &Round) {
        while !gone.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let is_secret = self.erases && number.is_multiple_of(ERASED_OF);
            let narrative = if is_secret { SECRET } else { "It was said on the phone." };
            let written = agreement(&self.reader.log, number, narrative);
            let erasure = is_secret.then(|| erasure(&written, number));
            match (self.write(written, client, round), erasure) {
                (Some(answered), None) => round.answered.lock().unwrap().push(answered),
                (Some(answered), Some(erasure)) => {
                    let erasing = self.write(erasure, client, round);
                    // An erasure that is not answered now is sent again before the words are asked for.
                    let answered = Answered { words: Vec::new(), ..answered };
                    round.answered.lock().unwrap().extend(erasing.into_iter().chain([answered]));
                }
                (None, Some(erasure)) => round.unanswered.lock().unwrap().push(erasure),
                (None, None) => {}
            }
        }
    }

    fn write(&self, written: Written, client: &Client, round: &Round) -> Option<Answered> {
        match client.post_statement(&written.to_string()) {
            // 200: what could not be erased at once is gone by now.
            Ok(answer) if matches!(answer.status, 200 | 201) => {
                let (answered, checkpoint) = read_bundle(&answer.json(), self.reader);
                assert!(checkpoint.checkpoint().size() > answered.index);
                round.checkpoints.lock().unwrap().push(checkpoint);
                return Some(answered);
            }
            Ok(answer) if answer.status == 503 => thread::sleep(PAUSE),
            Ok(answer) => panic!("{}: {}", answer.status, answer.text()),
            Err(_) => {}
        }
        round.unanswered.lock().unwrap().push(written);
        None
    }
}

impl Round {
    /// Everything answered is there, word for word, and no two checkpoints disagree; what was not answered can simply
    /// be sent again. How many statements were answered.
    pub fn check(self, client: &Client, reader: &mut Reader) -> u64 {
        reader.follow(client);
        reader.agree_with(&self.checkpoints.into_inner().unwrap());
        for written in self.unanswered.into_inner().unwrap() {
            let first = client.post_statement(&written.to_string()).unwrap();
            assert!(matches!(first.status, 200 | 201), "{}: {}", first.status, first.text());
            let again = client.post_statement(&written.to_string()).unwrap();
            assert_eq!(again.status, 200, "{}", again.text());
            assert_eq!(first.json()["entry"], again.json()["entry"]);
        }
        let answered = self.answered.into_inner().unwrap();
        for answer in &answered {
            assert_eq!(reader.leaf(answer.index), answer.leaf, "entry {} changed", answer.index);
            let bundle = client.must_get(&format!("/api/v1/entries/{}/bundle", answer.index));
            let (found, _) = read_bundle(&serde_json::from_slice(&bundle).unwrap(), reader);
            assert_eq!(found.words, answer.words, "words of entry {}", answer.index);
        }
        answered.len() as u64
    }
}

fn read_bundle(bundle: &Value, reader: &Reader) -> (Answered, SignedCheckpoint) {
    let leaf = base64::decode(bundle["entry"].as_str().unwrap()).unwrap();
    let entry: Value = serde_json::from_slice(&leaf).unwrap();
    let words = bundle["disclosures"].as_array().unwrap().iter();
    let mut words: Vec<String> = words.map(|word| word.as_str().unwrap().to_owned()).collect();
    words.sort();
    let (_, note) = bundle["proof"].as_str().unwrap().split_once("\n\n").unwrap();
    let index = entry["index"].as_u64().unwrap();
    (Answered { index, leaf: leaf_hash(&leaf), words }, reader.signed(note))
}

/// Milliseconds that look random and are the same in every run.
pub fn random(round: u64, purpose: &str, range: std::ops::Range<u64>) -> Duration {
    Duration::from_millis(random_number(round, purpose, range))
}

/// A number that looks random and is the same in every run.
pub fn random_number(round: u64, purpose: &str, range: std::ops::Range<u64>) -> u64 {
    let digest = sha256(format!("{round} {purpose}").as_bytes());
    let number = u64::from_be_bytes(digest.as_bytes()[..8].try_into().unwrap());
    range.start + number % (range.end - range.start)
}
