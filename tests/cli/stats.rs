//! `onrecord stats --recompute`: the figures of a ledger against its log, and those of imported complaints against
//! the CSV they come from.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

use crate::importing::complaints;
use crate::running::Running;
use crate::shapes;

/// What an organization's figures have to be, out of the CSV alone.
#[derive(Default)]
struct Counted {
    complaints: u64,
    disputed: u64,
}

/// The organizations of a CSV of complaints with a domain each, most complaints first, and what is counted of each.
fn organizations(csv: &[u8]) -> Vec<(String, String, Counted)> {
    let mut reader = csv::Reader::from_reader(csv);
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| {
        let plain = |text: &str| text.replace(|c: char| !c.is_alphanumeric(), "").to_lowercase();
        headers.iter().position(|header| plain(header) == plain(name)).unwrap()
    };
    let (company, disputed) = (column("company"), column("consumer_disputed?"));
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let counted = counted.entry(row[company].trim().to_owned()).or_default();
        counted.complaints += 1;
        counted.disputed += u64::from(row[disputed].trim().eq_ignore_ascii_case("yes"));
    }
    let mut all: Vec<_> = counted.into_iter().collect();
    all.sort_by_key(|(_, counted)| std::cmp::Reverse(counted.complaints));
    let named = all.into_iter().zip(1..);
    named.map(|((name, counted), n)| (name, format!("company-{n}.example"), counted)).collect()
}

fn metrics(running: &Running, domain: &str, days: u16) -> Value {
    let url = running.url();
    let path = format!("{url}/api/v1/organizations/{domain}/metrics?days={days}");
    running.save(&path, "metrics.json");
    shapes::read("metrics", &fs::read_to_string(running.path().join("metrics.json")).unwrap())
}

/// A figure: numerator, denominator and percent.
fn figure(metrics: &Value, name: &str) -> (u64, u64, Option<u64>) {
    let figures = metrics["figures"].as_array().unwrap();
    let found = figures.iter().find(|figure| figure["name"] == name).unwrap();
    let number = |name: &str| found[name].as_u64();
    (number("numerator").unwrap(), number("denominator").unwrap(), number("percent"))
}

fn share(part: u64, of: u64) -> (u64, u64, Option<u64>) {
    // Half a percent is added and the rest cut off, which rounds halves up.
    let percent = (part as f64 * 100.0 / of.max(1) as f64 + 0.5).floor() as u64;
    (part, of, Some(percent).filter(|_| of >= 5))
}

#[test]
fn the_figures_of_the_ten_largest_are_those_of_the_csv_and_of_the_log() {
    let running = Running::start(&["--unlimited"]);
    let csv = fs::read(complaints()).unwrap();
    fs::write(running.path().join("c.csv"), &csv).unwrap();
    let organizations = organizations(&csv);
    let mut map = csv::Writer::from_path(running.path().join("map.csv")).unwrap();
    for (company, domain, _) in &organizations {
        map.write_record([company, domain]).unwrap();
    }
    map.flush().unwrap();
    let args = ["import", "cfpb", "c.csv", "--to", running.url(), "--domains", "map.csv"];
    running.run(&args);
    for (company, domain, Counted { complaints, disputed }) in organizations.iter().take(10) {
        for days in [90, 365] {
            let metrics = metrics(&running, domain, days);
            for (name, expected) in [
                ("agreements", (*complaints, *complaints, None)),
                ("imported", share(*complaints, *complaints)),
                ("one_sided", share(*complaints, *complaints)),
                ("confirmed", share(0, *complaints)),
                ("first_response", share(0, 0)),
                ("kept_on_time", share(0, 0)),
                ("resolved", share(0, *complaints)),
                ("not_resolved", share(*disputed, *complaints)),
                ("unassessed", share(complaints - disputed, *complaints)),
                ("withheld", share(0, 2 * complaints + disputed)),
            ] {
                assert_eq!(figure(&metrics, name), expected, "{company}: {name}");
            }
        }
    }
    let largest = &organizations[0].1;
    let args = ["stats", largest, "--recompute", running.url(), "--json"];
    let report = shapes::read("stats", &running.run(&args));
    assert_eq!((&report["verdict"], &report["findings"]), (&"verified".into(), &0.into()));
    assert_eq!(report["periods"].as_array().unwrap().len(), 2);
    assert_eq!(report["periods"][0]["recomputed"], metrics(&running, largest, 90));
    let text = running.run(&["stats", largest, "--recompute", running.url(), "--days", "90"]);
    assert!(text.contains("the log gives the same figures"), "{text}");
    assert!(!text.contains("differs"), "{text}");
}

/// Passes on what a ledger answers, after `bend` has changed it; its address.
pub fn between(ledger: &str, bend: fn(&str, String) -> String) -> String {
    let ledger = ledger.strip_prefix("http://").unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (ledger, mut stream) = (ledger.clone(), stream.unwrap());
            std::thread::spawn(move || {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if stream.read(&mut byte).unwrap_or(0) == 0 {
                        return;
                    }
                    head.push(byte[0]);
                }
                let head = String::from_utf8(head).unwrap();
                let path = head.split(' ').nth(1).unwrap();
                let mut asked = TcpStream::connect(&ledger).unwrap();
                write!(asked, "GET {path} HTTP/1.0\r\nHost: {ledger}\r\n\r\n").unwrap();
                let mut answer = Vec::new();
                asked.read_to_end(&mut answer).unwrap();
                let answer = match String::from_utf8(answer) {
                    Ok(text) => bend(path, text).into_bytes(),
                    Err(binary) => binary.into_bytes(),
                };
                let _ = stream.write_all(&answer);
            });
        }
    });
    url
}

#[test]
fn a_figure_that_the_log_does_not_give_is_named() {
    let running = Running::start(&[]);
    running.publish_example();
    let args = |url: &str| ["stats", "acme.example", "--recompute", url].map(str::to_owned);
    let stats = |url: &str, code: i32| {
        let args = args(url);
        running.output(&args.each_ref().map(String::as_str), code).0
    };
    let honest = between(running.url(), |_, answer| answer);
    assert!(stats(&honest, 0).contains("the log gives the same figures"));

    let flattering = between(running.url(), |path, answer| {
        let is_metrics = path.contains("/metrics");
        let (own, better) = ("\"one_sided\",\"numerator\":1", "\"one_sided\",\"numerator\":0");
        if is_metrics { answer.replace(own, better) } else { answer }
    });
    let text = stats(&flattering, 1);
    assert!(text.contains("the log does not give these figures"), "{text}");
    let line = text.lines().find(|line| line.contains("differs")).unwrap();
    assert!(line.contains("one_sided") && line.contains("0 of 1"), "{line}");
    assert_eq!(text.matches("differs").count(), 2, "once in each period: {text}");

    let elsewhere = between(running.url(), |path, answer| match path.contains("/metrics") {
        true => answer.replace("\"root\":\"", "\"root\":\"A").replacen("=\"", "\"", 1),
        false => answer,
    });
    assert!(stats(&elsewhere, 1).contains("the log's root there is"));

    let ahead = between(running.url(), |path, answer| match path.contains("/metrics") {
        true => answer.replace("\"checkpoint_size\":2", "\"checkpoint_size\":9"),
        false => answer,
    });
    assert!(stats(&ahead, 2).contains("did not come to this checkpoint"));
    let (_, said) = running.output(&["stats", "nobody.example", "--recompute", running.url()], 2);
    assert!(said.contains("Nothing is on record about nobody.example"), "{said}");
}
