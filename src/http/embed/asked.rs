//! What somebody means who names it in their own words: an entry by its number, its link, its leaf hash or the id of its
//! statement, an organization by its domain, and each, or a thread, by the address of one of its pages.

use super::shown::{Of, Shown};
use crate::encoding::domain::Domain;
use crate::encoding::hex;
use crate::http::error::Failure;
use crate::http::pages::entry_link::EntryLink;
use crate::service::{EntryView, FoundBy, View};
use crate::statement::StatementId;
use crate::wire::Reason;

/// Paths that end in a name, and of what. The longer come first.
const PAGES: [(&str, Of); 11] = [
    ("/badge/t/", Of::Thread),
    ("/embed/t/", Of::Thread),
    ("/t/", Of::Thread),
    ("/badge/o/", Of::Organization),
    ("/embed/o/", Of::Organization),
    ("/api/v1/organizations/", Of::Organization),
    ("/o/", Of::Organization),
    ("/e/", Of::Entry),
    ("/badge/", Of::Entry),
    ("/embed/", Of::Entry),
    ("/api/v1/entries/", Of::Entry),
];
/// How a file of it may end.
const ENDINGS: [&str; 2] = [".json", ".svg"];

/// What was found.
pub enum Asked {
    /// It is this.
    Shown(Shown),
    /// Nothing has that name.
    Nothing,
    /// It is an address of another site.
    Elsewhere,
}

/// Finds it; `ledger` is the address of this ledger, without a slash at its end.
///
/// # Errors
/// When it cannot be looked up.
pub fn look_up(view: &View, ledger: &str, text: &str) -> Result<Asked, Failure> {
    let Some((of, name)) = name_in(ledger, text.trim()) else { return Ok(Asked::Elsewhere) };
    let found = match Shown::find(view, of, name) {
        Err(failure) if failure.reason() == Reason::NotFound => match of {
            Of::Entry => by_other_names(view, name)?,
            Of::Thread | Of::Organization => None,
        },
        found => Some(found?),
    };
    Ok(found.map_or(Asked::Nothing, Asked::Shown))
}

/// What names it in the text, and what of. None when it is an address, and not one of this ledger.
fn name_in<'a>(ledger: &str, text: &'a str) -> Option<(Of, &'a str)> {
    let schemeless = |url: &'a str| url.split_once("://").map_or(url, |(_, rest)| rest);
    if !text.contains('/') {
        return Some((Of::Entry, text));
    }
    let own = ledger.split_once("://").map_or(ledger, |(_, rest)| rest);
    let path = schemeless(text).strip_prefix(own).filter(|path| path.starts_with('/'))?;
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let path = &path[..end];
    let pages = PAGES.iter().find_map(|(page, of)| Some((*of, path.strip_prefix(page)?)));
    let (of, rest) = pages.unwrap_or((Of::Entry, ""));
    // What lies below it, such as a bundle or an inbox, is of it too.
    let (name, _) = rest.split_once('/').unwrap_or((rest, ""));
    Some((of, ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)))
}

fn by_other_names(view: &View, name: &str) -> Result<Option<Shown>, Failure> {
    if let Ok(domain) = Domain::from_typed(name)
        && view.organization(&domain)?.is_some()
    {
        return Ok(Some(Shown::Organization(domain)));
    }
    let entry = entry_by_other_names(view, name)?;
    Ok(entry.map(|entry| Shown::Entry(Box::new(entry))))
}

fn entry_by_other_names(view: &View, name: &str) -> Result<Option<EntryView>, Failure> {
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
    fn what_is_named_is_found_in_every_address_of_it() {
        let ledger = "https://ledger.example/2026";
        for (text, of, name) in [
            ("41", "entry", "41"),
            ("41-ab", "entry", "41-ab"),
            ("acme.example", "entry", "acme.example"),
            ("https://ledger.example/2026/e/41-ab", "entry", "41-ab"),
            ("https://ledger.example/2026/e/41-ab?lang=es#said", "entry", "41-ab"),
            ("http://ledger.example/2026/t/41-ab", "thread", "41-ab"),
            ("ledger.example/2026/badge/41-ab.svg", "entry", "41-ab"),
            ("ledger.example/2026/badge/t/41-ab.svg", "thread", "41-ab"),
            ("ledger.example/2026/badge/o/acme.example.json", "organization", "acme.example"),
            ("https://ledger.example/2026/o/acme.example/inbox", "organization", "acme.example"),
            ("https://ledger.example/2026/embed/o/acme.example", "organization", "acme.example"),
            ("https://ledger.example/2026/o/acme.example/claim", "organization", "acme.example"),
            ("https://ledger.example/2026/t/41-ab/add?as=a.example", "thread", "41-ab"),
            ("https://ledger.example/2026/e/41-ab.json", "entry", "41-ab"),
            ("https://ledger.example/2026/api/v1/entries/41/bundle", "entry", "41"),
            ("https://ledger.example/2026/ledger", "entry", ""),
        ] {
            let found = name_in(ledger, text).map(|(of, name)| (of.word(), name));
            assert_eq!(found, Some((of, name)), "{text}");
        }
        for elsewhere in
            ["https://other.example/e/41-ab", "https://ledger.example/e/41-ab", "a/b", "https://"]
        {
            assert!(name_in(ledger, elsewhere).is_none(), "{elsewhere}");
        }
    }
}
