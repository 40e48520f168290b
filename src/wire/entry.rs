//! Entries, threads, organizations and lists as the API answers them (protocol §11). Signed parts
//! are passed through as the bytes they are, never parsed and written again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::texts;
use super::thread_state::ThreadState;

/// The checkpoint an answer was made at. Nothing in the answer lies beyond it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Meta {
    /// Number of entries the checkpoint covers.
    pub checkpoint_size: u64,
    /// Root hash of the tree of that size, in base64 as the checkpoint and `seen` write it.
    #[schema(value_type = texts::HashBase64)]
    pub root: String,
    /// Time of the newest entry covered.
    #[schema(value_type = texts::EntryTime)]
    pub as_of: String,
    /// In a list that is narrowed to kinds or times: the oldest entry that was looked at. No more of this list is in
    /// what follows it; what is before it, `next` goes on with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub looked_back_to: Option<u64>,
}

/// One entry.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Entry {
    /// Place in the ledger, from 0.
    pub index: u64,
    /// RFC 6962 leaf hash, in hexadecimal; its first 32 digits are in the links to pages.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
    /// The statement's id.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// When the ledger admitted it.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// The leaf, byte for byte, in base64: check this, not the convenient copies beside it. Absent when the entry
    /// is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::Base64>, nullable = false)]
    pub entry: Option<String>,
    /// The signed statement. Absent when the entry is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<super::statement::Statement>, nullable = false)]
    pub statement: Option<Box<RawValue>>,
    /// The hash chains.
    #[schema(value_type = Links)]
    pub links: Box<RawValue>,
    /// One for each digest the statement commits to.
    pub disclosures: Vec<Word>,
    /// Where its thread was imported from. Then its signer is an importer and not a party.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::DomainName>, nullable = false)]
    pub imported_from: Option<String>,
    /// The decision by which the entry itself is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withheld: Option<Decision>,
    /// Where to read on.
    pub urls: Urls,
    /// The checkpoint this was read at. In lists it stands once, beside the entries.
    #[serde(rename = "_meta", default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub meta: Option<Meta>,
}

/// What is known of one disclosure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Word {
    /// The digest the statement commits to.
    #[schema(value_type = texts::Digest)]
    pub digest: String,
    /// What the word is, such as `title`. Absent when the ledger cannot know it any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// The word itself, when it is public: a text, an integer, a boolean or one flat object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<WordValue>, nullable = false)]
    pub value: Option<Box<RawValue>>,
    /// Who may read it.
    pub state: WordState,
    /// The decision by which it is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withheld: Option<Decision>,
}

/// A decision of the operator, which is an entry of kind `moderation`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    /// Index of its entry.
    pub index: u64,
    /// When it was logged.
    #[schema(value_type = texts::EntryTime)]
    pub time: String,
    /// On what ground.
    pub ground: String,
    /// What led to it.
    pub source: String,
}

/// The value of a public disclosure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum WordValue {
    /// A text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A yes or no.
    Boolean(bool),
    /// Named texts, integers and booleans.
    Object(BTreeMap<String, WordScalar>),
}

/// A text, an integer or a boolean.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum WordScalar {
    /// A text.
    Text(String),
    /// An integer.
    Integer(i64),
    /// A yes or no.
    Boolean(bool),
}

/// Who may read a disclosure (protocol §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WordState {
    /// The ledger holds it and serves it.
    Public,
    /// It was never uploaded.
    Sealed,
    /// The ledger holds it and does not serve it.
    Withheld,
    /// Value and salt are deleted for good.
    Erased,
}

/// Where to read on about an entry. Absolute links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Urls {
    /// The entry by its number.
    pub entry: String,
    /// The entry by its statement's id.
    pub statement: String,
    /// What to keep of it.
    pub bundle: String,
    /// That it is in the ledger.
    pub proof: String,
    /// The thread it belongs to. Absent when it belongs to none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub thread: Option<String>,
}

/// The hash chains an entry carries (protocol §6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Links {
    /// Leaf hash of the entry before. Absent at index 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::HashBase64>, nullable = false)]
    pub prev: Option<String>,
    /// The chain of its thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub thread: Option<Link>,
    /// The chain of each organization it names, by domain.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    pub subjects: BTreeMap<String, Link>,
    /// The chain of each signer, by did:key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(required = false)]
    pub signers: BTreeMap<String, Link>,
}

/// One step of a chain: `{"seq":0}` at its first entry, else a pointer to the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Index of the chain's entry before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub index: Option<u64>,
    /// Leaf hash of the chain's entry before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::HashBase64>, nullable = false)]
    pub prev: Option<String>,
    /// Place in the chain, from 0.
    pub seq: u64,
}

/// A page of entries, newest first.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct EntryList {
    /// The entries, without `_meta` of their own. A list that is narrowed may have fewer than `limit`, and still a
    /// next page.
    pub entries: Vec<Entry>,
    /// The `cursor` of the next page. Absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<u64>,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// An agreement and everything said about it since.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Thread {
    /// The agreement's statement id, which names the thread.
    #[schema(value_type = texts::StatementId)]
    pub id: String,
    /// Index of the agreement.
    pub index: u64,
    /// The organizations the agreement is with.
    #[schema(value_type = Vec<texts::DomainName>)]
    pub subjects: Vec<String>,
    /// Who signed the agreement.
    #[schema(value_type = Vec<texts::DidKey>)]
    pub signers: Vec<String>,
    /// What all its entries and the calendar come to, as of now. Absent when the agreement is withheld.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub state: Option<ThreadState>,
    /// The newest of its entries, oldest first, without `_meta` of their own.
    pub entries: Vec<Entry>,
    /// The `cursor` of the entries before these. Absent when the agreement is among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next: Option<u64>,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// What the ledger holds about one domain name, exactly as written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organization {
    /// The domain.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// Number of entries in its chain.
    pub entries_total: u64,
    /// The newest of them: compare with the chain walked back from here.
    pub newest: ChainHead,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// Organizations that the ledger knows, ascending by domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrganizationList {
    /// The organizations, without `_meta` of their own.
    pub organizations: Vec<ListedOrganization>,
    /// The `cursor` of the next page. Absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<texts::DomainName>, nullable = false)]
    pub next: Option<String>,
    /// The checkpoint this was read at.
    #[serde(rename = "_meta")]
    pub meta: Meta,
}

/// One organization of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ListedOrganization {
    /// The domain.
    #[schema(value_type = texts::DomainName)]
    pub domain: String,
    /// Number of entries in its chain.
    pub entries_total: u64,
    /// The newest of them.
    pub newest: ChainHead,
}

/// The newest entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ChainHead {
    /// Its index.
    pub index: u64,
    /// Its place in the chain, from 0.
    pub seq: u64,
    /// Its leaf hash, in hexadecimal.
    #[schema(value_type = texts::HashHex)]
    pub leaf_hash: String,
}
