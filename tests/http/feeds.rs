//! Feeds: the newest entries for readers of feeds, with public words only and no mark-up of theirs.

use serde_json::Value;

use crate::entry_page::{html, link};
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, assessment, breach, erase_title};

async fn json(server: &Server, path: &str) -> Value {
    let answer = server.get(path).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/feed+json"))
    );
    schema::expect("feed", &answer.body)
}

fn titles(feed: &Value) -> Vec<&str> {
    let items = feed["items"].as_array().unwrap();
    items.iter().map(|item| item["title"].as_str().unwrap()).collect()
}

/// A ledger with two organizations, of which one has a thread of three entries.
async fn server() -> (Server, String) {
    let server = Server::start().await;
    let first = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("bolt.example", 20, server.now())).await;
    server.log(breach(first.id, 1, server.now())).await;
    server.log(assessment(first.id, 1, 2, server.now())).await;
    let thread = link(&server, 1).await.replace("/e/", "/t/");
    (server, thread)
}

#[tokio::test]
async fn ledger_organization_and_thread_have_their_newest_entries_first() {
    let (server, thread) = server().await;
    let all = json(&server, "/feed.json").await;
    assert_eq!(titles(&all).len(), 5);
    assert_eq!(titles(&all)[2], "Agreement · bolt.example: Refund number 20 <by phone>");
    let of_acme = json(&server, "/o/acme.example/feed.json").await;
    let of_thread = json(&server, &format!("{thread}/feed.json")).await;
    assert_eq!((titles(&of_acme).len(), titles(&of_thread).len()), (3, 3));
    assert_eq!(of_acme["items"], of_thread["items"]);
    let newest = &of_acme["items"][0];
    assert_eq!(newest["tags"], serde_json::json!(["assessment", "acme.example"]));
    assert!(newest["content_text"].as_str().unwrap().contains("Asked 2 times."), "{newest}");
    assert_eq!(newest["id"], format!("{}{}", server.url(), link(&server, 4).await));
    assert_eq!(of_acme["home_page_url"], format!("{}/o/acme.example", server.url()));
    assert_eq!(of_acme["feed_url"], format!("{}/o/acme.example/feed.json", server.url()));
    for path in ["/o/core.example/feed.json", "/t/1-0/feed.atom", "/o/ACME.example/feed.atom"] {
        assert!([400, 404].contains(&server.get(path).await.status), "{path}");
    }
}

#[tokio::test]
async fn atom_says_the_same_and_escapes_what_people_wrote() {
    let (server, thread) = server().await;
    for place in ["", "/o/acme.example", thread.as_str()] {
        let answer = server.get(&format!("{place}/feed.atom")).await;
        assert_eq!(answer.header("content-type"), Some("application/atom+xml; charset=utf-8"));
        let atom = html(&answer);
        let feed = json(&server, &format!("{place}/feed.json")).await;
        let items = feed["items"].as_array().unwrap();
        assert_eq!(atom.matches("<entry>").count(), items.len());
        assert!(atom.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed "));
        for item in items {
            let id = item["id"].as_str().unwrap();
            let time = item["date_published"].as_str().unwrap();
            assert!(atom.contains(&format!("<id>{id}</id>")), "{atom}");
            assert!(atom.contains(&format!("<updated>{time}</updated>")), "{atom}");
        }
        assert!(
            atom.contains("Refund number 1 &#60;by phone&#62;") && !atom.contains("<by phone>")
        );
        let own = format!(
            "rel=\"self\" type=\"application/atom+xml\" href=\"{}{place}/feed.atom\"",
            server.url()
        );
        assert!(atom.contains(&own), "{atom}");
    }
}

#[tokio::test]
async fn pages_lead_to_their_feeds_and_a_language_is_chosen_by_the_address() {
    let (server, thread) = server().await;
    for (page, place) in [("/", ""), ("/o/acme.example", "/o/acme.example"), (&thread, &thread)] {
        let page = html(&server.get(page).await);
        for (kind, ending) in [("atom+xml", "atom"), ("feed+json", "json")] {
            let url = format!("{}{place}/feed.{ending}", server.url());
            let link =
                format!("<link rel=\"alternate\" type=\"application/{kind}\" href=\"{url}\">");
            assert!(page.contains(&link), "{link} is not in\n{page}");
        }
    }
    let spanish = json(&server, "/o/acme.example/feed.json?lang=es").await;
    assert_eq!(spanish["language"], "es");
    assert!(titles(&spanish)[2].starts_with("Acuerdo · acme.example: "), "{spanish}");
}

#[tokio::test]
async fn sealed_and_erased_words_are_in_no_feed() {
    let (server, thread) = server().await;
    let sent = agreement_with("acme.example", 40, server.now());
    let id = sent.id;
    server.log(sent).await;
    let before = html(&server.get("/o/acme.example/feed.atom").await);
    assert!(before.contains("Refund number 40") && before.contains("Acme refunds 120 euros."));
    server.log(erase_title(id, 40, server.now())).await;
    for place in ["", "/o/acme.example", thread.as_str()] {
        for ending in ["atom", "json"] {
            let feed = html(&server.get(&format!("{place}/feed.{ending}")).await);
            for gone in ["Refund number 40", "What was said."] {
                assert!(!feed.contains(gone), "{place}: {feed}");
            }
        }
    }
}
