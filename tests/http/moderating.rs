//! What the operator withholds is shown nowhere, and who decided so, when and on what ground is shown instead.

use onrecord::tlog;
use serde_json::Value;

use crate::follower::Follower;
use crate::schema;
use crate::server::Server;
use crate::signing::{about_words, agreement_with, breach, decision, key, title_of};

async fn entry(server: &Server, index: u64) -> Value {
    schema::expect("entry", &server.get(&format!("/api/v1/entries/{index}")).await.body)
}

fn title(entry: &Value) -> Value {
    let words = entry["disclosures"].as_array().unwrap();
    words.iter().find(|word| word["name"] == "title").unwrap().clone()
}

async fn page(server: &Server, entry: &Value) -> String {
    let hash = &entry["leaf_hash"].as_str().unwrap()[..32];
    let answer = server.get(&format!("/e/{}-{hash}", entry["index"])).await;
    assert_eq!(answer.status, 200);
    String::from_utf8(answer.body).unwrap()
}

/// How many entries a search for the words of the title finds.
async fn found(server: &Server) -> usize {
    let body = server.get("/api/v1/search?q=refund+number").await.body;
    let found: Value = serde_json::from_slice(&body).unwrap();
    found["entries"].as_array().unwrap().len()
}

#[tokio::test]
async fn withheld_words_are_shown_nowhere_until_they_are_restored() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let [withheld, restored] =
        ["withheld", "restored"].map(|what| decision(what, sent.id, &[title_of(1)], server.now()));
    assert_eq!(found(&server).await, 1);
    let mut before = Follower::of(&server, "?cursor=1").await;
    assert!(before.next().await.unwrap().data.contains("Refund number"));
    server.log(withheld).await;
    let after = Follower::of(&server, "?cursor=1").await.next().await.unwrap();
    assert!(!after.data.contains("Refund number"), "a stream sends it to nobody any more");
    let shown = entry(&server, 1).await;
    let word = title(&shown);
    assert_eq!((&word["state"], &word["value"]), (&"withheld".into(), &Value::Null));
    assert_eq!(
        (&word["withheld"]["index"], &word["withheld"]["ground"]),
        (&2.into(), &"privacy".into())
    );
    assert_eq!(found(&server).await, 0, "its words lead nowhere");
    for path in [
        "/",
        "/o/acme.example",
        "/search?q=refund",
        "/feed.json",
        "/feed.atom",
        "/o/acme.example/feed.json",
        "/live",
        "/api/v1/entries/1/bundle",
        "/api/v1/entries",
        "/api/v1/dump.jsonl?from=0",
        "/api/v1/dump.csv?from=0",
    ] {
        let text = String::from_utf8(server.get(path).await.body).unwrap();
        assert!(!text.contains("Refund number"), "{path}");
    }
    let page_now = page(&server, &shown).await;
    assert!(!page_now.contains("Refund number"));
    assert!(page_now.contains("Withheld on") && page_now.contains("privacy"), "{page_now}");
    server.log(restored).await;
    assert_eq!(title(&entry(&server, 1).await)["state"], "public");
    assert_eq!(found(&server).await, 1);
}

#[tokio::test]
async fn a_withheld_entry_keeps_its_place_and_says_nothing() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let leaf = tlog::leaf_hash(&leaf_of(&entry(&server, 1).await));
    server.log(decision("withheld", sent.id, &[], server.now())).await;
    let shown = entry(&server, 1).await;
    assert_eq!((&shown["statement"], &shown["entry"]), (&Value::Null, &Value::Null));
    assert_eq!(shown["withheld"]["index"], 2);
    assert!(shown["disclosures"].as_array().unwrap().iter().all(|word| word["value"].is_null()));
    let page = page(&server, &shown).await;
    for said in ["acme.example", "Refund number", "120 euros", "spoken"] {
        let main = page.split("<main").nth(1).unwrap().split("id=\"stands\"").next().unwrap();
        assert!(!main.contains(said), "{said}");
    }
    assert_eq!(server.get("/api/v1/entries/1/bundle").await.status, 451);
    let link = format!("1-{}", &shown["leaf_hash"].as_str().unwrap()[..32]);
    for path in [format!("/badge/{link}.svg"), format!("/embed/{link}")] {
        assert_eq!(server.get(&path).await.status, 451, "{path}");
    }
    let tile = server.get("/tile/0/000.p/3").await.body;
    assert_eq!(&tile[32..64], leaf.as_bytes(), "the tiles still serve it");
    server.log(decision("restored", sent.id, &[], server.now())).await;
    assert_eq!(tlog::leaf_hash(&leaf_of(&entry(&server, 1).await)), leaf);
}

#[tokio::test]
async fn nothing_is_due_of_an_agreement_that_is_withheld() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    let text = |body: Vec<u8>| String::from_utf8(body).unwrap();
    let link = format!("1-{}", &entry(&server, 1).await["leaf_hash"].as_str().unwrap()[..32]);
    let places = ["/o/acme.example/due.ics".to_owned(), format!("/t/{link}/due.ics")];
    let thread = format!("/api/v1/threads/{}", sent.id);
    for is_withheld in [false, true] {
        if is_withheld {
            server.log(decision("withheld", sent.id, &[], server.now())).await;
        }
        for place in &places {
            let calendar = server.get(place).await;
            assert_eq!(calendar.status, 200, "{place}");
            assert_eq!(!text(calendar.body).contains("BEGIN:VEVENT"), is_withheld, "{place}");
        }
        let page = text(server.get("/o/acme.example").await.body);
        assert_eq!(page.contains("Nothing that is due"), is_withheld, "{page}");
        let thread = schema::expect("thread", &server.get(&thread).await.body);
        assert_eq!(thread["state"].is_null(), is_withheld, "what it says shows in its state");
    }
}

fn leaf_of(entry: &Value) -> Vec<u8> {
    onrecord::encoding::base64::decode(entry["entry"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn every_notice_and_decision_is_listed() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let text = |body: Vec<u8>| String::from_utf8(body).unwrap();
    assert!(text(server.get("/moderation").await.body).contains("No notice was given"));
    let role = [("role", "subject_person")];
    let notice = about_words("notice", &key(7), sent.id, &[title_of(1)], &role, server.now());
    server.log(notice).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    server.log(decision("withheld", sent.id, &[title_of(1)], server.now())).await;
    let listed = |list: Value| -> Vec<u64> {
        let entries = list["entries"].as_array().unwrap();
        entries.iter().map(|entry| entry["index"].as_u64().unwrap()).collect()
    };
    let first = schema::expect("entry-list", &server.get("/api/v1/moderation?limit=1").await.body);
    assert_eq!((listed(first.clone()), &first["next"]), (vec![4], &2.into()));
    let rest = server.get("/api/v1/moderation?limit=1&cursor=2").await.body;
    let rest = schema::expect("entry-list", &rest);
    assert_eq!((listed(rest.clone()), &rest["next"]), (vec![2], &Value::Null));
    let page = text(server.get("/moderation").await.body);
    for said in ["Moderation", "Notice", "the person that the words are about", "/e/1-", "no party"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("Refund number"), "what is withheld is not quoted");
}
