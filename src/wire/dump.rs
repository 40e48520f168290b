//! Dumps: every entry as a line or row, and the manifest that binds the files to a signed checkpoint (protocol §11).
//! Shapes only; `service/dump/` makes and checks them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::entry::{self, WordState};
use super::kept::{Check, Outcome};
use super::{statement, texts};

/// One line of a dump: an entry, with its words as they are public when the dump is made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DumpRow {
    /// Place in the ledger, from 0.
    pub index: u64,
    /// RFC 6962 leaf hash, in hexadecimal.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
    /// The statement's id.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// The leaf, byte for byte, in base64.
    #[schema(value_type = texts::Base64)]
    pub entry: String,
    /// The signed statement, as it stands in the leaf.
    #[schema(value_type = statement::Statement)]
    pub statement: Box<RawValue>,
    /// The hash chains, as they stand in the leaf.
    #[schema(value_type = entry::Links)]
    pub links: Box<RawValue>,
    /// The thread it belongs to. Absent when it belongs to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::StatementId>, nullable = false)]
    pub thread: Option<String>,
    /// Where its thread was imported from. Then its signer is an importer and not a party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::DomainName>, nullable = false)]
    pub imported_from: Option<String>,
    /// One for each digest the statement commits to.
    pub disclosures: Vec<DumpWord>,
}

/// What is known of one disclosure when the dump is made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DumpWord {
    /// The digest the statement commits to.
    #[schema(value_type = texts::Digest)]
    pub digest: String,
    /// What the word is, such as `title`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The word itself, when it is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<entry::WordValue>, nullable = false)]
    pub value: Option<Box<RawValue>>,
    /// Who may read it.
    pub state: WordState,
    /// The disclosure, when it is public: its SHA-256 is the digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Disclosure>, nullable = false)]
    pub disclosure: Option<String>,
}

/// What a dump is of. The signature in it is the log's, over size and root; the entries in the files have that root,
/// and the other hashes follow from the entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DumpManifest {
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// The checkpoint, a signed note, as the ledger gave it.
    pub checkpoint: String,
    /// Entries that the checkpoint covers: the dump ends before this index.
    pub size: u64,
    /// Root of that checkpoint.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// The first entry of the dump.
    pub from: u64,
    /// The roots of the complete subtrees before the first entry, the largest first: with them, the entries of the dump
    /// have the root of the checkpoint. Absent when the dump begins with entry 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<texts::HashBase64>, required = false, max_items = 64)]
    pub before: Vec<String>,
    /// How many words there are in each state.
    pub words: DumpWords,
    /// The files beside the manifest.
    pub files: Vec<DumpFile>,
}

/// How many words of a dump are in each state, as the ledger says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DumpWords {
    /// In the dump.
    pub public: u64,
    /// Never uploaded.
    pub sealed: u64,
    /// Held by the ledger and not served.
    pub withheld: u64,
    /// Deleted for good.
    pub erased: u64,
}

/// One file of a dump.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DumpFile {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// SHA-256 of its bytes.
    #[schema(value_type = texts::HashHex)]
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its entries; a header is none.
    pub rows: u64,
}

/// What `onrecord dump --check --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DumpCheck {
    /// Everything together.
    pub verdict: Outcome,
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries that its checkpoint covers.
    pub size: u64,
    /// The first entry of the dump.
    pub from: u64,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// What no check covers, as sentences.
    pub not_checked: Vec<String>,
}
