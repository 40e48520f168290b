//! Domain names: the identity of organizations (protocol §1).

use std::fmt;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

const LENGTH_MAX: usize = 253;
const LABEL_LENGTH_MAX: usize = 63;

/// Top-level domains that a ledger may admit for tests and examples (RFC 2606, RFC 6761).
const FOR_EXAMPLES: [&str; 3] = ["test", "example", "localhost"];
/// Top-level domains that never name an organization (RFC 6761, RFC 6762, RFC 7686, RFC 9476, `.internal`
/// by the decision of ICANN's board of 2024-07-29).
const NEVER: [&str; 5] = ["invalid", "local", "onion", "alt", "internal"];

/// Why a text is not a domain name that can be a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDomain {
    /// Not at least two lower-case labels of letters, digits and inner hyphens.
    #[error("not a domain name in lower-case ASCII form, such as acme.example")]
    Form,
    /// A registry's suffix, under which others register names.
    #[error("a public suffix, not an organization's own name")]
    PublicSuffix,
    /// A top-level domain reserved for other uses.
    #[error("a reserved top-level domain")]
    Reserved,
    /// An `xn--` label that IDNA does not know.
    #[error("not a valid internationalized name")]
    Idna,
}

/// A domain name in the form every auditor checks: lower-case A-labels, at least two, none of them over 63
/// characters, at most 253 in all, the last not numeric.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(Box<str>);

impl Domain {
    /// Reads a name.
    ///
    /// # Errors
    /// [`BadDomain::Form`].
    pub fn parse(text: &str) -> Result<Self, BadDomain> {
        let mut labels = text.split('.');
        let last = labels.next_back().unwrap_or_default();
        let well_formed = text.len() <= LENGTH_MAX
            && text.contains('.')
            && is_label(last)
            && !is_numeric(last)
            && labels.all(is_label);
        if well_formed { Ok(Self(text.into())) } else { Err(BadDomain::Form) }
    }

    /// Reads a name as people type it: in any case, and in any script (UTS #46).
    ///
    /// # Errors
    /// [`BadDomain::Idna`] or [`BadDomain::Form`].
    pub fn from_typed(text: &str) -> Result<Self, BadDomain> {
        let ascii = Uts46::new().to_ascii(
            text.as_bytes(),
            AsciiDenyList::STD3,
            Hyphens::Allow,
            DnsLength::Verify,
        );
        Self::parse(&ascii.map_err(|_| BadDomain::Idna)?)
    }

    /// The name in its own script (UTS #46), when that is another form than the ASCII one. Names that look
    /// alike in it can be different ones.
    pub fn in_own_script(&self) -> Option<String> {
        let (name, valid) =
            Uts46::new().to_unicode(self.0.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow);
        (valid.is_ok() && *name != *self.0).then(|| name.into_owned())
    }

    /// Checks what a ledger asks beyond the form when it admits a name. These lists change with time, so an
    /// auditor does not. `reserved`: whether the ledger's policy admits `.test`, `.example` and `.localhost`.
    ///
    /// # Errors
    /// [`BadDomain`], but not its `Form`.
    pub fn check_admissible(&self, reserved: bool) -> Result<(), BadDomain> {
        let top = self.0.rsplit('.').next().unwrap_or_default();
        if NEVER.contains(&top) || (FOR_EXAMPLES.contains(&top) && !reserved) {
            return Err(BadDomain::Reserved);
        }
        if is_public_suffix(&self.0) {
            return Err(BadDomain::PublicSuffix);
        }
        if is_valid_idna(&self.0) { Ok(()) } else { Err(BadDomain::Idna) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    (1..=LABEL_LENGTH_MAX).contains(&bytes.len())
        && bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && bytes.first() != Some(&b'-')
        && bytes.last() != Some(&b'-')
}

/// What a resolver could take for an address: digits only, or hexadecimal with its prefix.
fn is_numeric(label: &str) -> bool {
    let digits =
        label.strip_prefix("0x").map(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    digits.unwrap_or_else(|| label.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_public_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|suffix| {
        suffix.as_bytes() == name.as_bytes() && suffix.typ() == Some(psl::Type::Icann)
    })
}

fn is_valid_idna(name: &str) -> bool {
    if !name.split('.').any(|label| label.starts_with("xn--")) {
        return true;
    }
    Uts46::new()
        .to_ascii(name.as_bytes(), AsciiDenyList::STD3, Hyphens::Allow, DnsLength::Verify)
        .is_ok_and(|ascii| ascii == name)
}

impl fmt::Display for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Domain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lower_case_ldh_names_of_two_labels_or_more_have_the_form() {
        let long = format!("{}.example", "a".repeat(64));
        let longest = format!("{}.example", ["a".repeat(61).as_str(); 4].join("."));
        assert!(Domain::parse("a.xn--p1ai").is_ok() && Domain::parse("1.example").is_ok());
        for bad in [
            "ACME.example",
            "example",
            "",
            ".",
            "a..b",
            "a.example.",
            "-a.example",
            "a-.example",
            "a_b.example",
            "192.0.2.7",
            "a.0x1f",
            "café.example",
            "a.example:80",
            &long,
            &longest,
        ] {
            assert_eq!(Domain::parse(bad), Err(BadDomain::Form), "{bad:?}");
        }
    }

    #[test]
    fn a_name_of_another_script_is_shown_in_it_too() {
        let shown = |name: &str| Domain::parse(name).unwrap().in_own_script();
        assert_eq!(shown("xn--bcher-kva.de").as_deref(), Some("bücher.de"));
        assert_eq!(shown("acme.example"), None);
        assert_eq!(shown("xn--a.example"), None, "a label that IDNA does not know");
    }

    #[test]
    fn a_typed_name_is_read_in_any_case_and_script() {
        for (typed, read) in [
            ("Acme.Example", "acme.example"),
            ("Bücher.de", "xn--bcher-kva.de"),
            ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ] {
            assert_eq!(Domain::from_typed(typed).as_ref().map(Domain::as_str), Ok(read));
        }
        for other in ["a refund", "refund", "a.example/x", "192.0.2.7", ""] {
            assert!(Domain::from_typed(other).is_err(), "{other:?}");
        }
    }

    #[test]
    fn suffixes_reserved_names_and_broken_idna_are_not_admitted() {
        let check = |name: &str, reserved| Domain::parse(name).unwrap().check_admissible(reserved);
        assert_eq!(check("acme.co.uk", false), Ok(()));
        assert_eq!(check("github.io", false), Ok(()));
        assert_eq!(check("xn--bcher-kva.de", false), Ok(()));
        assert_eq!(check("r3---sn.example.org", false), Ok(()));
        assert_eq!(check("co.uk", true), Err(BadDomain::PublicSuffix));
        assert_eq!(check("acme.example", true), Ok(()));
        assert_eq!(check("acme.example", false), Err(BadDomain::Reserved));
        assert_eq!(check("acme.onion", true), Err(BadDomain::Reserved));
        assert_eq!(check("xn--a.de", true), Err(BadDomain::Idna));
    }
}
