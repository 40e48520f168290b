//! The address of an entry on a ledger, as people paste it: its page, its place in the API, or its
//! statement's id.

use serde::Deserialize;

use super::contact::Contact;
use super::failure::Failure;
use super::terminal::escape;
use super::verify::BUNDLE_BYTES_MAX;
use crate::entry::{Bundle, Entry};
use crate::net::LedgerUrl;
use crate::statement::StatementId;
use crate::wire;

/// First path segments below which entries are found.
const FIRSTS: [&str; 3] = ["e", "t", "api"];
/// Digits of the leaf hash in an entry's address (protocol §11).
const HASH_DIGITS: usize = 32;
const ENTRY_BYTES_MAX: usize = 2 * 1024 * 1024;

/// An entry on a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryUrl {
    pub(super) ledger: LedgerUrl,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// An index, and the beginning of the leaf hash where the address has it.
    Index(u64, Option<String>),
    Statement(StatementId),
}

/// The one member of an entry's JSON that is needed here.
#[derive(Deserialize)]
struct Indexed {
    index: u64,
}

/// Reads an address; nothing when the text is the name of a file.
pub(super) fn parse(text: &str) -> Result<Option<EntryUrl>, Failure> {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return Ok(None);
    }
    let failure = |what: String| {
        Failure::new(what, "Name an entry: the address of its page, or …/api/v1/entries/<index>.")
    };
    let (ledger, path) = LedgerUrl::split(text, &FIRSTS)
        .map_err(|error| failure(format!("{}: {error}", escape(text))))?;
    let place = path.as_deref().and_then(place);
    let Some(place) = place else {
        return Err(failure(format!("{} is not the address of an entry", escape(text))));
    };
    Ok(Some(EntryUrl { ledger, place }))
}

fn place(path: &str) -> Option<Place> {
    let segments: Vec<_> = path.split('/').collect();
    match segments[..] {
        ["e" | "t", name] => {
            let (index, hash) = name.split_once('-')?;
            Some(Place::Index(index.parse().ok()?, Some(hash.to_owned())))
        }
        ["api", "v1", "entries", index] | ["api", "v1", "entries", index, "bundle" | "proof"] => {
            Some(Place::Index(index.parse().ok()?, None))
        }
        ["api", "v1", "statements" | "threads", id] => id.parse().ok().map(Place::Statement),
        _ => None,
    }
}

impl EntryUrl {
    /// The bundle of the entry, as the ledger gives it. That it is of this entry is checked; nothing else is.
    pub(super) fn fetch_bundle(&self, contact: &Contact) -> Result<Vec<u8>, Failure> {
        let index = match &self.place {
            Place::Index(index, _) => *index,
            Place::Statement(id) => find(contact, id)?,
        };
        let path = format!("api/v1/entries/{index}/bundle");
        let bytes = contact.wait(contact.client().get(&path, BUNDLE_BYTES_MAX))?.to_vec();
        if self.place.is_of(index, &bytes) {
            return Ok(bytes);
        }
        Err(self.swapped())
    }

    /// The entry as the ledger shows it now.
    pub(super) fn fetch_entry(&self, contact: &Contact) -> Result<wire::Entry, Failure> {
        let path = match &self.place {
            Place::Index(index, _) => format!("api/v1/entries/{index}"),
            Place::Statement(id) => format!("api/v1/statements/{id}"),
        };
        let body = contact.wait(contact.client().get(&path, ENTRY_BYTES_MAX))?;
        let entry: wire::Entry =
            serde_json::from_slice(&body).map_err(|error| not_an_entry(&path, &error))?;
        let fits = match &self.place {
            Place::Index(_, None) => true,
            Place::Index(index, Some(hash)) => {
                entry.index == *index && entry.leaf_hash.starts_with(hash)
            }
            Place::Statement(id) => entry.id == id.to_string(),
        };
        if fits { Ok(entry) } else { Err(self.swapped()) }
    }

    fn swapped(&self) -> Failure {
        Failure::mismatch(
            format!("{} answers with another entry than the address names", self.ledger),
            "The entry behind this address was swapped, or the address is misspelt. Keep both.",
        )
    }
}

impl Place {
    /// Whether a bundle is of this entry. One that cannot be read is for its reader to judge.
    fn is_of(&self, index: u64, bytes: &[u8]) -> bool {
        let Ok(bundle) = Bundle::parse(bytes) else { return true };
        let Ok(entry) = Entry::parse(&bundle.leaf) else { return true };
        entry.index == index
            && match self {
                Self::Index(_, None) => true,
                Self::Index(_, Some(hash)) => {
                    hash.len() == HASH_DIGITS && bundle.leaf_hash().to_hex().starts_with(hash)
                }
                Self::Statement(id) => entry.envelope.id() == *id,
            }
    }
}

fn find(contact: &Contact, id: &StatementId) -> Result<u64, Failure> {
    let path = format!("api/v1/statements/{id}");
    let body = contact.wait(contact.client().get(&path, ENTRY_BYTES_MAX))?;
    let entry = serde_json::from_slice::<Indexed>(&body);
    entry.map(|entry| entry.index).map_err(|error| not_an_entry(&path, &error))
}

fn not_an_entry(path: &str, error: &serde_json::Error) -> Failure {
    let what = format!("{path} is not an entry: {error}");
    Failure::new(what, "Check that it is the address of a ledger.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_in_every_address_it_has() {
        for path in ["e/7-0011", "t/7-0011", "api/v1/entries/7", "api/v1/entries/7/bundle"] {
            let url = format!("https://a.example/ledger/{path}");
            let entry = parse(&url).unwrap().unwrap();
            assert!(matches!(entry.place, Place::Index(7, _)), "{url}");
            assert_eq!(entry.ledger.to_string(), "https://a.example/ledger/");
        }
        let id = format!("sha256:{}", "0f".repeat(32));
        let entry = parse(&format!("http://localhost:1/api/v1/threads/{id}")).unwrap().unwrap();
        assert_eq!(entry.place, Place::Statement(id.parse().unwrap()));
    }

    #[test]
    fn other_addresses_are_refused_and_other_texts_are_files() {
        for bad in ["http://localhost:1", "http://localhost:1/api/v1/entries/x", "http://a/o/b.c"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        for file in ["a.onrecord.json", "./e/7", "httpd.json"] {
            assert_eq!(parse(file).unwrap(), None, "{file}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_address_is_read_or_refused(rest in "[ -~]{0,60}|\\PC{0,30}") {
            let _ = parse(&format!("http://{rest}"));
            let _ = parse(&format!("https://a.example/{rest}"));
            let _ = place(&rest);
        }
    }
}
