//! The inbox of an organization: everything that waits for it, by day, with the command that answers it, and nothing
//! else.

use onrecord::encoding::json::Json;

use crate::domains::{document, site};
use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{agreement_with, breach, decision, follow_up};
use crate::standing::agreement_due;

const PATH: &str = "/o/acme.example/inbox";

async fn inbox(server: &Server, query: &str) -> String {
    let page = html(&server.get(&format!("{PATH}{query}")).await);
    page.replace("<bdi>", "").replace("</bdi>", "")
}

fn about(thread: &str, re: &str) -> [(&'static str, Json<'static>); 3] {
    [
        ("domain", Json::text("acme.example")),
        ("re", Json::text(re.to_owned())),
        ("thread", Json::text(thread.to_owned())),
    ]
}

#[tokio::test]
async fn what_waits_is_listed_by_day_until_it_is_answered() {
    let server = Server::start().await;
    let (resolve, answer) = site();
    server.look_at_domains(&[resolve.parse().unwrap()]);
    let plain = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_due("2026-12-20", 2, server.now())).await;
    let broken = server.log(breach(plain.id, 1, server.now())).await;
    let first = inbox(&server, "").await;
    assert!(first.contains("Overdue: 0. Due by a day: 2. Without a verdict: 2."), "{first}");
    assert!(first.contains("Nobody from acme.example has claimed this page."), "{first}");
    assert!(first.contains("<a href=\"/o/acme.example/claim\">Claim"), "{first}");
    let respond = format!("{} --key acme.example.key --stage acknowledged", link(&server, 3).await);
    let (one, two) = (link(&server, 1).await, link(&server, 2).await);
    let begun = "as=acme.example&#38;kind=response&#38;stage=acknowledged&#38;re=3";
    let form = format!("{}/add?{begun}\">Answer it", one.replace("/e/", "/t/"));
    let places = [
        first.find(&form),
        first.find(&respond),
        first.find("by 20 December 2026"),
        first.find("commitment_numbers = [1]"),
        first.find(&format!("countersign {}{two}", server.url())),
        first.find(&format!("countersign {}{one}", server.url())),
    ];
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {first}");
    assert!(first.contains(&format!("decline {}{one} --key", server.url())), "{first}");

    server.set_clock("2027-01-15T10:30:00Z");
    let late = inbox(&server, "").await;
    assert!(late.contains("Overdue: 2. Due by a day: 0. Without a verdict: 2."), "{late}");
    assert!(late.contains("<span class=\"state late\">Overdue, due 20 December 2026</span>"));
    server.set_clock("2026-11-20T10:30:00Z");

    *answer.lock().unwrap() = document(7, "2027-01-01T00:00:00Z");
    let domain = [("domain", Json::text("acme.example"))];
    server.log(follow_up("claim", 7, server.now(), &domain, &[])).await;
    let (thread, breach) = (plain.id.to_string(), broken.id.to_string());
    let mut verdict = about(&thread, &thread).to_vec();
    verdict.push(("verdict", Json::text("confirmed")));
    server.log(follow_up("countersignature", 7, server.now(), &verdict, &[])).await;
    let mut last = about(&thread, &breach).to_vec();
    last.extend([("outcome", Json::text("refund")), ("stage", Json::text("final"))]);
    let note = [("note", "Paid back.")];
    server.log(follow_up("response", 7, server.now(), &last, &note)).await;
    let answered = inbox(&server, "").await;
    assert!(answered.contains("Overdue: 0. Due by a day: 1. Without a verdict: 1."), "{answered}");
    assert!(!answered.contains(&one) && !answered.contains("has claimed this page"), "{answered}");
}

#[tokio::test]
async fn an_inbox_has_pages_and_an_end_and_none_of_what_is_withheld() {
    let server = Server::start().await;
    assert_eq!(server.get(PATH).await.status, 404, "nothing is on record about it");
    let mut last = None;
    for number in 1..=53 {
        last = Some(server.log(agreement_with("acme.example", number, server.now())).await);
    }
    let first = inbox(&server, "").await;
    assert_eq!(first.matches("countersign ").count(), 50);
    assert!(first.contains("/o/acme.example/inbox?cursor=50\" rel=\"next\""), "{first}");
    let rest = inbox(&server, "?cursor=50").await;
    assert_eq!(rest.matches("countersign ").count(), 3);
    assert!(!rest.contains("rel=\"next\"") && rest.contains("From the first"), "{rest}");
    server.log(decision("withheld", last.unwrap().id, &[], server.now())).await;
    let rest = inbox(&server, "?cursor=50").await;
    assert_eq!(rest.matches("countersign ").count(), 2);
    assert!(inbox(&server, "?cursor=18446744073709551615").await.contains("Nothing waits."));
    assert_eq!(server.get(&format!("{PATH}?cursor=x")).await.status, 400);
    assert_eq!(server.get("/o/ACME.example/inbox").await.status, 303);
}
