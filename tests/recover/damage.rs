//! Starts of folders that were damaged or rolled back: the same tree, or a refusal that says what is wrong.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use onrecord::service::View;
use onrecord::service::recover::{RecoverError, ReindexError};
use onrecord::store::StoreError;
use onrecord::tlog::root;
use proptest::prelude::*;
use tempfile::TempDir;

use crate::history::history;
use crate::running::{NotStarted, Running, assert_erased, copy, erased_before, titled_before};

/// A folder with full bundles, entries to their right, and an index.
fn folder() -> TempDir {
    static MADE: OnceLock<TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let mut running = Running::start(folder.path()).unwrap();
        running.publish_to(700);
        running.apply_all();
        running.publish_to(750);
        drop(running);
        // Sled's own threads write the last of the index after it was dropped, and hold its lock until then.
        fs::File::open(folder.path().join("index/sled/db")).unwrap().lock().unwrap();
        folder
    });
    let folder = tempfile::tempdir().unwrap();
    copy(made.path(), folder.path());
    folder
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_bit_anywhere_never_yields_another_tree(
        file: prop::sample::Index, at: prop::sample::Index, bit in 0u8..8, no_index: bool
    ) {
        let folder = folder();
        let paths = files(folder.path());
        let path = file.get(&paths);
        let mut bytes = fs::read(path).unwrap();
        prop_assume!(!bytes.is_empty());
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(path, bytes).unwrap();
        if no_index {
            fs::remove_dir_all(folder.path().join("index")).unwrap();
        }
        match Running::start(folder.path()) {
            Ok(running) => {
                prop_assert!(running.size() >= 750);
                let step = history().iter().find(|step| step.batch.head().size == running.size());
                let published = running.lookup.memory().published().unwrap();
                prop_assert_eq!(published.root(), step.unwrap().batch.head().root);
            }
            Err(NotStarted::Store(StoreError::Damaged { path: named, .. })) => prop_assert_eq!(&named, path),
            Err(NotStarted::Store(StoreError::Layout { path: named, .. })) => prop_assert_eq!(&named, path),
            Err(NotStarted::Recover(error)) => {
                let told = matches!(error, RecoverError::RootDiffers { .. } | RecoverError::Erase(_) | RecoverError::Lookup(_));
                prop_assert!(told, "{}", error);
            }
            Err(NotStarted::Reindex(ReindexError::Lookup(_))) => prop_assert!(no_index),
            Err(other) => prop_assert!(false, "{:?}", other),
        }
    }
}

#[test]
fn a_journal_rolled_back_behind_its_objects_is_refused_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let backup = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(300);
    running.apply_all();
    drop(running);
    copy(&journal, &backup.path().join("journal"));
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(700);
    running.apply_all();
    drop(running);
    fs::remove_dir_all(&journal).unwrap();
    copy(&backup.path().join("journal"), &journal);
    let Err(NotStarted::Recover(refused)) = Running::start(folder.path()) else {
        panic!("it was started")
    };
    assert!(
        matches!(
            refused,
            RecoverError::RolledBack { holder: "objects", held: 512, journal: 300.. }
        ),
        "{refused}"
    );
    assert!(refused.to_string().contains("Put the newest `journal` folder back"));
}

/// Every choice of parts, each laid over the newer one as a careless copy does. All parts together are an older ledger,
/// which only its witnesses tell from the newest (`tests/service/witnessed.rs`).
#[test]
fn an_old_part_laid_over_a_newer_folder_is_refused_or_changes_nothing() {
    const PARTS: [&str; 3] = ["journal", "objects", "index"];
    let [folder, old] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(300);
    running.apply_all();
    drop(running);
    copy(folder.path(), old.path());
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(700);
    running.apply_all();
    let size = running.size();
    drop(running);
    let (mut refused, mut changed_nothing) = (vec![], vec![]);
    for choice in 1..(1 << PARTS.len()) - 1 {
        let mixed = tempfile::tempdir().unwrap();
        copy(folder.path(), mixed.path());
        let chosen = PARTS.iter().enumerate().filter(|(part, _)| choice >> part & 1 == 1);
        let chosen: Vec<_> = chosen.map(|(_, part)| *part).collect();
        for part in &chosen {
            copy(&old.path().join(part), &mixed.path().join(part));
        }
        match Running::start(mixed.path()) {
            Ok(running) => {
                let published = running.lookup.memory().published().unwrap();
                assert_eq!(published.size(), size, "{chosen:?}");
                assert_eq!(root(size, running.lookup.as_ref()).unwrap(), published.root());
                // Words that are back in a pack are not shown again; `onrecord check` finds them.
                let view = View::new(running.lookup.clone(), published);
                let shown = erased_before(size).into_iter().flat_map(|erased| {
                    let words = view.entry(erased.entry).unwrap().unwrap().words;
                    words.into_iter().filter(move |word| word.digest == erased.digest)
                });
                let shown: Vec<_> = shown.map(|word| word.disclosure).collect();
                assert!(!shown.is_empty() && shown.iter().all(Option::is_none), "{chosen:?}");
                changed_nothing.push(chosen);
            }
            Err(_) => refused.push(chosen),
        }
    }
    assert!(refused.iter().all(|chosen| chosen.contains(&"journal")), "{refused:?}");
    assert_eq!((refused.len(), changed_nothing.len()), (3, 3));
}

#[test]
fn a_folder_rolled_back_behind_its_index_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let backup = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(300);
    running.apply_all();
    drop(running);
    for part in ["journal", "objects"] {
        copy(&folder.path().join(part), &backup.path().join(part));
    }
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(400);
    running.apply_all();
    drop(running);
    for part in ["journal", "objects"] {
        fs::remove_dir_all(folder.path().join(part)).unwrap();
        copy(&backup.path().join(part), &folder.path().join(part));
    }
    let refused = Running::start(folder.path()).map(|_| ());
    assert!(
        matches!(refused, Err(NotStarted::Reindex(ReindexError::RolledBack { .. }))),
        "{refused:?}"
    );
}

#[test]
fn objects_that_lost_a_bundle_are_refused() {
    let folder = folder();
    fs::remove_file(folder.path().join("objects/tile/entries/001")).unwrap();
    let refused = Running::start(folder.path()).map(|_| ());
    let missing = RecoverError::ObjectsMissing { forgotten: 512, held: 256 };
    assert!(matches!(refused, Err(NotStarted::Recover(error)) if error == missing));
}

#[test]
fn an_index_of_another_tree_is_filled_again() {
    let folder = folder();
    let other = tempfile::tempdir().unwrap();
    let (index, _) = onrecord::store::local::LocalIndex::open(other.path()).unwrap();
    let position = onrecord::store::Position { size: 1, root: onrecord::crypto::sha256(b"other") };
    onrecord::store::Index::apply(&index, &history()[0].indexed, position).unwrap();
    drop(index);
    fs::remove_dir_all(folder.path().join("index")).unwrap();
    copy(other.path(), &folder.path().join("index"));
    Running::start(folder.path()).unwrap().check();
}

#[test]
fn entries_that_are_damaged_are_not_found_by_title_and_their_erasures_are_still_carried_out() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::start(folder.path()).unwrap();
    running.publish_to(300);
    running.apply_all();
    drop(running);
    let mut running = Running::start(folder.path()).unwrap();
    let bundle = folder.path().join("objects/tile/entries/000");
    let bytes = fs::read(&bundle).unwrap();
    fs::write(&bundle, &bytes[1..]).unwrap();
    running.follow();
    let others = |size| titled_before(size).into_iter().filter(|entry| *entry >= 256).collect();
    let expected: Vec<u64> = others(running.size());
    assert_eq!(running.titled(), expected);
    let before = erased_before(running.size()).len();
    running.publish_to(history().last().unwrap().batch.head().size);
    let erased = erased_before(running.size());
    assert!(erased[before..].iter().any(|word| word.entry < 256));
    running.apply_all();
    running.follow();
    let expected: Vec<u64> = others(running.size());
    assert_eq!(running.titled(), expected);
    assert_erased(folder.path(), running.size());
}
