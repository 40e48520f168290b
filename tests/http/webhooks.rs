//! What is asked about webhooks is told apart from everything else before anything is done.

use std::time::Duration;

use onrecord::encoding::base64;
use onrecord::encoding::domain::Domain;
use onrecord::encoding::json::Json;
use onrecord::statement::pae;
use onrecord::webhook::{Action, Endpoint, Request, WEBHOOK_TYPE, request_payload};
use serde_json::{Value, json};

use crate::domains::{document, site};
use crate::entry_page::{html, link};
use crate::schema;
use crate::server::Server;
use crate::signing::{ORIGIN, agreement_with, follow_up, key};

const PATH: &str = "/api/v1/organizations/acme.example/webhook";

#[tokio::test]
async fn what_is_no_envelope_is_told_so_and_a_ledger_that_delivers_nothing_says_it() {
    let server = Server::start().await;
    let envelope = r#"{"payload":"e30=","payloadType":"t","signatures":[]}"#;
    for (path, body, status, kind) in [
        (PATH, "{", 400, "malformed_json"),
        (PATH, r#"{"payload":"e30=","payloadType":"t"}"#, 400, "malformed_json"),
        (PATH, &envelope.replace("e30=", "e30"), 422, "bad_base64"),
        ("/api/v1/organizations/ACME.example/webhook", envelope, 400, "bad_query"),
        (PATH, envelope, 404, "not_found"),
    ] {
        let answer = server.request("POST", path, "", body).await;
        let problem: Value = schema::expect("problem", &answer.body);
        let wanted = (status, &Value::from(format!("/problems/{kind}")));
        assert_eq!((answer.status, &problem["type"]), wanted, "{body}");
    }
}

/// Registers an endpoint of acme.example, as its key 7 asks so many milliseconds after the ledger's time.
async fn register(server: &Server, endpoint: &str, millis: u64) {
    let domain = Domain::parse("acme.example").unwrap();
    let endpoint = Endpoint::parse(endpoint, &domain).unwrap();
    let signed_at = server.now().plus(Duration::from_millis(millis));
    let action = Action::Register { endpoint, from: None };
    let request = Request { domain, signer: key(7).did(), signed_at, action };
    let payload = request_payload(&request, ORIGIN);
    let signature = key(7).sign(&pae(WEBHOOK_TYPE, payload.as_bytes()));
    let body = json!({
        "payload": base64::encode(payload.as_bytes()),
        "payloadType": WEBHOOK_TYPE,
        "signatures": [{
            "keyid": key(7).did().fingerprint(),
            "sig": base64::encode(signature.as_bytes()),
        }],
    });
    let answer = server.request("POST", PATH, "", &body.to_string()).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}

/// What the page of an entry says about its delivery to an organization, and the tag it comes with.
async fn delivery(server: &Server, index: u64, domain: &str) -> (String, String) {
    let answer = server.get(&link(server, index).await).await;
    let page = html(&answer).replace("<bdi>", "").replace("</bdi>", "");
    let row = page.split(&format!("<dt>Delivery to {domain}</dt><dd>")).nth(1);
    let said = row.unwrap_or_else(|| panic!("no row for {domain} in {page}")).split('<').next();
    (said.unwrap().to_owned(), answer.header("etag").unwrap().to_owned())
}

/// Waits until the page says that.
async fn until(server: &Server, index: u64, wanted: &str) {
    for _ in 0..500 {
        if delivery(server, index, "acme.example").await.0 == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(delivery(server, index, "acme.example").await.0, wanted);
}

#[tokio::test]
async fn an_entry_says_whether_it_was_delivered_and_never_where_to() {
    let server = Server::start().await;
    let (resolve, answer) = site();
    let nobody = "down.acme.example=127.0.0.1:1".parse().unwrap();
    let resolve = [resolve.parse().unwrap(), nobody];
    server.look_at_domains(&resolve);
    *answer.lock().unwrap() = document(7, "2027-01-01T00:00:00Z");
    let domain = [("domain", Json::text("acme.example"))];
    server.log(follow_up("claim", 7, server.now(), &domain, &[])).await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let before = 3;
    let none = "No endpoint registered";
    assert_eq!(delivery(&server, before, "acme.example").await.0, none, "nothing is delivered");
    server.deliver(&resolve);
    let (first, tag) = delivery(&server, before, "acme.example").await;
    assert_eq!(first, none);

    register(&server, "https://acme.example/a-secret-path", 1).await;
    let (said, other) = delivery(&server, before, "acme.example").await;
    assert_eq!(
        said,
        format!("The endpoint that is registered gets entries from number {} on", before + 1)
    );
    assert_ne!(tag, other, "who asks again with the old tag is sent the page");
    server.log(agreement_with("acme.example", 2, server.now())).await;
    until(&server, before + 1, "Delivered 20 November 2026, 10:30 UTC").await;
    server.log(agreement_with("other.example", 3, server.now())).await;
    assert_eq!(delivery(&server, before + 2, "other.example").await.0, none);

    register(&server, "https://down.acme.example/a-secret-path", 2).await;
    server.log(agreement_with("acme.example", 4, server.now())).await;
    server.log(agreement_with("acme.example", 5, server.now())).await;
    until(&server, before + 3, "Tried since 20 November 2026, 10:30 UTC, not taken so far").await;
    let waiting = delivery(&server, before + 4, "acme.example").await.0;
    assert_eq!(waiting, "Endpoint registered, delivery still to come");
    let earlier = delivery(&server, before + 1, "acme.example").await.0;
    assert_eq!(earlier, "Delivered; when, is no longer kept");
    for index in before..=before + 4 {
        let page = html(&server.get(&link(&server, index).await).await);
        for secret in ["a-secret-path", "down.acme.example", "whsec_"] {
            assert!(!page.contains(secret), "{secret} is on the page of entry {index}");
        }
    }
}
