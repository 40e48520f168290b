//! A disk that is really full: a tiny file system in memory, mounted where the tests run as root.

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use onrecord::crypto::{Hash, sha256};
use onrecord::store::local::{LocalIndex, LocalJournal, LocalObjects};
use onrecord::store::{
    Chain, CommitError, Index as _, IndexError, Indexed, Journal as _, ObjectName, Objects as _,
    Position, PutError,
};

use crate::alone;
use crate::sample::{SEGMENT_LENGTH, batch};

struct TinyDisk(tempfile::TempDir);

impl TinyDisk {
    /// Of that size; `None` where this process may not mount.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            println!("skipped: a file system can be mounted by root only");
        }
        mounted.then_some(Self(folder))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).output();
    }
}

#[test]
fn a_full_disk_refuses_a_commit_cleanly_and_takes_it_when_there_is_room() {
    let _alone = alone();
    let Some(disk) = TinyDisk::mount("256k") else { return };
    let mut journal = LocalJournal::open(&disk.path().join("journal"), SEGMENT_LENGTH).unwrap();
    let ballast = disk.path().join("ballast");
    std::fs::write(&ballast, vec![1; 128 << 10]).unwrap();
    let mut first = 0;
    let refused = loop {
        match journal.commit(first, &batch(first, 10)) {
            Ok(()) => first += 10,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, CommitError::NoSpace(_)), "{refused}");
    assert!(matches!(journal.commit(first, &batch(first, 10)), Err(CommitError::NoSpace(_))));
    std::fs::remove_file(&ballast).unwrap();
    journal.commit(first, &batch(first, 10)).unwrap();
    drop(journal);
    let journal = LocalJournal::open(&disk.path().join("journal"), SEGMENT_LENGTH).unwrap();
    assert_eq!(journal.head().unwrap().size, first + 10);
}

#[test]
fn a_full_disk_refuses_objects_cleanly_and_leaves_no_part_of_them() {
    let _alone = alone();
    let Some(disk) = TinyDisk::mount("256k") else { return };
    let objects = LocalObjects::open(&disk.path().join("objects")).unwrap();
    let big = (ObjectName::Entries { index: 0 }, Bytes::from(vec![1; 1 << 20]));
    assert!(matches!(objects.put(std::slice::from_ref(&big)), Err(PutError::NoSpace(_))));
    assert_eq!(objects.get(big.0).unwrap(), None);
    let small = (ObjectName::Entries { index: 0 }, Bytes::from(vec![1; 100 << 10]));
    objects.put(&[small]).unwrap();
}

#[test]
fn an_index_that_found_the_disk_full_goes_on_when_there_is_room() {
    let _alone = alone();
    let Some(disk) = TinyDisk::mount("8m") else { return };
    let (index, _) = LocalIndex::open(&disk.path().join("index")).unwrap();
    let ballast = disk.path().join("ballast");
    let mut size = 0;
    let fill = |index: &LocalIndex, size: &mut u64, until: u64| {
        while *size < until {
            let entries: Vec<_> = (*size..*size + 200).map(indexed).collect();
            index.apply(&entries, Position { size: *size + 200, root: sha256(b"root") })?;
            *size += 200;
        }
        Ok::<(), IndexError>(())
    };
    fill(&index, &mut size, 400).unwrap();
    let free = 8 << 20;
    let _ = std::fs::write(&ballast, vec![1; free]);
    let refused = (0..50).find_map(|_| {
        let until = size + 2000;
        std::thread::sleep(std::time::Duration::from_millis(50));
        fill(&index, &mut size, until).err()
    });
    assert!(matches!(refused, Some(IndexError::NoSpace { .. })), "{refused:?}");
    std::fs::remove_file(&ballast).unwrap();
    let newest = index.newest(&Chain::subject(&format!("s{}.example", size - 1)));
    assert_ne!(newest, Ok(None), "what was applied is found, or it is said that the index lost it");
    // A failure that sled met in the background is told by the next operation, which may come after there is room.
    let goes_on = (0..5).any(|_| {
        size = index.position().ok().flatten().map_or(0, |position| position.size);
        match fill(&index, &mut size, 20_000) {
            Ok(()) => true,
            Err(IndexError::NoSpace { .. } | IndexError::Behind { .. }) => false,
            Err(error) => panic!("{error}"),
        }
    });
    assert!(goes_on, "it finds no room where there is some");
    for number in (0..20_000).step_by(100) {
        assert_eq!(index.find(&id(number)), Ok(Some(number)));
        let subject = Chain::subject(&format!("s{number}.example"));
        assert_eq!(index.newest(&subject).unwrap().unwrap().index, number);
    }
}

fn id(number: u64) -> Hash {
    sha256(&number.to_be_bytes())
}

fn indexed(index: u64) -> Indexed {
    let subject = Chain::subject(&format!("s{index}.example"));
    let chains = vec![(subject, 0)];
    Indexed {
        index,
        id: id(index),
        chains,
        lists: vec![],
        revealed: vec![],
        erased: vec![],
        moderated: vec![],
    }
}
