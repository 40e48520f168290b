//! What a follower reads of the past: bounded steps that together pass over everything exactly once.

use onrecord::encoding::domain::Domain;
use onrecord::service::View;
use onrecord::service::live::Filter;
use onrecord::store::memory::MemoryFolder;

use super::bench_ledger::{Person, id_of, parts, publish, start, word};

/// The entries that pass, by index, and how many steps it took.
fn all(view: &View, filter: &Filter, size_max: usize) -> (Vec<u64>, usize) {
    let (mut cursor, mut steps, mut found) = (0, 0, Vec::new());
    while cursor < view.size() {
        let scan = view.scan(cursor, filter, size_max, |_| 1).unwrap();
        assert!(scan.next > cursor && scan.found.len() <= size_max);
        let whole = scan.found.iter().filter(|(_, whole)| *whole);
        found.extend(whole.map(|(followed, _)| followed.view.entry.index));
        (cursor, steps) = (scan.next, steps + 1);
    }
    (found, steps)
}

#[tokio::test]
async fn bounded_steps_pass_over_every_entry_once_wherever_it_is_kept() {
    let folder = MemoryFolder::default();
    let ledger = start(parts(&folder)).await;
    let ana = Person::new(1);
    let agreement = ana.agreement(1, "A refund");
    publish(&ledger, &agreement).await.unwrap();
    let mut grows = ledger.size();
    for number in 2..=400_u32 {
        let person = Person::new(number);
        publish(&ledger, &person.agreement(number.into(), "Another")).await.unwrap();
    }
    assert_eq!(*grows.borrow_and_update(), 401);
    publish(&ledger, &ana.assessment(&agreement, 500)).await.unwrap();
    grows.changed().await.unwrap();
    let title = word(1, "title", "A refund").digest();
    publish(&ledger, &ana.erasure(&agreement, title, 501)).await.unwrap();
    ledger.stop().await;
    let ledger = start(parts(&folder)).await;
    let view = ledger.view().unwrap();
    let everything: Vec<u64> = (0..403).collect();
    for size_max in [1, 7, 1_000] {
        let (found, steps) = all(&view, &Filter::default(), size_max);
        assert_eq!(found, everything);
        assert!(steps >= 403 / size_max);
    }
    let thread = Some(id_of(&agreement).parse().unwrap());
    let acme = Domain::parse("acme.example").unwrap();
    let kind = |name: &str| Some(name.to_owned());
    for (filter, wanted) in [
        (Filter { thread, ..Filter::default() }, vec![1, 401, 402]),
        (Filter { kind: kind("policy"), ..Filter::default() }, vec![0]),
        (Filter { kind: kind("erasure"), thread, ..Filter::default() }, vec![402]),
        (Filter { domain: Some(acme), ..Filter::default() }, (1..403).collect()),
        (Filter { domain: Domain::parse("me.example").ok(), ..Filter::default() }, vec![]),
    ] {
        assert_eq!(all(&view, &filter, 7).0, wanted, "{filter:?}");
    }
    let only_agreements = Filter { kind: kind("agreement"), ..Filter::default() };
    let scan = view.scan(400, &only_agreements, 10, |_| 1).unwrap();
    let (last, whole) = scan.found.last().unwrap();
    let erases = last.erases.as_ref().unwrap();
    assert_eq!((*whole, erases.index, &erases.digests), (false, 1, &vec![title]));
    ledger.stop().await;
}
