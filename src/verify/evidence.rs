//! Evidence against a log: one file that shows, to whoever trusts the log's key and nobody else, that the log signed what
//! no honest log signs. It is judged offline; who made the file does not matter.
//!
//! Two shapes. A fork: two checkpoints of one log, and the proof that the tree of the newer one begins with another root
//! than the older one has. Entries: one or two that the log proves to hold, of which one breaks a rule by itself, or the
//! two contradict each other ([`contradiction`]).

mod contradiction;
mod judge;

pub use contradiction::contradiction;
pub use judge::{EvidenceCheck, EvidenceVerdict, judge};

use crate::crypto::Hash;
use crate::encoding::base64;
use crate::encoding::json::{self, Json, JsonError};
use crate::tlog::{NotACheckpoint, Origin, Proof, SignedCheckpoint};

/// Two of the largest entries with their proofs, or two checkpoints with 64 lines each.
pub const EVIDENCE_BYTES_MAX: usize = 1024 * 1024;
/// As many hashes as a consistency proof can have.
const HASHES_MAX: usize = 64;

/// Why bytes are no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotEvidence {
    /// Not canonical JSON.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// Not the members that evidence has.
    #[error("not evidence: {0}")]
    Shape(&'static str),
    /// A note is not a checkpoint.
    #[error("a note is not a checkpoint: {0}")]
    Checkpoint(#[from] NotACheckpoint),
}

/// What shows that a log misbehaved. Nothing in it has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Two checkpoints that are not of one tree.
    Fork(Box<Fork>),
    /// Entries that a log holds and must not.
    Entries {
        /// What is wrong, as [`super::Fault::name`] calls it.
        rule: String,
        /// One or two, ascending by index.
        entries: Vec<Logged>,
    },
}

/// Two checkpoints of one log, and why they are not of one tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The one of the smaller tree.
    pub older: SignedCheckpoint,
    /// The one of the larger tree, or of one as large.
    pub newer: SignedCheckpoint,
    /// The root that the newer tree had when it was as large as the older one.
    pub root: Hash,
    /// The proof of that.
    pub consistency: Vec<Hash>,
}

/// An entry, and the proof that the log holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its leaf.
    pub leaf: Vec<u8>,
    /// The text of a C2SP tlog-proof.
    pub proof: String,
}

impl Evidence {
    /// Whether bytes say that they are evidence, be it malformed.
    pub fn is_it(bytes: &[u8]) -> bool {
        json::parse(trimmed(bytes)).is_ok_and(|json| json.get("evidence").is_some())
    }

    /// Reads evidence. One line feed at the end is allowed, as editors leave it.
    ///
    /// # Errors
    /// [`NotEvidence`] for any other spelling than [`Evidence::to_json`]'s.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotEvidence> {
        let json = json::parse(trimmed(bytes))?;
        let Json::Map(members) = &json else { return Err(NotEvidence::Shape("not an object")) };
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        let kind = json.get("evidence").and_then(Json::as_text);
        match (kind, &keys[..]) {
            (Some("fork"), ["consistency", "evidence", "notes", "root"]) => {
                read_fork(&json).map(|fork| Self::Fork(Box::new(fork)))
            }
            (Some("entries"), ["entries", "evidence", "rule"]) => read_entries(&json),
            _ => Err(NotEvidence::Shape("its keys")),
        }
    }

    /// The evidence in canonical JSON.
    pub fn to_json(&self) -> String {
        let json = match self {
            Self::Fork(fork) => {
                let hashes = fork.consistency.iter().map(|hash| Json::text(hash.to_base64()));
                let notes = [&fork.older, &fork.newer].map(|note| Json::text(note.to_string()));
                Json::map([
                    ("consistency", Json::List(hashes.collect())),
                    ("evidence", Json::text("fork")),
                    ("notes", Json::List(notes.into())),
                    ("root", Json::text(fork.root.to_base64())),
                ])
            }
            Self::Entries { rule, entries } => {
                let entries = entries.iter().map(|logged| {
                    Json::map([
                        ("entry", Json::text(base64::encode(&logged.leaf))),
                        ("proof", Json::text(logged.proof.as_str())),
                    ])
                });
                Json::map([
                    ("entries", Json::List(entries.collect())),
                    ("evidence", Json::text("entries")),
                    ("rule", Json::text(rule.as_str())),
                ])
            }
        };
        json.to_canonical()
    }

    /// The log that it is against, as it says; nothing where a proof cannot be read.
    pub fn origin(&self) -> Option<Origin> {
        match self {
            Self::Fork(fork) => Some(fork.older.checkpoint().origin().clone()),
            Self::Entries { entries, .. } => {
                let proof: Proof = entries.first()?.proof.parse().ok()?;
                Some(proof.checkpoint().checkpoint().origin().clone())
            }
        }
    }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n").unwrap_or(bytes)
}

fn read_fork(json: &Json<'_>) -> Result<Fork, NotEvidence> {
    let notes = json.get("notes").and_then(Json::as_list);
    let Some([older, newer]) = notes else { return Err(NotEvidence::Shape("not two notes")) };
    let note = |json: &Json<'_>| match json.as_text() {
        Some(text) => text.parse().map_err(NotEvidence::Checkpoint),
        None => Err(NotEvidence::Shape("a note is no text")),
    };
    let hash = |json: &Json<'_>| {
        let hash = json.as_text().and_then(|text| Hash::from_base64(text).ok());
        hash.ok_or(NotEvidence::Shape("a hash is none"))
    };
    let hashes = json.get("consistency").and_then(Json::as_list);
    let hashes = hashes.filter(|hashes| hashes.len() <= HASHES_MAX);
    let hashes = hashes.ok_or(NotEvidence::Shape("its consistency proof"))?;
    Ok(Fork {
        older: note(older)?,
        newer: note(newer)?,
        root: json.get("root").map_or(Err(NotEvidence::Shape("its root")), hash)?,
        consistency: hashes.iter().map(hash).collect::<Result<_, _>>()?,
    })
}

fn read_entries(json: &Json<'_>) -> Result<Evidence, NotEvidence> {
    let rule = json.get("rule").and_then(Json::as_text);
    let rule = rule.ok_or(NotEvidence::Shape("its rule"))?.to_owned();
    let entries = json.get("entries").and_then(Json::as_list).unwrap_or_default();
    if !matches!(entries.len(), 1 | 2) {
        return Err(NotEvidence::Shape("not one or two entries"));
    }
    let entries = entries.iter().map(|json| {
        let Json::Map(members) = json else { return Err(NotEvidence::Shape("an entry")) };
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        let leaf = json.get("entry").and_then(Json::as_text);
        let leaf = leaf.and_then(|leaf| base64::decode(leaf).ok());
        match (&keys[..], leaf, json.get("proof").and_then(Json::as_text)) {
            (["entry", "proof"], Some(leaf), Some(proof)) => {
                Ok(Logged { leaf, proof: proof.to_owned() })
            }
            _ => Err(NotEvidence::Shape("an entry")),
        }
    });
    Ok(Evidence::Entries { rule, entries: entries.collect::<Result<_, _>>()? })
}
