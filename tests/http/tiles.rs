//! The log as C2SP tlog-tiles describes it, at every size from 1 to 600.

use onrecord::crypto::Hash;
use onrecord::tlog::{Frontier, TileKind, TilePath, leaf_hash, parse_bundle, parse_hashes};

use crate::client::Raw;
use crate::server::Server;
use crate::signing::{agreement_with, log_keys};

const LEVEL_0: TileKind = TileKind::Hashes { level: 0 };
const LEVEL_1: TileKind = TileKind::Hashes { level: 1 };

fn expect_tile(answer: &Raw) {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(answer.header("content-encoding"), None);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
}

async fn fetch(server: &Server, kind: TileKind, index: u64, width: u16) -> Raw {
    let path = TilePath::new(kind, index, width).unwrap();
    server.request("GET", &format!("/{path}"), "accept-encoding: gzip\r\n", "").await
}

#[tokio::test]
async fn every_size_that_was_published_has_its_partial_tiles_and_nothing_lies_beyond() {
    let server = Server::start().await;
    let mut frontier = Frontier::default();
    for size in 1..=600u64 {
        if size > 1 {
            server.log(agreement_with("acme.example", size, server.now())).await;
        }
        let (tile, width) = ((size - 1) / 256, ((size - 1) % 256 + 1) as u16);
        let hashes = fetch(&server, LEVEL_0, tile, width).await;
        let entries = fetch(&server, TileKind::Entries, tile, width).await;
        expect_tile(&hashes);
        expect_tile(&entries);
        let newest = *parse_hashes(&hashes.body, width).unwrap().last().unwrap();
        let leaves = parse_bundle(&entries.body, width).unwrap();
        assert_eq!(leaf_hash(leaves.last().unwrap()), newest);
        frontier.push(newest);
        assert_eq!(root_of(&server).await, (size, frontier.root()));
        for kind in [LEVEL_0, TileKind::Entries] {
            let beyond = (size / 256, (size % 256 + 1) as u16);
            assert_eq!(fetch(&server, kind, beyond.0, beyond.1).await.status, 404);
            assert_eq!(fetch(&server, kind, tile + 1, 256).await.status, 404);
        }
    }
    every_earlier_width_is_still_there(&server).await;
}

async fn root_of(server: &Server) -> (u64, Hash) {
    let checkpoint = server.get("/checkpoint").await;
    assert_eq!(checkpoint.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(checkpoint.header("cache-control"), Some("no-cache"));
    let text = String::from_utf8(checkpoint.body).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[0], crate::signing::ORIGIN);
    (lines[1].parse().unwrap(), Hash::from_base64(lines[2]).unwrap())
}

async fn every_earlier_width_is_still_there(server: &Server) {
    let full = fetch(server, LEVEL_0, 1, 256).await.body;
    let bundle = fetch(server, TileKind::Entries, 1, 256).await.body;
    for width in 1..256u16 {
        let hashes = fetch(server, LEVEL_0, 1, width).await;
        expect_tile(&hashes);
        assert_eq!(hashes.body, full[..usize::from(width) * 32]);
        let entries = fetch(server, TileKind::Entries, 1, width).await;
        assert!(bundle.starts_with(&entries.body));
        assert_eq!(parse_bundle(&entries.body, width).unwrap().len(), usize::from(width));
    }
    for (width, status) in [(1, 200), (2, 200), (3, 404), (256, 404)] {
        assert_eq!(fetch(server, LEVEL_1, 0, width).await.status, status);
    }
}

#[tokio::test]
async fn a_path_that_is_no_tiles_is_404() {
    let server = Server::start().await;
    for path in [
        "/tile/0/000",
        "/tile/0/0.p/1",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/0/000.p/01",
        "/tile/1/000.p/1",
        "/tile/64/000.p/1",
        "/tile/entries/001",
        "/tile/data/000.p/1",
        "/tile/0/x072/x057/x594/x037/x927/935.p/1",
        "/tile/0/x072/x057/x594/x037/x927/935",
        "/tile/0/",
        "/tile/",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
    }
    assert_eq!(server.get("/tile/0/000.p/1").await.status, 200);
}

#[tokio::test]
async fn the_policy_names_the_key_that_signs() {
    let server = Server::start().await;
    let answer = server.get("/log.policy").await;
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    let policy = onrecord::tlog::Policy::parse(&answer.body).unwrap();
    let note = String::from_utf8(server.get("/checkpoint").await.body).unwrap();
    let signed: onrecord::tlog::SignedCheckpoint = note.parse().unwrap();
    assert!(policy.judge(&signed).holds());
}

/// The key in the ledger's own policy.
fn own_key(policy: &[u8]) -> String {
    let policy = onrecord::tlog::Policy::parse(policy).unwrap();
    let [log] = policy.logs() else { panic!() };
    log.key().to_string()
}

#[tokio::test]
async fn the_entry_that_names_the_keys_is_found_once_there_is_one() {
    let server = Server::start().await;
    assert_eq!(server.get("/api/v1/log-keys").await.status, 404);
    let own = own_key(&server.get("/log.policy").await.body);
    let other = log_keys(&[own.replace("+", "+x")], server.now());
    assert_eq!(server.publish(&other.body).await.status, 422);
    let at = server.now();
    server.log(log_keys(std::slice::from_ref(&own), at)).await;
    server.log(agreement_with("acme.example", 1, at)).await;
    let answer = server.get("/api/v1/log-keys").await;
    assert_eq!(answer.header("content-type"), Some("application/vnd.onrecord.bundle.v1+json"));
    assert_eq!(answer.body, server.get("/api/v1/entries/1/bundle").await.body);
    let policy = onrecord::tlog::Policy::of_log(own.parse().unwrap());
    let named = onrecord::verify::log_keys(&answer.body, &policy).unwrap();
    assert!(named.iter().map(ToString::to_string).eq([own.clone()]));
    assert_eq!(own_key(&server.get("/log.policy").await.body), own);
}
