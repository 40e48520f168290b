//! What an organization can do about each thing that is wrong with what its domain says.

use crate::ledger::domain_answer::{DocumentFault, RecordFault};
use crate::net::{DocumentError, NameError, SiteError};

/// Document and records name different keys.
pub(super) const ON_DIFFERENCE: &str = "Let both name the same keys, or take one of them away. After a change in the DNS wait for as long as \
     the old records may be remembered (their TTL).";

/// Whether the site is wrong, rather than that it could not be asked this time.
pub(super) const fn is_of_the_site(error: &DocumentError) -> bool {
    !matches!(
        error,
        DocumentError::Site(
            SiteError::Name(_)
                | SiteError::Unreachable { .. }
                | SiteError::TimedOut(_)
                | SiteError::Broken { .. }
                | SiteError::NoRoots(_)
        ) | DocumentError::Status { status: 429 | 500..=599, .. }
    )
}

pub(super) const fn on_document_error(error: &DocumentError) -> &'static str {
    match error {
        DocumentError::Site(error) => on_site_error(error),
        DocumentError::Redirect { .. } => {
            "Let the site answer at exactly that address. Where the whole site leads to another host, make \
             an exception for /.well-known/, or claim that other domain."
        }
        DocumentError::Status { .. } => {
            "Publish the document there and let everyone read it, or answer 404 there and use TXT records."
        }
        DocumentError::MediaType { .. } => {
            "Send it with Content-Type: application/json. If there should be no document, answer 404 there, \
             not a page."
        }
    }
}

const fn on_site_error(error: &SiteError) -> &'static str {
    match error {
        SiteError::Name(error) => on_name_error(error),
        SiteError::NoAddress(_) => "Publish the keys as TXT records, which need no site.",
        SiteError::NotGlobal { .. } => {
            "Remove that address from the domain's public records, or let it name the public site."
        }
        SiteError::Unreachable { .. } | SiteError::TimedOut(_) | SiteError::Broken { .. } => {
            "See that the site answers over HTTPS on port 443 within 5 seconds, from outside too; then try \
             again."
        }
        SiteError::Tls { .. } => {
            "Give the site a certificate for exactly this domain that browsers trust, with its chain."
        }
        SiteError::NoRoots(_) => "Install the system's root certificates here.",
        SiteError::TooLarge { .. } => {
            "List fewer keys and ledgers, and no more than the document needs."
        }
        SiteError::Encoded { .. } => {
            "Let the site send it as it is when it is asked for Accept-Encoding: identity."
        }
    }
}

pub(super) const fn on_name_error(error: &NameError) -> &'static str {
    match error {
        NameError::Failed { .. } | NameError::TimedOut { .. } => {
            "Try again; if it stays so, see that the domain's name servers answer, and that DNSSEC is valid."
        }
        NameError::Reserved(_) => {
            "To try it on one machine, say where its site is: --resolve DOMAIN=127.0.0.1:PORT, with the --log \
             of a ledger on this machine."
        }
    }
}

pub(super) const fn on_document_fault(fault: &DocumentFault) -> &'static str {
    match fault {
        DocumentFault::OtherDomain(_) => {
            "Publish the document of this domain: every domain, with www or without, has one of its own."
        }
        DocumentFault::Foreign(_) => {
            "Add the ledger's origin to `logs`, as the ledger shows it, if its answers should count there."
        }
        DocumentFault::Expired(_) => {
            "Publish one that holds longer: `onrecord org init` writes it."
        }
        DocumentFault::TooLarge | DocumentFault::TooManyKeys => {
            "Name fewer keys: those that sign now, and at most the next."
        }
        _ => "Correct it, or publish what `onrecord org init` writes.",
    }
}

pub(super) const fn on_record_fault(fault: &RecordFault) -> &'static str {
    match fault {
        RecordFault::TooManyKeys => "Name fewer keys: those that sign now, and at most the next.",
        _ => "Correct the record as `onrecord org init` prints it, one key a record, or remove it.",
    }
}
