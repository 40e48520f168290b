//! The one search box, over HTTP.

use serde_json::Value;

use crate::client::Raw;
use crate::schema;
use crate::server::{Options, Server};
use crate::signing::{agreement_with, erase_title};

/// Searches as soon as the search is built.
async fn search(server: &Server, query: &str) -> Value {
    let answer = answer(server, query).await;
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    schema::expect("search", &answer.body)
}

async fn answer(server: &Server, query: &str) -> Raw {
    loop {
        let answer = server.get(&format!("/api/v1/search?{query}")).await;
        if answer.status != 503 {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

fn indices(found: &Value) -> Vec<u64> {
    let entries = found["entries"].as_array().unwrap();
    entries.iter().map(|entry| entry["index"].as_u64().unwrap()).collect()
}

#[tokio::test]
async fn one_box_finds_an_entry_by_each_of_its_names() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("other.example", 2, server.now())).await;
    let entry = schema::expect("entry", &server.get("/api/v1/entries/1").await.body);
    let hash = entry["leaf_hash"].as_str().unwrap();
    for (query, found_by) in [
        ("q=1".to_owned(), "entry_number"),
        ("q=%231".to_owned(), "entry_number"),
        (format!("q={}", sent.id), "statement_id"),
        (format!("q={hash}"), "leaf_hash"),
        (format!("q={}", &hash[..32]), "leaf_hash"),
        (format!("q=http%3A%2F%2Fx%2Fe%2F1-{}", &hash[..32]), "link"),
        ("q=Acme.EXAMPLE".to_owned(), "domain"),
        ("q=ph%C3%B4ne+number+REFUND+1".to_owned(), "words"),
    ] {
        let found = search(&server, &query).await;
        assert_eq!((found["found_by"].as_str(), indices(&found)), (Some(found_by), vec![1]));
        let domain = (found_by == "domain").then_some("acme.example");
        assert_eq!(found["domain"].as_str(), domain, "{query}");
        assert_eq!(found["_meta"]["checkpoint_size"], 3);
    }
    assert_eq!(indices(&search(&server, "q=").await), [0; 0]);
    assert_eq!(indices(&search(&server, "q=nothing").await), [0; 0]);
}

#[tokio::test]
async fn what_matches_comes_in_pages() {
    let server = Server::start().await;
    for number in 1..6 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    let mut seen = Vec::new();
    let mut query = "q=refund&limit=2".to_owned();
    loop {
        let page = search(&server, &query).await;
        seen.push(indices(&page));
        let Some(next) = page["next"].as_u64() else { break };
        query = format!("q=refund&limit=2&cursor={next}");
    }
    assert_eq!(seen, [vec![5, 4], vec![3, 2], vec![1]]);
}

#[tokio::test]
async fn an_erased_title_is_not_found_any_more() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    assert_eq!(indices(&search(&server, "q=refund").await), [2, 1]);
    server.log(erase_title(sent.id, 1, server.now())).await;
    assert_eq!(indices(&search(&server, "q=refund").await), [2]);
}

#[tokio::test]
async fn a_search_that_cannot_be_read_is_400() {
    let server = Server::start().await;
    let long = "é".repeat(257);
    for query in ["", "q=a&limit=0", "q=a&limit=501", "q=a&cursor=x", "q=a&page=2", "q=a&q=b"] {
        assert_eq!(answer(&server, query).await.status, 400, "{query}");
    }
    assert_eq!(answer(&server, &format!("q={long}")).await.status, 400);
    assert_eq!(answer(&server, &format!("q={}", &long[2..])).await.status, 200);
}

#[tokio::test]
async fn until_the_search_is_built_it_says_so_and_the_rest_is_served() {
    let before = Server::start().await;
    before.log(agreement_with("acme.example", 1, before.now())).await;
    before.stop_ledger().await;
    let folder = before.folder().clone();
    let server =
        Server::start_with(Options { folder, index_waits: true, ..Options::default() }).await;
    let answer = server.get("/api/v1/search?q=refund").await;
    let problem = schema::expect("problem", &answer.body);
    assert_eq!((answer.status, &problem["type"]), (503, &"/problems/starting".into()));
    assert_eq!(problem["detail"], "The search is being built, 0 of 2 entries.");
    assert_eq!(answer.header("retry-after"), Some("5"));
    assert_eq!(server.get("/checkpoint").await.status, 200);
    server.index_gate().open();
    assert_eq!(indices(&search(&server, "q=refund").await), [1]);
}
