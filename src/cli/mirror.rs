//! `onrecord mirror`: keeps a copy of another ledger, and serves it (C2SP tlog-mirror, the reading side).

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::task::JoinSet;

use super::contact::Contact;
use super::failure::Failure;
use super::own_cosigner::OwnCosigner;
use super::pins::Pins;
use super::running::{self, cannot_listen, tls_files, unusable};
use super::serve::{BODY_TIMEOUT, MIRROR_JOURNAL, cannot_start, is_ledger, origin_in, parts};
use super::{Outcome, files, own_key, policy, terminal};
use crate::crypto::PrivateKey;
use crate::http::limits::Rates;
use crate::http::{App, Listener, Settings, StreamSettings, Timeouts, log_line, serve};
use crate::net::{Client, LedgerUrl, Patience};
use crate::service::{Ledger, MirrorParts, MirrorStartError};
use crate::store::Journal as _;
use crate::store::local::{LocalFolder, SEGMENT_LENGTH};
use crate::tlog::{Cosigner, KeyName, LogSigner, Origin, Policy, VerifierKey};

/// The keys of the ledger, in the folder.
const POLICY: &str = "ledger.policy";
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8082);
/// A mirror takes no statements.
const QUEUE_MAX: usize = 1;

/// Keep a copy of a ledger, verified entry by entry, and serve it
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord mirror https://ledger.example --name mirror.example/m1
  onrecord mirror https://ledger.example --listen 0.0.0.0:443 --public-url https://mirror.example \\
    --tls-certificate fullchain.pem --tls-key key.pem

It copies entries by tiles and public words by the dump, holds each against the rules and the tree
against the ledger's signature, and serves pages, API and tiles as the ledger does, with its own
cosignature under each checkpoint. Words that the ledger erases are erased here too. Statements are
published at the ledger. Should the ledger disappear, the copy stays; docs/operating.md says how a
new ledger goes on from it.")]
pub(super) struct Mirror {
    /// Address of the ledger
    #[arg(value_name = "URL")]
    ledger: LedgerUrl,
    /// Trust policy with the keys of the ledger [default: its key is remembered at the first contact]
    #[arg(long, env = "ONRECORD_MIRROR_POLICY", value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Name of the mirror's key for ever, an address without its scheme; fixed at the first start
    #[arg(long, env = "ONRECORD_MIRROR_NAME", value_name = "NAME")]
    name: Option<KeyName>,
    /// Folder that holds the copy
    #[arg(
        long,
        env = "ONRECORD_MIRROR_DATA",
        value_name = "FOLDER",
        default_value = "./onrecord-mirror"
    )]
    data: PathBuf,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "ONRECORD_MIRROR_LISTEN", value_name = "ADDRESS", default_value_t = LISTEN)]
    listen: SocketAddr,
    /// Address at which others reach the mirror, for absolute links [default: the one listened on]
    #[arg(long, env = "ONRECORD_MIRROR_PUBLIC_URL", value_name = "URL")]
    public_url: Option<LedgerUrl>,
    /// From one look for new entries to the next
    #[arg(long, env = "ONRECORD_MIRROR_EVERY", value_name = "SECONDS", default_value_t = 1,
        value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Certificate chain for TLS, PEM
    #[arg(
        long,
        env = "ONRECORD_MIRROR_TLS_CERTIFICATE",
        value_name = "FILE",
        requires = "tls_key"
    )]
    tls_certificate: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(
        long,
        env = "ONRECORD_MIRROR_TLS_KEY",
        value_name = "FILE",
        requires = "tls_certificate"
    )]
    tls_key: Option<PathBuf>,
    /// Proxies before the mirror whose X-Forwarded-For is believed
    #[arg(long, env = "ONRECORD_MIRROR_TRUSTED_HOPS", value_name = "COUNT", default_value_t = 0)]
    trusted_hops: u8,
    /// File whose first line encrypts the mirror's own keys [default: they are not encrypted]
    #[arg(long, env = "ONRECORD_MIRROR_KEY_PASSPHRASE_FILE", value_name = "FILE")]
    key_passphrase_file: Option<PathBuf>,
}

impl Mirror {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        running::log_to_standard_error();
        if is_ledger(&self.data) {
            let what = format!("{} holds a ledger", files::shown(&self.data));
            return Err(Failure::new(what, "Name another folder with --data for the copy."));
        }
        let own = OwnCosigner::named(&self.data, "mirror", self.name.as_ref())?;
        // Nothing is written for a ledger that cannot be met, and one that disappeared is mirrored all the same.
        let met = if self.data.exists() { None } else { Some(self.meet()?) };
        let folder =
            LocalFolder::open(&self.data, SEGMENT_LENGTH).map_err(|error| unusable(&error))?;
        let copied = folder.journal.head().map(origin_in).transpose()?;
        let is_new = copied.is_none();
        let origin = copied.or(met).map_or_else(|| self.meet(), Ok)?;
        let trusted = self.trusted(&origin)?;
        let cosigner = own.open(self.key_passphrase_file.as_deref())?;
        let signer = LogSigner::new(origin, self.journal_key(is_new)?);
        running::runtime()?.block_on(self.serve(folder, signer, trusted, cosigner))
    }

    /// The origin of the ledger. Where no policy tells its key, that is remembered from now on.
    fn meet(&self) -> Result<Origin, Failure> {
        let contact = Contact::new(self.ledger.clone())?;
        match &self.policy {
            Some(_) => Ok(contact.announced()?.checkpoint().origin().clone()),
            None => contact.origin(),
        }
    }

    /// The policy with the ledger's keys, as text and read. It is kept in the folder, which is enough to start again.
    fn trusted(&self, origin: &Origin) -> Result<(String, Policy), Failure> {
        let kept = self.data.join(POLICY);
        let path = match &self.policy {
            Some(path) => path.clone(),
            None if kept.exists() => kept.clone(),
            None => Pins::of_this_person()?.path(origin),
        };
        let text = files::read_text(&path, policy::FILE_BYTES_MAX)?;
        let read = policy::parse(text.as_bytes(), &files::shown(&path))?;
        if read.log_keys(origin.as_str()).next().is_none() {
            let what = format!("{} names no key of {origin}", files::shown(&path));
            return Err(Failure::new(what, "Add the line `log KEY` of the ledger's own policy."));
        }
        files::replace(&kept, text.as_bytes(), files::Readers::Everyone)?;
        Ok((text, read))
    }

    /// Signs the heads of the mirror's own journal.
    fn journal_key(&self, is_new: bool) -> Result<PrivateKey, Failure> {
        let passphrase = self.key_passphrase_file.as_deref();
        let passphrase = passphrase.map(own_key::read_passphrase).transpose()?;
        let no_new_because = if is_new { None } else { Some("the mirror has entries") };
        own_key::open_or_make(
            &self.data.join(MIRROR_JOURNAL),
            passphrase.as_deref(),
            no_new_because,
        )
    }

    async fn serve(
        self,
        folder: LocalFolder,
        signer: LogSigner,
        (text, policy): (String, Policy),
        cosigner: Cosigner,
    ) -> Result<Outcome, Failure> {
        let stop = running::stop_signal()?;
        let tls = tls_files(self.tls_certificate.as_ref(), self.tls_key.as_ref());
        let listener = Listener::bind(self.listen, tls.as_ref(), Timeouts::default())
            .map_err(|error| cannot_listen(&error))?;
        let key = cosigner.verifier_key().clone();
        let client = Client::with(self.ledger.clone(), Patience::CHOSEN)
            .map_err(|error| Failure::new(error, "Check the address of the ledger."))?;
        let (parts, _, announced) = parts(folder, signer, QUEUE_MAX);
        let every = Duration::from_secs(self.every);
        let kept = self.data.join(POLICY);
        let keep_key = Box::new(move |key: &VerifierKey| keep_key(&kept, key));
        let store = Arc::new(announced);
        let of = MirrorParts { client, policy, keep_key, cosigner, store, every };
        let ledger = Ledger::start_mirror(parts, of).map_err(|error| match error {
            MirrorStartError::Recover(error) => cannot_start(&error),
            MirrorStartError::Mirror(error) => Failure::new(
                error,
                "Put the newest copy of the folder back, or copy anew into another one.",
            ),
        })?;
        let own_url = self.public_url.map(|url| url.to_string().trim_end_matches('/').to_owned());
        let settings = Settings {
            public_url: own_url.unwrap_or_else(|| listener.browser_url()),
            policy: text,
            rates: Some(Rates::default()),
            trusted_hops: self.trusted_hops.into(),
            body_timeout: BODY_TIMEOUT,
            stream: StreamSettings::default(),
        };
        let mut beside = JoinSet::new();
        let mirroring = ledger.clone();
        beside.spawn(async move { mirroring.keep_mirroring().await });
        let url = listener.url();
        let of = ledger.origin();
        terminal::line(format_args!("listening on {url} as a mirror of {of}"))?;
        // Without an address: a mirror cosigns what it copied, and nothing is submitted to it.
        terminal::line(format_args!("witness {} {key}", key.name()))?;
        let served = serve(listener, App::new(ledger.clone(), settings), stop).await;
        beside.shutdown().await;
        ledger.stop().await;
        served.map_err(|error| cannot_listen(&error))?;
        Ok(Outcome::Done)
    }
}

/// Adds a key of the ledger to the policy in the folder.
fn keep_key(policy: &Path, key: &VerifierKey) -> Result<(), String> {
    let kept = files::read_text(policy, policy::FILE_BYTES_MAX).and_then(|text| {
        let text = log_line(key) + &text;
        files::replace(policy, text.as_bytes(), files::Readers::Everyone)
    });
    kept.map_err(|failure| failure.to_string())
}
