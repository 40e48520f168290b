//! What every engine of `Witnessed` promises.

use onrecord::crypto::{Hash, sha256};
use onrecord::store::{StoreError, WITNESSED_BYTES_MAX};

use crate::sample::{Local, Memory, Place};

fn log(name: &str) -> Hash {
    sha256(name.as_bytes())
}

fn what_was_put_is_there_after_a_reopen<P: Place>() {
    let place = P::new();
    let witnessed = place.witnessed();
    assert_eq!(witnessed.get(&log("a")), Ok(None));
    witnessed.put(&log("a"), b"one").unwrap();
    witnessed.put(&log("b"), b"two").unwrap();
    witnessed.put(&log("a"), b"three").unwrap();
    drop(witnessed);
    let witnessed = place.witnessed();
    assert_eq!(witnessed.get(&log("a")), Ok(Some(b"three".to_vec())));
    assert_eq!(witnessed.get(&log("b")), Ok(Some(b"two".to_vec())));
    assert_eq!(witnessed.get(&log("c")), Ok(None));
}

fn a_note_has_a_largest_size<P: Place>() {
    let place = P::new();
    let witnessed = place.witnessed();
    witnessed.put(&log("a"), &[b'x'; WITNESSED_BYTES_MAX]).unwrap();
    let refused = witnessed.put(&log("a"), &[b'y'; WITNESSED_BYTES_MAX + 1]);
    assert!(matches!(refused, Err(StoreError::Io { doing: "write", .. })), "{refused:?}");
    assert_eq!(witnessed.get(&log("a")), Ok(Some(vec![b'x'; WITNESSED_BYTES_MAX])));
}

fn puts_from_several_threads_are_all_kept<P: Place>() {
    let place = P::new();
    let witnessed = place.witnessed();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let witnessed = &witnessed;
            scope
                .spawn(move || witnessed.put(&log(&number.to_string()), &[number; 5_000]).unwrap());
        }
    });
    for number in 0..8 {
        assert_eq!(witnessed.get(&log(&number.to_string())), Ok(Some(vec![number; 5_000])));
    }
}

each_engine!(
    what_was_put_is_there_after_a_reopen,
    a_note_has_a_largest_size,
    puts_from_several_threads_are_all_kept,
);
