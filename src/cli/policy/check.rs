//! Asks everyone in a policy that has an address there: a log for its newest checkpoint, a witness for what it cosigned
//! last of each log.

use std::collections::BTreeSet;

use owo_colors::OwoColorize as _;

use super::{Check, read};
use crate::cli::failure::Failure;
use crate::cli::running::runtime;
use crate::cli::terminal::{self, escape};
use crate::cli::{Outcome, files};
use crate::encoding::time::Moment;
use crate::net::{Client, LedgerUrl, Patience};
use crate::tlog::{
    ForeignCheckpoint, Judgement, Listed, LogFinding, Policy, QuorumFinding, WitnessFinding,
    log_hash,
};
use crate::wire::{self, PolicyPartKind};

const CHECKPOINT_BYTES_MAX: usize = 64 * 1024;
const NOT_CHECKED: [&str; 3] = [
    "whether a witness is independent of the log, and of the other witnesses",
    "whether the logs show others the same history: `onrecord audit` and other people's views show it",
    "who is behind a key: take keys from a source that you trust",
];

pub(super) fn run(verb: &Check) -> Result<Outcome, Failure> {
    let policy = read(&verb.policy)?;
    let parts = runtime()?.block_on(ask_all(&policy));
    if parts.is_empty() {
        let what = format!("{} has no address of anyone", files::shown(&verb.policy));
        return Err(Failure::new(what, "Add addresses: `log KEY URL`, `witness NAME KEY URL`."));
    }
    let results: Vec<wire::Outcome> =
        parts.iter().flat_map(|part| &part.checks).map(|check| check.result).collect();
    let worst = [wire::Outcome::Failed, wire::Outcome::NotChecked];
    let verdict = worst.into_iter().find(|result| results.contains(result));
    let verdict = verdict.unwrap_or(wire::Outcome::Verified);
    let not_checked = NOT_CHECKED.map(str::to_owned).to_vec();
    let report = wire::PolicyReport { verdict, parts, not_checked };
    if verb.json {
        terminal::json(&report)?
    } else {
        print(&report)?
    }
    Ok(verdict.into())
}

async fn ask_all(policy: &Policy) -> Vec<wire::PolicyPart> {
    let mut parts = Vec::new();
    for log in policy.logs() {
        if let Some(url) = log.url() {
            parts.push(part(PolicyPartKind::Log, log, url, ask_log(policy, log, url).await));
        }
    }
    let origins: BTreeSet<&str> = policy.logs().iter().map(Listed::name).collect();
    for (place, witness) in policy.witnesses().iter().enumerate() {
        let Some(url) = witness.url() else { continue };
        let mut checks = Vec::new();
        for origin in &origins {
            checks.push(ask_witness(policy, place, origin, url).await);
        }
        parts.push(part(PolicyPartKind::Witness, witness, url, checks));
    }
    parts
}

fn part(
    kind: PolicyPartKind,
    one: &Listed,
    url: &str,
    checks: Vec<wire::Check>,
) -> wire::PolicyPart {
    let (name, url) = (one.name().to_owned(), url.to_owned());
    wire::PolicyPart { kind, name, url, checks }
}

/// A checkpoint that is to be found there, or why it is not.
async fn fetch(url: &str, path: &str) -> Result<ForeignCheckpoint, wire::Check> {
    let failed = |detail: String| check("answer", wire::Outcome::NotChecked, detail);
    let url: LedgerUrl = url.parse().map_err(|error| failed(format!("{url}: {error}")))?;
    let client = Client::with(url.clone(), Patience::NAMED_BY_OTHERS)
        .map_err(|error| failed(error.to_string()))?;
    let bytes =
        client.get(path, CHECKPOINT_BYTES_MAX).await.map_err(|error| failed(error.to_string()))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| failed(format!("{url} answers no text")))?;
    text.parse().map_err(|error| failed(format!("{url} answers no checkpoint: {error}")))
}

async fn ask_log(policy: &Policy, log: &Listed, url: &str) -> Vec<wire::Check> {
    let checkpoint = match fetch(url, "checkpoint").await {
        Ok(checkpoint) => checkpoint,
        Err(check) => return vec![check],
    };
    if checkpoint.origin() != log.name() {
        let detail = format!("the checkpoint there is of {}", checkpoint.origin());
        return vec![check("origin", wire::Outcome::Failed, detail)];
    }
    let judged = policy.judge_foreign(&checkpoint);
    vec![signature_of_log(&judged, &checkpoint), quorum(&judged)]
}

fn signature_of_log(judged: &Judgement, checkpoint: &ForeignCheckpoint) -> wire::Check {
    let size = checkpoint.size();
    let (result, detail) = match judged.log {
        LogFinding::Signed(id) => {
            (wire::Outcome::Verified, format!("size {size}, signed by the key {id}"))
        }
        LogFinding::UnknownLog | LogFinding::Missing => {
            (wire::Outcome::Failed, "no key of the policy signed the checkpoint".to_owned())
        }
        LogFinding::Bad => {
            let detail = "a signature under the name of a key of the policy is not by that key";
            (wire::Outcome::Failed, detail.to_owned())
        }
    };
    check("log_signature", result, detail)
}

fn quorum(judged: &Judgement) -> wire::Check {
    let bad = judged.witnesses.iter().find(|(_, found)| *found == WitnessFinding::Bad);
    let (result, detail) = match (bad, judged.quorum) {
        (Some((name, _)), _) => (
            wire::Outcome::Failed,
            format!("a cosignature under the name {name} is not by its key"),
        ),
        (None, QuorumFinding::NoneAsked) => {
            (wire::Outcome::Verified, "the policy asks for no cosignature".to_owned())
        }
        (None, QuorumFinding::Met { existed_by }) => {
            (wire::Outcome::Verified, format!("met, and so by {}", time(existed_by)))
        }
        (None, QuorumFinding::NotMet) => {
            (wire::Outcome::Failed, "too few of the witnesses cosigned the checkpoint".to_owned())
        }
    };
    check("witness_quorum", result, detail)
}

async fn ask_witness(policy: &Policy, place: usize, origin: &str, url: &str) -> wire::Check {
    let path = format!("{}/checkpoint", log_hash(origin).to_hex());
    let checkpoint = match fetch(url, &path).await {
        Ok(checkpoint) => checkpoint,
        Err(check) => return check,
    };
    let judged = policy.judge_foreign(&checkpoint);
    let size = checkpoint.size();
    let found = judged.witnesses.get(place).map(|(_, found)| *found);
    let (result, detail) = match (judged.log, found) {
        _ if checkpoint.origin() != origin => {
            (wire::Outcome::Failed, format!("for {origin} it gives a checkpoint of another log"))
        }
        (LogFinding::Signed(_), Some(WitnessFinding::SeenBy(at))) => {
            (wire::Outcome::Verified, format!("{origin} at size {size}, seen by {}", time(at)))
        }
        (LogFinding::Signed(_), Some(WitnessFinding::UnknownType)) => {
            let detail = format!("{origin} at size {size}, in a way that is not checked yet");
            (wire::Outcome::NotChecked, detail)
        }
        (LogFinding::Signed(_), _) => {
            (wire::Outcome::Failed, format!("{origin} at size {size} is not cosigned by its key"))
        }
        _ => (wire::Outcome::Failed, format!("{origin} at size {size} is not signed by the log")),
    };
    check("cosignature", result, detail)
}

fn check(name: &str, result: wire::Outcome, detail: String) -> wire::Check {
    wire::Check { name: name.to_owned(), result, detail }
}

/// The time of a cosignature as it is written elsewhere.
fn time(seconds: u64) -> String {
    let moment = Moment::from_seconds(seconds);
    moment.map_or_else(|_| format!("second {seconds} since 1970"), Moment::to_seconds)
}

fn print(report: &wire::PolicyReport) -> Result<(), Failure> {
    terminal::line(match report.verdict {
        wire::Outcome::Verified => "all answer as the policy says".green().bold().to_string(),
        wire::Outcome::Failed => "not all answer as the policy says".red().bold().to_string(),
        wire::Outcome::NotChecked => "not all could be asked".yellow().bold().to_string(),
    })?;
    for part in &report.parts {
        let kind = match part.kind {
            PolicyPartKind::Log => "log",
            PolicyPartKind::Witness => "witness",
        };
        let (name, url) = (escape(&part.name), escape(&part.url));
        terminal::line(format_args!("{kind} {} at {url}", name.bold()))?;
        for check in &part.checks {
            let result = match check.result {
                wire::Outcome::Verified => "ok         ".green().to_string(),
                wire::Outcome::Failed => "FAILED     ".red().bold().to_string(),
                wire::Outcome::NotChecked => "not checked".yellow().to_string(),
            };
            terminal::line(format_args!("  {result} {}: {}", check.name, escape(&check.detail)))?;
        }
    }
    terminal::line("What this does not show:".bold())?;
    report.not_checked.iter().try_for_each(|text| terminal::line(format_args!("  - {text}")))
}
