//! The document by which a domain names its keys, `https://<domain>/.well-known/onrecord.json` (protocol §9):
//! how it is read, judged and written. It is fetched elsewhere.
//!
//! It is no signed data and people write it by hand, so any JSON will do, in any order of its members and of its
//! keys. But it has exactly the four members, each once, and lists nothing twice: a repeated key is a slip, and
//! the key that was meant is missing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::fields::KEYS_MAX;
use crate::tlog::Origin;

/// Where it lies on the domain's own site.
pub const DOCUMENT_PATH: &str = "/.well-known/onrecord.json";
/// The largest document: room for as many keys as an observation lists, and for many ledgers.
pub const DOCUMENT_BYTES_MAX: usize = 16 * 1024;
/// Characters of foreign text in a message.
const QUOTED_MAX: usize = 120;

/// What is wrong with a document. Quoted text is foreign and cut to 120 characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentFault {
    /// More than [`DOCUMENT_BYTES_MAX`].
    #[error("it has more than {DOCUMENT_BYTES_MAX} bytes")]
    TooLarge,
    /// Not JSON, or not the four members, each once.
    #[error("it is not an object of exactly `domain`, `expires`, `keys` and `logs`: {0}")]
    Shape(String),
    /// `domain` is no domain name in the form of the protocol.
    #[error("its `domain` is {0:?}, not a lower-case ASCII domain name such as acme.example")]
    Domain(String),
    /// `expires` is no time.
    #[error("its `expires` is {0:?}, not a time such as 2030-01-31T12:00:00Z")]
    Expires(String),
    /// One of `keys` is no key.
    #[error("its `keys` has {0:?}, which is not the did:key of an Ed25519 key (did:key:z6Mk…)")]
    Key(String),
    /// One of `keys` is a key by which no signature counts.
    #[error("its `keys` has {0}, a weak key by which no signature counts")]
    WeakKey(DidKey),
    /// A key stands there twice.
    #[error("its `keys` has {0} twice")]
    KeyTwice(DidKey),
    /// More keys than an observation can list.
    #[error("its `keys` has more than {KEYS_MAX} keys")]
    TooManyKeys,
    /// One of `logs` is no origin.
    #[error(
        "its `logs` has {0:?}, not the origin of a ledger: an address in lower case without https://"
    )]
    Log(String),
    /// A ledger stands there twice.
    #[error("its `logs` has {0} twice")]
    LogTwice(Origin),
    /// It is about another domain.
    #[error("its `domain` is {0}, another one")]
    OtherDomain(Domain),
    /// It holds for other ledgers only.
    #[error("its `logs` does not name {0}")]
    Foreign(Origin),
    /// It held until then.
    #[error("it expired at {}", .0.to_seconds())]
    Expired(Moment),
}

/// A document as the protocol has it. Whether it is the right domain's and still holds is asked separately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Whose it says it is.
    pub domain: Domain,
    /// Until when it holds.
    pub expires: Moment,
    /// The keys that speak for the domain. None says that none does.
    pub keys: BTreeSet<DidKey>,
    /// The ledgers it is for, in its own order.
    pub logs: Vec<Origin>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    domain: String,
    expires: String,
    keys: Vec<String>,
    logs: Vec<String>,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// [`DocumentFault`], the first of those that can be seen without knowing who asks and when.
    pub fn parse(bytes: &[u8]) -> Result<Self, DocumentFault> {
        if bytes.len() > DOCUMENT_BYTES_MAX {
            return Err(DocumentFault::TooLarge);
        }
        let shape: Shape = serde_json::from_slice(bytes)
            .map_err(|error| DocumentFault::Shape(quoted(&error.to_string())))?;
        Ok(Self {
            domain: Domain::parse(&shape.domain)
                .map_err(|_| DocumentFault::Domain(quoted(&shape.domain)))?,
            expires: Moment::parse_seconds(&shape.expires)
                .map_err(|_| DocumentFault::Expires(quoted(&shape.expires)))?,
            keys: read_keys(&shape.keys)?,
            logs: read_logs(&shape.logs)?,
        })
    }

    /// What stands against believing it about that domain at that time, for that ledger where one is named: all of
    /// it, so that it can be put right at once.
    pub fn faults(
        &self,
        domain: &Domain,
        origin: Option<&Origin>,
        now: Moment,
    ) -> Vec<DocumentFault> {
        let mut faults = Vec::new();
        if self.domain != *domain {
            faults.push(DocumentFault::OtherDomain(self.domain.clone()));
        }
        if let Some(origin) = origin.filter(|origin| !self.logs.contains(origin)) {
            faults.push(DocumentFault::Foreign(origin.clone()));
        }
        if self.expires <= now {
            faults.push(DocumentFault::Expired(self.expires));
        }
        faults
    }

    /// The document as text to publish.
    pub fn to_json(&self) -> String {
        let shape = Shape {
            domain: self.domain.to_string(),
            expires: self.expires.to_seconds(),
            keys: self.keys.iter().map(DidKey::to_string).collect(),
            logs: self.logs.iter().map(Origin::to_string).collect(),
        };
        serde_json::to_string_pretty(&shape).unwrap_or_default() + "\n"
    }
}

fn read_keys(texts: &[String]) -> Result<BTreeSet<DidKey>, DocumentFault> {
    let mut keys = BTreeSet::new();
    if texts.len() > KEYS_MAX {
        return Err(DocumentFault::TooManyKeys);
    }
    for text in texts {
        let key: DidKey = text.parse().map_err(|_| DocumentFault::Key(quoted(text)))?;
        if key.public_key().is_err() {
            return Err(DocumentFault::WeakKey(key));
        }
        if !keys.insert(key.clone()) {
            return Err(DocumentFault::KeyTwice(key));
        }
    }
    Ok(keys)
}

fn read_logs(texts: &[String]) -> Result<Vec<Origin>, DocumentFault> {
    let mut logs = Vec::new();
    for text in texts {
        let log: Origin = text.parse().map_err(|_| DocumentFault::Log(quoted(text)))?;
        if logs.contains(&log) {
            return Err(DocumentFault::LogTwice(log));
        }
        logs.push(log);
    }
    Ok(logs)
}

/// Foreign text, cut to what a message can hold.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    const NOW: &str = "2026-11-24T12:00:00Z";

    fn key(seed: u8) -> DidKey {
        PrivateKey::from_seed(&[seed; 32]).did()
    }

    fn now() -> Moment {
        Moment::parse_seconds(NOW).unwrap()
    }

    fn document() -> Document {
        Document {
            domain: Domain::parse("acme.example").unwrap(),
            expires: Moment::parse_seconds("2027-11-24T12:00:00Z").unwrap(),
            keys: BTreeSet::from([key(1), key(2)]),
            logs: vec![
                "ledger.example".parse().unwrap(),
                "localhost:8080/1a2b3c4d".parse().unwrap(),
            ],
        }
    }

    fn fault(text: &str) -> DocumentFault {
        Document::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_written_is_read_in_any_order_and_spacing() {
        let text = document().to_json();
        assert_eq!(Document::parse(text.as_bytes()), Ok(document()));
        let (a, b) = (key(1), key(2));
        let by_hand = format!(
            "{{\"logs\":[\"ledger.example\",\"localhost:8080/1a2b3c4d\"],\n\t\"keys\":[\"{b}\",\"{a}\"],\
             \"expires\":\"2027-11-24T12:00:00Z\",\"domain\":\"acme.example\"}}"
        );
        let backwards = by_hand.replace(&format!("\"{b}\",\"{a}\""), &format!("\"{a}\",\"{b}\""));
        assert_eq!(Document::parse(by_hand.as_bytes()), Ok(document()));
        assert_eq!(Document::parse(backwards.as_bytes()), Ok(document()));
    }

    #[test]
    fn exactly_the_four_members_are_read_each_once() {
        let text = document().to_json();
        for bent in [
            text.replace("\"logs\"", "\"log\""),
            text.replace("{\n", "{\"more\": 1,\n"),
            text.replace("{\n", "{\"domain\": \"acme.example\",\n"),
            text.replace("\"acme.example\"", "null"),
            format!("\u{feff}{text}"),
            format!("[{text}]"),
            format!("{text}{text}"),
            String::new(),
        ] {
            assert!(matches!(fault(&bent), DocumentFault::Shape(_)), "{bent}");
        }
        let padded = text.clone() + &" ".repeat(DOCUMENT_BYTES_MAX - text.len());
        assert!(Document::parse(padded.as_bytes()).is_ok());
        assert_eq!(fault(&(padded + " ")), DocumentFault::TooLarge);
    }

    #[test]
    fn each_member_has_one_spelling_and_lists_nothing_twice() {
        let text = document().to_json();
        let (a, b) = (key(1).to_string(), key(2).to_string());
        let weak = "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP".to_owned();
        for (from, to, expected) in [
            ("acme.example", "Acme.example", DocumentFault::Domain("Acme.example".into())),
            (
                "2027-11-24T12",
                "2027-11-24T25",
                DocumentFault::Expires("2027-11-24T25:00:00Z".into()),
            ),
            (&b, "z6Mk", DocumentFault::Key("z6Mk".into())),
            (&b, &weak, DocumentFault::WeakKey(weak.parse().unwrap())),
            (&b, &a, DocumentFault::KeyTwice(key(1))),
            (
                "ledger.example",
                "https://ledger.example",
                DocumentFault::Log("https://ledger.example".into()),
            ),
            (
                "localhost:8080/1a2b3c4d",
                "ledger.example",
                DocumentFault::LogTwice("ledger.example".parse().unwrap()),
            ),
        ] {
            assert_eq!(fault(&text.replace(from, to)), expected);
        }
        let many = (0..65).map(|seed| key(seed).to_string()).collect::<Vec<_>>().join("\",\"");
        assert_eq!(fault(&text.replace(&b, &many)), DocumentFault::TooManyKeys);
        assert!(fault(&text.replace("acme.example", &"é".repeat(300))).to_string().len() < 400);
    }

    #[test]
    fn everything_that_stands_against_it_is_said() {
        let document = document();
        let domain = Domain::parse("acme.example").unwrap();
        let ours: Origin = "localhost:8080/1a2b3c4d".parse().unwrap();
        assert_eq!(document.faults(&domain, Some(&ours), now()), []);
        assert_eq!(document.faults(&domain, None, now()), []);
        let other = Domain::parse("www.acme.example").unwrap();
        let foreign: Origin = "ledger.example/2".parse().unwrap();
        assert_eq!(
            document.faults(&other, Some(&foreign), document.expires),
            [
                DocumentFault::OtherDomain(domain),
                DocumentFault::Foreign(foreign),
                DocumentFault::Expired(document.expires),
            ]
        );
    }
}
