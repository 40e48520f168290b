//! `onrecord verify --page` over a real ledger, with a small server beside it for the pages of sites.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use serde_json::Value;

use crate::running::Running;
use crate::shapes;

pub const ZEROS: &str = "00000000000000000000000000000000";

/// Answers each request with the head and body that belong to its path.
pub fn site(answer: impl Fn(&str) -> (String, String) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let (head, body) = answer(request.split_whitespace().nth(1).unwrap_or_default());
            let length = body.len();
            // A client that has seen enough hangs up.
            let _ = write!(
                stream,
                "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    url
}

/// A server of files: 404 where there is none.
pub fn files(file: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let length = stream.read(&mut request).unwrap();
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let found = file(request.split_whitespace().nth(1).unwrap_or_default());
            let head = if found.is_some() { "200 OK" } else { "404 Not Found" };
            let body = found.unwrap_or_default();
            let length = body.len();
            let head =
                format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    url
}

/// A site with this one page.
pub fn page(html: &str) -> String {
    let html = html.to_owned();
    site(move |_| ("200 OK\r\nContent-Type: text/html; charset=utf-8".to_owned(), html.clone()))
}

/// A ledger with the example agreement, and `{index}-{hash}` of that.
pub fn ledger() -> (Running, String) {
    let running = Running::start(&[]);
    running.publish_example();
    // So that a page makes the first contact.
    fs::remove_dir_all(running.path().join("home")).unwrap();
    running.save(&format!("{}/api/v1/entries/1", running.url()), "entry.json");
    let entry = fs::read_to_string(running.path().join("entry.json")).unwrap();
    let entry: Value = serde_json::from_str(&entry).unwrap();
    let name = format!("1-{}", &entry["leaf_hash"].as_str().unwrap()[..32]);
    (running, name)
}

/// What is printed as JSON of a page when the command ends with this code.
pub fn judged(running: &Running, args: &[&str], code: i32) -> Value {
    let args = [&["verify", "--json", "--page"], args].concat();
    shapes::read("page-verdict", &running.output(&args, code).0)
}

pub fn results(verdict: &Value) -> Vec<&str> {
    let things = verdict["things"].as_array().unwrap();
    things.iter().map(|thing| thing["result"].as_str().unwrap()).collect()
}

pub fn remarks(verdict: &Value, thing: usize) -> String {
    verdict["things"][thing]["remarks"].to_string()
}

#[test]
fn a_link_a_badge_a_card_and_an_element_are_each_verified() {
    let (running, name) = ledger();
    let ledger = running.url();
    let site = page(&format!(
        "<!doctype html>\n<base href={ledger}>\n<a href=/e/{name}?lang=es><img src=/badge/{name}.svg></a>
<iframe src={ledger}/embed/{name}></iframe>
<onrecord-proof entry={name}></onrecord-proof>
<script type=module src={ledger}/embed/onrecord-proof-1.js></script>"
    ));
    let (text, said) = running.output(&["verify", "--page", &site], 0);
    assert!(said.contains("First contact with localhost"), "{said}");
    let headline =
        format!("verified: 4 things of onrecord on {site}/: 4 verified, 0 failed, 0 not checked\n");
    assert!(text.starts_with(&headline), "{text}");
    for row in [
        "  verified     link     line 3     entry 1 of localhost",
        "  verified     badge    line 3     entry 1 of localhost",
        "  verified     card     line 4     entry 1 of localhost",
        "  verified     element  line 5     entry 1 of localhost",
        "page's own words",
        "other things to other visitors",
        "met for the first time",
    ] {
        assert!(text.contains(row), "{row:?} is not in:\n{text}");
    }
    assert!(text.contains(", agreement\n") && !text.contains('\u{1b}'), "{text}");

    let verdict = judged(&running, &[&site], 0);
    assert_eq!(verdict["verdict"], "verified");
    let kinds: Vec<_> = verdict["things"].as_array().unwrap().iter().map(|t| &t["kind"]).collect();
    assert_eq!(kinds, ["link", "badge", "card", "element"]);
    assert_eq!(verdict["things"][1]["checks"][0]["name"], "address");
    assert!(!verdict["not_shown"].to_string().contains("first time"));
}

#[test]
fn another_entry_than_the_address_names_has_failed_and_one_that_is_not_there_is_not_checked() {
    let (running, name) = ledger();
    let ledger = running.url();
    let html = format!(
        "<a href={ledger}/e/1-{ZEROS}>\n<a href={ledger}/e/{name}>\n<a href={ledger}/e/9-{ZEROS}>"
    );
    let verdict = judged(&running, &[&page(&html)], 1);
    assert_eq!(results(&verdict), ["failed", "verified", "not_checked"]);
    assert!(
        verdict["things"][0]["checks"][0]["detail"].as_str().unwrap().starts_with("another_entry")
    );
    assert!(remarks(&verdict, 2).contains("has no entry 9"), "{verdict}");
    let (text, _) = running.output(&["verify", "--page", &page(&html)], 1);
    assert!(text.starts_with("does not verify: 3 things of onrecord"), "{text}");
    assert!(text.contains("  FAILED       link     line 1     entry 1 of localhost"), "{text}");
    assert!(
        text.contains("      address         another_entry: the address names 1-000"),
        "{text}"
    );
}

#[test]
fn where_no_ledger_answers_nothing_has_failed() {
    let (running, name) = ledger();
    let imitation = site(|_| ("200 OK\r\nContent-Type: text/html".into(), "<p>Verified!".into()));
    let html = format!(
        "<img src=http://127.0.0.1:1/badge/{name}.svg><img src={imitation}/badge/{name}.svg>
         <a href={}/e/{name}><img src={0}/badge/{name}.svg></a>",
        running.url()
    );
    let verdict = judged(&running, &[&page(&html)], 2);
    assert_eq!(results(&verdict), ["not_checked", "not_checked", "verified", "verified"]);
    assert_eq!(verdict["verdict"], "not_checked");
    assert!(remarks(&verdict, 0).contains("cannot be reached"), "{verdict}");
    assert!(remarks(&verdict, 1).contains("has no checkpoint"), "{verdict}");
    assert!(verdict["things"][0]["origin"].is_null());
}

#[test]
fn an_answer_that_is_no_bundle_is_no_failure() {
    let (running, name) = ledger();
    let text = |path: &str| {
        running.save(&format!("{}/{path}", running.url()), path);
        fs::read_to_string(running.path().join(path)).unwrap()
    };
    let (checkpoint, policy) = (text("checkpoint"), text("log.policy"));
    let behind_a_login = site(move |path| {
        let plain = "200 OK\r\nContent-Type: text/plain".to_owned();
        match path {
            "/checkpoint" => (plain, checkpoint.clone()),
            "/log.policy" => (plain, policy.clone()),
            _ => ("200 OK\r\nContent-Type: text/html".into(), "<p>Log in".into()),
        }
    });
    let site = page(&format!("<a href={behind_a_login}/e/{name}>"));
    let verdict = judged(&running, &[&site, "--policy", "log.policy"], 2);
    assert_eq!(results(&verdict), ["not_checked"]);
    assert!(remarks(&verdict, 0).contains("something else than a bundle"), "{verdict}");
}

#[test]
fn a_badge_in_a_link_to_another_entry_does_not_pass() {
    let (running, name) = ledger();
    let ledger = running.url();
    let other = format!("http://127.0.0.1:1/e/{name}");
    let html = format!("<a href={other}><img src={ledger}/badge/{name}.svg></a>");
    let verdict = judged(&running, &[&page(&html)], 2);
    assert_eq!(results(&verdict), ["not_checked", "not_checked"]);
    assert_eq!(verdict["things"][1]["leads_elsewhere"], other);
    assert!(remarks(&verdict, 1).contains("leads elsewhere"), "{verdict}");
    let html = format!("<a href=/prices><img src={ledger}/badge/{name}.svg></a>");
    let verdict = judged(&running, &[&page(&html)], 0);
    assert_eq!(verdict["things"][0]["leads_elsewhere"], "/prices");
}

#[test]
fn what_a_page_does_not_show_is_not_counted_and_nothing_is_no_verdict() {
    let (running, name) = ledger();
    let link = format!("<a href={}/e/{name}>x</a>", running.url());
    let hidden = format!(
        "<!-- {link} --><script>{link}</script><template>{link}</template><noscript>{link}</noscript>"
    );
    let site = page(&hidden);
    let (text, said) = running.output(&["verify", "--page", &site], 2);
    assert_eq!(text, format!("could not be checked: nothing of onrecord is on {site}/\n"));
    assert!(said.starts_with("next: Check that it is the right page"), "{said}");
    assert_eq!(judged(&running, &[&site], 2)["verdict"], "not_checked");
    let verdict = judged(&running, &[&page(&format!("{hidden}{link}"))], 0);
    assert_eq!(results(&verdict), ["verified"]);
}

#[test]
fn a_redirect_is_followed_and_told_and_what_is_no_page_is_refused() {
    let (running, name) = ledger();
    let ledger = running.url().to_owned();
    let site = site(move |path| match path {
        "/old" => ("301 Moved\r\nLocation: /new/page".into(), String::new()),
        "/new/page" => (
            "200 OK\r\nContent-Type: text/html".into(),
            format!("<a href={ledger}/e/{name}>x</a><a href='../e/{name}'>x</a>"),
        ),
        "/around" => ("302 Found\r\nLocation: /around".into(), String::new()),
        "/large" => ("200 OK\r\nContent-Type: text/html".into(), "<".repeat(5 * 1024 * 1024 + 1)),
        "/text" => ("200 OK\r\nContent-Type: text/plain;\u{202e}".into(), String::new()),
        "/file" => ("302 Found\r\nLocation: file:///etc/passwd".into(), String::new()),
        _ => ("404 Not Found\r\nContent-Type: text/html".into(), "<p>".into()),
    });
    let at = |path: &str| format!("{site}{path}");
    let verdict = judged(&running, &[&at("/old#part")], 2);
    assert_eq!(verdict["page"], at("/new/page"));
    assert_eq!(verdict["redirected_from"], serde_json::json!([at("/old")]));
    assert_eq!(results(&verdict), ["verified", "not_checked"]);
    assert_eq!(verdict["things"][1]["ledger"], at("/"));
    let (text, _) = running.output(&["verify", "--page", &at("/old").replace("http", "HTTP")], 2);
    assert!(text.contains(&format!("  redirected from {site}/old\n")), "{text}");
    for (path, expected) in [
        ("/around", "more than 5 redirects"),
        ("/large", "more than 5242880 bytes"),
        ("/text", "not text/html"),
        ("/gone", "answered 404"),
        ("/file", "file:///etc/passwd is not"),
    ] {
        let said = running.run_failing(&["verify", "--page", &at(path)], 2);
        assert!(said.contains(expected) && said.contains("next:"), "{path}: {said}");
        assert!(!said.contains('\u{202e}'), "{said}");
    }
}

#[test]
fn a_saved_page_is_read_from_a_file_or_from_standard_input() {
    let (running, name) = ledger();
    fs::write(running.path().join("saved.html"), format!("<a href='/e/{name}'>x</a>")).unwrap();
    let verdict = judged(&running, &["saved.html", "--base", running.url()], 0);
    assert_eq!(verdict["page"], "saved.html");
    let verdict = judged(&running, &["saved.html"], 2);
    assert!(remarks(&verdict, 0).contains("--base"), "{verdict}");
    // Standard input is empty here.
    assert_eq!(judged(&running, &["-"], 2)["page"], "-");
    let abroad = format!("<a href={}/e/{name}>", running.url());
    fs::write(running.path().join("abroad.html"), abroad).unwrap();
    let verdict = judged(&running, &["abroad.html", "--base", "https://acme.example/"], 2);
    assert!(remarks(&verdict, 0).contains("on another machine"), "{verdict}");
    let args = ["verify", "--page", running.url(), "--base", "https://acme.example/"];
    assert!(running.run_failing(&args, 2).contains("--base is for a page from a file"));
    let said = running.run_failing(&["verify", "--page", "acme.example/refunds"], 2);
    assert!(said.contains("begins with https://"), "{said}");
    let said = running.run_failing(&["verify", "--page", "ftp://acme.example/refunds"], 2);
    assert!(said.contains("is not the address of a web page"), "{said}");
    let args = ["verify", "--page", "saved.html", "--base", "acme.example"];
    assert!(running.run_failing(&args, 2).contains("not the address of a web page"));
}

#[test]
fn no_page_plants_a_key_for_somebody_elses_ledger_and_a_ledger_with_another_key_has_failed() {
    let mut running = Running::start(&["--origin", "ledger.example", "--reserved-domains"]);
    running.publish_example();
    let homes = running.path().join("home/ledgers");
    fs::remove_dir_all(&homes).unwrap();
    let name = |running: &Running| {
        running.save(&format!("{}/api/v1/entries/1", running.url()), "entry.json");
        let entry = fs::read_to_string(running.path().join("entry.json")).unwrap();
        let entry: Value = serde_json::from_str(&entry).unwrap();
        format!("1-{}", &entry["leaf_hash"].as_str().unwrap()[..32])
    };
    let site = page(&format!("<a href={}/e/{}>", running.url(), name(&running)));
    let verdict = judged(&running, &[&site], 2);
    assert!(remarks(&verdict, 0).contains("no key of ledger.example is remembered"), "{verdict}");
    assert!(!homes.exists());

    running.run(&["audit", running.url()]);
    assert_eq!(results(&judged(&running, &[&site], 0)), ["verified"]);
    running.signal("-TERM");
    fs::rename(running.path().join("data"), running.path().join("old")).unwrap();
    fs::rename(&homes, running.path().join("kept")).unwrap();
    running.start_again(&["--origin", "ledger.example", "--reserved-domains"]);
    for file in ["agreement.signed.json", "agreement.key", "ledger.example-1.onrecord.json"] {
        fs::remove_file(running.path().join(file)).unwrap();
    }
    running.publish_example();
    fs::remove_dir_all(&homes).unwrap();
    fs::rename(running.path().join("kept"), &homes).unwrap();
    let site = page(&format!("<a href={}/e/{}>", running.url(), name(&running)));
    let verdict = judged(&running, &[&site], 1);
    assert!(verdict["things"][0]["checks"].to_string().contains("log_signature_"), "{verdict}");
}

#[test]
fn a_bundle_and_a_page_are_not_both_taken() {
    let running = Running::start(&[]);
    let both = running.run_failing(&["verify", "b.json", "--page", "https://acme.example/"], 2);
    assert!(both.contains("cannot be used with"), "{both}");
    let none = running.run_failing(&["verify"], 2);
    assert!(none.contains("<BUNDLE>"), "{none}");
    let base = running.run_failing(&["verify", "b.json", "--base", "https://acme.example/"], 2);
    assert!(base.contains("cannot be used with '--base"), "{base}");
}
