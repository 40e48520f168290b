//! A ledger with three witnesses, a mirror and a monitor, while the witnesses are killed and cut off at random: publishing
//! never stops, no bundle claims a quorum that it lacks, nobody raises a false alarm, and in the end all agree.

use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use onrecord::clock::instant;
use onrecord::tlog::{Policy, Proof, SignedCheckpoint, VerifierKey, verify_cosignature};
use onrecord::verify::{CheckName, bundle};
use serde_json::Value;

use super::client::Client;
use super::load::{random, random_number};
use super::mirror::{catches_up, mirror_with, size_of, succeeds};
use super::reader::Reader;
use super::server::{Address, ONRECORD, Server, drain};
use super::writer::agreement;

/// Seconds of kills and partitions, unless `ONRECORD_SECONDS` says otherwise.
const SECONDS: u64 = 20;
const WRITERS: u64 = 3;
const WITNESSES: usize = 3;
const QUORUM: usize = 2;
/// From one statement of a writer to the next.
const PAUSE: Duration = Duration::from_millis(20);
/// How long one witness is away at most.
const AWAY_MAX: u64 = 2_000;

/// A witness that is found at the same address after it was away.
struct Witness {
    folder: PathBuf,
    address: Address,
    process: Option<Child>,
    is_stopped: bool,
    /// What it printed for policies.
    line: String,
}

impl Witness {
    fn new(folder: PathBuf, number: usize) -> Self {
        let (address, line) = (Address::free(), String::new());
        let mut witness = Self { folder, address, process: None, is_stopped: false, line };
        witness.start(&["--name", &format!("witness.example/w{number}")]);
        witness
    }

    fn start(&mut self, more: &[&str]) {
        let mut command = Command::new(ONRECORD);
        command.arg("witness").arg("--listen").arg(self.address.listen()).args(more);
        command.arg("--policy").arg(self.folder.join("logs.policy"));
        command.arg("--data").arg(self.folder.join("data"));
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        lines.read_line(&mut line).unwrap();
        line.clear();
        lines.read_line(&mut line).unwrap();
        drain(lines);
        assert!(!line.is_empty(), "the witness does not start");
        line.trim_end().clone_into(&mut self.line);
        self.process = Some(process);
    }

    fn is_away(&self) -> bool {
        self.is_stopped || self.process.is_none()
    }

    fn signal(&self, signal: &str) {
        let id = self.process.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
    }

    /// It takes connections and says nothing: to others it is as if the network were gone.
    fn cut_off(&mut self) {
        self.signal("-STOP");
        self.is_stopped = true;
    }

    fn come_back(&mut self) {
        if self.process.is_none() {
            self.start(&[]);
        } else if std::mem::take(&mut self.is_stopped) {
            self.signal("-CONT");
        }
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Whose cosignatures count, told apart from the code that judges policies.
struct Judge {
    policy: Policy,
    keys: Vec<VerifierKey>,
    log: VerifierKey,
}

impl Judge {
    fn of(policy: &str) -> Self {
        let policy = Policy::parse(policy.as_bytes()).unwrap();
        let keys = policy.witnesses().iter().map(|witness| witness.key().clone()).collect();
        let log = policy.logs()[0].key().clone();
        Self { policy, keys, log }
    }

    /// How many witnesses cosigned the checkpoint. A line in the name of one is good.
    fn count(&self, signed: &SignedCheckpoint) -> usize {
        signed.verify(&self.log).unwrap();
        let note = signed.note();
        let cosigned = |key: &&VerifierKey| {
            let mut lines = note.signatures().iter().filter(|line| line.names(key));
            lines.next().is_some_and(|line| verify_cosignature(note, line, key).unwrap() > 0)
        };
        self.keys.iter().filter(cosigned).count()
    }

    /// What is served as the ledger's checkpoint has the quorum.
    fn checkpoint(&self, note: &str) -> u64 {
        let signed: SignedCheckpoint = note.parse().unwrap();
        assert!(self.count(&signed) >= QUORUM, "{signed}");
        signed.checkpoint().size()
    }

    /// A bundle verifies as witnessed exactly when it has the quorum. Whether it has.
    fn bundle(&self, bytes: &[u8]) -> bool {
        let json: Value = serde_json::from_slice(bytes).unwrap();
        let proof: Proof = json["proof"].as_str().unwrap().parse().unwrap();
        let has_quorum = self.count(proof.checkpoint()) >= QUORUM;
        let verdict = bundle(bytes, &self.policy);
        for check in &verdict.checks {
            let holds = check.name != CheckName::WitnessQuorum || has_quorum;
            assert_eq!(check.is_ok(), holds, "{check:?}");
        }
        has_quorum
    }
}

/// What happened meanwhile.
#[derive(Debug, Default)]
struct Counts {
    published: AtomicU64,
    published_without_quorum: AtomicU64,
    bundles_without_quorum: AtomicU64,
    /// Entries of the newest checkpoint that was read.
    witnessed: AtomicU64,
}

impl Counts {
    /// Everything that was answered is there, also what was answered while too few witnesses were.
    fn check(&self, losses: usize, size: u64) {
        let get = |count: &AtomicU64| count.load(Ordering::Relaxed);
        println!("{losses} times without a quorum; {self:?}");
        assert_eq!(get(&self.published) + 1, size, "each statement, and the policy");
        assert!(losses > 0 && get(&self.published_without_quorum) > 0);
        assert!(get(&self.bundles_without_quorum) > 0);
    }
}

struct World<'a> {
    ledger: &'a Client,
    judge: &'a Judge,
    over: &'a AtomicBool,
    /// Whether too few witnesses are there.
    lost: &'a AtomicBool,
    counts: &'a Counts,
}

impl World<'_> {
    /// Publishes one statement after the other; each is admitted, whoever is away.
    fn write(&self, writer: u64) {
        let add = |count: &AtomicU64| count.fetch_add(1, Ordering::Relaxed);
        let mut number = writer;
        while !self.over.load(Ordering::Relaxed) {
            let written = agreement(self.judge.log.name().as_str(), number, "It was agreed.");
            let lost_before = self.lost.load(Ordering::Relaxed);
            let answer = self.ledger.post_statement(&written.to_string()).unwrap();
            assert_eq!(answer.status, 201, "{}", answer.text());
            add(&self.counts.published);
            if lost_before && self.lost.load(Ordering::Relaxed) {
                add(&self.counts.published_without_quorum);
            }
            if !self.judge.bundle(answer.text().as_bytes()) {
                add(&self.counts.bundles_without_quorum);
            }
            number += WRITERS;
            thread::sleep(PAUSE);
        }
    }

    /// Reads the checkpoint, and bundles of what it covers: each is as witnessed as what is announced.
    fn read(&self) {
        let mut round = 0;
        while !self.over.load(Ordering::Relaxed) {
            thread::sleep(PAUSE);
            let note = self.ledger.get("/checkpoint").unwrap();
            if note.status != 200 {
                assert_eq!(note.status, 503, "{}", note.text());
                continue;
            }
            let size = self.judge.checkpoint(note.text());
            round += 1;
            self.counts.witnessed.store(size, Ordering::Relaxed);
            let index = random_number(round, "bundle", 0..size);
            let bundle = self.ledger.must_get(&format!("/api/v1/entries/{index}/bundle"));
            assert!(self.judge.bundle(&bundle), "entry {index} of {size} witnessed ones");
        }
    }
}

/// Takes witnesses away and brings them back, at times all but one and all of them.
fn disturb(witnesses: &mut [Witness], lost: &AtomicBool, seconds: u64) -> usize {
    let (began, mut losses) = (instant(), 0);
    let mut back: VecDeque<(usize, std::time::Instant)> = VecDeque::new();
    for round in 0.. {
        if began.elapsed() > Duration::from_secs(seconds) {
            break;
        }
        thread::sleep(random(round, "calm", 100..1_200));
        while back.front().is_some_and(|(_, until)| instant() >= *until) {
            let (number, _) = back.pop_front().unwrap();
            witnesses[number].come_back();
        }
        let number = random_number(round, "which", 0..WITNESSES as u64) as usize;
        if !witnesses[number].is_away() {
            match random_number(round, "how", 0..2) {
                0 => witnesses[number].kill(),
                _ => witnesses[number].cut_off(),
            }
            let away = random(round, "away", AWAY_MAX / 5..AWAY_MAX);
            back.push_back((number, instant() + away));
        }
        let there = witnesses.iter().filter(|witness| !witness.is_away()).count();
        if !lost.swap(there < QUORUM, Ordering::Relaxed) && there < QUORUM {
            losses += 1;
        }
    }
    lost.store(false, Ordering::Relaxed);
    witnesses.iter_mut().for_each(Witness::come_back);
    losses
}

/// A monitor that goes on looking, and what it has printed so far.
struct Monitor {
    process: Child,
    looks: Arc<Mutex<Vec<Value>>>,
    reading: thread::JoinHandle<()>,
}

impl Monitor {
    fn of(addresses: &[&str], policy: &Path, home: &Path) -> Self {
        let mut command = Command::new(ONRECORD);
        command.args(["monitor", "--every", "1", "--json", "--policy"]).arg(policy).args(addresses);
        command.env("ONRECORD_HOME", home).arg("--data").arg(home.join("monitor"));
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let looks: Arc<Mutex<Vec<Value>>> = Arc::default();
        let reading = thread::spawn({
            let looks = looks.clone();
            move || {
                for line in lines {
                    let look = serde_json::from_str(&line.unwrap()).unwrap();
                    looks.lock().unwrap().push(look);
                }
            }
        });
        Self { process, looks, reading }
    }

    /// Whether it found so many entries in order at that address.
    fn has_seen(&self, address: &str, size: u64) -> bool {
        self.looks.lock().unwrap().iter().any(|look| {
            let is_there = look["url"].as_str().unwrap().starts_with(address);
            is_there && look["verdict"] == "verified" && look["size"] == size
        })
    }

    /// Ends it once it has seen everything at these addresses: no look raised an alarm.
    fn end(mut self, addresses: &[&str], size: u64) {
        let all = || addresses.iter().all(|address| self.has_seen(address, size));
        let waits =
            (0..1200).take_while(|_| !all()).inspect(|_| thread::sleep(Duration::from_millis(50)));
        assert!(waits.count() < 1200, "{:?}", self.looks);
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert_ne!(self.process.wait().unwrap().code(), Some(1), "it ended with an alarm");
        self.reading.join().unwrap();
        for look in self.looks.lock().unwrap().iter() {
            assert_eq!(look["alarms"], Value::Array(Vec::new()), "{look}");
            assert_ne!(look["verdict"], "failed", "{look}");
        }
    }
}

/// Waits until everything that was published is witnessed.
fn all_is_witnessed(ledger: &Client) {
    for _ in 0..1200 {
        let health = ledger.get("/healthz").unwrap().json();
        if health["witnessed_size"] == health["checkpoint_size"] {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{}", ledger.get("/healthz").unwrap().text());
}

/// A ledger that asks for the quorum of these witnesses; the policy, as text.
fn policy_of(log: &str, witnesses: &[Witness]) -> String {
    let lines: Vec<&str> = witnesses.iter().map(|witness| witness.line.as_str()).collect();
    let names: Vec<&str> =
        witnesses.iter().map(|witness| witness.line.split(' ').nth(1).unwrap()).collect();
    let (lines, names) = (lines.join("\n"), names.join(" "));
    format!("log {log}\n{lines}\ngroup all {QUORUM} {names}\nquorum all\n")
}

#[test]
fn with_witnesses_killed_and_cut_off_nothing_stops_and_nothing_false_is_said() {
    let seconds = std::env::var("ONRECORD_SECONDS").map_or(SECONDS, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let [data, copy, home, policy] =
        ["data", "copy", "home", "policy"].map(|name| folder.path().join(name));
    let first = Server::start(&data);
    let log = String::from_utf8(first.client.must_get("/log.policy")).unwrap();
    let log = log.lines().next().unwrap().strip_prefix("log ").unwrap().to_owned();
    first.stop();
    let mut witnesses: Vec<Witness> = (0..WITNESSES)
        .map(|number| {
            let folder = folder.path().join(format!("witness{number}"));
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("logs.policy"), format!("log {log}\nquorum none\n")).unwrap();
            Witness::new(folder, number)
        })
        .collect();
    let text = policy_of(&log, &witnesses);
    fs::write(&policy, &text).unwrap();
    let judge = Judge::of(&text);
    let address = Address::free();
    let server = address.serve_with(&data, &["--policy", policy.to_str().unwrap()]);
    let (ledger, url) = (server.client.clone(), server.client.url());
    all_is_witnessed(&ledger);
    let mirror = mirror_with(&url, &copy, &home, &["--policy", policy.to_str().unwrap()]);
    let monitor = Monitor::of(&[&url, &mirror.client.url()], &policy, &home);

    let (over, lost, counts) = (AtomicBool::new(false), AtomicBool::new(false), Counts::default());
    let world = World { ledger: &ledger, judge: &judge, over: &over, lost: &lost, counts: &counts };
    let losses = thread::scope(|scope| {
        (0..WRITERS).for_each(|writer| {
            drop(scope.spawn({
                let world = &world;
                move || world.write(writer)
            }))
        });
        scope.spawn(|| world.read());
        let losses = disturb(&mut witnesses, &lost, seconds);
        over.store(true, Ordering::Relaxed);
        losses
    });
    all_is_witnessed(&ledger);
    catches_up(&mirror.client, &ledger);

    let size = size_of(&ledger);
    counts.check(losses, size);
    monitor.end(&[&url, &mirror.client.url()], size);
    for index in [0, size / 2, size - 1] {
        for at in [&ledger, &mirror.client] {
            assert!(judge.bundle(&at.must_get(&format!("/api/v1/entries/{index}/bundle"))));
        }
    }
    let mut reader = Reader::of(&ledger);
    assert_eq!(reader.follow(&mirror.client).checkpoint().size(), size);
    let mut audit = Command::new(ONRECORD);
    audit.args(["audit", &url, "--policy"]).arg(&policy).env("ONRECORD_HOME", &home);
    succeeds(&mut audit);
}
