//! What may be kept without asking again: only what can never be another one. The paths are those of the
//! description, so that a new one is held to it too.

use crate::client::Raw;
use crate::entry_page::{html, link};
use crate::search_page::searchable;
use crate::server::Server;
use crate::signing::{Sent, agreement_with, erase_title, log_keys};

/// Tiles and the files of pages have an address that no other bytes can have.
const FOR_GOOD: [&str; 2] = ["/tile/", "/assets/"];
const NEVER_KEPT: [&str; 2] = ["/healthz", "/metrics"];

/// An address for each path that can be read.
async fn addresses(server: &Server, sent: &Sent) -> Vec<String> {
    let description: serde_json::Value =
        serde_json::from_slice(&server.get("/openapi.json").await.body).unwrap();
    let paths = description["paths"].as_object().unwrap();
    // A stream has no end, and says itself that nobody may keep it.
    let ends = |path: &str| path != "/api/v1/stream";
    let readable =
        paths.iter().filter(|(path, methods)| methods.get("get").is_some() && ends(path));
    let page = link(server, 1).await;
    let name = page.strip_prefix("/e/").unwrap();
    let home = html(&server.get("/").await);
    let style = home.split('"').find(|part| part.ends_with("/style.css")).unwrap();
    let fill = |path: &String| {
        let path = match path.as_str() {
            "/assets/{path}" => style.to_owned(),
            "/tile/{path}" => "/tile/entries/000.p/2".to_owned(),
            "/badge/{file}" | "/qr/{entry}" => {
                format!("/{}/{name}.svg", path.split('/').nth(1).unwrap())
            }
            "/badge/t/{file}" => format!("/badge/t/{name}.svg"),
            "/badge/o/{file}" => "/badge/o/acme.example.svg".to_owned(),
            "/search" | "/api/v1/search" => format!("{path}?q=refund"),
            "/oembed" => format!("{path}?url={}{page}", server.url()),
            _ => path.clone(),
        };
        let id = sent.id.to_string();
        [("{index}", "1"), ("{entry}", name), ("{agreement}", name), ("{domain}", "acme.example")]
            .into_iter()
            .chain([("{id}", id.as_str()), ("{reason}", "bad_domain")])
            .fold(path, |path, (part, value)| path.replace(part, value))
    };
    readable.map(|(path, _)| fill(path)).collect()
}

fn begins(address: &str, with: [&str; 2]) -> bool {
    with.iter().any(|begin| address.starts_with(begin))
}

fn tag(answer: &Raw) -> Option<String> {
    answer.header("etag").map(|tag| format!("if-none-match: {tag}\r\n"))
}

#[tokio::test]
async fn only_what_can_never_change_is_kept_without_asking_and_no_answer_has_a_cookie() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let policy = String::from_utf8(server.get("/log.policy").await.body).unwrap();
    let key = policy.split_whitespace().nth(1).unwrap().to_owned();
    server.log(log_keys(&[key], server.now())).await;
    searchable(&server).await;
    let all = addresses(&server, &sent).await;
    assert!(all.len() > 30, "{all:?}");
    for address in all {
        let answer = server.get(&address).await;
        assert_eq!((answer.status, answer.header("set-cookie")), (200, None), "{address}");
        let wanted = if begins(&address, FOR_GOOD) {
            "public, max-age=31536000, immutable"
        } else if begins(&address, NEVER_KEPT) {
            "no-store"
        } else {
            assert!(answer.header("etag").is_some(), "{address} has nothing to ask with");
            "no-cache"
        };
        assert_eq!(answer.header("cache-control"), Some(wanted), "{address}");
    }
}

#[tokio::test]
async fn who_asks_again_after_an_erasure_is_never_told_that_the_old_answer_still_holds() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    searchable(&server).await;
    let title = b"Refund number 1";
    let shows = |answer: &Raw| answer.body.windows(title.len()).any(|part| part == title);
    let mut shown = Vec::new();
    for address in addresses(&server, &sent).await {
        let answer = server.get(&address).await;
        if shows(&answer) {
            shown.push((address, tag(&answer).unwrap()));
        }
    }
    assert!(shown.len() > 9, "{shown:?}");
    server.log(erase_title(sent.id, 1, server.now())).await;
    searchable(&server).await;
    for (address, known) in shown {
        let answer = server.request("GET", &address, &known, "").await;
        assert!(answer.status == 200 && !shows(&answer), "{address} is answered {}", answer.status);
    }
}
