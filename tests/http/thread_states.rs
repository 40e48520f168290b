//! The state of a thread and the metrics of an organization as the API answers them.

use onrecord::crypto::PrivateKey;
use onrecord::encoding::time::Moment;
use serde_json::{Value, json};

use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, assessment, breach, key, policy};

fn at(text: &str) -> Moment {
    Moment::parse_seconds(text).unwrap()
}

async fn state(server: &Server, id: &str) -> Value {
    let answer = server.get(&format!("/api/v1/threads/{id}")).await;
    assert_eq!(answer.status, 200);
    schema::expect("thread", &answer.body)["state"].clone()
}

fn status(state: &Value) -> Value {
    state["breaches"][0]["asked"][0]["status"].clone()
}

#[tokio::test]
async fn silence_becomes_a_public_state_with_no_new_entry() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    let id = sent.id.to_string();
    let first = state(&server, &id).await;
    assert_eq!(first["subjects"][0]["standing"], "one_sided");
    assert_eq!(first["commitments"][0]["status"], "broken");
    assert_eq!(status(&first), "awaiting_first_response");
    assert_eq!(first["breaches"][0]["asked"][0]["entries"], json!([0, 2]), "policy and breach");
    let change = first["next_change"].as_str().unwrap();
    server.set_clock(&at(change).minus(std::time::Duration::from_secs(1)).to_seconds());
    assert_eq!(state(&server, &id).await, first);
    server.set_clock(change);
    let later = state(&server, &id).await;
    assert_eq!(status(&later), "first_response_overdue");
    assert_eq!(server.get("/api/v1/entries").await.status, 200);
    server.set_clock(later["next_change"].as_str().unwrap());
    let last = state(&server, &id).await;
    assert_eq!((status(&last), &last["next_change"]), ("long_overdue".into(), &Value::Null));
}

#[tokio::test]
async fn the_days_of_a_breach_are_those_of_the_policy_before_it_whoever_signed_that() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let due = |number: usize| {
        let (server, id) = (&server, sent.id.to_string());
        async move {
            let asked = state(server, &id).await["breaches"][number]["asked"][0].clone();
            let day = |name: &str| asked[name]["day"].as_str().unwrap().to_owned();
            let set_by = asked["first_response_due"]["set_by"].as_u64().unwrap();
            (set_by, day("first_response_due"), day("final_response_due"))
        }
    };
    server.log(breach(sent.id, 1, server.now())).await;
    let first = due(0).await;
    assert_eq!(first.0, 0, "the policy of entry 0");
    let (founder, second) = (PrivateKey::from_seed(&[42; 32]), key(77));
    server.log(policy(&founder, &second, 3, server.now())).await;
    server.log(policy(&second, &key(78), 5, server.now())).await;
    server.set_clock("2026-11-20T10:31:00Z");
    server.log(breach(sent.id, 1, at("2026-11-20T10:31:00Z"))).await;
    assert_eq!(due(1).await, (4, "2026-11-25".to_owned(), "2026-11-30".to_owned()));
    assert_eq!(due(0).await, first, "later policies change nothing");
}

#[tokio::test]
async fn metrics_grow_with_the_log_and_name_their_checkpoint() {
    let server = Server::start().await;
    let path = "/api/v1/organizations/acme.example/metrics";
    assert_eq!(server.get(path).await.status, 404, "nothing is on record about it");
    let mut threads = Vec::new();
    for number in 1..=6 {
        threads.push(server.log(agreement_with("acme.example", number, server.now())).await);
    }
    server.log(agreement_with("other.example", 7, server.now())).await;
    let metrics = |days: u16| {
        let server = &server;
        async move {
            let answer = server.get(&format!("{path}?days={days}")).await;
            schema::expect("metrics", &answer.body)
        }
    };
    let figure = |metrics: &Value, name: &str| {
        let figures = metrics["figures"].as_array().unwrap();
        let found = figures.iter().find(|figure| figure["name"] == name).unwrap();
        (found["numerator"].clone(), found["denominator"].clone(), found["percent"].clone())
    };
    let first = metrics(90).await;
    assert_eq!(figure(&first, "agreements"), (6.into(), 6.into(), Value::Null));
    assert_eq!(figure(&first, "one_sided"), (6.into(), 6.into(), 100.into()));
    assert_eq!(figure(&first, "unassessed"), (0.into(), 0.into(), Value::Null));
    server.log(breach(threads[0].id, 1, server.now())).await;
    server.log(assessment(threads[0].id, 1, 1, server.now())).await;
    let second = metrics(365).await;
    assert_eq!(figure(&second, "not_resolved"), (1.into(), 1.into(), Value::Null));
    assert_eq!(figure(&second, "withheld"), (0.into(), 8.into(), 0.into()));
    assert_eq!(second["_meta"]["checkpoint_size"], 10);
    assert_eq!(second["until"], second["_meta"]["as_of"]);
    assert_eq!(server.get(&format!("{path}?days=91")).await.status, 400);
}
