//! What the commands print with `--json`, beside the verdict of `verify`. Shapes only; `cli/` fills them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::entry::ChainHead;
use super::kept::{Check, Outcome};
use super::{entry, statement, texts};

/// What `onrecord audit --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditReport {
    /// Everything together.
    pub verdict: Outcome,
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries that the audited checkpoint covers.
    pub size: u64,
    /// Root of the audited checkpoint.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// Entries checked by now, those of earlier audits included.
    pub checked: u64,
    /// Entries that earlier audits had checked.
    pub checked_before: u64,
    /// Everything wrong, in the order it was found.
    pub findings: Vec<AuditFinding>,
    /// Entries of this audit, not of those before it, whose rules could not be checked, by why.
    pub rules_not_checked: BTreeMap<String, Vec<u64>>,
    /// What no audit covers, as sentences.
    pub not_checked: Vec<String>,
}

/// One thing that is wrong on a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditFinding {
    /// The entry, or the first one of a tile or checkpoint.
    pub index: u64,
    /// Which fault, such as `prev_link_broken`.
    pub name: String,
    /// What is wrong, as a sentence.
    pub detail: String,
}

/// What `onrecord check --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckReport {
    /// Everything together.
    pub verdict: Outcome,
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries that its newest checkpoint covers.
    pub size: u64,
    /// Root of that checkpoint.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// Everything wrong: what an audit finds, then words and index. Beside the names that `audit` knows, `unreadable`,
    /// `word_altered`, `word_missing`, `word_held` and `index_wrong`.
    pub findings: Vec<AuditFinding>,
    /// What this does not cover, as sentences.
    pub not_checked: Vec<String>,
}

/// What `onrecord backup --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BackupReport {
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries that the newest checkpoint in the backup covers.
    pub size: u64,
    /// Root of that checkpoint.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// Tiles, bundles and packs that were copied this time, or shortened.
    pub copied: u64,
    /// Whether the ledger's keys are in it.
    pub keys: bool,
}

/// What `onrecord restore --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreReport {
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries that its newest checkpoint covers.
    pub size: u64,
    /// Root of that checkpoint.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// Whether the ledger's keys were in the backup.
    pub keys: bool,
    /// Everyone who was asked whether there is more, and knew of no more.
    pub compared: Vec<HolderCompared>,
}

/// Somebody who may hold checkpoints of a ledger, and was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HolderCompared {
    /// Who, such as `the witness https://witness.example`.
    pub holder: String,
    /// Entries under the checkpoint that it holds, which is of the ledger's own tree; absent when it knows nothing of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub size: Option<u64>,
}

/// What `onrecord prove-complete --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompletenessReport {
    /// Everything together.
    pub verdict: Outcome,
    /// The domain, exactly as it was looked for.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// The ledger.
    #[schema(value_type = texts::Origin)]
    pub origin: String,
    /// Entries that the checkpoint covers up to which it was looked.
    pub size: u64,
    /// Root of that checkpoint.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// What the ledger gave as the newest entry. Absent where it gave none, or where there are files alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub newest_given: Option<ChainHead>,
    /// The entries about the domain, newest first.
    pub entries: Vec<ChainEntry>,
    /// Entries that were looked at for something newer than the newest.
    pub scanned: u64,
    /// Entries of a type that is not known: that they are about the domain, only their links say.
    pub taken_from_links: Vec<u64>,
    /// Every check, in order.
    pub checks: Vec<Check>,
    /// Everything wrong, in the order it was found.
    pub findings: Vec<ChainFinding>,
    /// What it shows when it verifies, as sentences.
    pub shows: Vec<String>,
    /// What it does not show, as sentences.
    pub not_shown: Vec<String>,
}

/// One entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainEntry {
    /// Its place in the chain, from 0.
    pub seq: u64,
    /// Its index.
    pub index: u64,
    /// Its leaf hash, in hexadecimal.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
}

/// One thing that is wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChainFinding {
    /// The place in the chain, from 0. Absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seq: Option<u64>,
    /// The entry. Absent where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub index: Option<u64>,
    /// Which fault, such as `gap`.
    pub name: String,
    /// What is wrong, as a sentence that names the place.
    pub detail: String,
}

/// What `onrecord publish --json` prints, a line for each file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Published {
    /// The file that was published. Absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub file: Option<String>,
    /// The entry's index.
    pub index: u64,
    /// The statement's id.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// Whether it was logged now, and not before.
    pub newly: bool,
    /// Where the bundle is.
    pub bundle: String,
}

/// What `onrecord import --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSummary {
    /// Rows of the file.
    pub rows: usize,
    /// Rows that an earlier import had finished.
    pub rows_done_before: usize,
    /// Rows finished now.
    pub rows_done: usize,
    /// Rows that failed now.
    pub rows_failed: usize,
    /// Entries that this import added.
    pub entries_new: usize,
    /// Entries of these rows that were logged before.
    pub entries_before: usize,
    /// Who signed.
    #[schema(value_type = texts::DidKey)]
    pub importer: String,
    /// Why the first failed row failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub first_failure: Option<String>,
}

/// What `onrecord key new --json` and `key show --json` print.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyNames {
    /// The name by which ledgers know the key.
    #[schema(value_type = texts::DidKey)]
    pub did: String,
    /// Its OpenSSH fingerprint, which envelopes carry.
    #[schema(value_type = texts::KeyId)]
    pub fingerprint: String,
    /// Its line in an OpenSSH `.pub` file.
    pub openssh: String,
}

/// What `onrecord show --json` prints.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownEntry {
    /// The entry's index.
    pub index: u64,
    /// The statement's id.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// What was signed, as it was signed.
    #[schema(value_type = statement::Statement)]
    pub statement: Box<RawValue>,
    /// Its words, as far as the bundle has or names them.
    pub words: Vec<ShownWord>,
    /// Words that the bundle neither has nor names.
    pub words_absent: usize,
}

/// A word of a shown entry.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShownWord {
    /// Its name.
    pub name: String,
    /// Whether the bundle has it as public or as sealed.
    pub state: ShownState,
    /// What it says, where the bundle has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<entry::WordValue>, nullable = false)]
    pub value: Option<Box<RawValue>>,
}

/// Where a word of a bundle stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShownState {
    /// The ledger serves it.
    Public,
    /// It was never sent; at most this copy has it.
    Sealed,
}

/// What `onrecord policy show --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyShown {
    /// The logs whose checkpoints it judges, a key each.
    pub logs: Vec<PolicyKey>,
    /// The witnesses it knows.
    pub witnesses: Vec<PolicyKey>,
    /// Names of witnesses that the quorum does not name.
    pub not_counted: Vec<String>,
    /// Who must have cosigned; absent where nobody must.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quorum: Option<PolicyQuorum>,
    /// The fewest witnesses that meet the quorum.
    pub fewest: u64,
    /// How many witnesses of the quorum may be away, whichever they are, so that it is still met.
    pub may_be_away: u64,
}

/// A log or a witness of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyKey {
    /// The origin of a log, or what the file calls a witness.
    pub name: String,
    /// Its verifier key (C2SP signed-note).
    pub key: String,
    /// Where it answers, where the file says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub url: Option<String>,
}

/// A witness, or a group of which enough must have cosigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyQuorum {
    /// What the file calls it.
    pub name: String,
    /// How many of the members; absent for a witness.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub threshold: Option<u64>,
    /// Of a group: witnesses and groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(no_recursion)]
    pub members: Vec<PolicyQuorum>,
}

/// What `onrecord policy check --json` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyReport {
    /// Everything together.
    pub verdict: Outcome,
    /// Everyone who was asked.
    pub parts: Vec<PolicyPart>,
    /// What this does not cover, as sentences.
    pub not_checked: Vec<String>,
}

/// A log or a witness that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyPart {
    /// What it is.
    pub kind: PolicyPartKind,
    /// The origin of a log, or what the file calls a witness.
    pub name: String,
    /// Where it was asked.
    pub url: String,
    /// What its answer was held against.
    pub checks: Vec<Check>,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyPartKind {
    /// A log, at `/checkpoint`.
    Log,
    /// A witness, at `/{SHA-256 of an origin}/checkpoint`.
    Witness,
}
