//! `onrecord restore`: makes a ledger's folder of a backup, unless somebody knows of entries that the backup lacks.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;
use futures_util::future::join_all;

use super::backup::no_backup;
use super::failure::Failure;
use super::own_policy::OwnPolicy;
use super::running::{self, unusable};
use super::serve::{cannot_start, journal_key, origin_in};
use super::{Outcome, contact, files, terminal};
use crate::net::{Client, FetchError, LedgerUrl, Patience};
use crate::service::View;
use crate::service::comparing::{CompareError, Compared, OwnTree};
use crate::service::recover::recover;
use crate::store::StoreError;
use crate::store::local::{BackupError, KeptState, LocalBackup};
use crate::tlog::{Origin, VerifierKey};
use crate::wire::{HolderCompared, RestoreReport};

const CHECKPOINT_BYTES_MAX: usize = 64 * 1024;

/// Make a ledger's folder of a backup, unless it is older than what was published
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord restore /backup/ledger --data /var/lib/onrecord --policy ledger.policy
  onrecord restore /backup/ledger --data /var/lib/onrecord --mirror https://mirror.example
  onrecord restore /backup/ledger --data /tmp/look --unwitnessed

A ledger that goes on from an older backup signs a second history, and everyone who kept a checkpoint can
show that. So each witness of the policy, and each mirror that is named, is asked what it holds of the
ledger first. Nothing is restored when one of them knows more than the backup, or does not answer.")]
pub(super) struct Restore {
    /// Folder of the backup
    backup: PathBuf,
    /// Folder for the ledger, new or empty
    #[arg(long, env = "ONRECORD_DATA", value_name = "FOLDER", default_value = "./onrecord-data")]
    data: PathBuf,
    /// The ledger's policy file, whose witnesses are asked
    #[arg(long, env = "ONRECORD_POLICY", value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Address that serves the ledger's checkpoint, such as that of a mirror; may be given more than once
    #[arg(long = "mirror", value_name = "URL")]
    mirrors: Vec<LedgerUrl>,
    /// Restore though nobody is asked: you know that nothing was published after the backup
    #[arg(long, conflicts_with_all = ["policy", "mirrors"])]
    unwitnessed: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Restore {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        let backup = LocalBackup::existing(&self.backup)
            .map_err(|error| no_backup(&error, "Name a folder that `onrecord backup` wrote."))?;
        let state = backup.newest().map_err(|error| unusable(&error))?;
        let Some(mut state) = state else {
            let what = format!("the first backup to {} never ended", files::shown(&self.backup));
            return Err(Failure::new(what, "Take another backup."));
        };
        let (key, origin) = key_of(&state)?;
        let recovered = recover(&mut state.journal, backup.objects(), &key)
            .map_err(|error| cannot_start(&error))?;
        let Some(published) = recovered.lookup.memory().published() else {
            return Err(Failure::new("the backup has no entries", "Take another backup."));
        };
        let view = View::new(recovered.lookup.clone(), published);
        let compared = self.compare(&view, &key, &origin)?;
        let bar = terminal::bar();
        backup
            .put_back(&state, &self.data, &terminal::counting(&bar))
            .map_err(|error| not_restored(&error, &self.data))?;
        bar.finish_and_clear();
        check_keys(&self.data, &state, &key)?;
        let report = RestoreReport {
            origin: origin.to_string(),
            size: view.size(),
            root: view.root().to_base64(),
            keys: state.has_keys(),
            compared,
        };
        if self.json {
            terminal::json(&report)?
        } else {
            self.print(&report)?
        }
        Ok(Outcome::Done)
    }

    /// Asks everyone who may know of more. It is an error when anyone does, or does not answer.
    fn compare(
        &self,
        view: &View,
        key: &VerifierKey,
        origin: &Origin,
    ) -> Result<Vec<HolderCompared>, Failure> {
        let policy = OwnPolicy::open(self.policy.as_deref(), std::slice::from_ref(key))?;
        let tree = OwnTree { view: Some(view), policy: policy.policy(), origin };
        let answers = running::runtime()?.block_on(async {
            let mut answers = policy.ask_all(origin).await;
            answers.extend(join_all(self.mirrors.iter().map(ask_mirror)).await);
            answers
        });
        if answers.is_empty() && !self.unwitnessed {
            return Err(Failure::new(
                "nobody is named who could know of entries that the backup lacks",
                "Name the ledger's witnesses with --policy, or a mirror with --mirror. Say --unwitnessed only if you \
                 know that nothing was published after the backup.",
            ));
        }
        let checks = answers.into_iter().map(|(holder, answer)| judge(&tree, holder, answer));
        checks.collect()
    }

    fn print(&self, report: &RestoreReport) -> Result<(), Failure> {
        let RestoreReport { origin, size, root, keys, compared } = report;
        let data = files::shown(&self.data);
        terminal::line(format_args!("{data} holds {} as of", terminal::escape(origin)))?;
        terminal::line(format_args!("  {size} entries, root {root}"))?;
        for HolderCompared { holder, size } in compared {
            let holder = terminal::escape(holder);
            terminal::line(match size {
                Some(size) => format!("  {holder} knows {size} entries of it, and no others"),
                None => format!("  {holder} knows nothing of it"),
            })?;
        }
        if compared.is_empty() {
            terminal::line("  nobody was asked whether there is more")?;
        }
        if !keys {
            terminal::line(
                "  its keys were not in the backup: put them into `keys` before you start it",
            )?;
        }
        terminal::line("Check it with `onrecord check` before you start it.")
    }
}

type Answer = Result<Option<String>, FetchError>;

async fn ask_mirror(url: &LedgerUrl) -> (String, Answer) {
    let fetched = async {
        let client = Client::with(url.clone(), Patience::CHOSEN)?;
        client.get("checkpoint", CHECKPOINT_BYTES_MAX).await
    };
    let answer = match fetched.await {
        Ok(bytes) => Ok(Some(String::from_utf8(bytes.to_vec()).unwrap_or_default())),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    };
    (format!("the mirror {url}"), answer)
}

fn judge(tree: &OwnTree<'_>, holder: String, answer: Answer) -> Result<HolderCompared, Failure> {
    let size = match tree.compare(&holder, answer) {
        Ok(Compared::OfThisTree(size)) => Some(size),
        Ok(Compared::Nothing) => None,
        Ok(Compared::NotSigned) => {
            return Err(not_asked(format!("{holder} shows nothing that this ledger signed")));
        }
        Ok(Compared::NoAnswer(error)) => {
            return Err(not_asked(format!(
                "{holder} cannot be asked: {}",
                contact::failure(&error)
            )));
        }
        Err(error @ CompareError::AnotherTree { .. }) => {
            return Err(Failure::mismatch(
                error,
                "Nothing was restored. Find a newer backup, or the folder itself. What is lost for good cannot be signed \
                 anew: begin another ledger, with another origin. docs/operating.md says more.",
            ));
        }
        Err(error @ CompareError::Lookup(_)) => {
            return Err(Failure::new(error, "It is damaged. Take another backup."));
        }
    };
    Ok(HolderCompared { holder, size })
}

fn not_asked(what: String) -> Failure {
    Failure::new(
        what,
        "Nothing was restored. Ask again when it answers; leave it out only if it is gone for good.",
    )
}

fn key_of(state: &KeptState) -> Result<(VerifierKey, Origin), Failure> {
    let key = state.key.parse().map_err(|error| {
        Failure::new(
            format!("the verifier key in the backup is none: {error}"),
            "Take another backup.",
        )
    })?;
    Ok((key, origin_in(state.journal.head())?))
}

/// Keys that came with the backup are the ones that signed it.
fn check_keys(data: &Path, state: &KeptState, key: &VerifierKey) -> Result<(), Failure> {
    if !state.has_keys() {
        return Ok(());
    }
    let own = VerifierKey::of_log(key.name().clone(), &journal_key(data)?);
    if own == *key {
        return Ok(());
    }
    Err(Failure::new(
        "the keys in the backup are not those that signed it",
        "Put the keys that belong to the ledger into `keys` before you start it.",
    ))
}

fn not_restored(error: &BackupError, data: &Path) -> Failure {
    match error {
        BackupError::Store(StoreError::Io { kind: ErrorKind::AlreadyExists, .. }) => Failure::new(
            format!("{} holds something", files::shown(data)),
            "Nothing was changed. Name a new folder with --data.",
        ),
        BackupError::Store(error) => unusable(error),
        error => Failure::new(error, "Check that the disk has room."),
    }
}
