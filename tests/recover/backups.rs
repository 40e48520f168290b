//! Backups of a ledger that goes on meanwhile: each is the ledger of one moment, whole, and holds no word that was erased
//! by then.

use std::cell::Cell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use onrecord::service::backup::{BadBackup, verify_backup};
use onrecord::store::local::{BackupError, Gathered, LocalBackup};
use onrecord::store::{BUNDLE_LENGTH, Journal as _};
use onrecord::tlog::leaf_hash;

use crate::history::{history, signer};
use crate::running::{Running, assert_erased, copy};

/// Entries of the whole history.
fn whole() -> u64 {
    history().iter().map(|step| step.batch.head().size).max().unwrap()
}

fn gather(backup: &LocalBackup, data: &Path) -> Result<Gathered, BackupError> {
    backup.gather(data, true, &|_, _| ())
}

fn verify(backup: &LocalBackup, gathered: &mut Gathered) -> Result<(), BadBackup> {
    let Gathered { before, journal, erased, .. } = gathered;
    verify_backup(journal, backup.objects(), erased, signer().verifier_key(), before.as_ref())
}

/// Brings the backup up to date; the size it has then.
fn back_up(data: &Path, to: &Path) -> u64 {
    let backup = LocalBackup::open(to).unwrap();
    let mut gathered = gather(&backup, data).unwrap();
    verify(&backup, &mut gathered).unwrap();
    backup.keep(&gathered, &signer().verifier_key().to_string()).unwrap();
    gathered.journal.size()
}

/// Makes a folder of the backup, starts it and holds it against the history.
fn restored(backup: &Path, to: &Path) -> Running {
    let backup = LocalBackup::existing(backup).unwrap();
    let state = backup.newest().unwrap().unwrap();
    let size = state.journal.size();
    backup.put_back(&state, to, &|_, _| ()).unwrap();
    let running = Running::start(to).unwrap();
    assert_eq!(running.size(), size);
    running.check();
    running
}

#[test]
fn a_backup_is_the_ledger_of_its_moment_and_that_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let [data, to] = ["data", "backup"].map(|name| folder.path().join(name));
    let mut running = Running::start(&data).unwrap();
    let mut rounds = 0;
    while running.size() < whole() {
        running.publish_to(whole().min(running.size() + 97));
        if rounds % 3 > 0 {
            running.applier.step().unwrap();
        }
        assert_eq!(back_up(&data, &to), running.size());
        assert_erased(&to, running.size());
        let again = folder.path().join(format!("restored-{rounds}"));
        let mut ledger = restored(&to, &again);
        // It goes on as the one that it is a copy of does, to the end.
        ledger.publish_to(whole());
        ledger.apply_all();
        ledger.check();
        assert_erased(&again, ledger.size());
        rounds += 1;
    }
    assert!(rounds > 5, "only {rounds}");
    running.apply_all();
    assert_eq!(back_up(&data, &to), whole());
    assert_eq!(back_up(&data, &to), whole());
    restored(&to, &folder.path().join("last"));
}

#[test]
fn a_backup_beside_a_busy_writer_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut rounds = 0;
    for round in 0..4 {
        let _ = std::fs::remove_dir_all(&data);
        let to = folder.path().join(format!("backup-{round}"));
        let mut running = Running::start(&data).unwrap();
        running.publish();
        let (lookup, journal) = (running.lookup.clone(), running.journal.clone());
        let published = || lookup.memory().published().unwrap().size();
        // An entry is published a moment after it was committed.
        let committed = || journal.lock().unwrap().head().unwrap().size;
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while running.size() < whole() {
                    running.publish();
                    running.applier.step().unwrap();
                }
                done.store(true, Ordering::SeqCst);
            });
            while !done.load(Ordering::SeqCst) {
                let before = published();
                let kept = back_up(&data, &to);
                assert!((before..=committed()).contains(&kept), "{before} {kept}");
                let again = folder.path().join(format!("restored-{round}-{rounds}"));
                restored(&to, &again);
                assert_erased(&to, kept);
                assert_erased(&again, kept);
                rounds += 1;
            }
        });
    }
    assert!(rounds > 4, "only {rounds} backups were taken beside the writer");
}

/// The applying thread has put bundles and not yet told the journal; the writer erases words of a pack that was just
/// copied; then the journal forgets the batch that erases them, and so would not have it finished again.
#[test]
fn words_that_are_erased_while_packs_are_copied_are_not_in_the_copy() {
    let folder = tempfile::tempdir().unwrap();
    let [data, to] = ["data", "backup"].map(|name| folder.path().join(name));
    let mut running = Running::start(&data).unwrap();
    running.publish_to(300);
    running.apply_all();
    let erases = |size| {
        let step = history().iter().find(|step| step.batch.first() == size).unwrap();
        step.batch.erased().iter().any(|word| word.entry < BUNDLE_LENGTH)
    };
    while !erases(running.size()) {
        running.publish();
    }
    let step = running.commit();
    running.publish_to(step.batch.head().size.next_multiple_of(BUNDLE_LENGTH) + 1);
    running.apply_all();
    let covered = running.size() / BUNDLE_LENGTH * BUNDLE_LENGTH;
    assert!(running.journal.lock().unwrap().forgotten() <= step.batch.first());
    let backup = LocalBackup::open(&to).unwrap();
    let is_first = Cell::new(true);
    let meanwhile = |_, _| {
        if is_first.replace(false) {
            running.erase(step);
            running.journal.lock().unwrap().forget(covered).unwrap();
            running.publish();
        }
    };
    let mut gathered = backup.gather(&data, true, &meanwhile).unwrap();
    assert_eq!(gathered.journal.forgotten(), covered);
    verify(&backup, &mut gathered).unwrap();
    backup.keep(&gathered, &signer().verifier_key().to_string()).unwrap();
    assert_erased(&to, gathered.journal.size());
    drop(backup);
    restored(&to, &folder.path().join("again"));
}

#[test]
fn a_backup_that_was_interrupted_leaves_the_one_before() {
    let folder = tempfile::tempdir().unwrap();
    let [data, to] = ["data", "backup"].map(|name| folder.path().join(name));
    let mut running = Running::start(&data).unwrap();
    running.publish_to(300);
    let until = back_up(&data, &to);
    running.publish_to(700);
    running.apply_all();
    let backup = LocalBackup::open(&to).unwrap();
    // Everything was copied, and nothing was kept.
    let gathered = gather(&backup, &data).unwrap();
    assert!(gathered.objects > 0);
    drop(backup);
    let backup = LocalBackup::existing(&to).unwrap();
    let state = backup.newest().unwrap().unwrap();
    assert_eq!(state.journal.size(), until);
    let again = folder.path().join("again");
    backup.put_back(&state, &again, &|_, _| ()).unwrap();
    assert_eq!(Running::start(&again).unwrap().size(), until);
}

#[test]
fn a_ledger_that_is_behind_its_backup_or_another_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [data, to, older, other] =
        ["data", "backup", "older", "other"].map(|name| folder.path().join(name));
    let mut running = Running::start(&data).unwrap();
    running.publish_to(300);
    running.apply_all();
    copy(&data, &older);
    running.publish_to(400);
    let held = back_up(&data, &to);
    let backup = LocalBackup::open(&to).unwrap();
    let behind = gather(&backup, &older).unwrap_err();
    assert!(matches!(behind, BackupError::Behind { held: size, .. } if size == held), "{behind}");
    let mut gathered = gather(&backup, &data).unwrap();
    let mut head = gathered.journal.head().clone();
    head.root = leaf_hash(b"another");
    let Gathered { journal, erased, .. } = &mut gathered;
    let objects = backup.objects();
    let refused = verify_backup(journal, objects, erased, signer().verifier_key(), Some(&head));
    assert_eq!(refused, Err(BadBackup::AnotherHistory(Box::new(head))));
    std::fs::create_dir_all(&other).unwrap();
    assert!(matches!(LocalBackup::open(&data), Err(onrecord::store::StoreError::Layout { .. })));
    assert!(matches!(
        LocalBackup::existing(&other),
        Err(onrecord::store::StoreError::Layout { .. })
    ));
}
