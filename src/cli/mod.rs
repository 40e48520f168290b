//! The command line: one verb a file. Exit codes are decided here and nowhere else, and here alone a
//! failure is rendered: what happened, and what to do next.
//!
//! 0: done, or verified. 1: it failed, or it does not verify. 2: the arguments are wrong, or nothing could
//! be checked.

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use owo_colors::OwoColorize as _;

mod answer;
mod audit;
mod backup;
mod bench;
mod check;
mod completions;
mod contact;
mod countersign;
mod demo;
mod dump;
mod end;
mod entry_url;
mod exec;
mod failure;
mod files;
mod import;
mod key;
mod log_key;
mod man;
mod mirror;
mod moderate;
mod monitor;
mod notice;
mod offer;
mod org;
mod own_cosigner;
mod own_key;
mod own_policy;
mod passphrase;
mod pins;
mod policy;
mod prove_complete;
mod publish;
mod recount;
mod reindex;
mod respond;
mod restore;
mod running;
mod serve;
mod show;
mod sign;
mod signed_file;
mod stats;
mod stopped;
mod terminal;
mod tile_folder;
mod verify;
mod watch;
mod witness;

use failure::{Cause, Failure};

use crate::wire;

const ABOUT: &str = "A public agreement ledger for individuals: sign, publish, prove and verify";

/// Put agreements on the record, and check what others put there.
#[derive(Parser)]
#[command(name = "onrecord", version, about = ABOUT, max_term_width = 100)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "`onrecord <command> --help` shows examples of each command.")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Serve(Box<serve::Serve>),
    Key(key::Key),
    Sign(Box<sign::Sign>),
    Publish(publish::Publish),
    Respond(respond::Respond),
    Countersign(countersign::Countersign),
    Decline(countersign::Decline),
    Offer(offer::Offer),
    Notice(notice::Notice),
    Moderate(Box<moderate::Moderate>),
    LogKey(Box<log_key::LogKey>),
    End(Box<end::End>),
    Show(show::Show),
    Verify(verify::Verify),
    Audit(audit::Audit),
    Org(org::Org),
    Policy(policy::Policies),
    ProveComplete(prove_complete::ProveComplete),
    Dump(dump::Dump),
    Watch(Box<watch::Watch>),
    Monitor(monitor::Monitor),
    Stats(stats::Stats),
    Import(import::Import),
    Bench(bench::Bench),
    Demo(demo::Demo),
    Witness(Box<witness::Witness>),
    Mirror(Box<mirror::Mirror>),
    Check(check::Check),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Reindex(reindex::Reindex),
    Completions(completions::Completions),
    Man(man::Man),
}

/// It is done, or verifies.
const DONE: u8 = 0;
/// It failed, or does not verify.
const FAILED: u8 = 1;
/// Nothing could be checked; also clap's code for wrong arguments.
const COULD_NOT_CHECK: u8 = 2;

/// Ended by Ctrl-C: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

/// How a verb ended when nothing went wrong in doing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// It is done; what was to be verified verifies.
    Done,
    /// What was to be verified does not verify.
    DoesNotVerify,
    /// What was to be verified could not be checked.
    CouldNotCheck,
}

impl From<wire::Outcome> for Outcome {
    fn from(verdict: wire::Outcome) -> Self {
        match verdict {
            wire::Outcome::Verified => Self::Done,
            wire::Outcome::Failed => Self::DoesNotVerify,
            wire::Outcome::NotChecked => Self::CouldNotCheck,
        }
    }
}

/// Runs the command that the process was started with.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let is_check = cli.verb.is_check();
    ExitCode::from(match cli.verb.run() {
        Ok(Outcome::Done) => DONE,
        Ok(Outcome::DoesNotVerify) => FAILED,
        Ok(Outcome::CouldNotCheck) => COULD_NOT_CHECK,
        Err(failure) => {
            say(&failure);
            exit_code(failure.cause(), is_check)
        }
    })
}

/// A failure of a check must not look like a verdict, neither a good nor a bad one.
const fn exit_code(cause: Cause, is_check: bool) -> u8 {
    match cause {
        Cause::ReaderGone if !is_check => DONE,
        Cause::ReaderGone | Cause::Failed if is_check => COULD_NOT_CHECK,
        Cause::ReaderGone | Cause::Failed | Cause::Mismatch => FAILED,
    }
}

impl Verb {
    /// Whether its exit code tells a verdict, so that a failure must not look like one.
    const fn is_check(&self) -> bool {
        match self {
            Self::Verify(_)
            | Self::Audit(_)
            | Self::ProveComplete(_)
            | Self::Watch(_)
            | Self::Monitor(_)
            | Self::Check(_)
            | Self::Stats(_) => true,
            Self::Org(verb) => verb.is_check(),
            Self::Policy(verb) => verb.is_check(),
            Self::Dump(verb) => verb.is_check(),
            _ => false,
        }
    }

    fn run(self) -> Result<Outcome, Failure> {
        match self {
            Self::Serve(verb) => verb.run(),
            Self::Key(verb) => verb.run(),
            Self::Sign(verb) => verb.run(),
            Self::Publish(verb) => verb.run(),
            Self::Respond(verb) => verb.run(),
            Self::Countersign(verb) => verb.run(),
            Self::Decline(verb) => verb.run(),
            Self::Offer(verb) => verb.run(),
            Self::Notice(verb) => verb.run(),
            Self::Moderate(verb) => verb.run(),
            Self::LogKey(verb) => verb.run(),
            Self::End(verb) => verb.run(),
            Self::Show(verb) => verb.run(),
            Self::Verify(verb) => verb.run(),
            Self::Audit(verb) => verb.run(),
            Self::Org(verb) => verb.run(),
            Self::Policy(verb) => verb.run(),
            Self::ProveComplete(verb) => verb.run(),
            Self::Dump(verb) => verb.run(),
            Self::Watch(verb) => verb.run(),
            Self::Monitor(verb) => verb.run(),
            Self::Stats(verb) => verb.run(),
            Self::Import(verb) => verb.run(),
            Self::Bench(verb) => verb.run(),
            Self::Demo(verb) => verb.run(),
            Self::Witness(verb) => verb.run(),
            Self::Mirror(verb) => verb.run(),
            Self::Check(verb) => verb.run(),
            Self::Backup(verb) => verb.run(),
            Self::Restore(verb) => verb.run(),
            Self::Reindex(verb) => verb.run(),
            Self::Completions(verb) => verb.run(&mut Cli::command()),
            Self::Man(verb) => verb.run(Cli::command()),
        }
    }
}

/// Ends the process where it is, as Ctrl-C does.
fn end_interrupted() {
    std::process::exit(i32::from(INTERRUPTED));
}

/// Says on standard error what happened and what to do next, if anyone is left to hear it.
fn say(failure: &Failure) {
    if failure.cause() != Cause::ReaderGone {
        terminal::note(format_args!("{} {}", "error:".red().bold(), failure.what()));
        terminal::note(format_args!("{} {}", "next:".bold(), failure.next()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_check_that_cannot_tell_its_verdict_ends_neither_as_good_nor_as_bad() {
        for cause in [Cause::Failed, Cause::ReaderGone] {
            assert_eq!(exit_code(cause, true), COULD_NOT_CHECK);
        }
        assert_eq!(exit_code(Cause::Mismatch, true), FAILED);
        assert_eq!(exit_code(Cause::Failed, false), FAILED);
        assert_eq!(exit_code(Cause::ReaderGone, false), DONE);
    }

    #[test]
    fn every_command_shows_an_example_in_its_help() {
        fn walk(command: &clap::Command, path: &str) {
            for child in command.get_subcommands() {
                let path = format!("{path} {}", child.get_name());
                if child.get_subcommands().next().is_none() {
                    let help = child.get_after_help().map(ToString::to_string).unwrap_or_default();
                    assert!(help.contains(&format!("  {path}")), "{path}: no example of it");
                }
                walk(child, &path);
            }
        }
        Cli::command().debug_assert();
        walk(&Cli::command(), "onrecord");
    }
}
