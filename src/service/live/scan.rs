//! What a reader has yet to see, read from the ledger in bounded steps: the part of a stream that is not held in
//! rendered form. Not how it is rendered.

use super::filter::{About, Filter};
use crate::crypto::Hash;
use crate::entry::Entry;
use crate::service::{EntryView, LookupError, View};
use crate::statement::membership::Outline;
use crate::statement::{Effect, Statement, StatementId};

/// Entries looked at in one step, whether they pass or not: some 20 µs each where they do not.
const LOOKED_AT_MAX: u64 = 1_024;

/// An entry and what its followers ask of it.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The entry, with its words in their present state.
    pub view: EntryView,
    /// What filters ask of it.
    pub about: About,
    /// The words it erases, if it erases any.
    pub erases: Option<Erases>,
}

/// Words that an entry erases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erases {
    /// Index of the entry they belong to.
    pub index: u64,
    /// The id of its statement.
    pub id: StatementId,
    /// Its leaf hash.
    pub leaf_hash: Hash,
    /// What filters ask of it.
    pub about: About,
    /// The digests of the words.
    pub digests: Vec<Hash>,
}

/// One step through the ledger.
#[derive(Debug, Clone)]
pub struct Scan {
    /// What passes, in order: whole, or only for the words it erases.
    pub found: Vec<(Followed, bool)>,
    /// Where the next step begins.
    pub next: u64,
}

impl View {
    /// An entry and what its followers ask of it; nothing beyond the checkpoint.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn followed(&self, index: u64) -> Result<Option<Followed>, LookupError> {
        let Some(view) = self.entry(index)? else { return Ok(None) };
        let about = About::of(&view);
        let erases = self.erases(&view.entry)?;
        Ok(Some(Followed { view, about, erases }))
    }

    fn erases(&self, entry: &Entry) -> Result<Option<Erases>, LookupError> {
        let Ok(statement) = Statement::read(entry.envelope.payload()) else { return Ok(None) };
        let Effect::Erases(digests) = statement.rules().effect else { return Ok(None) };
        let Some(id) = statement.membership().re else { return Ok(None) };
        let Some(index) = self.find(&id)? else { return Ok(None) };
        let target = self.lookup().entry(index)?;
        let thread = self.lookup().thread_of_entry(target.clone())?;
        let (about, digests) = (about(&target, thread), digests.to_vec());
        let leaf_hash = self.lookup().leaf_hash(index)?;
        Ok(Some(Erases { index, id, leaf_hash, about, digests }))
    }

    /// Looks for entries that pass the filter, from the cursor on: until some were found whose sizes, as `size`
    /// tells them, come to `size_max`, or a bounded number was looked at.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn scan(
        &self,
        cursor: u64,
        filter: &Filter,
        size_max: usize,
        size: impl Fn(&Followed) -> usize,
    ) -> Result<Scan, LookupError> {
        let end = self.size().min(cursor.saturating_add(LOOKED_AT_MAX));
        let mut scan = Scan { found: Vec::new(), next: cursor };
        let mut found = 0;
        while scan.next < end && found < size_max {
            let index = scan.next;
            scan.next += 1;
            if !self.may_pass(index, filter)? {
                continue;
            }
            let Some(followed) = self.followed(index)? else { continue };
            let whole = filter.takes(&followed.about);
            if whole || followed.erases.as_ref().is_some_and(|erases| filter.takes(&erases.about)) {
                found += size(&followed);
                scan.found.push((followed, whole));
            }
        }
        Ok(scan)
    }

    /// A quick look that is never wrong when it says no.
    fn may_pass(&self, index: u64, filter: &Filter) -> Result<bool, LookupError> {
        if *filter == Filter::default() {
            return Ok(true);
        }
        let Some(leaf) = self.lookup().leaf(index)? else { return Ok(false) };
        // The links name each organization in full, and nothing else in a leaf has such a key.
        let names = |domain: &str| {
            let leaf = std::str::from_utf8(&leaf).unwrap_or_default();
            leaf.contains(&format!("\"{domain}\":{{"))
        };
        if filter.domain.as_ref().is_some_and(|domain| !names(domain.as_str())) {
            return Ok(false);
        }
        if filter.kind.is_none() && filter.thread.is_none() {
            return Ok(true);
        }
        let entry = Entry::parse(&leaf).map_err(|error| LookupError::BadLeaf { index, error })?;
        let Some(outline) = Outline::read(entry.envelope.payload()) else { return Ok(true) };
        let membership = outline.membership();
        // What is about another entry may erase its words, and belongs to that one's thread.
        if membership.re.is_some() {
            return Ok(true);
        }
        let of_kind = filter.kind.as_ref().is_none_or(|kind| kind == outline.kind());
        let of_thread = filter.thread.is_none_or(|thread| {
            membership.thread == Some(thread)
                || (membership.opens_thread && entry.envelope.id() == thread)
        });
        Ok(of_kind && of_thread)
    }
}

impl About {
    /// What filters ask of this entry.
    pub fn of(view: &EntryView) -> Self {
        about(&view.entry, view.thread)
    }
}

fn about(entry: &Entry, thread: Option<StatementId>) -> About {
    let outline = Outline::read(entry.envelope.payload());
    About {
        kind: outline.map(|outline| outline.kind().to_owned()).unwrap_or_default(),
        subjects: entry.links.subjects.iter().map(|(domain, _)| domain.clone()).collect(),
        thread,
    }
}
