//! What answers carry beside their bodies: CORS, HEAD, compression, validators and policies.

use crate::server::Server;
use crate::signing::agreement_with;

const PATHS: [&str; 12] = [
    "/",
    "/checkpoint",
    "/tile/0/000.p/1",
    "/tile/entries/000.p/1",
    "/api/v1/entries",
    "/api/v1/entries/0",
    "/api/v1/entries/0/bundle",
    "/api/v1/entries/0/proof",
    "/log.policy",
    "/openapi.json",
    "/healthz",
    "/metrics",
];

#[tokio::test]
async fn a_head_has_the_headers_of_the_get_and_no_body() {
    let server = Server::start().await;
    for path in PATHS.into_iter().filter(|path| *path != "/metrics") {
        for headers in ["", "accept-encoding: gzip\r\n"] {
            let get = server.request("GET", path, headers, "").await;
            let head = server.request("HEAD", path, headers, "").await;
            assert_eq!(head.status, 200, "{path}");
            assert!(head.body.is_empty(), "{path}");
            for name in
                ["content-type", "content-encoding", "etag", "cache-control", "content-length"]
            {
                assert_eq!(head.header(name), get.header(name), "{name} of {path}");
            }
        }
    }
}

#[tokio::test]
async fn any_site_may_read_and_publish() {
    let server = Server::start().await;
    for path in PATHS.into_iter().chain(["/api/v1/statements", "/nothing"]) {
        let answer = server.request("GET", path, "origin: https://a.example\r\n", "").await;
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    let asked = "origin: https://a.example\r\naccess-control-request-method: POST\r\n\
                 access-control-request-headers: content-type\r\n";
    let answer = server.request("OPTIONS", "/api/v1/statements", asked, "").await;
    assert!((200..300).contains(&answer.status));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("POST"));
    assert_eq!(
        answer.header("access-control-allow-headers"),
        Some("content-type,if-none-match,last-event-id")
    );
}

#[tokio::test]
async fn texts_are_compressed_for_who_takes_it_and_tiles_never() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    for (path, compressed) in [
        ("/api/v1/entries", true),
        ("/api/v1/entries/1/bundle", true),
        ("/openapi.json", true),
        ("/", true),
        ("/tile/entries/000.p/2", false),
        ("/tile/0/000.p/2", false),
        ("/checkpoint", false),
    ] {
        let answer = server.request("GET", path, "accept-encoding: gzip\r\n", "").await;
        let encoding = answer.header("content-encoding");
        assert_eq!(encoding, compressed.then_some("gzip"), "{path}");
        let plain = server.get(path).await;
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        assert!(!compressed || answer.body.len() < plain.body.len(), "{path}");
    }
    let sent = agreement_with("acme.example", 2, server.now());
    let gzip = "accept-encoding: gzip\r\n";
    let answer = server.request("POST", "/api/v1/statements", gzip, &sent.body).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (201, Some("gzip")));
}

#[tokio::test]
async fn who_has_an_answer_is_not_sent_it_again_until_it_changes() {
    let server = Server::start().await;
    let first = server.get("/checkpoint").await;
    let tag = first.header("etag").unwrap();
    let known = format!("if-none-match: \"x\", {tag}\r\n");
    let same = server.request("GET", "/checkpoint", &known, "").await;
    assert_eq!((same.status, same.body.len(), same.header("etag")), (304, 0, Some(tag)));
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let other = server.request("GET", "/checkpoint", &known, "").await;
    assert_eq!(other.status, 200);
    assert_ne!(other.header("etag"), Some(tag));
    let missing = server.request("GET", "/api/v1/entries/9", "if-none-match: *\r\n", "").await;
    assert_eq!(missing.status, 404);
}

#[tokio::test]
async fn a_page_lets_nothing_in_from_elsewhere_and_finds_its_style() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let page = server.get("/").await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"));
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("trusted-types 'none'"));
    let html = String::from_utf8(page.body).unwrap();
    assert!(html.contains("Refund number 1 &#60;by phone&#62;"), "{html}");
    assert!(
        html.contains("<bdi>acme.example</bdi>")
            && !html.contains("<script")
            && !html.contains("style=")
    );
    let style = html.split('"').find(|part| part.ends_with("/style.css")).unwrap();
    let style = server.get(style).await;
    assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(style.header("cache-control"), Some("public, max-age=31536000, immutable"));
}

#[tokio::test]
async fn health_and_metrics_tell_how_the_ledger_is() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let health = server.get("/healthz").await;
    assert_eq!(health.status, 200);
    assert_eq!(health.header("cache-control"), Some("no-store"));
    let health = crate::schema::expect("health", &health.body);
    assert_eq!((&health["status"], &health["checkpoint_size"]), (&"ok".into(), &2.into()));
    let metrics = String::from_utf8(server.get("/metrics").await.body).unwrap();
    for name in [
        "onrecord_publishes_total{outcome=\"logged\"}",
        "onrecord_publish_seconds_count",
        "onrecord_checkpoint_size",
        "onrecord_queue_length",
        "onrecord_batch_submissions_bucket",
        "onrecord_index_lag_entries",
        "onrecord_search_lag_entries",
        "process_resident_memory_bytes",
    ] {
        assert!(metrics.contains(name), "{name} is not in\n{metrics}");
    }
}
