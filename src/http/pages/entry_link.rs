//! How a page of an entry is addressed: `{index}-{hash}`, with the first 32 hexadecimal digits of the
//! leaf hash (protocol §11). A link whose entry is another one leads nowhere.

use std::fmt;

use crate::crypto::Hash;
use crate::service::{EntryView, LookupError, View};

const HASH_DIGITS: usize = 32;

/// `{index}-{hash}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryLink {
    index: u64,
    hash: String,
}

impl EntryLink {
    /// The link of the entry at that index with that leaf hash.
    pub fn new(index: u64, leaf_hash: &Hash) -> Self {
        let mut hash = leaf_hash.to_hex();
        hash.truncate(HASH_DIGITS);
        Self { index, hash }
    }

    /// The link of this entry.
    pub fn of(view: &EntryView) -> Self {
        Self::new(view.entry.index, &view.leaf_hash)
    }

    /// Reads a link in its one spelling.
    pub fn parse(text: &str) -> Option<Self> {
        let (index, hash) = text.split_once('-')?;
        let is_hex = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let link = Self { index: index.parse().ok()?, hash: hash.to_owned() };
        (is_hex && hash.len() == HASH_DIGITS && link.to_string() == text).then_some(link)
    }

    /// The index it names.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The entry that a link names, if there is one with that hash.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(text: &str, view: &View) -> Result<Option<EntryView>, LookupError> {
        let Some(link) = Self::parse(text) else { return Ok(None) };
        Ok(view.entry(link.index)?.filter(|found| link == Self::of(found)))
    }

    /// The path of the page of the thread that the entry opened.
    pub fn thread_path(&self) -> String {
        format!("/t/{self}")
    }

    /// The path of the page that shows how other sites show the entry.
    pub fn builder_path(&self) -> String {
        format!("/embed?entry={self}")
    }

    /// The path of the entry's page.
    pub fn path(&self) -> String {
        format!("/e/{self}")
    }
}

impl fmt::Display for EntryLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.index, self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_one_spelling() {
        let link = EntryLink::new(41, &crate::crypto::sha256(b"leaf"));
        let text = link.to_string();
        assert_eq!(EntryLink::parse(&text), Some(link));
        let digits = &text[3..];
        for wrong in [
            format!("041-{digits}"),
            format!("+41-{digits}"),
            format!("41-{}", digits.to_uppercase()),
            format!("41-{}", &digits[1..]),
            format!("41-{digits}0"),
            format!("41{digits}"),
            "41-".to_owned(),
            String::new(),
        ] {
            assert_eq!(EntryLink::parse(&wrong), None, "{wrong}");
        }
    }
}
