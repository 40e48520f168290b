//! Trust policies: shown, and held against those they name.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use onrecord::tlog::AddCheckpoint;

use crate::running::Running;
use crate::{keys, shapes};

/// A running witness for one log, and its line for policies.
pub struct Witness {
    process: Child,
    pub line: String,
    url: String,
}

impl Witness {
    pub fn start(folder: &Path, name: &str, log: &str) -> Self {
        fs::write(folder.join("logs.policy"), format!("{log}\nquorum none\n")).unwrap();
        let mut process = keys::onrecord(folder)
            .args(["witness", "--listen", "127.0.0.1:0", "--policy", "logs.policy"])
            .args(["--name", name, "--data", &name.replace('/', "-")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        lines.next().unwrap().unwrap();
        let line = lines.next().unwrap().unwrap();
        let url = line.split(' ').nth(3).unwrap().to_owned();
        Self { process, line, url }
    }

    /// Gives it the checkpoint of the ledger, as the first that it sees.
    pub fn cosigns(&self, checkpoint: &str) {
        let request = AddCheckpoint::new(0, vec![], checkpoint.parse().unwrap()).unwrap();
        let (body, host) = (request.to_string(), self.url.strip_prefix("http://").unwrap());
        let mut stream = TcpStream::connect(host).unwrap();
        let head = "POST /add-checkpoint HTTP/1.0\r\nContent-Length";
        write!(stream, "{head}: {}\r\nHost: {host}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.contains(" 200 "), "{answer}");
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The line of a ledger's own policy that names its key.
pub fn log_line(ledger: &Running) -> String {
    let policy = String::from_utf8(ledger.bytes("log.policy")).unwrap();
    policy.lines().find(|line| line.starts_with("log ")).unwrap().to_owned()
}

/// The verdict, the result of each check, and the exit code.
fn check(folder: &Path, policy: &str) -> (String, Vec<String>, i32) {
    fs::write(folder.join("checked.policy"), policy).unwrap();
    let mut command = keys::onrecord(folder);
    let output = command.args(["policy", "check", "checked.policy", "--json"]).output().unwrap();
    let report = shapes::read("policy-report", std::str::from_utf8(&output.stdout).unwrap());
    let parts = report["parts"].as_array().unwrap();
    let checks = parts.iter().flat_map(|part| part["checks"].as_array().unwrap());
    let checks = checks
        .map(|check| format!("{} {}", check["name"], check["result"]).replace('"', ""))
        .collect();
    (report["verdict"].as_str().unwrap().to_owned(), checks, output.status.code().unwrap())
}

#[test]
fn those_who_answer_as_the_policy_says_are_verified_and_others_are_not() {
    let ledger = Running::start(&[]);
    let (folder, log) = (ledger.path(), log_line(&ledger));
    let witness = Witness::start(folder, "witness.example/w1", &log);
    let url = ledger.url();
    let good = format!("{log} {url}\n{}\nquorum none\n", witness.line);
    let (verdict, checks, code) = check(folder, &good);
    assert_eq!((verdict.as_str(), code), ("not_checked", 2), "it has cosigned nothing yet");
    assert_eq!(checks, ["log_signature verified", "witness_quorum verified", "answer not_checked"]);

    witness.cosigns(&String::from_utf8(ledger.bytes("checkpoint")).unwrap());
    let (verdict, checks, code) = check(folder, &good);
    assert_eq!((verdict.as_str(), code), ("verified", 0), "{checks:?}");
    assert_eq!(checks[2], "cosignature verified");
    let said = keys::stdout(keys::onrecord(folder).args(["policy", "check", "checked.policy"]));
    assert!(said.starts_with("all answer as the policy says\n"), "{said}");
    assert!(said.contains(&format!("witness witness.example/w1 at {}\n", witness.url)), "{said}");

    let asked = good.replace("quorum none", &format!("quorum {}", "witness.example/w1"));
    let (verdict, checks, code) = check(folder, &asked);
    assert_eq!((verdict.as_str(), code), ("failed", 1), "the ledger serves no cosignatures");
    assert_eq!(checks[1], "witness_quorum failed");

    let other = Witness::start(folder, "witness.example/w2", &log);
    let elsewhere = other.line.replace(&other.url, &witness.url);
    let (verdict, checks, code) = check(folder, &format!("{log}\n{elsewhere}\nquorum none\n"));
    assert_eq!((verdict.as_str(), code), ("failed", 1), "another key answers there");
    assert_eq!(checks, ["cosignature failed"]);

    let stranger = Running::start(&[]);
    let wrong = format!("{} {url}\nquorum none\n", log_line(&stranger));
    let (verdict, checks, code) = check(folder, &wrong);
    assert_eq!((verdict.as_str(), code), ("failed", 1), "another ledger answers there");
    assert_eq!(checks, ["origin failed"]);

    drop(witness);
    let (verdict, checks, code) = check(folder, &good);
    assert_eq!((verdict.as_str(), code), ("not_checked", 2));
    assert_eq!(checks[2], "answer not_checked");

    let said = keys::onrecord(folder).args(["policy", "check", "logs.policy"]).output().unwrap();
    let error = String::from_utf8(said.stderr).unwrap();
    assert!(error.contains("logs.policy has no address of anyone"), "{error}");
    assert_eq!(said.status.code(), Some(2));
}

#[test]
fn a_policy_is_shown_from_a_file_or_from_a_ledger() {
    let ledger = Running::start(&[]);
    let show = |policy: &str| {
        let shown =
            keys::stdout(keys::onrecord(ledger.path()).args(["policy", "show", policy, "--json"]));
        shapes::read("policy", &shown)
    };
    let shown = show(ledger.url());
    assert_eq!(format!("log {}", shown["logs"][0]["key"].as_str().unwrap()), log_line(&ledger));
    assert!(shown.get("quorum").is_none());

    let log = log_line(&ledger);
    let w1 = Witness::start(ledger.path(), "witness.example/w1", &log);
    let w2 = Witness::start(ledger.path(), "witness.example/w2", &log);
    let w3 = Witness::start(ledger.path(), "witness.example/w3", &log);
    let [one, two, three] = [w1, w2, w3].map(|witness| witness.line.clone());
    let group = "group g any witness.example/w1 witness.example/w2\nquorum g";
    fs::write(ledger.path().join("g.policy"), format!("{log}\n{one}\n{two}\n{three}\n{group}\n"))
        .unwrap();
    let shown = show("g.policy");
    assert_eq!(shown["quorum"]["threshold"], 1);
    assert_eq!(shown["quorum"]["members"][1]["name"], "witness.example/w2");
    assert_eq!(shown["not_counted"], serde_json::json!(["witness.example/w3"]));
    assert_eq!((&shown["fewest"], &shown["may_be_away"]), (&1.into(), &1.into()));
}

#[test]
fn a_ledger_does_not_start_with_witnesses_that_it_could_not_ask() {
    let mut ledger = Running::start(&[]);
    let log = log_line(&ledger);
    let witness = Witness::start(ledger.path(), "witness.example/w1", &log);
    ledger.signal("-TERM");
    let without_address = witness.line.rsplit_once(' ').unwrap().0;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "data", "--policy", "own.policy"];
    for (line, said) in [
        (without_address.to_owned(), "witness.example/w1: it has no address"),
        (format!("{without_address} ftp://w1.example"), "ftp://w1.example: not an address"),
        ("witness w1 garbage".to_owned(), "own.policy is no trust policy: line 1"),
    ] {
        fs::write(ledger.path().join("own.policy"), format!("{line}\nquorum none\n")).unwrap();
        let message = ledger.run_failing(&serve, 1);
        assert!(message.contains(said), "{message}");
    }
    let message = ledger.run_failing(&[&serve[..6], &["none.policy"]].concat(), 1);
    assert!(message.contains("none.policy cannot be read"), "{message}");
}
