//! The page of the newest entries: what it shows without a script, and where its stream begins.

use crate::entry_page::html;
use crate::follower::Follower;
use crate::server::Server;
use crate::signing::{agreement_with, breach};

#[tokio::test]
async fn the_stream_begins_where_the_page_ends_and_asks_for_the_same() {
    let server = Server::start().await;
    let first = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("bolt.example", 20, server.now())).await;
    server.log(breach(first.id, 1, server.now())).await;
    for (query, shown, stream) in [
        ("", vec![3, 2, 1, 0], "cursor=4"),
        ("?domain=ACME.example&kind=", vec![3, 1], "cursor=4&#38;domain=acme.example"),
        ("?kind=breach", vec![3], "cursor=4&#38;kind=breach"),
        (
            "?kind=agreement&domain=bolt.example",
            vec![2],
            "cursor=4&#38;domain=bolt.example&#38;kind=agreement",
        ),
        ("?domain=core.example", vec![], "cursor=4&#38;domain=core.example"),
    ] {
        let page = html(&server.get(&format!("/live{query}")).await);
        let listed: Vec<u64> = page
            .split("href=\"/e/")
            .skip(1)
            .map(|link| link.split('-').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(listed, shown, "{query}");
        let wanted = format!("data-stream=\"/api/v1/stream?{stream}\"");
        assert!(page.contains(&wanted), "{wanted} is not in\n{page}");
        let stream = stream.replace("&#38;", "&");
        let mut follower = Follower::of(&server, &format!("?{stream}")).await;
        assert_eq!(
            follower.next().await.unwrap().json()["cursor"],
            4,
            "nothing is left to catch up"
        );
    }
}

#[tokio::test]
async fn the_form_keeps_what_was_asked_and_a_wrong_name_is_told() {
    let server = Server::start().await;
    let page = html(&server.get("/live?domain=acme.example&kind=breach&lang=es").await);
    for wanted in [
        "value=\"acme.example\"",
        "<option value=\"breach\" selected>",
        "<input type=\"hidden\" name=\"lang\" value=\"es\">",
        "href=\"/live?domain=acme.example&#38;kind=breach&#38;lang=es\"",
        "--org acme.example",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in\n{page}");
    }
    assert_eq!(server.get("/live?kind=promise").await.status, 400);
    assert_eq!(server.get("/live?domain=acme").await.status, 400);
}
