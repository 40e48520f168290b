//! Fetching one web page that is anybody's: a few redirects, one try, nothing but HTML.

use std::time::Instant;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Response, Url};

use super::client::{FetchError, failed, http_client, read};
use super::ledger_url::is_loopback;
use super::patience::Patience;

/// The largest page. The largest that people write are a tenth of it.
pub const PAGE_BYTES_MAX: usize = 5 * 1024 * 1024;
const REDIRECTS_MAX: usize = 5;

/// A web page as it was served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchedPage {
    /// Where it was found, without a fragment.
    pub url: Url,
    /// The addresses that led there, the first one first.
    pub redirected_from: Vec<Url>,
    /// Its bytes.
    pub html: Bytes,
}

/// Why there is no page.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// Not an absolute URL with `http` or `https`, or one with a user name.
    #[error("{0} is not the address of a web page: http:// or https://, without a user name")]
    Address(String),
    /// No whole answer.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// An answer that is neither a page nor a redirect.
    #[error("{url} answered {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// It leads from page to page.
    #[error("more than {REDIRECTS_MAX} redirects, the last to {0}")]
    Redirects(String),
    /// It leads from elsewhere to what only this machine can reach.
    #[error("{0} leads to an address on this machine")]
    RedirectHome(String),
    /// It is something else than HTML.
    #[error("{url} is {content_type}, not text/html")]
    NotHtml {
        /// What was asked for.
        url: String,
        /// What the answer says it is.
        content_type: String,
    },
}

/// Fetches a page, following at most five redirects, and waiting for it no longer than to that instant.
///
/// # Errors
/// [`PageError`].
pub async fn fetch_page(address: &str, until: Instant) -> Result<FetchedPage, PageError> {
    let fetched = tokio::time::timeout_at(until.into(), follow(address)).await;
    fetched.unwrap_or_else(|_| Err(FetchError::TimedOut { url: address.to_owned() }.into()))
}

async fn follow(address: &str) -> Result<FetchedPage, PageError> {
    let mut url = check(Url::parse(address).ok(), address)?;
    let mut redirected_from = Vec::new();
    loop {
        let response = ask(&url).await?;
        if let Some(next) = redirect(&response, &url)? {
            redirected_from.push(std::mem::replace(&mut url, next));
            if redirected_from.len() > REDIRECTS_MAX {
                return Err(PageError::Redirects(url.into()));
            }
            continue;
        }
        require_html(&response, &url)?;
        let html = read(response, &url, PAGE_BYTES_MAX).await.map_err(|failed| failed.error)?;
        return Ok(FetchedPage { url, redirected_from, html });
    }
}

fn check(url: Option<Url>, text: &str) -> Result<Url, PageError> {
    let is_plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
    };
    let mut url = url.filter(is_plain).ok_or_else(|| PageError::Address(text.to_owned()))?;
    url.set_fragment(None);
    Ok(url)
}

async fn ask(url: &Url) -> Result<Response, PageError> {
    let client = http_client(is_loopback(url), Patience::NAMED_BY_OTHERS)?;
    let request = client.get(url.clone()).header(ACCEPT, "text/html");
    Ok(request.send().await.map_err(|error| failed(url, &error).error)?)
}

/// Where an answer leads, if it is a redirect.
fn redirect(response: &Response, url: &Url) -> Result<Option<Url>, PageError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = response.headers().get(LOCATION) else { return Ok(None) };
    let location = String::from_utf8_lossy(location.as_bytes());
    let next = check(url.join(&location).ok(), &location)?;
    if is_loopback(&next) && !is_loopback(url) {
        return Err(PageError::RedirectHome(url.to_string()));
    }
    Ok(Some(next))
}

fn require_html(response: &Response, url: &Url) -> Result<(), PageError> {
    let status = response.status().as_u16();
    if status != 200 {
        return Err(PageError::Status { url: url.to_string(), status });
    }
    let header = response.headers().get(CONTENT_TYPE).map(|value| value.as_bytes());
    let content_type = String::from_utf8_lossy(header.unwrap_or(b"of no content type"));
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("text/html") {
        return Ok(());
    }
    Err(PageError::NotHtml { url: url.to_string(), content_type: content_type.into_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of a redirect from there to that location.
    fn led(from: &str, location: Option<&str>) -> Result<Option<String>, PageError> {
        let mut answer = http::Response::builder().status(302);
        if let Some(location) = location {
            answer = answer.header(LOCATION, location);
        }
        let response = Response::from(answer.body("").unwrap());
        redirect(&response, &Url::parse(from).unwrap()).map(|next| next.map(String::from))
    }

    #[test]
    fn a_redirect_leads_to_web_pages_and_never_home_from_elsewhere() {
        let page = "https://acme.example/a/b?c";
        for (location, expected) in [
            ("d#part", "https://acme.example/a/d"),
            ("/d", "https://acme.example/d"),
            ("//b\u{fc}cher.example", "https://xn--bcher-kva.example/"),
            ("http://[2001:db8::1]:81/", "http://[2001:db8::1]:81/"),
        ] {
            assert_eq!(led(page, Some(location)), Ok(Some(expected.to_owned())), "{location}");
        }
        assert_eq!(led(page, None), Ok(None));
        for location in ["file:///etc/passwd", "javascript:1", "https://a:b@c.example/", "http://["]
        {
            assert_eq!(led(page, Some(location)), Err(PageError::Address(location.to_owned())));
        }
        for location in ["http://localhost/", "http://127.0.0.2/", "//[::1]/", "http://0.0.0.0/"] {
            assert_eq!(led(page, Some(location)), Err(PageError::RedirectHome(page.to_owned())));
        }
        let home = led("http://localhost:8080/", Some("http://[::1]/")).unwrap();
        assert_eq!(home.as_deref(), Some("http://[::1]/"));
    }
}
