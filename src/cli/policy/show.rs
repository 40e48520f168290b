//! A policy in words: the keys, the quorum as a tree, and what it takes to meet it or to break it.

use std::path::Path;

use owo_colors::OwoColorize as _;

use super::{FILE_BYTES_MAX, Show, parse, read};
use crate::cli::Outcome;
use crate::cli::contact::Contact;
use crate::cli::failure::Failure;
use crate::cli::terminal::{self, escape};
use crate::net::LedgerUrl;
use crate::tlog::{Listed, Policy, Quorum};
use crate::wire;

const NOBODY_WITNESSES: &str = "none: the log's own signature is enough, so that the log can show \
                                different people different histories";

pub(super) fn run(verb: &Show) -> Result<Outcome, Failure> {
    let policy = match verb.policy.parse::<LedgerUrl>() {
        Ok(url) => {
            let text = Contact::new(url)?.text("log.policy", FILE_BYTES_MAX as usize)?;
            parse(text.as_bytes(), &escape(&verb.policy))?
        }
        Err(_) => read(Path::new(&verb.policy))?,
    };
    let shown = to_wire(&policy);
    if verb.json {
        terminal::json(&shown)?
    } else {
        print(&shown)?
    }
    Ok(Outcome::Done)
}

fn to_wire(policy: &Policy) -> wire::PolicyShown {
    let quorum = policy.quorum();
    let counted: Vec<&Listed> = quorum.iter().flat_map(Quorum::witnesses).collect();
    let to_wire = |one: &Listed| wire::PolicyKey {
        name: one.name().to_owned(),
        key: one.key().to_string(),
        url: one.url().map(str::to_owned),
    };
    wire::PolicyShown {
        logs: policy.logs().iter().map(to_wire).collect(),
        witnesses: policy.witnesses().iter().map(to_wire).collect(),
        not_counted: policy
            .witnesses()
            .iter()
            .filter(|one| !counted.contains(one))
            .map(|one| one.name().to_owned())
            .collect(),
        fewest: quorum.as_ref().map_or(0, |quorum| quorum.fewest() as u64),
        may_be_away: quorum.as_ref().map_or(0, |quorum| quorum.may_be_away() as u64),
        quorum: quorum.as_ref().map(quorum_to_wire),
    }
}

fn quorum_to_wire(quorum: &Quorum<'_>) -> wire::PolicyQuorum {
    match quorum {
        Quorum::Witness(one) => {
            wire::PolicyQuorum { name: one.name().to_owned(), threshold: None, members: vec![] }
        }
        Quorum::Group { name, threshold, members } => wire::PolicyQuorum {
            name: (*name).to_owned(),
            threshold: Some(*threshold as u64),
            members: members.iter().map(quorum_to_wire).collect(),
        },
    }
}

fn print(shown: &wire::PolicyShown) -> Result<(), Failure> {
    terminal::line("Logs, each signs for itself:".bold())?;
    if shown.logs.is_empty() {
        terminal::line("  none: the log has to be known from elsewhere")?;
    }
    shown.logs.iter().try_for_each(|log| print_key(log, ""))?;
    if !shown.witnesses.is_empty() {
        terminal::line("Witnesses:".bold())?;
    }
    for witness in &shown.witnesses {
        let counts = !shown.not_counted.contains(&witness.name);
        print_key(witness, if counts { "" } else { ", which the quorum does not name" })?;
    }
    terminal::line("Quorum, which must have cosigned:".bold())?;
    let Some(quorum) = &shown.quorum else {
        return terminal::line(format_args!("  {NOBODY_WITNESSES}"));
    };
    print_quorum(quorum, 1)?;
    let fewest = match shown.fewest {
        1 => "One of them is enough".to_owned(),
        fewest => format!("At least {fewest} of them have to cosign"),
    };
    let away = match shown.may_be_away {
        0 => "there is one without whom it is not met".to_owned(),
        1 => "it is met whichever one of them is away".to_owned(),
        away => format!("it is met whichever {away} of them are away"),
    };
    terminal::line(format_args!("{fewest}; {away}."))
}

fn print_key(one: &wire::PolicyKey, remark: &str) -> Result<(), Failure> {
    let (name, key) = (escape(&one.name), escape(&one.key));
    terminal::line(format_args!("  {name}{remark}\n    {key}"))?;
    one.url.iter().try_for_each(|url| terminal::line(format_args!("    {}", escape(url))))
}

fn print_quorum(quorum: &wire::PolicyQuorum, depth: usize) -> Result<(), Failure> {
    let (room, name) = ("  ".repeat(depth), escape(&quorum.name));
    let Some(threshold) = quorum.threshold else {
        return terminal::line(format_args!("{room}{name}"));
    };
    let number = quorum.members.len();
    terminal::line(format_args!("{room}{name}: {threshold} of {number}"))?;
    quorum.members.iter().try_for_each(|member| print_quorum(member, depth + 1))
}
