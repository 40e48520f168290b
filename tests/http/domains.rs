//! A claim makes the ledger ask the domain, and its answer decides what the claimant is told.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use onrecord::encoding::domain::Domain;
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::ledger::domain_answer::Document;
use serde_json::Value;

use crate::schema;
use crate::server::Server;
use crate::signing::{ORIGIN, follow_up, key};

/// The site of acme.example: the address, and what it answers from now on.
pub fn site() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let answer = Arc::new(Mutex::new(String::new()));
    let answered = Arc::clone(&answer);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let body = answered.lock().unwrap().clone();
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length:";
            let _ = write!(stream, "{head} {}\r\n\r\n{body}", body.len());
        }
    });
    (format!("acme.example={address}"), answer)
}

pub fn document(number: u64, expires: &str) -> String {
    let document = Document {
        domain: Domain::parse("acme.example").unwrap(),
        expires: Moment::parse_seconds(expires).unwrap(),
        keys: [key(number).did()].into(),
        logs: vec![ORIGIN.parse().unwrap()],
    };
    document.to_json()
}

#[tokio::test]
async fn a_claimant_is_told_what_is_wrong_with_the_domain_until_it_is_right() {
    let server = Server::start().await;
    let (resolve, answer) = site();
    server.look_at_domains(&[resolve.parse().unwrap()]);
    let domain = [("domain", Json::text("acme.example"))];
    let claim = follow_up("claim", 7, server.now(), &domain, &[("contact", "help@acme.example")]);
    for (document, status, kind, said) in [
        (String::new(), 422, "domain_check_failed", "exactly `domain`"),
        (document(7, "2026-11-20T10:30:00Z"), 422, "domain_check_failed", "expired at 2026-11-20"),
        (document(8, "2027-01-01T00:00:00Z"), 403, "not_claimed", "does not list that key"),
    ] {
        *answer.lock().unwrap() = document;
        let refused = server.publish(&claim.body).await;
        let problem: Value = schema::expect("problem", &refused.body);
        assert_eq!(
            (refused.status, &problem["type"]),
            (status, &format!("/problems/{kind}").into())
        );
        assert!(problem["detail"].as_str().unwrap().contains(said), "{problem}");
        assert!(!problem["next_step"].as_str().unwrap().is_empty());
    }
    *answer.lock().unwrap() = document(7, "2027-01-01T00:00:00Z");
    server.log(claim).await;
    let list = schema::expect(
        "entry-list",
        &server.get("/api/v1/organizations/acme.example/entries").await.body,
    );
    let entries = list["entries"].as_array().unwrap().iter();
    let kinds: Vec<&str> =
        entries.map(|entry| entry["statement"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["claim", "observation", "observation"]);
}
