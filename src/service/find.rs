//! What one box for everything finds: an entry by its number, its link, its leaf hash or its statement's id, an
//! organization by its domain, or entries by words of their public titles.

use super::lookup::LookupError;
use super::shown::Page;
use super::view::View;
use crate::encoding::domain::Domain;
use crate::encoding::hex;
use crate::statement::StatementId;

/// Hexadecimal digits of a leaf hash in links (protocol §11).
const LINK_DIGITS: usize = 32;

/// How a query was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundBy {
    /// As the number of an entry.
    EntryNumber,
    /// As the link to an entry.
    Link,
    /// As a leaf hash, or its first 32 digits.
    LeafHash,
    /// As a statement's id.
    StatementId,
    /// As a domain that the ledger has entries about.
    Domain(Domain),
    /// As words of titles.
    Words,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// How the query was understood.
    pub by: FoundBy,
    /// The entries, newest first.
    pub page: Page,
}

impl View {
    /// Finds what a query names: the first that there is of entry, organization and words of titles. With a
    /// cursor, from that entry on.
    ///
    /// # Errors
    /// [`LookupError`]; [`LookupError::SearchBuilding`] for words and leaf hashes after a start.
    pub fn search(
        &self,
        query: &str,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Found, LookupError> {
        let query = query.trim();
        if let Some((by, index)) = self.entry_named(query)? {
            let indices: Vec<u64> =
                cursor.is_none_or(|cursor| cursor >= index).then_some(index).into_iter().collect();
            return Ok(Found { by, page: self.page(&indices, None)? });
        }
        if let Ok(domain) = Domain::from_typed(query)
            && self.organization(&domain)?.is_some()
        {
            let page = self.organization_entries(&domain, cursor, limit)?;
            let page = page.unwrap_or(Page { entries: Vec::new(), next: None });
            return Ok(Found { by: FoundBy::Domain(domain), page });
        }
        Ok(Found { by: FoundBy::Words, page: self.with_title(query, cursor, limit)? })
    }

    fn with_title(
        &self,
        text: &str,
        cursor: Option<u64>,
        limit: usize,
    ) -> Result<Page, LookupError> {
        let end = cursor.map_or(self.size(), |cursor| cursor.saturating_add(1).min(self.size()));
        let mut indices = self.lookup().search().titles(text, end, limit + 1, self.lookup())?;
        let next = indices.get(limit).copied();
        indices.truncate(limit);
        let mut page = self.page(&indices, next)?;
        // A title that is withheld is not found by its words.
        page.entries.retain(|entry| entry.title().is_some());
        Ok(page)
    }

    /// The one entry that a query names, if it has the form of a name of one.
    fn entry_named(&self, query: &str) -> Result<Option<(FoundBy, u64)>, LookupError> {
        if let Some(index) = number(query).filter(|index| *index < self.size()) {
            return Ok(Some((FoundBy::EntryNumber, index)));
        }
        if let Ok(id) = query.to_ascii_lowercase().parse::<StatementId>() {
            return Ok(self.find(&id)?.map(|index| (FoundBy::StatementId, index)));
        }
        if let Some((index, hash)) = link(query) {
            let found = self.by_leaf_hash(&hash)?.filter(|found| *found == index);
            return Ok(found.map(|index| (FoundBy::Link, index)));
        }
        let found = self.by_leaf_hash(&query.to_ascii_lowercase())?;
        Ok(found.map(|index| (FoundBy::LeafHash, index)))
    }

    /// The entry whose leaf hash has these digits, all 64 or the 32 of links.
    fn by_leaf_hash(&self, digits: &str) -> Result<Option<u64>, LookupError> {
        let Some((front, back)) = digits.split_at_checked(LINK_DIGITS) else { return Ok(None) };
        let Ok(first) = hex::decode_array::<16>(front) else { return Ok(None) };
        let rest = match back {
            "" => Vec::new(),
            back => match hex::decode_array::<16>(back) {
                Ok(rest) => rest.to_vec(),
                Err(_) => return Ok(None),
            },
        };
        self.lookup().search().leaf_hash(&first, &rest, self.size(), self.lookup())
    }
}

/// An entry's number, with or without the sign that people put before it.
fn number(query: &str) -> Option<u64> {
    let digits = query.strip_prefix('#').unwrap_or(query);
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// The end of a link to an entry, `{index}-{hash}`: with the whole link before it, or without.
fn link(query: &str) -> Option<(u64, String)> {
    let (index, hash) = query.rsplit('/').next()?.split_once('-')?;
    let is_hash = hash.len() == LINK_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some((number(index)?, is_hash.then(|| hash.to_ascii_lowercase())?))
}
