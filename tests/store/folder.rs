//! A ledger's folder as a whole.

use onrecord::store::StoreError;
use onrecord::store::local::{LocalFolder, LocalWitnessed};

use crate::sample::SEGMENT_LENGTH;

#[test]
fn a_folder_of_another_layout_is_refused_and_two_cannot_open_one() {
    let folder = tempfile::tempdir().unwrap();
    let open = || LocalFolder::open(folder.path(), SEGMENT_LENGTH);
    let first = open().unwrap();
    assert!(matches!(open(), Err(StoreError::Locked { .. })));
    drop(first);
    std::fs::write(folder.path().join("format"), "onrecord folder 2\n").unwrap();
    let Err(StoreError::Layout { found, .. }) = open() else { panic!("another layout was opened") };
    assert_eq!(found, "onrecord folder 2");
}

#[test]
fn the_folder_of_a_witness_is_open_once_and_is_no_ledgers() {
    let folder = tempfile::tempdir().unwrap();
    let (witness, ledger) = (folder.path().join("witness"), folder.path().join("ledger"));
    let first = LocalWitnessed::open(&witness).unwrap();
    assert!(LocalWitnessed::is_there(&witness));
    assert!(matches!(LocalWitnessed::open(&witness), Err(StoreError::Locked { .. })));
    drop(first);
    LocalWitnessed::open(&witness).unwrap();
    let open = LocalFolder::open(&witness, SEGMENT_LENGTH);
    assert!(matches!(open, Err(StoreError::Layout { .. })));
    LocalFolder::open(&ledger, SEGMENT_LENGTH).unwrap();
    assert!(matches!(LocalWitnessed::open(&ledger), Err(StoreError::Layout { .. })));
    assert!(!LocalWitnessed::is_there(&ledger));
}
