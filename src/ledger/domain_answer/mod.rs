//! What a domain answers when it is asked for its keys (protocol §9): the document on its site, the TXT records
//! beside its name, and the one answer that follows from both, or why none does. It asks nobody.

mod document;
mod records;

use std::collections::BTreeSet;
use std::fmt;

pub use document::{DOCUMENT_BYTES_MAX, DOCUMENT_PATH, Document, DocumentFault};
pub use records::{RECORD_LABEL, RecordFault, read_records, record_text};

use crate::crypto::{DidKey, Hash, sha256};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::tlog::Origin;

/// Who is asked, by which ledger, and when.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The domain.
    pub domain: &'a Domain,
    /// The ledger that the document must name; `None` for whoever asks for no certain ledger.
    pub origin: Option<&'a Origin>,
    /// The time now.
    pub now: Moment,
}

/// What the domain gave when it was asked in both ways. Whoever could not ask one of them has no answer: that
/// nothing was heard is not the same as that nothing is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// The document's bytes; `None` when the site says that there is none.
    pub document: Option<Vec<u8>>,
    /// All TXT records at the name, each the bytes of its strings joined.
    pub texts: Vec<Vec<u8>>,
}

/// Where a domain's keys were found, as an observation says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// In the document alone.
    Https,
    /// In the TXT records alone.
    Dns,
    /// In both; or in neither, and both were asked.
    Both,
}

/// The keys that speak for a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DomainAnswer {
    /// Where they were found.
    pub method: Method,
    /// The keys. None: the domain says by document, or by having neither document nor record, that none does.
    pub keys: BTreeSet<DidKey>,
    /// SHA-256 of the document's bytes, where there is one.
    pub document_sha256: Option<Hash>,
}

/// Why what a domain gave is no answer: `domain_check_failed`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// Something is wrong with the document.
    #[error("the document at https://{domain}{DOCUMENT_PATH} does not count: {fault}")]
    Document {
        /// Whose it should be.
        domain: Domain,
        /// What is wrong.
        fault: DocumentFault,
    },
    /// Something is wrong with the TXT records.
    #[error("the TXT records at {RECORD_LABEL}.{domain} do not count: {fault}")]
    Records {
        /// Whose they are.
        domain: Domain,
        /// What is wrong.
        fault: RecordFault,
    },
    /// Document and records name different keys.
    #[error(
        "document and TXT records of {domain} name different keys: {} only the document names, {} only the records",
        Listed(.only_document), Listed(.only_records)
    )]
    Different {
        /// Whose they are.
        domain: Domain,
        /// Named by the document alone.
        only_document: BTreeSet<DidKey>,
        /// Named by the records alone.
        only_records: BTreeSet<DidKey>,
    },
}

struct Listed<'a>(&'a BTreeSet<DidKey>);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// A message shows so many; whoever has more to compare asks `onrecord org check`.
        const SHOWN_MAX: usize = 2;
        if self.0.is_empty() {
            return formatter.write_str("none");
        }
        let shown: Vec<&str> = self.0.iter().take(SHOWN_MAX).map(DidKey::as_str).collect();
        formatter.write_str(&shown.join(", "))?;
        match self.0.len().saturating_sub(SHOWN_MAX) {
            0 => Ok(()),
            more => write!(formatter, " and {more} more"),
        }
    }
}

/// The answer that follows from what the domain gave.
///
/// # Errors
/// [`Unusable`]: the first reason, the document's before the records'.
pub fn decide(question: Question<'_>, given: &Given) -> Result<DomainAnswer, Unusable> {
    let Question { domain, origin, now } = question;
    let document = given.document.as_deref().map(|bytes| {
        let document = Document::parse(bytes)?;
        match document.faults(domain, origin, now).into_iter().next() {
            Some(fault) => Err(fault),
            None => Ok(document.keys),
        }
    });
    let document = document
        .transpose()
        .map_err(|fault| Unusable::Document { domain: domain.clone(), fault })?;
    let records = read_records(&given.texts)
        .map_err(|fault| Unusable::Records { domain: domain.clone(), fault })?;
    let (method, keys) = match (document, records) {
        (Some(keys), None) => (Method::Https, keys),
        (None, Some(keys)) => (Method::Dns, keys),
        (None, None) => (Method::Both, BTreeSet::new()),
        (Some(keys), Some(same)) if keys == same => (Method::Both, keys),
        (Some(document), Some(records)) => {
            return Err(Unusable::Different {
                domain: domain.clone(),
                only_document: document.difference(&records).cloned().collect(),
                only_records: records.difference(&document).cloned().collect(),
            });
        }
    };
    Ok(DomainAnswer { method, keys, document_sha256: given.document.as_deref().map(sha256) })
}

impl Method {
    /// The word an observation has for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Dns => "dns",
            Self::Both => "both",
        }
    }
}

#[cfg(test)]
mod tests;
