//! What an organization's threads add up to, on its page: the numbers of the API, with what defines them.

use serde_json::Value;

use crate::entry_page::html;
use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, assessment, breach};

/// The part of the page of acme.example with the figures, as text without marks of isolation.
async fn figures(server: &Server, query: &str) -> String {
    let page = html(&server.get(&format!("/o/acme.example{query}")).await);
    let start = page.find("<h2 id=\"figures\">").expect("the page has figures");
    let part = &page[start..];
    part[..part.find("</section>").unwrap()].replace("<bdi>", "").replace("</bdi>", "")
}

fn rows(part: &str) -> Vec<&str> {
    part.split("<tr><th scope=\"row\">").skip(1).collect()
}

#[tokio::test]
async fn the_page_shows_every_figure_of_the_api_that_counts_anything() {
    let server = Server::start().await;
    let mut threads = Vec::new();
    for number in 1..=6 {
        threads.push(server.log(agreement_with("acme.example", number, server.now())).await);
    }
    server.log(breach(threads[0].id, 1, server.now())).await;
    server.log(assessment(threads[0].id, 1, 1, server.now())).await;
    for (query, days) in [("", 90), ("?days=365", 365)] {
        let path = format!("/api/v1/organizations/acme.example/metrics?days={days}");
        let metrics: Value = schema::expect("metrics", &server.get(&path).await.body);
        let part = figures(&server, query).await;
        assert!(part.contains(&format!("href=\"{path}\"")), "{part}");
        let said = format!("Over {days} days of 24 hours, up to 20 November 2026, 10:30 UTC.");
        assert!(part.contains(&said) && part.contains("checkpoint of size 9,"), "{part}");
        let counting = metrics["figures"].as_array().unwrap().iter();
        let counting: Vec<_> = counting.filter(|figure| figure["denominator"] != 0).collect();
        let rows = rows(&part);
        assert_eq!(rows.len(), counting.len(), "{part}");
        for (row, figure) in rows.iter().zip(counting) {
            let formula = figure["formula"].as_str().unwrap().replace('\'', "&#39;");
            let counted = format!("<td>{} of {}", figure["numerator"], figure["denominator"]);
            assert!(row.contains(&formula) && row.contains(&counted), "{figure} in {row}");
            let percent = figure["percent"].as_u64().map(|percent| format!("<p>{percent}%</p>"));
            match percent {
                Some(percent) => assert!(row.contains(&percent), "{percent} in {row}"),
                None => assert!(!row.contains('%'), "{row}"),
            }
        }
        let command = format!("onrecord stats acme.example --recompute {}", server.url());
        assert!(part.contains(&command), "{part}");
    }
    let answer = server.get("/o/acme.example?days=91").await;
    assert_eq!(answer.status, 400);
    assert!(html(&answer).contains("Metrics are over 90 or 365 days."), "the rule is named");
}

#[tokio::test]
async fn the_other_period_is_one_link_away_and_older_entries_keep_the_one_chosen() {
    let server = Server::start().await;
    for number in 1..=55 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    let first = figures(&server, "?lang=es").await;
    let longer = "href=\"/o/acme.example?days=365&#38;lang=es#figures\"";
    assert!(first.contains(longer) && first.contains("55 de 55"), "{first}");
    let year = html(&server.get("/o/acme.example?days=365&lang=es").await);
    assert!(year.contains("href=\"/o/acme.example?lang=es#figures\""), "{year}");
    let older = "href=\"/o/acme.example?days=365&#38;cursor=5&#38;lang=es\" rel=\"next\"";
    assert!(year.contains(older), "{year}");
}

#[tokio::test]
async fn charts_show_the_four_outcomes_and_begin_where_the_language_does() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let little = figures(&server, "").await;
    assert_eq!(little.matches("<figure>").count(), 1, "there is no breach: {little}");
    assert!(little.contains("Nothing to count in this period."), "{little}");
    server.log(breach(sent.id, 1, server.now())).await;
    server.log(assessment(sent.id, 1, 1, server.now())).await;
    let much = figures(&server, "").await;
    let chart = much.split("Threads with a breach of the period: 1").nth(1).unwrap();
    for (label, count) in [
        ("Resolved", 0),
        ("Resolved in part", 0),
        ("Not resolved", 1),
        ("No assessment recorded", 0),
    ] {
        let bar = chart.split(&format!("<span>{label}</span>")).nth(1).expect(label);
        let bar = &bar[..bar.find("</svg>").unwrap()];
        let length = format!("width=\"{}.0%\"", count * 100);
        assert!(bar.contains(&format!("<span>{count}</span>")) && bar.contains(&length), "{bar}");
    }
    let arabic = figures(&server, "?lang=ar").await;
    assert!(arabic.contains("x=\"100.0%\" width=\"0.0%\""), "{arabic}");
}
