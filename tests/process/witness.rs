//! `onrecord witness` as a process: killed under load it forgets nothing that it answered, and it does not start on what
//! would make it forget.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use onrecord::crypto::{PrivateKey, sha256};
use onrecord::tlog::{
    AddCheckpoint, ForeignCheckpoint, LogSigner, Recent, VerifierKey, leaf_hash, prove_consistency,
    root, verify_cosignature,
};

use super::client::Client;
use super::load::random;
use super::server::{ONRECORD, Process, Refused, drain};

const ORIGIN: &str = "log.example/killed";
const KILLS: u64 = 20;
const CALLERS: usize = 4;

/// A witness that listens, and the line that it printed for policies.
struct Running {
    process: Process,
    client: Client,
    policy_line: String,
    /// What it writes to standard error.
    errors: PathBuf,
}

fn log() -> LogSigner {
    LogSigner::new(ORIGIN.parse().unwrap(), PrivateKey::from_seed(&[1; 32]))
}

/// Starts a witness in a folder, with more arguments, or tells what it printed when it did not start.
fn start(folder: &Path, more: &[&str]) -> Result<Running, Refused> {
    let policy = folder.join("logs.policy");
    fs::write(&policy, format!("log {}\nquorum none\n", log().verifier_key())).unwrap();
    let errors = folder.join("errors");
    let mut child = Command::new(ONRECORD)
        .args(["witness", "--listen", "127.0.0.1:0", "--policy"])
        .arg(&policy)
        .arg("--data")
        .arg(folder.join("data"))
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(&errors).unwrap())
        .spawn()
        .unwrap();
    let (mut said, mut output) = (String::new(), BufReader::new(child.stdout.take().unwrap()));
    output.read_line(&mut said).unwrap();
    output.read_line(&mut said).unwrap();
    let Some((listening, policy_line)) = said.split_once('\n').filter(|(_, line)| !line.is_empty())
    else {
        let status = child.wait().unwrap();
        said.push_str(&fs::read_to_string(&errors).unwrap());
        return Err(Refused { status, said });
    };
    let address = listening.split_once("http://").unwrap().1.split(' ').next().unwrap();
    let (client, policy_line) = (Client::new(address), policy_line.trim_end().to_owned());
    drain(output);
    Ok(Running { process: Process::of(child), client, policy_line, errors })
}

fn named(folder: &Path) -> Running {
    start(folder, &["--name", "witness.example/w1"]).unwrap()
}

fn refused(folder: &Path, more: &[&str]) -> Refused {
    start(folder, more).err().expect("it is refused")
}

fn request(tree: &Recent, old: u64, new: u64) -> String {
    let proof = if old == 0 { vec![] } else { prove_consistency(old, new, tree).unwrap() };
    let signed = log().sign(new, root(new, tree).unwrap()).unwrap();
    AddCheckpoint::new(old, proof, signed.into()).unwrap().to_string()
}

fn served(client: &Client) -> Option<ForeignCheckpoint> {
    let path = format!("/{}/checkpoint", sha256(ORIGIN.as_bytes()).to_hex());
    let answer = client.get(&path).ok().filter(|answer| answer.status == 200)?;
    Some(answer.text().parse().unwrap())
}

/// Submits one size after the other until the witness is gone, and remembers the largest that was answered.
fn submit(client: &Client, tree: &Recent, answered: &AtomicU64) {
    loop {
        let old = served(client).map_or(0, |note| note.size());
        let new = (old + 1).min(tree.size());
        let Ok(answer) = client.post("/add-checkpoint", &request(tree, old, new)) else { return };
        match answer.status {
            200 => drop(answered.fetch_max(new, Ordering::Relaxed)),
            409 => {}
            status => panic!("{status}: {}", answer.text()),
        }
    }
}

#[test]
fn nothing_cosigned_is_forgotten_when_the_witness_is_killed_at_random_moments() {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = Recent::default();
    (0u64..20_000).for_each(|index| tree.push(leaf_hash(&index.to_be_bytes())));
    let answered = AtomicU64::new(0);
    for kill in 0..KILLS {
        let witness = named(folder.path());
        thread::scope(|scope| {
            for _ in 0..CALLERS {
                scope.spawn(|| submit(&witness.client, &tree, &answered));
            }
            thread::sleep(random(kill, "witness", 20..200));
            witness.process.kill();
        });
        let again = named(folder.path());
        let Some(note) = served(&again.client) else {
            assert_eq!(answered.load(Ordering::Relaxed), 0, "what was cosigned is gone");
            again.process.kill();
            continue;
        };
        assert!(note.size() >= answered.load(Ordering::Relaxed));
        assert_eq!(*note.root(), root(note.size(), &tree).unwrap());
        let key: VerifierKey = again.policy_line.split(' ').nth(2).unwrap().parse().unwrap();
        let line = note.note().signatures().last().unwrap();
        verify_cosignature(note.note(), line, &key).unwrap();
        again.process.kill();
    }
    let answered = answered.into_inner();
    assert!(answered >= KILLS, "only {answered} checkpoints were cosigned");
}

#[test]
fn a_witness_keeps_its_name_its_key_and_its_memory_or_does_not_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(refused(folder.path(), &[]).said.contains("a new witness needs a name"));
    let first = named(folder.path());
    let line = first.policy_line.clone();
    assert!(line.starts_with("witness witness.example/w1 witness.example/w1+"), "{line}");
    let second = refused(folder.path(), &[]);
    assert!(second.said.contains("in use by another process"), "{}", second.said);
    first.process.kill();
    let again = start(folder.path(), &[]).unwrap();
    let key = |line: &str| line.split(' ').nth(2).unwrap().to_owned();
    assert_eq!(key(&again.policy_line), key(&line));
    again.process.kill();
    let renamed = refused(folder.path(), &["--name", "witness.example/w2"]);
    assert!(renamed.said.contains("is witness.example/w1 for ever"), "{}", renamed.said);
    fs::rename(data.join("keys/witness.pem"), data.join("elsewhere")).unwrap();
    let keyless = refused(folder.path(), &[]);
    assert!(keyless.said.contains("witness.pem is missing, and this witness had one"));
    fs::rename(data.join("elsewhere"), data.join("keys/witness.pem")).unwrap();
    fs::rename(data.join("witnessed"), data.join("elsewhere")).unwrap();
    let forgetful = refused(folder.path(), &[]);
    assert!(forgetful.said.contains("what it cosigned is gone"), "{}", forgetful.said);
    fs::rename(data.join("elsewhere"), data.join("witnessed")).unwrap();
    start(folder.path(), &[]).unwrap().process.kill();
}

#[test]
fn two_roots_for_one_size_are_reported_once_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let witness = named(folder.path());
    let (mut tree, mut forked) = (Recent::default(), Recent::default());
    (0u64..9).for_each(|index| tree.push(leaf_hash(&index.to_be_bytes())));
    (0u64..9).for_each(|index| forked.push(leaf_hash(&index.to_le_bytes())));
    let post = |body: &str| witness.client.post("/add-checkpoint", body).unwrap().status;
    let reports = || fs::read_to_string(&witness.errors).unwrap().matches("two histories").count();
    assert_eq!(post(&request(&tree, 0, 5)), 200);
    let useless = format!("old 5\n{}\n", leaf_hash(b"").to_base64());
    let harmless = request(&tree, 5, 5).replacen("old 5\n", &useless, 1);
    for body in [harmless, request(&forked, 5, 9), request(&tree, 4, 5), request(&forked, 4, 4)] {
        assert!(matches!(post(&body), 409 | 422), "{body}");
        assert_eq!(reports(), 0, "{body}");
    }
    for body in [request(&forked, 4, 5), request(&forked, 5, 5), request(&forked, 0, 5)] {
        assert!(matches!(post(&body), 409 | 422), "{body}");
        assert_eq!(reports(), 1, "{body}");
    }
}
