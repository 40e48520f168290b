//! Which entry somebody means who names it in their own words: by its number, its link, the address of one of its
//! pages, its leaf hash or the id of its statement.

use super::find;
use crate::encoding::hex;
use crate::http::error::Failure;
use crate::http::pages::entry_link::EntryLink;
use crate::service::{EntryView, FoundBy, View};
use crate::statement::StatementId;
use crate::wire::Reason;

/// Paths that end in the link of an entry.
const PAGES: [&str; 5] = ["/e/", "/t/", "/badge/", "/embed/", "/api/v1/entries/"];
/// What may stand behind it.
const ENDINGS: [&str; 4] = [".json", ".svg", "/bundle", "/proof"];

/// What was found.
pub enum Asked {
    /// The entry.
    Entry(Box<EntryView>),
    /// Nothing has that name.
    Nothing,
    /// It is an address of another site.
    Elsewhere,
}

/// Finds the entry; `ledger` is the address of this ledger, without a slash at its end.
///
/// # Errors
/// When it cannot be looked up.
pub fn look_up(view: &View, ledger: &str, text: &str) -> Result<Asked, Failure> {
    let Some(name) = name_in(ledger, text.trim()) else { return Ok(Asked::Elsewhere) };
    let found = match find(view, name) {
        Err(failure) if failure.reason() == Reason::NotFound => by_other_names(view, name)?,
        found => Some(found?),
    };
    Ok(found.map_or(Asked::Nothing, |entry| Asked::Entry(Box::new(entry))))
}

/// What names the entry in it. None when it is an address, and not one of this ledger.
fn name_in<'a>(ledger: &str, text: &'a str) -> Option<&'a str> {
    let schemeless = |url: &'a str| url.split_once("://").map_or(url, |(_, rest)| rest);
    if !text.contains('/') {
        return Some(text);
    }
    let own = ledger.split_once("://").map_or(ledger, |(_, rest)| rest);
    let path = schemeless(text).strip_prefix(own).filter(|path| path.starts_with('/'))?;
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let path = &path[..end];
    let name = PAGES.iter().find_map(|page| path.strip_prefix(page)).unwrap_or_default();
    Some(ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name))
}

fn by_other_names(view: &View, name: &str) -> Result<Option<EntryView>, Failure> {
    let number = name.strip_prefix('#').unwrap_or(name);
    if let Ok(index) = number.parse::<u64>() {
        return Ok(view.entry(index)?);
    }
    if let Ok(id) = name.to_ascii_lowercase().parse::<StatementId>() {
        let index = view.find(&id)?;
        return Ok(index.map(|index| view.entry(index)).transpose()?.flatten());
    }
    if !is_leaf_hash(name) {
        return Ok(None);
    }
    let found = view.search(name, None, 1)?;
    let is_named = matches!(found.by, FoundBy::LeafHash);
    Ok(found.page.entries.into_iter().next().filter(|_| is_named))
}

/// Whether it is a leaf hash, or its digits in links.
fn is_leaf_hash(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let in_link = EntryLink::parse(&format!("0-{lower}")).is_some();
    in_link || hex::decode_array::<32>(&lower).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_entry_is_found_in_every_address_of_it() {
        let ledger = "https://ledger.example/2026";
        for (text, name) in [
            ("41", "41"),
            ("41-ab", "41-ab"),
            ("https://ledger.example/2026/e/41-ab", "41-ab"),
            ("https://ledger.example/2026/e/41-ab?lang=es#said", "41-ab"),
            ("http://ledger.example/2026/t/41-ab", "41-ab"),
            ("ledger.example/2026/badge/41-ab.svg", "41-ab"),
            ("https://ledger.example/2026/e/41-ab.json", "41-ab"),
            ("https://ledger.example/2026/api/v1/entries/41/bundle", "41"),
            ("https://ledger.example/2026/ledger", ""),
        ] {
            assert_eq!(name_in(ledger, text), Some(name), "{text}");
        }
        for elsewhere in
            ["https://other.example/e/41-ab", "https://ledger.example/e/41-ab", "a/b", "https://"]
        {
            assert_eq!(name_in(ledger, elsewhere), None, "{elsewhere}");
        }
    }
}
