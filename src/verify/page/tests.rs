//! Pages as sites write them, pages that mean to mislead, and pages that mean harm.

use super::*;

const HASH: &str = "00112233445566778899aabbccddeeff";
const PAGE: &str = "https://acme.example/promises/refund";

fn found(html: &str) -> Vec<Thing> {
    let page = Url::parse(PAGE).unwrap();
    find(html.replace("HASH", HASH).as_bytes(), Some(&page)).things
}

/// Kind, line, ledger and index of each.
fn told(html: &str) -> Vec<(Kind, u64, String, u64)> {
    let tell = |thing: Thing| {
        let named = thing.named.unwrap();
        let Name::Entry(entry) = named.name else { panic!("{:?} is no entry", named.name) };
        (thing.kind, thing.line, named.ledger.to_string(), entry.index)
    };
    found(html).into_iter().map(tell).collect()
}

fn why(html: &str) -> String {
    let things = found(html);
    assert_eq!(things.len(), 1, "{things:?}");
    things[0].named.clone().unwrap_err()
}

#[test]
fn each_way_to_name_an_entry_is_found_with_its_line_and_ledger() {
    let ledger = "https://l.example/ledger/".to_owned();
    let told = told("<!doctype html>\r\n<p>Words\r\n<a href=\"https://l.example/ledger/e/1-HASH\">x</a>
<a href='//l.example/ledger/t/2-HASH?lang=es#words'>x</a>
<img src=https://l.example/ledger/badge/3-HASH.svg?lang=es>
<PICTURE><SOURCE SRCSET='https://l.example/ledger/badge/4-HASH.svg 1x, https://l.example/ledger/badge/5-HASH.svg 2x'></PICTURE>
<object data=https://l.example/ledger/badge/6-HASH.svg></object>
<embed src=https://l.example/ledger/badge/7-HASH.svg>
<iframe src=\"https&colon;//l.example/ledger/&#101;mbed/8-HASH\"></iframe>
<onrecord-proof entry=9-HASH></onrecord-proof>
<script type=Module src=https://l.example/ledger/embed/onrecord-proof-1.js></script>
<img src=https://l.example/ledger/badge/1%30%2DHASH%2esvg>");
    let expected = [
        (Kind::Link, 3, 1),
        (Kind::Link, 4, 2),
        (Kind::Badge, 5, 3),
        (Kind::Badge, 6, 4),
        (Kind::Badge, 6, 5),
        (Kind::Badge, 7, 6),
        (Kind::Badge, 8, 7),
        (Kind::Card, 9, 8),
        (Kind::Element, 10, 9),
        (Kind::Badge, 12, 10),
    ];
    let expected: Vec<_> = expected
        .into_iter()
        .map(|(kind, line, index)| (kind, line, ledger.clone(), index))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn relative_addresses_are_relative_to_the_base_of_the_page() {
    let of = |html: &str| told(html)[0].2.clone();
    assert_eq!(of("<a href='e/1-HASH'>"), "https://acme.example/promises/");
    assert_eq!(of("<a href='/e/1-HASH.json'>"), "https://acme.example/");
    assert_eq!(of("<a href='../e/e/1-HASH'>"), "https://acme.example/e/");
    let base = "<base target=x><base href='//l.example/a/'><base href='/b/'>";
    assert_eq!(of(&format!("{base}<a href='e/1-HASH'>")), "https://l.example/a/");
    assert_eq!(of("<base href='data:x,'><a href='/e/1-HASH'>"), "https://acme.example/");
    let nowhere = find(format!("<a href='/e/1-{HASH}'>").as_bytes(), None);
    assert!(nowhere.things[0].named.clone().unwrap_err().contains("--base"));
}

#[test]
fn one_ledger_has_one_address_however_a_page_writes_it() {
    for (written, ledger) in [
        ("https://L.example:443/e/1-HASH", "https://l.example/"),
        ("HTTPS:\\\\l.example\\e\\1-HASH", "https://l.example/"),
        (" https://l.exa\nmple/x/../e/1-HASH/ ", "https://l.example/"),
        ("http://b\u{fc}cher.example/e/1-HASH", "http://xn--bcher-kva.example/"),
        ("http://[2001:DB8::0:1]:8080/e/1-HASH", "http://[2001:db8::1]:8080/"),
        ("http://0x7f.1/e/1-HASH", "http://127.0.0.1/"),
        // Another host, as it is to a browser.
        ("https://l.example./e/1-HASH", "https://l.example./"),
    ] {
        assert_eq!(told(&format!("<a href='{written}'>"))[0].2, ledger, "{written}");
    }
    for no_address in
        ["http://l.example:99999/e/1-HASH", "http://[::/e/1-HASH", "https://a b/e/1-HASH"]
    {
        assert_eq!(found(&format!("<a href='{no_address}'>")), [], "{no_address}");
    }
}

#[test]
fn what_a_browser_shows_nothing_of_is_not_found() {
    for html in [
        "<!-- LINK -->",
        "<script>LINK</script>",
        "<template>LINK</template>",
        "<template><template></template>LINK</template>",
        "<noscript>LINK</noscript>",
        "<style>LINK</style>",
        "<textarea>LINK</textarea>",
        "<title>LINK</title>",
        "<iframe>LINK</iframe>",
        "<iframe srcdoc='' src=https://l.example/embed/1-HASH></iframe>",
        "<xmp>LINK</xmp>",
        "<plaintext>LINK",
        "<p title='LINK'>",
        "&lt;a href=https://l.example/e/1-HASH>",
        "<template>LINK",
    ] {
        let html = html.replace("LINK", "<a href=\"https://l.example/e/1-HASH\">x</a>");
        assert_eq!(found(&html), [], "{html}");
    }
}

#[test]
fn nothing_that_looks_like_an_end_of_the_page_hides_what_follows() {
    for html in [
        "<svg><title/></svg>LINK",
        "<svg><style/></svg>LINK",
        "<svg><script/>LINK",
        "<template><svg></template>LINK",
        "<div><svg></div><style></style>LINK",
        "<!-->LINK",
        "</template>LINK",
        "<svg><foreignObject><textarea></textarea>LINK",
        "<a b='></a>LINK'>LINK",
        "</html>LINK",
        "<math><mi>LINK",
        "<!--x--!>LINK",
        "<script><!--</script>LINK",
    ] {
        let html = html.replace("LINK", "<a href=\"https://l.example/e/1-HASH\">x</a>");
        assert_eq!(found(&html).len(), 1, "{html}");
    }
}

#[test]
fn addresses_of_other_things_are_none() {
    for html in [
        "<img src=https://shields.example/badge/build-passing.svg>",
        "<img src=https://shields.example/badge/42-abc.svg>",
        "<img src=/badge/1-HASH.png>",
        "<a href=/e/1>",
        "<a href='mailto:e/1-HASH'>",
        "<img src='data:/badge/1-HASH.svg'>",
        "<img src=/e/1-HASH>",
        "<a href=/o/acme.example>",
        "<script type=module src=/embed/x.js></script>",
    ] {
        assert_eq!(found(html), [], "{html}");
    }
}

#[test]
fn what_is_nearly_an_address_is_told_as_such() {
    for html in [
        "<a href=/e/1-HASH0>",
        "<a href=/e/01-HASH>",
        "<a href=/e/1-00112233445566778899AABBCCDDEEFF>",
        "<img src=/badge/1-0011223344.svg>",
        "<a href=/e/99999999999999999999-HASH>",
    ] {
        assert!(why(html).contains("looks like"), "{html}");
    }
    assert!(why("<a href=//a@l.example/e/1-HASH>").contains("user name"));
    assert!(why("<onrecord-proof entry=1-HASH>").contains("no <script"));
    assert!(
        why("<script type=module src=/embed/onrecord-proof-1.js></script><onrecord-proof>")
            .contains("not written")
    );
    let classic = "<script src=/embed/onrecord-proof-1.js></script><onrecord-proof entry=1-HASH>";
    assert!(why(classic).contains("no <script"));
    let two = "<script type=module src=/embed/onrecord-proof-1.js></script>
        <script type=module src=//l.example/embed/onrecord-proof-1.js></script><onrecord-proof entry=1-HASH>";
    assert!(why(two).contains("several ledgers"));
}

#[test]
fn a_link_that_leads_elsewhere_than_the_badge_in_it_is_told() {
    let of = |html: &str| found(html).pop().unwrap().leads_to;
    assert_eq!(of("<a href=/e/1-HASH><b><img src=/badge/1-HASH.svg></b></a>"), None);
    assert_eq!(of("<a href=/e/2-HASH></a><img src=/badge/1-HASH.svg>"), None);
    assert_eq!(of("<a href=/x>a<a href=/t/1-HASH><img src=/badge/1-HASH.svg>"), None);
    let another = of("<a href=//l.example/e/1-HASH><img src=/badge/1-HASH.svg></a>").unwrap();
    assert_eq!(another, LeadsTo::AnotherEntry(format!("https://l.example/e/1-{HASH}")));
    let none = of("<a href=/prices><img src=/badge/1-HASH.svg></a>").unwrap();
    assert_eq!(none, LeadsTo::NoEntry("/prices".to_owned()));
}

#[test]
fn one_picture_in_several_sizes_is_one_thing_and_of_two_attributes_the_first_counts() {
    let twice = "<img src=/badge/1-HASH.svg srcset='/badge/1-HASH.svg 2x'>";
    assert_eq!(found(twice).len(), 1);
    let told = told("<a href=/e/1-HASH href=/e/2-HASH>");
    assert_eq!((told.len(), told[0].3), (1, 1));
}

#[test]
fn a_page_in_utf_16_is_read() {
    let html = format!("\u{feff}<a href=https://l.example/e/1-{HASH}>");
    let bytes: Vec<u8> = html.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(find(&bytes, None).things.len(), 1);
}

#[test]
fn a_page_in_another_encoding_is_read_as_far_as_it_is_ascii() {
    let html = [b"<p>Caf\xe9 \x93\xff<a title='\x80' href=/e/1-".as_slice(), HASH.as_bytes(), b">"]
        .concat();
    let page = Url::parse(PAGE).unwrap();
    let things = find(&html, Some(&page)).things;
    assert_eq!(things.len(), 1);
    assert_eq!(things[0].address, format!("https://acme.example/e/1-{HASH}"));
}

#[test]
fn no_page_is_too_large_too_deep_or_too_tangled() {
    let sized =
        |piece: &str, bytes: usize| find(piece.repeat(bytes / piece.len()).as_bytes(), None);
    let of = |piece: &str| sized(piece, 1_000_000);
    assert_eq!(sized("<", 5_000_000).things.len(), 0);
    for piece in [
        "<a ",
        "<div>",
        "<svg>",
        "<template>",
        "<b a='",
        "<!--",
        "&",
        "<a href=/e/1-",
        "</",
        "<math><mi>",
        "<script>",
        "\0",
        "<![CDATA[",
        "</mi><svg><mi>",
        ", ",
        "&amp",
        "<a\n",
        "=\"",
        "<p></template>",
    ] {
        assert_eq!(of(piece).things.len(), 0, "{piece}");
    }
    let attributes: String = (0..200_000).map(|number| format!(" {number:x}")).collect();
    assert_eq!(find(format!("<a{attributes} href=/e/1-{HASH}>").as_bytes(), None).things.len(), 1);
    let srcset = format!("<img srcset='{}'>", "/badge/1-0011223344.svg ((,".repeat(150_000));
    assert_eq!(find(srcset.as_bytes(), None).things.len(), 1);
    let many = of(&format!("<a href=/e/1-{HASH}>"));
    assert_eq!(many.things.len(), THINGS_MAX);
    assert!(many.left_out > 20_000);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        find(&bytes, None);
    }

    #[test]
    fn any_tags_are_read(
        pieces in proptest::collection::vec("<(/?(a|svg|template|title|img|script|mi|p)|!--|!\\[CDATA\\[)( href=| src='| srcset=\"|/)?|>|/e/1-0011223344|\\PC", 0..60)
    ) {
        for thing in find(pieces.concat().as_bytes(), None).things {
            proptest::prop_assert!(thing.line >= 1);
        }
    }

    #[test]
    fn any_srcset_is_read(text in "[ ,()/a0-9x]{0,60}|\\PC{0,30}") {
        for address in read_srcset(&text) {
            proptest::prop_assert!(!address.contains([' ', '\t', '\n']));
        }
    }
}

#[test]
fn threads_and_organizations_are_found_where_their_counts_are_shown() {
    let things = found(
        "<a href=https://l.example/o/acme.example><img src=https://l.example/badge/o/acme.example.svg?lang=es></a>
<a href=https://l.example/t/2-HASH><img src=https://l.example/badge/t/2-HASH.svg></a>
<iframe src=https://l.example/embed/t/3-HASH></iframe><iframe src=https://l.example/embed/o/bolt.example></iframe>
<onrecord-proof thread=4-HASH></onrecord-proof><onrecord-proof organization=acme.example></onrecord-proof>
<script type=module src=https://l.example/embed/onrecord-proof-1.js></script>
<img src=https://l.example/badge/o/Not-A-Domain.svg>",
    );
    let told: Vec<_> = things
        .iter()
        .map(|thing| {
            let name = match &thing.named.as_ref().unwrap().name {
                Name::Entry(entry) => entry.index.to_string(),
                Name::Organization(domain) => domain.to_string(),
            };
            (thing.kind, name, thing.has_counts, thing.leads_to.is_some())
        })
        .collect();
    let expected = [
        (Kind::Badge, "acme.example", true),
        (Kind::Link, "2", false),
        (Kind::Badge, "2", true),
        (Kind::Card, "3", true),
        (Kind::Card, "bolt.example", true),
        (Kind::Element, "4", true),
        (Kind::Element, "acme.example", true),
    ];
    let expected: Vec<_> =
        expected.map(|(kind, name, has_counts)| (kind, name.to_owned(), has_counts, false)).into();
    assert_eq!(told, expected);
}

#[test]
fn an_element_of_no_domain_says_what_is_wrong() {
    let script = "<script type=module src=https://l.example/embed/onrecord-proof-1.js></script>";
    let said = why(&format!("<onrecord-proof organization=Acme></onrecord-proof>{script}"));
    assert!(said.contains("lower-case ASCII"), "{said}");
}
