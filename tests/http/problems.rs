//! What is not answered as asked: every one a problem that no cache keeps.

use std::sync::Arc;
use std::time::Duration;

use onrecord::wire::Reason;
use serde_json::Value;

use crate::client;
use crate::schema;
use crate::server::{Options, Server};
use crate::signing::agreement_with;

fn expect_problem(answer: &client::Raw, status: u16, reason: &str) -> Value {
    let problem = schema::expect("problem", &answer.body);
    assert_eq!(problem["type"], format!("/problems/{reason}"), "{problem}");
    assert_eq!((answer.status, problem["status"].as_u64()), (status, Some(status.into())));
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    problem
}

#[tokio::test]
async fn every_refused_submission_of_the_vectors_gets_its_reason() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/refused_submissions.json");
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let now = vectors["now"].as_str().unwrap();
    let server = Server::start_with(Options { now, ..Options::default() }).await;
    let cases = vectors["cases"].as_array().unwrap();
    assert!(cases.len() > 30);
    for case in cases {
        let reason = case["reason"].as_str().unwrap();
        let answer = server.publish(&case["submission"].to_string()).await;
        let status = if reason == "malformed_json" { 400 } else { 422 };
        expect_problem(&answer, status, reason);
    }
    let size = schema::expect("health", &server.get("/healthz").await.body);
    assert_eq!(size["checkpoint_size"], 1, "nothing is stored of a refused statement");
}

#[tokio::test]
async fn what_is_not_there_is_404_and_what_cannot_be_read_is_400() {
    let server = Server::start().await;
    let id = format!("sha256:{}", "0".repeat(64));
    for path in [
        "/nothing".to_owned(),
        "/api/v1/entries/1".to_owned(),
        "/api/v1/entries/1/bundle".to_owned(),
        "/api/v1/entries/18446744073709551615/proof".to_owned(),
        format!("/api/v1/statements/{id}"),
        format!("/api/v1/threads/{id}"),
        "/api/v1/organizations/unknown.example".to_owned(),
        "/api/v1/organizations/unknown.example/entries".to_owned(),
        "/assets/0123456789abcdef/style.css".to_owned(),
    ] {
        expect_problem(&server.get(&path).await, 404, "not_found");
    }
    for path in [
        "/api/v1/entries/01",
        "/api/v1/entries/-1",
        "/api/v1/entries/18446744073709551616",
        "/api/v1/entries/%ff",
        "/api/v1/statements/abc",
        "/api/v1/threads/sha256:ABC",
        "/api/v1/organizations/Acme.example",
        "/api/v1/organizations/localhost",
        "/api/v1/entries?limit=0",
        "/api/v1/entries?limit=501",
        "/api/v1/entries?cursor=x",
        "/api/v1/entries?page=2",
        "/api/v1/entries?limit=1&limit=2",
    ] {
        expect_problem(&server.get(path).await, 400, "bad_query");
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_and_says_which_are_right() {
    let server = Server::start().await;
    for (method, path, allow) in [
        ("POST", "/checkpoint", "GET,HEAD"),
        ("GET", "/api/v1/statements", "POST"),
        ("DELETE", "/api/v1/entries/0", "GET,HEAD"),
    ] {
        let answer = server.request(method, path, "", "").await;
        expect_problem(&answer, 405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_over_160_kib_is_413_however_it_is_sent() {
    let server = Server::start().await;
    for size in [160 * 1024 + 1, 400_000, 3_000_000] {
        let answer = server.publish(&"x".repeat(size)).await;
        expect_problem(&answer, 413, "too_large");
    }
    let chunk = format!("{:x}\r\n{}\r\n", 100_000, "x".repeat(100_000));
    let chunks = format!("{}0\r\n\r\n", chunk.repeat(2));
    let head = "transfer-encoding: chunked\r\n";
    let answer = server.request_unsized("POST", "/api/v1/statements", head, &chunks).await;
    expect_problem(&answer, 413, "too_large");
    let full = server.publish(&"x".repeat(160 * 1024)).await;
    expect_problem(&full, 400, "malformed_json");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    let server = Server::start().await;
    let head = "content-length: 1000\r\n";
    let answer = server.request_unsized("POST", "/api/v1/statements", head, "{").await;
    expect_problem(&answer, 408, "request_timeout");
}

#[tokio::test]
async fn what_is_no_json_is_malformed() {
    let server = Server::start().await;
    let good = agreement_with("acme.example", 1, server.now()).body;
    for body in ["", "{", "null", "\u{feff}{}", &format!("{good}x"), &good.replace("sig", "sign")] {
        expect_problem(&server.publish(body).await, 400, "malformed_json");
    }
}

#[tokio::test]
async fn while_nothing_can_be_written_publishing_is_503_and_reading_goes_on() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.folder().set_full(true);
    let other = agreement_with("acme.example", 2, server.now());
    let answer = server.publish(&other.body).await;
    expect_problem(&answer, 503, "read_only");
    assert!(answer.header("retry-after").unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(server.publish(&sent.body).await.status, 200, "what is logged is still answered");
    assert_eq!(server.get("/api/v1/entries/1").await.status, 200);
    let health = server.get("/healthz").await;
    assert_eq!(health.status, 200, "it serves readers");
    let health = schema::expect("health", &health.body);
    assert_eq!(health["status"], "read_only");
    assert!(health["read_only"].is_string());
    server.folder().set_full(false);
    assert_eq!(server.publish(&other.body).await.status, 201);
    assert_eq!(schema::expect("health", &server.get("/healthz").await.body)["status"], "ok");
}

#[tokio::test]
async fn while_the_index_is_built_tiles_are_served_and_the_rest_is_503() {
    let before = Server::start().await;
    let sent = before.log(agreement_with("acme.example", 1, before.now())).await;
    before.stop_ledger().await;
    expect_problem(&before.publish("x").await, 400, "malformed_json");
    let other = agreement_with("acme.example", 2, before.now());
    expect_problem(&before.publish(&other.body).await, 503, "read_only");

    let folder = before.folder().clone();
    let server =
        Server::start_with(Options { folder, index_waits: true, ..Options::default() }).await;
    for path in ["/checkpoint", "/tile/0/000.p/2", "/tile/entries/000.p/2", "/", "/log.policy"] {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    let health = server.get("/healthz").await;
    assert_eq!(health.status, 200);
    assert_eq!(schema::expect("health", &health.body)["status"], "starting");
    for path in ["/api/v1/entries".to_owned(), format!("/api/v1/statements/{}", sent.id)] {
        let answer = server.get(&path).await;
        expect_problem(&answer, 503, "starting");
        assert!(answer.header("retry-after").is_some());
    }
    expect_problem(&server.publish(&other.body).await, 503, "read_only");
    server.index_gate().open();
    while server.publish(&other.body).await.status != 201 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(server.get("/api/v1/entries").await.status, 200);
}

#[tokio::test]
async fn a_full_queue_is_503_and_nothing_of_what_was_accepted_is_lost() {
    let server = Server::start_with(Options { queue_max: 2, ..Options::default() }).await;
    let server = Arc::new(server);
    let bodies: Vec<_> =
        (1..9).map(|number| agreement_with("acme.example", number, server.now()).body).collect();
    server.gate().close();
    let mut answers = Vec::new();
    for body in bodies.clone() {
        let server_there = server.clone();
        answers.push(tokio::spawn(async move { server_there.publish(&body).await }));
        while !server.gate().is_waited_at() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    while answers.iter().filter(|answer| answer.is_finished()).count() < 5 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    server.gate().open();
    let mut busy = 0;
    for answer in answers {
        let answer = answer.await.unwrap();
        if answer.status != 201 {
            expect_problem(&answer, 503, "busy");
            assert_eq!(answer.header("retry-after"), Some("1"));
            busy += 1;
        }
    }
    assert_eq!(busy, 5, "one is at work and two wait");
    let mut known = 0;
    for body in &bodies {
        known += u32::from(server.publish(body).await.status == 200);
    }
    assert_eq!(known, 3);
}

#[tokio::test]
async fn every_problem_has_a_page_at_its_type() {
    let server = Server::start().await;
    for reason in Reason::ALL {
        let page = server.get(&reason.path()).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert!(String::from_utf8(page.body).unwrap().contains(reason.token()));
    }
}
