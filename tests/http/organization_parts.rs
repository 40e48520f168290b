//! What the page of an organization says beside its entries: who claimed it, and what is due from it.

use onrecord::encoding::json::Json;

use crate::domains::{document, site};
use crate::entry_page::html;
use crate::server::Server;
use crate::signing::{agreement_with, decision, follow_up, key};
use crate::standing::agreement_due;

const PATH: &str = "/o/acme.example";

async fn page(server: &Server) -> String {
    html(&server.get(PATH).await).replace("<bdi>", "").replace("</bdi>", "")
}

#[tokio::test]
async fn claims_are_shown_with_their_keys_and_days_and_a_break_and_drift_are_named() {
    let server = Server::start().await;
    let (resolve, answer) = site();
    server.look_at_domains(&[resolve.parse().unwrap()]);
    server.log(agreement_with("acme.example", 1, server.now())).await;
    assert!(page(&server).await.contains("Nobody from acme.example has claimed this page."));
    let claim = |number| {
        let domain = ("domain", Json::text("acme.example"));
        let fields = [domain, ("response_days", Json::Integer(3))];
        follow_up("claim", number, server.now(), &fields, &[])
    };
    *answer.lock().unwrap() = document(7, "2027-01-01T00:00:00Z");
    server.log(claim(7)).await;
    let first = page(&server).await;
    let signed =
        |number: u64| format!("<code translate=\"no\" dir=\"ltr\">{}</code>", key(number).did());
    for wanted in [
        signed(7).as_str(),
        "<h3>Claimed 20 November 2026, 10:30 UTC</h3>",
        "gives a first response within 3 days.",
        "last seen to change 20 November 2026, 10:30 UTC: 1 key.",
    ] {
        assert!(first.contains(wanted), "{wanted} in {first}");
    }
    for other in ["Nobody from", "A break in the history", "The domain did not list"] {
        assert!(!first.contains(other), "{other} in {first}");
    }
    *answer.lock().unwrap() = document(8, "2027-01-01T00:00:00Z");
    server.log(claim(8)).await;
    let second = page(&server).await;
    assert_eq!(second.matches("A break in the history").count(), 1, "{second}");
    assert!(second.find(&signed(8)) < second.find(&signed(7)), "the newest claim comes first");
    assert!(!second.contains("The domain did not list"), "{second}");
    *answer.lock().unwrap() = document(9, "2027-01-01T00:00:00Z");
    let refused =
        follow_up("claim", 10, server.now(), &[("domain", Json::text("acme.example"))], &[]);
    assert_eq!(server.publish(&refused.body).await.status, 403);
    let third = page(&server).await;
    let drift = third.split("The domain did not list").nth(1).expect("drift is shown");
    assert!(drift[..400].contains(&signed(8)) && !drift[..400].contains(&signed(7)), "{drift}");
}

#[tokio::test]
async fn what_is_late_comes_first_then_the_earliest_day_and_the_list_is_bounded() {
    let server = Server::start().await;
    let nothing = "Nothing that is due on a day waits for it.";
    server.log(agreement_with("acme.example", 1, server.now())).await;
    assert!(page(&server).await.contains(nothing));
    let far = server.log(agreement_due("2027-03-01", 2, server.now())).await;
    server.log(agreement_due("2026-12-01", 3, server.now())).await;
    let both = page(&server).await;
    let (near, later) = (both.find("by 1 December 2026"), both.find("by 1 March 2027"));
    assert!(near.is_some() && near < later, "{both}");
    assert!(both.contains("Overdue: 0. Still to come: 2."), "{both}");
    server.log(decision("withheld", far.id, &[], server.now())).await;
    let without = page(&server).await;
    assert!(!without.contains("1 March 2027"), "a withheld agreement says nothing");
    assert!(without.contains("Overdue: 0. Still to come: 1."), "and is not counted: {without}");
    for number in 4..=24 {
        server.log(agreement_due("2026-12-20", number, server.now())).await;
    }
    server.set_clock("2026-12-02T12:00:00Z");
    let many = page(&server).await;
    let late = many
        .find("Overdue, nothing recorded: commitment 1, owed by acme.example, due 1 December 2026");
    assert!(late.is_some() && late < many.find("by 20 December 2026"), "{many}");
    assert!(many.contains("Overdue: 1. Still to come: 21."), "{many}");
    assert_eq!(many.matches("by 20 December 2026").count(), 19, "20 lines in all");
    assert!(many.contains("Only the first are shown."), "{many}");
}
