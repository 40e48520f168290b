//! `onrecord prove-complete` over a real ledger, over one whose folder an entry was cut out of, over its files in a
//! folder, and beside a server that hides.

use std::fs;
use std::path::Path;
use std::time::Duration;

use onrecord::tlog::{TileKind, TilePath, encode_bundle, parse_bundle};
use serde_json::Value;

use crate::page::site;
use crate::running::Running;
use crate::shapes;

const BUNDLE: &str = "data/objects/tile/entries/000";

fn proved(running: &Running, args: &[&str], code: i32) -> Value {
    let args = [&["prove-complete"], args, &["--json"]].concat();
    shapes::read("completeness", &running.output(&args, code).0)
}

/// Stops the ledger, cuts the entry out of its folder, starts it again and walks. Nothing while it still has the entry in
/// its journal, from which it is served: then the folder is put back. What a journal handed over is written with its next
/// entry, so each try publishes one.
fn cut_and_proved(running: &mut Running, cut: usize, domain: &str) -> Option<Value> {
    let path = running.path().join(BUNDLE);
    while !path.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(200));
    publish(running, "1");
    assert_eq!(running.signal("-TERM"), 0);
    let bytes = fs::read(&path).unwrap();
    let mut leaves = parse_bundle(&bytes, 256).unwrap();
    leaves.remove(cut);
    fs::write(&path, encode_bundle(leaves).unwrap()).unwrap();
    running.start_again(&[]);
    let url = running.url().to_owned();
    let said = running.printed(&["prove-complete", domain, &url, "--json"]);
    let found = shapes::read("completeness", &said);
    if found["verdict"] == "failed" {
        return Some(found);
    }
    assert_eq!(running.signal("-TERM"), 0);
    fs::write(&path, bytes).unwrap();
    running.start_again(&[]);
    None
}

fn publish(running: &Running, count: &str) {
    let args = ["--only-publish", "--count", count, "--connections", "4"];
    running.run(&[&["bench", running.url()], &args[..]].concat());
}

/// A ledger with a full bundle, and the domain of its newest entry.
fn ledger() -> (Running, String) {
    let running = Running::start(&["--unlimited"]);
    publish(&running, "300");
    running.save(&format!("{}/api/v1/entries?limit=1", running.url()), "newest.json");
    let newest = fs::read_to_string(running.path().join("newest.json")).unwrap();
    let newest: Value = serde_json::from_str(&newest).unwrap();
    let subjects = newest["entries"][0]["links"]["subjects"].as_object().unwrap();
    let domain = subjects.keys().next().unwrap().clone();
    (running, domain)
}

#[test]
fn a_ledger_is_complete_until_an_entry_is_cut_out_of_its_folder() {
    let (mut running, domain) = ledger();
    let good = proved(&running, &[&domain, running.url()], 0);
    assert_eq!((&good["verdict"], &good["findings"]), (&"verified".into(), &Value::Array(vec![])));
    let entries = good["entries"].as_array().unwrap().clone();
    let seq = entries[0]["seq"].as_u64().unwrap();
    assert_eq!(entries.len() as u64, seq + 1);
    let said = running.run(&["prove-complete", &domain, running.url()]);
    assert!(said.starts_with(&format!("complete: {} entries about {domain}", seq + 1)), "{said}");
    assert!(said.contains("no subdomain of it"), "{said}");

    let victim = entries.iter().find(|entry| entry["index"].as_u64().unwrap() < 200).unwrap();
    let cut = victim["index"].as_u64().unwrap() as usize;
    let bad = (0..20).find_map(|_| cut_and_proved(&mut running, cut, &domain));
    let bad = bad.expect("what is cut out of the folder is gone");
    let findings = bad["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{bad}");
    assert_eq!(
        (&findings[0]["name"], &findings[0]["seq"], &findings[0]["index"]),
        (&"entry_missing".into(), &victim["seq"], &victim["index"])
    );
    let (said, _) = running.output(&["prove-complete", &domain, running.url()], 1);
    let named = format!("seq {} (entry {cut}): entry_missing", victim["seq"]);
    assert!(said.contains(&named) && !said.contains("What this shows"), "{said}");
}

#[test]
fn the_files_of_a_ledger_in_a_folder_are_enough() {
    let (running, domain) = ledger();
    let folder = running.path().join("mirror");
    let size = good_size(&proved(&running, &[&domain, running.url()], 0));
    mirror(&running, &folder, size);
    let found = proved(&running, &[&domain, "mirror"], 0);
    assert_eq!((&found["verdict"], found.get("newest_given")), (&"verified".into(), None));
    let nothing = proved(&running, &["unheard.of.example", "mirror"], 0);
    assert_eq!((&nothing["scanned"], &nothing["entries"]), (&size.into(), &Value::Array(vec![])));

    fs::remove_file(folder.join("tile/entries/000")).unwrap();
    let bad = proved(&running, &[&domain, "mirror"], 1);
    assert_eq!(bad["findings"][0]["name"], "entry_missing");

    fs::remove_dir_all(running.path().join("home")).unwrap();
    let said = running.run_failing(&["prove-complete", &domain, "mirror"], 2);
    assert!(said.contains("no key of localhost") && said.contains("--policy"), "{said}");
    running.save(&format!("{}/log.policy", running.url()), "p.policy");
    proved(&running, &[&domain, "mirror", "--policy", "p.policy"], 1);
}

fn good_size(report: &Value) -> u64 {
    report["size"].as_u64().unwrap()
}

fn mirror(running: &Running, folder: &Path, size: u64) {
    let kinds = [TileKind::Entries, TileKind::Hashes { level: 0 }, TileKind::Hashes { level: 1 }];
    let tiles = kinds.into_iter().flat_map(|kind| TilePath::all_in_tree(kind, size));
    let names = tiles.map(|path| path.to_string()).chain(["checkpoint".to_owned()]);
    for name in names {
        let file = folder.join(&name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, running.bytes(&name)).unwrap();
    }
}

#[test]
fn a_server_that_gives_an_older_entry_as_the_newest_is_caught_and_names_it() {
    let (running, domain) = ledger();
    let good = proved(&running, &[&domain, running.url()], 0);
    let (newest, older) = (good["entries"][0].clone(), good["entries"][1].clone());
    let told = serde_json::json!({
        "domain": domain, "entries_total": newest["seq"],
        "newest": { "index": older["index"], "seq": older["seq"], "leaf_hash": older["leaf_hash"] },
        "_meta": { "checkpoint_size": 1, "root": good["root"], "as_of": older["time"] },
    });
    let folder = running.path().join("mirror");
    mirror(&running, &folder, good_size(&good));
    let liar = site_of(folder, told.to_string());
    let bad = proved(&running, &[&domain, &liar], 1);
    let found = &bad["findings"][0];
    assert_eq!((&found["name"], &found["seq"]), (&"newest_hidden".into(), &newest["seq"]));
    assert_eq!((&found["index"], &bad["newest_given"]["seq"]), (&newest["index"], &older["seq"]));
}

/// Serves the files of a folder, and that answer about every organization.
fn site_of(folder: std::path::PathBuf, told: String) -> String {
    crate::page::files(move |path| {
        if path.starts_with("/api/") {
            return Some(told.clone().into_bytes());
        }
        fs::read(folder.join(path.trim_start_matches('/'))).ok()
    })
}

#[test]
fn what_is_no_ledger_no_folder_and_no_domain_is_told() {
    let running = Running::start(&[]);
    let said = running.run_failing(&["prove-complete", "acme.example", "nowhere"], 2);
    assert!(said.contains("nowhere is no folder"), "{said}");
    fs::create_dir(running.path().join("empty")).unwrap();
    let said = running.run_failing(&["prove-complete", "acme.example", "empty"], 2);
    assert!(said.contains("checkpoint"), "{said}");
    let said = running.run_failing(&["prove-complete", "acme", running.url()], 2);
    assert!(said.contains("acme"), "{said}");
    let silent = site(|_| ("500 Fault".to_owned(), String::new()));
    running.run_failing(&["prove-complete", "acme.example", &silent], 2);
}
