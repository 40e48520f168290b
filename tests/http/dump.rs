//! The ledger as lines and rows: in order, in ranges, with the words that are public now and no others.

use onrecord::service::dump::{CSV_COLUMNS, Rows};
use onrecord::tlog::{Frontier, SignedCheckpoint};
use serde_json::Value;

use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, breach, erase_title, reveal};

async fn lines(server: &Server, query: &str) -> Vec<Value> {
    let answer = server.get(&format!("/api/v1/dump.jsonl{query}")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")));
    let lines = answer.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| schema::expect("dump-row", line)).collect()
}

fn indices(lines: &[Value]) -> Vec<u64> {
    lines.iter().map(|line| line["index"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn all_lines_together_are_the_tree_and_show_the_words_as_they_stand_now() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    server.log(reveal(&sent, 1, server.now())).await;
    server.log(erase_title(sent.id, 1, server.now())).await;
    let answer = server.get("/api/v1/dump.jsonl").await;
    let mut rows = Rows::after(Frontier::new());
    let mut csv = onrecord::service::dump::csv_header();
    for line in answer.body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        csv.extend(rows.take(line).unwrap());
    }
    let note = server.get("/checkpoint").await.body;
    let signed: SignedCheckpoint = String::from_utf8(note).unwrap().parse().unwrap();
    assert_eq!((rows.next(), rows.root()), (5, *signed.checkpoint().root()));
    assert_eq!(rows.words().erased, 1);
    assert_eq!(server.get("/api/v1/dump.csv").await.body, csv);

    let agreement = &lines(&server, "?from=1&to=2").await[0];
    let words = agreement["disclosures"].as_array().unwrap();
    let of = |state: &str| words.iter().filter(|word| word["state"] == state).collect::<Vec<_>>();
    assert!(of("public").iter().any(|word| word["value"] == "What was said."), "it was revealed");
    for word in of("erased").iter().chain(&of("sealed")) {
        assert_eq!((word.get("value"), word.get("disclosure")), (None, None));
    }
    let text = String::from_utf8(csv).unwrap();
    assert!(text.starts_with(&CSV_COLUMNS.join(",")), "{text}");
    assert_eq!(text.lines().count(), 6);
    assert!(text.contains("What was said.") && text.contains("acme.example"), "{text}");
}

#[tokio::test]
async fn a_range_ends_where_it_is_to_end_and_at_the_checkpoint() {
    let server = Server::start().await;
    for number in 1..4 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    for (query, expected) in [
        ("", vec![0, 1, 2, 3]),
        ("?from=2", vec![2, 3]),
        ("?from=1&to=3", vec![1, 2]),
        ("?from=2&to=2", vec![]),
        ("?from=4", vec![]),
        ("?from=18446744073709551615", vec![]),
    ] {
        assert_eq!(indices(&lines(&server, query).await), expected, "{query}");
    }
    for wrong in ["?from=3&to=2", "?from=-1", "?limit=3", "?from=x"] {
        for name in ["jsonl", "csv"] {
            let answer = server.get(&format!("/api/v1/dump.{name}{wrong}")).await;
            assert_eq!(answer.status, 400, "{name} {wrong}");
        }
    }
}

#[tokio::test]
async fn a_line_that_is_not_what_its_leaf_says_is_refused() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(erase_title(sent.id, 1, server.now())).await;
    let all = lines(&server, "").await;
    let fault = |change: &dyn Fn(&mut Value)| {
        let mut rows = Rows::after(Frontier::new());
        rows.take(&serde_jcs::to_vec(&all[0]).unwrap()).unwrap();
        let mut rows = Rows::after(Frontier::from_roots(1, vec![rows.root()]).unwrap());
        let mut line = all[1].clone();
        change(&mut line);
        rows.take(&serde_jcs::to_vec(&line).unwrap()).map_err(|fault| fault.to_string())
    };
    assert!(fault(&|_| ()).is_ok());
    let word = |line: &Value, state: &str| {
        line["disclosures"]
            .as_array()
            .unwrap()
            .iter()
            .position(|word| word["state"] == state)
            .unwrap()
    };
    let (public, erased) = (word(&all[1], "public"), word(&all[1], "erased"));
    let other = serde_json::json!("2026-11-20T10:30:00.001Z");
    type Change<'a> = Box<dyn Fn(&mut Value) + 'a>;
    let cases: Vec<(Change<'_>, &str)> = vec![
        (Box::new(|line| line["time"] = other.clone()), "its time"),
        (Box::new(|line| line["id"] = all[0]["id"].clone()), "its id"),
        (Box::new(|line| line["leaf_hash"] = all[0]["leaf_hash"].clone()), "its leaf_hash"),
        (Box::new(|line| line["thread"] = all[0]["id"].clone()), "its thread"),
        (Box::new(|line| line["statement"]["lang"] = "de".into()), "its statement"),
        (Box::new(|line| line["links"] = all[0]["links"].clone()), "its links"),
        (Box::new(|line| line["entry"] = all[0]["entry"].clone()), "it is entry 0, where entry 1"),
        (Box::new(|line| line["index"] = 2.into()), "it is entry 2, where entry 1"),
        (Box::new(|line| line["seen"] = 1.into()), "not a line of a dump"),
        (Box::new(move |line| line["disclosures"][public]["value"] = "No refund".into()), "commit"),
        (Box::new(move |line| line["disclosures"][public]["name"] = "note".into()), "commit"),
        (Box::new(move |line| line["disclosures"][erased]["value"] = "x".into()), "not public"),
        (
            Box::new(move |line| line["disclosures"][public]["state"] = "erased".into()),
            "not public",
        ),
    ];
    for (change, expected) in cases {
        let found = fault(&*change).unwrap_err();
        assert!(found.contains(expected), "{found}, not {expected}");
    }
}
