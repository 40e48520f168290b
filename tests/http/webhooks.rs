//! What is asked about webhooks is told apart from everything else before anything is done.

use serde_json::Value;

use crate::schema;
use crate::server::Server;

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
