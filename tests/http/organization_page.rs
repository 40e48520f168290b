//! The page of an organization: every entry that names its domain, page by page, and nothing else.

use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{agreement_with, breach};

#[tokio::test]
async fn the_page_lists_what_names_the_domain_and_nothing_else() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("other.example", 2, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    let answer = server.get("/o/acme.example").await;
    assert_eq!(answer.status, 200);
    let page = html(&answer);
    let (first, other, newest) =
        (link(&server, 1).await, link(&server, 2).await, link(&server, 3).await);
    let place = |path: &str| page.find(&format!("<a href=\"{path}\">"));
    assert!(place(&newest) < place(&first) && place(&newest).is_some(), "newest first: {page}");
    assert_eq!(place(&other), None, "another organization's entry");
    for wanted in [
        "<bdi>2</bdi> entries name this domain.",
        "Nobody from <bdi>acme.example</bdi> has claimed this page.",
        "onrecord audit http",
        "<h1><bdi translate=\"no\">acme.example</bdi></h1>",
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    let api = format!("<{}/api/v1/organizations/acme.example/entries>", server.url());
    assert!(answer.head.to_lowercase().contains(&format!("link: {api}")), "{}", answer.head);
}

#[tokio::test]
async fn every_entry_is_on_exactly_one_page_of_a_long_list() {
    let server = Server::start().await;
    for number in 1..=55 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    let first = html(&server.get("/o/acme.example?lang=es").await);
    let older = "/o/acme.example?cursor=5&#38;lang=es";
    assert!(first.contains(&format!("href=\"{older}\" rel=\"next\"")), "{first}");
    assert!(first.contains("De la <bdi>1</bdi> a la <bdi>50</bdi> de <bdi>55</bdi>"), "{first}");
    let second = html(&server.get(&older.replace("&#38;", "&")).await);
    assert!(second.contains("De la <bdi>51</bdi> a la <bdi>55</bdi> de <bdi>55</bdi>"), "{second}");
    assert!(second.contains("href=\"/o/acme.example?lang=es\""), "{second}");
    for number in 1..=55 {
        let title = format!("Refund number {number} ");
        let times = [&first, &second].map(|page| page.matches(&title).count());
        assert_eq!(times.iter().sum::<usize>(), 1, "{title}");
    }
    let elsewhere = server.get("/o/acme.example?cursor=0").await;
    assert_eq!(elsewhere.status, 404, "a cursor that is no entry about it");
    assert_eq!(server.get("/o/acme.example?cursor=x").await.status, 400);
}

#[tokio::test]
async fn a_domain_that_nothing_names_has_a_page_that_says_so() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let answer = server.get("/o/shop.acme.example").await;
    assert_eq!(answer.status, 404);
    let page = html(&answer);
    assert!(page.contains("Nothing on record names this domain."), "{page}");
    assert!(page.contains("action=\"/search\"") && page.contains("noindex"), "{page}");
}

#[tokio::test]
async fn a_name_in_another_script_is_shown_both_ways() {
    let server = Server::start().await;
    server.log(agreement_with("xn--bcher-kva.example", 1, server.now())).await;
    let typed = server.get("/o/B%C3%BCcher.Example?lang=es").await;
    assert_eq!(typed.status, 303);
    assert_eq!(typed.header("location"), Some("/o/xn--bcher-kva.example?lang=es"));
    let page = html(&server.get("/o/xn--bcher-kva.example").await);
    assert!(page.contains("<h1><bdi translate=\"no\">xn--bcher-kva.example</bdi></h1>"), "{page}");
    assert!(page.contains("In its own script: <bdi>bücher.example</bdi>"), "{page}");
    assert_eq!(server.get("/o/no%20name").await.status, 400);
}
