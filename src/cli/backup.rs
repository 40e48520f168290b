//! `onrecord backup`: a copy of a ledger's folder, kept up while the ledger runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::running::unusable;
use super::serve::{cannot_start, log_key, origin_in};
use super::stopped::require_ledger;
use super::{Outcome, files, terminal};
use crate::service::backup::{CopyError, verify_copy};
use crate::store::local::{BackupError, Gathered, LocalBackup};
use crate::store::{Head, Journal as _, PutError, StoreError};
use crate::tlog::VerifierKey;
use crate::wire::BackupReport;

/// Copy a ledger's folder while it runs, or bring a copy up to date
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord backup /backup/ledger
  onrecord backup --data /var/lib/onrecord /backup/ledger --without-keys

The copy is of one moment, whatever is published meanwhile, and only what is new is copied. It holds the
folder's secrets: the ledger's keys, unless told otherwise, and those of webhooks. Words that the ledger
erased since are erased in the copy too. A copy is no ledger: `onrecord restore` makes one of it.")]
pub(super) struct Backup {
    /// Folder of the copy; made if it is not there
    copy: PathBuf,
    /// Folder that holds the ledger
    #[arg(long, env = "ONRECORD_DATA", value_name = "FOLDER", default_value = "./onrecord-data")]
    data: PathBuf,
    /// Leave the ledger's keys out; keep them elsewhere, since a ledger without its keys has ended
    #[arg(long)]
    without_keys: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Backup {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        require_ledger(&self.data, "Name its folder with --data.")?;
        let backup = LocalBackup::open(&self.copy).map_err(|error| {
            no_backup(&error, "Name a new or empty folder, or one that `onrecord backup` wrote.")
        })?;
        let bar = terminal::bar();
        let mut gathered = backup
            .gather(&self.data, !self.without_keys, &terminal::counting(&bar))
            .map_err(|error| not_copied(&error, &self.copy))?;
        let origin = origin_in(gathered.journal.head())?;
        let key = log_key(&self.data)?;
        let key =
            origin.map(|origin| (VerifierKey::of_log(origin.key_name().clone(), &key), origin));
        let Some((key, origin)) = key else {
            return Err(not_copied(&BackupError::NoEntries, &self.copy));
        };
        let before = backup.newest().map_err(|error| unusable(&error))?;
        let before = before.as_ref().and_then(|state| state.journal.head());
        let Gathered { journal, erased, .. } = &mut gathered;
        verify_copy(journal, Arc::new(backup.objects()), erased, &key, before)
            .map_err(|error| not_verified(&error, &self.copy))?;
        backup.keep(&gathered, &key.to_string()).map_err(|error| unusable(&error))?;
        bar.finish_and_clear();
        let Some(Head { size, root, .. }) = gathered.journal.head() else {
            return Err(not_copied(&BackupError::NoEntries, &self.copy));
        };
        let report = BackupReport {
            origin: origin.to_string(),
            size: *size,
            root: root.to_base64(),
            copied: gathered.objects,
            keys: !self.without_keys,
        };
        if self.json {
            terminal::json(&report)?
        } else {
            self.print(&report)?
        }
        Ok(Outcome::Done)
    }

    fn print(&self, report: &BackupReport) -> Result<(), Failure> {
        let BackupReport { origin, size, root, copied, keys } = report;
        let copy = files::shown(&self.copy);
        terminal::line(format_args!("{copy} holds {} as of", terminal::escape(origin)))?;
        terminal::line(format_args!("  {size} entries, root {root}; {copied} files were copied"))?;
        terminal::line(if *keys {
            "  with the ledger's keys: keep it where nobody else can read it"
        } else {
            "  without the ledger's keys: keep a copy of `keys` elsewhere"
        })
    }
}

/// Of a folder that holds something else.
pub(super) fn no_backup(error: &StoreError, next: &str) -> Failure {
    match error {
        StoreError::Layout { path, found, .. } if !LocalBackup::is_named_by(found) => {
            let folder = files::shown(path.parent().unwrap_or(path));
            Failure::new(format!("{folder} holds no backup"), next)
        }
        error => unusable(error),
    }
}

fn not_verified(error: &CopyError, copy: &Path) -> Failure {
    match error {
        CopyError::AnotherHistory(_) => another_history(copy),
        CopyError::Recover(error) => cannot_start(error),
        CopyError::Lookup(error) => Failure::new(error, "Check the folder with `onrecord check`."),
        CopyError::Erase(error) => Failure::new(error, "Check that the disk has room."),
    }
}

fn another_history(copy: &Path) -> Failure {
    Failure::new(
        format!("{} holds another history than the ledger", files::shown(copy)),
        "Keep it: it may be the one that was published. Back up to another folder.",
    )
}

fn not_copied(error: &BackupError, copy: &Path) -> Failure {
    match error {
        BackupError::NoEntries => Failure::new(error, "Start it, and back up again."),
        BackupError::Behind { .. } => Failure::new(
            error,
            "The ledger's folder is older than its backup: do not start it. Keep the backup, and see docs/operating.md.",
        ),
        BackupError::TooFast => {
            Failure::new(error, "Back up again when less is published, or to a faster disk.")
        }
        BackupError::Put(PutError::OtherContent(_)) => another_history(copy),
        BackupError::Put(error) => Failure::new(error, "Check that the disk has room."),
        BackupError::Store(error) => unusable(error),
    }
}
