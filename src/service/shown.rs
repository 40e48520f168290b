//! What a view shows: entries, words, threads and organizations as of one checkpoint. How they are found is
//! in `view`.

use bytes::Bytes;

use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::json::Json;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::ledger::WordState;
use crate::statement::{Disclosure, StatementId};

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
    /// The decision by which the entry itself is withheld. What it says is for nobody's eyes then, though its
    /// leaf stands in the tiles.
    pub withheld: Option<Decision>,
}

/// A decision of the operator about words or an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Its entry.
    pub index: u64,
    /// The leaf hash of its entry.
    pub leaf_hash: Hash,
    /// When it was logged.
    pub time: Moment,
    /// On what ground, as the statement writes it.
    pub ground: String,
    /// What led to it, as the statement writes it.
    pub source: String,
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
    /// The decision by which it is withheld.
    pub withheld: Option<Decision>,
}

impl EntryView {
    /// Its title, when it has a public one.
    pub fn title(&self) -> Option<&str> {
        let word = self.words.iter().find(|word| word.name.as_deref() == Some("title"))?;
        word.value.as_ref()?.as_text()
    }
}

impl WordView {
    /// A word in its state, with the disclosure that the ledger holds. Its name is known where it was sealed by
    /// name or is held.
    pub fn new(
        digest: Hash,
        sealed_name: Option<String>,
        state: WordState,
        held: Option<String>,
    ) -> Self {
        let read = held.as_ref().and_then(|text| Disclosure::parse(text).ok());
        let name = read.as_ref().map(|word| word.name().to_owned()).or(sealed_name);
        let is_public = matches!(state, WordState::Public { .. });
        // Words that went between the two look-ups were erased meanwhile.
        let state = if held.is_none() && is_public { WordState::Erased } else { state };
        let value = read.filter(|_| is_public).map(|word| word.value().clone());
        Self { digest, name, value, disclosure: held.filter(|_| is_public), state, withheld: None }
    }

    /// Stops showing it, if it was shown.
    pub fn withhold(&mut self, decision: &Decision) {
        if let WordState::Public { held_by } | WordState::Withheld { held_by } = self.state {
            self.state = WordState::Withheld { held_by };
            self.value = None;
            self.disclosure = None;
            self.withheld = Some(decision.clone());
        }
    }
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
