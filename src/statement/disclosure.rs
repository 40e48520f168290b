//! A disclosure: one salted word of a statement (protocol §4, after RFC 9901). Its digest is what the
//! statement signs; without the disclosure the digest tells nothing.

use std::sync::Arc;

use super::refusal::{Reason, Refusal};
use crate::crypto::{Hash, sha256};
use crate::encoding::base64;
use crate::encoding::json::{self, Json};

/// Characters of one encoded disclosure.
pub const ENCODED_MAX: usize = 16 * 1024;
/// Characters of all encoded disclosures of a statement together.
pub const ENCODED_TOTAL_MAX: usize = 96 * 1024;
const SALT_LENGTHS: std::ops::RangeInclusive<usize> = 16..=32;

/// A disclosure that has the form `[salt, name, value]`. Whether its name and value fit a statement,
/// the kind's words tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Disclosure {
    encoded: Arc<str>,
    digest: Hash,
    name: String,
    value: Json<'static>,
}

impl Disclosure {
    /// Reads an encoded disclosure.
    ///
    /// # Errors
    /// `too_large`, `bad_base64`, `not_canonical` or `bad_field`.
    pub fn parse(encoded: &str) -> Result<Self, Refusal> {
        if encoded.len() > ENCODED_MAX {
            let detail = format!("a disclosure has {} of {ENCODED_MAX} characters", encoded.len());
            return Err(Refusal::new(Reason::TooLarge, detail));
        }
        let bytes = base64::decode_url(encoded)
            .map_err(|_| Refusal::new(Reason::BadBase64, "a disclosure is not base64url"))?;
        let parts = json::parse(&bytes).map_err(|error| {
            Refusal::new(Reason::NotCanonical, format!("a disclosure: {error}"))
        })?;
        let (name, value) = read_parts(parts).ok_or_else(|| {
            Refusal::new(Reason::BadField, "a disclosure is not [salt, name, value]")
        })?;
        let digest = digest_of(encoded);
        Ok(Self { encoded: encoded.into(), digest, name, value })
    }

    /// Makes a disclosure of a word with a fresh salt.
    ///
    /// # Errors
    /// Like [`Disclosure::parse`], when the value has no place in a disclosure.
    pub fn make(salt: &[u8; 16], name: &str, value: Json<'_>) -> Result<Self, Refusal> {
        let salt = Json::text(base64::encode_url(salt));
        let parts = Json::List(vec![salt, Json::text(name), value]);
        Self::parse(&base64::encode_url(parts.to_canonical().as_bytes()))
    }

    /// The text that is sent and kept.
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// The same text, for who keeps it: it is not copied.
    pub fn to_shared(&self) -> Arc<str> {
        self.encoded.clone()
    }

    /// SHA-256 of that text: the member of `_sd`.
    pub fn digest(&self) -> Hash {
        self.digest
    }

    /// Which word it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it says.
    pub fn value(&self) -> &Json<'static> {
        &self.value
    }
}

/// Whether an encoded disclosure, if it is one at all, is of that name. Reads its beginning only: who wants one
/// word of many need not read the others.
pub fn is_named(encoded: &str, name: &str) -> bool {
    // `["`, at most 43 characters of salt, `","`, the name, and `",`.
    let beginning = (2 + 43 + 3 + name.len() + 2).div_ceil(3) * 4;
    let length = encoded.len().min(beginning) / 4 * 4;
    let Some(Ok(bytes)) = encoded.get(..length).map(base64::decode_url) else { return false };
    // A salt holds no quotation mark, so the fourth one ends the name.
    let mut parts = bytes.split(|byte| *byte == b'"').skip(3);
    parts.next() == Some(name.as_bytes()) && parts.next().is_some()
}

/// The digest of an encoded disclosure.
pub fn digest_of(encoded: &str) -> Hash {
    sha256(encoded.as_bytes())
}

fn read_parts(parts: Json<'_>) -> Option<(String, Json<'static>)> {
    let Json::List(list) = parts else { return None };
    let [salt, name, value] = <[Json<'_>; 3]>::try_from(list).ok()?;
    let salt = base64::decode_url(salt.as_text()?).ok()?;
    let name = name.as_text()?.to_owned();
    let value = value.into_owned();
    (SALT_LENGTHS.contains(&salt.len()) && is_word(&value)).then_some((name, value))
}

fn is_word(value: &Json<'_>) -> bool {
    let is_flat =
        |value: &Json<'_>| matches!(value, Json::Text(_) | Json::Integer(_) | Json::Bool(_));
    match value {
        Json::Map(members) => members.iter().all(|(_, value)| is_flat(value)),
        other => is_flat(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(json: &str) -> Option<Reason> {
        Disclosure::parse(&base64::encode_url(json.as_bytes())).err().map(|refusal| refusal.reason)
    }

    #[test]
    fn a_disclosure_is_salt_name_and_a_flat_value() {
        for good in ["\"x\"", "7", "true", r#"{"a":1,"b":"c"}"#] {
            assert_eq!(reason(&format!(r#"["AQEBAQEBAQEBAQEBAQEBAQ","n",{good}]"#)), None);
        }
        for bad in ["null", "1.5", "[1]", r#"{"a":[1]}"#, r#"{"a":null}"#, r#""x","y""#] {
            let refused = reason(&format!(r#"["AQEBAQEBAQEBAQEBAQEBAQ","n",{bad}]"#));
            assert_eq!(refused, Some(Reason::BadField), "{bad}");
        }
        assert_eq!(reason(r#"["AQEB","n","short salt"]"#), Some(Reason::BadField));
        assert_eq!(reason(r#"["AQEBAQEBAQEBAQEBAQEBAQ", "n","x"]"#), Some(Reason::NotCanonical));
        assert_eq!(Disclosure::parse("a b").unwrap_err().reason, Reason::BadBase64);
        assert_eq!(Disclosure::parse(&"A".repeat(16_385)).unwrap_err().reason, Reason::TooLarge);
    }
    #[test]
    fn the_beginning_of_a_disclosure_tells_its_name() {
        for bytes in 16..=32 {
            let salt = base64::encode_url(&vec![7; bytes]);
            for value in ["\"\"", "7", "\"words, and more of them than a beginning holds\""] {
                let named = |name: &str| {
                    base64::encode_url(format!(r#"["{salt}","{name}",{value}]"#).as_bytes())
                };
                assert!(is_named(&named("title"), "title"), "{bytes} {value}");
                for other in ["titles", "titl", "note", "commitment_1"] {
                    assert!(!is_named(&named(other), "title"), "{other}");
                }
            }
        }
        for odd in ["", "AAAA", "a b", "title"] {
            assert!(!is_named(odd, "title"), "{odd}");
        }
    }
}
