//! Holds evidence against a trust policy: does it show, by the log's own signatures, what it says?

use super::super::{Fault, Outcome, check_leaf};
use super::{Evidence, Fork, Logged, contradiction};
use crate::crypto::Hash;
use crate::entry::Entry;
use crate::tlog::{LogFinding, Policy, Proof, SignedCheckpoint, leaf_hash, verify_consistency};

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceCheck {
    /// What: `log_signature`, `inclusion`, `same_log` or `contradiction`.
    pub name: &'static str,
    /// Whether it is so.
    pub result: Outcome,
    /// What was found, in words.
    pub detail: String,
}

/// What evidence comes to. Verified means that the log misbehaved; failed, that the file shows nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceVerdict {
    /// Everything that was checked, in order.
    pub checks: Vec<EvidenceCheck>,
}

impl EvidenceVerdict {
    /// All of it together.
    pub fn outcome(&self) -> Outcome {
        let has = |result| self.checks.iter().any(|check| check.result == result);
        match (has(Outcome::Failed), has(Outcome::NotChecked)) {
            (true, _) => Outcome::Failed,
            (_, true) => Outcome::NotChecked,
            _ => Outcome::Verified,
        }
    }

    fn add(&mut self, name: &'static str, result: Outcome, detail: impl Into<String>) {
        self.checks.push(EvidenceCheck { name, result, detail: detail.into() });
    }
}

/// Judges evidence by the keys that a policy has for its log. The policy's quorum does not matter: the log answers for
/// what it signed, whoever saw it.
pub fn judge(evidence: &Evidence, policy: &Policy) -> EvidenceVerdict {
    let mut verdict = EvidenceVerdict { checks: Vec::new() };
    match evidence {
        Evidence::Fork(fork) => judge_fork(fork, policy, &mut verdict),
        Evidence::Entries { rule, entries } => judge_entries(rule, entries, policy, &mut verdict),
    }
    verdict
}

fn judge_fork(fork: &Fork, policy: &Policy, verdict: &mut EvidenceVerdict) {
    let Fork { older, newer, root, consistency } = fork;
    check_signature(older, policy, verdict);
    check_signature(newer, policy, verdict);
    check_same_log(older, newer, verdict);
    let (old, new) = (older.checkpoint(), newer.checkpoint());
    let proved = verify_consistency(old.size(), root, new.size(), new.root(), consistency);
    let (result, detail) = match proved {
        Err(error) => (
            Outcome::Failed,
            format!("what the newer tree was at size {} is not proved: {error}", old.size()),
        ),
        Ok(()) if root == old.root() => {
            (Outcome::Failed, "the newer checkpoint follows from the older one".to_owned())
        }
        Ok(()) if old.size() == new.size() => {
            (Outcome::Verified, format!("two roots are signed for the size {}", old.size()))
        }
        Ok(()) => (
            Outcome::Verified,
            format!(
                "at size {} the tree of size {} has another root than was signed for it",
                old.size(),
                new.size()
            ),
        ),
    };
    verdict.add("contradiction", result, detail);
}

fn judge_entries(rule: &str, entries: &[Logged], policy: &Policy, verdict: &mut EvidenceVerdict) {
    let held: Option<Vec<Held<'_>>> =
        entries.iter().map(|logged| Held::check(logged, policy, verdict)).collect();
    let Some(held) = held else { return };
    if let [first, second] = &held[..] {
        check_same_log(first.proof.checkpoint(), second.proof.checkpoint(), verdict);
    }
    let fault = match &held[..] {
        [one] => one.fault(),
        [earlier, later] => earlier.contradicts(later),
        _ => None,
    };
    match fault {
        Some(fault) => verdict.add("contradiction", Outcome::Verified, fault.to_string()),
        None if held.len() == 2 => {
            let detail = "the two entries do not contradict each other".to_owned();
            verdict.add("contradiction", Outcome::Failed, detail);
        }
        None => {
            let detail = format!(
                "whether the entry breaks {rule} depends on other entries: audit the log, or a mirror of it"
            );
            verdict.add("contradiction", Outcome::NotChecked, detail);
        }
    }
}

/// An entry whose proof could be read.
struct Held<'a> {
    logged: &'a Logged,
    proof: Proof,
    hash: Hash,
}

impl<'a> Held<'a> {
    /// Checks that the log holds it.
    fn check(logged: &'a Logged, policy: &Policy, verdict: &mut EvidenceVerdict) -> Option<Self> {
        let proof: Proof = match logged.proof.parse() {
            Ok(proof) => proof,
            Err(error) => {
                verdict.add("inclusion", Outcome::Failed, format!("the proof is none: {error}"));
                return None;
            }
        };
        check_signature(proof.checkpoint(), policy, verdict);
        let hash = leaf_hash(&logged.leaf);
        let (result, detail) = match proof.verify(&hash) {
            Ok(()) => (Outcome::Verified, format!("entry {} is in the log", proof.index())),
            Err(error) => (Outcome::Failed, format!("entry {}: {error}", proof.index())),
        };
        verdict.add("inclusion", result, detail);
        Some(Self { logged, proof, hash })
    }

    /// What is wrong with it by itself.
    fn fault(&self) -> Option<Fault> {
        let origin = self.proof.checkpoint().checkpoint().origin();
        let entry = Entry::parse(&self.logged.leaf).ok();
        let elsewhere = entry.filter(|entry| entry.index != self.proof.index());
        match elsewhere {
            Some(entry) => Some(Fault::WrongIndex { found: entry.index }),
            None => check_leaf(&self.logged.leaf, origin).fault_alone(),
        }
    }

    fn contradicts(&self, later: &Self) -> Option<Fault> {
        let parse = |held: &Self| {
            let entry = Entry::parse(&held.logged.leaf).ok()?;
            (entry.index == held.proof.index()).then_some(entry)
        };
        contradiction(&parse(self)?, &self.hash, &parse(later)?)
    }
}

fn check_signature(signed: &SignedCheckpoint, policy: &Policy, verdict: &mut EvidenceVerdict) {
    let checkpoint = signed.checkpoint();
    let size = checkpoint.size();
    let (result, detail) = match policy.judge(signed).log {
        LogFinding::Signed(id) => {
            (Outcome::Verified, format!("the key {id} of the log signed the size {size}"))
        }
        LogFinding::UnknownLog => {
            (Outcome::NotChecked, format!("the policy knows no key of {}", checkpoint.origin()))
        }
        LogFinding::Missing => {
            (Outcome::Failed, format!("no key of the log signed the size {size}"))
        }
        LogFinding::Bad => (
            Outcome::Failed,
            format!("the signature under the log's name for the size {size} is not by its key"),
        ),
    };
    verdict.add("log_signature", result, detail);
}

fn check_same_log(one: &SignedCheckpoint, other: &SignedCheckpoint, verdict: &mut EvidenceVerdict) {
    let (one, other) = (one.checkpoint().origin(), other.checkpoint().origin());
    if one != other {
        let detail = format!("one checkpoint is of {one} and the other of {other}");
        verdict.add("same_log", Outcome::Failed, detail);
    }
}
