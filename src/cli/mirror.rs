//! `onrecord mirror`: keeps a copy of another ledger, and serves it (C2SP tlog-mirror, the reading side).

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::task::JoinSet;

use super::contact::Contact;
use super::failure::Failure;
use super::pins::Pins;
use super::running::{self, cannot_listen, unusable};
use super::serve::{MIRROR_JOURNAL, cannot_start, origin_in};
use super::{Outcome, files, own_key, policy, terminal};
use crate::clock::SystemClock;
use crate::crypto::PrivateKey;
use crate::http::limits::Rates;
use crate::http::{App, Listener, Settings, StreamSettings, Timeouts, TlsFiles, serve};
use crate::net::{Client, LedgerUrl, Patience};

use crate::service::{Ledger, MirrorParts, MirrorStartError, Parts};
use crate::store::Journal as _;
use crate::store::local::{LocalFolder, LocalIndex, SEGMENT_LENGTH};
use crate::tlog::{Cosigner, KeyName, LogSigner, Origin, Policy};

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8082);
/// How long a body may take to arrive, which a mirror refuses.
const BODY_TIMEOUT: Duration = Duration::from_secs(20);

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
    /// Name of the mirror's key for ever, an address without its scheme; fixed at the first start [default: the
    /// address listened on]
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

/// The mirror's keys: one vouches for the copy, the other signs the heads of its own journal.
struct Keys {
    mirror: PrivateKey,
    journal: PrivateKey,
}

impl Mirror {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        running::log_to_standard_error();
        let folder =
            LocalFolder::open(&self.data, SEGMENT_LENGTH).map_err(|error| unusable(&error))?;
        let copied = folder.journal.head().map(origin_in).transpose()?;
        let is_new = copied.is_none();
        // A ledger that disappeared is still mirrored.
        let origin = copied.map_or_else(|| self.meet(), Ok)?;
        let trusted = self.trusted(&origin)?;
        let keys = self.keys(is_new)?;
        running::runtime()?.block_on(self.serve(folder, origin, trusted, keys))
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
        let kept = self.data.join("ledger.policy");
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

    fn keys(&self, is_new: bool) -> Result<Keys, Failure> {
        own_key::create_private(&self.data.join("keys"))?;
        let passphrase = self.key_passphrase_file.as_deref();
        let passphrase = passphrase.map(own_key::read_passphrase).transpose()?;
        let no_new_because = if is_new { None } else { Some("the mirror has entries") };
        let open = |name: &str| {
            own_key::open_or_make(&self.data.join(name), passphrase.as_deref(), no_new_because)
        };
        Ok(Keys { mirror: open("keys/mirror.pem")?, journal: open(MIRROR_JOURNAL)? })
    }

    async fn serve(
        self,
        folder: LocalFolder,
        origin: Origin,
        (text, policy): (String, Policy),
        keys: Keys,
    ) -> Result<Outcome, Failure> {
        let stop = running::stop_signal()?;
        let tls = self.tls_certificate.as_ref().zip(self.tls_key.as_ref());
        let tls = tls.map(|(certificate, key)| TlsFiles {
            certificate: certificate.clone(),
            key: key.clone(),
        });
        let listener = Listener::bind(self.listen, tls.as_ref(), Timeouts::default())
            .map_err(|error| cannot_listen(&error))?;
        let name = self.key_name(&listener)?;
        let cosigner = Cosigner::new(name, keys.mirror);
        let key = cosigner.verifier_key().clone();
        let client = Client::with(self.ledger.clone(), Patience::CHOSEN)
            .map_err(|error| Failure::new(error, "Check the address of the ledger."))?;
        let LocalFolder { journal, objects, witnessed, index, .. } = folder;
        let parts = Parts {
            journal: Box::new(journal),
            objects: Arc::new(objects),
            open_index: Box::new(move || Ok(Arc::new(LocalIndex::open(&index)?.0))),
            signer: LogSigner::new(origin.clone(), keys.journal),
            clock: Arc::new(SystemClock::start()),
            queue_max: 1,
        };
        let of = MirrorParts {
            client,
            policy,
            cosigner,
            store: Arc::new(witnessed),
            every: Duration::from_secs(self.every),
        };
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
        terminal::line(format_args!("listening on {url} as a mirror of {origin}"))?;
        terminal::line(format_args!("witness {} {key} {url}", key.name()))?;
        let served = serve(listener, App::new(ledger.clone(), settings), stop).await;
        beside.shutdown().await;
        ledger.stop().await;
        served.map_err(|error| cannot_listen(&error))?;
        Ok(Outcome::Done)
    }

    /// The name is fixed at the first start.
    fn key_name(&self, listener: &Listener) -> Result<KeyName, Failure> {
        let path = self.data.join("mirror.name");
        if path.exists() {
            let known = read_name(&path)?;
            return match &self.name {
                Some(asked) if *asked != known => Err(Failure::new(
                    format!("this mirror is {known} for ever, and --name says {asked}"),
                    "Leave --name out, or name another folder with --data for another mirror.",
                )),
                _ => Ok(known),
            };
        }
        let address = listener.url();
        let host = address.split_once("://").map_or(address.as_str(), |(_, host)| host);
        let of_address = || host.parse().map_err(|error| Failure::new(error, "Name it by --name."));
        let name = self.name.clone().map_or_else(of_address, Ok)?;
        files::write_new(&path, format!("{name}\n").as_bytes(), files::Readers::Everyone)?;
        Ok(name)
    }
}

fn read_name(path: &Path) -> Result<KeyName, Failure> {
    let text = files::read_text(path, own_key::FILE_BYTES_MAX)?;
    text.trim_end().parse().map_err(|error| {
        Failure::new(
            format!("{}: {error}", files::shown(path)),
            "Put the file back from your copy.",
        )
    })
}
