//! What a site may answer: one small JSON document, soon. Everything else is told for what it is, in bounded
//! time and memory. The sites here are found by the development resolver; what is done with their answers is
//! the same on every way.

use std::time::Duration;

use onrecord::clock;
use onrecord::ledger::domain_answer::DOCUMENT_BYTES_MAX;
use onrecord::net::{DocumentError, LOOK_TIME, SiteError, look};

use crate::doubles::{developed, domain};
use crate::site::{Answer, Site};

async fn document(answer: Answer) -> Result<Option<Vec<u8>>, DocumentError> {
    let site = Site::plain(answer).await;
    let seen = look(&developed(site.address), &domain("acme.example"), clock::instant()).await;
    seen.document.map(|document| document.map(|document| document.bytes))
}

async fn site_error(answer: Answer) -> SiteError {
    match document(answer).await.unwrap_err() {
        DocumentError::Site(error) => error,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_document_is_what_is_sent_as_json() {
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        let answer = Answer::new(&format!("200 OK\r\nContent-Type: {kind}"), b"{ }");
        assert_eq!(document(answer).await, Ok(Some(b"{ }".to_vec())), "{kind}");
    }
    let chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
                   1\r\n{\r\n2\r\n }\r\n0\r\n\r\n";
    assert_eq!(document(Answer::Bytes(chunked.into())).await, Ok(Some(b"{ }".to_vec())));
    for other in ["\r\nContent-Type: text/html", "\r\nContent-Type: application/jsonp", ""] {
        let error = document(Answer::new(&format!("200 OK{other}"), b"{}")).await.unwrap_err();
        assert!(matches!(error, DocumentError::MediaType { .. }), "{other}: {error}");
    }
}

#[tokio::test]
async fn whether_other_pages_may_read_it_is_seen() {
    for (value, expected) in [("*", true), ("https://ledger.example", false)] {
        let head = format!(
            "200 OK\r\nContent-Type: application/json\r\nAccess-Control-Allow-Origin: {value}"
        );
        let site = Site::plain(Answer::new(&head, b"{}")).await;
        let seen = look(&developed(site.address), &domain("acme.example"), clock::instant()).await;
        assert_eq!(seen.document.unwrap().unwrap().is_open, expected, "{value}");
    }
}

#[tokio::test]
async fn a_site_says_that_there_is_none_with_404_or_410_however_long_its_page_is() {
    for status in ["404 Not Found", "410 Gone"] {
        let page = Answer::new(&format!("{status}\r\nContent-Type: text/html"), &[b'x'; 100_000]);
        assert_eq!(document(page).await, Ok(None), "{status}");
    }
    for (line, status) in [("500 Oops", 500), ("503 Busy", 503), ("403 No", 403), ("204 None", 204)]
    {
        let error = document(Answer::new(line, b"")).await.unwrap_err();
        assert_eq!(error, DocumentError::Status { domain: domain("acme.example"), status });
    }
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let target = Site::plain(Answer::json(b"{}")).await;
    for status in [301, 302, 303, 307, 308] {
        for to in [
            format!("http://{}/", target.address),
            "/elsewhere".into(),
            "file:///etc/passwd".into(),
        ] {
            let site =
                Site::plain(Answer::new(&format!("{status} Moved\r\nLocation: {to}"), b"")).await;
            let sites = developed(site.address);
            let seen = look(&sites, &domain("acme.example"), clock::instant()).await.document;
            let expected = DocumentError::Redirect { domain: domain("acme.example"), status };
            assert_eq!(seen, Err(expected));
            assert_eq!(site.asked().len(), 1);
        }
    }
    assert_eq!(target.asked(), [""; 0]);
}

#[tokio::test]
async fn a_document_may_have_16_kib_and_is_not_read_beyond() {
    let largest = vec![b' '; DOCUMENT_BYTES_MAX];
    assert_eq!(document(Answer::json(&largest)).await, Ok(Some(largest.clone())));
    let too_large =
        SiteError::TooLarge { domain: domain("acme.example"), bytes_max: DOCUMENT_BYTES_MAX };
    let larger = [largest.as_slice(), b" "].concat();
    assert_eq!(site_error(Answer::json(&larger)).await, too_large);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    assert_eq!(site_error(Answer::Endless(head.into())).await, too_large);
    let unannounced = Answer::Bytes([head.as_bytes(), &larger].concat());
    assert_eq!(site_error(unannounced).await, too_large);
    let announced =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n";
    assert_eq!(site_error(Answer::Bytes(announced.into())).await, too_large);
    let endless_head = Answer::Endless(b"HTTP/1.1 200 OK\r\nX: ".to_vec());
    assert!(matches!(site_error(endless_head).await, SiteError::Broken { .. }));
}

#[tokio::test]
async fn nothing_is_unpacked() {
    // A megabyte of zeros in a thousand bytes; 16 KiB of such bytes would be 16 MB.
    let bomb = include_bytes!("bomb.json.gz");
    assert!(bomb.len() < 2_000);
    for encoding in ["gzip", "br", "gzip, identity"] {
        let head =
            format!("200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}");
        let error = site_error(Answer::new(&head, bomb)).await;
        let expected =
            SiteError::Encoded { domain: domain("acme.example"), encoding: encoding.to_owned() };
        assert_eq!(error, expected);
    }
    // Packed and not said to be: it is what it is, and no JSON.
    assert_eq!(document(Answer::json(bomb)).await, Ok(Some(bomb.to_vec())));
}

#[tokio::test]
async fn whoever_is_slow_is_left_after_five_seconds() {
    let slow = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n";
    let dripping =
        Answer::Drip([slow.as_slice(), &[b' '; 500]].concat(), Duration::from_millis(90));
    let begun = clock::instant();
    let (silent, dripping) = tokio::join!(site_error(Answer::Silence), site_error(dripping));
    let timed_out = SiteError::TimedOut(domain("acme.example"));
    assert_eq!((silent, dripping), (timed_out.clone(), timed_out));
    let took = begun.elapsed();
    assert!(took >= LOOK_TIME && took < LOOK_TIME * 2, "{took:?}");
}

#[tokio::test]
async fn what_is_not_http_or_breaks_off_is_no_answer() {
    for bytes in [
        "",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{",
    ] {
        let error = site_error(Answer::Bytes(bytes.into())).await;
        assert!(matches!(error, SiteError::Broken { .. }), "{bytes:?}: {error}");
    }
}

#[tokio::test]
async fn a_site_on_this_machine_is_asked_for_the_domain() {
    let site = Site::plain(Answer::json(b"{}")).await;
    let seen = look(&developed(site.address), &domain("acme.example"), clock::instant()).await;
    let document = seen.document.unwrap().unwrap();
    assert_eq!((seen.texts, document.bytes, document.is_open), (Ok(vec![]), b"{}".to_vec(), false));
    let asked = site.asked().join("").to_ascii_lowercase();
    assert!(asked.contains("\r\nhost: acme.example\r\n"), "{asked}");
}
