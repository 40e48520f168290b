//! Starts of folders that are whole.

use crate::history::history;
use crate::running::{Running, assert_erased, erased_texts};

fn end() -> u64 {
    history().last().unwrap().batch.head().size
}

#[test]
fn the_history_erases_words_of_every_bundle() {
    assert!(erased_texts(end()).len() > 20);
}

#[test]
fn an_empty_folder_starts_empty() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Running::start(folder.path()).unwrap().size(), 0);
    assert_eq!(Running::start(folder.path()).unwrap().size(), 0);
}

#[test]
fn a_ledger_reads_the_same_before_and_after_it_is_applied_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(400);
    running.check();
    running.apply_all();
    assert_eq!(running.lookup.memory().base(), 256);
    running.check();
    drop(running);
    let mut running = Running::start(folder.path()).unwrap();
    running.check();
    running.publish_to(end());
    running.apply_all();
    running.check();
    assert_erased(folder.path(), end());
    drop(running);
    let running = Running::start(folder.path()).unwrap();
    assert_eq!(running.size(), end());
    running.check();
    assert_erased(folder.path(), end());
}

#[test]
fn a_ledger_that_never_applied_reads_the_same_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    Running::start(folder.path()).unwrap().publish_to(end());
    Running::start(folder.path()).unwrap().check();
    assert_erased(folder.path(), end());
}

#[test]
fn an_erasure_that_was_committed_and_not_carried_out_is_finished_at_the_next_start() {
    for applied in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let mut running = Running::start(folder.path()).unwrap();
        running.publish_to(600);
        if applied {
            running.apply_all();
        }
        while running.commit().batch.erased().is_empty() {}
        let size = running.size();
        running.apply_all();
        drop(running);
        let running = Running::start(folder.path()).unwrap();
        assert_eq!(running.size(), size);
        running.check();
        assert_erased(folder.path(), size);
    }
}

#[test]
fn a_missing_index_is_rebuilt_and_a_stale_one_caught_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(300);
    running.apply_all();
    drop(running);
    let index = folder.path().join("index");
    let stale = folder.path().join("stale");
    crate::running::copy(&index, &stale);
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(end());
    running.apply_all();
    drop(running);
    std::fs::remove_dir_all(&index).unwrap();
    Running::start(folder.path()).unwrap().check();
    std::fs::remove_dir_all(&index).unwrap();
    std::fs::rename(&stale, &index).unwrap();
    Running::start(folder.path()).unwrap().check();
}

#[test]
fn an_index_that_lost_entries_while_the_ledger_runs_is_filled_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(600);
    running.apply_all();
    running.lookup.index().unwrap().clear().unwrap();
    running.applier.step().unwrap();
    running.check();
    running.lookup.index().unwrap().clear().unwrap();
    running.publish_to(650);
    running.apply_all();
    running.check();
}
