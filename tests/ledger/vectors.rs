//! The vectors that an independent implementation made from the protocol's text.

use std::collections::HashMap;
use std::path::Path;

use onrecord::crypto::Hash;
use onrecord::encoding::base64;
use onrecord::encoding::time::Moment;
use onrecord::entry::{Entry, Link, opens_its_thread};
use onrecord::ledger::facts::chains_of;
use onrecord::ledger::rules::Place;
use onrecord::ledger::{
    Candidate, ChainName, Facts, Newest, Outcome, Policy, Standing, Target, plan, read,
};
use onrecord::statement::membership::Outline;
use onrecord::statement::{Reason, Refusal, Submission};
use onrecord::thread::Thread;
use onrecord::tlog::leaf_hash;
use serde::Deserialize;

use super::author::{Author, noon};

#[derive(Deserialize)]
struct Ledger {
    origin: String,
    entries: Vec<VectorEntry>,
}

#[derive(Deserialize)]
struct VectorEntry {
    index: u64,
    id: String,
    leaf: String,
    leaf_hash: String,
    envelope: VectorEnvelope,
    disclosures: Vec<String>,
}

#[derive(Deserialize, Clone)]
struct VectorEnvelope {
    payload: String,
    #[serde(rename = "payloadType")]
    payload_type: String,
    signatures: Vec<VectorSignature>,
}

#[derive(Deserialize, Clone)]
struct VectorSignature {
    keyid: String,
    sig: String,
}

#[derive(Deserialize)]
struct Refused {
    now: String,
    origin: String,
    cases: Vec<RefusedCase>,
}

#[derive(Deserialize)]
struct RefusedCase {
    reason: String,
    submission: serde_json::Value,
}

fn vectors<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn submission(envelope: &VectorEnvelope, disclosures: &[String]) -> Submission {
    let signatures = envelope.signatures.iter().map(|s| (s.keyid.clone(), s.sig.clone()));
    Submission {
        payload_type: envelope.payload_type.clone(),
        payload: envelope.payload.clone(),
        signatures: signatures.collect(),
        disclosures: disclosures.to_vec(),
    }
}

/// The ledger of the vectors, entry after entry, as admission needs to know it.
struct Follower {
    facts: Facts,
    standing: Standing,
}

impl Follower {
    fn new() -> Self {
        Self { facts: Facts::new(None), standing: Standing { size: 0, newest: None } }
    }

    fn follow(&mut self, leaf: &[u8]) {
        let entry = Entry::parse(leaf).unwrap();
        let hash = leaf_hash(leaf);
        let id = entry.envelope.id();
        let outline = Outline::read(entry.envelope.payload()).unwrap();
        let membership = outline.membership();
        let chains = chains_of(id, &membership, &self.facts);
        for chain in &chains {
            let seq = self.facts.chains.get(chain).map_or(0, |newest| newest.seq + 1);
            self.facts.chains.insert(chain.clone(), Newest { index: entry.index, hash, seq });
        }
        if let Ok(statement) = onrecord::statement::Statement::read(entry.envelope.payload()) {
            let thread = self.facts.thread_of(id, &membership);
            let subjects = chains.iter().filter_map(|chain| match chain {
                ChainName::Subject(domain) => Some(domain.clone()),
                _ => None,
            });
            let target = Target::fresh(&statement, entry.index, thread, subjects.collect());
            self.facts.targets.insert(id, target);
            if let Some(domain) = statement.fields().domain("domain") {
                let voice = self.facts.voices.entry(domain.clone()).or_default();
                voice.follow(&statement, entry.time);
            }
            self.facts.policy = Policy::of(&statement).or(self.facts.policy.take());
            if let Some(thread) = Thread::open(id, &statement) {
                self.facts.threads.insert(id, thread);
            }
            if statement.kind().name == "reveal" {
                let target = self.facts.targets.get_mut(&membership.re.unwrap()).unwrap();
                let public = onrecord::ledger::WordState::Public { held_by: entry.index };
                target
                    .words
                    .extend(statement.fields().digests("digests").iter().map(|d| (*d, public)));
            }
        }
        self.facts.logged.insert(id, entry.index);
        self.standing = Standing { size: entry.index + 1, newest: Some((hash, entry.time)) };
    }
}

#[test]
fn every_entry_of_a_known_kind_is_planned_to_the_byte() {
    let ledger: Ledger = vectors("ledger.json");
    let mut follower = Follower::new();
    let mut planned_kinds = HashMap::new();
    for vector in &ledger.entries {
        let leaf = base64::decode(&vector.leaf).unwrap();
        let Entry { links, time, .. } = Entry::parse(&leaf).unwrap();
        assert_eq!(opens_its_thread(&leaf), links.thread == Some(Link::First));
        let revealed = if vector.index == 8 { revealed_word(&ledger) } else { Vec::new() };
        let disclosures = [vector.disclosures.clone(), revealed].concat();
        match read(&submission(&vector.envelope, &disclosures), &ledger.origin) {
            Ok(candidate) => {
                assert_eq!(candidate.signed.id().to_string(), vector.id);
                let kind = candidate.signed.statement().kind().name;
                let planned =
                    plan(follower.standing, follower.facts.clone(), vec![candidate], time);
                assert_eq!(planned.outcomes, [Outcome::Admitted(vector.index)], "{kind}");
                assert_eq!(planned.entries[0].leaf, leaf, "{kind}");
                assert_eq!(planned.entries[0].leaf_hash.to_hex(), vector.leaf_hash);
                *planned_kinds.entry(kind).or_insert(0) += 1;
            }
            Err(unfit) => assert_eq!(unfit.into_refusal().reason, Reason::UnknownKind),
        }
        assert_eq!(Entry::parse(&leaf).unwrap().to_leaf(), leaf);
        follower.follow(&leaf);
    }
    let mut kinds: Vec<_> = planned_kinds.into_keys().collect();
    kinds.sort_unstable();
    let known = [
        "agreement",
        "assessment",
        "breach",
        "claim",
        "countersignature",
        "erasure",
        "observation",
        "policy",
        "response",
        "reveal",
    ];
    assert_eq!(kinds, known);
}

/// The word that entry 8 reveals is among the sealed ones of entry 1.
fn revealed_word(_: &Ledger) -> Vec<String> {
    let all: serde_json::Value = vectors("ledger.json");
    let sealed = all["entries"][1]["sealed"].as_array().unwrap();
    vec![sealed[0].as_str().unwrap().to_owned()]
}

#[test]
fn a_statement_logged_before_is_answered_with_its_entry() {
    let ledger: Ledger = vectors("ledger.json");
    let mut follower = Follower::new();
    let vector = &ledger.entries[1];
    for entry in &ledger.entries[..2] {
        follower.follow(&base64::decode(&entry.leaf).unwrap());
    }
    let candidate =
        read(&submission(&vector.envelope, &vector.disclosures), &ledger.origin).unwrap();
    let years_later = Moment::parse_seconds("2036-01-01T00:00:00Z").unwrap();
    let planned = plan(follower.standing, follower.facts.clone(), vec![candidate], years_later);
    assert_eq!(planned.outcomes, [Outcome::Logged(1)]);
    let without_words = submission(&vector.envelope, &[]);
    let unfit = read(&without_words, &ledger.origin).unwrap_err();
    assert_eq!(unfit.verified_id().unwrap().to_string(), vector.id);
}

fn outcome(case: &serde_json::Value, follower: &Follower, origin: &str, now: Moment) -> Reason {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        payload: String,
        #[serde(rename = "payloadType")]
        payload_type: String,
        signatures: Vec<VectorSignature>,
    }
    let Ok(envelope) = serde_json::from_value::<Strict>(case["envelope"].clone()) else {
        return Reason::MalformedJson;
    };
    let Strict { payload, payload_type, signatures } = envelope;
    let envelope = VectorEnvelope { payload, payload_type, signatures };
    let disclosures: Vec<String> = serde_json::from_value(case["disclosures"].clone()).unwrap();
    let place = Place { index: follower.standing.size, time: now };
    match read(&submission(&envelope, &disclosures), origin) {
        Err(unfit) => unfit.into_refusal_with(&follower.facts, place).reason,
        Ok(candidate) => refused(candidate, follower, now).reason,
    }
}

fn refused(candidate: Candidate, follower: &Follower, now: Moment) -> Refusal {
    let planned = plan(follower.standing, follower.facts.clone(), vec![candidate], now);
    assert!(planned.entries.is_empty());
    let Outcome::Refused(refusal) = planned.outcomes[0].clone() else { panic!("admitted") };
    refusal
}

#[test]
fn every_refused_submission_gets_its_reason() {
    let ledger: Ledger = vectors("ledger.json");
    let refused: Refused = vectors("refused_submissions.json");
    let mut follower = Follower::new();
    let leaf = base64::decode(&ledger.entries[0].leaf).unwrap();
    follower.follow(&leaf);
    follower.facts.roots.insert(1, leaf_hash(&leaf));
    let now = Moment::parse_seconds(&refused.now).unwrap();
    for (number, case) in refused.cases.iter().enumerate() {
        let reason = outcome(&case.submission, &follower, &refused.origin, now);
        assert_eq!(reason.name(), case.reason, "case {number}");
    }
    assert_eq!(refused.cases.len(), 37);
}

#[test]
fn a_root_that_was_this_ledgers_is_accepted_as_seen() {
    let ledger: Ledger = vectors("ledger.json");
    let root: Hash = leaf_hash(&base64::decode(&ledger.entries[0].leaf).unwrap());
    let mut follower = Follower::new();
    follower.follow(&base64::decode(&ledger.entries[0].leaf).unwrap());
    follower.facts.roots.insert(1, root);
    follower.facts.roots.insert(1, root);
    for (size, seen, good) in [(1, root, true), (1, leaf_hash(b""), false), (2, root, false)] {
        let seen = onrecord::statement::fields::Seen { size, root: seen };
        let author = Author { log: ledger.origin.clone(), seen: Some(seen), ..Author::new(1) };
        let batch = vec![author.agreement(&["acme.example"])];
        let planned = plan(follower.standing, follower.facts.clone(), batch, noon());
        assert_eq!(planned.outcomes[0] == Outcome::Admitted(1), good, "{:?}", planned.outcomes);
    }
}
