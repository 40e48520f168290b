//! `onrecord reindex`: throws a stopped ledger's index away and builds it anew from what the index is derived
//! from. A start does so by itself where it has to.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::failure::Failure;
use super::serve::cannot_start;
use super::stopped::{self, Stopped};
use super::{Outcome, files, terminal};
use crate::service::reindex::build_index;
use crate::store::local::LocalIndex;

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
        let Some(stopped) = stopped::open(&self.data, cannot_start)? else {
            terminal::line("The ledger has no entries, and so needs no index.")?;
            return Ok(Outcome::Done);
        };
        let Stopped { origin, recovered, index, .. } = &stopped;
        remove(index)?;
        let opened = LocalIndex::open(index).map_err(|error| cannot_build(&error.to_string()))?;
        let bar = terminal::bar();
        build_index(&recovered.lookup, Arc::new(opened.0), &terminal::counting(&bar))
            .map_err(|error| cannot_build(&error.to_string()))?;
        bar.finish_and_clear();
        let size = recovered.standing.size;
        terminal::line(format_args!("The index of {origin} is built anew: {size} entries"))?;
        Ok(Outcome::Done)
    }
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

fn cannot_build(why: &str) -> Failure {
    Failure::new(
        format!("the index cannot be built: {why}"),
        "Check that the disk has room; the entries themselves are not touched.",
    )
}
