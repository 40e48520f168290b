//! What a check of a bundle comes to: one line a check, each with its own result (protocol §8).

use std::fmt;

use crate::encoding::time::Moment;
use crate::statement::{Refusal, StatementId};
use crate::tlog::Origin;

/// All that was found about a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// What no check covers, as sentences.
    pub not_checked: Vec<String>,
    /// When the entry came to be, as far as the bundle shows.
    pub bounds: Bounds,
    /// Which entry it is of, where that much can be read.
    pub about: Option<About>,
}

impl Verdict {
    /// Everything together. It verifies when no check fails and what a bundle rests on was checked.
    pub fn outcome(&self) -> Outcome {
        let results = || self.checks.iter().map(|check| &check.result);
        if results().any(|result| matches!(result, CheckResult::Failed(_))) {
            Outcome::Failed
        } else if self.checks.iter().any(|check| check.name.is_essential() && !check.is_ok()) {
            Outcome::NotChecked
        } else {
            Outcome::Verified
        }
    }

    /// Why it failed: the first finding.
    pub fn finding(&self) -> Option<&Finding> {
        self.checks.iter().find_map(|check| match &check.result {
            CheckResult::Failed(finding) => Some(finding),
            _ => None,
        })
    }
}

/// What a verdict comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything it rests on was checked and holds.
    Verified,
    /// A check failed.
    Failed,
    /// No check failed, but something it rests on could not be checked.
    NotChecked,
}

/// One line of a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub name: CheckName,
    /// How it came out.
    pub result: CheckResult,
    /// What was compared with what, as a sentence.
    pub detail: String,
}

impl Check {
    /// A check that holds.
    pub(super) fn ok(name: CheckName, detail: impl Into<String>) -> Self {
        Self { name, result: CheckResult::Ok, detail: detail.into() }
    }

    /// A check that fails, told by its finding.
    pub(super) fn failed(name: CheckName, finding: Finding) -> Self {
        Self { name, detail: finding.to_string(), result: CheckResult::Failed(finding) }
    }

    /// A check that could not be made.
    pub(super) fn not_checked(name: CheckName, detail: impl Into<String>) -> Self {
        Self { name, result: CheckResult::NotChecked, detail: detail.into() }
    }

    /// Whether it holds.
    pub fn is_ok(&self) -> bool {
        self.result == CheckResult::Ok
    }
}

/// How a check came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckResult {
    /// It holds.
    Ok,
    /// It does not.
    Failed(Finding),
    /// It could not be made, or the policy does not ask for it.
    NotChecked,
}

/// The checks, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckName {
    /// Bundle, entry and proof are each in their one form.
    Bytes,
    /// The fields are those of the kind, and meant for this ledger.
    Statement,
    /// One signer's signature; there is a line for each.
    Signature,
    /// The entry is in the tree at its index.
    Inclusion,
    /// The log signed the root of that tree.
    LogSignature,
    /// Enough witnesses saw that root.
    WitnessQuorum,
    /// The words are those the statement commits to.
    Disclosures,
    /// The times agree with each other.
    TimeBounds,
}

impl CheckName {
    /// Its name in a verdict.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Statement => "statement",
            Self::Signature => "signature",
            Self::Inclusion => "inclusion",
            Self::LogSignature => "log_signature",
            Self::WitnessQuorum => "witness_quorum",
            Self::Disclosures => "disclosures",
            Self::TimeBounds => "time_bounds",
        }
    }

    /// Whether nothing verifies without it. The fields of a kind that is not known, and witnesses that the
    /// policy does not ask for, are no reason to doubt the rest.
    const fn is_essential(self) -> bool {
        !matches!(self, Self::Statement | Self::WitnessQuorum)
    }
}

/// Why a check of a bundle failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The file is not a bundle in its one form.
    NotABundle(String),
    /// The entry is not one in its one form.
    NotAnEntry(String),
    /// The proof is not one in its one form.
    NotAProof(String),
    /// A rule for statements is broken.
    Statement(Refusal),
    /// The statement is for another ledger than the checkpoint is of.
    WrongLog,
    /// Not as many signatures as signers.
    SignersMismatch {
        /// The signers.
        signers: usize,
        /// The signatures.
        signatures: usize,
    },
    /// A signer's key is one anyone could sign for.
    WeakKey(String),
    /// The signature is not by that key.
    BadSignature(String),
    /// The proof is of another index than the entry's.
    ProofOfAnotherEntry {
        /// The entry's index.
        entry: u64,
        /// The proof's index.
        proof: u64,
    },
    /// The proof has too few hashes.
    InclusionHashMissing,
    /// The proof has too many hashes, or is of an index outside of the tree.
    InclusionHashAdded,
    /// The proof leads to another root, under a checkpoint as the log signed it: the entry was changed, or
    /// a hash of its proof.
    EntryChanged,
    /// The proof leads to another root, and the log did not sign the one in the checkpoint.
    RootChanged,
    /// No line under the checkpoint is by a known key of the log.
    LogSignatureMissing,
    /// A line under the log's name is not by its key.
    LogSignatureBad,
    /// A line under a witness's name is not by its key.
    WitnessSignatureBad(String),
    /// Too few witnesses cosigned.
    QuorumNotMet,
    /// The statement does not commit to a word, or commits to it under another name.
    DisclosureAltered(String),
    /// A word or a name is there twice.
    DisclosureRepeated(String),
}

impl Finding {
    /// Its name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NotABundle(_) => "not_a_bundle",
            Self::NotAnEntry(_) => "not_an_entry",
            Self::NotAProof(_) => "not_a_proof",
            Self::Statement(refusal) => refusal.reason.name(),
            Self::WrongLog => "wrong_log",
            Self::SignersMismatch { .. } => "signers_mismatch",
            Self::WeakKey(_) => "weak_key",
            Self::BadSignature(_) => "bad_signature",
            Self::ProofOfAnotherEntry { .. } => "proof_of_another_entry",
            Self::InclusionHashMissing => "inclusion_hash_missing",
            Self::InclusionHashAdded => "inclusion_hash_added",
            Self::EntryChanged => "entry_changed",
            Self::RootChanged => "root_changed",
            Self::LogSignatureMissing => "log_signature_missing",
            Self::LogSignatureBad => "log_signature_bad",
            Self::WitnessSignatureBad(_) => "witness_signature_bad",
            Self::QuorumNotMet => "quorum_not_met",
            Self::DisclosureAltered(_) => "disclosure_altered",
            Self::DisclosureRepeated(_) => "disclosure_repeated",
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.name())?;
        match self {
            Self::NotABundle(why) | Self::NotAnEntry(why) | Self::NotAProof(why) => {
                formatter.write_str(why)
            }
            Self::Statement(refusal) => formatter.write_str(&refusal.detail),
            Self::WrongLog => formatter.write_str("the statement is meant for another ledger"),
            Self::SignersMismatch { signers, signatures } => {
                write!(formatter, "{signatures} signatures for {signers} signers")
            }
            Self::WeakKey(key) => write!(formatter, "{key} is a key anyone could sign for"),
            Self::BadSignature(key) => write!(formatter, "the signature is not by {key}"),
            Self::ProofOfAnotherEntry { entry, proof } => {
                write!(formatter, "the proof is of entry {proof}, the entry is number {entry}")
            }
            Self::InclusionHashMissing => formatter.write_str("the proof has too few hashes"),
            Self::InclusionHashAdded => {
                formatter.write_str("the proof has too many hashes, or its tree has no such entry")
            }
            Self::EntryChanged => {
                formatter.write_str("the entry, or a hash of its proof, is not the one logged")
            }
            Self::RootChanged => formatter.write_str("the root is not the one the log signed"),
            Self::LogSignatureMissing => {
                formatter.write_str("no key of the log signed the checkpoint")
            }
            Self::LogSignatureBad => {
                formatter.write_str("the signature under the log's name is not by its key")
            }
            Self::WitnessSignatureBad(name) => {
                write!(formatter, "the cosignature under {name} is not by its key")
            }
            Self::QuorumNotMet => formatter.write_str("too few witnesses cosigned the checkpoint"),
            Self::DisclosureAltered(name) => {
                write!(formatter, "the statement does not commit to this {name}")
            }
            Self::DisclosureRepeated(name) => write!(formatter, "{name} is there twice"),
        }
    }
}

/// When an entry came to be, as far as a bundle shows. Each is absent where nothing shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// What the signer's clock said: a claim.
    pub claimed_at: Option<Moment>,
    /// When the ledger says it admitted the entry: the operator's word.
    pub admitted_at: Option<Moment>,
    /// The statement is not older than the ledger of this size, whose root it names.
    pub not_before_size: Option<u64>,
    /// The earliest time by which a quorum of witnesses had seen the entry.
    pub existed_by: Option<Moment>,
}

/// Which entry a bundle is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Its index.
    pub index: u64,
    /// Its statement's id.
    pub id: StatementId,
    /// The kind it names, where the payload can be read.
    pub kind: Option<String>,
    /// The ledger that the proof is of, where it can be read.
    pub origin: Option<Origin>,
}
