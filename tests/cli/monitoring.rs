//! A monitor over real ledgers: growth is in order, a second history and a rollback are alarms, and what is told of them
//! can be judged by others.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;

use serde_json::Value;

use crate::running::Running;
use crate::{keys, shapes};

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-r").args([from, to]).status().unwrap();
    assert!(copied.success());
}

/// A second ledger with the keys and the entries of the first, as whoever runs it could start one.
fn twin(one: &mut Running) -> Running {
    one.signal("-TERM");
    let mut two = Running::start(&[]);
    two.signal("-TERM");
    fs::remove_dir_all(two.path().join("data")).unwrap();
    copy(&one.path().join("data"), &two.path().join("data"));
    one.start_again(&[]);
    two.start_again(&[]);
    two
}

/// Puts another agreement on the ledger.
fn publish(running: &Running) {
    for name in ["agreement.signed.json", "agreement.key"] {
        let _ = fs::remove_file(running.path().join(name));
    }
    running.publish_example();
}

/// What a look says, after the exit code is checked.
fn looks(running: &Running, args: &[&str], code: i32) -> Vec<Value> {
    let args = [&["monitor", "--once", "--json"], args].concat();
    let (printed, said) = running.output(&args, code);
    let looks: Vec<Value> = printed.lines().map(|line| shapes::read("monitor", line)).collect();
    assert!(!looks.is_empty(), "{said}");
    looks
}

#[test]
fn growth_and_restarts_are_in_order_and_what_gives_no_answer_is_not_checked() {
    let mut running = Running::start(&[]);
    for size in 2..4 {
        publish(&running);
        let look = looks(&running, &[running.url()], 0).remove(0);
        assert_eq!((&look["verdict"], &look["size"]), (&"verified".into(), &size.into()));
        running.signal("-TERM");
        running.start_again(&[]);
    }
    let look = looks(&running, &[running.url(), "http://127.0.0.1:9"], 2);
    assert_eq!(
        (&look[0]["verdict"], &look[1]["verdict"]),
        (&"verified".into(), &"not_checked".into())
    );
    assert!(look[1]["error"].as_str().unwrap().contains("127.0.0.1:9"));
}

#[test]
fn two_addresses_of_one_log_that_differ_are_an_alarm_with_evidence_that_anyone_can_judge() {
    let mut one = Running::start(&[]);
    publish(&one);
    let two = twin(&mut one);
    assert_eq!(looks(&one, &[one.url(), two.url()], 0).len(), 2);
    publish(&one);
    publish(&two);
    let look = looks(&one, &[one.url(), two.url()], 1);
    assert_eq!(look[0]["alarms"], Value::Array(vec![]));
    let alarm = &look[1]["alarms"][0];
    assert_eq!((&alarm["kind"], &alarm["url"]), (&"fork".into(), &look[1]["url"]));
    let evidence = alarm["evidence"].as_str().unwrap();

    let text = fs::read_to_string(one.path().join(evidence)).unwrap();
    shapes::read("evidence", &text);
    // Who has only the file and the log's policy sees it as well, and nobody is asked.
    let third = Running::start(&[]);
    fs::write(third.path().join("fork.json"), text).unwrap();
    third.save(&format!("{}/log.policy", one.url()), "../policy");
    let policy = third.path().join("../policy");
    let policy = policy.to_str().unwrap();
    drop((one, two));
    let args = ["verify", "fork.json", "--policy", policy, "--json"];
    let report = shapes::read("evidence-report", &third.run(&args));
    assert_eq!(report["verdict"], "verified");
    let message = third.run_failing(&["verify", "fork.json"], 2);
    assert!(message.contains("no key of it is remembered"), "{message}");
    let altered = fs::read_to_string(third.path().join("fork.json")).unwrap();
    let altered = altered.replace("\\n3\\n", "\\n4\\n");
    fs::write(third.path().join("altered.json"), altered).unwrap();
    let (printed, _) = third.output(&["verify", "altered.json", "--policy", policy], 1);
    assert!(printed.contains("it shows nothing"), "{printed}");
    fs::remove_file(third.path().join("../policy")).unwrap();
}

#[test]
fn a_longer_second_history_is_an_alarm_too_and_stays_one() {
    let mut one = Running::start(&[]);
    let two = twin(&mut one);
    publish(&one);
    assert_eq!(looks(&one, &[one.url()], 0)[0]["size"], 2);
    (0..3).for_each(|_| publish(&two));
    for _ in 0..2 {
        let look = looks(&one, &[two.url(), one.url()], 1);
        assert_eq!((&look[0]["size"], &look[0]["alarms"][0]["kind"]), (&4.into(), &"fork".into()));
        assert_eq!(look[1]["verdict"], "verified");
    }
    let files = fs::read_dir(one.path().join("onrecord-monitor/evidence")).unwrap().count();
    assert_eq!(files, 1, "the same evidence is written once");
}

#[test]
fn a_ledger_that_goes_back_is_an_alarm() {
    let mut running = Running::start(&[]);
    publish(&running);
    running.signal("-TERM");
    let (data, older) = (running.path().join("data"), running.path().join("older"));
    copy(&data, &older);
    running.start_again(&[]);
    publish(&running);
    assert_eq!(looks(&running, &[running.url()], 0)[0]["size"], 3);
    let listen = running.url().strip_prefix("http://").unwrap().to_owned();
    running.signal("-TERM");
    fs::remove_dir_all(&data).unwrap();
    fs::rename(&older, &data).unwrap();
    running.start_at(&listen, &[]);
    let look = looks(&running, &[running.url()], 1).remove(0);
    let alarm = &look["alarms"][0];
    assert_eq!(
        (&alarm["kind"], alarm["notes"].as_array().unwrap().len()),
        (&"rolled_back".into(), 2)
    );
    assert!(
        alarm["detail"]
            .as_str()
            .unwrap()
            .contains("3 entries were announced there before, and 2 now"),
        "{alarm}"
    );
}

#[test]
fn an_alarm_is_told_to_a_command_once_and_to_a_webhook_until_it_takes_it() {
    let mut one = Running::start(&[]);
    let two = twin(&mut one);
    publish(&one);
    publish(&two);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let hook = format!("http://{}/secret?x=1", listener.local_addr().unwrap());
    let (sender, received) = mpsc::channel();
    std::thread::spawn(move || {
        for status in ["500 Internal Server Error", "204 No Content", "204 No Content"] {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut piece = [0; 65_536];
            while !request.ends_with(b"}") {
                let read = stream.read(&mut piece).unwrap();
                request.extend_from_slice(&piece[..read]);
            }
            write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
            sender.send(String::from_utf8(request).unwrap()).unwrap();
        }
    });
    let script = "(echo $ONRECORD_ALARM; test -f \"$ONRECORD_EVIDENCE\" && cat) >> told";
    let mut command = keys::onrecord(one.path());
    command.args(["monitor", "--every", "1", one.url(), two.url(), "--exec", script]);
    command.args(["--webhook", &hook]).env("ONRECORD_HOME", one.path().join("home"));
    let mut monitor = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let first = received.recv().unwrap();
    let again = received.recv().unwrap();
    assert!(first.starts_with("POST /secret?x=1 "), "{first}");
    let body = |request: &str| request.split_once("\r\n\r\n").unwrap().1.to_owned();
    assert_eq!(body(&first), body(&again));
    assert_eq!(shapes::read("monitor-alarm", &body(&first))["kind"], "fork");
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let id = monitor.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let mut said = String::new();
    monitor.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(monitor.wait().unwrap().code(), Some(1), "{said}");
    assert!(said.contains("sent again") && !said.contains("secret"), "{said}");
    assert!(received.try_recv().is_err(), "it was taken");
    let told = fs::read_to_string(one.path().join("told")).unwrap();
    assert_eq!(told, format!("fork\n{}\n", body(&first)));
}
