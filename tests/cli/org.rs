//! An organization publishes its keys and finds out what a ledger sees: against sites on this machine.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};

use assert_cmd::assert::OutputAssertExt as _;
use onrecord::crypto::{KeyFile, PrivateKey, Sealing};
use onrecord::encoding::json::Json;
use onrecord::statement::draft::Frame;
use onrecord::statement::{Draft, kind};
use serde_json::Value;

use crate::running::Running;
use crate::{keys, shapes};

const LOG: &str = "localhost:8080/1a2b3c4d";
pub const JSON: &str = "Content-Type: application/json\r\nAccess-Control-Allow-Origin: *";

/// What a site answers: status and headers, and the body.
pub type Answer = Arc<Mutex<(String, Vec<u8>)>>;

/// A site that gives every connection that answer.
fn site(head: &str, body: &[u8]) -> SocketAddr {
    changing_site(Arc::new(Mutex::new((head.to_owned(), body.to_vec()))))
}

/// A site that answers what stands there when it is asked.
pub fn changing_site(answer: Answer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let (head, body) = answer.lock().unwrap().clone();
            let _ = write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(&body);
        }
    });
    address
}

/// A key, and a document that names it.
fn organization(folder: &Path) -> (String, Vec<u8>) {
    let names = keys::stdout(keys::onrecord(folder).args(["key", "new", "acme.key", "--json"]));
    let did = shapes::read("key", &names)["did"].as_str().unwrap().to_owned();
    let init = ["org", "init", "acme.example", "--key", "acme.key", "--log", LOG, "--json"];
    let printed = shapes::read("org-init", &keys::stdout(keys::onrecord(folder).args(init)));
    assert_eq!(printed["address"], "https://acme.example/.well-known/onrecord.json");
    assert_eq!(printed["records"][0]["name"], "_onrecord.acme.example");
    assert_eq!(printed["records"][0]["text"], format!("v=onr1; key={did}"));
    (did, fs::read(folder.join("onrecord.json")).unwrap())
}

/// What `org check` prints as JSON when it ends with that code.
fn check(folder: &Path, resolve: &[String], code: i32) -> Value {
    let mut command = keys::onrecord(folder);
    command.args(["org", "check", "acme.example", "--log", LOG, "--json"]);
    for resolve in resolve {
        command.args(["--resolve", resolve]);
    }
    let output = command.assert().code(code).get_output().stdout.clone();
    shapes::read("org-check", &String::from_utf8(output).unwrap())
}

fn leading_to(site: SocketAddr) -> String {
    format!("acme.example={site}")
}

/// The names and results of its items.
fn items(check: &Value) -> Vec<(&str, &str)> {
    let items = check["items"].as_array().unwrap().iter();
    items.map(|item| (item["name"].as_str().unwrap(), item["result"].as_str().unwrap())).collect()
}

#[test]
fn what_init_writes_check_finds_once_it_is_published() {
    let folder = tempfile::tempdir().unwrap();
    let (did, document) = organization(folder.path());
    let site = site(&format!("200 OK\r\n{JSON}"), &document);
    let seen = check(folder.path(), &[leading_to(site)], 0);
    assert_eq!(items(&seen), [("document", "ok"), ("records", "absent"), ("keys", "ok")]);
    assert_eq!((&seen["verdict"], &seen["method"]), (&"ok".into(), &"https".into()));
    assert_eq!(seen["keys"], serde_json::json!([did]));

    let record = format!("_onrecord.acme.example=v=onr1; key={did}");
    let seen = check(folder.path(), &[leading_to(site), record.clone()], 0);
    assert_eq!(seen["method"], "both");
    let seen = check(folder.path(), &[record], 0);
    assert_eq!((&seen["method"], &seen["document_sha256"]), (&"dns".into(), &Value::Null));
}

#[test]
fn what_is_wrong_is_said_with_what_to_do_about_it() {
    let folder = tempfile::tempdir().unwrap();
    let (_, document) = organization(folder.path());
    let other = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw";
    let published = leading_to(site(&format!("200 OK\r\n{JSON}"), &document));
    let record = format!("_onrecord.acme.example=v=onr1; key={other}");
    let seen = check(folder.path(), &[published, record], 1);
    assert_eq!(items(&seen), [("document", "ok"), ("records", "ok"), ("keys", "failed")]);
    assert_eq!((seen["keys"].as_array().unwrap().len(), &seen["method"]), (0, &Value::Null));

    for (head, body, expected) in [
        ("301 Moved\r\nLocation: https://www.acme.example/", &b""[..], "exactly that address"),
        ("200 OK\r\nContent-Type: text/html", b"<p>", "Content-Type: application/json"),
        ("403 Forbidden", b"", "let everyone read it"),
        (&format!("200 OK\r\n{JSON}"), b"{", "onrecord org init"),
        ("404 Not Found", b"", "`onrecord org init` says how"),
    ] {
        let resolve = leading_to(site(head, body));
        let seen = check(folder.path(), &[resolve], 1);
        let failed =
            seen["items"].as_array().unwrap().iter().find(|item| item["result"] == "failed");
        let next = failed.unwrap()["next"].as_str().unwrap();
        assert!(next.contains(expected), "{head}: {next}");
    }
    let mut command = keys::onrecord(folder.path());
    let args = ["org", "check", "acme.example", "--log", "localhost:1/other", "--resolve"];
    command.args(args).arg(leading_to(site(&format!("200 OK\r\n{JSON}"), &document)));
    let output = command.env("NO_COLOR", "1").assert().code(1).get_output().stdout.clone();
    let text = String::from_utf8(output).unwrap();
    assert!(
        text.contains("wrong    document  its `logs` does not name localhost:1/other"),
        "{text}"
    );
    assert!(text.contains("next: Add the ledger's origin"), "{text}");
}

#[test]
fn what_could_not_be_asked_is_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let seen = check(folder.path(), &[leading_to(closed)], 2);
    assert_eq!(items(&seen), [("document", "not_checked"), ("records", "absent")]);
    assert_eq!(seen["verdict"], "not_checked");
    // A name that leads nowhere is asked of nobody.
    let seen = check(folder.path(), &[], 2);
    assert!(seen["items"][0]["next"].as_str().unwrap().contains("--resolve DOMAIN="), "{seen}");
}

#[test]
fn no_proxy_of_the_environment_comes_between() {
    let folder = tempfile::tempdir().unwrap();
    let (_, document) = organization(folder.path());
    let site = site(&format!("200 OK\r\n{JSON}"), &document);
    let trap = TcpListener::bind("127.0.0.1:0").unwrap();
    trap.set_nonblocking(true).unwrap();
    let proxy = format!("http://{}", trap.local_addr().unwrap());
    let mut command = keys::onrecord(folder.path());
    command.args(["org", "check", "acme.example", "--log", LOG, "--resolve", &leading_to(site)]);
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
    {
        command.env(name, &proxy);
    }
    command.assert().code(0);
    assert_eq!(trap.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

/// The claim of acme.example as a signed file.
fn signed_claim(key: &PrivateKey, log: &str, number: u8) -> String {
    let mut draft = Draft::new(kind::find("claim").unwrap());
    draft.set("domain", Json::text("acme.example"));
    let frame = Frame {
        log: log.to_owned(),
        signers: vec![key.did()],
        nonce: [number; 16],
        claimed_at: onrecord::clock::now().at_the_minute(),
        seen: None,
    };
    let mut text = String::from(r#"{"envelope":"#);
    draft.prepare(&frame).unwrap().sign(&[key]).write_to(&mut text);
    text + r#","disclosures":[]}"#
}

#[test]
fn a_domain_is_claimed_on_one_machine_from_the_document_to_the_audit() {
    let key = PrivateKey::from_seed(&[77; 32]);
    let published = Arc::new(Mutex::new(("404 Not Found".to_owned(), Vec::new())));
    let site = changing_site(Arc::clone(&published));
    let ledger = Running::start(&["--resolve", &leading_to(site)]);
    ledger.save(&format!("{}/checkpoint", ledger.url()), "checkpoint");
    let checkpoint = fs::read_to_string(ledger.path().join("checkpoint")).unwrap();
    let log = checkpoint.lines().next().unwrap();
    fs::write(ledger.path().join("claim.signed.json"), signed_claim(&key, log, 3)).unwrap();

    let publish = ["publish", "claim.signed.json", "--to", ledger.url()];
    let message = ledger.run_failing(&publish, 1);
    assert!(message.contains("does not list that key"), "{message}");
    let did = key.did().to_string();
    ledger.run(&["org", "init", "acme.example", "--key", &did, "--log", ledger.url()]);
    let document = fs::read(ledger.path().join("onrecord.json")).unwrap();
    *published.lock().unwrap() = (format!("200 OK\r\n{JSON}"), document);
    ledger.run(&[
        "org",
        "check",
        "acme.example",
        "--log",
        ledger.url(),
        "--resolve",
        &leading_to(site),
    ]);
    // What the ledger saw it keeps for some seconds.
    std::thread::sleep(std::time::Duration::from_millis(10_100));
    ledger.run(&publish);
    let report = shapes::read("audit", &ledger.run(&["audit", ledger.url(), "--json"]));
    // The policy, that there was no key, that there is one, and the claim.
    assert_eq!((&report["verdict"], &report["size"]), (&"verified".into(), &4.into()));
}

#[test]
fn entries_are_delivered_to_a_domain_until_it_wants_no_more() {
    let key = PrivateKey::from_seed(&[78; 32]);
    let published = Arc::new(Mutex::new(("404 Not Found".to_owned(), Vec::new())));
    let site = changing_site(Arc::clone(&published));
    let ledger = Running::start(&["--resolve", &leading_to(site)]);
    ledger.save(&format!("{}/checkpoint", ledger.url()), "checkpoint");
    let checkpoint = fs::read_to_string(ledger.path().join("checkpoint")).unwrap();
    let log = checkpoint.lines().next().unwrap();
    let did = key.did().to_string();
    ledger.run(&["org", "init", "acme.example", "--key", &did, "--log", ledger.url()]);
    let document = fs::read(ledger.path().join("onrecord.json")).unwrap();
    *published.lock().unwrap() = (format!("200 OK\r\n{JSON}"), document);
    let sealing = Sealing { salt: [1; 16], vector: [2; 16] };
    let sealed = KeyFile::seal(&key, keys::PASSPHRASE, &sealing).unwrap();
    fs::write(ledger.path().join("acme.key"), sealed.to_text().unwrap().as_bytes()).unwrap();
    let ask = ["org", "webhook", "acme.example", "--to", ledger.url(), "--key", "acme.key"];
    let args = |more: &[&'static str]| [&ask[..], more, &["--json"]].concat();
    let asked = |more: &[&'static str]| shapes::read("webhook", &ledger.run(&args(more)));

    let message = ledger.run_failing(&args(&["--status"]), 1);
    assert!(message.contains("has not seen which keys"), "{message}");
    let publish = |number: u8| {
        fs::write(ledger.path().join("claim.signed.json"), signed_claim(&key, log, number))
            .unwrap();
        ledger.run(&["publish", "claim.signed.json", "--to", ledger.url()]);
        fs::remove_file(ledger.path().join("claim.signed.json")).unwrap();
    };
    publish(3);
    let message = ledger.run_failing(&args(&["--endpoint", "http://acme.example/hook"]), 1);
    assert!(message.contains("does not begin with https://"), "{message}");
    let registered = asked(&["--endpoint", "https://acme.example/hook"]);
    assert!(registered["secret"].as_str().unwrap().starts_with("whsec_"));
    assert!(registered["public_key"].as_str().unwrap().starts_with("whpk_"));
    publish(4);
    let until = |next: u64| {
        for _ in 0..200 {
            let status = asked(&["--status"]);
            if status["next_index"].as_u64().unwrap() >= next && status["attempts"][0].is_object() {
                return status;
            }
        }
        panic!("nothing was delivered");
    };
    let status = until(4);
    assert_eq!(status["attempts"][0]["index"], 3);
    assert_eq!(status["attempts"][0]["delivered"], true);
    asked(&["--replay-from", "2"]);
    assert_eq!(until(4)["attempts"].as_array().unwrap().len(), 3);
    assert_eq!(asked(&["--delete"])["state"], "none");
}

#[test]
fn a_ledger_that_others_rely_on_cannot_be_led_anywhere() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |args: &[&str]| {
        let assert = keys::onrecord(folder.path()).args(args).assert();
        String::from_utf8(assert.failure().get_output().stderr.clone()).unwrap()
    };
    let resolve = ["--resolve", "acme.example=127.0.0.1:9"];
    let check = ["org", "check", "acme.example", "--log", "ledger.example"];
    assert!(refused(&[&check[..], &resolve].concat()).contains("--resolve is refused"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--origin", "ledger.example"];
    assert!(refused(&[&serve[..], &resolve].concat()).contains("--resolve is refused"));
    assert!(!folder.path().join("onrecord-data").exists(), "nothing was founded");
    let elsewhere = ["--resolve", "acme.example=10.0.0.1:9"];
    let message = refused(&[&check[..], &elsewhere].concat());
    assert!(message.contains("not an address of this machine"), "{message}");
}

#[test]
fn a_document_that_no_ledger_would_take_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let (did, document) = organization(folder.path());
    let init = |domain: &str, key: &str, log: &str, out: &str| {
        let args = ["org", "init", domain, "--key", key, "--log", log, "--out", out];
        let assert = keys::onrecord(folder.path()).args(args).assert();
        String::from_utf8(assert.failure().get_output().stderr.clone()).unwrap()
    };
    assert!(init("acme.example", &did, LOG, "onrecord.json").contains("exists"));
    assert_eq!(fs::read(folder.path().join("onrecord.json")).unwrap(), document);
    for (domain, key, log, expected) in [
        ("https://acme.example/", did.as_str(), LOG, "Name the domain alone"),
        ("co.uk", &did, "ledger.example", "public suffix"),
        ("acme.example", &did, "ledger.example", "reserved top-level"),
        ("acme.org", "did:key:z6Mk", LOG, "onrecord key export"),
        ("acme.org", "missing.key", LOG, "cannot be read"),
        ("acme.org", &did, "Ledger.example", "is no origin"),
    ] {
        let message = init(domain, key, log, "new.json");
        assert!(message.contains(expected), "{domain} {key} {log}: {message}");
    }
    assert!(!folder.path().join("new.json").exists());
}
