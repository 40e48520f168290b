//! The counts of threads and organizations that a page shows, held against the ledger's own log.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::page::{judged, ledger, page, results};
use crate::stats::between;

/// A page with the badge, the card and the element of a thread and of its organization.
fn page_with_counts(ledger: &str, name: &str) -> String {
    page(&format!(
        "<!doctype html>\n<base href={ledger}>\n<a href=/t/{name}><img src=/badge/t/{name}.svg></a>
<a href=/o/acme.example><img src=/badge/o/acme.example.svg></a>
<iframe src=/embed/t/{name}></iframe><iframe src=/embed/o/acme.example></iframe>
<onrecord-proof thread={name}></onrecord-proof><onrecord-proof organization=acme.example></onrecord-proof>
<script type=module src={ledger}/embed/onrecord-proof-1.js></script>"
    ))
}

#[test]
fn the_counts_of_threads_and_organizations_are_recomputed_from_the_log() {
    let (running, name) = ledger();
    let site = page_with_counts(running.url(), &name);
    let verdict = judged(&running, &[&site], 0);
    assert_eq!(results(&verdict), ["verified"; 7], "{verdict}");
    for (thing, commitments) in [(1, 2), (2, 1), (3, 2), (4, 1), (5, 2), (6, 1)] {
        let checks = verdict["things"][thing]["checks"].as_array().unwrap();
        let counts = checks.last().unwrap();
        assert_eq!((&counts["name"], &counts["result"]), (&"counts".into(), &"verified".into()));
        assert!(
            counts["detail"]
                .as_str()
                .unwrap()
                .contains(&format!("commitments: {commitments}, overdue: 0")),
            "{counts}"
        );
    }
    assert_eq!(verdict["things"][2]["index"], 1, "the newest entry that names it");
}

#[test]
fn counts_that_the_log_does_not_give_have_failed_and_those_of_another_time_or_size_are_not_checked()
{
    let (running, name) = ledger();
    // The key is remembered from the ledger's own address.
    judged(&running, &[&page(&format!("<a href={}/e/{name}>", running.url()))], 0);
    let counts = |bend: fn(&str, String) -> String, code: i32| {
        let between = between(running.url(), bend);
        let verdict = judged(&running, &[&page_with_counts(&between, &name)], code);
        let things = verdict["things"].as_array().unwrap().clone();
        things[1..].iter().map(|thing| thing["remarks"].to_string()).collect::<Vec<_>>()
    };
    let flattering = counts(
        |path, answer| match path.starts_with("/badge/t/") {
            true => answer.replace("\"commitments\":2", "\"commitments\":1"),
            false => answer,
        },
        1,
    );
    for (place, remarks) in flattering.iter().enumerate() {
        let says = "the ledger says commitments: 1, overdue: 0, and its log gives commitments: 2, overdue: 0";
        assert_eq!(remarks.contains(says), [0, 2, 4].contains(&place), "{place}: {remarks}");
    }
    let elsewhere = counts(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"root\":\"", "\"root\":\"A").replacen("=\"", "\"", 1),
            false => answer,
        },
        1,
    );
    assert!(elsewhere.iter().all(|remarks| remarks.contains("another root")), "{elsewhere:?}");
    let ahead = counts(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"checkpoint_size\":2", "\"checkpoint_size\":9"),
            false => answer,
        },
        2,
    );
    assert!(ahead.iter().all(|remarks| remarks.contains("the log does not have yet")), "{ahead:?}");
    let old = counts(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"as_of\":\"20", "\"as_of\":\"21"),
            false => answer,
        },
        2,
    );
    assert!(old.iter().all(|remarks| remarks.contains("and now it is")), "{old:?}");
    let none = counts(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"commitments\"", "\"commitment_\""),
            false => answer,
        },
        1,
    );
    assert!(
        none[0].contains("the ledger says no counts, since the agreement is withheld"),
        "{none:?}"
    );
}

#[test]
fn what_shows_the_same_counts_many_times_is_asked_for_once() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let (running, name) = ledger();
    judged(&running, &[&page(&format!("<a href={}/e/{name}>", running.url()))], 0);
    let ledger = between(running.url(), |path, answer| {
        ASKED.fetch_add(usize::from(path.starts_with("/badge/")), Ordering::Relaxed);
        answer
    });
    let badge = format!("<img src={ledger}/badge/t/{name}.svg>");
    let card = format!("<iframe src={ledger}/embed/t/{name}></iframe>");
    let verdict = judged(&running, &[&page(&(badge + &card).repeat(20))], 0);
    assert_eq!(results(&verdict), ["verified"; 40], "{verdict}");
    assert_eq!(ASKED.load(Ordering::Relaxed), 1);
}

#[test]
fn what_is_no_thread_has_no_counts_and_is_not_checked() {
    let (running, _) = ledger();
    running.save(&format!("{}/api/v1/entries/0", running.url()), "policy.json");
    let policy = fs::read_to_string(running.path().join("policy.json")).unwrap();
    let policy: serde_json::Value = serde_json::from_str(&policy).unwrap();
    let name = format!("0-{}", &policy["leaf_hash"].as_str().unwrap()[..32]);
    let site = page(&format!("<iframe src={}/embed/t/{name}></iframe>", running.url()));
    let verdict = judged(&running, &[&site], 2);
    assert_eq!(results(&verdict), ["not_checked"], "{verdict}");
    assert!(verdict["things"][0]["remarks"].to_string().contains("no organization"), "{verdict}");
}
