//! How a ledger is run: what `onrecord serve` is told by options, `ONRECORD_*` variables and a TOML file, in
//! that order, and the defaults below them. The file has the options' names as keys, with `_` for `-`.
//! What comes out is checked; nothing is opened here.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::http::limits::Rates;
use crate::http::{READERS_MAX, TlsFiles};
use crate::net::{LedgerUrl, Resolve};
use crate::tlog::{NotAnOrigin, Origin};

const DATA: &str = "./onrecord-data";
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
/// Submissions that may wait; at 6,000 a second the last of them waits for about a second.
const QUEUE: u32 = 8_192;
const WITNESS_INTERVAL: u32 = 1;

/// What one source says of the settings; each of them may be silent.
#[derive(Args, Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// Folder that holds the ledger [default: ./onrecord-data]
    #[arg(long, env = "ONRECORD_DATA", value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// Address to listen on; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, env = "ONRECORD_LISTEN", value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Name of the ledger for ever, an address without its scheme; fixed at the first start [default:
    /// localhost:PORT/ and 8 digits of the ledger's key]
    #[arg(long, env = "ONRECORD_ORIGIN", value_name = "ORIGIN")]
    origin: Option<String>,
    /// Address at which others reach the ledger, for absolute links [default: the one listened on]
    #[arg(long, env = "ONRECORD_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Admit domains under .test, .example and .localhost [default: for a localhost origin only]
    #[arg(long, env = "ONRECORD_RESERVED_DOMAINS", value_name = "BOOL", num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    reserved_domains: Option<bool>,
    /// File with the last checkpoint of the ledger that a new one goes on from; counts at the first start
    #[arg(long, env = "ONRECORD_PREDECESSOR", value_name = "FILE")]
    predecessor: Option<PathBuf>,
    /// File whose first line encrypts the ledger's own keys [default: they are not encrypted]
    #[arg(long, env = "ONRECORD_KEY_PASSPHRASE_FILE", value_name = "FILE")]
    key_passphrase_file: Option<PathBuf>,
    /// Certificate chain for TLS, PEM
    #[arg(long, env = "ONRECORD_TLS_CERTIFICATE", value_name = "FILE")]
    tls_certificate: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(long, env = "ONRECORD_TLS_KEY", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Proxies before the ledger whose X-Forwarded-For is believed [default: 0]
    #[arg(long, env = "ONRECORD_TRUSTED_HOPS", value_name = "COUNT")]
    trusted_hops: Option<u8>,
    /// Units a second for each network; a statement costs 20, a list 5, a read 1 [default: 200]
    #[arg(long, env = "ONRECORD_NETWORK_RATE", value_name = "COUNT")]
    network_rate: Option<NonZeroU32>,
    /// Units a network may use at once [default: 2000]
    #[arg(long, env = "ONRECORD_NETWORK_BURST", value_name = "COUNT")]
    network_burst: Option<NonZeroU32>,
    /// Statements a minute for each key [default: 12]
    #[arg(long, env = "ONRECORD_KEY_RATE", value_name = "COUNT")]
    key_rate: Option<NonZeroU32>,
    /// Statements a key may sign at once [default: 60]
    #[arg(long, env = "ONRECORD_KEY_BURST", value_name = "COUNT")]
    key_burst: Option<NonZeroU32>,
    /// No rates at all, for imports and benchmarks; only when listening on this machine
    #[arg(long, env = "ONRECORD_UNLIMITED", value_name = "BOOL", num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    unlimited: Option<bool>,
    /// Submissions that may wait before others are sent away for a moment [default: 8192]
    #[arg(long, env = "ONRECORD_QUEUE", value_name = "COUNT")]
    queue: Option<NonZeroU32>,
    /// Ask this address for the site of a domain, by plain HTTP, or give _onrecord.DOMAIN=TEXT as its TXT record;
    /// only for a localhost origin, to try organizations on one machine. May be repeated
    #[arg(long, env = "ONRECORD_RESOLVE", value_name = "DOMAIN=ADDRESS", value_delimiter = ',')]
    resolve: Option<Vec<Resolve>>,
    /// C2SP tlog-policy file with the witnesses that are to cosign the ledger's checkpoints, each with its address; it
    /// is what /log.policy answers [default: the ledger's key, and no witness]
    #[arg(long, env = "ONRECORD_POLICY", value_name = "FILE")]
    policy: Option<PathBuf>,
    /// From asking the witnesses about one checkpoint to asking about the next, at least [default: 1]
    #[arg(long, env = "ONRECORD_WITNESS_INTERVAL", value_name = "SECONDS")]
    witness_interval: Option<NonZeroU32>,
    /// Readers of /api/v1/stream before others are sent away for a moment [default: 4000]
    #[arg(long, env = "ONRECORD_STREAM_READERS", value_name = "COUNT")]
    stream_readers: Option<u32>,
}

/// Why the settings cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// The file is not TOML, or has a key or value that is none.
    #[error("{}: {message}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong and where.
        message: String,
    },
    /// The origin is none.
    #[error("--origin: {0}")]
    Origin(#[from] NotAnOrigin),
    /// The public URL is no address.
    #[error("--public-url is not an address that starts with http:// or https://")]
    PublicUrl,
    /// One TLS file without the other.
    #[error("--tls-certificate and --tls-key are given together or not at all")]
    HalfOfTls,
    /// Without rates, anyone who reaches the ledger can fill it.
    #[error("--unlimited is refused on {0}, which other machines may reach")]
    UnlimitedInPublic(SocketAddr),
    /// On a ledger that others rely on, whoever runs it could speak for any domain.
    #[error(
        "--resolve is refused for {0}: only a ledger with a localhost origin may resolve domains by itself"
    )]
    ResolveInPublic(Origin),
}

/// The settings of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Folder that holds the ledger.
    pub data: PathBuf,
    /// Address to listen on.
    pub listen: SocketAddr,
    /// The origin asked for; without one, a new ledger gets a localhost origin.
    pub origin: Option<Origin>,
    /// Where others reach it, without a slash at the end.
    pub public_url: Option<String>,
    /// Whether names reserved for examples are admitted, where something was said of it.
    pub reserved_domains: Option<bool>,
    /// File with the last checkpoint of the ledger that a new one goes on from.
    pub predecessor: Option<PathBuf>,
    /// File whose first line encrypts the ledger's keys.
    pub key_passphrase_file: Option<PathBuf>,
    /// Certificate and key.
    pub tls: Option<TlsFiles>,
    /// Proxies whose forwarding headers are believed.
    pub trusted_hops: u8,
    /// The rates, unless they are off.
    pub rates: Option<Rates>,
    /// Submissions that may wait.
    pub queue: u32,
    /// Domains that lead to this machine. Only for a ledger whose origin is on it.
    pub resolve: Vec<Resolve>,
    /// File with the witnesses it relies on.
    pub policy: Option<PathBuf>,
    /// Seconds from asking them about one checkpoint to asking about the next.
    pub witness_interval: u32,
    /// Readers that may follow the stream at once; with 0 nobody may.
    pub stream_readers: usize,
}

impl Layer {
    /// Reads the text of a TOML file.
    ///
    /// # Errors
    /// [`ConfigError::File`].
    pub fn of_toml(text: &str, file: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| ConfigError::File {
            file: file.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })
    }

    /// What this layer says, and where it is silent what the one below says.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            data: self.data.or(below.data),
            listen: self.listen.or(below.listen),
            origin: self.origin.or(below.origin),
            public_url: self.public_url.or(below.public_url),
            reserved_domains: self.reserved_domains.or(below.reserved_domains),
            predecessor: self.predecessor.or(below.predecessor),
            key_passphrase_file: self.key_passphrase_file.or(below.key_passphrase_file),
            tls_certificate: self.tls_certificate.or(below.tls_certificate),
            tls_key: self.tls_key.or(below.tls_key),
            trusted_hops: self.trusted_hops.or(below.trusted_hops),
            network_rate: self.network_rate.or(below.network_rate),
            network_burst: self.network_burst.or(below.network_burst),
            key_rate: self.key_rate.or(below.key_rate),
            key_burst: self.key_burst.or(below.key_burst),
            unlimited: self.unlimited.or(below.unlimited),
            queue: self.queue.or(below.queue),
            resolve: self.resolve.or(below.resolve),
            policy: self.policy.or(below.policy),
            witness_interval: self.witness_interval.or(below.witness_interval),
            stream_readers: self.stream_readers.or(below.stream_readers),
        }
    }

    /// What holds where nothing else is said.
    pub fn defaults() -> Self {
        let rates = Rates::default();
        Self {
            data: Some(DATA.into()),
            listen: Some(LISTEN),
            trusted_hops: Some(0),
            network_rate: Some(rates.network_per_second),
            network_burst: Some(rates.network_burst),
            key_rate: Some(rates.key_per_minute),
            key_burst: Some(rates.key_burst),
            unlimited: Some(false),
            queue: NonZeroU32::new(QUEUE),
            witness_interval: NonZeroU32::new(WITNESS_INTERVAL),
            stream_readers: u32::try_from(READERS_MAX).ok(),
            ..Self::default()
        }
    }

    /// The layer as a TOML file that says the same.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).unwrap_or_default()
    }

    /// The settings that this layer and the defaults make.
    ///
    /// # Errors
    /// [`ConfigError`] for those that contradict each other.
    pub fn into_config(self) -> Result<Config, ConfigError> {
        let all = self.over(Self::defaults());
        let rates = Rates::default();
        let listen = all.listen.unwrap_or(LISTEN);
        let unlimited = all.unlimited.unwrap_or(false);
        if unlimited && !listen.ip().is_loopback() {
            return Err(ConfigError::UnlimitedInPublic(listen));
        }
        let rates = Rates {
            network_per_second: all.network_rate.unwrap_or(rates.network_per_second),
            network_burst: all.network_burst.unwrap_or(rates.network_burst),
            key_per_minute: all.key_rate.unwrap_or(rates.key_per_minute),
            key_burst: all.key_burst.unwrap_or(rates.key_burst),
        };
        let origin: Option<Origin> = all.origin.map(|origin| origin.parse()).transpose()?;
        let resolve = all.resolve.unwrap_or_default();
        if let Some(origin) = &origin {
            check_resolve(&resolve, origin)?;
        }
        Ok(Config {
            data: all.data.unwrap_or_else(|| DATA.into()),
            listen,
            origin,
            public_url: all.public_url.as_deref().map(check_public_url).transpose()?,
            reserved_domains: all.reserved_domains,
            predecessor: all.predecessor,
            key_passphrase_file: all.key_passphrase_file,
            tls: both(all.tls_certificate, all.tls_key)?,
            trusted_hops: all.trusted_hops.unwrap_or(0),
            rates: (!unlimited).then_some(rates),
            queue: all.queue.map_or(QUEUE, NonZeroU32::get),
            resolve,
            policy: all.policy,
            witness_interval: all.witness_interval.map_or(WITNESS_INTERVAL, NonZeroU32::get),
            stream_readers: all.stream_readers.map_or(READERS_MAX, |readers| readers as usize),
        })
    }
}

fn both(
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
) -> Result<Option<TlsFiles>, ConfigError> {
    match (certificate, key) {
        (Some(certificate), Some(key)) => Ok(Some(TlsFiles { certificate, key })),
        (None, None) => Ok(None),
        _ => Err(ConfigError::HalfOfTls),
    }
}

/// Whether a ledger of that origin may resolve domains by itself.
///
/// # Errors
/// [`ConfigError::ResolveInPublic`].
pub fn check_resolve(resolve: &[Resolve], origin: &Origin) -> Result<(), ConfigError> {
    let is_of_this_machine = LedgerUrl::at_home(origin).is_some_and(|url| url.is_loopback());
    if resolve.is_empty() || is_of_this_machine {
        return Ok(());
    }
    Err(ConfigError::ResolveInPublic(origin.clone()))
}

fn check_public_url(text: &str) -> Result<String, ConfigError> {
    let url = text.parse::<LedgerUrl>().map_err(|_| ConfigError::PublicUrl)?;
    Ok(url.to_string().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(text: &str) -> Layer {
        Layer::of_toml(text, Path::new("onrecord.toml")).unwrap()
    }

    #[test]
    fn the_upper_layer_wins_where_it_says_anything() {
        let upper = layer("listen = '127.0.0.1:0'\nunlimited = true");
        let lower = layer("listen = '0.0.0.0:80'\norigin = 'ledger.example'\nkey_rate = 3");
        let config = upper.over(lower).into_config().unwrap();
        assert_eq!(config.listen, "127.0.0.1:0".parse().unwrap());
        assert_eq!(config.origin.unwrap().as_str(), "ledger.example");
        assert_eq!((config.rates, config.data), (None, PathBuf::from("./onrecord-data")));
    }

    #[test]
    fn no_layer_is_forgotten_when_two_are_joined() {
        let rest = layer(
            "origin = 'a'\npublic_url = 'b'\nreserved_domains = true\npredecessor = 'g'\nkey_passphrase_file = 'c'\n\
             tls_certificate = 'd'\ntls_key = 'e'\nresolve = ['a.example=127.0.0.1:1']\n\
             policy = 'f'",
        );
        let full = rest.over(Layer::defaults());
        assert_eq!(full.to_toml().lines().count(), 20, "{}", full.to_toml());
        assert_eq!(full.clone().over(Layer::default()), full);
        assert_eq!(Layer::default().over(full.clone()), full);
        assert_eq!(layer(&full.to_toml()), full);
    }

    #[test]
    fn settings_that_contradict_each_other_are_refused() {
        let error = |text: &str| layer(text).into_config().unwrap_err();
        let open = "0.0.0.0:80".parse().unwrap();
        assert_eq!(
            error("listen = '0.0.0.0:80'\nunlimited = true"),
            ConfigError::UnlimitedInPublic(open)
        );
        assert_eq!(error("tls_key = 'key.pem'"), ConfigError::HalfOfTls);
        assert_eq!(error("public_url = 'ledger.example'"), ConfigError::PublicUrl);
        assert!(matches!(error("origin = 'https://ledger.example'"), ConfigError::Origin(_)));
        let resolve = "resolve = ['a.example=127.0.0.1:1', '_onrecord.a.example=v=onr1']";
        let public = error(&format!("origin = 'localhost.example'\n{resolve}"));
        assert_eq!(public, ConfigError::ResolveInPublic("localhost.example".parse().unwrap()));
        let local =
            layer(&format!("origin = 'localhost:8080/x'\n{resolve}")).into_config().unwrap();
        assert_eq!(local.resolve.len(), 2);
        let unknown = Layer::of_toml("listen = 'x'", Path::new("a.toml")).unwrap_err();
        assert!(unknown.to_string().contains("listen"), "{unknown}");
    }
}
