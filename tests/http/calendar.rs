//! What is due as iCalendar: all-day events that keep their names, without words that people wrote.

use crate::client::Raw;
use crate::entry_page::{html, link};
use crate::server::Server;
use crate::signing::{breach, decision};
use crate::standing::agreement_due;

fn lines(answer: &Raw) -> Vec<String> {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    let text = String::from_utf8(answer.body.clone()).unwrap();
    assert!(text.ends_with("END:VCALENDAR\r\n"), "{text}");
    text.replace("\r\n ", "").split("\r\n").map(str::to_owned).collect()
}

fn all(lines: &[String], name: &str) -> Vec<String> {
    let values = lines.iter().filter_map(|line| line.strip_prefix(name));
    values.map(str::to_owned).collect()
}

#[tokio::test]
async fn thread_and_organization_have_one_event_for_each_day_and_each_leads_to_the_thread() {
    let server = Server::start().await;
    let sent = server.log(agreement_due("2026-12-01", 1, server.now())).await;
    server.log(agreement_due("2026-12-09", 2, server.now())).await;
    let thread = link(&server, 1).await.replace("/e/", "/t/");
    let calendar = lines(&server.get(&format!("{thread}/due.ics")).await);
    assert_eq!(all(&calendar, "DTSTART;VALUE=DATE:"), ["20261201"]);
    assert_eq!(all(&calendar, "UID:"), ["1-commitment-1@ledger.example/2026"]);
    assert_eq!(all(&calendar, "DTSTAMP:"), ["20261120T103000Z"]);
    let summary = "Due: commitment 1\\, owed by acme.example";
    assert_eq!(all(&calendar, "SUMMARY;LANGUAGE=en:"), [summary]);
    assert_eq!(all(&calendar, "URL:"), [format!("{}{thread}", server.url())]);
    let both = lines(&server.get("/o/acme.example/due.ics").await);
    assert_eq!(all(&both, "DTSTART;VALUE=DATE:"), ["20261201", "20261209"]);
    let page = html(&server.get(&thread).await);
    assert!(page.contains(&format!("<a href=\"{thread}/due.ics\">")), "{page}");
    let organization = html(&server.get("/o/acme.example").await);
    assert!(organization.contains("<a href=\"/o/acme.example/due.ics\">"), "{organization}");
    server.log(breach(sent.id, 1, server.now())).await;
    let broken = lines(&server.get(&format!("{thread}/due.ics")).await);
    assert_eq!(all(&broken, "UID:"), ["3-first-response-acme.example@ledger.example/2026"]);
    assert_eq!(server.get("/o/nobody.example/due.ics").await.status, 404);
    assert_eq!(server.get(&format!("{}/due.ics", &thread[..30])).await.status, 404);
}

#[tokio::test]
async fn a_day_that_has_passed_keeps_its_event_and_words_are_never_in_it() {
    let server = Server::start().await;
    let sent = server.log(agreement_due("2026-12-01", 1, server.now())).await;
    let path = "/o/acme.example/due.ics";
    let before = lines(&server.get(path).await);
    assert!(!before.iter().any(|line| line.contains("Refund") || line.contains("120 euros")));
    server.set_clock("2026-12-02T12:00:00Z");
    let after = lines(&server.get(path).await);
    assert_eq!(all(&after, "UID:"), all(&before, "UID:"));
    let summary = "Overdue\\, nothing recorded: commitment 1\\, owed by acme.example";
    assert_eq!(all(&after, "SUMMARY;LANGUAGE=en:"), [summary]);
    let spanish = lines(&server.get(&format!("{path}?lang=es")).await);
    assert!(all(&spanish, "SUMMARY;LANGUAGE=es:")[0].starts_with("Vencido"), "{spanish:?}");
    server.set_clock("2026-11-20T10:30:00Z");
    server.log(decision("withheld", sent.id, &[], server.now())).await;
    assert_eq!(all(&lines(&server.get(path).await), "BEGIN:VEVENT"), Vec::<String>::new());
    let thread = link(&server, 1).await.replace("/e/", "/t/");
    let page = html(&server.get(&thread).await);
    assert!(!page.contains("id=\"standing\""), "what a withheld agreement says is not shown");
}
