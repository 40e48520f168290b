//! The way to a site: one resolution, addresses of the public internet only, the address that was judged, port
//! 443, the domain's own certificate.

use onrecord::clock;
use onrecord::net::{DocumentError, Look, LookError, NameError, SiteError, look};

use crate::doubles::{Internet, PUBLIC, Scripted, domain};
use crate::site::{Answer, Site, distrust, trust};

async fn look_at(internet: &Internet, name: &str) -> Look {
    look(&internet.sites, &domain(name), clock::instant()).await
}

fn site_error(look: Look) -> SiteError {
    match look.document.unwrap_err() {
        DocumentError::Site(error) => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn the_address_that_was_judged_is_the_one_that_is_dialled_after_one_resolution() {
    let site = Site::secure(Answer::json(b"{}")).await;
    // A second resolution would lead home.
    let names = Scripted::leading(&[&[PUBLIC], &["127.0.0.1"]]);
    let internet = Internet::new(names, Some(site.address), trust());
    let seen = look_at(&internet, "example.org").await;
    assert_eq!(seen.document.unwrap().unwrap().bytes, b"{}");
    assert_eq!(internet.dial.dialled(), [(PUBLIC.parse().unwrap(), 443)]);
    assert_eq!(internet.names.left(), 1, "the name was resolved again");
    let [head] = site.asked().try_into().unwrap();
    let expected = "GET /.well-known/onrecord.json HTTP/1.1\r\n";
    assert!(head.starts_with(expected), "{head}");
    let head = head.to_ascii_lowercase();
    assert!(head.contains("\r\nhost: example.org\r\n"), "{head}");
    assert!(head.contains("\r\naccept-encoding: identity\r\n"), "{head}");
}

#[tokio::test]
async fn one_address_that_is_not_public_is_enough_to_dial_none() {
    for bad in [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::1",
        "fd00::1",
        "fe80::1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "2002:7f00:1::1",
    ] {
        for addresses in [&[bad][..], &[PUBLIC, bad], &[bad, PUBLIC]] {
            let internet = Internet::new(Scripted::leading(&[addresses]), None, trust());
            let error = site_error(look_at(&internet, "example.org").await);
            let SiteError::NotGlobal { cause, .. } = error else { panic!("{bad}: {error}") };
            assert_eq!(cause.address, bad.parse::<std::net::IpAddr>().unwrap());
            assert_eq!(internet.dial.dialled(), [], "{bad}");
        }
    }
}

#[tokio::test]
async fn a_few_addresses_are_tried_and_no_more() {
    let addresses = [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "9.9.9.9"];
    let internet = Internet::new(Scripted::leading(&[&addresses]), None, trust());
    let error = site_error(look_at(&internet, "example.org").await);
    assert!(matches!(error, SiteError::Unreachable { .. }), "{error}");
    let dialled: Vec<String> =
        internet.dial.dialled().iter().map(|(address, _)| address.to_string()).collect();
    assert_eq!(dialled, addresses[..3]);
}

#[tokio::test]
async fn tls_is_with_the_domain_and_with_nobody_else() {
    for (name, tls) in
        [("example.net", trust()), ("www.example.org", trust()), ("example.org", distrust())]
    {
        let site = Site::secure(Answer::json(b"{}")).await;
        let internet = Internet::new(Scripted::leading(&[&[PUBLIC]]), Some(site.address), tls);
        let error = site_error(look_at(&internet, name).await);
        assert!(matches!(error, SiteError::Tls { .. }), "{name}: {error}");
        assert_eq!(site.asked(), [""; 0], "{name}");
    }
    let plain = Site::plain(Answer::json(b"{}")).await;
    let internet = Internet::new(Scripted::leading(&[&[PUBLIC]]), Some(plain.address), trust());
    assert!(matches!(site_error(look_at(&internet, "example.org").await), SiteError::Tls { .. }));
}

#[tokio::test]
async fn a_name_reserved_for_examples_is_asked_of_nobody() {
    let internet = Internet::new(Scripted::leading(&[&[PUBLIC]]), None, trust());
    let seen = look_at(&internet, "acme.example").await;
    let reserved = NameError::Reserved(domain("acme.example"));
    assert_eq!(seen.texts, Err(reserved.clone()));
    assert_eq!(site_error(seen), SiteError::Name(reserved));
    assert_eq!(internet.names.left(), 1);
}

#[tokio::test]
async fn a_domain_without_any_address_has_authoritatively_no_document() {
    let internet = Internet::new(Scripted::leading(&[&[]]), None, trust());
    let given = look_at(&internet, "example.org").await.given().unwrap();
    assert_eq!((given.document, given.texts), (None, vec![]));
}

#[tokio::test]
async fn what_could_not_be_asked_for_is_not_absent() {
    let failed = NameError::TimedOut { name: "_onrecord.example.org".to_owned() };
    let names = Scripted::leading(&[&[]]).with_texts(Err(failed.clone()));
    let internet = Internet::new(names, None, trust());
    let error = look_at(&internet, "example.org").await.given().unwrap_err();
    assert_eq!(error, LookError::Records { domain: domain("example.org"), cause: failed });

    let texts = vec![b"v=onr1; key=did:key:z6Mk".to_vec()];
    let names = Scripted::leading(&[&[PUBLIC]]).with_texts(Ok(texts));
    let internet = Internet::new(names, None, trust());
    let error = look_at(&internet, "example.org").await.given().unwrap_err();
    assert!(matches!(error, LookError::Document(_)), "{error}");
}
