//! Rates of networks and keys, and what is believed of forwarded addresses.

use std::num::NonZeroU32;

use onrecord::http::limits::Rates;

use crate::schema;
use crate::server::{Options, Server};
use crate::signing::{agreement_by, agreement_with, key};

fn few(network_burst: u32, key_burst: u32) -> Options<'static> {
    let number = |number| NonZeroU32::new(number).unwrap();
    let rates = Rates {
        network_per_second: number(1),
        network_burst: number(network_burst),
        key_per_minute: number(1),
        key_burst: number(key_burst),
    };
    Options { rates: Some(rates), ..Options::default() }
}

#[tokio::test]
async fn a_network_that_asks_too_much_is_told_how_long_to_wait() {
    let server = Server::start_with(few(20, 10)).await;
    let mut statuses = Vec::new();
    for _ in 0..22 {
        let answer = server.get("/checkpoint").await;
        statuses.push(answer.status);
        if answer.status == 429 {
            let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..5).contains(&wait), "{wait}");
            let problem = schema::expect("problem", &answer.body);
            assert_eq!(problem["type"], "/problems/rate_limited");
        }
    }
    assert!(statuses[..20].iter().all(|status| *status == 200), "{statuses:?}");
    assert!(statuses.contains(&429), "{statuses:?}");
    assert_eq!(server.get("/healthz").await.status, 200, "who watches over it is always let in");
}

#[tokio::test]
async fn a_list_and_a_statement_cost_more_than_an_entry() {
    let server = Server::start_with(few(21, 10)).await;
    let sent = agreement_with("acme.example", 1, server.now());
    assert_eq!(server.publish(&sent.body).await.status, 201);
    assert_eq!(server.get("/api/v1/entries").await.status, 429);
    assert_eq!(server.get("/api/v1/entries/1").await.status, 200);
}

#[tokio::test]
async fn a_key_has_a_rate_of_its_own_that_a_known_statement_does_not_touch() {
    let server = Server::start_with(few(1_000_000, 2)).await;
    let (ana, bo) = (key(1), key(2));
    let sent: Vec<_> =
        (1..4).map(|number| agreement_by(&ana, "acme.example", number, server.now())).collect();
    assert_eq!(server.publish(&sent[0].body).await.status, 201);
    for _ in 0..4 {
        assert_eq!(server.publish(&sent[0].body).await.status, 200);
    }
    assert_eq!(server.publish(&sent[1].body).await.status, 201);
    let limited = server.publish(&sent[2].body).await;
    assert_eq!(limited.status, 429);
    assert!(limited.header("retry-after").is_some());
    assert_eq!(
        server.publish(&sent[1].body).await.status,
        200,
        "known, though the rate is used up"
    );
    let other = agreement_by(&bo, "acme.example", 9, server.now());
    assert_eq!(server.publish(&other.body).await.status, 201, "another key has its own");
}

#[tokio::test]
async fn a_statement_that_does_not_verify_uses_up_nobodys_rate() {
    let server = Server::start_with(few(1_000_000, 1)).await;
    let sent = agreement_with("acme.example", 1, server.now());
    let mut forged: serde_json::Value = serde_json::from_str(&sent.body).unwrap();
    let signature = forged["envelope"]["signatures"][0]["sig"].as_str().unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    forged["envelope"]["signatures"][0]["sig"] = format!("{other}{}", &signature[1..]).into();
    for _ in 0..3 {
        assert_eq!(server.publish(&forged.to_string()).await.status, 422);
    }
    assert_eq!(server.publish(&sent.body).await.status, 201);
}

#[tokio::test]
async fn unlimited_turns_all_rates_off() {
    let server = Server::start_with(Options { rates: None, ..Options::default() }).await;
    for _ in 0..3_000 {
        assert_eq!(server.get("/checkpoint").await.status, 200);
    }
}

#[tokio::test]
async fn a_forwarded_address_counts_only_behind_trusted_proxies() {
    let claim = |number: u8| format!("x-forwarded-for: 203.0.113.{number}\r\n");
    let direct = Server::start_with(few(20, 10)).await;
    let proxied = Server::start_with(Options { trusted_hops: 1, ..few(20, 10) }).await;
    let mut refused = 0;
    for number in 0..40 {
        let answer = direct.request("GET", "/checkpoint", &claim(number), "").await;
        refused += u32::from(answer.status == 429);
        let answer = proxied.request("GET", "/checkpoint", &claim(number), "").await;
        assert_eq!(answer.status, 200, "each client has its own bucket");
    }
    assert!(refused > 10, "a client cannot make up addresses: {refused}");
    let spoofed = "x-forwarded-for: 198.51.100.1, 203.0.113.99\r\n";
    let mut last = 0;
    for _ in 0..22 {
        last = proxied.request("GET", "/checkpoint", spoofed, "").await.status;
    }
    assert_eq!(last, 429, "what stands left of the proxy's own word is ignored");
    assert_eq!(proxied.request("GET", "/checkpoint", &claim(99), "").await.status, 429);
}
