//! Lists that are narrowed: no request looks through the whole ledger.

use onrecord::encoding::domain::Domain;
use onrecord::service::{Filter, Page};
use onrecord::store::memory::MemoryFolder;

use super::bench_ledger::{Person, parts, publish, start};

fn breaches() -> Filter {
    Filter { kinds: vec!["breach".into()], ..Filter::default() }
}

fn indices(page: &Page) -> Vec<u64> {
    page.entries.iter().map(|entry| entry.entry.index).collect()
}

#[tokio::test]
async fn a_request_looks_at_a_thousand_entries_and_the_next_goes_on_from_there() {
    let ledger = start(parts(&MemoryFolder::default())).await;
    for number in 1..=1_100_u32 {
        let person = Person::new(number);
        publish(&ledger, &person.agreement(number.into(), "Refund")).await.unwrap();
    }
    let view = ledger.view().unwrap();
    let first = view.list(&breaches(), None, 50).unwrap();
    assert_eq!((indices(&first.found), first.found.next), (vec![], Some(100)));
    assert_eq!(first.looked_back_to, Some(101));
    let rest = view.list(&breaches(), first.found.next, 50).unwrap();
    assert_eq!((rest.found.next, rest.looked_back_to), (None, Some(0)));

    let subject = view.entry(1).unwrap().unwrap().entry.links.subjects[0].0.clone();
    let about = view.list_about(&subject, &breaches(), None, 50).unwrap().unwrap();
    assert_eq!((about.found.next, about.looked_back_to), (Some(100), Some(101)));
    let unknown = Domain::parse("unheard.of.example").unwrap();
    assert!(view.list_about(&unknown, &breaches(), None, 50).unwrap().is_none());
    ledger.stop().await;
}

#[tokio::test]
async fn the_newest_before_a_time_are_found_without_looking_at_what_follows() {
    let ledger = start(parts(&MemoryFolder::default())).await;
    for number in 1..=20_u32 {
        publish(&ledger, &Person::new(number).agreement(number.into(), "Refund")).await.unwrap();
    }
    let view = ledger.view().unwrap();
    let times: Vec<_> = (0..=20).map(|i| view.entry(i).unwrap().unwrap().entry.time).collect();
    for to in &times {
        let filter = Filter { to: Some(*to), ..Filter::default() };
        let listed = view.list(&filter, None, 500).unwrap();
        let expected: Vec<u64> = (0..=20).rev().filter(|i| times[*i as usize] < *to).collect();
        assert_eq!(indices(&listed.found), expected);
        let filter = Filter { from: Some(*to), ..Filter::default() };
        let listed = view.list(&filter, None, 500).unwrap();
        let expected: Vec<u64> = (0..=20).rev().filter(|i| times[*i as usize] >= *to).collect();
        assert_eq!(indices(&listed.found), expected);
        let below = expected.last().unwrap().saturating_sub(1);
        assert_eq!(listed.looked_back_to, Some(below), "it stops at the first one before");
    }
    ledger.stop().await;
}
