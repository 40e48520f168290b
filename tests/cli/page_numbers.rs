//! The numbers of threads and organizations that a page shows, held against the ledger's own log.

use crate::page::{judged, ledger, page, results};
use crate::stats::between;

/// A page with the badge, the card and the element of a thread and of its organization.
fn page_with_numbers(ledger: &str, name: &str) -> String {
    page(&format!(
        "<!doctype html>\n<base href={ledger}>\n<a href=/t/{name}><img src=/badge/t/{name}.svg></a>
<a href=/o/acme.example><img src=/badge/o/acme.example.svg></a>
<iframe src=/embed/t/{name}></iframe><iframe src=/embed/o/acme.example></iframe>
<onrecord-proof thread={name}></onrecord-proof><onrecord-proof organization=acme.example></onrecord-proof>
<script type=module src={ledger}/embed/onrecord-proof-1.js></script>"
    ))
}

#[test]
fn the_numbers_of_threads_and_organizations_are_recomputed_from_the_log() {
    let (running, name) = ledger();
    let site = page_with_numbers(running.url(), &name);
    let verdict = judged(&running, &[&site], 0);
    assert_eq!(results(&verdict), ["verified"; 7], "{verdict}");
    for (thing, promises) in [(1, 2), (2, 1), (3, 2), (4, 1), (5, 2), (6, 1)] {
        let checks = verdict["things"][thing]["checks"].as_array().unwrap();
        let numbers = checks.last().unwrap();
        assert_eq!((&numbers["name"], &numbers["result"]), (&"numbers".into(), &"verified".into()));
        assert!(
            numbers["detail"]
                .as_str()
                .unwrap()
                .contains(&format!("{promises} promises, 0 overdue")),
            "{numbers}"
        );
    }
    assert_eq!(verdict["things"][2]["index"], 1, "the newest entry that names it");
}

#[test]
fn numbers_that_the_log_does_not_give_have_failed_and_those_of_another_time_or_size_are_not_checked()
 {
    let (running, name) = ledger();
    // The key is remembered from the ledger's own address.
    judged(&running, &[&page(&format!("<a href={}/e/{name}>", running.url()))], 0);
    let numbers = |bend: fn(&str, String) -> String, code: i32| {
        let between = between(running.url(), bend);
        let verdict = judged(&running, &[&page_with_numbers(&between, &name)], code);
        let things = verdict["things"].as_array().unwrap().clone();
        things[1..].iter().map(|thing| thing["remarks"].to_string()).collect::<Vec<_>>()
    };
    let flattering = numbers(
        |path, answer| match path.starts_with("/badge/t/") {
            true => answer.replace("\"promises\":2", "\"promises\":1"),
            false => answer,
        },
        1,
    );
    for (place, remarks) in flattering.iter().enumerate() {
        let says = "the ledger says 1 promises, 0 overdue, and its log gives 2 promises, 0 overdue";
        assert_eq!(remarks.contains(says), [0, 2, 4].contains(&place), "{place}: {remarks}");
    }
    let elsewhere = numbers(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"root\":\"", "\"root\":\"A").replacen("=\"", "\"", 1),
            false => answer,
        },
        1,
    );
    assert!(elsewhere.iter().all(|remarks| remarks.contains("another root")), "{elsewhere:?}");
    let ahead = numbers(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"checkpoint_size\":2", "\"checkpoint_size\":9"),
            false => answer,
        },
        2,
    );
    assert!(ahead.iter().all(|remarks| remarks.contains("the log does not have yet")), "{ahead:?}");
    let old = numbers(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"as_of\":\"20", "\"as_of\":\"21"),
            false => answer,
        },
        2,
    );
    assert!(old.iter().all(|remarks| remarks.contains("and now it is")), "{old:?}");
    let none = numbers(
        |path, answer| match path.starts_with("/badge/") {
            true => answer.replace("\"promises\"", "\"promised\""),
            false => answer,
        },
        1,
    );
    assert!(none[0].contains("the ledger says that the agreement is withheld"), "{none:?}");
}
