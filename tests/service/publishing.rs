//! What a publisher is answered, and what readers see of it.

use onrecord::encoding::domain::Domain;
use onrecord::ledger::WordState;
use onrecord::service::PublishError;
use onrecord::statement::Reason;
use onrecord::store::memory::MemoryFolder;
use onrecord::tlog::{Proof, TileKind, TilePath, leaf_hash};

use super::bench_ledger::{Person, id_of, log_key, parts, publish, sealed_name, start, word};

fn folder() -> MemoryFolder {
    MemoryFolder::default()
}

#[tokio::test]
async fn a_receipt_proves_the_entry_under_a_signed_checkpoint() {
    let ledger = start(parts(&folder())).await;
    let receipt = publish(&ledger, &Person::new(1).agreement(1, "A refund")).await.unwrap();
    assert_eq!((receipt.index, receipt.newly), (1, true));
    let proof: Proof = receipt.bundle.proof.parse().unwrap();
    assert_eq!(proof.verify(&leaf_hash(&receipt.bundle.leaf)), Ok(()));
    assert_eq!(proof.checkpoint().verify(log_key().verifier_key()), Ok(()));
    assert_eq!(receipt.bundle.disclosures.len(), 2);
    ledger.stop().await;
}

#[tokio::test]
async fn a_second_submission_returns_the_first_entry_whatever_its_words() {
    let ledger = start(parts(&folder())).await;
    let mut agreement = Person::new(1).agreement(1, "A refund");
    let first = publish(&ledger, &agreement).await.unwrap();
    let again = publish(&ledger, &agreement).await.unwrap();
    assert_eq!((again.index, again.newly), (1, false));
    assert_eq!(again.bundle.leaf, first.bundle.leaf);
    agreement.disclosures = vec!["no disclosure at all".to_owned()];
    assert_eq!(publish(&ledger, &agreement).await.unwrap().index, 1);
    let limited = ledger.publish(&agreement, |_| Some(std::time::Duration::from_secs(1))).await;
    assert_eq!(limited.unwrap().index, 1);
    let other = Person::new(2).agreement(2, "Another");
    let limited = ledger.publish(&other, |_| Some(std::time::Duration::from_secs(1))).await;
    assert!(matches!(limited, Err(PublishError::RateLimited { .. })));
    ledger.stop().await;
}

#[tokio::test]
async fn many_at_once_get_one_entry_each_and_all_are_found_again() {
    let folder = folder();
    let ledger = start(parts(&folder)).await;
    let submissions: Vec<_> =
        (1..=600).map(|n| Person::new(n).agreement(n.into(), "A refund")).collect();
    let mut indices = Vec::new();
    for chunk in submissions.chunks(60) {
        let publishing = chunk.iter().map(|submission| publish(&ledger, submission));
        for receipt in futures_util::future::join_all(publishing).await {
            indices.push(receipt.unwrap().index);
        }
    }
    indices.sort_unstable();
    assert_eq!(indices, (1..=600).collect::<Vec<_>>());
    let root = ledger.view().unwrap().root();
    ledger.stop().await;
    let again = start(parts(&folder)).await;
    let view = again.view().unwrap();
    assert_eq!((view.size(), view.root()), (601, root));
    for submission in &submissions {
        let index = view.find(&id_of(submission).parse().unwrap()).unwrap().unwrap();
        assert_eq!(view.entry(index).unwrap().unwrap().words.len(), 3);
        let proof = view.proof(index).unwrap().unwrap();
        let leaf = view.entry(index).unwrap().unwrap().leaf;
        assert_eq!(proof.verify(&leaf_hash(&leaf)), Ok(()));
    }
    let acme = view.organization(&Domain::parse("acme.example").unwrap()).unwrap().unwrap();
    assert_eq!((acme.entries_total, acme.newest.0), (600, 600));
    again.stop().await;
}

#[tokio::test]
async fn tiles_of_every_size_are_served_and_nothing_beyond() {
    let ledger = start(parts(&folder())).await;
    for number in 1..=300_u32 {
        publish(&ledger, &Person::new(number).agreement(number.into(), "A refund")).await.unwrap();
        let view = ledger.view().unwrap();
        let size = view.size();
        for kind in
            [TileKind::Hashes { level: 0 }, TileKind::Hashes { level: 1 }, TileKind::Entries]
        {
            for path in TilePath::all_in_tree(kind, size) {
                assert!(view.tile(&path).unwrap().is_some(), "{path} at {size}");
            }
        }
        let beyond = TilePath::in_tree(TileKind::Entries, size / 256, size + 1).unwrap();
        assert_eq!(view.tile(&beyond).unwrap(), None);
    }
    ledger.stop().await;
}

#[tokio::test]
async fn sealed_words_are_revealed_and_erased_words_are_gone() {
    let ledger = start(parts(&folder())).await;
    let ana = Person::new(1);
    let agreement = ana.agreement(1, "A refund");
    publish(&ledger, &agreement).await.unwrap();
    let state = |digest| {
        let view = ledger.view().unwrap().entry(1).unwrap().unwrap();
        view.words.into_iter().find(|word| word.digest == digest).unwrap()
    };
    let name = sealed_name(1);
    let sealed = state(name.digest());
    assert_eq!((sealed.state, sealed.value), (WordState::Sealed, None));
    assert_eq!(sealed.name.as_deref(), Some("signer_name"));
    publish(&ledger, &ana.reveal(&agreement, name.clone(), 2)).await.unwrap();
    let public = state(name.digest());
    assert_eq!(public.value.unwrap().as_text(), Some("Ana Example"));
    let title = word(1, "title", "A refund");
    for (number, erased) in [(3, name), (4, title)] {
        let erasure = ana.erasure(&agreement, erased.digest(), number);
        publish(&ledger, &erasure).await.unwrap();
        let gone = state(erased.digest());
        assert_eq!((gone.state, gone.value), (WordState::Erased, None));
        assert_eq!(
            publish(&ledger, &ana.erasure(&agreement, erased.digest(), number + 10)).await.map_err(
                |error| match error {
                    PublishError::Refused(refusal) => refusal.reason,
                    other => panic!("{other}"),
                }
            ),
            Err(Reason::Conflict)
        );
    }
    let bundle = ledger.view().unwrap().bundle(1).unwrap().unwrap();
    assert_eq!(bundle.disclosures.len(), 1);
    ledger.stop().await;
}

#[tokio::test]
async fn a_full_disk_makes_it_read_only_until_there_is_room() {
    let folder = folder();
    let ledger = start(parts(&folder)).await;
    let before = Person::new(1).agreement(1, "A refund");
    publish(&ledger, &before).await.unwrap();
    folder.set_full(true);
    let next = Person::new(2).agreement(2, "Another");
    let refused = publish(&ledger, &next).await;
    assert!(matches!(refused, Err(PublishError::ReadOnly { .. })), "{refused:?}");
    assert!(ledger.health().read_only.is_some());
    assert_eq!(publish(&ledger, &before).await.unwrap().index, 1, "what is logged is answered");
    folder.set_full(false);
    assert_eq!(publish(&ledger, &next).await.unwrap().index, 2);
    assert_eq!(ledger.health().read_only, None);
    ledger.stop().await;
}

#[tokio::test]
async fn after_a_failed_write_nothing_is_published_until_the_next_start() {
    let folder = folder();
    let ledger = start(parts(&folder)).await;
    folder.break_next_commit();
    for number in 1..=2 {
        let refused = publish(&ledger, &Person::new(number).agreement(1, "A refund")).await;
        assert!(matches!(refused, Err(PublishError::ReadOnly { .. })), "{refused:?}");
    }
    assert_eq!(ledger.view().unwrap().size(), 1);
    ledger.stop().await;
}

#[tokio::test]
async fn refusals_name_the_first_rule_even_where_the_state_is_asked() {
    let ledger = start(parts(&folder())).await;
    let (ana, eve) = (Person::new(1), Person::new(2));
    let agreement = ana.agreement(1, "A refund");
    publish(&ledger, &agreement).await.unwrap();
    let title = word(1, "title", "A refund");
    let mut erasure = eve.erasure(&agreement, title.digest(), 3);
    let refused = |result: Result<_, PublishError>| match result {
        Err(PublishError::Refused(refusal)) => refusal.reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(publish(&ledger, &erasure).await), Reason::NotAParty);
    erasure.signatures[0].0 = "SHA256:other".to_owned();
    assert_eq!(refused(publish(&ledger, &erasure).await), Reason::BadSignature);
    let unknown = eve.erasure(&agreement, sealed_name(9).digest(), 4);
    assert_eq!(refused(publish(&ledger, &unknown).await), Reason::BadField);
    let mut unsigned = unknown;
    unsigned.signatures[0].0 = "SHA256:other".to_owned();
    assert_eq!(refused(publish(&ledger, &unsigned).await), Reason::BadField, "state comes first");
    ledger.stop().await;
}

#[tokio::test]
async fn every_entry_of_an_imported_thread_says_so() {
    let ledger = start(parts(&folder())).await;
    let importer = Person::new(1);
    let imported = importer.imported(1, "consumerfinance.gov");
    let words = [word(1, "title", "A refund").digest()];
    for submission in [
        imported.clone(),
        importer.assessment(&imported, 2),
        importer.erasure(&imported, words[0], 3),
        importer.agreement(4, "Its own"),
    ] {
        publish(&ledger, &submission).await.unwrap();
    }
    let source = |index| ledger.view().unwrap().entry(index).unwrap().unwrap().imported_from;
    for index in 1..=3 {
        assert_eq!(source(index).unwrap().as_str(), "consumerfinance.gov", "entry {index}");
    }
    assert_eq!((source(0), source(4)), (None, None));
    ledger.stop().await;
}
