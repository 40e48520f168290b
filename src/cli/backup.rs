//! `onrecord backup`: a ledger's folder copied, and the backup kept up, while the ledger runs.

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::running::unusable;
use super::serve::{cannot_start, is_mirror, journal_key, origin_in};
use super::stopped::require_ledger;
use super::{Outcome, files, terminal};
use crate::service::backup::{BadBackup, verify_backup};
use crate::store::local::{BackupError, Gathered, LocalBackup};
use crate::store::{Head, PutError, StoreError};
use crate::tlog::VerifierKey;
use crate::wire::BackupReport;

/// Back up a ledger's folder while it runs, or bring its backup up to date
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord backup /backup/ledger
  onrecord backup --data /var/lib/onrecord /backup/ledger --without-keys

The backup is of one moment, whatever is published meanwhile, and only what is new is copied. It holds
the folder's secrets: the ledger's keys, unless told otherwise, and those of webhooks. Words that the
ledger erased since are erased in it too. It is no ledger: `onrecord restore` makes one of it.")]
pub(super) struct Backup {
    /// Folder of the backup; made if it is not there
    backup: PathBuf,
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
        if is_mirror(&self.data) {
            let what = format!("{} holds a mirror, and no ledger", files::shown(&self.data));
            let next =
                "A mirror is copied anew from its ledger. Stop it and copy the folder to keep it.";
            return Err(Failure::new(what, next));
        }
        let backup = LocalBackup::open(&self.backup).map_err(|error| {
            no_backup(&error, "Name a new or empty folder, or one that `onrecord backup` wrote.")
        })?;
        let bar = terminal::bar();
        let gathered = backup.gather(&self.data, !self.without_keys, &terminal::counting(&bar));
        let mut gathered = gathered.map_err(|error| not_copied(&error, &self.backup))?;
        let Head { size, root, .. } = gathered.journal.head().clone();
        let origin = origin_in(gathered.journal.head())?;
        let key = VerifierKey::of_log(origin.key_name().clone(), &journal_key(&self.data)?);
        let Gathered { before, journal, erased, .. } = &mut gathered;
        verify_backup(journal, backup.objects(), erased, &key, before.as_ref())
            .map_err(|error| not_verified(&error, &self.backup))?;
        backup.keep(&gathered, &key.to_string()).map_err(|error| unusable(&error))?;
        bar.finish_and_clear();
        let report = BackupReport {
            origin: origin.to_string(),
            size,
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
        let folder = files::shown(&self.backup);
        terminal::line(format_args!("{folder} holds {} as of", terminal::escape(origin)))?;
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

fn not_verified(error: &BadBackup, folder: &Path) -> Failure {
    match error {
        BadBackup::AnotherHistory(_) => another_history(folder),
        BadBackup::Recover(error) => cannot_start(error),
        BadBackup::Lookup(error) => Failure::new(error, "Check the folder with `onrecord check`."),
        BadBackup::Erase(error) => Failure::new(error, "Check that the disk has room."),
    }
}

fn another_history(folder: &Path) -> Failure {
    Failure::new(
        format!("{} holds another history than the ledger", files::shown(folder)),
        "Keep it: it may be the one that was published. Back up to another folder.",
    )
}

fn not_copied(error: &BackupError, folder: &Path) -> Failure {
    match error {
        BackupError::NoEntries => Failure::new(error, "Start it, and back up again."),
        BackupError::Behind { .. } => Failure::new(
            error,
            "The ledger's folder is older than its backup: do not start it. Keep the backup, and see docs/operating.md.",
        ),
        BackupError::TooFast => {
            Failure::new(error, "Back up again when less is published, or to a faster disk.")
        }
        BackupError::Put(PutError::OtherContent(name)) => Failure::new(
            format!("{name} in {} is another than the ledger's", files::shown(folder)),
            "One of them is damaged, or they are of two histories. Keep the backup, stop the ledger, and check its folder \
             with `onrecord check`.",
        ),
        BackupError::Put(error) => Failure::new(error, "Check that the disk has room."),
        BackupError::Store(error) => unusable(error),
    }
}
