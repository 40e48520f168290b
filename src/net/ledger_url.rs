//! The address of a ledger: `http` or `https`, a host, perhaps a path before which a proxy mounts it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

use crate::tlog::Origin;

/// The text is no address of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotALedgerUrl {
    /// Not an absolute URL with `http` or `https`.
    #[error("not an address that starts with http:// or https://")]
    Form,
    /// A user name, a query or a fragment has no place there.
    #[error("a ledger's address has no user name, no `?` and no `#`")]
    Extras,
}

/// A ledger's address. Its path ends in `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerUrl(Url);

impl LedgerUrl {
    /// The address of a path on this ledger, such as `checkpoint` or `api/v1/entries/7`. The path is
    /// appended as it stands.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        let (path, query) =
            path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        url.set_path(&format!("{}{path}", self.0.path()));
        url.set_query(query);
        url
    }

    /// Where a ledger of that origin is at home; nothing for an origin that is no address.
    pub fn at_home(origin: &Origin) -> Option<Self> {
        format!("https://{origin}").parse().ok()
    }

    /// Whether the ledger is on this machine, so that no proxy stands before it.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// The host, in brackets where it is an IPv6 address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Splits the address of something on a ledger into the ledger's own and the path there, when the path
    /// begins with one of these first segments.
    ///
    /// # Errors
    /// [`NotALedgerUrl`].
    pub fn split(text: &str, firsts: &[&str]) -> Result<(Self, Option<String>), NotALedgerUrl> {
        let whole: Self = text.parse()?;
        let path = whole.0.path().to_owned();
        for first in firsts {
            if let Some(at) = path.find(&format!("/{first}/")) {
                let rest = path[at + 1..].trim_end_matches('/').to_owned();
                let mut base = whole.0.clone();
                base.set_path(&path[..=at]);
                return Ok((Self(base), Some(rest)));
            }
        }
        Ok((whole, None))
    }
}

/// Whether the address is on this machine. That of no interface leads here too.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let name = host.trim_end_matches('.');
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    let address = address.map(|address| address.to_canonical());
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback() || address.is_unspecified())
}

impl FromStr for LedgerUrl {
    type Err = NotALedgerUrl;

    fn from_str(text: &str) -> Result<Self, NotALedgerUrl> {
        let mut url = Url::parse(text).map_err(|_| NotALedgerUrl::Form)?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(NotALedgerUrl::Form);
        }
        let has_extras = !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some();
        if has_extras {
            return Err(NotALedgerUrl::Extras);
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }
}

impl fmt::Display for LedgerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> LedgerUrl {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_stands_behind_the_ledgers_own() {
        assert_eq!(
            parse("http://localhost:8080").join("checkpoint").as_str(),
            "http://localhost:8080/checkpoint"
        );
        let under = parse("https://acme.example/ledger");
        assert_eq!(
            under.join("tile/0/x001/067").as_str(),
            "https://acme.example/ledger/tile/0/x001/067"
        );
        assert_eq!(under.join("api/v1/entries?limit=5").query(), Some("limit=5"));
    }

    #[test]
    fn what_is_no_address_of_a_ledger_is_refused() {
        for bad in ["", "localhost:8080", "ftp://a.example/", "/checkpoint", "file:///etc/passwd"] {
            assert_eq!(bad.parse::<LedgerUrl>(), Err(NotALedgerUrl::Form), "{bad}");
        }
        for bad in ["http://a@b.example/", "http://b.example/?x", "http://b.example/#x"] {
            assert_eq!(bad.parse::<LedgerUrl>(), Err(NotALedgerUrl::Extras), "{bad}");
        }
    }

    #[test]
    fn the_address_of_an_entry_names_its_ledger() {
        let (ledger, path) =
            LedgerUrl::split("https://a.example/ledger/e/41-00ff", &["e", "api"]).unwrap();
        assert_eq!(ledger, parse("https://a.example/ledger/"));
        assert_eq!(path.as_deref(), Some("e/41-00ff"));
        let (ledger, path) = LedgerUrl::split("http://localhost:1", &["e"]).unwrap();
        assert_eq!((ledger, path), (parse("http://localhost:1/"), None));
    }

    #[test]
    fn only_this_machine_is_loopback() {
        for here in [
            "http://localhost/",
            "http://LOCALHOST.:8080/",
            "http://a.localhost/",
            "http://127.0.0.1:80",
            "http://0x7f.1/",
            "http://0.0.0.0/",
            "http://[::1]:8080/",
            "http://[::]/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(parse(here).is_loopback(), "{here}");
        }
        for elsewhere in
            ["https://localhost.example/", "http://192.0.2.1/", "http://[2001:db8::1]/"]
        {
            assert!(!parse(elsewhere).is_loopback(), "{elsewhere}");
        }
    }
}
