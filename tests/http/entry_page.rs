//! The page of an entry: everything on record is on it, nothing else is, and a link never leads to another
//! entry.

use onrecord::encoding::json::Json;
use serde_json::Value;

use crate::client::Raw;
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, breach, erase_title, follow_up, key, reveal};

pub async fn link(server: &Server, index: u64) -> String {
    let entry = server.get(&format!("/api/v1/entries/{index}")).await;
    let entry = schema::expect("entry", &entry.body);
    format!("/e/{index}-{}", &entry["leaf_hash"].as_str().unwrap()[..32])
}

pub fn html(answer: &Raw) -> String {
    String::from_utf8(answer.body.clone()).unwrap()
}

async fn page(server: &Server, index: u64) -> String {
    let answer = server.get(&link(server, index).await).await;
    assert_eq!(answer.status, 200);
    html(&answer)
}

#[tokio::test]
async fn a_page_shows_the_words_who_signed_and_where_the_entry_stands() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    let page = page(&server, 2).await;
    let (before, did) = (link(&server, 1).await, key(2).did().to_string());
    for wanted in [
        "Refund number 2 &#60;by phone&#62;</q></h1>",
        "Acme refunds 120 euros.</p>",
        "<bdi>acme.example</bdi>",
        "Those who signed state that this was agreed.",
        "in a conversation",
        ">20 November 2026, 10:30 UTC</time>",
        "<span class=\"state sealed\">sealed</span>",
        did.as_str(),
        before.as_str(),
        "onrecord verify http",
    ] {
        assert!(page.contains(wanted), "{wanted} is not in {page}");
    }
    assert!(!page.contains("What was said."), "a sealed word is nowhere");
    assert!(page.contains("/pages/entry.js\"></script>") && !page.contains("style="), "{page}");
    let checks: Vec<_> = page.split("data-check=\"").skip(1).collect();
    let names = checks.iter().map(|check| check.split('"').next().unwrap()).collect::<Vec<_>>();
    let all =
        ["statement", "signature", "key", "disclosures", "inclusion", "log_signature", "prev"];
    assert_eq!(names, all);
    assert!(!page.contains("state verified"), "nothing is verified before it was checked");
}

#[tokio::test]
async fn a_wrong_hash_or_number_is_a_page_that_says_so_and_never_another_entry() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    let (first, second) = (link(&server, 1).await, link(&server, 2).await);
    let hash = second.split_once('-').unwrap().1;
    for path in [
        format!("/e/1-{hash}"),
        format!("/e/3-{hash}"),
        format!("/e/01-{hash}"),
        "/e/1".to_owned(),
        first.to_uppercase().replace("/E/", "/e/"),
        format!("{first}0"),
        "/e/x".to_owned(),
    ] {
        let answer = server.get(&path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert!(!html(&answer).contains("acme.example"), "{path}");
    }
    let json = server.get(&format!("/e/1-{hash}.json")).await;
    assert_eq!(json.header("content-type"), Some("application/problem+json"));
}

#[tokio::test]
async fn the_other_forms_of_an_entry_are_beside_its_page() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let path = link(&server, 1).await;
    let answer = server.get(&path).await;
    let json =
        format!("<{}{path}.json>; rel=\"alternate\"; type=\"application/json\"", server.url());
    let bundle = "application/vnd.onrecord.bundle.v1+json";
    let links: Vec<_> =
        answer.head.lines().filter_map(|line| line.strip_prefix("link: ")).collect();
    let bundle =
        format!("<{}/api/v1/entries/1/bundle>; rel=\"alternate\"; type=\"{bundle}\"", server.url());
    let encoded = format!("{}{path}", server.url()).replace(':', "%3A").replace('/', "%2F");
    let oembed = "application/json+oembed";
    let oembed =
        format!("<{}/oembed?url={encoded}>; rel=\"alternate\"; type=\"{oembed}\"", server.url());
    assert_eq!(links, [json, bundle, oembed]);
    let page = html(&answer);
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{}{path}\">", server.url())));
    let beside = server.get(&format!("{path}.json")).await;
    let api = server.get("/api/v1/entries/1").await;
    let beside = schema::expect("entry", &beside.body);
    assert_eq!(beside, schema::expect("entry", &api.body));
    assert!(page.contains(
        "href=\"/api/v1/entries/1/bundle\" download=\"ledger.example-2026-1.onrecord.json\""
    ));
}

#[tokio::test]
async fn what_was_revealed_is_shown_and_what_was_erased_is_gone() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(reveal(&sent, 1, server.now())).await;
    server.log(erase_title(sent.id, 1, server.now())).await;
    let agreement = page(&server, 1).await;
    assert!(agreement.contains("What was said.") && !agreement.contains("Refund number"));
    assert!(agreement.contains("<span class=\"state erased\">erased</span>"));
    assert!(
        agreement.contains("<title>Entry \u{2068}1\u{2069}: \u{2068}Agreement\u{2069}</title>")
    );
    let path = link(&server, 1).await;
    let revealed = page(&server, 2).await;
    assert!(revealed.contains("What happened"), "the word is named: {revealed}");
    for page in [revealed, page(&server, 3).await] {
        assert!(page.contains(&format!("<a href=\"{path}\">")), "the entry concerned: {page}");
    }
}

#[tokio::test]
async fn every_kind_has_a_page_that_says_what_its_signers_state() {
    let server = Server::start().await;
    let at = server.now();
    let sent = server.log(agreement_with("acme.example", 1, at)).await;
    server.log(breach(sent.id, 1, at)).await;
    let thread = || ("thread", Json::text(sent.id.to_string()));
    let date = |name| (name, Json::text("2026-11-19"));
    let numbers = ("commitment_numbers", Json::List(vec![Json::Integer(1)]));
    let owed = Json::List(vec![Json::map([("by", Json::text("signer"))])]);
    let note = [("note", "Said\nplainly.")];
    for (kind, fields, words) in [
        (
            "fulfilment",
            vec![thread(), numbers, ("extent", Json::text("partial")), date("occurred_on")],
            &note[..],
        ),
        (
            "assessment",
            vec![
                thread(),
                ("resolved", Json::text("partly")),
                ("satisfaction", Json::Integer(4)),
                ("again", Json::Bool(false)),
            ],
            &note[..],
        ),
        (
            "amendment",
            vec![
                thread(),
                ("by", Json::text("unilateral")),
                ("commitments", owed),
                date("effective"),
            ],
            &[("commitment_1", "I pay.")][..],
        ),
        ("termination", vec![thread(), date("effective")], &note[..]),
        ("withdrawal", vec![thread()], &note[..]),
    ] {
        server.log(follow_up(kind, 1, at, &fields, words)).await;
    }
    let wanted = [
        ["Ledger policy", "the rules by which entries are admitted", "</bdi> days"],
        ["Agreement", "state that this was agreed", "spoken"],
        ["Commitment not kept", "commitments were not kept", "a refund"],
        ["Commitment kept", "commitments were kept", "in part"],
        ["Assessment", "whether the matter is resolved", "<bdi>4</bdi> of 5"],
        ["Amendment", "a whole new list of commitments", "those who signed the agreement"],
        ["Termination", "they end the agreement", ">19 November 2026</time>"],
        ["Withdrawal", "take back their side", "Said\nplainly."],
    ];
    let agreement = link(&server, 1).await;
    for (index, wanted) in (0..).zip(wanted) {
        let page = page(&server, index).await;
        for text in wanted {
            assert!(page.contains(text), "{text} of entry {index} in {page}");
        }
        assert_eq!(page.contains(&format!("<a href=\"{agreement}\">")), index > 1, "entry {index}");
    }
}

#[tokio::test]
async fn a_chosen_language_is_carried_on_to_other_entries_and_not_to_the_api() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let (first, second) = (link(&server, 0).await, link(&server, 1).await);
    let page = html(&server.get(&format!("{second}?lang=ar")).await);
    assert!(page.contains("<html lang=\"ar\" dir=\"rtl\">") && page.contains("مختوم"));
    assert!(page.contains(&format!("href=\"{first}?lang=ar\"")), "{page}");
    assert!(page.contains("href=\"/api/v1/entries/1/proof\""), "{page}");
    let home = html(&server.get("/?lang=ar").await);
    assert!(home.contains(&format!("href=\"{second}?lang=ar\"")), "{home}");
}

#[tokio::test]
async fn the_statement_and_the_links_are_shown_as_the_leaf_has_them() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let entry = schema::expect("entry", &server.get("/api/v1/entries/1").await.body);
    let page = page(&server, 1).await;
    let shown = page.split("<code>{").skip(1).map(|rest| {
        let text = rest.split("</code>").next().unwrap().replace("&#34;", "\"");
        serde_json::from_str::<Value>(&format!("{{{text}")).unwrap()
    });
    let signed = [&entry["statement"], &entry["links"]];
    assert_eq!(shown.collect::<Vec<_>>().iter().collect::<Vec<_>>(), signed);
    for part in ["leaf_hash", "id"] {
        assert!(page.contains(entry[part].as_str().unwrap()), "{part}");
    }
}
