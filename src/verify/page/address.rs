//! What the address of something on a ledger names (protocol §11).

use percent_encoding::percent_decode_str;
use url::Url;

use super::{EntryName, Kind, Name, Named};
use crate::encoding::domain::Domain;

const HASH_DIGITS: usize = 32;
/// From so many digits on it is a hash that somebody wrote wrongly; below, some number.
const DIGITS_LIKE_A_HASH: usize = 8;

const MISSPELT: &str = "it looks like the address of an entry but is none: that ends in {index}-{hash}, with \
                        the first 32 hexadecimal digits of the leaf hash in lower case";
const USER_NAME: &str = "a ledger's address has no user name";

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// As what it appears where a page shows it and does not only link it.
    pub(super) shown_as: Option<Kind>,
    pub(super) named: Result<Named, String>,
    /// Whether the counts of a thread or an organization are shown there.
    pub(super) has_counts: bool,
}

impl Place {
    /// Whether it names an entry, or was meant to.
    pub(super) fn is_of_entry(&self) -> bool {
        !matches!(&self.named, Ok(Named { name: Name::Organization(_), .. }))
    }
}

impl EntryName {
    /// Reads a name in its one spelling.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (index, hash) = text.split_once('-')?;
        let is_hex = hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let name = Self { index: index.parse().ok()?, hash: hash.to_owned() };
        (is_hex && hash.len() == HASH_DIGITS && name.index.to_string() == index).then_some(name)
    }
}

/// Reads an address; nothing when it is not like that of an entry, a thread or an organization.
pub(super) fn read(url: &Url) -> Option<Place> {
    let (folders, name) = split(url)?;
    // A ledger takes the name in either spelling.
    let name = &*percent_decode_str(name).decode_utf8_lossy();
    let picture = || name.strip_suffix(".svg").or(name.strip_suffix(".json"));
    let (above, shown_as, of, name) = match folders.as_slice() {
        [above @ .., "badge", of @ ("t" | "o")] => (above, Some(Kind::Badge), *of, picture()?),
        [above @ .., "embed", of @ ("t" | "o")] => (above, Some(Kind::Card), *of, name),
        [above @ .., "badge"] => (above, Some(Kind::Badge), "e", picture()?),
        [above @ .., "embed"] => (above, Some(Kind::Card), "e", name),
        [above @ .., "e"] => (above, None, "e", name.strip_suffix(".json").unwrap_or(name)),
        [above @ .., of @ ("t" | "o")] => (above, None, *of, name),
        _ => return None,
    };
    let has_counts = shown_as.is_some() && of != "e";
    let name = if of == "o" {
        Ok(Name::Organization(Domain::parse(name).ok()?))
    } else if is_like_a_name(name) {
        EntryName::parse(name).map(Name::Entry).ok_or(MISSPELT)
    } else {
        return None;
    };
    let named = match (name, ledger(url, above)) {
        (_, None) => Err(USER_NAME.to_owned()),
        (Err(why), _) => Err(why.to_owned()),
        (Ok(name), Some(ledger)) => Ok(Named { ledger, name }),
    };
    Some(Place { shown_as, named, has_counts })
}

/// The ledger that serves a script, when it is one that defines the element.
pub(super) fn ledger_of_script(url: &Url) -> Option<Url> {
    let (folders, name) = split(url)?;
    let version = name.strip_prefix("onrecord-proof-")?.strip_suffix(".js")?;
    let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    match folders.split_last()? {
        (&"embed", above) if is_version => ledger(url, above),
        _ => None,
    }
}

/// The folders of a path, and what lies in them.
fn split(url: &Url) -> Option<(Vec<&str>, &str)> {
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let mut segments: Vec<_> =
        url.path().strip_prefix('/')?.trim_end_matches('/').split('/').collect();
    let name = segments.pop()?;
    Some((segments, name))
}

fn is_like_a_name(name: &str) -> bool {
    let Some((index, hash)) = name.split_once('-') else { return false };
    !index.is_empty()
        && index.bytes().all(|byte| byte.is_ascii_digit())
        && (DIGITS_LIKE_A_HASH..=64).contains(&hash.len())
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn ledger(url: &Url, folders: &[&str]) -> Option<Url> {
    if !url.username().is_empty() || url.password().is_some() {
        return None;
    }
    let mut ledger = url.clone();
    ledger.set_query(None);
    ledger.set_fragment(None);
    let path: String = folders.iter().map(|folder| format!("/{folder}")).collect();
    ledger.set_path(&format!("{path}/"));
    Some(ledger)
}

/// The addresses of a `srcset`, without their descriptors.
pub(super) fn read_srcset(text: &str) -> Vec<String> {
    let mut addresses = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            return addresses;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        addresses.push(bare.to_owned());
        // Behind a comma there is no descriptor, else it ends at the next one outside of brackets.
        rest = if bare.len() < address.len() { after } else { behind_descriptor(after) };
    }
}

fn behind_descriptor(text: &str) -> &str {
    let mut is_bracketed = false;
    let end = text.find(|character| {
        is_bracketed = (is_bracketed || character == '(') && character != ')';
        character == ',' && !is_bracketed
    });
    end.map_or("", |end| &text[end..])
}
