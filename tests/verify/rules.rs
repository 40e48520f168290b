//! What a ledger that does not keep the rules would log is found, by the name of the rule.

use onrecord::crypto::{Hash, PrivateKey};
use onrecord::encoding::json::Json;
use onrecord::encoding::time::Moment;
use onrecord::entry::{Entry, Links};
use onrecord::ledger::Candidate;
use onrecord::statement::fields::Seen;
use onrecord::statement::{Draft, StatementId, kind};
use onrecord::tlog::leaf_hash;
use onrecord::verify::{History, check_leaf};

use crate::grown::{
    NOW, ORIGIN, agreed, key, leaves, revealed, rules, signed, signed_seeing, texts,
};

/// A ledger so far, to which anything may be appended.
struct Bent {
    leaves: Vec<Vec<u8>>,
    history: History,
}

impl Bent {
    fn new(size: usize) -> Self {
        let mut history = History::new(ORIGIN.parse().unwrap());
        let leaves = leaves(size);
        for leaf in &leaves {
            let audited = history.push(check_leaf(leaf, history.origin()), &leaves[..]).unwrap();
            assert_eq!(audited.faults, []);
        }
        Self { leaves, history }
    }

    /// The id of the statement of an entry.
    fn id(&self, index: usize) -> StatementId {
        Entry::parse(&self.leaves[index]).unwrap().envelope.id()
    }

    /// Appends whatever is given, without a look at any rule, and tells what is found but for its links.
    fn append(&mut self, candidate: Candidate) -> Vec<&'static str> {
        let prev = self.leaves.last().map(|leaf| leaf_hash(leaf));
        let entry = Entry {
            envelope: candidate.signed.envelope().clone(),
            index: self.history.size(),
            links: Links { prev, ..Links::default() },
            time: Moment::parse_seconds(NOW).unwrap(),
        };
        self.leaves.push(entry.to_leaf());
        let leaf = self.leaves.last().unwrap();
        let checked = check_leaf(leaf, self.history.origin());
        let audited = self.history.push(checked, &self.leaves[..]).unwrap();
        let names = audited.faults.iter().map(|fault| fault.name());
        names.filter(|name| !name.ends_with("link_broken")).collect()
    }

    fn seeing(&mut self, number: usize, size: u64, root: Option<Hash>) -> Vec<&'static str> {
        let root = root.unwrap_or_else(|| self.history.root(size).unwrap());
        let seen = Some(Seen { size, root });
        self.append(signed_seeing(agreed(number), &key(number), number, seen))
    }
}

fn follow_up(name: &str, thread: StatementId) -> Draft {
    let mut draft = Draft::new(kind::find(name).unwrap());
    draft.set("thread", Json::text(thread.to_string()));
    draft
}

fn breach(thread: StatementId) -> Draft {
    let mut draft = follow_up("breach", thread);
    draft.set("commitment_numbers", Json::List(vec![Json::Integer(1)]));
    draft.set("since", Json::text("2026-11-01"));
    draft.set("desired_outcome", Json::text("refund"));
    draft
}

fn outsider() -> PrivateKey {
    key(777)
}

#[test]
fn a_follow_up_must_be_by_a_party_of_a_thread_that_there_is() {
    let mut bent = Bent::new(20);
    let (thread, not_a_thread) = (bent.id(1), bent.id(0));
    assert_eq!(bent.append(signed(breach(thread), &key(1), 900)), [""; 0]);
    assert_eq!(bent.append(signed(breach(thread), &outsider(), 901)), ["not_a_party"]);
    assert_eq!(bent.append(signed(breach(not_a_thread), &key(1), 902)), ["thread_unknown"]);
    let mut number = breach(thread);
    number.set("commitment_numbers", Json::List(vec![Json::Integer(2)]));
    assert_eq!(bent.append(signed(number, &key(1), 903)), ["bad_field"]);
}

#[test]
fn nothing_but_an_assessment_follows_a_withdrawal_also_after_a_resume() {
    let mut bent = Bent::new(20);
    let thread = bent.id(1);
    let withdraw = || signed(follow_up("withdrawal", thread), &key(1), 910);
    assert_eq!(bent.append(withdraw()), [""; 0]);
    bent.history = History::from_bytes(&bent.history.to_bytes()).unwrap();
    assert_eq!(bent.append(signed(breach(thread), &key(1), 911)), ["conflict"]);
    let mut assessment = follow_up("assessment", thread);
    assessment.set("resolved", Json::text("no"));
    assert_eq!(bent.append(signed(assessment, &key(1), 912)), [""; 0]);
    assert_eq!(bent.append(withdraw()), ["logged_twice", "conflict"]);
}

#[test]
fn words_are_revealed_by_their_signers_and_once() {
    let mut bent = Bent::new(10);
    let target = bent.id(4);
    let again = |by: &PrivateKey, number| signed(revealed(target, 4), by, number);
    assert_eq!(bent.append(again(&outsider(), 920)), ["not_a_party"]);
    let mut bent = Bent::new(10);
    assert_eq!(bent.append(again(&key(4), 921)), [""; 0]);
    assert_eq!(bent.append(again(&key(4), 922)), ["conflict"]);
    let nobody = StatementId::from_hash(leaf_hash(b"nobody"));
    assert_eq!(bent.append(signed(revealed(nobody, 4), &key(4), 923)), ["re_unknown"]);
}

#[test]
fn a_policy_is_by_the_operator_and_the_newest_one_governs() {
    let mut bent = Bent::new(5);
    let by = |keys: &PrivateKey| {
        let mut draft = rules();
        draft.set("operator_keys", texts(&[keys.did().as_str()]));
        draft
    };
    assert_eq!(bent.append(signed(rules(), &outsider(), 930)), ["not_a_party"]);
    let mut bent = Bent::new(5);
    assert_eq!(bent.append(signed(by(&outsider()), &key(0), 931)), [""; 0]);
    bent.history = History::from_bytes(&bent.history.to_bytes()).unwrap();
    assert_eq!(bent.append(signed(rules(), &key(0), 932)), ["not_a_party"]);
}

#[test]
fn what_a_signer_had_seen_must_be_a_checkpoint_of_this_ledger_and_before_the_entry() {
    let mut bent = Bent::new(300);
    for (number, size) in [(940, 1), (941, 255), (942, 257), (943, 300)] {
        assert_eq!(bent.seeing(number, size, None), [""; 0], "at {size}");
    }
    assert_eq!(bent.seeing(944, 304, None), [""; 0]);
    let root = bent.history.root(17).unwrap();
    assert_eq!(bent.seeing(945, 18, Some(root)), ["seen_mismatch"]);
    assert_eq!(bent.seeing(946, 307, Some(root)), ["seen_mismatch"]);
}
