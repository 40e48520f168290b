//! The page of the ledger: its checkpoint, its key, its rules, and where everything is.

use crate::entry_page::{html, link};
use crate::server::{Options, Server};
use crate::signing::agreement_with;

#[tokio::test]
async fn the_page_shows_the_checkpoint_the_policy_and_the_rules_in_force() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let answer = server.get("/ledger").await;
    assert_eq!(answer.status, 200);
    let page = html(&answer);
    for path in ["/checkpoint", "/log.policy"] {
        let text = html(&server.get(path).await);
        assert!(
            page.contains(&format!("<pre translate=\"no\" dir=\"ltr\"><code>{text}")),
            "{page}"
        );
        assert!(page.contains(&format!("href=\"{path}\"")), "{path}");
    }
    let policy = link(&server, 0).await;
    assert!(page.contains(&format!("<a href=\"{policy}\">Ledger policy")), "{page}");
    assert!(page.contains("Time for a response") && page.contains("Keys of the operator"));
    assert!(page.contains(&format!("onrecord audit {}", server.url())), "{page}");
    let alternate = format!("<{}/checkpoint>; rel=\"alternate\"", server.url());
    assert!(answer.header("link").unwrap().starts_with(&alternate));
    assert!(page.contains("<a href=\"/ledger\" aria-current=\"page\">Ledger</a>"), "{page}");
}

#[tokio::test]
async fn the_tiles_named_are_the_newest_there_are() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let page = html(&server.get("/ledger").await);
    for path in ["/tile/entries/000.p/2", "/tile/0/000.p/2"] {
        assert!(page.contains(&format!("href=\"{path}\"")), "{path} in {page}");
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn the_checkpoint_is_shown_while_the_rules_cannot_be_looked_up() {
    let server = Server::start().await;
    let folder = server.folder().clone();
    server.stop_ledger().await;
    let again =
        Server::start_with(Options { folder, index_waits: true, ..Options::default() }).await;
    let answer = again.get("/ledger").await;
    assert_eq!(answer.status, 200);
    let page = html(&answer);
    assert!(page.contains("the ledger was just started") && page.contains("/checkpoint"), "{page}");
    assert!(!page.contains("Keys of the operator"));
    again.index_gate().open();
}
