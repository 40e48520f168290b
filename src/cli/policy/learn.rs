//! A new key of a ledger, learned from the bundle of the entry that names it, where the remembered one signed for that.

use super::Learn;
use crate::cli::contact::learn;
use crate::cli::failure::Failure;
use crate::cli::verify::{BUNDLE_BYTES_MAX, origin_of, remembered_policy};
use crate::cli::{Outcome, files, terminal};
use crate::verify;

pub(super) fn run(verb: &Learn) -> Result<Outcome, Failure> {
    let bytes = files::read(&verb.bundle, BUNDLE_BYTES_MAX as u64)?;
    let policy = remembered_policy(&bytes)?;
    let (Some(origin), Some(named)) = (origin_of(&bytes), verify::log_keys(&bytes, &policy)) else {
        let what = format!(
            "{} is no bundle of a log_keys for which a remembered key signed",
            files::shown(&verb.bundle)
        );
        return Err(Failure::new(what, "`onrecord verify` says what is wrong with it."));
    };
    let known = |key| policy.log_keys(origin.as_str()).any(|known| known == key);
    if named.iter().all(known) {
        terminal::line(format_args!("The keys of {origin} that it names are remembered already."))?;
        return Ok(Outcome::Done);
    }
    learn(&origin, policy, &bytes)?;
    Ok(Outcome::Done)
}
