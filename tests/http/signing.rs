//! Statements that tests sign: small agreements and what follows them.

use onrecord::crypto::PrivateKey;
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::statement::draft::Frame;
use onrecord::statement::{Disclosure, Draft, StatementId, kind};

pub const ORIGIN: &str = "ledger.example/2026";

/// A signed statement, as it is sent.
pub struct Sent {
    pub id: StatementId,
    pub body: String,
    pub sealed: Vec<Disclosure>,
}

/// A key of its own for every number.
pub fn key(number: u64) -> PrivateKey {
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    PrivateKey::from_seed(&seed)
}

fn word(number: u64, name: &str, value: &str) -> Disclosure {
    let mut salt = [1; 16];
    salt[..8].copy_from_slice(&number.to_le_bytes());
    Disclosure::make(&salt, name, Json::text(value)).unwrap()
}

fn sign(draft: Draft, key: &PrivateKey, number: u64, at: Moment) -> Sent {
    let mut nonce = [3; 16];
    nonce[..8].copy_from_slice(&number.to_le_bytes());
    let log = ORIGIN.to_owned();
    let frame = Frame { log, signers: vec![key.did()], nonce, claimed_at: at, seen: None };
    let prepared = draft.prepare(&frame).unwrap();
    let envelope = prepared.sign(&[key]);
    let words: Vec<_> = prepared.public.iter().map(Disclosure::encoded).collect();
    let mut body =
        format!(r#"{{"disclosures":{},"envelope":"#, serde_json::to_string(&words).unwrap());
    envelope.write_to(&mut body);
    body.push('}');
    Sent { id: envelope.id(), body, sealed: prepared.sealed }
}

/// An agreement with this domain, signed by `key(number)`; its narrative is sealed.
pub fn agreement_with(domain: &str, number: u64, at: Moment) -> Sent {
    agreement_by(&key(number), domain, number, at)
}

/// An agreement with this domain, signed by this key; its narrative is sealed.
pub fn agreement_by(key: &PrivateKey, domain: &str, number: u64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("agreement").unwrap());
    let owner = Json::text(domain.to_owned());
    draft.set("basis", Json::text("spoken"));
    draft.set("commitments", Json::List(vec![Json::map([("by", owner.clone())]).into_owned()]));
    draft.set("lang", Json::text("en"));
    draft.set("offers", Json::text("closed"));
    draft.set("subjects", Json::List(vec![owner]));
    draft.disclose(word(number, "title", &format!("Refund number {number} <by phone>")));
    draft.disclose(word(number + 1, "commitment_1", "Acme refunds 120 euros."));
    draft.seal(word(number + 2, "narrative", "What was said."));
    sign(draft, key, number, at)
}

/// An agreement with acme.example of about 17 kB in words.
pub fn long_agreement(number: u64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("agreement").unwrap());
    let owner = Json::text("acme.example");
    draft.set("basis", Json::text("spoken"));
    draft.set("commitments", Json::List(vec![Json::map([("by", owner.clone())]).into_owned()]));
    draft.set("lang", Json::text("en"));
    draft.set("offers", Json::text("closed"));
    draft.set("subjects", Json::List(vec![owner]));
    draft.disclose(word(number, "title", "A long story"));
    draft.disclose(word(number + 1, "commitment_1", "Acme listens."));
    draft.disclose(word(number + 2, "narrative", &"And then ".repeat(1_300)));
    sign(draft, &key(number), number, at)
}

/// The author of an agreement says that commitment 1 was not kept.
pub fn breach(thread: StatementId, number: u64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("breach").unwrap());
    draft.set("commitment_numbers", Json::List(vec![Json::Integer(1)]));
    draft.set("desired_outcome", Json::text("refund"));
    draft.set("since", Json::text("2026-11-01"));
    draft.set("thread", Json::text(thread.to_string()));
    sign(draft, &key(number), number + 1_000_000, at)
}

/// The author of an agreement makes its sealed narrative public.
pub fn reveal(of: &Sent, number: u64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("reveal").unwrap());
    let digest = of.sealed[0].digest().to_base64url();
    draft.set("digests", Json::List(vec![Json::text(digest)]));
    draft.set("re", Json::text(of.id.to_string()));
    draft.disclose(of.sealed[0].clone());
    sign(draft, &key(number), number + 2_000_000, at)
}

/// The author of an agreement has its title erased.
pub fn erase_title(of: StatementId, number: u64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("erasure").unwrap());
    let title = word(number, "title", &format!("Refund number {number} <by phone>"));
    draft.set("digests", Json::List(vec![Json::text(title.digest().to_base64url())]));
    draft.set("re", Json::text(of.to_string()));
    draft.set("reason", Json::text("privacy"));
    sign(draft, &key(number), number + 3_000_000, at)
}

/// What the author of an agreement states afterwards: a statement of this kind with these fields and words.
pub fn follow_up(
    kind: &str,
    number: u64,
    at: Moment,
    fields: &[(&'static str, Json<'static>)],
    words: &[(&str, &str)],
) -> Sent {
    follow_up_with(kind, number, at, fields, words, &[])
}

/// The same with sealed words.
pub fn follow_up_with(
    kind: &str,
    number: u64,
    at: Moment,
    fields: &[(&'static str, Json<'static>)],
    words: &[(&str, &str)],
    sealed: &[(&str, &str)],
) -> Sent {
    let mut draft = Draft::new(kind::find(kind).unwrap());
    for (name, value) in fields {
        draft.set(name, value.clone());
    }
    for (name, value) in words {
        draft.disclose(word(number + 4_000_000, name, value));
    }
    for (name, value) in sealed {
        draft.seal(word(number + 4_000_000, name, value));
    }
    let more = |sum: u64, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte));
    let nonce = kind.bytes().fold(number, more);
    sign(draft, &key(number), nonce, at)
}

/// The key of the operator.
pub fn operator() -> PrivateKey {
    PrivateKey::from_seed(&[42; 32])
}

/// The digest of the title of the agreement with that number.
pub fn title_of(number: u64) -> onrecord::crypto::Hash {
    word(number, "title", &format!("Refund number {number} <by phone>")).digest()
}

/// What this key signs about words of an entry, or about the entry itself.
pub fn about_words(
    kind: &str,
    key: &PrivateKey,
    target: StatementId,
    words: &[onrecord::crypto::Hash],
    fields: &[(&'static str, &'static str)],
    at: Moment,
) -> Sent {
    let mut draft = Draft::new(kind::find(kind).unwrap());
    let digests = words.iter().map(|digest| Json::text(digest.to_base64url())).collect();
    draft.set("digests", Json::List(digests));
    draft.set("re", Json::text(target.to_string()));
    draft.set("ground", Json::text("privacy"));
    for (name, value) in fields {
        draft.set(name, Json::text(*value));
    }
    let name = if kind == "notice" { "explanation" } else { "facts" };
    draft.disclose(word(9, name, "It names a person who is no party."));
    let nonce = fields.iter().flat_map(|(_, value)| value.bytes());
    sign(
        draft,
        key,
        nonce.fold(words.len() as u64, |sum, byte| (sum * 31 + u64::from(byte)) % 1_000_003),
        at,
    )
}

/// The operator decides about words of an entry, or about the entry itself.
pub fn decision(
    decision: &'static str,
    target: StatementId,
    words: &[onrecord::crypto::Hash],
    at: Moment,
) -> Sent {
    let fields = [("decision", decision), ("source", "notice")];
    about_words("moderation", &operator(), target, words, &fields, at)
}

/// The author of an agreement states for the nth time that it is not resolved.
pub fn assessment(thread: StatementId, number: u64, nth: u64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("assessment").unwrap());
    draft.set("resolved", Json::text("no"));
    draft.set("thread", Json::text(thread.to_string()));
    draft.disclose(word(nth + 5_000_000, "note", &format!("Asked {nth} times.")));
    sign(draft, &key(number), nth + 5_000_000, at)
}

/// A policy signed by one key that names another one as the operator's from here on.
pub fn policy(by: &PrivateKey, next: &PrivateKey, days: i64, at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("policy").unwrap());
    draft.set("final_days", Json::Integer(2 * days));
    draft.set("operator_keys", Json::List(vec![Json::text(next.did().to_string())]));
    draft.set("reserved_domains", Json::Bool(true));
    draft.set("response_days", Json::Integer(days));
    sign(draft, by, 7_000_000 + days as u64, at)
}

/// The operator names keys of the log, ascending.
pub fn log_keys(vkeys: &[String], at: Moment) -> Sent {
    let mut draft = Draft::new(kind::find("log_keys").unwrap());
    draft.set("vkeys", Json::List(vkeys.iter().map(|key| Json::text(key.clone())).collect()));
    sign(draft, &operator(), 8_000_000 + vkeys.len() as u64, at)
}
