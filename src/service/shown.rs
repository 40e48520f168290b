//! What a view shows: entries, words, threads and organizations as of one checkpoint. How they are found is
//! in `view`.

use bytes::Bytes;

use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::entry::Entry;
use crate::ledger::WordState;
use crate::statement::StatementId;

/// An entry with its words in their present state.
#[derive(Debug, Clone)]
pub struct EntryView {
    /// Its leaf.
    pub leaf: Bytes,
    /// The leaf's hash.
    pub leaf_hash: Hash,
    /// What the leaf says.
    pub entry: Entry,
    /// Its words, in the order of `_sd`.
    pub words: Vec<WordView>,
    /// The thread it belongs to.
    pub thread: Option<StatementId>,
    /// Where the thread was imported from: then its signer is an importer and not a party.
    pub imported_from: Option<Domain>,
}

/// A word of an entry.
#[derive(Debug, Clone)]
pub struct WordView {
    /// Its digest.
    pub digest: Hash,
    /// Its name, unless it was erased without ever being sealed by name.
    pub name: Option<String>,
    /// What it says, if it is public.
    pub value: Option<Json<'static>>,
    /// The disclosure, if it is public.
    pub disclosure: Option<String>,
    /// What became of it.
    pub state: WordState,
}

/// Some entries, newest first, and where the next page begins.
#[derive(Debug, Clone)]
pub struct Page {
    /// The entries.
    pub entries: Vec<EntryView>,
    /// Cursor of the next page, if there are more.
    pub next: Option<u64>,
}

/// A thread.
#[derive(Debug, Clone)]
pub struct ThreadView {
    /// The id of its agreement.
    pub id: StatementId,
    /// The agreement's entry.
    pub index: u64,
    /// The organizations in it.
    pub subjects: Vec<Domain>,
    /// Who signed the agreement.
    pub signers: Vec<DidKey>,
    /// Its entries, or some of them, oldest first.
    pub entries: Vec<EntryView>,
    /// Cursor of the entries before these, if there are any.
    pub next: Option<u64>,
}

/// An organization.
#[derive(Debug, Clone)]
pub struct OrganizationView {
    /// Its name.
    pub domain: Domain,
    /// Entries about it.
    pub entries_total: u64,
    /// Index, place in its chain and leaf hash of the newest.
    pub newest: (u64, u64, Hash),
}
