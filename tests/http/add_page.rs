//! The page on which a signer states what became of an agreement: what it offers, and of what.

use onrecord::statement::StatementId;

use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{agreement_with, breach, follow_up, follow_up_with, key};
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
    for kind in [
        "breach",
        "fulfilment",
        "assessment",
        "amendment",
        "termination",
        "withdrawal",
        "reveal",
        "erasure",
    ] {
        assert!(!choice(&page, kind).contains("disabled"), "{kind}");
        assert!(page.contains(&format!("<code>{kind}</code>")), "{kind} for the command line");
    }
    let thread = html(&server.get(path.trim_end_matches("/add")).await);
    assert!(thread.contains(&format!("href=\"{path}\"")), "the thread leads to it");
}

/// What a field of the page holds.
fn filled(page: &str, id: &str) -> String {
    let (_, field) = page.split_once(&format!("id=\"{id}\"")).expect("the field is there");
    let end = if id.starts_with("commitment") { "</textarea>" } else { "\" dir" };
    let start = if id.starts_with("commitment") { ">" } else { "value=\"" };
    let (_, value) = field.split_once(start).unwrap();
    value.split_once(end).unwrap().0.to_owned()
}

#[tokio::test]
async fn an_amendment_begins_as_the_list_in_force_which_one_side_alone_does_not_change() {
    let server = Server::start().await;
    let id = logged(&server).await;
    let path = path(&server, 1).await;
    let amended = [
        ("thread", Json::text(id.to_string())),
        ("by", Json::text("unilateral")),
        ("effective", Json::text("2026-12-10")),
        ("commitments", Json::List(vec![Json::map([("by", Json::text("signer"))]).into_owned()])),
    ];
    let words = [("commitment_1", "The person pays.")];
    server.log(follow_up("amendment", 1, server.now(), &amended, &words)).await;
    let page = html(&server.get(&path).await);
    assert_eq!(filled(&page, "commitment_1"), "Acme refunds 120 euros.");
    assert_eq!(filled(&page, "due_1"), "");
    assert!(page.contains("<option value=\"1\" selected>acme.example</option>"), "{page}");
    assert!(page.contains("name=\"domain_1\" value=\"acme.example\""), "{page}");
    assert!(!page.contains("stands empty here"), "its words are public");
}

#[tokio::test]
async fn what_all_parties_amended_is_in_force_and_what_is_sealed_stays_so() {
    let server = Server::start().await;
    let own = |count| {
        let promise = || Json::map([("by", Json::text("signer"))]).into_owned();
        Json::List((0..count).map(|_| promise()).collect())
    };
    let agreed = [
        ("basis", Json::text("spoken")),
        ("commitments", own(1)),
        ("lang", Json::text("en")),
        ("offers", Json::text("closed")),
        ("subjects", Json::List(vec![Json::text("acme.example")])),
    ];
    let words = [("title", "A parcel"), ("commitment_1", "I send it.")];
    let agreement = follow_up("agreement", 1, server.now(), &agreed, &words);
    let id = server.log(agreement).await.id;
    let path = path(&server, 1).await;
    assert_eq!(filled(&html(&server.get(&path).await), "commitment_1"), "I send it.");
    let amended = [
        ("thread", Json::text(id.to_string())),
        ("by", Json::text("mutual")),
        ("effective", Json::text("2026-12-10")),
        ("commitments", own(2)),
    ];
    let (open, sealed) = ([("commitment_1", "I bring it.")], [("commitment_2", "I call before.")]);
    server.log(follow_up_with("amendment", 1, server.now(), &amended, &open, &sealed)).await;
    let page = html(&server.get(&path).await);
    assert_eq!(filled(&page, "commitment_1"), "I bring it.");
    assert_eq!(filled(&page, "commitment_2"), "");
    assert!(page.contains("id=\"number_2\"") && page.contains("stands empty here"), "{page}");
    for (name, is_sealed) in [("commitment_1", false), ("commitment_2", true)] {
        let (_, rest) = page.split_once(&format!("id=\"seal-{name}\"")).unwrap();
        assert_eq!(rest.starts_with(" checked"), is_sealed, "{name}");
    }
}

#[tokio::test]
async fn the_words_that_can_be_revealed_or_erased_say_how_they_begin() {
    let server = Server::start().await;
    logged(&server).await;
    let page = html(&server.get(&path(&server, 1).await).await);
    let word = |name: &str| {
        let (_, rest) = page.split_once(&format!("data-name=\"{name}\"")).expect("it is there");
        rest.split_once("</p>").unwrap().0.to_owned()
    };
    assert!(word("commitment_1").contains("Acme refunds 120 euros.</q>"), "{page}");
    assert!(word("narrative").contains("sealed</span>"), "{page}");
    let at = |name: &str| page.find(&format!("data-name=\"{name}\"")).unwrap();
    assert!(at("title") < at("commitment_1") && at("commitment_1") < at("narrative"), "{page}");
}

#[tokio::test]
async fn after_a_withdrawal_only_what_can_be_admitted_is_offered() {
    let server = Server::start().await;
    let id = logged(&server).await;
    let thread = [("thread", Json::text(id.to_string()))];
    server.log(follow_up("withdrawal", 1, server.now(), &thread, &[])).await;
    let page = html(&server.get(&path(&server, 1).await).await);
    for kind in
        ["breach", "fulfilment", "amendment", "termination", "withdrawal", "reveal", "erasure"]
    {
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
