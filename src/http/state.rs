//! What every handler shares: the ledger, the limits, and the settings of this server.

use std::sync::Arc;
use std::time::Duration;

use super::api::log::log_line;
use super::assets::Assets;
use super::error::Failure;
use super::limits::{Limits, Rates};
use super::metrics::Metrics;
use super::stream::{StreamSettings, Streams};
use crate::service::{Ledger, View};
use crate::wire::Reason;

/// What a caller is told to wait for the first checkpoint that meets the quorum.
const RETRY_UNWITNESSED: Duration = Duration::from_secs(2);

/// How this server is to behave.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where the ledger is on the web: scheme, host and path, with or without a slash at its end.
    pub public_url: String,
    /// The C2SP tlog-policy that `/log.policy` answers.
    pub policy: String,
    /// Rates of networks and keys; none on a server for imports and benchmarks.
    pub rates: Option<Rates>,
    /// How many proxies stand before this server and append to `X-Forwarded-For`.
    pub trusted_hops: usize,
    /// How long the body of a submission may take to arrive.
    pub body_timeout: Duration,
    /// How streams behave.
    pub stream: StreamSettings,
}

/// The shared state. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    ledger: Ledger,
    limits: Limits,
    metrics: Metrics,
    assets: &'static Assets,
    policy: String,
    public_url: String,
    trusted_hops: usize,
    body_timeout: Duration,
    streams: Streams,
}

impl App {
    /// The state of a server over this ledger.
    pub fn new(ledger: Ledger, settings: Settings) -> Self {
        ledger.live().bound(settings.stream.held);
        Self(Arc::new(Inner {
            streams: Streams::new(settings.stream, Metrics::of_process()),
            ledger,
            limits: settings.rates.map_or_else(Limits::unlimited, Limits::new),
            metrics: Metrics::of_process(),
            assets: Assets::of_process(),
            policy: settings.policy,
            public_url: settings.public_url.trim_end_matches('/').to_owned(),
            trusted_hops: settings.trusted_hops,
            body_timeout: settings.body_timeout,
        }))
    }

    /// The running ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// The ledger as of its newest checkpoint.
    ///
    /// # Errors
    /// `not_found` before entry 0.
    pub fn view(&self) -> Result<View, Failure> {
        self.0.ledger.view().ok_or_else(|| Failure::not_found("Nothing is on record yet"))
    }

    /// The ledger as of the checkpoint that it announces, which is what others recompute from.
    ///
    /// # Errors
    /// `not_found` before entry 0, `starting` before a checkpoint met the quorum of the ledger's policy.
    pub fn announced(&self) -> Result<View, Failure> {
        self.view()?;
        self.0.ledger.announced().ok_or_else(|| {
            let detail = "Too few witnesses have cosigned a checkpoint yet.";
            Failure::new(Reason::Starting, detail).retry_after(RETRY_UNWITNESSED)
        })
    }

    /// The limits in force.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The numbers of this server.
    pub fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// What all streams share.
    pub(super) fn streams(&self) -> &Streams {
        &self.0.streams
    }

    /// The files of pages.
    pub fn assets(&self) -> &'static Assets {
        self.0.assets
    }

    /// The policy to verify this ledger with. It names every key that the operator named last, also one of which a
    /// mirror was not told when it started.
    pub fn policy(&self) -> String {
        let text = &self.0.policy;
        let named = self.0.ledger.log_keys().map_or(Vec::new(), |named| named.keys);
        let lines = named.iter().map(log_line);
        let missing: String = lines.filter(|line| !text.contains(line.trim_end())).collect();
        missing + text
    }

    /// Where the ledger is on the web, without a slash at its end.
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// How many proxies' `X-Forwarded-For` is believed.
    pub fn trusted_hops(&self) -> usize {
        self.0.trusted_hops
    }

    /// How long the body of a submission may take to arrive.
    pub fn body_timeout(&self) -> Duration {
        self.0.body_timeout
    }

    /// The path in the public URL, without a slash at its end: what links within it begin with.
    pub fn root_path(&self) -> &str {
        path_of(self.public_url())
    }
}

/// The path of a URL, empty where it has none.
fn path_of(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let path = url[after_scheme..].find('/').map(|at| after_scheme + at);
    path.map_or("", |at| &url[at..])
}

#[cfg(test)]
mod tests {
    use super::path_of;

    #[test]
    fn links_begin_with_the_path_of_the_public_url() {
        assert_eq!(path_of("https://ledger.example"), "");
        assert_eq!(path_of("https://ledger.example/2026/a"), "/2026/a");
        assert_eq!(path_of("http://127.0.0.1:8080"), "");
    }
}
