//! The address of a webhook that a person names for being told of something.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;
use reqwest::header::CONTENT_TYPE;

use super::client::{FetchError, failed, http_client};
use super::ledger_url::is_loopback;
use super::patience::Patience;

/// Not an address of `http` or `https`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address that starts with http:// or https://")]
pub struct NotAHookUrl;

/// The address. It may hold a secret, so that it is never shown whole.
#[derive(Clone, PartialEq, Eq)]
pub struct HookUrl(Url);

impl HookUrl {
    /// Sends JSON there once.
    ///
    /// # Errors
    /// [`FetchError`] unless it is answered with a status of success. Of the address only scheme, host and port are
    /// shown.
    pub async fn send(&self, json: String) -> Result<(), FetchError> {
        let mut shown = self.0.clone();
        shown.set_path("");
        shown.set_query(None);
        shown.set_fragment(None);
        // Neither fails for an address that has a host.
        let _ = (shown.set_username(""), shown.set_password(None));
        let http = http_client(is_loopback(&self.0), Patience::NAMED_BY_OTHERS)?;
        let request = http.post(self.0.clone()).header(CONTENT_TYPE, "application/json").body(json);
        let response = request.send().await.map_err(|error| failed(&shown, &error).error)?;
        let status = response.status();
        if status.is_success() {
            return Ok(());
        }
        Err(FetchError::Unexpected { url: shown.to_string(), status: status.as_u16() })
    }
}

impl FromStr for HookUrl {
    type Err = NotAHookUrl;

    fn from_str(text: &str) -> Result<Self, NotAHookUrl> {
        let url: Url = text.parse().map_err(|_| NotAHookUrl)?;
        if matches!(url.scheme(), "http" | "https") { Ok(Self(url)) } else { Err(NotAHookUrl) }
    }
}

impl fmt::Debug for HookUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("HookUrl").field(&self.0.host_str()).finish()
    }
}
