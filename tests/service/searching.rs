//! What one box for everything finds, and what it must not find.

use onrecord::service::{Found, FoundBy, Ledger, LookupError};
use onrecord::store::memory::MemoryFolder;

use super::bench_ledger::{Person, id_of, parts, publish, start, word};

/// A ledger with these titles as entries 1, 2, ….
async fn ledger_with(folder: &MemoryFolder, titles: &[&str]) -> Ledger {
    let ledger = start(parts(folder)).await;
    for (number, title) in (1..).zip(titles) {
        publish(&ledger, &Person::new(number).agreement(number.into(), title)).await.unwrap();
    }
    ledger
}

/// Searches as soon as the search is built.
async fn search(ledger: &Ledger, query: &str, cursor: Option<u64>, limit: usize) -> Found {
    loop {
        match ledger.view().unwrap().search(query, cursor, limit) {
            Err(LookupError::SearchBuilding { .. }) => tokio::task::yield_now().await,
            found => return found.unwrap(),
        }
    }
}

fn indices(found: &Found) -> Vec<u64> {
    found.page.entries.iter().map(|entry| entry.entry.index).collect()
}

/// The entries whose titles match.
async fn matching(ledger: &Ledger, query: &str) -> Vec<u64> {
    let found = search(ledger, query, None, 10).await;
    assert_eq!(found.by, FoundBy::Words, "{query}");
    indices(&found)
}

#[tokio::test]
async fn a_title_is_found_as_soon_as_it_is_published() {
    let ledger = start(parts(&MemoryFolder::default())).await;
    assert_eq!(matching(&ledger, "refund").await, [0; 0]);
    for number in 1..=40_u32 {
        let agreement = Person::new(number).agreement(number.into(), &format!("Refund no{number}"));
        publish(&ledger, &agreement).await.unwrap();
        assert_eq!(matching(&ledger, &format!("no{number} REF")).await, [u64::from(number)]);
    }
    ledger.stop().await;
}

#[tokio::test]
async fn all_words_have_to_match_the_last_as_a_beginning_whatever_case_and_accents() {
    let titles = ["Refund of the café table", "Café repairs", "refunds for a CAFÉ", "Miete"];
    let ledger = ledger_with(&MemoryFolder::default(), &titles).await;
    for (query, expected) in [
        ("cafe", vec![3, 2, 1]),
        ("CAFÉ ref", vec![3, 1]),
        ("refund cafe", vec![1]),
        ("repair", vec![2]),
        ("repair cafe", vec![]),
        ("  the,  TABLE! ", vec![1]),
        ("miete refund", vec![]),
        ("commitment", vec![]),
        ("acme", vec![]),
        ("", vec![]),
        ("…", vec![]),
    ] {
        assert_eq!(matching(&ledger, query).await, expected, "{query:?}");
    }
    ledger.stop().await;
}

#[tokio::test]
async fn pages_follow_each_other_newest_first() {
    let titles = ["a one", "b", "a two", "a three", "b", "a four", "a five"];
    let ledger = ledger_with(&MemoryFolder::default(), &titles).await;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let found = search(&ledger, "a", cursor, 2).await;
        seen.push(indices(&found));
        cursor = found.page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, [vec![7, 6], vec![4, 3], vec![1]]);
    ledger.stop().await;
}

#[tokio::test]
async fn nothing_is_found_beyond_the_checkpoint_of_the_view() {
    let ledger = ledger_with(&MemoryFolder::default(), &["a refund"]).await;
    let before = ledger.view().unwrap();
    let newer = Person::new(2).agreement(2, "a refund again");
    publish(&ledger, &newer).await.unwrap();
    assert_eq!(matching(&ledger, "refund").await, [2, 1]);
    assert_eq!(indices(&before.search("refund", None, 10).unwrap()), [1]);
    for name in ["2".to_owned(), id_of(&newer), hash_of(&ledger, 2)] {
        let found = before.search(&name, None, 10).unwrap();
        assert_eq!((found.by.clone(), indices(&found)), (FoundBy::Words, vec![]), "{name}");
    }
    ledger.stop().await;
}

#[tokio::test]
async fn a_sealed_title_is_found_once_it_is_revealed_and_then_as_the_entry_it_belongs_to() {
    let folder = MemoryFolder::default();
    let ledger = start(parts(&folder)).await;
    let ana = Person::new(1);
    let (agreement, title) = ana.agreement_with_sealed_title(1, "A secret refund");
    publish(&ledger, &agreement).await.unwrap();
    assert_eq!(matching(&ledger, "secret").await, [0; 0]);
    publish(&ledger, &ana.reveal(&agreement, title.clone(), 2)).await.unwrap();
    assert_eq!(matching(&ledger, "secret").await, [1]);
    ledger.stop().await;
    let ledger = start(parts(&folder)).await;
    assert_eq!(matching(&ledger, "secret").await, [1]);
    publish(&ledger, &ana.erasure(&agreement, title.digest(), 3)).await.unwrap();
    assert_eq!(matching(&ledger, "secret").await, [0; 0]);
    ledger.stop().await;
}

#[tokio::test]
async fn an_erased_title_is_not_found_when_its_erasure_is_answered() {
    let folder = MemoryFolder::default();
    let ledger = start(parts(&folder)).await;
    let people: Vec<_> = (1..=300).map(Person::new).collect();
    let agreements: Vec<_> = (1..)
        .zip(&people)
        .map(|(number, person)| person.agreement(number, &format!("Refund no{number}")))
        .collect();
    for agreement in &agreements {
        publish(&ledger, agreement).await.unwrap();
    }
    // Entries of the first bundle leave memory for the objects meanwhile; those at the end do not.
    for number in [1, 2, 150, 299, 300_u64] {
        let (person, agreement) = (&people[number as usize - 1], &agreements[number as usize - 1]);
        let query = format!("no{number} refund");
        assert_eq!(matching(&ledger, &query).await, [number]);
        let title = word(number, "title", &format!("Refund no{number}"));
        publish(&ledger, &person.erasure(agreement, title.digest(), number)).await.unwrap();
        assert_eq!(matching(&ledger, &query).await, [0; 0], "{number}");
    }
    assert_eq!(search(&ledger, "refund", None, 500).await.page.entries.len(), 295);
    ledger.stop().await;
    let ledger = start(parts(&folder)).await;
    assert_eq!(search(&ledger, "refund", None, 500).await.page.entries.len(), 295);
    assert_eq!(matching(&ledger, "no150").await, [0; 0]);
    assert_eq!(matching(&ledger, "no151").await, [151]);
    ledger.stop().await;
}

fn hash_of(ledger: &Ledger, index: u64) -> String {
    ledger.view().unwrap().entry(index).unwrap().unwrap().leaf_hash.to_hex()
}

#[tokio::test]
async fn an_entry_is_found_by_its_number_link_hash_and_statement() {
    let ledger = ledger_with(&MemoryFolder::default(), &["7 refunds", "Paid in 2026"]).await;
    let id = id_of(&Person::new(1).agreement(1, "7 refunds"));
    let hash = hash_of(&ledger, 1);
    for (query, by) in [
        ("1".to_owned(), FoundBy::EntryNumber),
        (" #1 ".to_owned(), FoundBy::EntryNumber),
        (id.clone(), FoundBy::StatementId),
        (hash.clone(), FoundBy::LeafHash),
        (hash.to_ascii_uppercase(), FoundBy::LeafHash),
        (hash[..32].to_owned(), FoundBy::LeafHash),
        (format!("1-{}", &hash[..32]), FoundBy::Link),
        (format!("https://ledger.example/e/1-{}", &hash[..32]), FoundBy::Link),
    ] {
        let found = search(&ledger, &query, None, 10).await;
        assert_eq!((found.by.clone(), indices(&found)), (by, vec![1]), "{query}");
    }
    for other in [
        format!("2-{}", &hash[..32]),
        hash[..31].to_owned(),
        hash[..48].to_owned(),
        format!("{}{}", &hash[..63], if hash.ends_with('0') { '1' } else { '0' }),
        "sha256:00".to_owned(),
    ] {
        assert_eq!(matching(&ledger, &other).await, [0; 0], "{other}");
    }
    assert_eq!(matching(&ledger, "2026").await, [2], "there is no entry of that number");
    assert_eq!(matching(&ledger, "7").await, [1]);
    ledger.stop().await;
}

#[tokio::test]
async fn a_domain_on_record_gives_its_entries_and_another_is_looked_for_in_titles() {
    let titles = ["Refund", "About other.example", "Repair"];
    let ledger = ledger_with(&MemoryFolder::default(), &titles).await;
    let found = search(&ledger, "ACME.example", None, 2).await;
    assert_eq!(indices(&found), [3, 2]);
    assert!(matches!(&found.by, FoundBy::Domain(domain) if domain.as_str() == "acme.example"));
    let rest = search(&ledger, "acme.example", found.page.next, 2).await;
    assert_eq!((indices(&rest), rest.page.next), (vec![1], None));
    assert_eq!(matching(&ledger, "other.example").await, [2]);
    ledger.stop().await;
}
