//! `onrecord policy`: whom a trust policy believes (C2SP tlog-policy), whether those it names answer as it says, and the
//! key that followed a remembered one.
//! What a policy means is in `tlog/`.

mod check;
mod learn;
mod show;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::{Outcome, files};
use crate::tlog::Policy;

/// Room for 32 logs, witnesses and groups with post-quantum keys and comments.
pub(super) const FILE_BYTES_MAX: u64 = 1 << 20;

/// Look at a trust policy, check that those it names answer as it says, or learn a ledger's next key
#[derive(Args)]
pub(super) struct Policies {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Show(Show),
    Check(Check),
    Learn(Learn),
}

/// Say in words whom a policy believes, and how many of them it takes
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord policy show trusted.policy
  onrecord policy show https://ledger.example
  onrecord policy show trusted.policy --json")]
struct Show {
    /// A policy file, or the address of a ledger, whose own policy is shown
    #[arg(value_name = "FILE|URL")]
    policy: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Ask the logs and witnesses of a policy that have an address in it
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord policy check trusted.policy
  onrecord policy check trusted.policy --json

A log is asked for its newest checkpoint, which is held against the policy; a witness for what it
cosigned last of each log. An address is the last word of a line: `log KEY URL`.
Exit codes: 0 all of them answer as the policy says, 1 one of them does not, 2 one could not be
asked.")]
struct Check {
    /// A policy file
    policy: PathBuf,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Believe the key that followed the remembered key of a ledger
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord policy learn ledger.example-1234.onrecord.json

The bundle is that of the entry in which the ledger's operator names the new key, under a checkpoint that
the remembered key signed. Whoever uses a ledger while both keys sign learns the new one without this.")]
struct Learn {
    /// The bundle of a `log_keys`
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
}

impl Policies {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match self.verb {
            Verb::Show(verb) => show::run(&verb),
            Verb::Check(verb) => check::run(&verb),
            Verb::Learn(verb) => learn::run(&verb),
        }
    }

    pub(super) const fn is_check(&self) -> bool {
        matches!(self.verb, Verb::Check(_))
    }
}

/// Reads a policy file.
pub(super) fn read(path: &Path) -> Result<Policy, Failure> {
    parse(&files::read(path, FILE_BYTES_MAX)?, &files::shown(path))
}

pub(super) fn parse(text: &[u8], name: &str) -> Result<Policy, Failure> {
    Policy::parse(text).map_err(|error| {
        let what = format!("{name} is no trust policy: {error}");
        Failure::new(what, "See c2sp.org/tlog-policy; a ledger's own is at /log.policy.")
    })
}
