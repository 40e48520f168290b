//! What other sites show of a thread and of an organization: two counts, the minute they are of, and no verdict.

use onrecord::encoding::json::Json;
use serde_json::Value;

use crate::domains::{document, site};
use crate::entry_page::{html, link};
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, breach, decision, follow_up};
use crate::standing::agreement_due;

/// A ledger with an agreement that is due on 20 December 2026, and one without a day.
async fn server() -> (Server, String) {
    let server = Server::start().await;
    server.log(agreement_due("2026-12-20", 1, server.now())).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    let name = link(&server, 1).await["/e/".len()..].to_owned();
    (server, name)
}

async fn json(server: &Server, path: &str) -> Value {
    schema::expect("counts-badge", &server.get(path).await.body)
}

fn counts(badge: &Value) -> (u64, u64) {
    (badge["commitments"].as_u64().unwrap(), badge["overdue"].as_u64().unwrap())
}

#[tokio::test]
async fn the_counts_are_those_of_the_thread_and_of_all_threads_of_the_organization() {
    let (server, name) = server().await;
    let (thread, organization) = (format!("/badge/t/{name}.json"), "/badge/o/acme.example.json");
    let first = json(&server, &thread).await;
    assert_eq!(
        (counts(&first), &first["text"]),
        ((1, 0), &Value::from("1 promise · 0 overdue · as of 10:30 UTC"))
    );
    assert_eq!(first["thread"].as_str().map(str::len), Some("sha256:".len() + 64));
    assert_eq!((&first["state"], &first["index"]), (&"not_checked".into(), &1.into()));
    let all = json(&server, organization).await;
    assert_eq!(
        (counts(&all), &all["domain"], &all["index"]),
        ((2, 0), &"acme.example".into(), &2.into())
    );
    assert!(all.get("thread").is_none() && first.get("domain").is_none());

    // The day is over everywhere on Earth at noon of the next.
    server.set_clock("2026-12-21T11:59:59Z");
    assert_eq!(counts(&json(&server, &thread).await), (1, 0));
    assert_eq!(counts(&json(&server, organization).await), (2, 0));
    server.set_clock("2026-12-21T12:00:00Z");
    let late = json(&server, &thread).await;
    assert_eq!(
        (counts(&late), &late["text"]),
        ((1, 1), &"1 promise · 1 overdue · as of 12:00 UTC".into())
    );
    assert_eq!(counts(&json(&server, organization).await), (2, 1));
    assert_eq!(late["as_of"], "2026-12-21T12:00:00.000Z");
    let arabic = json(&server, &format!("{thread}?lang=ar")).await;
    assert!(arabic["text"].as_str().unwrap().contains("المتأخر"), "{arabic}");
}

#[tokio::test]
async fn an_unanswered_breach_counts_once_its_day_is_over_and_an_answer_ends_it() {
    let (server, _) = server().await;
    let (resolve, answer) = site();
    server.look_at_domains(&[resolve.parse().unwrap()]);
    *answer.lock().unwrap() = document(7, "2027-01-01T00:00:00Z");
    let acme = "/badge/o/acme.example.json";
    let id = server.log(agreement_with("acme.example", 3, server.now())).await.id;
    let broken = server.log(breach(id, 3, server.now())).await.id;
    assert_eq!(counts(&json(&server, acme).await), (3, 0));
    server.set_clock("2026-12-19T10:30:00Z");
    assert_eq!(counts(&json(&server, acme).await), (3, 1), "no first response");
    let domain = ("domain", Json::text("acme.example"));
    server.log(follow_up("claim", 7, server.now(), std::slice::from_ref(&domain), &[])).await;
    let fields = [
        domain,
        ("outcome", Json::text("refund")),
        ("re", Json::text(broken.to_string())),
        ("stage", Json::text("final")),
        ("thread", Json::text(id.to_string())),
    ];
    server.log(follow_up("response", 7, server.now(), &fields, &[("note", "Paid back.")])).await;
    assert_eq!(counts(&json(&server, acme).await), (3, 0), "it was answered");
}

#[tokio::test]
async fn what_is_withheld_is_not_counted_and_its_badge_says_so() {
    let (server, name) = server().await;
    let sent = server.log(agreement_due("2026-12-20", 5, server.now())).await;
    assert_eq!(counts(&json(&server, "/badge/o/acme.example.json").await), (3, 0));
    server.log(decision("withheld", sent.id, &[], server.now())).await;
    assert_eq!(counts(&json(&server, "/badge/o/acme.example.json").await), (2, 0));
    let hidden = link(&server, 3).await["/e/".len()..].to_owned();
    let badge = json(&server, &format!("/badge/t/{hidden}.json")).await;
    assert!(badge.get("commitments").is_none() && badge.get("overdue").is_none(), "{badge}");
    assert_eq!(badge["text"], "withheld · as of 10:30 UTC");
    assert_eq!(counts(&json(&server, &format!("/badge/t/{name}.json")).await), (1, 0));
}

#[tokio::test]
async fn a_picture_that_stays_open_says_by_itself_that_it_is_out_of_date() {
    let (server, name) = server().await;
    for path in [format!("/badge/t/{name}.svg"), "/badge/o/acme.example.svg".to_owned()] {
        for lang in ["en", "es", "ar"] {
            let answer = server.get(&format!("{path}?lang={lang}")).await;
            assert_eq!(answer.header("content-type"), Some("image/svg+xml"), "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-cache"));
            assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
            assert_eq!(
                answer.header("content-security-policy"),
                Some("default-src 'none'; sandbox")
            );
            let svg = html(&answer);
            let hides = "<set attributeName=\"visibility\" to=\"hidden\" begin=\"600s\"/>";
            let shows = "<set attributeName=\"visibility\" to=\"visible\" begin=\"600s\"/>";
            assert_eq!((svg.matches(hides).count(), svg.matches(shows).count()), (1, 1), "{svg}");
            for claim in ["verif", "Verif", "تم التحقق", "✓", "Refund"] {
                assert!(!svg.contains(claim), "{claim} in {svg}");
            }
        }
    }
    let entry = html(&server.get(&format!("/badge/{name}.svg")).await);
    assert!(!entry.contains("<set"), "what a badge of an entry says stays true");
}

#[tokio::test]
async fn every_address_of_it_leads_there_and_the_card_may_stand_in_every_frame() {
    let (server, name) = server().await;
    for badge in [format!("/badge/t/{name}.json"), "/badge/o/acme.example.json".to_owned()] {
        let badge = json(&server, &badge).await;
        for (form, url) in badge["urls"].as_object().unwrap() {
            let path = url.as_str().unwrap().strip_prefix(server.url()).unwrap();
            assert_eq!(server.get(path).await.status, 200, "{form}: {url}");
        }
        let card = badge["urls"]["card"].as_str().unwrap().strip_prefix(server.url()).unwrap();
        let card = server.get(card).await;
        assert!(!card.header("content-security-policy").unwrap().contains("frame-ancestors"));
        let page = html(&card);
        assert!(
            page.contains("overdue · as of 10:30 UTC") && page.contains("Not checked"),
            "{page}"
        );
        assert!(!page.contains("Refund") && !page.contains("Verified</p>"), "{page}");
        let oembed = badge["urls"]["oembed"].as_str().unwrap().strip_prefix(server.url()).unwrap();
        let described = schema::expect("oembed", &server.get(oembed).await.body);
        assert!(described["html"].as_str().unwrap().contains("/embed/"), "{described}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_404_and_never_another() {
    let (server, name) = server().await;
    server
        .log(follow_up(
            "assessment",
            1,
            server.now(),
            &[("resolved", Json::text("yes")), ("thread", thread_of(&server).await)],
            &[],
        ))
        .await;
    let other = link(&server, 3).await["/e/".len()..].to_owned();
    let hash = name.split_once('-').unwrap().1.to_owned();
    for path in [
        format!("/badge/t/{other}.svg"),
        format!("/badge/t/2-{hash}.svg"),
        format!("/badge/t/{name}.png"),
        format!("/badge/t/{name}"),
        "/badge/o/nobody.example.svg".to_owned(),
        "/badge/o/ACME.example.json".to_owned(),
        format!("/badge/o/{name}.svg"),
        format!("/embed/t/{other}"),
        "/embed/o/nobody.example".to_owned(),
    ] {
        assert_eq!(server.get(&path).await.status, 404, "{path}");
    }
}

async fn thread_of(server: &Server) -> Json<'static> {
    let entry: Value = serde_json::from_slice(&server.get("/api/v1/entries/1").await.body).unwrap();
    Json::text(entry["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_page_of_snippets_takes_a_thread_by_its_address_and_an_organization_by_its_domain() {
    let (server, name) = server().await;
    let builder = async |asked: &str| html(&server.get(&format!("/embed?entry={asked}")).await);
    let thread = builder(&format!("{}/t/{name}", server.url())).await;
    assert!(thread.contains(&format!("onrecord-proof thread=&#34;{name}&#34;")), "{thread}");
    assert!(thread.contains(&format!("/badge/t/{name}.svg?lang=en\"")), "{thread}");
    for asked in ["acme.example", "ACME.example", &format!("{}/o/acme.example/inbox", server.url())]
    {
        let organization = builder(asked).await;
        let element = "onrecord-proof organization=&#34;acme.example&#34;";
        assert!(organization.contains(element), "{asked}: {organization}");
        assert!(organization.contains("src=\"/embed/o/acme.example?lang=en\""), "{organization}");
    }
    assert!(thread.contains("A picture with two counts"), "{thread}");
    let entry = builder(&name).await;
    assert!(entry.contains("onrecord-proof entry=") && !entry.contains("two counts"), "{entry}");
}
