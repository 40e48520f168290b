//! What every engine of `Endpoints` promises.

use onrecord::encoding::domain::Domain;
use onrecord::store::{RECORD_BYTES_MAX, StoreError};

use crate::sample::{Local, Memory, Place};

fn domain(name: &str) -> Domain {
    Domain::parse(name).unwrap()
}

fn what_was_put_is_there_after_a_reopen<P: Place>() {
    let place = P::new();
    let endpoints = place.endpoints();
    assert_eq!(endpoints.all(), Ok(vec![]));
    endpoints.put(&domain("bolt.example"), b"b").unwrap();
    endpoints.put(&domain("acme.example"), b"a").unwrap();
    drop(endpoints);
    let all =
        vec![(domain("acme.example"), b"a".to_vec()), (domain("bolt.example"), b"b".to_vec())];
    assert_eq!(place.endpoints().all(), Ok(all));
}

fn a_record_stands_in_place_of_the_one_before<P: Place>() {
    let place = P::new();
    let endpoints = place.endpoints();
    let acme = domain("acme.example");
    for record in [b"the longer one".as_slice(), b"", b"short"] {
        endpoints.put(&acme, record).unwrap();
        assert_eq!(endpoints.all(), Ok(vec![(acme.clone(), record.to_vec())]));
    }
}

fn a_record_has_a_largest_size<P: Place>() {
    let place = P::new();
    let endpoints = place.endpoints();
    let acme = domain("acme.example");
    endpoints.put(&acme, &[b'x'; RECORD_BYTES_MAX]).unwrap();
    let refused = endpoints.put(&acme, &[b'y'; RECORD_BYTES_MAX + 1]);
    assert!(matches!(refused, Err(StoreError::Io { doing: "write", .. })), "{refused:?}");
    assert_eq!(endpoints.all(), Ok(vec![(acme, vec![b'x'; RECORD_BYTES_MAX])]));
}

fn the_longest_domain_has_a_record<P: Place>() {
    let label = "a".repeat(63);
    let longest = domain(&format!("{label}.{label}.{label}.{}", &label[..61]));
    let place = P::new();
    place.endpoints().put(&longest, b"a").unwrap();
    assert_eq!(place.endpoints().all(), Ok(vec![(longest, b"a".to_vec())]));
}

fn puts_from_several_threads_are_all_kept<P: Place>() {
    let place = P::new();
    let endpoints = place.endpoints();
    std::thread::scope(|scope| {
        for number in 0..8 {
            let endpoints = &endpoints;
            scope.spawn(move || {
                endpoints.put(&domain(&format!("a{number}.example")), &[number; 5_000]).unwrap();
            });
        }
    });
    let all = (0..8).map(|number| (domain(&format!("a{number}.example")), vec![number; 5_000]));
    assert_eq!(endpoints.all(), Ok(all.collect()));
}

each_engine!(
    what_was_put_is_there_after_a_reopen,
    a_record_stands_in_place_of_the_one_before,
    a_record_has_a_largest_size,
    the_longest_domain_has_a_record,
    puts_from_several_threads_are_all_kept,
);

#[test]
fn what_a_crash_left_half_written_is_no_record_and_is_removed_at_open() {
    let place = Local::new();
    place.endpoints().put(&domain("acme.example"), b"whole").unwrap();
    let leftover = place.0.path().join("endpoints/.new");
    std::fs::write(&leftover, b"ha").unwrap();
    let all = place.endpoints().all();
    assert_eq!(all, Ok(vec![(domain("acme.example"), b"whole".to_vec())]));
    assert!(!leftover.exists());
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_a_record() {
    use std::os::unix::fs::PermissionsExt as _;
    let place = Local::new();
    place.endpoints().put(&domain("acme.example"), b"secret").unwrap();
    let file = std::fs::metadata(place.0.path().join("endpoints/acme.example")).unwrap();
    assert_eq!(file.permissions().mode() & 0o077, 0);
}
