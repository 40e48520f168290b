//! The page on which a signer states what became of an agreement: what it offers, and of what.

use onrecord::statement::StatementId;

use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{agreement_with, breach, follow_up, key};
use onrecord::encoding::json::Json;

async fn path(server: &Server, index: u64) -> String {
    format!("{}/add", link(server, index).await.replace("/e/", "/t/"))
}

/// The box of a kind.
fn choice<'a>(page: &'a str, kind: &str) -> &'a str {
    let from = page.find(&format!("id=\"kind-{kind}\"")).expect("the kind is there");
    page[from..].split('>').next().unwrap()
}

async fn logged(server: &Server) -> StatementId {
    server.log(agreement_with("acme.example", 1, server.now())).await.id
}

#[tokio::test]
async fn the_page_lists_the_commitments_the_words_and_every_kind() {
    let server = Server::start().await;
    let id = logged(&server).await;
    let path = path(&server, 1).await;
    let answer = server.get(&path).await;
    assert_eq!(answer.status, 200);
    let page = html(&answer);
    for wanted in [
        "id=\"number_1\" value=\"1\"",
        "Acme refunds 120 euros.",
        &format!("data-thread=\"{id}\""),
        &format!("data-signers=\"{}\"", key(1).did()),
        &format!("data-re=\"{id}\""),
        "data-name=\"title\"",
        "onrecord sign breach breach.toml",
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    assert!(!page.contains("id=\"number_2\""), "there is one commitment");
    for kind in
        ["breach", "fulfilment", "assessment", "termination", "withdrawal", "reveal", "erasure"]
    {
        assert!(!choice(&page, kind).contains("disabled"), "{kind}");
    }
    let thread = html(&server.get(path.trim_end_matches("/add")).await);
    assert!(thread.contains(&format!("href=\"{path}\"")), "the thread leads to it");
}

#[tokio::test]
async fn after_a_withdrawal_only_what_can_be_admitted_is_offered() {
    let server = Server::start().await;
    let id = logged(&server).await;
    let thread = [("thread", Json::text(id.to_string()))];
    server.log(follow_up("withdrawal", 1, server.now(), &thread, &[])).await;
    let page = html(&server.get(&path(&server, 1).await).await);
    for kind in ["breach", "fulfilment", "termination", "withdrawal", "reveal", "erasure"] {
        assert!(choice(&page, kind).contains("disabled"), "{kind}");
    }
    assert!(!choice(&page, "assessment").contains("disabled"));
    assert!(page.contains("the signers withdrew"), "it says why");
}

#[tokio::test]
async fn what_is_no_agreement_or_another_hash_has_no_such_page() {
    let server = Server::start().await;
    let id = logged(&server).await;
    server.log(breach(id, 1, server.now())).await;
    let (first, second) = (path(&server, 1).await, path(&server, 2).await);
    let hash_of_second = second.split_once('-').unwrap().1;
    for path in [second.clone(), format!("/t/1-{hash_of_second}"), "/t/1/add".to_owned()] {
        assert_eq!(server.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(server.get(&first).await.status, 200);
}
