//! What a web page names of ledgers: links, badges, cards and elements, each with its line and the entry, thread or
//! organization it is of (protocol §11). It reads text and nothing else: that an entry verifies, and that a host is a
//! ledger, is for who asks there. What scripts and style sheets add to a page is out of its reach.

mod address;
mod reader;

use std::collections::BTreeSet;

use url::Url;

use crate::encoding::domain::Domain;
use address::{Place, read_srcset};
use reader::{Tag, read};

/// So many things of a page are told apart; the rest is counted.
pub const THINGS_MAX: usize = 1000;

const NO_SCRIPT: &str = "no <script type=\"module\"> of the page loads a ledger's onrecord-proof-1.js, so \
                         that the element belongs to no ledger and shows nothing but its fallback";
const SEVERAL_SCRIPTS: &str = "scripts of several ledgers define the element, so that the page does not \
                               say which ledger it is of; load the script of one ledger only";
const NO_ENTRY: &str = "its entry is not written {index}-{hash}, with the first 32 hexadecimal digits of the leaf hash";
const NO_DOMAIN: &str = "its organization is not the name of a domain in lower-case ASCII";

/// As what a page names an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `<a href>` or `<area href>`.
    Link,
    /// An image of a ledger.
    Badge,
    /// A frame of a ledger.
    Card,
    /// `<onrecord-proof>`.
    Element,
}

/// An entry as an address names it: `{index}-{hash}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryName {
    /// Place in the ledger, from 0.
    pub index: u64,
    /// The first 32 lower-case hexadecimal digits of the leaf hash.
    pub hash: String,
}

/// What an address names on a ledger.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// An entry, or the thread that it opened.
    Entry(EntryName),
    /// An organization that entries name.
    Organization(Domain),
}

/// What is named, and the address of the ledger it is said to be on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// `http` or `https`, its path ends in `/`.
    pub ledger: Url,
    /// What it is there.
    pub name: Name,
}

/// Where the link around something shown leads, when that is not to the same entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeadsTo {
    /// To another entry, or the same one elsewhere.
    AnotherEntry(String),
    /// To what is no entry's address.
    NoEntry(String),
}

/// One thing that a page names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// As what.
    pub kind: Kind,
    /// The line of its tag, from 1.
    pub line: u64,
    /// Its address in full, or what the element says of its entry. Foreign text.
    pub address: String,
    /// What it names, or why that cannot be told.
    pub named: Result<Named, String>,
    /// Whether it shows the counts of a thread or an organization.
    pub has_counts: bool,
    /// Where the link around it leads, when elsewhere.
    pub leads_to: Option<LeadsTo>,
}

/// All that a page names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Things {
    /// In the order of the page.
    pub things: Vec<Thing>,
    /// How many more there are than are told apart.
    pub left_out: u64,
}

/// Finds what a page names of ledgers. `page` is its address, to which relative ones are relative.
pub fn find(html: &[u8], page: Option<&Url>) -> Things {
    let tags = read(&decode(html));
    let finder = Finder::new(&tags, page);
    let mut found = Things::default();
    for tag in &tags {
        for thing in finder.things_of(tag, &tags) {
            if found.things.len() < THINGS_MAX {
                found.things.push(thing);
            } else {
                found.left_out += 1;
            }
        }
    }
    found
}

/// The page as text. Addresses are ASCII, so that of other encodings only those count that ASCII is no part of.
fn decode(html: &[u8]) -> String {
    let wide = |join: fn([u8; 2]) -> u16| {
        let units = html[2..].chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
        String::from_utf16_lossy(&units.collect::<Vec<_>>())
    };
    match html {
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        _ => String::from_utf8_lossy(html).into_owned(),
    }
}

/// What of the whole page decides what a tag means.
struct Finder {
    /// To which addresses are relative.
    base: Option<Url>,
    /// Of which ledgers the page loads the element.
    element_ledgers: BTreeSet<Url>,
}

impl Finder {
    fn new(tags: &[Tag], page: Option<&Url>) -> Self {
        let href = tags.iter().filter(|tag| tag.name == "base").find_map(|tag| tag.value("href"));
        let own = href.and_then(|href| Url::options().base_url(page).parse(href.trim()).ok());
        // A base that is no place on the web counts for nothing in a browser either.
        let own = own.filter(|base| matches!(base.scheme(), "http" | "https"));
        let mut finder = Self { base: own.or(page.cloned()), element_ledgers: BTreeSet::new() };
        let scripts = tags.iter().filter(|tag| {
            let kind = tag.value("type").unwrap_or_default();
            tag.name == "script" && kind.trim().eq_ignore_ascii_case("module")
        });
        let sources = scripts.filter_map(|tag| tag.value("src"));
        finder.element_ledgers = sources
            .filter_map(|source| address::ledger_of_script(&finder.resolve(source)?.0))
            .collect();
        finder
    }

    /// The address in full, and whether it could be told what it is relative to.
    fn resolve(&self, text: &str) -> Option<(Url, bool)> {
        if let Ok(url) = Url::options().base_url(self.base.as_ref()).parse(text.trim()) {
            return Some((url, true));
        }
        let somewhere = Url::parse("http://relative.invalid/").ok()?;
        Some((somewhere.join(text.trim()).ok()?, false))
    }

    fn place(&self, text: &str) -> Option<(Place, String)> {
        let (url, is_whole) = self.resolve(text)?;
        let mut place = address::read(&url)?;
        if !is_whole {
            let why =
                "its address is relative to the page's own, which is not known; say it with --base";
            place.named = Err(why.to_owned());
            return Some((place, text.to_owned()));
        }
        Some((place, url.into()))
    }

    fn things_of(&self, tag: &Tag, tags: &[Tag]) -> Vec<Thing> {
        if tag.name == "onrecord-proof" {
            return vec![self.element(tag)];
        }
        let is_link = matches!(&tag.name[..], "a" | "area");
        let around = tag.inside.and_then(|index| tags[index].value("href"));
        let mut things: Vec<Thing> = Vec::new();
        for text in addresses(tag) {
            let Some((place, address)) = self.place(&text) else { continue };
            let kind = match place.shown_as {
                // The address of an organization's page is like those of many other sites.
                _ if is_link && !place.is_of_entry() => continue,
                _ if is_link => Kind::Link,
                Some(kind) => kind,
                None => continue,
            };
            // One image in several sizes is one thing.
            if things.iter().any(|thing| thing.kind == kind && thing.named == place.named) {
                continue;
            }
            let leads_to = around.and_then(|href| self.leads_to(href, place.named.as_ref().ok()?));
            let Place { named, has_counts, .. } = place;
            things.push(Thing { kind, line: tag.line, address, named, has_counts, leads_to });
        }
        things
    }

    fn leads_to(&self, href: &str, named: &Named) -> Option<LeadsTo> {
        match self.place(href) {
            Some((place, _)) if place.named.as_ref() == Ok(named) => None,
            Some((_, address)) => Some(LeadsTo::AnotherEntry(address)),
            None => Some(LeadsTo::NoEntry(href.to_owned())),
        }
    }

    fn element(&self, tag: &Tag) -> Thing {
        let said = ["entry", "thread", "organization"]
            .into_iter()
            .find_map(|attribute| Some((attribute, tag.value(attribute)?)));
        let (attribute, address) = said.unwrap_or(("entry", ""));
        let address = address.trim().to_owned();
        let name = if attribute == "organization" {
            Domain::parse(&address).map(Name::Organization).map_err(|_| NO_DOMAIN)
        } else {
            EntryName::parse(&address).map(Name::Entry).ok_or(NO_ENTRY)
        };
        let mut ledgers = self.element_ledgers.iter();
        let named = match (ledgers.next(), ledgers.next(), name) {
            (None, ..) => Err(NO_SCRIPT.to_owned()),
            (_, Some(_), _) => Err(SEVERAL_SCRIPTS.to_owned()),
            (_, _, Err(why)) => Err(why.to_owned()),
            (Some(ledger), None, Ok(name)) => Ok(Named { ledger: ledger.clone(), name }),
        };
        let (kind, line, has_counts) = (Kind::Element, tag.line, attribute != "entry");
        Thing { kind, line, address, named, has_counts, leads_to: None }
    }
}

/// Every address that a tag follows or shows.
fn addresses(tag: &Tag) -> Vec<String> {
    let names: &[&str] = match &tag.name[..] {
        "a" | "area" => &["href"],
        "img" | "source" => &["src", "srcset"],
        "image" => &["href", "xlink:href", "src", "srcset"],
        // A browser shows the page that is written there, and loads none.
        "iframe" if tag.value("srcdoc").is_some() => &[],
        "input" | "embed" | "iframe" | "frame" => &["src"],
        "object" => &["data"],
        _ => &[],
    };
    let values = names.iter().filter_map(|name| Some((*name, tag.value(name)?)));
    let split = |(name, value): (&str, &str)| match name {
        "srcset" => read_srcset(value),
        _ => vec![value.to_owned()],
    };
    values.flat_map(split).collect()
}

#[cfg(test)]
mod tests;
