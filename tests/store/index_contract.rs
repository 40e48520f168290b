//! What every engine of `Index` promises.

use onrecord::crypto::{PrivateKey, sha256};
use onrecord::store::local::LocalIndex;
use onrecord::store::memory::MemoryFolder;
use onrecord::store::sled::SledIndex;
use onrecord::store::{Chain, ChainLink, Index, Indexed, List, Position, WordEvents, WordRef};
use proptest::prelude::*;
use tempfile::TempDir;

pub trait IndexPlace {
    fn new() -> Self;
    fn open(&self) -> Box<dyn Index>;
}

impl IndexPlace for MemoryFolder {
    fn new() -> Self {
        Self::default()
    }

    fn open(&self) -> Box<dyn Index> {
        Box::new(self.index())
    }
}

pub struct Sled(TempDir);

impl IndexPlace for Sled {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> Box<dyn Index> {
        Box::new(SledIndex::open(self.0.path()).unwrap())
    }
}

pub struct Local(TempDir);

impl IndexPlace for Local {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn open(&self) -> Box<dyn Index> {
        let (index, wiped) = LocalIndex::open(self.0.path()).unwrap();
        assert_eq!(wiped, None);
        Box::new(index)
    }
}

fn id(index: u64) -> onrecord::crypto::Hash {
    sha256(format!("statement {index}").as_bytes())
}

fn signer(number: u64) -> Chain {
    Chain::signer(&PrivateKey::from_seed(&[number as u8; 32]).did())
}

fn word(entry: u64, text: &str) -> WordRef {
    WordRef { entry, digest: sha256(text.as_bytes()) }
}

fn at(size: u64) -> Position {
    Position { size, root: sha256(&size.to_be_bytes()) }
}

/// A statement of the thread that entry `thread` began.
fn entry(index: u64, chains: &[(Chain, u64)]) -> Indexed {
    Indexed {
        index,
        id: id(index),
        chains: chains.into(),
        lists: vec![],
        revealed: vec![],
        erased: vec![],
        moderated: vec![],
    }
}

fn three() -> [Indexed; 3] {
    let thread = Chain::thread(&id(1));
    let subject = Chain::subject("acme.example");
    let mut first = entry(0, &[(signer(9), 0)]);
    first.lists = vec![List::policies()];
    let mut third = entry(2, &[(thread, 1), (subject, 1), (signer(1), 1)]);
    third.revealed = vec![word(1, "a"), word(1, "b")];
    third.erased = vec![word(1, "b")];
    third.moderated = vec![(word(1, "c"), true), (WordRef::entry_itself(0), true)];
    third.lists = vec![List::claims(), List::claims_of("acme.example")];
    let mut second = entry(1, &[(thread, 0), (subject, 0), (signer(1), 0)]);
    second.lists = vec![List::claims()];
    second.moderated = vec![(word(0, "c"), true)];
    [first, second, third]
}

fn check_three(index: &dyn Index) {
    assert_eq!(index.position(), Ok(Some(at(3))));
    let listed = |list, before, count| index.listed(&list, before, count).unwrap();
    assert_eq!(listed(List::policies(), u64::MAX, 9), [0]);
    assert_eq!(listed(List::claims(), u64::MAX, 9), [2, 1], "newest first");
    assert_eq!(listed(List::claims(), u64::MAX, 1), [2]);
    assert_eq!(listed(List::claims(), 2, 9), [1], "before an entry, without it");
    assert_eq!(listed(List::claims_of("acme.example"), u64::MAX, 9), [2]);
    assert_eq!(listed(List::claims_of("other.example"), u64::MAX, 9), [] as [u64; 0]);
    for number in 0..3 {
        assert_eq!(index.find(&id(number)), Ok(Some(number)));
    }
    assert_eq!(index.find(&id(3)), Ok(None));
    let link = |index, seq| Ok(Some(ChainLink { index, seq }));
    assert_eq!(index.newest(&Chain::thread(&id(1))), link(2, 1));
    assert_eq!(index.newest(&Chain::subject("acme.example")), link(2, 1));
    assert_eq!(index.newest(&Chain::subject("other.example")), Ok(None));
    assert_eq!(index.newest(&signer(1)), link(2, 1));
    assert_eq!(index.newest(&signer(9)), link(0, 0));
    assert_eq!(index.newest(&signer(2)), Ok(None));
    let events = |revealed, erased| Ok(WordEvents { revealed, erased, moderated: None });
    let moderated = |index| WordEvents { moderated: Some((index, true)), ..WordEvents::default() };
    assert_eq!(index.words(&word(1, "c")), Ok(moderated(2)));
    assert_eq!(index.words(&word(0, "c")), Ok(moderated(1)));
    assert_eq!(index.words(&WordRef::entry_itself(0)), Ok(moderated(2)));
    assert_eq!(index.words(&word(1, "a")), events(Some(2), None));
    assert_eq!(index.words(&word(1, "b")), events(Some(2), Some(2)));
    assert_eq!(
        index.words(&word(2, "a")),
        events(None, None),
        "a digest alone does not name words"
    );
}

fn what_was_applied_is_found_after_a_reopen<P: IndexPlace>() {
    let place = P::new();
    let index = place.open();
    assert_eq!(index.position(), Ok(None));
    assert_eq!(index.listed(&List::policies(), u64::MAX, 1), Ok(vec![]));
    index.apply(&three()[..2], at(2)).unwrap();
    let alone = index.newest(&Chain::thread(&id(1)));
    assert_eq!(
        alone,
        Ok(Some(ChainLink { index: 1, seq: 0 })),
        "the agreement is its thread's newest"
    );
    index.apply(&three()[2..], at(3)).unwrap();
    check_three(&*index);
    drop(index);
    check_three(&*place.open());
}

fn applying_twice_changes_nothing<P: IndexPlace>() {
    let place = P::new();
    let index = place.open();
    index.apply(&three(), at(3)).unwrap();
    index.apply(&three()[..1], at(1)).unwrap();
    index.apply(&three()[1..], at(3)).unwrap();
    let mut again = entry(3, &[(signer(1), 2)]);
    again.id = id(1);
    again.revealed = vec![word(1, "a")];
    again.moderated = vec![(word(1, "c"), false)];
    index.apply(&[again], at(4)).unwrap();
    assert_eq!(index.words(&word(1, "a")).unwrap().revealed, Some(2), "the first event stays");
    index.apply(&three(), at(3)).unwrap();
    let moderated = index.words(&word(1, "c")).unwrap().moderated;
    assert_eq!(moderated, Some((3, false)), "the newest decision stays");
    assert_eq!(index.position(), Ok(Some(at(4))));
    assert_eq!(index.newest(&signer(1)), Ok(Some(ChainLink { index: 3, seq: 2 })));
}

fn a_cleared_index_is_empty_and_can_be_filled_again<P: IndexPlace>() {
    let place = P::new();
    let index = place.open();
    index.apply(&three(), at(3)).unwrap();
    index.clear().unwrap();
    assert_eq!(index.position(), Ok(None));
    assert_eq!(index.find(&id(1)), Ok(None));
    assert_eq!(index.newest(&signer(1)), Ok(None));
    assert_eq!(index.words(&word(1, "a")), Ok(WordEvents::default()));
    index.apply(&three(), at(3)).unwrap();
    drop(index);
    check_three(&*place.open());
}

macro_rules! every_engine {
    ($($claim:ident),* $(,)?) => {
        mod memory { $( #[test] fn $claim() { super::$claim::<super::MemoryFolder>() } )* }
        mod sled { $( #[test] fn $claim() { super::$claim::<super::Sled>() } )* }
        mod local { $( #[test] fn $claim() { super::$claim::<super::Local>() } )* }
    };
}

every_engine!(
    what_was_applied_is_found_after_a_reopen,
    applying_twice_changes_nothing,
    a_cleared_index_is_empty_and_can_be_filled_again,
);

/// Fills an index of 600 entries in batches of 100.
fn fill(index: &dyn Index) {
    let from = index.position().unwrap().map_or(0, |position| position.size);
    for first in (from..600).step_by(100) {
        let entries: Vec<_> = (first..first + 100).map(numbered).collect();
        index.apply(&entries, at(first + 100)).unwrap();
    }
}

/// Its thread began with entry `index / 3 * 3`, its signer and subject come back every so often.
fn numbered(index: u64) -> Indexed {
    let thread = Chain::thread(&id(index / 3 * 3));
    let subject = Chain::subject(&format!("s{}.example", index % 10));
    entry(index, &[(thread, index % 3), (subject, index / 10), (signer(index % 50), index / 50)])
}

fn check_filled(index: &dyn Index) {
    assert_eq!(index.position(), Ok(Some(at(600))));
    for number in 0..600 {
        assert_eq!(index.find(&id(number)), Ok(Some(number)));
    }
    for number in 550..600 {
        let signer = index.newest(&signer(number % 50)).unwrap().unwrap();
        assert_eq!(signer, ChainLink { index: number, seq: 11 });
    }
    for number in (0..600).step_by(3) {
        let thread = index.newest(&Chain::thread(&id(number))).unwrap().unwrap();
        assert_eq!(thread, ChainLink { index: number + 2, seq: 2 });
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_damaged_index_opens_empty_or_behind_and_is_filled_again(
        file: prop::sample::Index, at: prop::sample::Index, bit in 0u8..8, cut: bool
    ) {
        let place = Local::new();
        fill(&*place.open());
        let paths = files(place.0.path());
        let path = file.get(&paths);
        let mut bytes = std::fs::read(path).unwrap();
        prop_assume!(!bytes.is_empty());
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
        std::fs::write(path, bytes).unwrap();
        let (index, _) = LocalIndex::open(place.0.path()).unwrap();
        fill(&index);
        check_filled(&index);
    }
}

#[test]
fn a_snapshot_that_a_crash_left_unfinished_is_no_hindrance() {
    let place = Local::new();
    fill(&*place.open());
    std::fs::write(place.0.path().join("sled/snap.0000.generating"), "half").unwrap();
    check_filled(&*place.open());
}
