//! `onrecord witness`: cosigns checkpoints of the logs in a policy file (C2SP tlog-witness), whoever runs them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::running::{self, cannot_listen, unusable};
use super::{Outcome, files, own_key, policy, terminal};
use crate::clock::SystemClock;
use crate::crypto::PrivateKey;
use crate::http::{Listener, Timeouts, TlsFiles, witness_router};
use crate::service::{self, WitnessStartError};
use crate::store::local::LocalWitnessed;
use crate::tlog::{Cosigner, KeyName, Policy, VerifierKey};

const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8081);

/// Cosign the checkpoints of logs, so that none of them can show two histories
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord witness --name witness.example/w1 --policy logs.policy
  onrecord witness --policy logs.policy --listen 0.0.0.0:443 \\
    --tls-certificate fullchain.pem --tls-key key.pem

A line of the policy, a C2SP tlog-policy file, is `log KEY` for each log; its last line may be
`quorum none`. A ledger shows its own at /log.policy. The first start makes the witness's key. Add
the line that is printed to the policies of those who are to rely on this witness.

What was cosigned is in the folder. Never put an older copy of it back, and never start the same
key on two folders: a witness that forgets what it cosigned can be made to cosign a second history.")]
pub(super) struct Witness {
    /// Name of the witness's key for ever, an address without its scheme; fixed at the first start
    #[arg(long, env = "ONRECORD_WITNESS_NAME", value_name = "NAME")]
    name: Option<KeyName>,
    /// Policy file whose logs it cosigns
    #[arg(long, env = "ONRECORD_WITNESS_POLICY", value_name = "FILE")]
    policy: PathBuf,
    /// Folder that holds the key and what was cosigned
    #[arg(
        long,
        env = "ONRECORD_WITNESS_DATA",
        value_name = "FOLDER",
        default_value = "./onrecord-witness"
    )]
    data: PathBuf,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, env = "ONRECORD_WITNESS_LISTEN", value_name = "ADDRESS", default_value_t = LISTEN)]
    listen: SocketAddr,
    /// Address at which logs reach it, for the line that is printed [default: the one listened on]
    #[arg(long, env = "ONRECORD_WITNESS_PUBLIC_URL", value_name = "URL")]
    public_url: Option<String>,
    /// Certificate chain for TLS, PEM
    #[arg(
        long,
        env = "ONRECORD_WITNESS_TLS_CERTIFICATE",
        value_name = "FILE",
        requires = "tls_key"
    )]
    tls_certificate: Option<PathBuf>,
    /// Private key of the certificate, PEM
    #[arg(
        long,
        env = "ONRECORD_WITNESS_TLS_KEY",
        value_name = "FILE",
        requires = "tls_certificate"
    )]
    tls_key: Option<PathBuf>,
    /// File whose first line encrypts the witness's key [default: it is not encrypted]
    #[arg(long, env = "ONRECORD_WITNESS_KEY_PASSPHRASE_FILE", value_name = "FILE")]
    key_passphrase_file: Option<PathBuf>,
}

impl Witness {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        running::log_to_standard_error();
        running::runtime()?.block_on(self.serve())
    }

    async fn serve(self) -> Result<Outcome, Failure> {
        let stop = running::stop_signal()?;
        let policy = read_logs(&self.policy)?;
        let tls = self.tls_certificate.as_ref().zip(self.tls_key.as_ref());
        let tls = tls.map(|(certificate, key)| TlsFiles {
            certificate: certificate.clone(),
            key: key.clone(),
        });
        let listener = Listener::bind(self.listen, tls.as_ref(), Timeouts::default())
            .map_err(|error| cannot_listen(&error))?;
        let (store, cosigner) = self.open()?;
        let key = cosigner.verifier_key().clone();
        check_key_is_no_logs(&policy, &key)?;
        let logs = policy.logs().len();
        let clock = Arc::new(SystemClock::start());
        let witness = service::Witness::start(cosigner, policy, Box::new(store), clock)
            .map_err(|error| cannot_start(&error))?;
        let url = self.public_url.unwrap_or_else(|| listener.url());
        let listening = listener.url();
        terminal::line(format_args!(
            "listening on {listening} as {}, for {logs} logs",
            key.name()
        ))?;
        terminal::line(format_args!("witness {} {key} {url}", key.name()))?;
        let router = witness_router(Arc::new(witness));
        listener.serve(router, stop).await.map_err(|error| cannot_listen(&error))?;
        Ok(Outcome::Done)
    }

    /// The folder, and the key in it. That there is a key shows that something may have been cosigned.
    fn open(&self) -> Result<(LocalWitnessed, Cosigner), Failure> {
        let path = self.data.join("keys/witness.pem");
        let has_key = path.exists();
        if has_key && !LocalWitnessed::is_there(&self.data) {
            let what =
                format!("{} has a key, and what it cosigned is gone", files::shown(&self.data));
            let next = "Put the folder back as it was. If it is lost, so is this witness: begin a \
                        new one, with another key, in another folder.";
            return Err(Failure::new(what, next));
        }
        let named = self.data.join("witness.vkey");
        let known = if named.exists() { Some(read_key(&named)?) } else { None };
        let name = choose_name(self.name.as_ref(), known.as_ref())?;
        let store = LocalWitnessed::open(&self.data).map_err(|error| unusable(&error))?;
        let key = self.own_key(&path, known.is_some())?;
        let cosigner = Cosigner::new(name, key);
        match known {
            None => {
                let text = format!("{}\n", cosigner.verifier_key());
                files::write_new(&named, text.as_bytes(), files::Readers::Everyone)?;
            }
            Some(known) if known != *cosigner.verifier_key() => {
                let what = format!("{} is not the key of {}", files::shown(&path), known.name());
                return Err(Failure::new(what, "Put the key back from your copy."));
            }
            Some(_) => {}
        }
        Ok((store, cosigner))
    }

    fn own_key(&self, path: &Path, is_known: bool) -> Result<PrivateKey, Failure> {
        own_key::create_private(&self.data.join("keys"))?;
        let passphrase = self.key_passphrase_file.as_deref();
        let passphrase = passphrase.map(own_key::read_passphrase).transpose()?;
        let known = if is_known { Some("this witness had one") } else { None };
        own_key::open_or_make(path, passphrase.as_deref(), known)
    }
}

fn read_logs(path: &Path) -> Result<Policy, Failure> {
    let policy = policy::read(path)?;
    if policy.logs().is_empty() {
        let what = format!("{} names no log", files::shown(path));
        return Err(Failure::new(what, "Add a line `log KEY` for each log it is to cosign."));
    }
    Ok(policy)
}

fn read_key(path: &Path) -> Result<VerifierKey, Failure> {
    let text = files::read_text(path, own_key::FILE_BYTES_MAX)?;
    text.trim_end().parse().map_err(|error| {
        let what = format!("{}: {error}", files::shown(path));
        Failure::new(what, "Put the file back from your copy.")
    })
}

/// The name is fixed at the first start.
fn choose_name(asked: Option<&KeyName>, known: Option<&VerifierKey>) -> Result<KeyName, Failure> {
    match (asked, known.map(VerifierKey::name)) {
        (Some(asked), Some(known)) if asked != known => Err(Failure::new(
            format!("this witness is {known} for ever, and --name says {asked}"),
            "Leave --name out, or name another folder with --data for another witness.",
        )),
        (_, Some(known)) => Ok(known.clone()),
        (Some(asked), None) => Ok(asked.clone()),
        (None, None) => Err(Failure::new(
            "a new witness needs a name",
            "Give it one with --name, such as witness.example/w1, an address that is yours.",
        )),
    }
}

/// With one key for both, a log could pass off its own signatures as those of a witness.
fn check_key_is_no_logs(policy: &Policy, key: &VerifierKey) -> Result<(), Failure> {
    if policy.logs().iter().any(|log| log.key().public_bytes() == key.public_bytes()) {
        let what = "the key of this witness is also a log's in the policy".to_owned();
        return Err(Failure::new(
            what,
            "Take another folder with --data: a witness has a key of its own.",
        ));
    }
    Ok(())
}

fn cannot_start(error: &WitnessStartError) -> Failure {
    match error {
        WitnessStartError::Store(error) => unusable(error),
        WitnessStartError::NotCosigned(..) => Failure::new(
            error,
            "Put the folder back as it was when the witness stopped; do not remove the file.",
        ),
    }
}
