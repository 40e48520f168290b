//! Pages: languages, what is around every page, and what a person sees when a page cannot be shown.

use crate::client::Raw;
use crate::entry_page::link;
use crate::search_page::searchable;
use crate::server::Server;
use crate::signing::agreement_with;

fn html(answer: &Raw) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

async fn page(server: &Server, path: &str, headers: &str) -> String {
    let answer = server.request("GET", path, headers, "").await;
    assert_eq!(answer.status, 200, "{path}");
    assert!(answer.head.contains("vary: accept-language"), "{path}");
    html(&answer)
}

#[tokio::test]
async fn the_language_is_the_one_of_the_address_then_the_best_accepted_then_english() {
    let server = Server::start().await;
    for (path, headers, wanted) in [
        ("/", "", "<html lang=\"en\" dir=\"ltr\">"),
        ("/", "accept-language: de, es-MX;q=0.9, en;q=0.8\r\n", "<html lang=\"es\" dir=\"ltr\">"),
        ("/?lang=ar", "accept-language: es\r\n", "<html lang=\"ar\" dir=\"rtl\">"),
        ("/?lang=xx", "accept-language: es\r\n", "<html lang=\"es\" dir=\"ltr\">"),
        ("/?lang=xx", "accept-language: de\r\n", "<html lang=\"en\" dir=\"ltr\">"),
    ] {
        let page = page(&server, path, headers).await;
        assert!(page.contains(wanted), "{path} {headers}: {page}");
    }
    let answer = server.get("/?lang=ar").await;
    assert_eq!(answer.header("content-language"), Some("ar"));
    assert_eq!(answer.header("set-cookie"), None);
}

#[tokio::test]
async fn links_carry_a_language_on_only_when_the_address_had_it() {
    let server = Server::start().await;
    let path = "/problems/bad_domain";
    let chosen = page(&server, "/problems/bad_domain?lang=es", "").await;
    assert!(chosen.contains("<a href=\"/?lang=es\""), "{chosen}");
    let accepted = page(&server, path, "accept-language: es\r\n").await;
    assert!(accepted.contains("<a href=\"/\""), "{accepted}");
    for page in [chosen, accepted] {
        for tag in ["en", "es", "ar"] {
            let switch = format!("href=\"{path}?lang={tag}\" rel=\"alternate nofollow\"");
            assert!(page.contains(&switch), "{switch} in {page}");
            let url = format!("{}{path}?lang={tag}", server.url());
            assert!(page.contains(&format!("hreflang=\"{tag}\" href=\"{url}\"")), "{page}");
        }
    }
}

#[tokio::test]
async fn a_page_names_the_address_that_stands_for_it() {
    let server = Server::start().await;
    let url = server.url().to_owned();
    for (path, canonical) in [
        ("/", "/"),
        ("/?lang=es", "/?lang=es"),
        ("/?lang=xx", "/"),
        ("/?from=mail&lang=es&x", "/?lang=es"),
    ] {
        let page = page(&server, path, "").await;
        let link = format!("<link rel=\"canonical\" href=\"{url}{canonical}\">");
        assert!(page.contains(&link), "{path}: {page}");
        assert!(page.contains("<meta name=\"description\" content=\"") && page.contains("<title>"));
    }
}

#[tokio::test]
async fn what_a_page_shows_is_named_as_json_by_a_link_that_leads_there() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    searchable(&server).await;
    let entry = link(&server, 1).await;
    let thread = entry.replace("/e/", "/t/");
    for path in ["/", "/o/acme.example", "/search?q=refund&lang=es", &entry, &thread] {
        let answer = server.get(path).await;
        let head = answer.head.replace("\r\n", "\n");
        let links = head.lines().filter_map(|line| line.strip_prefix("link: <"));
        let json =
            links.filter(|link| link.ends_with("rel=\"alternate\"; type=\"application/json\""));
        let url = json.filter_map(|link| link.split('>').next()).next().unwrap_or_default();
        let own = url.strip_prefix(server.url()).unwrap_or_else(|| panic!("{path}: {head}"));
        let found = server.get(own).await;
        assert_eq!(found.header("content-type"), Some("application/json"), "{path}");
        assert_eq!(found.status, 200, "{path}");
        let escaped = url.replace('&', "&#38;");
        assert!(
            html(&answer).contains(&format!("type=\"application/json\" href=\"{escaped}\"")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn all_scripts_of_publishing_are_small_together() {
    let server = Server::start().await;
    let page = page(&server, "/publish", "").await;
    let first = page.split('"').find(|part| part.ends_with("/pages/publish.js")).unwrap();
    let script = html(&server.get(first).await);
    // The minifier writes strings in the marks that compress best.
    let script = script.replace(['`', '\''], "\"");
    let later: Vec<_> = script.split("import(\"./").skip(1).collect();
    assert!(!later.is_empty(), "nothing is loaded later");
    let folder = first.strip_suffix("publish.js").unwrap();
    let later =
        later.into_iter().map(|rest| format!("{folder}{}", rest.split('"').next().unwrap()));
    let mut total = 0;
    for path in later.chain([first.to_owned()]) {
        let answer = server.request("GET", &path, "accept-encoding: gzip\r\n", "").await;
        assert_eq!(
            (answer.status, answer.header("content-encoding")),
            (200, Some("gzip")),
            "{path}"
        );
        total += answer.body.len();
    }
    assert!(total <= 25 * 1024, "{total} bytes");
}

#[tokio::test]
async fn every_link_around_a_page_leads_somewhere() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    searchable(&server).await;
    let thread = link(&server, 1).await.replace("/e/", "/t/");
    for path in [
        "/",
        "/?lang=ar",
        "/ledger",
        "/ledger?lang=es",
        "/o/acme.example",
        "/o/acme.example?lang=ar",
        "/search?q=refund",
        &thread,
    ] {
        let page = page(&server, path, "").await;
        let links = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
        let own: Vec<_> = links.filter(|link| link.starts_with('/')).collect();
        assert!(own.len() > 8, "{own:?}");
        for link in own {
            assert_eq!(server.get(&link.replace("&#38;", "&")).await.status, 200, "{link}");
        }
    }
}

#[tokio::test]
async fn a_page_that_cannot_be_shown_is_a_page_in_the_readers_language() {
    let server = Server::start().await;
    let spanish = "accept: text/html,*/*;q=0.8\r\naccept-language: es\r\n";
    for path in ["/problems/no_such_reason", "/nothing"] {
        let answer = server.request("GET", path, spanish, "").await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("etag"), None, "{path}");
        assert!(answer.header("content-security-policy").is_some(), "{path}");
        let page = html(&answer);
        assert!(page.contains("<html lang=\"es\"") && page.contains("noindex"), "{page}");
        assert!(page.contains("/problems/not_found"), "{page}");
    }
    let program = server.get("/nothing").await;
    assert_eq!(program.header("content-type"), Some("application/problem+json"));
    let api = server.request("GET", "/api/v1/entries/9", spanish, "").await;
    assert_eq!(api.header("content-type"), Some("application/problem+json"));
}

#[tokio::test]
async fn the_style_of_pages_is_small_and_the_page_has_an_icon() {
    let server = Server::start().await;
    let page = page(&server, "/", "").await;
    let files: Vec<_> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    let types = ["image/svg+xml", "text/css; charset=utf-8"];
    assert_eq!(files.len(), types.len(), "{files:?}");
    for (file, content_type) in files.into_iter().zip(types) {
        let answer = server.request("GET", file, "accept-encoding: gzip\r\n", "").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)));
        assert!(answer.body.len() <= 6_000, "{} bytes of {file}", answer.body.len());
    }
}
