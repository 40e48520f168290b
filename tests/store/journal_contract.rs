//! What every engine of `Journal` promises.

use onrecord::store::{CommitError, Journal, ScrubError, StoreError};

use crate::sample::{Local, Memory, Place, batch, batch_erasing, contains, secret, secret_ref};

/// Commits batches of 1, 2, … entries until there are at least `size`.
fn fill(journal: &mut dyn Journal, size: u64) -> u64 {
    let mut first = journal.head().map_or(0, |head| head.size);
    for count in 1.. {
        if first >= size {
            break;
        }
        journal.commit(first, &batch(first, count)).unwrap();
        first += count;
    }
    first
}

fn what_was_committed_is_there_after_a_reopen<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    assert_eq!(journal.head(), None);
    journal.commit(0, &batch(0, 3)).unwrap();
    journal.commit(3, &batch(3, 1)).unwrap();
    drop(journal);
    let mut journal = place.journal().unwrap();
    assert_eq!(journal.head(), Some(batch(3, 1).head()));
    assert_eq!(journal.unapplied().unwrap(), [batch(0, 3), batch(3, 1)]);
}

fn a_batch_planned_on_another_head_is_refused_and_leaves_nothing<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    journal.commit(0, &batch(0, 2)).unwrap();
    let moved = |expected| Err(CommitError::HeadMoved { expected, actual: 2 });
    assert_eq!(journal.commit(1, &batch(1, 2)), moved(1));
    assert_eq!(journal.commit(3, &batch(3, 2)), moved(3));
    assert_eq!(journal.commit(0, &batch(2, 2)), moved(2), "the expected size is the batch's");
    assert_eq!(journal.unapplied().unwrap(), [batch(0, 2)]);
}

fn a_second_opener_is_refused_until_the_first_is_gone<P: Place>() {
    let place = P::new();
    let journal = place.journal().unwrap();
    assert!(matches!(place.journal(), Err(StoreError::Locked { .. })));
    drop(journal);
    place.journal().unwrap();
}

fn forgotten_batches_are_not_given_back_and_the_head_stays<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    let size = fill(&mut *journal, 60);
    journal.forget(20).unwrap();
    let left = journal.unapplied().unwrap();
    assert!(
        left[0].first() <= 20 && left[0].head().size > 20,
        "the batch around the size is whole"
    );
    assert_eq!(left.last().unwrap().head().size, size);
    journal.forget(size + 1).unwrap();
    journal.forget(3).unwrap();
    assert_eq!(journal.forgotten(), 20);
    journal.forget(size).unwrap();
    assert!(journal.unapplied().unwrap().is_empty());
    let head = journal.head().cloned();
    drop(journal);
    let mut journal = place.journal().unwrap();
    assert_eq!(journal.head().cloned(), head);
    journal.forget(size).unwrap();
    journal.commit(size, &batch(size, 1)).unwrap();
    drop(journal);
    let mut journal = place.journal().unwrap();
    assert_eq!(
        journal.unapplied().unwrap(),
        [batch(size, 1)],
        "a commit carries the forgotten size along"
    );
}

fn scrubbed_words_are_gone_and_the_rest_stays<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    let size = fill(&mut *journal, 30);
    journal.forget(10).unwrap();
    let erased: Vec<_> = [2, 12, 13, 29].map(secret_ref).into();
    journal.commit(size, &batch_erasing(size, 1, erased.clone())).unwrap();
    journal.scrub(&erased).unwrap();
    journal.scrub(&erased).unwrap();
    for index in [2, 12, 13, 29] {
        assert!(!contains(&place.bytes(), &secret(index)), "words of {index} are left");
    }
    let check = |journal: &mut dyn Journal| {
        for batch in journal.unapplied().unwrap() {
            for (index, record) in (batch.first()..).zip(batch.records()) {
                let kept = usize::from(!erased.contains(&secret_ref(index)));
                assert_eq!(record.words.len(), kept, "words of {index}");
                assert!(!record.leaf.is_empty());
            }
        }
    };
    check(&mut *journal);
    drop(journal);
    check(&mut *place.journal().unwrap());
}

fn words_that_no_entry_erased_are_not_scrubbed<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    journal.commit(0, &batch(0, 3)).unwrap();
    assert_eq!(journal.scrub(&[secret_ref(1)]), Err(ScrubError::NotErased(secret_ref(1))));
    assert_eq!(journal.unapplied().unwrap(), [batch(0, 3)]);
    assert_eq!(journal.scrub(&[secret_ref(9)]), Ok(()), "words it does not have are no error");
}

fn words_erased_in_their_own_batch_are_never_kept<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    journal.commit(0, &batch_erasing(0, 3, vec![secret_ref(1)])).unwrap();
    assert!(!contains(&place.bytes(), &secret(1)));
    assert!(contains(&place.bytes(), &secret(2)));
}

fn a_batch_that_erases_is_given_back_until_its_words_are_scrubbed<P: Place>() {
    let place = P::new();
    let mut journal = place.journal().unwrap();
    journal.commit(0, &batch(0, 4)).unwrap();
    journal.commit(4, &batch_erasing(4, 4, vec![secret_ref(1), secret_ref(2)])).unwrap();
    journal.commit(8, &batch(8, 4)).unwrap();
    let first =
        |journal: &mut dyn Journal| journal.unapplied().unwrap().first().map(|batch| batch.first());
    journal.forget(12).unwrap();
    journal.scrub(&[secret_ref(1)]).unwrap();
    journal.forget(12).unwrap();
    assert_eq!(first(&mut *journal), Some(4));
    journal.commit(12, &batch(12, 1)).unwrap();
    drop(journal);
    let mut journal = place.journal().unwrap();
    journal.forget(13).unwrap();
    assert_eq!(
        first(&mut *journal),
        Some(4),
        "after a crash nobody knows what was erased elsewhere"
    );
    journal.scrub(&[secret_ref(1), secret_ref(2)]).unwrap();
    journal.forget(13).unwrap();
    assert_eq!(first(&mut *journal), None);
}

each_engine!(
    a_batch_that_erases_is_given_back_until_its_words_are_scrubbed,
    what_was_committed_is_there_after_a_reopen,
    a_batch_planned_on_another_head_is_refused_and_leaves_nothing,
    a_second_opener_is_refused_until_the_first_is_gone,
    forgotten_batches_are_not_given_back_and_the_head_stays,
    scrubbed_words_are_gone_and_the_rest_stays,
    words_that_no_entry_erased_are_not_scrubbed,
    words_erased_in_their_own_batch_are_never_kept,
);
