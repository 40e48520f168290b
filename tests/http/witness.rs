//! The statuses that the standard gives a witness, and what monitors are served.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request};
use onrecord::clock::SetClock;
use onrecord::crypto::{PrivateKey, sha256};
use onrecord::encoding::time::Moment;
use onrecord::http::witness_router;
use onrecord::service::Witness;
use onrecord::store::memory::MemoryWitnessed;
use onrecord::tlog::{
    AddCheckpoint, Cosigner, LogSigner, NoteSignature, Policy, Recent, leaf_hash,
    prove_consistency, root,
};
use tower::ServiceExt as _;

const ORIGIN: &str = "log.example";

struct Place {
    router: Router,
    store: MemoryWitnessed,
    clock: Arc<SetClock>,
}

fn log(seed: u8, origin: &str) -> LogSigner {
    LogSigner::new(origin.parse().unwrap(), PrivateKey::from_seed(&[seed; 32]))
}

fn start() -> Place {
    let policy = format!("log {}\nquorum none\n", log(1, ORIGIN).verifier_key());
    let policy = Policy::parse(policy.as_bytes()).unwrap();
    let cosigner = Cosigner::new("w.example".parse().unwrap(), PrivateKey::from_seed(&[2; 32]));
    let noon = Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap();
    let (store, clock) = (MemoryWitnessed::default(), Arc::new(SetClock::at(noon)));
    let witness = Witness::start(cosigner, policy, Box::new(store.clone()), clock.clone());
    Place { router: witness_router(Arc::new(witness.unwrap())), store, clock }
}

/// Status, type and body of an answer.
type Answer = (u16, String, String);

impl Place {
    async fn ask(&self, method: Method, path: &str, body: impl Into<Body>) -> Answer {
        let request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers().contains_key("retry-after"), status == 503);
        let of_type = answer.headers().get("content-type");
        let of_type = of_type.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        (status, of_type, String::from_utf8(body.to_vec()).unwrap())
    }

    async fn add(&self, body: String) -> Answer {
        self.ask(Method::POST, "/add-checkpoint", body).await
    }
}

fn tree(size: u64) -> Recent {
    let mut tree = Recent::default();
    (0..size).for_each(|index| tree.push(leaf_hash(&index.to_be_bytes())));
    tree
}

fn request(log: &LogSigner, old: u64, new: u64) -> String {
    let tree = tree(new);
    let proof = if old == 0 { vec![] } else { prove_consistency(old, new, &tree).unwrap() };
    let signed = log.sign(new, root(new, &tree).unwrap()).unwrap();
    AddCheckpoint::new(old, proof, signed.into()).unwrap().to_string()
}

#[tokio::test]
async fn each_refusal_has_the_status_of_the_standard() {
    let (place, log_a) = (start(), log(1, ORIGIN));
    assert_eq!(place.add(request(&log_a, 0, 5)).await.0, 200);
    let swapped = |text: String, from: &str, to: &str| text.replacen(from, to, 1);
    let other_root = leaf_hash(b"").to_base64();
    let same_size = log_a.sign(5, leaf_hash(b"")).unwrap();
    assert!(same_size.to_string().contains(&other_root));
    let same_size = AddCheckpoint::new(5, vec![], same_size.into()).unwrap().to_string();
    for (body, status) in [
        (String::new(), 400),
        ("old 5\n".to_owned(), 400),
        (swapped(request(&log_a, 5, 9), "old 5", "old 05"), 400),
        (swapped(request(&log_a, 5, 9), "old 5", "old 10"), 400),
        (request(&log(1, "log.example/2"), 5, 9), 404),
        (request(&log(3, ORIGIN), 5, 9), 403),
        (swapped(request(&log_a, 5, 9), "\n9\n", "\n8\n"), 403),
        (request(&log_a, 4, 9), 409),
        (swapped(request(&log_a, 4, 9), "old 4", "old 5"), 422),
        (same_size, 422),
        (request(&log_a, 5, 9), 200),
    ] {
        let (found, of_type, said) = place.add(body.clone()).await;
        assert_eq!(found, status, "{body}\n{said}");
        assert!(said.ends_with('\n'));
        let expected = if status == 409 { "text/x.tlog.size" } else { "text/plain; charset=utf-8" };
        assert_eq!(of_type, expected, "{body}");
        assert!(status != 409 || said == "5\n", "{said}");
    }
}

#[tokio::test]
async fn monitors_are_served_what_was_cosigned_last() {
    let (place, log) = (start(), log(1, ORIGIN));
    let path = format!("/{}/checkpoint", sha256(ORIGIN.as_bytes()).to_hex());
    assert_eq!(place.ask(Method::GET, &path, "").await.0, 404);
    let (_, _, line) = place.add(request(&log, 0, 5)).await;
    let signed = log.sign(5, root(5, &tree(5)).unwrap()).unwrap();
    let (status, of_type, note) = place.ask(Method::GET, &path, "").await;
    assert_eq!((status, of_type.as_str()), (200, "text/plain; charset=utf-8"));
    assert_eq!(note, format!("{signed}{line}"));
    assert_eq!(place.ask(Method::HEAD, &path, "").await.0, 200);
    for wrong in [path.to_uppercase().replace("CHECKPOINT", "checkpoint"), "/a/checkpoint".into()] {
        assert_eq!(place.ask(Method::GET, &wrong, "").await.0, 404, "{wrong}");
    }
    for (method, path) in [(Method::GET, "/add-checkpoint"), (Method::POST, path.as_str())] {
        assert_eq!(place.ask(method, path, "").await.0, 405, "{path}");
    }
}

#[tokio::test]
async fn a_body_has_a_largest_size_and_lines_of_others_have_room_in_it() {
    let (place, log) = (start(), log(1, ORIGIN));
    let mut signed = log.sign(5, root(5, &tree(5)).unwrap()).unwrap();
    for number in 0..8 {
        let other = log.verifier_key();
        let name = format!("post-quantum.example/{number}").parse().unwrap();
        signed = signed.and(NoteSignature::new(name, other.id(), vec![7; 2428]).unwrap()).unwrap();
    }
    let large = AddCheckpoint::new(0, vec![], signed.clone().into()).unwrap().to_string();
    assert_eq!(place.add(large).await.0, 200);
    for number in 8..10 {
        let name = format!("post-quantum.example/{number}").parse().unwrap();
        let id = log.verifier_key().id();
        signed = signed.and(NoteSignature::new(name, id, vec![7; 2428]).unwrap()).unwrap();
    }
    let larger = AddCheckpoint::new(5, vec![], signed.into()).unwrap().to_string();
    assert_eq!(place.add(larger).await.0, 413);
}

#[tokio::test]
async fn a_witness_in_trouble_says_that_it_is_its_own() {
    let (place, log) = (start(), log(1, ORIGIN));
    assert_eq!(place.ask(Method::GET, "/healthz", "").await.0, 200);
    place.clock.set(Moment::EPOCH);
    let (status, _, said) = place.add(request(&log, 0, 5)).await;
    assert_eq!((status, said.contains("clock")), (503, true), "{said}");
    place.clock.set(Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap());
    place.store.set_full(true);
    for body in [request(&log, 0, 5), request(&log, 0, 5)] {
        assert_eq!(place.add(body).await.0, 503);
    }
    assert_eq!(place.ask(Method::GET, "/healthz", "").await.0, 503);
}
