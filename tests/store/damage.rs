//! The local journal against a plain vector, with its files cut, flipped and torn between two opens.

use std::path::{Path, PathBuf};

use onrecord::store::local::LocalJournal;
use onrecord::store::{Batch, Journal as _, StoreError};
use proptest::prelude::*;

use crate::sample::{SEGMENT_LENGTH, all_bytes, batch_erasing, contains, secret, secret_ref};

fn open(folder: &Path) -> Result<LocalJournal, StoreError> {
    LocalJournal::open(folder, SEGMENT_LENGTH)
}

/// Commits batches of these sizes; every third erases the words of the entry before it, and scrubs them.
fn write(folder: &Path, counts: &[u64]) -> Vec<Batch> {
    let mut journal = open(folder).unwrap();
    let mut batches = Vec::new();
    let mut first = 0;
    for (number, count) in counts.iter().enumerate() {
        let erased = if number % 3 == 2 { vec![secret_ref(first - 1)] } else { Vec::new() };
        let batch = batch_erasing(first, *count, erased.clone());
        journal.commit(first, &batch).unwrap();
        journal.scrub(&erased).unwrap();
        first += count;
        batches.push(batch);
    }
    let erased: Vec<_> = batches.iter().flat_map(|batch| batch.erased().to_vec()).collect();
    batches.iter_mut().for_each(|batch| {
        batch.scrub(&erased);
    });
    batches
}

fn segments(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|suffix| suffix == "seg"));
    paths.sort();
    paths
}

/// Either the journal opens with exactly these batches or it refuses and names the file.
fn same_or_refused(folder: &Path, batches: &[Batch], damaged: &Path) -> Result<(), TestCaseError> {
    match open(folder) {
        Ok(mut journal) => prop_assert_eq!(journal.unapplied().unwrap(), batches),
        Err(StoreError::Damaged { path, .. }) => prop_assert_eq!(path, damaged),
        Err(other) => prop_assert!(false, "{}", other),
    }
    Ok(())
}

fn counts() -> impl Strategy<Value = Vec<u64>> {
    proptest::collection::vec(1u64..12, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_flipped_bit_never_changes_what_was_answered(
        counts in counts(), file: prop::sample::Index, at: prop::sample::Index, bit in 0u8..8
    ) {
        let folder = tempfile::tempdir().unwrap();
        let batches = write(folder.path(), &counts);
        let paths = segments(folder.path());
        let path = file.get(&paths);
        let mut bytes = std::fs::read(path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        std::fs::write(path, bytes).unwrap();
        same_or_refused(folder.path(), &batches, path)?;
    }

    #[test]
    fn a_cut_file_is_refused_by_name(counts in counts(), file: prop::sample::Index, at: prop::sample::Index) {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &counts);
        let paths = segments(folder.path());
        let path = file.get(&paths);
        let bytes = std::fs::read(path).unwrap();
        std::fs::write(path, &bytes[..at.index(bytes.len())]).unwrap();
        let Err(StoreError::Damaged { path: named, .. }) = open(folder.path()) else {
            return Err(TestCaseError::fail("a cut segment was opened"));
        };
        prop_assert_eq!(&named, path);
    }

    #[test]
    fn a_write_torn_at_any_block_is_discarded_with_all_its_words(counts in counts(), lost: u64, cut in 0usize..20) {
        let folder = tempfile::tempdir().unwrap();
        let mut batches = write(folder.path(), &counts);
        let before = segments(folder.path());
        let path = before.last().unwrap();
        let old = std::fs::read(path).unwrap();
        let first = batches.last().unwrap().head().size;
        let mut journal = open(folder.path()).unwrap();
        journal.commit(first, &batch_erasing(first, 3, vec![])).unwrap();
        drop(journal);
        prop_assume!(segments(folder.path()) == before);
        let mut torn = std::fs::read(path).unwrap();
        let changed: Vec<_> = (0..torn.len() / 512)
            .filter(|block| torn[block * 512..][..512] != old[block * 512..][..512])
            .collect();
        let mut any = false;
        for (number, block) in changed.iter().enumerate() {
            if lost >> (number % 64) & 1 == 1 || number >= cut {
                torn[block * 512..][..512].copy_from_slice(&old[block * 512..][..512]);
                any = true;
            }
        }
        prop_assume!(any);
        std::fs::write(path, torn).unwrap();
        let mut journal = open(folder.path()).unwrap();
        prop_assert_eq!(journal.unapplied().unwrap(), &batches[..]);
        for index in first..first + 3 {
            prop_assert!(!contains(&all_bytes(folder.path()), &secret(index)));
        }
        let next = batch_erasing(first, 2, vec![]);
        journal.commit(first, &next).unwrap();
        drop(journal);
        batches.push(next);
        prop_assert_eq!(open(folder.path()).unwrap().unapplied().unwrap(), batches);
    }

    #[test]
    fn a_half_done_scrub_is_finished_at_open(counts in proptest::collection::vec(1u64..12, 3..12), done in 0usize..50) {
        let folder = tempfile::tempdir().unwrap();
        let batches = write(folder.path(), &counts);
        let size = batches.last().unwrap().head().size;
        let target = size - 1;
        let erasing = batch_erasing(size, 1, vec![secret_ref(target)]);
        let mut journal = open(folder.path()).unwrap();
        journal.commit(size, &erasing).unwrap();
        drop(journal);
        for path in segments(folder.path()) {
            let mut bytes = std::fs::read(&path).unwrap();
            let text = secret(target);
            if let Some(at) = bytes.windows(text.len()).position(|window| window == text.as_bytes()) {
                bytes[at..at + done.min(text.len())].fill(0);
                std::fs::write(&path, bytes).unwrap();
            }
        }
        let mut journal = open(folder.path()).unwrap();
        prop_assert_eq!(journal.head(), Some(erasing.head()));
        let trace = format!("secret-of-{target}-");
        prop_assert!(!contains(&all_bytes(folder.path()), &trace));
        let words: usize = journal.unapplied().unwrap().iter().flat_map(|b| b.records()).map(|r| r.words.len()).sum();
        let erased = 1 + counts.len() / 3;
        prop_assert_eq!(words, size as usize + 1 - erased);
    }
}

#[test]
fn a_missing_segment_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &[11; 40]);
    let paths = segments(folder.path());
    assert!(paths.len() > 3, "the test rolls segments");
    std::fs::remove_file(&paths[1]).unwrap();
    let Err(StoreError::Damaged { path, .. }) = open(folder.path()) else {
        panic!("a gap was opened")
    };
    assert_eq!(path, paths[2]);
}

#[test]
fn forgotten_segments_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let batches = write(folder.path(), &[11; 40]);
    let mut journal = open(folder.path()).unwrap();
    let erased: Vec<_> = batches.iter().flat_map(|batch| batch.erased().to_vec()).collect();
    journal.scrub(&erased).unwrap();
    journal.forget(batches.last().unwrap().head().size).unwrap();
    assert_eq!(segments(folder.path()).len(), 1);
    drop(journal);
    assert_eq!(open(folder.path()).unwrap().head(), Some(batches.last().unwrap().head()));
}
