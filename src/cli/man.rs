//! `onrecord man`: the manual pages.

use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::files::{self, Readers};
use super::{Outcome, terminal};

/// Print the manual page, or write one for every command
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord man | man -l -
  onrecord man --folder ~/.local/share/man/man1")]
pub(super) struct Man {
    /// Write one page for every command into this folder
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

impl Man {
    pub(super) fn run(self, mut command: clap::Command) -> Result<Outcome, Failure> {
        command.build();
        match self.folder {
            Some(folder) => write_pages(&command, &folder, "onrecord")?,
            None => terminal::bytes(&page(&command, "onrecord")?)?,
        }
        Ok(Outcome::Done)
    }
}

fn write_pages(command: &clap::Command, folder: &Path, name: &str) -> Result<(), Failure> {
    let path = folder.join(format!("{name}.1"));
    files::replace(&path, &page(command, name)?, Readers::Everyone)?;
    for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
        write_pages(child, folder, &format!("{name}-{}", child.get_name()))?;
    }
    Ok(())
}

fn page(command: &clap::Command, name: &str) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone())
        .title(name)
        .render(&mut page)
        .map_err(|error| Failure::output(&error))?;
    Ok(page)
}
