//! Publishing over HTTP, and reading what was published.

use onrecord::entry::Bundle;
use onrecord::tlog;
use serde_json::Value;

use crate::schema;
use crate::server::Server;
use crate::signing::{agreement_with, breach, erase_title, reveal};

#[tokio::test]
async fn a_new_statement_is_answered_201_with_its_bundle_and_again_200() {
    let server = Server::start().await;
    let sent = agreement_with("acme.example", 1, server.now());
    schema::expect("submission", sent.body.as_bytes());
    for status in [201, 200] {
        let answer = server.publish(&sent.body).await;
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("content-type"), Some("application/vnd.onrecord.bundle.v1+json"));
        assert_eq!(answer.header("location"), Some("/api/v1/entries/1"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        schema::expect("bundle", &answer.body);
        let bundle = Bundle::parse(&answer.body).unwrap();
        let proof: tlog::Proof = bundle.proof.parse().unwrap();
        assert_eq!(proof.verify(&bundle.leaf_hash()), Ok(()));
        assert_eq!(bundle.disclosures.len(), 2);
    }
}

#[tokio::test]
async fn an_entry_is_found_by_index_and_by_statement() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let by_index = server.get("/api/v1/entries/1").await;
    let entry = schema::expect("entry", &by_index.body);
    assert_eq!(by_index.header("content-type"), Some("application/json"));
    let by_id = server.get(&format!("/api/v1/statements/{}", sent.id)).await;
    assert_eq!(entry, schema::expect("entry", &by_id.body));
    assert_eq!(entry["id"], sent.id.to_string());
    assert_eq!(entry["_meta"]["checkpoint_size"], 2);
    assert_eq!(entry["urls"]["thread"], format!("{}/api/v1/threads/{}", server.url(), sent.id));
    let states: Vec<_> = words(&entry).into_iter().map(|(name, state, _)| (name, state)).collect();
    assert!(states.contains(&("narrative".into(), "sealed".into())), "{states:?}");
    assert!(states.contains(&("title".into(), "public".into())), "{states:?}");
    let leaf = onrecord::encoding::base64::decode(entry["entry"].as_str().unwrap()).unwrap();
    schema::expect("leaf", &leaf);
    assert_eq!(entry["leaf_hash"], tlog::leaf_hash(&leaf).to_hex());
    for url in ["entry", "statement", "bundle", "proof", "thread"] {
        let url = entry["urls"][url].as_str().unwrap();
        assert_eq!(server.get(url.strip_prefix(server.url()).unwrap()).await.status, 200, "{url}");
    }
}

#[tokio::test]
async fn a_bundle_and_a_proof_can_be_fetched_later() {
    let server = Server::start().await;
    for number in 1..4 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    for index in 0..4 {
        let bundle = server.get(&format!("/api/v1/entries/{index}/bundle")).await;
        schema::expect("bundle", &bundle.body);
        let bundle = Bundle::parse(&bundle.body).unwrap();
        let proof = server.get(&format!("/api/v1/entries/{index}/proof")).await;
        assert_eq!(proof.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(proof.body, bundle.proof.as_bytes());
        let proof: tlog::Proof = bundle.proof.parse().unwrap();
        assert_eq!(proof.verify(&bundle.leaf_hash()), Ok(()));
    }
}

#[tokio::test]
async fn words_are_shown_as_they_stand_now() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(reveal(&sent, 1, server.now())).await;
    server.log(erase_title(sent.id, 1, server.now())).await;
    let entry = schema::expect("entry", &server.get("/api/v1/entries/1").await.body);
    let words = words(&entry);
    let of = |name: &str| words.iter().find(|word| word.0 == name).unwrap();
    assert_eq!(of("narrative").1, "public");
    assert_eq!(of("narrative").2, Value::from("What was said."));
    assert_eq!(of("commitment_1").1, "public");
    let erased: Vec<_> = words.iter().filter(|word| word.1 == "erased").collect();
    assert_eq!(erased.len(), 1);
    assert_eq!(erased[0].2, Value::Null);
    for (index, kind) in [(2, "reveal"), (3, "erasure")] {
        let entry = server.get(&format!("/api/v1/entries/{index}")).await;
        let entry = schema::expect("entry", &entry.body);
        assert_eq!(entry["statement"]["kind"], kind);
        let thread = format!("{}/api/v1/threads/{}", server.url(), sent.id);
        assert_eq!(entry["urls"]["thread"], thread, "what is about a thread's entry is in it");
    }
    let again = server.publish(&sent.body).await;
    assert_eq!(again.status, 200);
    let bundle = Bundle::parse(&again.body).unwrap();
    assert_eq!(bundle.disclosures.len(), 2, "the words public now: one revealed, one erased");
}

fn words(entry: &Value) -> Vec<(String, String, Value)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let words = entry["disclosures"].as_array().unwrap().iter();
    words.map(|word| (text(&word["name"]), text(&word["state"]), word["value"].clone())).collect()
}

#[tokio::test]
async fn lists_are_walked_back_with_cursors_to_the_first_entry() {
    let server = Server::start().await;
    for number in 1..6 {
        let domain = ["acme.example", "other.example"][(number % 2) as usize];
        server.log(agreement_with(domain, number, server.now())).await;
    }
    assert_eq!(walk(&server, "/api/v1/entries", 4).await, [5, 4, 3, 2, 1, 0]);
    assert_eq!(walk(&server, "/api/v1/entries", 1).await, [5, 4, 3, 2, 1, 0]);
    let about = "/api/v1/organizations/other.example";
    assert_eq!(walk(&server, &format!("{about}/entries"), 2).await, [5, 3, 1]);
    let organization = schema::expect("organization", &server.get(about).await.body);
    assert_eq!(organization["entries_total"], 3);
    assert_eq!(organization["newest"]["index"], 5);
    assert_eq!(organization["newest"]["seq"], 2);
}

async fn walk(server: &Server, path: &str, limit: usize) -> Vec<u64> {
    let mut indices = Vec::new();
    let mut query = format!("limit={limit}");
    loop {
        let page = server.get(&format!("{path}?{query}")).await;
        let page = schema::expect("entry-list", &page.body);
        let entries = page["entries"].as_array().unwrap();
        assert!(entries.len() <= limit);
        indices.extend(entries.iter().map(|entry| entry["index"].as_u64().unwrap()));
        let Some(next) = page["next"].as_u64() else { return indices };
        query = format!("limit={limit}&cursor={next}");
    }
}

#[tokio::test]
async fn a_thread_shows_its_entries_oldest_first() {
    let server = Server::start().await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("acme.example", 2, server.now())).await;
    let followed = server.log(breach(sent.id, 1, server.now())).await;
    let thread = server.get(&format!("/api/v1/threads/{}", sent.id)).await;
    let thread = schema::expect("thread", &thread.body);
    assert_eq!(thread["index"], 1);
    assert_eq!(thread["subjects"][0], "acme.example");
    let indices: Vec<_> =
        thread["entries"].as_array().unwrap().iter().map(|entry| &entry["index"]).collect();
    assert_eq!(indices, [1, 3]);
    assert_eq!(thread["next"], Value::Null);
    assert_eq!(thread["entries"][1]["urls"]["thread"], thread["entries"][0]["urls"]["thread"]);
    let newest = server.get(&format!("/api/v1/threads/{}?limit=1", sent.id)).await;
    let newest = schema::expect("thread", &newest.body);
    assert_eq!((&newest["entries"][0]["index"], &newest["next"]), (&3.into(), &1.into()));
    let older = server.get(&format!("/api/v1/threads/{}?limit=1&cursor=1", sent.id)).await;
    assert_eq!(schema::expect("thread", &older.body)["entries"][0]["index"], 1);
    let elsewhere = server.get(&format!("/api/v1/threads/{}?cursor=2", sent.id)).await;
    assert_eq!(elsewhere.status, 404, "entry 2 is in another thread");
    let no_thread = server.get(&format!("/api/v1/threads/{}", followed.id)).await;
    assert_eq!(no_thread.status, 404, "a breach opens no thread");
}

#[tokio::test]
async fn a_list_is_narrowed_to_kinds_and_times() {
    let server = Server::start().await;
    let mut first = None;
    for number in 1..4 {
        let sent = server.log(agreement_with("acme.example", number, server.now())).await;
        server.log(breach(sent.id, number, server.now())).await;
        first = first.or(Some(sent.id));
    }
    let of = async |path: &str, query: &str| {
        let page = server.get(&format!("{path}?{query}")).await;
        let page = schema::expect("entry-list", &page.body);
        let entries = page["entries"].as_array().unwrap().iter();
        let indices: Vec<u64> = entries.map(|entry| entry["index"].as_u64().unwrap()).collect();
        (indices, page["next"].as_u64(), page["_meta"]["looked_back_to"].as_u64())
    };
    let (all, about) = ("/api/v1/entries", "/api/v1/organizations/acme.example/entries");
    assert_eq!(of(all, "kind=breach").await, (vec![6, 4, 2], None, Some(0)));
    assert_eq!(of(all, "kind=policy,agreement&limit=2").await, (vec![5, 3], Some(2), Some(3)));
    assert_eq!(of(all, "kind=policy,agreement&cursor=2").await, (vec![1, 0], None, Some(0)));
    assert_eq!(of(about, "kind=agreement&limit=2").await, (vec![5, 3], Some(2), Some(3)));
    assert_eq!(of(about, "kind=agreement&cursor=2").await, (vec![1], None, Some(1)));
    assert_eq!(of(all, "").await.2, None, "where nothing is left out, all was looked at");

    let times: Vec<String> = {
        let page = server.get("/api/v1/entries").await;
        let page = schema::expect("entry-list", &page.body);
        let entries = page["entries"].as_array().unwrap().iter().rev();
        entries.map(|entry| entry["time"].as_str().unwrap().to_owned()).collect()
    };
    for path in [all, about] {
        let (newer, _, _) = of(path, &format!("from={}", times[4])).await;
        assert!(newer.iter().all(|index| times[*index as usize] >= times[4]), "{newer:?}");
        assert!(newer.contains(&4) && newer.contains(&6));
        let (older, _, _) = of(path, &format!("to={}", times[4])).await;
        assert!(older.iter().all(|index| times[*index as usize] < times[4]), "{older:?}");
        let count = times.iter().filter(|time| **time < times[4]).count();
        assert_eq!(older.len(), if path == all { count } else { count.saturating_sub(1) });
    }
    assert_eq!(of(all, "to=2001-01-01").await, (vec![], None, None));
    assert_eq!(of(all, "from=9999-01-01").await, (vec![], None, Some(6)));

    let thread = format!("/api/v1/threads/{}?kind=breach", first.unwrap());
    let thread = schema::expect("thread", &server.get(&thread).await.body);
    assert_eq!((&thread["index"], &thread["entries"][0]["index"]), (&1.into(), &2.into()));
    assert_eq!(thread["_meta"]["looked_back_to"], 1);
    let wrong = server.get("/api/v1/entries?kind=promise").await;
    assert_eq!(wrong.status, 400);
    assert!(
        String::from_utf8_lossy(&wrong.body).contains("agreement, "),
        "it names those there are"
    );
}

#[tokio::test]
async fn organizations_are_listed_by_name_as_soon_as_an_entry_names_them() {
    let server = Server::start().await;
    let list = async |query: &str| {
        let answer = server.get(&format!("/api/v1/organizations{query}")).await;
        let page = schema::expect("organization-list", &answer.body);
        let found = page["organizations"].as_array().unwrap().iter();
        let found: Vec<_> = found
            .map(|one| (one["domain"].as_str().unwrap().to_owned(), one["entries_total"].clone()))
            .collect();
        (found, page["next"].as_str().map(str::to_owned))
    };
    while server.get("/api/v1/organizations").await.status == 503 {
        tokio::task::yield_now().await;
    }
    assert_eq!(list("").await, (vec![], None));
    for (number, domain) in (1..).zip(["b.example", "a.example", "b.example", "c.b.example"]) {
        server.log(agreement_with(domain, number, server.now())).await;
        assert!(list("").await.0.iter().any(|(name, _)| name == domain));
    }
    let of = |name: &str, total: u64| (name.to_owned(), Value::from(total));
    let all = vec![of("a.example", 1), of("b.example", 2), of("c.b.example", 1)];
    assert_eq!(list("").await, (all.clone(), None));
    assert_eq!(list("?limit=2").await, (all[..2].to_vec(), Some("c.b.example".into())));
    assert_eq!(list("?limit=2&cursor=c.b.example").await, (all[2..].to_vec(), None));
    assert_eq!(list("?cursor=aa.example").await, (all[1..].to_vec(), None));
    for wrong in ["?cursor=A.example", "?cursor=3", "?limit=0", "?q=a"] {
        let answer = server.get(&format!("/api/v1/organizations{wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}
