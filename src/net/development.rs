//! The development resolver: domains that lead to sites on this machine, so that organizations can be tried out
//! without a domain, a certificate or the DNS. Only for ledgers that nobody else reaches.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::encoding::domain::Domain;
use crate::ledger::domain_answer::RECORD_LABEL;

/// One answer of the development resolver: `acme.example=127.0.0.1:8443`, a site that is asked by plain HTTP, or
/// `_onrecord.acme.example=v=onr1; key=did:key:z6Mk…`, a TXT record. The DNS is not asked about a domain that has
/// either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Resolve {
    /// Where the domain's site is.
    Site {
        /// The domain.
        domain: Domain,
        /// An address of this machine.
        address: SocketAddr,
    },
    /// A TXT record of the domain.
    Record {
        /// The domain.
        domain: Domain,
        /// The text.
        text: String,
    },
}

/// The text is no answer of a development resolver.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAResolve {
    /// Not a domain, `=` and an answer.
    #[error("not of the form acme.example=127.0.0.1:PORT")]
    Form,
    /// What stands before the `=`.
    #[error("{0:?} is not a domain such as acme.example")]
    Domain(String),
    /// What stands behind it.
    #[error("{0:?} is not an address with a port, such as 127.0.0.1:8443")]
    Address(String),
    /// Other machines have addresses of their own, and the rules of the public internet hold for them.
    #[error("{0} is not an address of this machine; only 127.0.0.1 and its like are resolved so")]
    NotLoopback(SocketAddr),
}

impl Resolve {
    /// The domain it is about.
    pub const fn domain(&self) -> &Domain {
        match self {
            Self::Site { domain, .. } | Self::Record { domain, .. } => domain,
        }
    }
}

impl FromStr for Resolve {
    type Err = NotAResolve;

    fn from_str(text: &str) -> Result<Self, NotAResolve> {
        let (name, answer) = text.split_once('=').ok_or(NotAResolve::Form)?;
        let name = name.trim();
        let of_record = name.strip_prefix(RECORD_LABEL).and_then(|rest| rest.strip_prefix('.'));
        let domain = Domain::parse(of_record.unwrap_or(name))
            .map_err(|_| NotAResolve::Domain(name.to_owned()))?;
        if of_record.is_some() {
            return Ok(Self::Record { domain, text: answer.to_owned() });
        }
        let address: SocketAddr =
            answer.trim().parse().map_err(|_| NotAResolve::Address(answer.to_owned()))?;
        if !address.ip().is_loopback() {
            return Err(NotAResolve::NotLoopback(address));
        }
        Ok(Self::Site { domain, address })
    }
}

impl fmt::Display for Resolve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Site { domain, address } => write!(formatter, "{domain}={address}"),
            Self::Record { domain, text } => write!(formatter, "{RECORD_LABEL}.{domain}={text}"),
        }
    }
}

impl TryFrom<String> for Resolve {
    type Error = NotAResolve;

    fn try_from(text: String) -> Result<Self, NotAResolve> {
        text.parse()
    }
}

impl From<Resolve> for String {
    fn from(resolve: Resolve) -> Self {
        resolve.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_leads_to_this_machine_or_has_a_record() {
        for text in [
            "acme.example=127.0.0.1:8443",
            "acme.example=[::1]:8443",
            "_onrecord.acme.example=v=onr1; key=did:key:z6Mk",
        ] {
            assert_eq!(text.parse::<Resolve>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn nothing_else_is_resolved_so() {
        let refused = |text: &str| text.parse::<Resolve>().unwrap_err();
        assert_eq!(refused("acme.example"), NotAResolve::Form);
        assert_eq!(refused("acme=127.0.0.1:1"), NotAResolve::Domain("acme".into()));
        assert_eq!(refused("a.example=127.0.0.1"), NotAResolve::Address("127.0.0.1".into()));
        assert_eq!(refused("a.example=localhost:1"), NotAResolve::Address("localhost:1".into()));
        for address in ["10.0.0.1:80", "1.1.1.1:80", "0.0.0.0:80", "[::ffff:127.0.0.1]:80"] {
            let refused = refused(&format!("a.example={address}"));
            assert_eq!(refused, NotAResolve::NotLoopback(address.parse().unwrap()));
        }
    }
}
