//! `onrecord witness`: cosigns checkpoints of the logs in a policy file (C2SP tlog-witness), whoever runs them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::own_cosigner::OwnCosigner;
use super::running::{self, cannot_listen, tls_files, unusable};
use super::{Outcome, files, policy, terminal};
use crate::clock::SystemClock;
use crate::http::{Listener, Timeouts, witness_router};
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
        let tls = tls_files(self.tls_certificate.as_ref(), self.tls_key.as_ref());
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
        let own = OwnCosigner::named(&self.data, "witness", self.name.as_ref())?;
        if own.key_file().exists() && !LocalWitnessed::is_there(&self.data) {
            let what =
                format!("{} has a key, and what it cosigned is gone", files::shown(&self.data));
            let next = "Put the folder back as it was. If it is lost, so is this witness: begin a \
                        new one, with another key, in another folder.";
            return Err(Failure::new(what, next));
        }
        let store = LocalWitnessed::open(&self.data).map_err(|error| unusable(&error))?;
        Ok((store, own.open(self.key_passphrase_file.as_deref())?))
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
