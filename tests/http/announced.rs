//! A ledger whose policy asks for witnesses: what is told of the checkpoint that they cosigned, and what of the newest.

use std::sync::Arc;

use onrecord::crypto::PrivateKey;
use onrecord::service::{WitnessingParts, WitnessingTimes};
use onrecord::store::Witnessed as _;
use onrecord::store::memory::MemoryWitnessed;
use onrecord::tlog::{Cosigner, Policy, SignedCheckpoint, log_hash};
use serde_json::Value;

use crate::server::Server;
use crate::signing::agreement_with;

fn witness() -> Cosigner {
    Cosigner::new("witness.example/w1".parse().unwrap(), PrivateKey::from_seed(&[77; 32]))
}

/// The newest checkpoint, with the line of the witness.
async fn cosigned(server: &Server) -> SignedCheckpoint {
    let note = server.get("/checkpoint").await;
    let note: SignedCheckpoint = String::from_utf8(note.body).unwrap().parse().unwrap();
    let line = witness().cosign(note.note(), 1_800_000_000).unwrap();
    note.and(line).unwrap()
}

/// From now on the ledger relies on a witness that nobody can ask, and that cosigned this.
async fn rely(server: &Server, kept: Option<&SignedCheckpoint>) {
    let policy = server.get("/log.policy").await.body;
    let policy = String::from_utf8(policy).unwrap();
    let witness = format!("witness w1 {}\nquorum w1\n", witness().verifier_key());
    let policy = policy.replace("quorum none\n", &witness);
    let store = MemoryWitnessed::default();
    if let Some(kept) = kept {
        let log = log_hash(kept.checkpoint().origin().as_str());
        store.put(&log, kept.to_string().as_bytes()).unwrap();
    }
    server
        .rely_on_witnesses(WitnessingParts {
            policy: Policy::parse(policy.as_bytes()).unwrap(),
            witnesses: Vec::new(),
            store: Arc::new(store),
            times: WitnessingTimes::default(),
        })
        .await;
}

async fn json(server: &Server, path: &str) -> Value {
    let answer = server.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    serde_json::from_slice(&answer.body).unwrap()
}

#[tokio::test]
async fn what_others_recompute_is_as_of_the_announced_checkpoint_and_reading_as_of_the_newest() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let kept = cosigned(&server).await;
    rely(&server, Some(&kept)).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    server.log(agreement_with("other.example", 3, server.now())).await;

    assert_eq!(server.get("/checkpoint").await.body, kept.to_string().into_bytes());
    let metrics = json(&server, "/api/v1/organizations/acme.example/metrics").await;
    assert_eq!(metrics["_meta"]["checkpoint_size"], 2);
    let badge = json(&server, "/badge/o/acme.example.json").await;
    assert_eq!((&badge["commitments"], &badge["index"]), (&1.into(), &1.into()));
    // What the announced checkpoint does not cover is there all the same.
    let newer = json(&server, "/badge/o/other.example.json").await;
    assert_eq!(newer["commitments"], 1);

    assert_eq!(json(&server, "/api/v1/entries").await["_meta"]["checkpoint_size"], 4);
    assert_eq!(json(&server, "/api/v1/organizations/acme.example").await["entries_total"], 2);
    let cosigned = |bundle: Value| bundle["proof"].as_str().unwrap().contains("witness.example/w1");
    assert!(cosigned(json(&server, "/api/v1/entries/1/bundle").await));
    assert!(!cosigned(json(&server, "/api/v1/entries/2/bundle").await));
    let health = json(&server, "/healthz").await;
    assert_eq!((&health["checkpoint_size"], &health["witnessed_size"]), (&4.into(), &2.into()));
    let numbers = server.get("/metrics").await.body;
    let numbers = String::from_utf8(numbers).unwrap();
    assert!(numbers.contains("# HELP onrecord_witnessed_size "), "{numbers}");
}

#[tokio::test]
async fn before_the_first_quorum_there_is_no_checkpoint_and_everything_else_is_there() {
    let server = Server::start().await;
    rely(&server, None).await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    for path in ["/checkpoint", "/api/v1/organizations/acme.example/metrics"] {
        let answer = server.get(path).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{path}");
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["type"], "/problems/starting");
    }
    for path in ["/", "/ledger", "/o/acme.example", "/badge/o/acme.example.json", "/tile/0/000.p/2"]
    {
        assert_eq!(server.get(path).await.status, 200, "{path}");
    }
    assert_eq!(json(&server, "/healthz").await["witnessed_size"], 0);
}
