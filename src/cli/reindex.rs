//! `onrecord reindex`: throws a stopped ledger's index away and builds it anew from what the index is derived
//! from. A start does so by itself where it has to.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::failure::Failure;
use super::running::unusable;
use super::serve::{cannot_start, log_key, logged_origin};
use super::{Outcome, files, terminal};
use crate::service::recover::recover;
use crate::service::reindex::build_index;
use crate::store::local::{LocalFolder, LocalIndex, SEGMENT_LENGTH};
use crate::tlog::VerifierKey;

/// Build the index of a stopped ledger anew
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord reindex
  onrecord reindex --data /var/lib/onrecord

The index only helps to find entries; it holds nothing that is not elsewhere in the folder.")]
pub(super) struct Reindex {
    /// Folder that holds the ledger
    #[arg(long, env = "ONRECORD_DATA", value_name = "FOLDER", default_value = "./onrecord-data")]
    data: PathBuf,
}

impl Reindex {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        require_ledger(&self.data)?;
        let folder =
            LocalFolder::open(&self.data, SEGMENT_LENGTH).map_err(|error| unusable(&error))?;
        let Some(origin) = logged_origin(&folder)? else {
            terminal::line("The ledger has no entries, and so needs no index.")?;
            return Ok(Outcome::Done);
        };
        let key = VerifierKey::of_log(origin.key_name().clone(), &log_key(&self.data)?);
        let LocalFolder { mut journal, objects, index, .. } = folder;
        let recovered =
            recover(&mut journal, Arc::new(objects), &key).map_err(|error| cannot_start(&error))?;
        remove(&index)?;
        let opened = LocalIndex::open(&index).map_err(|error| cannot_build(&error.to_string()))?;
        let bar = bar();
        build_index(&recovered.lookup, Arc::new(opened.0), &|done, of| {
            bar.set_length(of);
            bar.set_position(done);
        })
        .map_err(|error| cannot_build(&error.to_string()))?;
        bar.finish_and_clear();
        let size = recovered.standing.size;
        terminal::line(format_args!("The index of {origin} is built anew: {size} entries"))?;
        Ok(Outcome::Done)
    }
}

/// A folder that is none is not to become one.
pub(super) fn require_ledger(data: &Path) -> Result<(), Failure> {
    if data.join("journal").is_dir() {
        return Ok(());
    }
    let what = format!("{} holds no ledger", files::shown(data));
    Err(Failure::new(what, "Name its folder with --data."))
}

fn remove(index: &Path) -> Result<(), Failure> {
    if !index.exists() {
        return Ok(());
    }
    fs::remove_dir_all(index).map_err(|error| {
        let what = format!("{} cannot be removed: {error}", files::shown(index));
        Failure::new(what, "Check that the folder is yours.")
    })
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template("{bar:30} {pos}/{len} entries, {per_sec}, {eta} left") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn cannot_build(why: &str) -> Failure {
    Failure::new(
        format!("the index cannot be built: {why}"),
        "Check that the disk has room; the entries themselves are not touched.",
    )
}
