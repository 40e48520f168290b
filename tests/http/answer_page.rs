//! What an organization finds on the page on which it states something about an agreement, and on the one on which it
//! claims its domain.

use onrecord::encoding::json::Json;

use crate::domains::{document, site};
use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{agreement_with, breach, follow_up, key};

async fn thread(server: &Server, index: u64) -> String {
    link(server, index).await.replace("/e/", "/t/")
}

/// A ledger on which acme.example is claimed by key 7, with an agreement and a breach of it.
async fn claimed() -> Server {
    let server = Server::start().await;
    let (resolve, answer) = site();
    server.look_at_domains(&[resolve.parse().unwrap()]);
    let agreement = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(agreement.id, 1, server.now())).await;
    *answer.lock().unwrap() = document(7, "2027-01-01T00:00:00Z");
    let domain = [("domain", Json::text("acme.example"))];
    server.log(follow_up("claim", 7, server.now(), &domain, &[])).await;
    server
}

#[tokio::test]
async fn a_party_is_offered_what_it_can_answer_with_the_keys_that_claimed_it() {
    let server = claimed().await;
    let thread = thread(&server, 1).await;
    let begun = "as=https://www.acme.example/about&kind=response&stage=final&re=2";
    let page = html(&server.get(&format!("{thread}/add?{begun}")).await);
    for wanted in [
        "data-domain=\"acme.example\"",
        &format!("data-signers=\"{}\"", key(7).did()),
        "id=\"kind-response\" value=\"response\" aria-describedby=\"kind-response-hint\" checked",
        "id=\"stage-final\" value=\"final\" checked",
        "id=\"verdict-declined\"",
        "id=\"number_1\"",
        "Commitment not kept, Entry 2</option>",
        "onrecord respond http://",
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    for missing in ["kind-breach", "kind-offer", "seal-text", "save-backup", "evidence_pick_1"] {
        assert!(!page.contains(&format!("id=\"{missing}\"")), "{missing}");
    }
    let (_, verdicts) = page.split_once("id=\"re_countersignature\"").unwrap();
    let (verdicts, _) = verdicts.split_once("</select>").unwrap();
    assert_eq!(verdicts.matches("<option").count(), 1, "only the agreement can be countersigned");
    let shown = html(&server.get(&thread).await);
    assert!(shown.contains(&format!("href=\"{thread}/add?as=acme.example\"")), "{shown}");
    assert!(!shown.contains("name=\"as\""), "the signers welcome no offers");
}

#[tokio::test]
async fn the_newest_breach_waits_for_an_answer_unless_another_entry_is_asked_for() {
    let server = claimed().await;
    let thread = thread(&server, 1).await;
    let chosen = async |query: &str| {
        let page = html(&server.get(&format!("{thread}/add?as=acme.example{query}")).await);
        let (_, after) = page.split_once("id=\"re_response\"").unwrap();
        let (_, after) = after.split_once(" selected>").expect("one is chosen");
        after.split_once("</option>").unwrap().0.to_owned()
    };
    assert_eq!(chosen("").await, "Commitment not kept, Entry 2");
    assert_eq!(chosen("&re=1").await, "Agreement, Entry 1");
    assert_eq!(chosen("&re=99").await, "Commitment not kept, Entry 2");
}

#[tokio::test]
async fn who_cannot_answer_is_told_why_and_what_to_do() {
    let server = claimed().await;
    server.log(agreement_with("bolt.example", 3, server.now())).await;
    let (mine, theirs) = (thread(&server, 1).await, thread(&server, 5).await);
    let unclaimed = html(&server.get(&format!("{theirs}/add?as=bolt.example")).await);
    assert!(unclaimed.contains("href=\"/o/bolt.example/claim\""), "{unclaimed}");
    let closed = html(&server.get(&format!("{theirs}/add?as=acme.example")).await);
    assert!(closed.contains("do not want offers"), "{closed}");
    for page in [unclaimed, closed] {
        assert!(!page.contains("id=\"questions\"") && !page.contains("pages/add.js"), "{page}");
    }
    assert_eq!(server.get(&format!("{mine}/add?as=no%20name")).await.status, 400);
    assert_eq!(server.get(&format!("{mine}/add?as=acme.example&re=x")).await.status, 400);
}

#[tokio::test]
async fn the_claim_page_names_the_keys_that_are_listed_already_and_the_place_of_the_document() {
    let server = claimed().await;
    let page = html(&server.get("/o/acme.example/claim").await);
    for wanted in [
        &format!("data-keys=\"{}\"", key(7).did()),
        "https://acme.example/.well-known/onrecord.json",
        "_onrecord.acme.example",
        "This domain was claimed before.",
        "onrecord org init acme.example --key acme.example.key --log http://",
    ] {
        assert!(page.contains(wanted), "{wanted} in {page}");
    }
    let other = html(&server.get("/o/nobody.example/claim").await);
    assert!(other.contains("data-keys=\"\"") && !other.contains("claimed before"), "{other}");
    assert_eq!(server.get("/o/ACME.example/claim").await.status, 303);
    let known = html(&server.get("/o/acme.example").await);
    assert!(!known.contains("/o/acme.example/claim"), "it is claimed");
}
