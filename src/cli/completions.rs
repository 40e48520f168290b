//! `onrecord completions`: what a shell needs to complete the commands.

use clap::Args;
use clap_complete::Shell;

use super::failure::Failure;
use super::{Outcome, terminal};

/// Print a script that lets your shell complete the commands
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord completions bash > ~/.local/share/bash-completion/completions/onrecord
  onrecord completions fish > ~/.config/fish/completions/onrecord.fish")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, command: &mut clap::Command) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, command, "onrecord", &mut script);
        terminal::bytes(&script)?;
        Ok(Outcome::Done)
    }
}
