//! `onrecord serve`: puts the parts of a ledger together and runs them until it is told to stop. Which engines
//! there are is decided here and nowhere else.

mod keys;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use tokio::task::JoinSet;

use super::failure::Failure;
use super::own_policy::OwnPolicy;
use super::running::{self, cannot_listen, unusable};
use super::{Outcome, files, key, terminal};
use crate::clock::{self, SystemClock};
use crate::config::{Config, Layer, check_resolve};
use crate::http::{App, Listener, Settings, StreamSettings, Timeouts, serve};
use crate::net::Sites;
use crate::service::founding::{self, Randomness};
use crate::service::recover::RecoverError;
use crate::service::{
    DomainParts, IndexState, LOOK_KEPT, Ledger, Parts, PublishError, WebhookParts,
};
use crate::store::local::{
    LocalEndpoints, LocalFolder, LocalIndex, LocalWitnessed, SEGMENT_LENGTH,
};
use crate::store::{Head, Journal as _};
use crate::tlog::{Checkpoint, LogSigner, NotACheckpoint, Origin, SignedCheckpoint};
use crate::webhook::SCHEDULE;
pub(super) use keys::{
    LOG, LOG_NEXT, MIRROR_JOURNAL, is_ledger, is_mirror, journal_key, operator_key, public_key,
};

use keys::Keys;

const CONFIG_BYTES_MAX: u64 = 1024 * 1024;
const CHECKPOINT_BYTES_MAX: u64 = 64 * 1024;
/// How long the body of a submission may take to arrive.
pub(super) const BODY_TIMEOUT: Duration = Duration::from_secs(20);
/// How often a ledger that comes up is asked whether it is ready for entry 0.
const READY_PAUSE: Duration = Duration::from_millis(10);

/// Run a ledger
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord serve
  onrecord serve --origin ledger.example --public-url https://ledger.example
  onrecord serve --config /etc/onrecord.toml
  onrecord serve --print-config > onrecord.toml

The first start makes the ledger's keys, in keys/ of its folder, and its first entry.
Ctrl-C and SIGTERM finish what was accepted, then stop.")]
pub(super) struct Serve {
    #[command(flatten)]
    layer: Layer,
    /// TOML file with the same settings, `_` for `-`; options and environment stand over it
    #[arg(long, env = "ONRECORD_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the settings in force as TOML, and stop
    #[arg(long)]
    print_config: bool,
}

impl Serve {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let file = self.config.as_deref().map(read_layer).transpose()?.unwrap_or_default();
        let layer = self.layer.over(file);
        let config = layer.clone().into_config().map_err(|error| wrong_settings(&error))?;
        if self.print_config {
            terminal::bytes(layer.over(Layer::defaults()).to_toml().as_bytes())?;
            return Ok(Outcome::Done);
        }
        running::log_to_standard_error();
        running::runtime()?.block_on(run(&config))
    }
}

fn read_layer(path: &Path) -> Result<Layer, Failure> {
    let text = files::read_text(path, CONFIG_BYTES_MAX)?;
    Layer::of_toml(&text, path).map_err(|error| wrong_settings(&error))
}

fn wrong_settings(error: &crate::config::ConfigError) -> Failure {
    Failure::new(terminal::escape_lines(&error.to_string(), ""), "See `onrecord serve --help`.")
}

async fn run(config: &Config) -> Result<Outcome, Failure> {
    if is_mirror(&config.data) {
        let what = format!("{} holds a mirror", files::shown(&config.data));
        let next =
            "Serve it with `onrecord mirror`. A new ledger goes on from it by --predecessor.";
        return Err(Failure::new(what, next));
    }
    let stop = running::stop_signal()?;
    let listener = Listener::bind(config.listen, config.tls.as_ref(), Timeouts::default())
        .map_err(|error| cannot_listen(&error))?;
    let folder =
        LocalFolder::open(&config.data, SEGMENT_LENGTH).map_err(|error| unusable(&error))?;
    let logged = folder.journal.head().map(origin_in).transpose()?;
    let is_new = logged.is_none();
    let keys = Keys::open(&config.data, config.key_passphrase_file.as_deref(), is_new)?;
    let origin = choose_origin(config, logged, &keys, listener.address().port())?;
    check_resolve(&config.resolve, &origin).map_err(|error| wrong_settings(&error))?;
    let signer = keys.signer(origin.clone());
    let policy = OwnPolicy::open(config.policy.as_deref(), &signer.verifier_keys())?;
    let settings = settings(config, &listener, policy.text.clone());
    let predecessor = config.predecessor.as_deref().filter(|_| is_new);
    let predecessor = predecessor.map(|file| last_of(file, &origin)).transpose()?;
    let queue_max = usize::try_from(config.queue).unwrap_or(usize::MAX);
    let (parts, endpoints, witnessed) = parts(folder, signer, queue_max);
    let ledger = Ledger::start(parts).map_err(|error| cannot_start(&error))?;
    let interval = Duration::from_secs(config.witness_interval.into());
    policy.rely(&ledger, witnessed, interval).await?;
    if ledger.view().is_none() {
        found(&ledger, &keys, config, &origin, predecessor.as_ref()).await?;
    } else {
        note_what_came_too_late(config);
    }
    ledger.look_at_domains(domain_parts(config, &keys));
    let webhooks = webhook_parts(config, &keys, endpoints, &settings.public_url);
    ledger.deliver_to_webhooks(webhooks).map_err(|error| unusable(&error))?;
    let mut beside = JoinSet::new();
    let (rechecked, witnessed) = (ledger.clone(), ledger.clone());
    beside.spawn(async move { rechecked.keep_rechecking_domains().await });
    beside.spawn(async move { witnessed.keep_witnessing().await });
    let (url, pages) = (listener.url(), &settings.public_url);
    terminal::line(format_args!("listening on {url} as {origin}; its pages are at {pages}"))?;
    let served = serve(listener, App::new(ledger.clone(), settings), stop).await;
    beside.shutdown().await;
    ledger.stop().await;
    served.map_err(|error| cannot_listen(&error))?;
    Ok(Outcome::Done)
}

/// What counts at the first start and is said later.
fn note_what_came_too_late(config: &Config) {
    if config.reserved_domains.is_some() {
        terminal::note(
            "--reserved-domains counts at the first start; now the ledger's policy decides.",
        );
    }
    if config.predecessor.is_some() {
        terminal::note("--predecessor counts at the first start; entry 0 says what it said then.");
    }
}

/// The origin that the checkpoint of a journal's head names: that of a ledger that has entries.
pub(super) fn origin_in(head: &Head) -> Result<Origin, Failure> {
    match head.checkpoint.parse::<SignedCheckpoint>() {
        Ok(signed) => Ok(signed.checkpoint().origin().clone()),
        Err(error) => Err(Failure::new(
            format!("the last checkpoint in the journal is none: {error}"),
            "Put the `journal` folder back from your copy.",
        )),
    }
}

/// The origin is fixed at the first start.
fn choose_origin(
    config: &Config,
    logged: Option<Origin>,
    keys: &Keys,
    port: u16,
) -> Result<Origin, Failure> {
    match (logged, &config.origin) {
        (Some(logged), Some(asked)) if logged != *asked => Err(Failure::new(
            format!("this ledger is {logged} for ever, and --origin says {asked}"),
            "Leave --origin out, or name another folder with --data for another ledger.",
        )),
        (Some(logged), _) => Ok(logged),
        (None, Some(asked)) => Ok(asked.clone()),
        (None, None) => Origin::local(&format!("localhost:{port}"), &keys.log.public_key())
            .map_err(|error| Failure::new(error, "Name the ledger with --origin.")),
    }
}

fn is_local(origin: &Origin) -> bool {
    origin.as_str().starts_with("localhost:")
}

fn settings(config: &Config, listener: &Listener, policy: String) -> Settings {
    Settings {
        public_url: config.public_url.clone().unwrap_or_else(|| listener.browser_url()),
        policy,
        rates: config.rates,
        trusted_hops: config.trusted_hops.into(),
        body_timeout: BODY_TIMEOUT,
        stream: StreamSettings { readers_max: config.stream_readers, ..StreamSettings::default() },
    }
}

/// What a ledger or a mirror runs on in a folder.
pub(super) fn parts(
    folder: LocalFolder,
    signer: LogSigner,
    queue_max: usize,
) -> (Parts, LocalEndpoints, LocalWitnessed) {
    let LocalFolder { journal, objects, endpoints, witnessed, index } = folder;
    let parts = Parts {
        journal: Box::new(journal),
        objects: Arc::new(objects),
        open_index: Box::new(move || {
            let (index, damage) = LocalIndex::open(&index)?;
            if let Some(damage) = damage {
                tracing::warn!(%damage, "the index is built anew");
            }
            Ok(Arc::new(index))
        }),
        signer,
        clock: Arc::new(SystemClock::start()),
        queue_max,
    };
    (parts, endpoints, witnessed)
}

fn domain_parts(config: &Config, keys: &Keys) -> DomainParts {
    let sites = Sites::of_the_system(&config.resolve);
    let random = || key::random().map_err(|failure| failure.to_string());
    let operator = keys.operator.clone();
    DomainParts { sites, operator, random: Box::new(random), kept_for: LOOK_KEPT }
}

fn webhook_parts(
    config: &Config,
    keys: &Keys,
    endpoints: LocalEndpoints,
    public_url: &str,
) -> WebhookParts {
    WebhookParts {
        endpoints: Box::new(endpoints),
        sites: Sites::of_the_system(&config.resolve),
        key: keys.webhook.clone(),
        random: Box::new(|| key::random().map_err(|failure| failure.to_string())),
        public_url: public_url.trim_end_matches('/').to_owned(),
        schedule: SCHEDULE.to_vec(),
    }
}

/// The last checkpoint of the ledger before this one.
fn last_of(file: &Path, origin: &Origin) -> Result<Checkpoint, Failure> {
    let refused = |what: String| {
        let next = "Save what the ledger before this one answers at /checkpoint, after its end.";
        Failure::new(format!("{}: {what}", files::shown(file)), next)
    };
    let note = files::read_text(file, CHECKPOINT_BYTES_MAX)?;
    let signed: SignedCheckpoint =
        note.parse().map_err(|why: NotACheckpoint| refused(why.to_string()))?;
    let last = signed.checkpoint();
    if last.origin() == origin {
        return Err(refused(format!("it is of {origin} itself")));
    }
    Ok(last.clone())
}

/// Logs entry 0: the policy that the operator begins with.
async fn found(
    ledger: &Ledger,
    keys: &Keys,
    config: &Config,
    origin: &Origin,
    predecessor: Option<&Checkpoint>,
) -> Result<(), Failure> {
    let failed = |what: String| {
        Failure::new(format!("entry 0 cannot be logged: {what}"), "Start the ledger again.")
    };
    while let IndexState::Building { .. } = ledger.health().index {
        tokio::time::sleep(READY_PAUSE).await;
    }
    let reserved = config.reserved_domains.unwrap_or_else(|| is_local(origin));
    let random = Randomness { nonce: key::random()?, salt: key::random()? };
    let (origin, key, now) = (origin.as_str(), &keys.operator, clock::now());
    let policy = founding::policy(origin, key, reserved, predecessor, random, now)
        .map_err(|refusal| failed(refusal.to_string()))?;
    let published = ledger.publish(&policy, |_| None).await;
    published.map(|_| ()).map_err(|error: PublishError| failed(error.to_string()))
}

pub(super) fn cannot_start(error: &RecoverError) -> Failure {
    match error {
        RecoverError::Store(error) => unusable(error),
        error => {
            Failure::new(error, "Nothing was changed. docs/operating.md says more on each case.")
        }
    }
}
