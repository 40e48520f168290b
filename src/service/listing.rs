//! Lists that are narrowed: to kinds of statement, to times. No list is looked through without a bound: what one
//! request does not reach, the next one goes on with (protocol §11).

use super::lookup::LookupError;
use super::shown::{OrganizationView, Page, ThreadView};
use super::view::View;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::statement::membership::Outline;
use crate::statement::{STATEMENT_TYPE, StatementId};

/// Entries that one request looks at: twice as many as it can show, at 50 µs each 50 ms.
const LOOKED_MAX: usize = 1000;

/// What is wanted of a list. Everything, when nothing is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Kinds of statement; any when there is none.
    pub kinds: Vec<String>,
    /// No entry that was admitted before.
    pub from: Option<Moment>,
    /// No entry that was admitted then or later.
    pub to: Option<Moment>,
}

/// A list as far as it was looked through.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// What was found.
    pub found: T,
    /// The oldest entry that was looked at, where not everything is wanted.
    pub looked_back_to: Option<u64>,
}

impl Filter {
    /// Whether it leaves nothing out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn wants(&self, entry: &Entry) -> bool {
        let in_time = self.to.is_none_or(|to| entry.time < to)
            && self.from.is_none_or(|from| entry.time >= from);
        in_time && (self.kinds.is_empty() || self.kinds.iter().any(|kind| is_of(entry, kind)))
    }

    /// Whether no entry before this one can be wanted: none is dated after one that follows it.
    fn ends_at(&self, entry: &Entry) -> bool {
        self.from.is_some_and(|from| entry.time < from)
    }
}

fn is_of(entry: &Entry, kind: &str) -> bool {
    entry.envelope.payload_type() == STATEMENT_TYPE
        && Outline::read(entry.envelope.payload()).is_some_and(|outline| outline.kind() == kind)
}

/// What a bounded look came to.
struct Looked {
    wanted: Vec<u64>,
    next: Option<u64>,
    back_to: Option<u64>,
}

impl View {
    /// Entries of the ledger, newest first, from the cursor's on.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn list(
        &self,
        filter: &Filter,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Listed<Page>, LookupError> {
        if filter.is_empty() {
            let found = self.newest(cursor, limit)?;
            return Ok(Listed { found, looked_back_to: None });
        }
        let end = cursor.map_or(self.size(), |cursor| cursor.saturating_add(1).min(self.size()));
        let end = match filter.to {
            Some(to) => self.first_at(to)?.min(end),
            None => end,
        };
        let looked = self.look(end.checked_sub(1), filter, limit, |e| e.index.checked_sub(1))?;
        self.listed(looked)
    }

    /// Entries about an organization, newest first, from the cursor's on. A cursor that is no entry about it, and a
    /// domain that no entry names, give nothing.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn list_about(
        &self,
        domain: &Domain,
        filter: &Filter,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Option<Listed<Page>>, LookupError> {
        let first = if filter.is_empty() { limit } else { 1 };
        let Some(page) = self.organization_entries(domain, cursor, first)? else { return Ok(None) };
        if filter.is_empty() {
            return Ok(Some(Listed { found: page, looked_back_to: None }));
        }
        let start = page.entries.first().map(|entry| entry.entry.index);
        let before = |entry: &Entry| {
            let link = entry.links.subjects.iter().find(|(subject, _)| subject == domain);
            link?.1.before().map(|(index, _)| index)
        };
        let looked = self.look(start, filter, limit, before)?;
        self.listed(looked).map(Some)
    }

    /// The organizations that entries name, from this domain on, ascending; and the one that comes after them.
    ///
    /// # Errors
    /// [`LookupError`]; [`LookupError::SearchBuilding`] after a start.
    pub fn organizations(
        &self,
        from: Option<&Domain>,
        limit: usize,
    ) -> Result<(Vec<OrganizationView>, Option<Domain>), LookupError> {
        let search = self.lookup().search();
        let mut domains = search.domains(from, self.size(), limit + 1, self.lookup())?;
        let next = if domains.len() > limit { domains.pop() } else { None };
        let mut found = Vec::with_capacity(domains.len());
        for domain in &domains {
            found.extend(self.organization(domain)?);
        }
        Ok((found, next))
    }

    /// A thread with those of its entries that are wanted, as [`View::thread`] gives it.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn list_thread(
        &self,
        id: &StatementId,
        filter: &Filter,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Option<Listed<ThreadView>>, LookupError> {
        let first = if filter.is_empty() { limit } else { 1 };
        let Some(thread) = self.thread(id, cursor, first)? else { return Ok(None) };
        if filter.is_empty() {
            return Ok(Some(Listed { found: thread, looked_back_to: None }));
        }
        let start = thread.entries.last().map(|entry| entry.entry.index);
        let before = |entry: &Entry| entry.links.thread?.before().map(|(index, _)| index);
        let looked = self.look(start, filter, limit, before)?;
        let Listed { found: page, looked_back_to } = self.listed(looked)?;
        let (mut entries, next) = (page.entries, page.next);
        entries.reverse();
        Ok(Some(Listed { found: ThreadView { entries, next, ..thread }, looked_back_to }))
    }

    fn listed(&self, looked: Looked) -> Result<Listed<Page>, LookupError> {
        let found = self.page(&looked.wanted, looked.next)?;
        Ok(Listed { found, looked_back_to: looked.back_to })
    }

    fn look(
        &self,
        start: Option<u64>,
        filter: &Filter,
        limit: usize,
        before: impl Fn(&Entry) -> Option<u64>,
    ) -> Result<Looked, LookupError> {
        let mut looked = Looked { wanted: Vec::new(), next: start, back_to: None };
        for _ in 0..LOOKED_MAX {
            let Some(index) = looked.next.filter(|_| looked.wanted.len() < limit) else { break };
            let entry = self.lookup().entry(index)?;
            looked.back_to = Some(index);
            if filter.ends_at(&entry) {
                looked.next = None;
                break;
            }
            if filter.wants(&entry) {
                looked.wanted.push(index);
            }
            let older = before(&entry);
            if older.is_some_and(|older| older >= index) {
                let what = "a chain does not lead back";
                return Err(LookupError::Inconsistent { index, what });
            }
            looked.next = older;
        }
        Ok(looked)
    }

    /// The first entry that was admitted at that time or later; the size when there is none.
    fn first_at(&self, time: Moment) -> Result<u64, LookupError> {
        let (mut low, mut high) = (0, self.size());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.lookup().entry(middle)?.time < time {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}
