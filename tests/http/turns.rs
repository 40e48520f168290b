//! What the clock alone changes is told to those who follow, to whom it concerns and once.

use onrecord::encoding::time::Moment;

use crate::follower::Follower;
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, breach, decision};

const AFTER_ALL_DAYS: &str = "2027-12-01T12:00:00Z";

fn at(text: &str) -> Moment {
    Moment::parse_seconds(text).unwrap()
}

async fn next_change(server: &Server, id: &str) -> String {
    let answer = server.get(&format!("/api/v1/threads/{id}")).await;
    let thread = schema::expect("thread", &answer.body);
    thread["state"]["next_change"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn silence_is_told_at_the_moment_it_is_overdue_with_no_new_entry() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    let id = sent.id.to_string();
    let mut stream = Follower::of(&server, "").await;
    assert_eq!(stream.next().await.unwrap().name, "checkpoint");
    for status in ["first_response_overdue", "long_overdue"] {
        let change = next_change(&server, &id).await;
        server.set_clock(&change);
        let event = stream.next_named("state").await;
        assert_eq!(event.id, None, "a cursor stays an index");
        let told = event.json();
        assert_eq!((&told["index"], &told["thread"]), (&1.into(), &id.clone().into()));
        assert_eq!(told["at"], change);
        assert_eq!(told["breaches"][0]["status"], status);
        assert_eq!(
            (&told["breaches"][0]["entry"], &told["commitments"]),
            (&2.into(), &serde_json::json!([]))
        );
    }
    assert_eq!(server.get("/api/v1/entries/3").await.status, 404, "with no new entry");
}

#[tokio::test]
async fn days_that_pass_at_once_are_told_one_after_the_other() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    let mut stream = Follower::of(&server, "").await;
    server.set_clock(AFTER_ALL_DAYS);
    let first = stream.next_named("state").await.json();
    let second = stream.next_named("state").await.json();
    assert_eq!(first["breaches"][0]["status"], "first_response_overdue");
    assert_eq!(second["breaches"][0]["status"], "long_overdue");
    assert!(first["at"].as_str() < second["at"].as_str());
}

#[tokio::test]
async fn only_those_are_told_whom_it_concerns_and_nothing_of_what_is_withheld() {
    let server = Server::start().await;
    let mut threads = Vec::new();
    for (domain, number) in [("acme.example", 1), ("bolt.example", 2), ("acme.example", 3)] {
        let sent = server.log(agreement_with(domain, number, server.now())).await;
        server.log(breach(sent.id, number, server.now())).await;
        threads.push(sent.id);
    }
    server.log(decision("withheld", threads[2], &[], server.now())).await;
    let all = Follower::of(&server, "").await;
    let acme = Follower::of(&server, "?domain=acme.example").await;
    let bolt = Follower::of(&server, &format!("?thread={}", threads[1])).await;
    let mut breaches = Follower::of(&server, "?kind=breach").await;
    server.set_clock(AFTER_ALL_DAYS);
    // An entry that comes after it ends what is looked at.
    let end = server.log(agreement_with("end.example", 4, at(AFTER_ALL_DAYS))).await;
    for (mut stream, wanted) in [(all, vec![1, 3, 1, 3]), (acme, vec![1, 1]), (bolt, vec![3, 3])] {
        let mut told = Vec::new();
        while told.len() < wanted.len() {
            told.push(stream.next_named("state").await.json()["index"].as_u64().unwrap());
        }
        assert_eq!(told, wanted);
    }
    server.log(breach(end.id, 4, at(AFTER_ALL_DAYS))).await;
    loop {
        let event = breaches.next().await.expect("the stream goes on");
        assert_ne!(event.name, "state", "a turn is of no kind");
        if event.name == "entry" {
            break;
        }
    }
}
