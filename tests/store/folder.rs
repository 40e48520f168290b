//! A ledger's folder as a whole.

use onrecord::store::StoreError;
use onrecord::store::local::LocalFolder;

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
