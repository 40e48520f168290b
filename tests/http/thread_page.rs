//! The page of a thread: the agreement first, then everything stated about it in the order of the ledger.

use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{agreement_with, assessment, breach, key, reveal};

async fn thread(server: &Server, index: u64) -> String {
    link(server, index).await.replace("/e/", "/t/")
}

#[tokio::test]
async fn the_agreement_comes_first_and_then_what_was_stated_with_its_words_and_keys() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    server.log(reveal(&sent, 1, server.now())).await;
    server.log(assessment(sent.id, 1, 7, server.now())).await;
    let path = thread(&server, 1).await;
    let answer = server.get(&path).await;
    assert_eq!(answer.status, 200);
    let page = html(&answer);
    let places: Vec<_> =
        [1, 3, 4, 5].iter().map(|index| page.find(&format!("id=\"entry-{index}\""))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {page}");
    assert!(!page.contains("id=\"entry-2\""), "an entry of another thread");
    for wanted in [
        "Refund number 1 &#60;by phone&#62;</q></h1>",
        "Acme refunds 120 euros.",
        "What was said.",
        "Asked 7 times.",
        key(1).did().as_str(),
        "href=\"/api/v1/entries/3/bundle\"",
        &format!("href=\"/api/v1/threads/{}\"", sent.id),
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    let api = format!("<{}/api/v1/threads/{}>; rel=\"alternate\"", server.url(), sent.id);
    assert!(answer.head.to_lowercase().contains(&format!("link: {api}")), "{}", answer.head);
    for index in [1, 3, 4] {
        let entry = html(&server.get(&link(&server, index).await).await);
        assert!(entry.contains(&format!("<a href=\"{path}\">")), "entry {index} leads to it");
    }
}

#[tokio::test]
async fn a_wrong_hash_or_an_entry_that_is_no_agreement_has_no_thread() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    let (first, breach) = (thread(&server, 1).await, thread(&server, 2).await);
    let other_hash = breach.split_once('-').unwrap().1;
    for path in [
        format!("/t/1-{other_hash}"),
        breach.clone(),
        thread(&server, 0).await,
        format!("{first}?cursor=0"),
        "/t/1".to_owned(),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 404, "{path}");
        let page = html(&answer);
        assert!(page.contains("action=\"/search\""), "{path}: {page}");
        assert!(!page.contains("acme.example"), "{path}");
    }
}

#[tokio::test]
async fn a_long_thread_is_shown_in_parts_with_the_agreement_on_each() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    for nth in 1..=60 {
        server.log(assessment(sent.id, 1, nth, server.now())).await;
    }
    let path = thread(&server, 1).await;
    let newest = html(&server.get(&path).await);
    assert!(newest.contains("id=\"entry-61\"") && !newest.contains("id=\"entry-11\""), "{newest}");
    assert!(newest.contains("<bdi>10</bdi> entries in between"), "{newest}");
    let earlier = format!("{path}?cursor=11");
    assert!(newest.contains(&format!("href=\"{earlier}\" rel=\"prev\"")), "{newest}");
    let oldest = html(&server.get(&earlier).await);
    assert!(oldest.contains(&format!("<a href=\"{path}\">Show the newest")), "{oldest}");
    assert!(!oldest.contains("in between"), "{oldest}");
    for index in 2..=61 {
        let shown = |page: &str| page.contains(&format!("id=\"entry-{index}\""));
        assert_ne!(shown(&newest), shown(&oldest), "entry {index} is on one of the two");
    }
    assert!([newest, oldest].iter().all(|page| page.contains("id=\"entry-1\"")));
}
