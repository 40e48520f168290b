//! How a thread stands, on its page: from entries and the clock alone, with the entries that it follows from.

use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;

use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{Sent, agreement_with, assessment, breach, decision, follow_up};

/// An agreement with acme.example whose first commitment is due on a day.
pub fn agreement_due(day: &'static str, number: u64, at: Moment) -> Sent {
    let acme = || Json::text("acme.example");
    let owed = Json::map([("by", acme()), ("due", Json::text(day))]).into_owned();
    let fields = [
        ("basis", Json::text("spoken")),
        ("commitments", Json::List(vec![owed])),
        ("lang", Json::text("en")),
        ("offers", Json::text("closed")),
        ("subjects", Json::List(vec![acme()])),
    ];
    let words =
        [("title", "Refund, in \\parts; by phone"), ("commitment_1", "Acme refunds 120 euros.")];
    follow_up("agreement", number, at, &fields, &words)
}

/// The part of the page that says how the thread stands.
async fn standing(server: &Server) -> String {
    let path = link(server, 1).await.replace("/e/", "/t/");
    let page = html(&server.get(&path).await);
    let start = page.find("<h2 id=\"standing\">").expect("the page says how it stands");
    let part = &page[start..];
    part[..part.find("</section>").unwrap()].replace("<bdi>", "").replace("</bdi>", "")
}

#[tokio::test]
async fn silence_shows_on_the_page_of_the_thread_with_no_new_entry() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let first = standing(&server).await;
    for wanted in [
        "One-sided: no verdict recorded",
        "Open, no day named",
        "No assessment recorded",
        "Nothing is due on a coming day.",
        "As of 20 November 2026, 10:30 UTC.",
    ] {
        assert!(first.contains(wanted), "{wanted} in {first}");
    }
    server.log(breach(sent.id, 1, server.now())).await;
    let waiting = standing(&server).await;
    let cause = link(&server, 2).await;
    assert!(waiting.contains(&format!("<a href=\"{cause}\">")), "{waiting}");
    assert!(waiting.contains("Not kept, as the signers state"), "{waiting}");
    let awaiting = waiting.split("No response recorded, due ").nth(1).unwrap();
    let day = awaiting.split('<').next().unwrap().to_owned();
    let next = format!("Next deadline: first response by acme.example to entry 2, by {day}.");
    assert!(waiting.contains(&next), "{next} in {waiting}");
    let later = "2027-11-20T10:30:00Z";
    server.set_clock(later);
    let late = standing(&server).await;
    assert!(late.contains("state late\">Long overdue: no response recorded, first due"), "{late}");
    assert!(late.contains("Nothing is due on a coming day."), "{late}");
    server.log(assessment(sent.id, 1, 1, Moment::parse_seconds(later).unwrap())).await;
    let assessed = standing(&server).await;
    assert!(assessed.contains(">Not resolved<"), "{assessed}");
}

#[tokio::test]
async fn beside_a_claim_stands_what_the_organization_replies_or_that_it_does_not() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(breach(sent.id, 1, server.now())).await;
    server.log(assessment(sent.id, 1, 1, server.now())).await;
    let thread = link(&server, 1).await.replace("/e/", "/t/");
    let plain = |page: String| page.replace("<bdi>", "").replace("</bdi>", "");
    let whole = plain(html(&server.get(&thread).await));
    let beside = |index: u64| {
        let start = whole.find(&format!("id=\"entry-{index}\"")).unwrap();
        whole[start..].split("</li>\n<li id=").next().unwrap().to_owned()
    };
    let reply = "<dt>Reply of acme.example</dt><dd><span class=\"state \">";
    for (index, says) in [(1, "One-sided: no verdict"), (2, "No response recorded, due")] {
        let line = format!("{reply}{says}");
        assert_eq!(beside(index).matches(&line).count(), 1, "{}", beside(index));
        let page = plain(html(&server.get(&link(&server, index).await).await));
        assert_eq!(page.matches(&line).count(), 1, "{page}");
    }
    assert!(!beside(3).contains(reply), "an assessment asks for no reply");
    server.log(decision("withheld", sent.id, &[], server.now())).await;
    for path in [link(&server, 1).await, link(&server, 2).await, thread] {
        assert!(!plain(html(&server.get(&path).await)).contains(reply), "{path}");
    }
}

#[tokio::test]
async fn a_commitment_is_overdue_from_the_minute_its_day_is_over_everywhere() {
    let server = Server::start().await;
    server.log(agreement_due("2026-12-01", 1, server.now())).await;
    for (clock, state) in [
        ("2026-11-20T10:30:00Z", ">Open, due 1 December 2026<"),
        ("2026-11-25T12:00:00Z", ">Due soon, by 1 December 2026<"),
        ("2026-12-02T11:59:59Z", ">Due soon, by 1 December 2026<"),
        ("2026-12-02T12:00:00Z", ">Overdue: nothing recorded, due 1 December 2026<"),
    ] {
        server.set_clock(clock);
        let shown = standing(&server).await;
        assert!(shown.contains(state), "{state} at {clock} in {shown}");
    }
}

#[tokio::test]
async fn of_a_thread_with_many_breaches_the_newest_are_shown_and_the_rest_counted() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    for nth in 0..22_i64 {
        let fields = [
            ("commitment_numbers", Json::List(vec![Json::Integer(1)])),
            ("desired_outcome", Json::text("refund")),
            ("since", Json::text(format!("2026-10-{:02}", nth + 1))),
            ("thread", Json::text(sent.id.to_string())),
        ];
        server.log(follow_up("breach", 1, server.now(), &fields, &[])).await;
    }
    let shown = standing(&server).await;
    assert_eq!(shown.matches("<dt>Breach in entry").count(), 20, "{shown}");
    assert!(shown.contains("Breach in entry 23,") && !shown.contains("Breach in entry 3,"));
    assert!(shown.contains("2 older amendments, breaches and offers"), "{shown}");
}
