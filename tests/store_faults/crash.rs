//! Crash points between every two steps: the process is taken to die there, and the folder is opened again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use fail::FailScenario;
use onrecord::store::local::{LocalJournal, LocalObjects};
use onrecord::store::{
    CommitError, Journal as _, ObjectName, Objects as _, Pack, PutError, StoreError,
};

use crate::alone;
use crate::sample::{
    SEGMENT_LENGTH, all_bytes, batch, batch_erasing, contains, record, secret, secret_ref,
};

fn open(folder: &Path) -> LocalJournal {
    LocalJournal::open(folder, SEGMENT_LENGTH).unwrap()
}

/// Runs `steps` and dies at `point`. Whether the point was reached.
fn die_at(point: &str, steps: impl FnOnce()) -> bool {
    let scenario = FailScenario::setup();
    fail::cfg(point, "panic").unwrap();
    let died = catch_unwind(AssertUnwindSafe(steps)).is_err();
    scenario.teardown();
    died
}

#[test]
fn a_commit_cut_at_any_step_is_there_whole_or_not_at_all() {
    let _alone = alone();
    for point in [
        "journal.roll.created",
        "journal.roll.reserved",
        "journal.roll.written",
        "journal.roll.renamed",
        "journal.roll.synced",
        "journal.commit.reserved",
        "journal.commit.written",
        "journal.commit.synced",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut answered = 0;
        for _ in 0..3 {
            let mut journal = open(folder.path());
            answered = journal.head().map_or(0, |head| head.size);
            let died = die_at(point, || {
                while answered < 1000 {
                    journal.commit(answered, &batch(answered, 7)).unwrap();
                    answered += 7;
                }
            });
            assert!(died, "{point} was not reached");
            assert!(matches!(
                journal.commit(answered, &batch(answered, 7)),
                Err(CommitError::Stopped(_))
            ));
            drop(journal);
            let mut journal = open(folder.path());
            let size = journal.head().map_or(0, |head| head.size);
            assert!(
                size == answered || size == answered + 7,
                "{point}: {answered} answered, {size} there"
            );
            let expected: Vec<_> = (0..size).step_by(7).map(|first| batch(first, 7)).collect();
            assert_eq!(journal.unapplied().unwrap(), expected, "{point}");
            journal.commit(size, &batch(size, 7)).unwrap();
        }
        assert!(answered > 0);
    }
}

#[test]
fn a_write_cut_at_any_byte_stops_the_journal_and_is_discarded() {
    let _alone = alone();
    for kept in [0, 1, 63, 64, 511, 512, 513, 1024, 1500] {
        let scenario = FailScenario::setup();
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        journal.commit(0, &batch(0, 7)).unwrap();
        fail::cfg("journal.commit.torn", &format!("return({})", kept / 512 * 512)).unwrap();
        assert!(matches!(journal.commit(7, &batch(7, 7)), Err(CommitError::Stopped(_))));
        scenario.teardown();
        assert!(matches!(journal.commit(7, &batch(7, 7)), Err(CommitError::Stopped(_))));
        drop(journal);
        let mut journal = open(folder.path());
        assert_eq!(journal.unapplied().unwrap(), [batch(0, 7)]);
        journal.commit(7, &batch(7, 7)).unwrap();
    }
}

#[test]
fn without_room_for_a_segment_the_commit_is_refused_and_the_next_one_goes_on() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    let scenario = FailScenario::setup();
    fail::cfg("journal.roll.full", "return").unwrap();
    assert!(matches!(journal.commit(0, &batch(0, 7)), Err(CommitError::NoSpace(_))));
    scenario.teardown();
    journal.commit(0, &batch(0, 7)).unwrap();
}

#[test]
fn a_scrub_or_forget_cut_at_any_step_is_finished_at_open() {
    let _alone = alone();
    for point in [
        "journal.scrub.word",
        "journal.scrub.written",
        "journal.forget.removed",
        "journal.forget.synced",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = open(folder.path());
        for first in (0..210).step_by(7) {
            journal.commit(first, &batch(first, 7)).unwrap();
        }
        let erased: Vec<_> = [100, 101, 200].map(secret_ref).into();
        journal.commit(210, &batch_erasing(210, 1, erased.clone())).unwrap();
        assert!(die_at(point, || {
            journal.scrub(&erased).unwrap();
            journal.forget(200).unwrap();
        }));
        drop(journal);
        let mut journal = open(folder.path());
        assert_eq!(journal.head().unwrap().size, 211, "{point}");
        for index in [100, 101, 200] {
            assert!(
                !contains(&all_bytes(folder.path()), &secret(index)),
                "{point}: words of {index}"
            );
        }
        let left = journal.unapplied().unwrap();
        assert!(left[0].first() <= 200 && left.last().unwrap().head().size == 211);
        assert!(
            left.iter().flat_map(|batch| batch.records()).all(|record| record.words.len() <= 1)
        );
    }
}

#[test]
fn a_put_cut_at_any_step_leaves_each_object_whole_or_absent() {
    let _alone = alone();
    for point in
        ["objects.put.created", "objects.put.written", "objects.put.synced", "objects.put.renamed"]
    {
        let folder = tempfile::tempdir().unwrap();
        let open = || LocalObjects::open(folder.path()).unwrap();
        let words = (0..3).map(|index| (index, record(index).words.remove(0)));
        let whole = Pack::new(0, words).unwrap();
        let mut less = whole.clone();
        less.erase(&secret_ref(1));
        let name = ObjectName::Words { index: 0 };
        for (old, new) in [(None, &whole), (Some(&whole), &less)] {
            assert!(die_at(point, || open().put(&[(name, new.encode().into())]).unwrap()));
            let found = open().get(name).unwrap().map(|bytes| Pack::decode(&bytes).unwrap());
            assert!(found.as_ref() == old || found.as_ref() == Some(new), "{point}");
            open().put(&[(name, new.encode().into())]).unwrap();
        }
        assert!(!contains(&all_bytes(folder.path()), &secret(1)), "{point}");
    }
}

/// A disk whose syncs fail shows what was written, and may forget it when the power goes.
#[test]
fn nothing_rests_on_a_batch_that_cannot_be_made_durable() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let mut journal = open(folder.path());
    journal.commit(0, &batch(0, 7)).unwrap();
    let scenario = FailScenario::setup();
    fail::cfg("journal.sync", "return").unwrap();
    assert!(matches!(journal.commit(7, &batch(7, 7)), Err(CommitError::Stopped(_))));
    drop(journal);
    let refused = LocalJournal::open(folder.path(), SEGMENT_LENGTH);
    assert!(matches!(refused, Err(StoreError::Io { doing: "sync", .. })), "{refused:?}");
    scenario.teardown();
    let mut journal = open(folder.path());
    assert_eq!(journal.head().map(|head| head.size), Some(14));
    assert_eq!(journal.unapplied(), Ok(vec![batch(0, 7), batch(7, 7)]));
    journal.commit(14, &batch(14, 7)).unwrap();
}

#[test]
fn an_object_counts_as_put_when_its_name_is_durable() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let objects = LocalObjects::open(folder.path()).unwrap();
    let group = [(ObjectName::Entries { index: 0 }, bytes::Bytes::from_static(b"bundle"))];
    let scenario = FailScenario::setup();
    fail::cfg("objects.put.folder", "return").unwrap();
    for _ in 0..2 {
        let refused = objects.put(&group);
        assert!(matches!(refused, Err(PutError::Store(_))), "{refused:?}");
        assert_eq!(objects.get(group[0].0), Ok(Some(group[0].1.clone())));
    }
    scenario.teardown();
    objects.put(&group).unwrap();
}
