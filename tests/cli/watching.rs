//! Watching a ledger: what is told, what a command gets, and what happens when the connection breaks or somebody on
//! the way changes what is told.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use crate::running::Running;
use crate::{keys, shapes};

/// Stands between a ledger and whoever watches it.
struct Between {
    url: String,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    ledger: String,
    open: Vec<TcpStream>,
    /// Replaced in every answer; both of one length.
    change: Option<(&'static str, &'static str)>,
}

impl Between {
    fn start(ledger: &Running) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared: Arc<Mutex<Shared>> = Arc::default();
        let between = Self { url, shared: shared.clone() };
        between.lead_to(ledger);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let client = client.unwrap();
                let mut held = shared.lock().unwrap();
                // Nobody answers while the ledger is away.
                let Ok(server) = TcpStream::connect(&held.ledger) else { continue };
                held.open.extend([client.try_clone().unwrap(), server.try_clone().unwrap()]);
                let change = held.change;
                drop(held);
                let there = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || pass_on(there.0, there.1, None));
                std::thread::spawn(move || pass_on(server, client, change));
            }
        });
        between
    }

    fn lead_to(&self, ledger: &Running) {
        self.shared.lock().unwrap().ledger = ledger.url().strip_prefix("http://").unwrap().into();
    }

    fn cut(&self) {
        for stream in self.shared.lock().unwrap().open.drain(..) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    fn change(&self, from: &'static str, to: &'static str) {
        assert_eq!(from.len(), to.len());
        self.shared.lock().unwrap().change = Some((from, to));
    }
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, change: Option<(&str, &str)>) {
    let mut buffer = vec![0; 1 << 20];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
        let passed = match change {
            Some((wrong, other)) => text.replace(wrong, other).into_bytes(),
            None => buffer[..read].to_vec(),
        };
        if to.write_all(&passed).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// A watcher that runs beside the test.
struct Watcher {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Watcher {
    fn start(ledger: &Running, url: &str, args: &[&str]) -> Self {
        let mut command = keys::onrecord(ledger.path());
        command.args(["watch", url]).args(args).env("ONRECORD_HOME", ledger.path().join("home"));
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// Its exit code, and what it said on standard error.
    fn end(mut self) -> (i32, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap(), said)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unlimited() -> Running {
    Running::start(&["--unlimited"])
}

/// Publishes so many agreements with organizations `bench-0.example`, `bench-1.example`, …
fn publish(ledger: &Running, count: u32, seed: u32) {
    let (count, seed) = (count.to_string(), seed.to_string());
    let args = ["bench", ledger.url(), "--only-publish", "--connections", "1"];
    ledger.run(&[&args[..], &["--count", &count, "--seed", &seed]].concat());
}

fn index(line: &str) -> u64 {
    shapes::read("entry", line)["index"].as_u64().unwrap()
}

#[test]
fn the_past_is_told_as_the_api_shows_it_one_line_an_entry() {
    let ledger = unlimited();
    publish(&ledger, 5, 1);
    let told = ledger.run(&["watch", ledger.url(), "--from", "2", "--count", "4", "--json"]);
    assert_eq!(told.lines().map(index).collect::<Vec<_>>(), [2, 3, 4, 5]);
    let told = ledger.run(&["watch", ledger.url(), "--from", "0", "--count", "2"]);
    let lines: Vec<_> = told.lines().collect();
    assert!(lines[0].contains("  policy ") && lines[0].contains(&format!("{}/e/0-", ledger.url())));
    assert!(
        lines[1].contains("  agreement ") && lines[1].contains("  bench-0.example  "),
        "{told}"
    );
}

#[test]
fn a_filter_and_a_command_get_what_is_published_meanwhile() {
    let ledger = unlimited();
    let script = "printf '%s %s %s\\n' \"$ONRECORD_INDEX\" \"$ONRECORD_KIND\" \"$ONRECORD_DOMAINS\" >> told\n\
                  cat >> entries";
    let args = ["--org", "BENCH-1.example", "--kind", "agreement", "--from", "1", "--count", "2"];
    let mut watcher =
        Watcher::start(&ledger, ledger.url(), &[&args[..], &["--exec", script]].concat());
    publish(&ledger, 3, 1);
    publish(&ledger, 3, 2);
    assert!(watcher.line().contains("  bench-1.example  "));
    assert!(watcher.line().contains("  bench-1.example  "));
    let (code, said) = watcher.end();
    assert_eq!(code, 0, "{said}");
    let told = fs::read_to_string(ledger.path().join("told")).unwrap();
    assert_eq!(told, "2 agreement bench-1.example\n5 agreement bench-1.example\n");
    let entries = fs::read_to_string(ledger.path().join("entries")).unwrap();
    assert_eq!(entries.lines().map(index).collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn after_an_interruption_it_goes_on_without_gap_or_repeat() {
    let mut ledger = unlimited();
    let between = Between::start(&ledger);
    publish(&ledger, 3, 1);
    let args = ["--from", "0", "--count", "12", "--json"];
    let mut watcher = Watcher::start(&ledger, &between.url, &args);
    let mut told: Vec<_> = (0..4).map(|_| index(&watcher.line())).collect();
    between.cut();
    publish(&ledger, 4, 2);
    told.extend((0..4).map(|_| index(&watcher.line())));
    assert_eq!(ledger.signal("-TERM"), 0);
    ledger.start_again(&["--unlimited"]);
    between.lead_to(&ledger);
    publish(&ledger, 4, 3);
    told.extend((0..4).map(|_| index(&watcher.line())));
    assert_eq!(told, (0..12).collect::<Vec<_>>());
    let (code, said) = watcher.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("trying again in 1 s"), "{said}");
}

#[test]
fn what_somebody_changes_on_the_way_is_a_mismatch_and_not_told() {
    let ledger = unlimited();
    publish(&ledger, 2, 1);
    for (from, to, what) in [
        ("\"kind\":\"agreement\"", "\"kind\":\"agreemenu\"", "`statement` is not what is signed"),
        ("\"index\":1,\"leaf_hash\"", "\"index\":2,\"leaf_hash\"", "was told as entry 2"),
    ] {
        let between = Between::start(&ledger);
        between.change(from, to);
        let args = ["watch", &between.url, "--from", "1", "--count", "1", "--json"];
        let (told, said) = ledger.output(&args, 1);
        assert!(told.is_empty() && said.contains(what), "{told}{said}");
    }
}

#[test]
fn where_the_command_fails_watching_stops_and_says_how_to_go_on() {
    let ledger = unlimited();
    publish(&ledger, 2, 1);
    let args = ["watch", ledger.url(), "--from", "1", "--exec", "exit 3"];
    let said = ledger.run_failing(&args, 2);
    assert!(said.contains("entry 1: the command failed") && said.contains("--from 2"), "{said}");
    let said = ledger.run_failing(&["watch", ledger.url(), "--from", "9"], 2);
    assert!(said.contains("no stream begins at index 9"), "{said}");
    let said = ledger.run_failing(&["watch", ledger.url(), "--kind", "promise"], 2);
    assert!(said.contains("the kinds are acceptance, agreement, "), "{said}");
}

#[test]
fn a_reader_that_is_gone_ends_it() {
    let ledger = unlimited();
    publish(&ledger, 3, 1);
    let mut command = Command::new("sh");
    let watch =
        format!("{} watch {} --from 0 | head -n 1", env!("CARGO_BIN_EXE_onrecord"), ledger.url());
    command.args(["-c", &watch]).current_dir(ledger.path());
    command.env("ONRECORD_HOME", ledger.path().join("home"));
    let mut watching = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    // Whoever writes learns that nobody reads when there is more to tell.
    for seed in 2..200 {
        if watching.try_wait().unwrap().is_some() {
            break;
        }
        publish(&ledger, 1, seed);
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    assert!(watching.try_wait().unwrap().is_some(), "it goes on for nobody");
    watching.stdout.unwrap().read_to_string(&mut said).unwrap();
    assert!(said.contains("  policy "), "{said}");
}

#[test]
fn readers_under_load_are_told_everything_once() {
    let ledger = unlimited();
    for (more, seed, received) in [(&[][..], "1", 60 * 30), (&["--filtered"][..], "2", 30)] {
        let args =
            ["bench", ledger.url(), "--readers", "30", "--rate", "60", "--count", "60", "--json"];
        let printed = ledger.run(&[&args[..], &["--seed", seed], more].concat());
        let report: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let count = |name: &str| report[name].as_u64().unwrap();
        let counts = ["readers", "published", "received", "gaps", "repeats", "dropped"].map(count);
        assert_eq!(counts, [30, 60, received, 0, 0, 0], "{report}");
        assert!(count("p50_ms") <= count("p99_ms") && count("p99_ms") < 10_000, "{report}");
        assert!(report["memory_bytes"][1].as_u64().unwrap() > 1 << 20, "{report}");
    }
}
