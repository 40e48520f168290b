//! Pages over a ledger that is imitated: what it answers wrongly, and how much a page can make this machine ask for:
//! how many ledgers and entries, how often, and for how long.

use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::page::{ZEROS, judged, page, remarks, results, site};
use crate::running::Running;
use crate::verifying::vectors;

/// A ledger out of the vectors, which a policy in the folder trusts, and which tells what it is asked.
struct Imitated {
    running: Running,
    url: String,
    asked: Receiver<String>,
}

impl Imitated {
    /// What it answers to what is no checkpoint, other than with the bundle of the vectors' agreement.
    fn start(answer: impl Fn(&str) -> Option<(String, String)> + Send + 'static) -> Self {
        let running = Running::start(&[]);
        let (send, asked) = channel();
        let ledger = vectors("ledger.json");
        let vkey = ledger["log_vkey"].as_str().unwrap();
        fs::write(running.path().join("p.policy"), format!("log {vkey}\nquorum none\n")).unwrap();
        let checkpoint = ledger["entries"][10]["checkpoint"].as_str().unwrap().to_owned();
        let bundle = ledger["bundles"][1].to_string();
        let url = site(move |path| {
            // Nobody listens any more where the test is over.
            let _ = send.send(path.to_owned());
            let body = if path == "/checkpoint" { &checkpoint } else { &bundle };
            answer(path).unwrap_or_else(|| ("200 OK".to_owned(), body.clone()))
        });
        Self { running, url, asked }
    }

    fn links(&self, count: u64) -> String {
        let link = |index| format!("<a href={}/e/{index}-{ZEROS}></a>", self.url);
        (0..count).map(link).collect()
    }

    fn judged(&self, html: &str, args: &[&str], code: i32) -> serde_json::Value {
        let site = page(html);
        let args = [&[&site[..], "--policy", "p.policy"], args].concat();
        judged(&self.running, &args, code)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.try_iter().collect()
    }
}

#[test]
fn an_entry_at_another_index_or_of_another_ledger_has_failed_whatever_else_of_it_holds() {
    let hash = vectors("ledger.json")["entries"][1]["leaf_hash"].as_str().unwrap()[..32].to_owned();
    let ledger = Imitated::start(|_| None);
    let html = format!("<a href={}/e/7-{hash}>", ledger.url);
    let verdict = ledger.judged(&html, &[], 1);
    assert!(verdict["things"][0]["checks"].to_string().contains("another_entry"), "{verdict}");

    // It shows the checkpoint of one trusted ledger, and gives the bundles of another one.
    let real = Running::start(&[]);
    let text = |name: &str| {
        real.save(&format!("{}/{name}", real.url()), name);
        fs::read_to_string(real.path().join(name)).unwrap()
    };
    let (checkpoint, policy) = (text("checkpoint"), text("log.policy"));
    let ledger = Imitated::start(move |path| {
        (path == "/checkpoint").then(|| ("200 OK".to_owned(), checkpoint.clone()))
    });
    let file = ledger.running.path().join("p.policy");
    let both = format!("{}\n{}", fs::read_to_string(&file).unwrap(), log_lines(&policy));
    fs::write(file, both).unwrap();
    let html = format!("<a href={}/e/1-{hash}>", ledger.url);
    let verdict = ledger.judged(&html, &[], 1);
    assert!(verdict["things"][0]["checks"].to_string().contains("another_ledger"), "{verdict}");
}

fn log_lines(policy: &str) -> String {
    policy.lines().filter(|line| line.starts_with("log ")).map(|line| format!("{line}\n")).collect()
}

#[test]
fn a_ledger_that_the_policy_does_not_know_is_asked_for_no_entry() {
    let ledger = Imitated::start(|_| None);
    fs::write(ledger.running.path().join("p.policy"), "quorum none\n").unwrap();
    let verdict = ledger.judged(&ledger.links(2), &[], 2);
    assert!(remarks(&verdict, 1).contains("names no key of ledger.example/2026"), "{verdict}");
    assert_eq!(ledger.asked(), ["/checkpoint"]);
}

#[test]
fn a_page_asks_for_each_entry_once_and_for_few_ledgers() {
    let ledger = Imitated::start(|_| None);
    let own = &ledger.url;
    let hash = vectors("ledger.json")["entries"][1]["leaf_hash"].as_str().unwrap()[..32].to_owned();
    let link = format!("<a href={own}/e/1-{hash}></a>");
    let verdict = ledger.judged(&link.repeat(1200), &[], 2);
    assert_eq!((&verdict["verified"], &verdict["left_out"]), (&1000.into(), &200.into()));
    assert_eq!(ledger.asked(), ["/checkpoint", "/api/v1/entries/1/bundle"]);

    let verdict = ledger.judged(&ledger.links(250), &[], 1);
    assert_eq!((&verdict["failed"], &verdict["not_checked"]), (&200.into(), &50.into()));
    assert_eq!(ledger.asked().len(), 201);

    let ledgers: String = (0..9).map(|port| format!("<a href={own}/{port}/e/1-{hash}>")).collect();
    let verdict = ledger.judged(&ledgers, &[], 2);
    assert!(remarks(&verdict, 8).contains("only 8 ledgers"), "{verdict}");
    assert!(!remarks(&verdict, 7).contains("only 8 ledgers"), "{verdict}");
}

#[test]
fn a_ledger_that_gives_no_answer_three_times_in_a_row_is_not_asked_again() {
    let ledger = Imitated::start(|path| {
        let index = path.strip_prefix("/api/v1/entries/")?.strip_suffix("/bundle")?;
        match index {
            "2" => Some(("404 Not Found".to_owned(), String::new())),
            "5" => None,
            _ => Some(("500 Fault".to_owned(), String::new())),
        }
    });
    let verdict = ledger.judged(&ledger.links(12), &[], 1);
    assert_eq!(verdict["failed"], 1, "{verdict}");
    for (thing, expected) in [
        (0, "500"),
        (1, "500"),
        (2, "has no entry 2"),
        (3, "500"),
        (8, "500"),
        (9, "not asked again"),
    ] {
        assert!(remarks(&verdict, thing).contains(expected), "{thing}: {verdict}");
    }
    assert!(remarks(&verdict, 11).contains("gave no answer 3 times"), "{verdict}");
    let asked: Vec<_> = (0..9).map(|index| format!("/api/v1/entries/{index}/bundle")).collect();
    assert_eq!(ledger.asked()[1..], asked);
}

#[test]
fn a_ledger_that_gives_no_checkpoint_is_asked_for_it_once() {
    let ledger = Imitated::start(|_| Some(("500 Fault".to_owned(), String::new())));
    let verdict = ledger.judged(&ledger.links(5), &[], 2);
    assert_eq!(verdict["not_checked"], 5);
    assert_eq!(ledger.asked(), ["/checkpoint"]);
}

#[test]
fn when_the_time_for_a_page_is_over_nothing_more_is_asked_for() {
    let ledger = Imitated::start(|path| {
        if path != "/checkpoint" {
            std::thread::sleep(Duration::from_millis(300));
        }
        None
    });
    let verdict = ledger.judged(&ledger.links(50), &["--timeout", "1"], 1);
    let (first, last) = (remarks(&verdict, 0), remarks(&verdict, 49));
    assert_eq!(first, "[]", "{verdict}");
    assert!(last.contains("time for the page was over (--timeout 1)"), "{last}");
    assert!(ledger.asked().len() < 8, "a second is over after three bundles, or four");
    assert_eq!(results(&verdict).iter().filter(|result| **result == "verified").count(), 0);
}

#[test]
fn a_ledger_and_a_site_that_never_answer_are_waited_for_no_longer_than_the_time_for_the_page() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", silent.local_addr().unwrap());
    let running = Running::start(&[]);
    let begun = onrecord::clock::instant();
    let link = format!("<a href={address}/e/1-{ZEROS}>");
    let verdict = judged(&running, &[&page(&link), "--timeout", "1"], 2);
    assert!(remarks(&verdict, 0).contains("did not answer in time"), "{verdict}");
    let said = running.run_failing(&["verify", "--page", &address, "--timeout", "1"], 2);
    assert!(said.contains("did not answer in time") && said.contains("--timeout"), "{said}");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    for bad in ["0", "3601", "-1", "1.5", "soon"] {
        let args = ["verify", "--page", &address, &format!("--timeout={bad}")];
        let said = running.run_failing(&args, 2);
        assert!(said.contains("--timeout <SECONDS>"), "{bad}: {said}");
    }
    let args = ["verify", "b.json", "--timeout", "5"];
    assert!(running.run_failing(&args, 2).contains("cannot be used with"), "a file needs no time");
}
