//! The search box: what a query names is opened, words of titles are listed.

use crate::entry_page::{html, link};
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, erase_title};

/// Waits until the search has every entry.
pub async fn searchable(server: &Server) {
    while server.get("/search?q=refund").await.status == 503 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_names_an_entry_or_an_organization_leads_to_its_page() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    searchable(&server).await;
    let entry = link(&server, 1).await;
    let shape = schema::expect("entry", &server.get("/api/v1/entries/1").await.body);
    let id = sent.id.to_string().replace(':', "%3A");
    for (query, wanted) in [
        ("1", entry.as_str()),
        ("%231", &entry),
        (shape["leaf_hash"].as_str().unwrap(), &entry),
        (&id, &entry),
        (&entry[3..], &entry),
        ("acme.example", "/o/acme.example"),
        ("ACME.example", "/o/acme.example"),
        ("nobody.example", "/o/nobody.example"),
    ] {
        let answer = server.get(&format!("/search?q={query}")).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some(wanted)), "{query}");
    }
    let chosen = server.get("/search?q=1&lang=ar").await;
    assert_eq!(chosen.header("location"), Some(format!("{entry}?lang=ar").as_str()));
}

#[tokio::test]
async fn words_of_public_titles_are_listed_page_by_page() {
    let server = Server::start().await;
    for number in 1..=25 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    searchable(&server).await;
    let first = html(&server.get("/search?q=refund%20PHO&lang=es").await);
    assert_eq!(first.matches("<li>\n<p class=\"eyebrow\">").count(), 20, "{first}");
    assert!(first.contains("value=\"refund PHO\"") && first.contains("noindex"), "{first}");
    let older = "/search?q=refund%20PHO&#38;cursor=5&#38;lang=es";
    assert!(first.contains(&format!("href=\"{older}\" rel=\"next\"")), "{first}");
    let second = html(&server.get(&older.replace("&#38;", "&")).await);
    assert!(second.contains("Refund number 1 ") && !second.contains("rel=\"next\""), "{second}");
}

#[tokio::test]
async fn what_is_erased_is_not_found_and_what_is_asked_is_escaped() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(erase_title(sent.id, 1, server.now())).await;
    searchable(&server).await;
    for query in ["refund", "%22%3E%3Cb%3E"] {
        let page = html(&server.get(&format!("/search?q={query}")).await);
        assert!(page.contains("Nothing on record was found"), "{page}");
        assert!(!page.contains("<b>") && !page.contains("class=\"entries\""), "{page}");
    }
    let empty = server.get("/search?q=").await;
    assert_eq!(empty.status, 200);
    assert!(html(&empty).contains("The box takes"), "{}", html(&empty));
    assert_eq!(server.get(&format!("/search?q={}", "x".repeat(257))).await.status, 400);
}

#[tokio::test]
async fn the_first_page_has_the_box_and_leads_to_publishing_in_the_language_chosen() {
    let server = Server::start().await;
    let page = html(&server.get("/?lang=ar").await);
    assert!(page.contains("action=\"/search\" method=\"get\""), "{page}");
    assert!(page.contains("<input type=\"hidden\" name=\"lang\" value=\"ar\">"), "{page}");
    assert!(page.contains("<a class=\"button\" href=\"/publish?lang=ar\">"), "{page}");
}
