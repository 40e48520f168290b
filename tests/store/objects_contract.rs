//! What every engine of `Objects` promises.

use bytes::Bytes;
use onrecord::store::{ObjectName, Pack, PutError};

use crate::sample::{Local, Memory, Place, contains, record, secret, secret_ref};

const TILE: ObjectName = ObjectName::Tile { level: 0, index: 1_234_067 };
const BUNDLE: ObjectName = ObjectName::Entries { index: 0 };
const WORDS: ObjectName = ObjectName::Words { index: 0 };

fn pack(entries: &[u64]) -> Pack {
    let words = entries
        .iter()
        .flat_map(|entry| record(*entry).words.into_iter().map(|word| (*entry, word)));
    Pack::new(0, words).unwrap()
}

fn encoded(pack: &Pack) -> Bytes {
    pack.encode().into()
}

fn what_was_put_is_there_after_a_reopen<P: Place>() {
    let place = P::new();
    let objects = place.objects();
    let group = [
        (TILE, Bytes::from_static(b"tile")),
        (BUNDLE, Bytes::from_static(b"bundle")),
        (WORDS, encoded(&pack(&[1]))),
    ];
    objects.put(&group).unwrap();
    objects.put(&group).unwrap();
    drop(objects);
    let objects = place.objects();
    for (name, bytes) in group {
        assert_eq!(objects.get(name).unwrap(), Some(bytes));
    }
    assert_eq!(objects.get(ObjectName::Entries { index: 1 }).unwrap(), None);
}

fn a_tile_or_bundle_never_changes<P: Place>() {
    let place = P::new();
    let objects = place.objects();
    for name in [TILE, BUNDLE] {
        objects.put(&[(name, Bytes::from_static(b"old"))]).unwrap();
        let put = objects.put(&[(name, Bytes::from_static(b"new"))]);
        assert_eq!(put, Err(PutError::OtherContent(name)));
        assert_eq!(objects.get(name).unwrap(), Some(Bytes::from_static(b"old")));
    }
}

fn a_pack_may_only_lose_words_and_loses_them_for_good<P: Place>() {
    let place = P::new();
    let objects = place.objects();
    let whole = pack(&[1, 2, 3]);
    objects.put(&[(WORDS, encoded(&whole))]).unwrap();
    let mut less = whole.clone();
    less.erase(&secret_ref(2));
    objects.put(&[(WORDS, encoded(&less))]).unwrap();
    assert!(!contains(&place.bytes(), &secret(2)));
    let refused = Err(PutError::OtherContent(WORDS));
    assert_eq!(objects.put(&[(WORDS, encoded(&whole))]), refused);
    assert_eq!(objects.put(&[(WORDS, encoded(&pack(&[1, 4])))]), refused);
    assert!(matches!(
        objects.put(&[(WORDS, Bytes::from_static(b"x"))]),
        Err(PutError::BadPack { .. })
    ));
    assert_eq!(objects.get(WORDS).unwrap(), Some(encoded(&less)));
}

fn the_highest_bundle_is_known<P: Place>() {
    let place = P::new();
    let objects = place.objects();
    assert_eq!(objects.bundles(), Ok(0));
    for index in [0, 998, 1_002_067, 2_067] {
        objects.put(&[(ObjectName::Entries { index }, Bytes::from_static(b"bundle"))]).unwrap();
    }
    assert_eq!(objects.bundles(), Ok(1_002_068));
}

each_engine!(
    what_was_put_is_there_after_a_reopen,
    a_tile_or_bundle_never_changes,
    a_pack_may_only_lose_words_and_loses_them_for_good,
    the_highest_bundle_is_known,
);

#[test]
fn what_a_crash_left_half_written_is_removed_at_open() {
    let place = Local::new();
    drop(place.objects());
    let leftover = place.0.path().join("objects/tmp/words-000");
    std::fs::write(&leftover, secret(1)).unwrap();
    drop(place.objects());
    assert!(!leftover.exists());
}
