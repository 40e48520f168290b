//! The stream: everything once and in order, wherever it is begun and whatever happens meanwhile.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use onrecord::http::StreamSettings;
use onrecord::http::limits::Rates;
use onrecord::service::live::Bounds;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::follower::Follower;
use crate::schema;
use crate::server::{Options, Server};
use crate::signing::{agreement_with, breach, erase_title, long_agreement, reveal};

/// Streams that hold so little that followers go back and forth between memory and store.
fn small(entries_max: usize) -> StreamSettings {
    let held = Bounds { entries_max, bytes_max: 1 << 30 };
    StreamSettings { held, ..StreamSettings::default() }
}

async fn server_with(stream: StreamSettings) -> Server {
    Server::start_with(Options { stream, ..Options::default() }).await
}

#[tokio::test]
async fn from_0_every_entry_comes_once_as_the_api_shows_it_and_then_a_signed_checkpoint() {
    let server = Server::start().await;
    for number in 1..=5 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    let mut stream = Follower::of(&server, "?cursor=0").await;
    assert_eq!(stream.header("content-type"), Some("text/event-stream"));
    assert_eq!(stream.header("cache-control"), Some("no-store"));
    assert_eq!(stream.header("x-accel-buffering"), Some("no"));
    assert_eq!(stream.header("content-encoding"), None);
    assert_eq!(stream.header("access-control-allow-origin"), Some("*"));
    for index in 0..=5_u64 {
        let event = stream.next().await.unwrap();
        assert_eq!((event.name.as_str(), event.id), ("entry", Some(index)));
        let answer = server.get(&format!("/api/v1/entries/{index}")).await;
        let mut shown = schema::expect("entry", &answer.body);
        shown.as_object_mut().unwrap().remove("_meta");
        assert_eq!(event.json(), shown);
    }
    let event = stream.next().await.unwrap();
    let checkpoint = event.json();
    let note = String::from_utf8(server.get("/checkpoint").await.body).unwrap();
    assert_eq!((&checkpoint["cursor"], &checkpoint["note"]), (&6.into(), &note.into()));
    assert_eq!(event.id, Some(5), "whoever reconnects goes on behind what was passed");
}

#[tokio::test]
async fn without_a_cursor_only_what_is_published_from_then_on_comes() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let mut stream = Follower::of(&server, "").await;
    assert_eq!(stream.next().await.unwrap().json()["cursor"], 2);
    server.log(agreement_with("acme.example", 2, server.now())).await;
    assert_eq!(stream.next_named("entry").await.id, Some(2));
}

#[tokio::test]
async fn whoever_comes_back_goes_on_behind_the_last_event_whatever_the_address_says() {
    let server = Server::start().await;
    for number in 1..=4 {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    let mut stream = Follower::after(&server, "?cursor=0", Some(2)).await;
    assert_eq!(stream.caught_up().await, [3, 4]);
    let mut stream = Follower::after(&server, "", Some(4)).await;
    assert_eq!(stream.caught_up().await, Vec::<u64>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_past_goes_over_into_the_present_without_gap_or_repeat_while_much_is_published() {
    const ENTRIES: u64 = 400;
    const BEFORE: u64 = 2;
    let server = Arc::new(server_with(small(40)).await);
    // What a reader begins with has to be there when it comes.
    for number in 1..=BEFORE {
        server.log(agreement_with("acme.example", number, server.now())).await;
    }
    let publishing = tokio::spawn({
        let server = server.clone();
        async move {
            for batch in (BEFORE + 1..=ENTRIES).collect::<Vec<_>>().chunks(8) {
                let sent = batch.iter().map(|number| {
                    let now = server.now();
                    server.log(agreement_with("acme.example", *number, now))
                });
                join_all(sent).await;
            }
        }
    });
    let readers = (0..24_u64).map(|reader| {
        let server = server.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(reader * 25)).await;
            let begin = reader % (BEFORE + 1);
            let mut cursor = begin;
            let mut stream = Follower::of(&server, &format!("?cursor={cursor}")).await;
            let mut seen = Vec::new();
            while cursor <= ENTRIES {
                let event = stream.next().await.expect("the stream goes on");
                match event.name.as_str() {
                    "entry" => {
                        seen.push(event.id.unwrap());
                        cursor = event.id.unwrap() + 1;
                        // Some hang up now and then, and come back with what they saw last.
                        if reader % 2 == 1 && cursor.is_multiple_of(97) {
                            let last = event.id;
                            stream = Follower::after(&server, "?cursor=0", last).await;
                        }
                    }
                    "dropped" => {
                        assert_eq!(event.json()["cursor"], cursor);
                        stream = Follower::of(&server, &format!("?cursor={cursor}")).await;
                    }
                    _ => {}
                }
            }
            assert_eq!(seen, (begin..=ENTRIES).collect::<Vec<_>>());
        })
    });
    let readers: Vec<_> = readers.collect();
    publishing.await.unwrap();
    for reader in readers {
        reader.await.unwrap();
    }
}

#[tokio::test]
async fn a_filter_lets_through_exactly_what_it_names_from_the_past_and_as_it_is_published() {
    let server = Server::start().await;
    let first = server.log(agreement_with("acme.example", 1, server.now())).await;
    server.log(agreement_with("bolt.example", 20, server.now())).await;
    server.log(breach(first.id, 1, server.now())).await;
    let thread = format!("?cursor=0&thread={}", first.id);
    let domain = "?cursor=0&domain=bolt.example".to_owned();
    let both = "?cursor=0&kind=breach&domain=acme.example".to_owned();
    let kind = "?cursor=0&kind=agreement".to_owned();
    let mut streams = Vec::new();
    for (query, past, present) in [
        (thread, vec![1, 3], vec![5, 6]),
        (domain, vec![2], vec![4]),
        (both, vec![3], vec![]),
        (kind, vec![1, 2], vec![4]),
    ] {
        let mut stream = Follower::of(&server, &query).await;
        assert_eq!(stream.caught_up().await, past, "{query}");
        streams.push((query, stream, present));
    }
    server.log(agreement_with("bolt.example", 30, server.now())).await;
    server.log(reveal(&first, 1, server.now())).await;
    server.log(erase_title(first.id, 1, server.now())).await;
    for (query, mut stream, present) in streams {
        assert_eq!(stream.entries(present.len()).await, present, "{query}");
        let mut again = Follower::of(&server, &query).await;
        let past = again.caught_up().await;
        assert!(past.ends_with(&present), "{query}: {past:?}");
    }
}

#[tokio::test]
async fn a_signed_checkpoint_comes_again_and_again_and_tells_how_far_a_filtered_stream_is() {
    let heartbeat = Duration::from_millis(150);
    let server = server_with(StreamSettings { heartbeat, ..StreamSettings::default() }).await;
    let mut stream = Follower::of(&server, "?domain=bolt.example").await;
    let mut cursors = Vec::new();
    for number in 1..=3 {
        server.log(agreement_with("acme.example", number, server.now())).await;
        let event = stream.next_named("checkpoint").await;
        cursors.push(event.json()["cursor"].as_u64().unwrap());
    }
    // On a slow machine it takes some heartbeats until all of it was passed.
    while cursors.last() < Some(&4) && cursors.len() < 200 {
        cursors.push(stream.next_named("checkpoint").await.json()["cursor"].as_u64().unwrap());
    }
    assert!(cursors.is_sorted() && cursors[0] == 1 && cursors.last() == Some(&4), "{cursors:?}");
    assert!(StreamSettings::default().heartbeat <= Duration::from_secs(15));
}

#[tokio::test]
async fn an_erasure_is_told_with_its_target_and_the_words_are_sent_to_nobody_any_more() {
    let server = Server::start().await;
    let mut early = Follower::of(&server, "?kind=agreement").await;
    let mut other = Follower::of(&server, "?domain=bolt.example").await;
    let sent = server.log(agreement_with("acme.example", 1, server.now())).await;
    let shown = early.next_named("entry").await;
    assert!(shown.data.contains("Refund number 1"));
    server.log(erase_title(sent.id, 1, server.now())).await;
    let event = early.next_named("erasure").await;
    let erasure = event.json();
    assert_eq!((&erasure["index"], &erasure["erased_by"]), (&1.into(), &2.into()));
    assert_eq!((event.id, &erasure["id"]), (None, &sent.id.to_string().into()));
    assert_eq!(erasure["leaf_hash"], shown.json()["leaf_hash"]);
    assert_eq!(erasure["digests"].as_array().unwrap().len(), 1);
    for query in ["?cursor=0", "?cursor=1", "?cursor=0&domain=acme.example"] {
        let mut late = Follower::of(&server, query).await;
        let first = loop {
            let event = late.next_named("entry").await;
            if event.id == Some(1) {
                break event;
            }
        };
        assert!(!first.data.contains("Refund number 1"), "{query}: {}", first.data);
        assert_eq!(late.next().await.unwrap().json(), erasure, "before the entry that erased them");
        assert_eq!(late.next().await.unwrap().id, Some(2));
    }
    server.log(agreement_with("bolt.example", 20, server.now())).await;
    let next = other.next().await.unwrap();
    let next = if next.name == "checkpoint" { other.next().await.unwrap() } else { next };
    assert_eq!(next.id, Some(3), "nobody is told who was never sent the words");
}

/// Connects with room for little, asks, and reads nothing.
async fn stand_still(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4_096).unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    stream.write_all(b"GET /api/v1/stream HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    stream
}

#[tokio::test]
async fn a_reader_that_stands_still_is_told_and_dropped_while_all_others_go_on() {
    const ENTRIES: u64 = 500;
    let server = server_with(small(8)).await;
    let address: SocketAddr = server.url().strip_prefix("http://").unwrap().parse().unwrap();
    let mut still = stand_still(address).await;
    let mut moving = Follower::of(&server, "").await;
    moving.next_named("checkpoint").await;
    for four in (1..=ENTRIES).collect::<Vec<_>>().chunks(4) {
        for number in four {
            server.log(long_agreement(*number, server.now())).await;
        }
        assert_eq!(moving.entries(four.len()).await, four);
    }
    let mut received = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(20), async {
        let mut buffer = vec![0; 64 * 1024];
        while !received.ends_with(b"0\r\n\r\n") {
            let read = still.read(&mut buffer).await.unwrap();
            assert!(read > 0, "it is told before it is cut off");
            received.extend_from_slice(&buffer[..read]);
        }
    });
    end.await.expect("the stream ends");
    let text = String::from_utf8_lossy(&received);
    let (_, last) = text.rsplit_once("event: dropped\ndata: ").expect("it is told");
    let last = schema::expect("stream-dropped", last.lines().next().unwrap().as_bytes());
    assert_eq!(last["reason"], "slow");
    let cursor = last["cursor"].as_u64().unwrap();
    assert!(cursor > 1 && cursor < ENTRIES, "{cursor}");
    let mut again = Follower::of(&server, &format!("?cursor={cursor}")).await;
    assert_eq!(again.caught_up().await, (cursor..=ENTRIES).collect::<Vec<_>>());
    let metrics = String::from_utf8(server.get("/metrics").await.body).unwrap();
    assert!(!metrics.contains("onrecord_streams_dropped_total{reason=\"slow\"} 0"), "{metrics}");
}

#[tokio::test]
async fn a_server_that_stops_ends_its_streams_at_once_and_says_where_to_resume() {
    let server = Server::start().await;
    server.log(agreement_with("acme.example", 1, server.now())).await;
    let mut stream = Follower::of(&server, "").await;
    stream.next_named("checkpoint").await;
    let began = tokio::time::Instant::now();
    drop(server);
    let event = stream.next().await.unwrap();
    assert_eq!(event.name, "dropped");
    assert_eq!(event.json(), serde_json::json!({ "cursor": 2, "reason": "stopping" }));
    assert!(stream.next().await.is_none());
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn what_cannot_be_followed_is_a_problem_that_names_the_rule() {
    let server = Server::start().await;
    let unknown = format!("?thread=sha256:{}", "0".repeat(64));
    for (query, status, detail) in [
        ("?cursor=2", 400, "The ledger has 1 entries"),
        ("?cursor=-1", 400, "cursor"),
        ("?domain=ACME.example", 400, "lower-case"),
        ("?kind=promise", 400, "kind is one of acceptance, agreement, "),
        ("?thread=1", 400, "sha256:"),
        ("?words=refund", 400, "words"),
        (unknown.as_str(), 404, "No agreement"),
    ] {
        let answer = server.get(&format!("/api/v1/stream{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        let problem = schema::expect("problem", &answer.body);
        assert!(problem["detail"].as_str().unwrap().contains(detail), "{query}: {problem}");
    }
    let answer = server.request("GET", "/api/v1/stream", "last-event-id: x\r\n", "").await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn places_are_bounded_and_whoever_finds_none_is_told_when_to_come_again() {
    let stream = StreamSettings { readers_max: 4, ..StreamSettings::default() };
    let server = server_with(stream).await;
    let held: Vec<_> = join_all((0..4).map(|_| Follower::of(&server, ""))).await;
    let answer = server.get("/api/v1/stream").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("10")));
    assert_eq!(schema::expect("problem", &answer.body)["type"], "/problems/busy");
    drop(held);
    let free = async {
        while server.request("HEAD", "/api/v1/stream", "", "").await.status != 200 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), free).await.expect("places come back");
    let rates = Some(Rates::default());
    let server = Server::start_with(Options { stream, rates, ..Options::default() }).await;
    let _one = Follower::of(&server, "").await;
    let answer = server.get("/api/v1/stream").await;
    assert_eq!((answer.status, answer.header("retry-after")), (429, Some("10")));
}
