//! The name of a log (protocol §7).

use std::fmt;
use std::str::FromStr;

use super::key::{KeyId, KeyName, TYPE_ED25519};
use crate::crypto::PublicKey;

const ORIGIN_LENGTH_MAX: usize = 255;

/// The text is not an origin by the rules of protocol §7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an origin in lower-case ASCII form, such as ledger.example")]
pub struct NotAnOrigin;

/// The name of a log for ever: a URL prefix without scheme and without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(KeyName);

impl Origin {
    /// The default of a log that only this machine can reach: the host and port it listens on, and the id
    /// that the log's key has under that name, so that no two such logs share an origin.
    ///
    /// # Errors
    /// [`NotAnOrigin`] when the host and port are not the beginning of one.
    pub fn local(host_and_port: &str, key: &PublicKey) -> Result<Self, NotAnOrigin> {
        let name = host_and_port.parse::<Self>()?;
        let id = KeyId::of(name.as_str(), &[&[TYPE_ED25519], &key.as_bytes()[..]].concat());
        format!("{name}/{id}").parse()
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The name of the log's keys, which is the same text.
    pub const fn key_name(&self) -> &KeyName {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let allowed = |byte: u8| match byte {
            b'a'..=b'z' | b'0'..=b'9' => true,
            _ => b"-._~:/[]@!$&'()*,;=%".contains(&byte),
        };
        let is_prefix = !text.contains("//") && !text.starts_with('/') && !text.ends_with('/');
        if text.len() > ORIGIN_LENGTH_MAX || !text.bytes().all(allowed) || !is_prefix {
            return Err(NotAnOrigin);
        }
        text.parse().map(Self).map_err(|_| NotAnOrigin)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    #[test]
    fn an_origin_is_a_lower_case_prefix_without_scheme() {
        for good in [
            "a",
            "ledger.example/2026",
            "localhost:8080/1a2b3c4d",
            "[::1]:8080/a",
            &"a".repeat(255),
        ] {
            assert_eq!(good.parse::<Origin>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "Ledger.example",
            "https://a",
            "a b",
            "a+b",
            "a/",
            "/a",
            "a//b",
            "a?b",
            "a#b",
            "a\n",
            "é",
            &"a".repeat(256),
        ] {
            assert_eq!(bad.parse::<Origin>(), Err(NotAnOrigin), "{bad}");
        }
    }

    #[test]
    fn two_local_logs_on_one_port_have_different_origins() {
        let local = |seed| {
            Origin::local("localhost:8080", &PrivateKey::from_seed(&[seed; 32]).public_key())
                .unwrap()
        };
        assert_ne!(local(1), local(2));
        assert!(local(1).as_str().starts_with("localhost:8080/"));
        assert_eq!(local(1).as_str().len(), 15 + 8);
    }
}
