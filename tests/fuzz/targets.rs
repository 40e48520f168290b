//! The parsers of foreign bytes, each with what must hold of whatever it takes: it does not panic, and what it took can be
//! written and is the same again.

use onrecord::crypto::{DidKey, KeyFile, decode_plain, sha256};
use onrecord::encoding::domain::Domain;
use onrecord::encoding::time::{Date, Moment};
use onrecord::encoding::{base64, hex, json};
use onrecord::entry::{Bundle, Entry};
use onrecord::ledger::domain_answer::{Document, read_records, record_text};
use onrecord::net::{Event, HookUrl, LedgerUrl, Resolve};
use onrecord::service::dump::Rows;
use onrecord::statement::{Disclosure, Envelope, Statement, StatementId};
use onrecord::store::Pack;
use onrecord::tlog::{
    AddCheckpoint, Checkpoint, ForeignCheckpoint, Frontier, KeyName, Note, Origin, Policy, Proof,
    SignedCheckpoint, TilePath, VerifierKey, cosignature_in, encode_bundle, encode_hashes,
    leading_entries, leaf_hash, parse_bundle, parse_decimal, parse_hashes, verify_cosignature,
};
use onrecord::verify::evidence::{Evidence, judge};
use onrecord::verify::{History, check_leaf, page};
use onrecord::webhook::{Endpoint, Request, WEBHOOK_TYPE};
use onrecord::wire;

const LOG_KEY: &str = "ledger.example/2026+e88816e0+AfxRzY5iGKGjjaR+0AIw8FgIFu0TujMDrF3rkRVIkIAl";
const WITNESS_KEY: &str =
    "witness.example/w1+36b78e68+BCeBF/wUTHI0D2fQ8jFug4bO/78rJCjJxR/vfFl/HUJu";
const COSIGNED: &str = include_str!("corpus/note/cosigned");

/// A parser.
pub struct Target {
    /// Its name, and that of its corpus.
    pub name: &'static str,
    /// Gives it bytes; whether it took them.
    pub run: fn(&[u8]) -> bool,
}

const fn target(name: &'static str, run: fn(&[u8]) -> bool) -> Target {
    Target { name, run }
}

/// All of them.
pub const TARGETS: &[Target] = &[
    target("add_checkpoint", same_text::<AddCheckpoint>),
    target("base64", encodings),
    target("bundle", bundle),
    target("checkpoint", checkpoints),
    target("cosignatures", cosignatures),
    target("did_key", same_text::<DidKey>),
    target("disclosure", disclosure),
    target("domain", domain),
    target("dump_row", |bytes| Rows::after(Frontier::new()).take(bytes).is_ok()),
    target("entry", entry),
    target("evidence", evidence),
    target("event", event),
    target("history", history),
    target("json", json),
    target("key_document", key_document),
    target("key_file", key_file),
    target("key_records", key_records),
    target("names", names),
    target("note", same_text::<Note>),
    target("pack", pack),
    target("page", |bytes| page::find(bytes, None) != page::Things::default()),
    target("policy", |bytes| Policy::parse(bytes).is_ok()),
    target("problem", |bytes| serde_json::from_slice::<wire::Problem>(bytes).is_ok()),
    target("proof", same_text::<Proof>),
    target("statement", statement),
    target("submission", |bytes| wire::Submission::read(bytes).is_ok()),
    target("tiles", tiles),
    target("times", times),
    target("urls", urls),
    target("verifier_key", same_text::<VerifierKey>),
    target("webhook_request", webhook_request),
];

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// What is written exactly as it was read.
fn same_text<T: std::str::FromStr + ToString>(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let Ok(value) = text.parse::<T>() else { return false };
    assert_eq!(value.to_string(), text);
    true
}

fn encodings(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let standard = base64::decode(text).map(|bytes| assert_eq!(base64::encode(&bytes), text));
    let url = base64::decode_url(text).map(|bytes| assert_eq!(base64::encode_url(&bytes), text));
    let hexed = hex::decode_array::<32>(text).map(|bytes| assert_eq!(hex::encode(&bytes), text));
    standard.is_ok() || url.is_ok() || hexed.is_ok()
}

fn bundle(bytes: &[u8]) -> bool {
    let Ok(bundle) = Bundle::parse(bytes) else { return false };
    let written = bundle.to_json();
    assert_eq!(Bundle::parse(written.as_bytes()), Ok(bundle));
    true
}

/// What a strict reader of checkpoints takes, a reader of any log's takes too, and as the same.
fn checkpoints(bytes: &[u8]) -> bool {
    let taken = [
        same_text::<Checkpoint>(bytes),
        same_text::<SignedCheckpoint>(bytes),
        same_text::<ForeignCheckpoint>(bytes),
    ];
    if let Some(own) = text(bytes).and_then(|text| text.parse::<SignedCheckpoint>().ok()) {
        let foreign: ForeignCheckpoint = text(bytes).unwrap().parse().unwrap();
        assert_eq!(foreign.size(), own.checkpoint().size());
        assert_eq!(foreign.root(), own.checkpoint().root());
    }
    taken.contains(&true)
}

/// What a witness answers: only its own line under this very checkpoint counts.
fn cosignatures(bytes: &[u8]) -> bool {
    let note: Note = COSIGNED.parse().unwrap();
    let key: VerifierKey = WITNESS_KEY.parse().unwrap();
    let Some(line) = text(bytes).and_then(|text| cosignature_in(text, &note, &key)) else {
        return false;
    };
    assert!(verify_cosignature(&note, &line, &key).is_ok());
    true
}

fn disclosure(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let Ok(disclosure) = Disclosure::parse(text) else { return false };
    assert_eq!(disclosure.encoded(), text);
    true
}

fn domain(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let Ok(domain) = Domain::parse(text) else { return false };
    assert_eq!(domain.to_string(), text);
    let endpoint = format!("https://{text}/hook");
    let _ = Endpoint::parse(&endpoint, &domain);
    true
}

fn entry(bytes: &[u8]) -> bool {
    let origin: Origin = "ledger.example/2026".parse().unwrap();
    let checked = check_leaf(bytes, &origin);
    let Ok(entry) = Entry::parse(bytes) else { return false };
    assert_eq!(entry.to_leaf(), bytes);
    assert_eq!(checked.hash(), leaf_hash(bytes));
    true
}

fn evidence(bytes: &[u8]) -> bool {
    let Ok(evidence) = Evidence::parse(bytes) else { return false };
    let written = evidence.to_json();
    let _ = judge(&evidence, &policy());
    assert_eq!(Evidence::parse(written.as_bytes()), Ok(evidence));
    true
}

/// A policy that names the log of the test vectors.
fn policy() -> Policy {
    Policy::of_log(LOG_KEY.parse().unwrap())
}

/// An event keeps no line break but in its data, and is read again from its lines.
fn event(bytes: &[u8]) -> bool {
    let Some(event) = text(bytes).and_then(Event::parse) else { return false };
    assert!(!event.name.contains('\n') && !event.id.iter().any(|id| id.contains('\n')));
    let data = event.data.split('\n').map(|line| format!("data: {line}\r\n"));
    let id = event.id.iter().map(|id| format!("id: {id}\r\n"));
    let written: String = data.chain(id).chain([format!("event: {}\r\n", event.name)]).collect();
    assert_eq!(Event::parse(&written), Some(event));
    true
}

/// The signature is missing, so that a request goes as far as it can without one.
fn webhook_request(bytes: &[u8]) -> bool {
    let envelope = Envelope::new(WEBHOOK_TYPE, bytes.to_vec(), Vec::new());
    let (domain, now) =
        (Domain::parse("acme.example"), Moment::parse_millis("2026-01-02T03:04:05.678Z"));
    let read = Request::read(&envelope, "ledger.example/2026", &domain.unwrap(), now.unwrap());
    let refusal = read.expect_err("nobody signed it");
    ["signers_mismatch", "bad_signature"].contains(&refusal.reason.name())
}

/// The checksum is added, so that an input gets behind it.
fn history(bytes: &[u8]) -> bool {
    let whole = [bytes, sha256(bytes).as_bytes()].concat();
    let Ok(history) = History::from_bytes(&whole) else { return false };
    // Its chains are written in no order.
    let written = history.to_bytes();
    assert_eq!(written.len(), whole.len());
    assert_eq!(
        History::from_bytes(&written).unwrap().root(history.size()),
        history.root(history.size())
    );
    true
}

fn json(bytes: &[u8]) -> bool {
    let Ok(value) = json::parse(bytes) else { return false };
    assert_eq!(value.to_canonical().as_bytes(), bytes);
    true
}

fn key_document(bytes: &[u8]) -> bool {
    let Ok(document) = Document::parse(bytes) else { return false };
    let written = document.to_json();
    let again = Document::parse(written.as_bytes()).unwrap();
    assert_eq!(again.to_json(), written);
    true
}

fn key_file(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let plain = decode_plain(text).is_ok();
    let Ok(file) = KeyFile::parse(text) else { return plain };
    let written = file.to_text().unwrap();
    assert_eq!(KeyFile::parse(&written).unwrap().did(), file.did());
    true
}

/// A record a line.
fn key_records(bytes: &[u8]) -> bool {
    let records: Vec<Vec<u8>> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let Ok(Some(keys)) = read_records(&records) else { return false };
    let written: Vec<Vec<u8>> = keys.iter().map(|key| record_text(key).into_bytes()).collect();
    assert_eq!(read_records(&written), Ok(Some(keys)));
    true
}

fn names(bytes: &[u8]) -> bool {
    let number = text(bytes).and_then(parse_decimal);
    if let Some(number) = number {
        assert_eq!(number.to_string().as_bytes(), bytes);
    }
    let taken = [
        same_text::<KeyName>(bytes),
        same_text::<Origin>(bytes),
        same_text::<StatementId>(bytes),
        same_text::<TilePath>(bytes),
        number.is_some(),
    ];
    taken.contains(&true)
}

/// The checksum is added, so that an input gets behind it.
fn pack(bytes: &[u8]) -> bool {
    let whole = [bytes, &crc32fast::hash(bytes).to_be_bytes()].concat();
    let Ok(pack) = Pack::decode(&whole) else { return false };
    assert_eq!(pack.encode(), whole);
    true
}

fn statement(bytes: &[u8]) -> bool {
    let Ok(statement) = Statement::read(bytes) else { return false };
    let _ = (statement.rules(), statement.digests());
    true
}

/// The first byte stands for the width.
fn tiles(bytes: &[u8]) -> bool {
    let Some((width, tile)) = bytes.split_first() else { return false };
    let width = u16::from(*width) + 1;
    let _ = leading_entries(tile);
    let hashes = parse_hashes(tile, width).map(|hashes| assert_eq!(encode_hashes(&hashes), tile));
    let entries = parse_bundle(tile, width)
        .map(|entries| assert_eq!(encode_bundle(entries).as_deref(), Ok(tile)));
    hashes.is_ok() || entries.is_ok()
}

fn times(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let seconds = Moment::parse_seconds(text).map(|time| assert_eq!(time.to_seconds(), text));
    let millis = Moment::parse_millis(text).map(|time| assert_eq!(time.to_millis(), text));
    let date = Date::parse(text).map(|date| assert_eq!(date.to_string(), text));
    seconds.is_ok() || millis.is_ok() || date.is_ok()
}

fn urls(bytes: &[u8]) -> bool {
    let Some(text) = text(bytes) else { return false };
    let ledger = text.parse::<LedgerUrl>();
    if let Ok(url) = &ledger {
        assert_eq!(url.to_string().parse::<LedgerUrl>().unwrap().to_string(), url.to_string());
    }
    ledger.is_ok() || text.parse::<HookUrl>().is_ok() || text.parse::<Resolve>().is_ok()
}
