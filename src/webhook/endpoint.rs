//! Where an organization wants entries delivered (protocol §11): an `https` address on its own domain or below it.
//! That the address leads to nobody's own network is judged at each delivery, where the name is resolved.

use url::Url;

use crate::encoding::domain::Domain;

/// Bytes of an address.
const LENGTH_MAX: usize = 2048;

/// An address that entries may be delivered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    host: Domain,
    target: String,
}

/// Why an address is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// Not a URL, or not written as URLs are compared.
    #[error("it is not a URL in its normal form, of at most 2048 bytes")]
    NotAUrl,
    /// Another scheme.
    #[error("it does not begin with https://")]
    NotHttps,
    /// A name and password, a port or a fragment.
    #[error("it has a user, a port or a fragment, and none is allowed")]
    TooMuch,
    /// Somebody else's host.
    #[error("its host is neither the claimed domain nor below it")]
    NotOnDomain,
}

impl Endpoint {
    /// Reads the address of an endpoint of that domain.
    ///
    /// # Errors
    /// [`BadEndpoint`].
    pub fn parse(text: &str, domain: &Domain) -> Result<Self, BadEndpoint> {
        if text.len() > LENGTH_MAX {
            return Err(BadEndpoint::NotAUrl);
        }
        let url = Url::parse(text).map_err(|_| BadEndpoint::NotAUrl)?;
        if url.scheme() != "https" {
            return Err(BadEndpoint::NotHttps);
        }
        let named = !url.username().is_empty() || url.password().is_some();
        if named || url.port().is_some() || url.fragment().is_some() {
            return Err(BadEndpoint::TooMuch);
        }
        let host = url.host_str().and_then(|host| Domain::parse(host).ok());
        let host = host.ok_or(BadEndpoint::NotOnDomain)?;
        let below = host.as_str().strip_suffix(domain.as_str());
        if !below.is_some_and(|labels| labels.is_empty() || labels.ends_with('.')) {
            return Err(BadEndpoint::NotOnDomain);
        }
        let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
        let endpoint = Self { host, target: format!("{}{query}", url.path()) };
        if endpoint.to_string() == text { Ok(endpoint) } else { Err(BadEndpoint::NotAUrl) }
    }

    /// The host that is resolved and that TLS is with.
    pub const fn host(&self) -> &Domain {
        &self.host
    }

    /// Path and query.
    pub fn target(&self) -> &str {
        &self.target
    }
}

impl std::fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "https://{}{}", self.host, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Endpoint, BadEndpoint> {
        Endpoint::parse(text, &Domain::parse("acme.example").unwrap())
    }

    #[test]
    fn the_domain_itself_and_what_is_below_it_are_endpoints() {
        for text in [
            "https://acme.example/",
            "https://acme.example/hooks/onrecord?team=2",
            "https://hooks.eu.acme.example/a",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
        let endpoint = parse("https://hooks.acme.example/a?b=c").unwrap();
        assert_eq!((endpoint.host().as_str(), endpoint.target()), ("hooks.acme.example", "/a?b=c"));
    }

    #[test]
    fn nothing_else_is() {
        for (text, error) in [
            ("acme.example/hook", BadEndpoint::NotAUrl),
            ("https://acme.example", BadEndpoint::NotAUrl),
            ("https://ACME.example/", BadEndpoint::NotAUrl),
            ("https://acme.example/a b", BadEndpoint::NotAUrl),
            ("http://acme.example/", BadEndpoint::NotHttps),
            ("file:///etc/passwd", BadEndpoint::NotHttps),
            ("https://user@acme.example/", BadEndpoint::TooMuch),
            ("https://acme.example:8443/", BadEndpoint::TooMuch),
            ("https://acme.example/#a", BadEndpoint::TooMuch),
            ("https://notacme.example/", BadEndpoint::NotOnDomain),
            ("https://acme.example.evil.example/", BadEndpoint::NotOnDomain),
            ("https://example/", BadEndpoint::NotOnDomain),
            ("https://127.0.0.1/", BadEndpoint::NotOnDomain),
            ("https://[::1]/", BadEndpoint::NotOnDomain),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
        let long = format!("https://acme.example/{}", "a".repeat(LENGTH_MAX));
        assert_eq!(parse(&long), Err(BadEndpoint::NotAUrl));
    }
}
