//! An organization and its competitor answer from the command line, against a real ledger and their own sites.

use std::fs;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::org::{JSON, changing_site};
use crate::running::Running;
use crate::shapes;

/// A ledger, and two organizations whose keys have claimed their domains: `acme.key` and `bolt.key`.
fn claimed() -> Running {
    let sites: Vec<_> = ["acme", "bolt"].into_iter().map(|name| (name, site_of())).collect();
    let leads: Vec<_> =
        sites.iter().map(|(name, (site, _))| format!("{name}.example={site}")).collect();
    let ledger = Running::start(&["--resolve", &leads.join(",")]);
    for (name, (_, document)) in &sites {
        let (domain, key) = (format!("{name}.example"), format!("{name}.key"));
        let file = format!("{name}.json");
        ledger.run(&["key", "new", &key]);
        ledger.run(&["org", "init", &domain, "--key", &key, "--log", ledger.url(), "--out", &file]);
        let written = fs::read(ledger.path().join(file)).unwrap();
        *document.lock().unwrap() = (format!("200 OK\r\n{JSON}"), written);
        let days = ["--response-days", "2", "--final-days", "14"];
        let claim = ["org", "claim", &domain, "--key", &key, "--to", ledger.url()];
        ledger.run(&[claim.as_slice(), &days].concat());
    }
    ledger
}

type Document = Arc<Mutex<(String, Vec<u8>)>>;

fn site_of() -> (SocketAddr, Document) {
    let document: Document = Arc::new(Mutex::new(("404 Not Found".to_owned(), Vec::new())));
    (changing_site(Arc::clone(&document)), document)
}

/// Signs the example of this kind, changed, and publishes it; the address of its entry.
fn publish(ledger: &Running, kind: &str, change: (&str, &str)) -> String {
    let example = ledger.run(&["sign", "--example", kind]);
    fs::write(ledger.path().join(format!("{kind}.toml")), example.replace(change.0, change.1))
        .unwrap();
    let (file, signed) = (format!("{kind}.toml"), format!("{kind}.signed.json"));
    let key: &[&str] = if kind == "agreement" { &[] } else { &["--key", "agreement.key"] };
    ledger.run(&[&["sign", kind, &file, "--to", ledger.url()], key].concat());
    let published = ledger.run(&["publish", &signed, "--to", ledger.url(), "--json"]);
    let published: Value = serde_json::from_str(&published).unwrap();
    format!("{}/api/v1/entries/{}", ledger.url(), published["index"])
}

fn statement(ledger: &Running, printed: &str) -> Value {
    let published = shapes::read("published", printed);
    ledger.save(&format!("{}/api/v1/entries/{}", ledger.url(), published["index"]), "entry.json");
    let text = fs::read_to_string(ledger.path().join("entry.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["statement"].clone()
}

#[test]
fn an_organization_confirms_and_responds_in_three_stages() {
    let ledger = claimed();
    let agreement = publish(&ledger, "agreement", ("", ""));
    let acme = ["--key", "acme.key", "--json"];
    let confirm = [["countersign", &agreement].as_slice(), &acme].concat();
    let confirmed = statement(&ledger, &ledger.run(&confirm));
    assert_eq!(
        (&confirmed["verdict"], &confirmed["domain"]),
        (&"confirmed".into(), &"acme.example".into())
    );
    assert!(
        ledger.run_failing(&confirm, 1).contains("gave its verdict"),
        "a verdict is given once"
    );
    let breach = publish(&ledger, "breach", ("", ""));
    let respond = |more: &[&str]| {
        let answer = ["respond", &breach, "--note", "We look at it."];
        statement(&ledger, &ledger.run(&[answer.as_slice(), &acme, more].concat()))
    };
    assert_eq!(respond(&["--stage", "acknowledged"])["stage"], "acknowledged");
    let by = ["--stage", "in-progress", "--expected-final-by", "2027-01-15"];
    assert_eq!(respond(&by)["expected_final_by"], "2027-01-15");
    let last = respond(&["--stage", "final", "--outcome", "policy-change"]);
    assert_eq!((&last["stage"], &last["outcome"]), (&"final".into(), &"policy_change".into()));
    for (claim, reply) in [(&agreement, "Confirmed<"), (&breach, "Final response recorded<")] {
        ledger.save(claim, "entry.json");
        let claim = fs::read_to_string(ledger.path().join("entry.json")).unwrap();
        let claim: Value = serde_json::from_str(&claim).unwrap();
        let hash = &claim["leaf_hash"].as_str().unwrap()[..32];
        let page = ledger.bytes(&format!("e/{}-{hash}", claim["index"]));
        let page = String::from_utf8(page).unwrap().replace("<bdi>", "").replace("</bdi>", "");
        let beside = page.split("Reply of acme.example").nth(1).unwrap();
        assert!(beside.split("</dd>").next().unwrap().contains(reply), "{beside}");
    }
    let without = ["respond", &breach, "--note", "x", "--key", "acme.key", "--stage", "final"];
    assert!(ledger.run_failing(&without, 2).contains("--outcome"));
    ledger.run(&["audit", ledger.url()]);
    ledger.run(&["prove-complete", "acme.example", ledger.url()]);
    ledger.run(&["stats", "acme.example", "--recompute", ledger.url()]);
}

/// The commands that the inbox of acme.example shows, without what is quoted for HTML.
fn commands(ledger: &Running) -> Vec<String> {
    let page = String::from_utf8(ledger.bytes("o/acme.example/inbox")).unwrap();
    let page = page
        .replace("&#34;", "\"")
        .replace("&gt;", ">")
        .replace("&#62;", ">")
        .replace("&#39;", "'");
    let blocks = page.split("<pre translate=\"no\" dir=\"ltr\"><code>").skip(1);
    blocks
        .flat_map(|block| block.split("</code>").next().unwrap().lines())
        .map(str::to_owned)
        .collect()
}

#[test]
fn what_the_inbox_shows_answers_what_waits() {
    let ledger = claimed();
    publish(&ledger, "agreement", ("", ""));
    fs::copy(ledger.path().join("acme.key"), ledger.path().join("acme.example.key")).unwrap();
    let shown = commands(&ledger);
    let run = |command: &str| {
        let command = command.replace("'…'", "Done.");
        let words: Vec<_> = command.split(' ').skip(1).collect();
        ledger.run(&words)
    };
    let example = shown.iter().find(|line| line.contains("--example")).unwrap();
    let example = run(example.strip_suffix(" > fulfilment.toml").unwrap());
    let says = shown.iter().find_map(|line| line.strip_prefix("# ")).unwrap();
    let mut file: Vec<_> = example
        .lines()
        .filter(|line| !line.starts_with("thread") && !line.starts_with("commitment_numbers"))
        .collect();
    let fields = says.replace(", domain", "\ndomain").replace(", commitment", "\ncommitment");
    let place = file.iter().position(|line| *line == "[fulfilment]").unwrap();
    file.insert(place + 1, &fields);
    fs::write(ledger.path().join("fulfilment.toml"), file.join("\n")).unwrap();
    for verb in ["onrecord sign fulfilment", "onrecord publish", "onrecord countersign"] {
        run(shown.iter().find(|line| line.starts_with(verb)).expect(verb));
    }
    assert_eq!(commands(&ledger), Vec::<String>::new(), "nothing waits any more");
}

#[test]
fn who_does_not_speak_for_the_domain_is_told_so_and_nothing_is_logged() {
    let ledger = claimed();
    let agreement = publish(&ledger, "agreement", ("", ""));
    let decline = |key, domain| {
        let why = ["--reason", "terms-differ", "--note", "We promised a credit."];
        [["decline", &agreement, "--key", key, "--domain", domain].as_slice(), &why].concat()
    };
    let said = ledger.run_failing(&decline("bolt.key", "acme.example"), 1);
    assert!(said.contains("does not list that key"), "{said}");
    let said = ledger.run_failing(&decline("bolt.key", "bolt.example"), 1);
    assert!(said.contains("bolt.example has no part in this agreement"), "{said}");
    ledger.save(
        &format!("{}/api/v1/threads/{}", ledger.url(), id_of(&ledger, &agreement)),
        "thread.json",
    );
    let thread = fs::read_to_string(ledger.path().join("thread.json")).unwrap();
    let thread: Value = serde_json::from_str(&thread).unwrap();
    assert_eq!(thread["entries"].as_array().unwrap().len(), 1);
    ledger.run(&decline("acme.key", "acme.example"));
}

fn id_of(ledger: &Running, entry: &str) -> String {
    ledger.save(entry, "entry.json");
    let text = fs::read_to_string(ledger.path().join("entry.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_competitor_offers_only_where_offers_are_welcome() {
    let ledger = claimed();
    let closed = publish(&ledger, "agreement", ("", ""));
    let offer = |entry: &str| {
        let what = ["--title", "Ours", "--commitment", "We repair it.", "--expires", "2027-01-31"];
        let by = ["--domain", "bolt.example", "--key", "bolt.key", "--json"];
        [["offer", entry].as_slice(), &what, &by]
            .concat()
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let refused = offer(&closed);
    let refused: Vec<_> = refused.iter().map(String::as_str).collect();
    assert!(ledger.run_failing(&refused, 1).contains("welcome no offers"));
    fs::remove_file(ledger.path().join("agreement.signed.json")).unwrap();
    fs::remove_file(ledger.path().join("agreement.key")).unwrap();
    let welcome = publish(&ledger, "agreement", ("offers = \"closed\"", "offers = \"welcome\""));
    let offered = offer(&welcome);
    let offered: Vec<_> = offered.iter().map(String::as_str).collect();
    assert_eq!(statement(&ledger, &ledger.run(&offered))["expires"], "2027-01-31");
}
