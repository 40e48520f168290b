//! What other sites show of an entry: a badge that claims nothing, a card that may stand in every frame, the element in
//! one file, oEmbed, and the page that makes the snippets.

use onrecord::encoding::json::Json;
use serde_json::Value;

use crate::client::Raw;
use crate::entry_page::{html, link};
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, erase_title, key};

const LANGUAGES: [&str; 3] = ["en", "es", "ar"];

async fn server() -> Server {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    server
}

/// `{index}-{hash}` of entry 1.
async fn name(server: &Server) -> String {
    link(server, 1).await["/e/".len()..].to_owned()
}

/// Names of entry 1 that are not its own.
fn wrong_names(name: &str) -> Vec<String> {
    let hash = name.split_once('-').unwrap().1;
    vec![
        format!("0-{hash}"),
        format!("9-{hash}"),
        format!("01-{hash}"),
        format!("1-{}", hash.to_uppercase()),
        format!("{name}0"),
        format!("1-{}", "0".repeat(32)),
        "1".to_owned(),
        "x".to_owned(),
    ]
}

fn has_header(answer: &Raw, name: &str, value: &str) {
    assert_eq!(answer.header(name), Some(value), "{name} in {}", answer.head);
}

#[tokio::test]
async fn a_badge_names_its_entry_and_claims_nothing() {
    let server = server().await;
    let name = name(&server).await;
    for lang in LANGUAGES {
        let answer = server.get(&format!("/badge/{name}.svg?lang={lang}")).await;
        assert_eq!(answer.status, 200);
        has_header(&answer, "content-type", "image/svg+xml");
        has_header(&answer, "content-security-policy", "default-src 'none'; sandbox");
        has_header(&answer, "cross-origin-resource-policy", "cross-origin");
        has_header(&answer, "x-content-type-options", "nosniff");
        has_header(&answer, "cache-control", "no-cache");
        has_header(&answer, "content-language", lang);
        assert!(answer.header("etag").is_some());
        let svg = html(&answer);
        assert!(
            svg.contains("acme.example") && svg.contains("role=\"img\"") && svg.contains("<title")
        );
        for claim in ["verif", "Verif", "تحقق", "مطابق", "✓", "alid", "oncuerda"] {
            assert!(!svg.contains(claim), "{claim} in {svg}");
        }
        assert!(!svg.contains("style") && !svg.contains("Refund"), "{svg}");
        assert_eq!(svg.contains("direction=\"rtl\""), lang == "ar");
        let number = |before: &str| -> u32 {
            let rest = svg.split_once(before).unwrap().1;
            rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap()].parse().unwrap()
        };
        let (mark, text) = (number("<path d=\"M"), number("<text x=\""));
        assert_eq!(mark > text, lang == "ar", "the mark stands before the text: {svg}");
        let colours: Vec<_> = svg.split('#').skip(1).map(|rest| &rest[..6]).collect();
        assert!(colours.len() > 3);
        for colour in colours {
            let part = |at: usize| i32::from_str_radix(&colour[at..at + 2], 16).unwrap();
            let (red, green, blue) = (part(0), part(2), part(4));
            assert!(green <= red && (red - blue).abs() < 16, "#{colour} is no grey");
        }
    }
}

#[tokio::test]
async fn the_language_of_a_badge_and_a_card_is_that_of_the_address_alone() {
    let server = server().await;
    let name = name(&server).await;
    for path in [format!("/badge/{name}.svg"), format!("/embed/{name}")] {
        let spanish = server.request("GET", &path, "accept-language: es\r\n", "").await;
        has_header(&spanish, "content-language", "en");
        let vary = spanish.header("vary").unwrap_or_default();
        assert!(!vary.contains("accept-language"), "{vary}");
        assert_eq!(spanish.body, server.get(&path).await.body);
        let chosen = server.get(&format!("{path}?lang=es")).await;
        has_header(&chosen, "content-language", "es");
    }
}

#[tokio::test]
async fn a_badge_as_json_says_what_it_stands_for_and_that_nothing_was_checked() {
    let server = server().await;
    let name = name(&server).await;
    let answer = server.get(&format!("/badge/{name}.json")).await;
    let badge = schema::expect("badge", &answer.body);
    assert_eq!((&badge["state"], &badge["index"]), (&"not_checked".into(), &1.into()));
    assert_eq!(
        (&badge["kind"], &badge["subjects"][0]),
        (&"agreement".into(), &"acme.example".into())
    );
    assert_eq!(badge["_meta"]["checkpoint_size"], 2);
    let urls = badge["urls"].as_object().unwrap();
    for (form, url) in urls {
        let path = url.as_str().unwrap().strip_prefix(server.url()).unwrap();
        assert_eq!(server.get(path).await.status, 200, "{form}: {url}");
    }
    assert!(!html(&answer).contains("Refund"), "words are not in it");
}

#[tokio::test]
async fn a_wrong_hash_or_form_is_404_and_never_another_entry() {
    let server = server().await;
    let name = name(&server).await;
    for wrong in wrong_names(&name) {
        for path in [format!("/badge/{wrong}.svg"), format!("/badge/{wrong}.json")] {
            let answer = server.get(&path).await;
            assert_eq!(answer.status, 404, "{path}");
            has_header(&answer, "content-type", "application/problem+json");
        }
        let card = server.get(&format!("/embed/{wrong}?lang=es")).await;
        assert_eq!(card.status, 404, "{wrong}");
        has_header(&card, "content-type", "text/html; charset=utf-8");
        has_header(&card, "cache-control", "no-store");
        assert!(!card.header("content-security-policy").unwrap().contains("frame-ancestors"));
        assert!(html(&card).contains("lang=\"es\"") && !html(&card).contains("acme.example"));
    }
    for path in [format!("/badge/{name}"), format!("/badge/{name}.png")] {
        assert_eq!(server.get(&path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_card_may_stand_in_every_frame_and_is_not_green_before_it_was_checked() {
    let server = server().await;
    let name = name(&server).await;
    let card = server.get(&format!("/embed/{name}")).await;
    let policies = card.head.lines().filter(|line| line.starts_with("content-security-policy:"));
    assert_eq!(policies.count(), 1, "{}", card.head);
    let policy = card.header("content-security-policy").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
        "{policy}"
    );
    assert!(
        policy.contains("trusted-types 'none'") && !policy.contains("frame-ancestors"),
        "{policy}"
    );
    has_header(&card, "cross-origin-resource-policy", "cross-origin");
    has_header(&card, "cross-origin-embedder-policy", "require-corp");
    assert_eq!(card.header("cross-origin-opener-policy"), None);
    let page = html(&card);
    let entry = format!("<a href=\"/e/{name}\" target=\"_blank\" rel=\"noopener\">");
    for wanted in [
        "Refund number 1 &#60;by phone&#62;</q></h1>",
        "<bdi>acme.example</bdi>",
        "<p class=\"state not-checked\">",
        "name=\"robots\" content=\"noindex\"",
        &entry,
    ] {
        assert!(page.contains(wanted), "{wanted} is not in {page}");
    }
    assert!(!page.contains("state verified") && !page.contains("style="), "{page}");
    for file in page.split('"').filter(|part| part.starts_with("/assets/")) {
        has_header(&server.get(file).await, "cross-origin-resource-policy", "cross-origin");
    }
    let other = server.get(&format!("/e/{name}")).await;
    assert!(other.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn an_erased_title_is_in_no_embed() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let name = name(&server).await;
    assert!(html(&server.get(&format!("/embed/{name}")).await).contains("Refund"));
    server.log(erase_title(sent.id, 1, server.now())).await;
    let url = format!("{}/e/{name}", server.url());
    for path in [
        format!("/embed/{name}"),
        format!("/badge/{name}.svg"),
        format!("/badge/{name}.json"),
        format!("/oembed?url={url}"),
        format!("/embed?entry={name}"),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!html(&answer).contains("Refund"), "{path}");
    }
}

#[tokio::test]
async fn a_long_title_is_cut_and_says_so() {
    let server = Server::start().await;
    let title = "Refund ".repeat(60);
    let owed = Json::List(vec![Json::map([("by", Json::text("acme.example"))])]);
    let fields = [
        ("basis", Json::text("spoken")),
        ("commitments", owed),
        ("lang", Json::text("en")),
        ("offers", Json::text("closed")),
        ("subjects", Json::List(vec![Json::text("acme.example")])),
    ];
    let words = [("title", title.trim()), ("commitment_1", "Acme refunds.")];
    let sent = crate::signing::follow_up("agreement", 1, server.now(), &fields, &words);
    server.log(sent).await;
    let page = html(&server.get(&format!("/embed/{}", name(&server).await)).await);
    assert!(page.contains(" data-cut>Refund ") && page.contains("…</q>"), "{page}");
    assert!(page.matches("Refund").count() <= 20, "{page}");
    assert!(!page.contains(&key(1).did().to_string()), "a card names no key");
}

#[tokio::test]
async fn the_element_is_one_small_file_at_an_address_that_stays() {
    let server = Server::start().await;
    let path = "/embed/onrecord-proof-1.js";
    let answer = server.request("GET", path, "accept-encoding: gzip\r\n", "").await;
    has_header(&answer, "content-type", "text/javascript; charset=utf-8");
    has_header(&answer, "cache-control", "no-cache");
    has_header(&answer, "cross-origin-resource-policy", "cross-origin");
    has_header(&answer, "access-control-allow-origin", "*");
    has_header(&answer, "content-encoding", "gzip");
    assert!(answer.body.len() <= 16_500, "{} bytes", answer.body.len());
    let known = format!("if-none-match: {}\r\n", answer.header("etag").unwrap());
    assert_eq!(server.request("GET", path, &known, "").await.status, 304);
    let script = html(&server.get(path).await);
    for forbidden in ["innerHTML", "localStorage", "sessionStorage", "document.cookie", "eval("] {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn oembed_describes_the_card_of_an_entry_of_this_ledger() {
    let server = server().await;
    let name = name(&server).await;
    let page = format!("{}/e/{name}", server.url());
    let ask = |query: String| {
        let server = &server;
        async move { server.get(&format!("/oembed?{query}")).await }
    };
    let answer = ask(format!("url={page}&format=json")).await;
    let card = schema::expect("oembed", &answer.body);
    assert_eq!((&card["type"], &card["version"]), (&"rich".into(), &"1.0".into()));
    let frame = card["html"].as_str().unwrap();
    let src = format!("<iframe src=\"{}/embed/{name}\"", server.url());
    assert!(frame.starts_with(&src) && frame.contains(" title=\"Entry 1 of "), "{frame}");
    assert!(frame.contains("loading=\"lazy\" sandbox=\"allow-scripts allow-popups"), "{frame}");
    assert!(!frame.contains("allow-same-origin"), "{frame}");
    let small = ask(format!("url={page}&maxwidth=300&maxheight=200")).await;
    let small = schema::expect("oembed", &small.body);
    assert_eq!((&small["width"], &small["height"]), (&300.into(), &200.into()));
    assert!(small["html"].as_str().unwrap().contains("width=\"300\" height=\"200\""));
    let large = ask(format!("url={page}&maxwidth=4000")).await;
    assert_eq!(schema::expect("oembed", &large.body)["width"], card["width"]);
    let spanish = ask(format!("url={page}%3Flang%3Des")).await;
    assert!(html(&spanish).contains("?lang=es"), "{}", html(&spanish));
    for (query, status, reason) in [
        (format!("url={page}&format=xml"), 501, "format_not_offered"),
        (format!("url={page}0"), 404, "not_found"),
        (format!("url={}/ledger", server.url()), 404, "not_found"),
        (format!("url=https://other.example/e/{name}"), 404, "not_found"),
        (format!("url={page}&maxwidth=0"), 400, "bad_query"),
        (format!("url={page}&maxwidth=wide"), 400, "bad_query"),
        ("format=json".to_owned(), 400, "bad_query"),
    ] {
        let answer = ask(query.clone()).await;
        assert_eq!(answer.status, status, "{query}");
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["type"], format!("/problems/{reason}"), "{query}");
    }
}

#[tokio::test]
async fn the_page_of_snippets_takes_an_entry_by_every_name_of_it() {
    let server = server().await;
    let name = name(&server).await;
    let entry = schema::expect("entry", &server.get("/api/v1/entries/1").await.body);
    let (id, hash) = (entry["id"].as_str().unwrap(), entry["leaf_hash"].as_str().unwrap());
    let url = server.url();
    for typed in [
        "1",
        "%231",
        &name,
        id,
        hash,
        &format!("{url}/e/{name}"),
        &format!("{url}/e/{name}?lang=es"),
        &format!("{url}/badge/{name}.svg"),
        &format!("{url}/api/v1/entries/1/bundle"),
    ] {
        let answer = server.get(&format!("/embed?entry={typed}")).await;
        assert_eq!(answer.status, 200, "{typed}");
        let page = html(&answer);
        for snippet in [
            format!("{url}/e/{name}"),
            format!("{url}/badge/{name}.svg"),
            format!("{url}/embed/{name}"),
            format!("onrecord-proof entry=&#34;{name}&#34;"),
            format!("connect-src {url}"),
        ] {
            assert!(page.contains(&snippet), "{typed}: {snippet} is not in {page}");
        }
    }
    let empty = html(&server.get("/embed").await);
    assert!(!empty.contains("<iframe") && !empty.contains("aria-invalid"), "{empty}");
    let page = server.get(&format!("/embed?entry={name}&in=ar")).await;
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.ends_with("; frame-src 'self'") && policy.contains("frame-ancestors 'none'"));
    assert!(html(&page).contains("?lang=ar") && html(&page).contains("<html lang=\"en\""));
    assert!(
        html(&server.get(&format!("/e/{name}")).await).contains(&format!("/embed?entry={name}"))
    );
}

#[tokio::test]
async fn a_name_of_no_entry_is_kept_and_the_page_says_what_to_do() {
    let server = server().await;
    let name = name(&server).await;
    let elsewhere = format!("https://other.example/e/{name}");
    for (typed, wanted) in [
        ("7", "copy the address from there"),
        ("refund", "copy the address from there"),
        (&wrong_names(&name)[0], "copy the address from there"),
        (&elsewhere, "leads to another site"),
    ] {
        let answer = server.get(&format!("/embed?entry={typed}")).await;
        assert_eq!(answer.status, 404, "{typed}");
        let page = html(&answer);
        assert!(page.contains(wanted) && page.contains("aria-invalid=\"true\""), "{typed}: {page}");
        assert!(page.contains(&format!("value=\"{typed}\"")), "{typed}: {page}");
    }
}
