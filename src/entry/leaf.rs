//! The leaf: one entry in canonical JSON, and the hash chains it belongs to (protocol §6).

use crate::crypto::{DidKey, Hash};
use crate::encoding::domain::Domain;
use crate::encoding::json::{self, Json};
use crate::encoding::time::Moment;
use crate::statement::Envelope;

/// Bytes of a leaf. The largest a ledger admits: 32 KiB of payload in base64, 4 signatures of about 210,
/// and links to 1 thread, 8 subjects of at most 253 characters and 4 signers, each link about 110: 37 KiB.
pub const LEAF_MAX: usize = 65_535;

/// The bytes are not a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLeaf {
    /// Longer than [`LEAF_MAX`].
    #[error("longer than {LEAF_MAX} bytes")]
    TooLong,
    /// Not canonical JSON.
    #[error("{0}")]
    Json(#[from] json::JsonError),
    /// Not the members that an entry has.
    #[error("not an entry: {0}")]
    Shape(&'static str),
}

/// Whether an entry is the first of its thread, which is its agreement. The end of the leaf tells: the link to the
/// thread is the last one, and only a time, always as long, stands after it.
pub fn opens_its_thread(leaf: &[u8]) -> bool {
    const TIME: usize = r#","time":"2026-11-22T19:20:00.123Z"}"#.len();
    let links = leaf.len().checked_sub(TIME).and_then(|end| leaf.get(..end));
    links.is_some_and(|links| links.ends_with(br#""thread":{"seq":0}}"#))
}

/// The domains whose chains begin with this entry. The links stand after the envelope, in which nothing can look like
/// them, so that the leaf need not be read whole.
pub fn domains_begun(leaf: &[u8]) -> Vec<Domain> {
    const SUBJECTS: &[u8] = br#""subjects":{"#;
    let Some(at) = leaf.windows(SUBJECTS.len()).rposition(|part| part == SUBJECTS) else {
        return Vec::new();
    };
    let links = std::str::from_utf8(&leaf[at + SUBJECTS.len()..]).unwrap_or_default();
    let links = links.split("}}").next().unwrap_or_default();
    let first = links.split("},").filter_map(|link| link.trim_end_matches('}').split_once(":{"));
    let first = first.filter(|(_, link)| *link == r#""seq":0"#);
    first.filter_map(|(name, _)| Domain::parse(name.trim_matches('"')).ok()).collect()
}

/// The place of an entry in one chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// The first entry of the chain.
    First,
    /// A later one.
    After {
        /// Index of the chain's entry before.
        index: u64,
        /// Leaf hash of that entry.
        prev: Hash,
        /// How many entries of the chain stand before this one, at least 1.
        seq: u64,
    },
}

impl Link {
    /// How many entries of the chain stand before this one.
    pub const fn seq(&self) -> u64 {
        match self {
            Self::First => 0,
            Self::After { seq, .. } => *seq,
        }
    }

    /// Index and leaf hash of the chain's entry before, if there is one.
    pub const fn before(&self) -> Option<(u64, Hash)> {
        match self {
            Self::First => None,
            Self::After { index, prev, .. } => Some((*index, *prev)),
        }
    }
}

/// The chains of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Links {
    /// Leaf hash of the entry before; absent at index 0.
    pub prev: Option<Hash>,
    /// Its place in each subject's chain, ascending by domain.
    pub subjects: Vec<(Domain, Link)>,
    /// Its place in each signer's chain, ascending by key.
    pub signers: Vec<(DidKey, Link)>,
    /// Its place in its thread.
    pub thread: Option<Link>,
}

/// An entry of the ledger.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What was signed.
    pub envelope: Envelope,
    /// Its number, from 0.
    pub index: u64,
    /// Its chains.
    pub links: Links,
    /// When the ledger admitted it.
    pub time: Moment,
}

impl Entry {
    /// Reads a leaf. Nothing in the envelope is verified.
    ///
    /// # Errors
    /// [`BadLeaf`] unless the bytes are exactly what [`Entry::to_leaf`] gives for some entry.
    pub fn parse(leaf: &[u8]) -> Result<Self, BadLeaf> {
        if leaf.len() > LEAF_MAX {
            return Err(BadLeaf::TooLong);
        }
        let json = json::parse(leaf)?;
        let [envelope, index, links, time] = members(&json, ["envelope", "index", "links", "time"])
            .ok_or(BadLeaf::Shape("its keys"))?;
        let time = time.as_text().and_then(|text| Moment::parse_millis(text).ok());
        Ok(Self {
            envelope: Envelope::from_json(envelope).ok_or(BadLeaf::Shape("its envelope"))?,
            index: unsigned(index).ok_or(BadLeaf::Shape("its index"))?,
            links: read_links(links).ok_or(BadLeaf::Shape("its links"))?,
            time: time.ok_or(BadLeaf::Shape("its time"))?,
        })
    }

    /// The leaf: what is hashed, stored and served.
    pub fn to_leaf(&self) -> Vec<u8> {
        let mut out = String::with_capacity(2 * self.envelope.payload().len() + 1024);
        out.push_str(r#"{"envelope":"#);
        self.envelope.write_to(&mut out);
        out.push_str(&format!(r#","index":{},"links":"#, self.index));
        self.links.write_to(&mut out);
        out.push_str(&format!(r#","time":"{}"}}"#, self.time.to_millis()));
        out.into_bytes()
    }
}

impl Links {
    /// Appends the links in canonical JSON.
    fn write_to(&self, out: &mut String) {
        out.push('{');
        if let Some(prev) = &self.prev {
            out.push_str(&format!(r#""prev":"{}","#, prev.to_base64()));
        }
        let signers = self.signers.iter().map(|(signer, link)| (signer.as_str(), link));
        write_map("signers", signers, out);
        let subjects = self.subjects.iter().map(|(domain, link)| (domain.as_str(), link));
        write_map("subjects", subjects, out);
        if let Some(link) = &self.thread {
            out.push_str(r#""thread":"#);
            write_link(link, out);
            out.push(',');
        }
        if out.ends_with(',') {
            out.pop();
        }
        out.push('}');
    }
}

/// An empty map is left out.
fn write_map<'a>(name: &str, links: impl Iterator<Item = (&'a str, &'a Link)>, out: &mut String) {
    let mut links = links.peekable();
    if links.peek().is_none() {
        return;
    }
    out.push_str(&format!(r#""{name}":{{"#));
    for (key, link) in links {
        // Domains and did:key hold nothing that JSON escapes.
        out.push_str(&format!(r#""{key}":"#));
        write_link(link, out);
        out.push(',');
    }
    out.pop();
    out.push_str("},");
}

fn write_link(link: &Link, out: &mut String) {
    match link {
        Link::First => out.push_str(r#"{"seq":0}"#),
        Link::After { index, prev, seq } => {
            let prev = prev.to_base64();
            out.push_str(&format!(r#"{{"index":{index},"prev":"{prev}","seq":{seq}}}"#));
        }
    }
}

/// The values of an object with exactly these keys, which are in canonical order.
fn members<'j, 'a, const N: usize>(
    json: &'j Json<'a>,
    keys: [&str; N],
) -> Option<[&'j Json<'a>; N]> {
    let Json::Map(members) = json else { return None };
    let same = members.iter().map(|(key, _)| key.as_ref()).eq(keys);
    let values: Vec<_> = members.iter().map(|(_, value)| value).collect();
    if same { values.try_into().ok() } else { None }
}

fn unsigned(json: &Json<'_>) -> Option<u64> {
    json.as_integer().and_then(|number| u64::try_from(number).ok())
}

fn hash(json: &Json<'_>) -> Option<Hash> {
    Hash::from_base64(json.as_text()?).ok()
}

fn read_links(json: &Json<'_>) -> Option<Links> {
    let Json::Map(members) = json else { return None };
    let mut links = Links::default();
    for (key, value) in members {
        match key.as_ref() {
            "prev" => links.prev = Some(hash(value)?),
            "signers" => links.signers = read_map(value, |key| key.parse().ok())?,
            "subjects" => links.subjects = read_map(value, |key| Domain::parse(key).ok())?,
            "thread" => links.thread = Some(read_link(value)?),
            _ => return None,
        }
    }
    Some(links)
}

fn read_map<K>(json: &Json<'_>, read: impl Fn(&str) -> Option<K>) -> Option<Vec<(K, Link)>> {
    let Json::Map(members) = json else { return None };
    let links = members.iter().map(|(key, value)| Some((read(key)?, read_link(value)?)));
    if members.is_empty() { None } else { links.collect() }
}

fn read_link(json: &Json<'_>) -> Option<Link> {
    if let Some([seq]) = members(json, ["seq"]) {
        return (unsigned(seq)? == 0).then_some(Link::First);
    }
    let [index, prev, seq] = members(json, ["index", "prev", "seq"])?;
    let (index, prev, seq) = (unsigned(index)?, hash(prev)?, unsigned(seq)?);
    (seq > 0).then_some(Link::After { index, prev, seq })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf(subjects: &[(&str, Link)], thread: Option<Link>) -> Vec<u8> {
        let subjects = subjects.iter().map(|(name, link)| (Domain::parse(name).unwrap(), *link));
        let prev = Some(Hash::from_bytes([1; 32]));
        let links = Links { prev, subjects: subjects.collect(), signers: Vec::new(), thread };
        let envelope =
            Envelope::new("other", br#""subjects":{"no.example":{"seq":0}}"#.into(), vec![]);
        Entry { envelope, index: 7, links, time: Moment::EPOCH }.to_leaf()
    }

    #[test]
    fn the_domains_whose_chains_begin_are_told_without_reading_the_leaf_whole() {
        let later = Link::After { index: 3, prev: Hash::from_bytes([2; 32]), seq: 1 };
        for thread in [None, Some(Link::First), Some(later)] {
            let begun = |subjects: &[(&str, Link)]| {
                let begun = domains_begun(&leaf(subjects, thread));
                begun.iter().map(|domain| domain.as_str().to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(begun(&[]), [""; 0]);
            assert_eq!(begun(&[("a.example", Link::First)]), ["a.example"]);
            assert_eq!(begun(&[("a.example", later)]), [""; 0]);
            let mixed =
                [("a.example", Link::First), ("b.example", later), ("c.example", Link::First)];
            assert_eq!(begun(&mixed), ["a.example", "c.example"]);
        }
        assert!(domains_begun(b"").is_empty() && domains_begun(b"\"subjects\":{").is_empty());
    }
}
