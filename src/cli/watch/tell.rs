//! What is told of an entry: one line, or its JSON, and a command that is run for it.

use serde::Serialize;

use crate::cli::exec;
use crate::cli::failure::Failure;
use crate::cli::terminal::{self, escape};
use crate::entry::Entry;
use crate::net::LedgerUrl;
use crate::statement::membership::Outline;
use crate::tlog::leaf_hash;
use crate::wire::{StreamErasure, StreamState};

/// Digits of a leaf hash in an entry's address.
const HASH_DIGITS: usize = 32;

/// Tells of entries.
pub(super) struct Teller {
    ledger: LedgerUrl,
    json: bool,
    exec: Option<String>,
}

/// An entry in a few words. Only what the checked leaf says.
struct Summary {
    index: u64,
    time: String,
    kind: String,
    domains: String,
    id: String,
    leaf_hash: String,
    url: String,
}

impl Teller {
    pub(super) fn new(ledger: &LedgerUrl, json: bool, exec: Option<String>) -> Self {
        Self { ledger: ledger.clone(), json, exec }
    }

    /// Tells of an entry that was checked; `data` is its JSON.
    pub(super) fn entry(&self, entry: &Entry, leaf: &[u8], data: &str) -> Result<(), Failure> {
        let summary = self.summary(entry, leaf);
        if self.json {
            terminal::bytes(format!("{data}\n").as_bytes())?;
        } else {
            let Summary { index, time, kind, domains, url, .. } = &summary;
            let (kind, domains) = (escape(kind), escape(domains));
            terminal::line(format_args!("{index:>8}  {time}  {kind:<15}  {domains}  {url}"))?;
        }
        match &self.exec {
            Some(command) => run(command, &summary, data),
            None => Ok(()),
        }
    }

    /// Tells that words are gone.
    pub(super) fn erasure(&self, erasure: &StreamErasure) -> Result<(), Failure> {
        if self.json {
            return terminal::json_line(erasure);
        }
        let StreamErasure { index, digests, erased_by, .. } = erasure;
        let count = digests.len();
        let words = if count == 1 { "word" } else { "words" };
        terminal::line(format_args!("{index:>8}  {count} {words} erased by entry {erased_by}"))
    }

    /// Tells what the clock alone changed in a thread.
    pub(super) fn turn(&self, turn: &StreamState) -> Result<(), Failure> {
        if self.json {
            return terminal::json_line(turn);
        }
        terminal::line(by_the_clock(turn))
    }

    fn summary(&self, entry: &Entry, leaf: &[u8]) -> Summary {
        let outline = Outline::read(entry.envelope.payload());
        let domains: Vec<_> =
            entry.links.subjects.iter().map(|(domain, _)| domain.to_string()).collect();
        let leaf_hash = leaf_hash(leaf).to_hex();
        let page = format!("e/{}-{}", entry.index, &leaf_hash[..HASH_DIGITS]);
        Summary {
            index: entry.index,
            time: entry.time.to_millis(),
            kind: outline.map_or_else(|| "?".to_owned(), |outline| outline.kind().to_owned()),
            domains: domains.join(" "),
            id: entry.envelope.id().to_string(),
            url: self.ledger.join(&page).to_string(),
            leaf_hash,
        }
    }
}

/// What the clock changed, on one line.
fn by_the_clock(turn: &StreamState) -> String {
    let commitments = turn.commitments.iter();
    let commitments =
        commitments.map(|one| format!("commitment {}: {}", one.number, spelled(&one.status)));
    let breaches = turn.breaches.iter().map(|one| {
        let (entry, status) = (one.entry, spelled(&one.status));
        format!("breach in entry {entry}, answer of {}: {status}", one.domain)
    });
    let offers = turn.offers.iter();
    let offers =
        offers.map(|one| format!("offer in entry {}: {}", one.entry, spelled(&one.status)));
    let parts: Vec<_> = commitments.chain(breaches).chain(offers).collect();
    let (index, domains) = (turn.index, turn.subjects.join(" "));
    let line = format!("{}      {:<15}  {domains}  {}", turn.at, "by the clock", parts.join("; "));
    format!("{index:>8}  {}", escape(&line))
}

/// The public spelling of a state, as words.
fn spelled(status: &impl Serialize) -> String {
    let token = serde_json::to_value(status).unwrap_or_default();
    token.as_str().unwrap_or_default().replace('_', " ")
}

/// Runs the command with the entry on its standard input, and waits for its end.
fn run(command: &str, summary: &Summary, data: &str) -> Result<(), Failure> {
    let (index, number) = (summary.index, summary.index.to_string());
    let variables = [
        ("ONRECORD_INDEX", number.as_str()),
        ("ONRECORD_KIND", &summary.kind),
        ("ONRECORD_ID", &summary.id),
        ("ONRECORD_LEAF_HASH", &summary.leaf_hash),
        ("ONRECORD_TIME", &summary.time),
        ("ONRECORD_DOMAINS", &summary.domains),
        ("ONRECORD_ENTRY_URL", &summary.url),
    ];
    exec::run(command, &variables, data).map_err(|why| {
        let next = format!(
            "Go on with --from {index} to run it for this entry again, or --from {} to leave it out.",
            index + 1
        );
        Failure::new(format!("entry {index}: {why}"), next)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{
        BreachStatusName, BreachTurn, CommitmentStatusName, CommitmentTurn, OfferStatusName,
        OfferTurn,
    };

    #[test]
    fn what_the_clock_changed_is_one_line_in_words() {
        let (domain, status) = ("acme.example".to_owned(), BreachStatusName::FirstResponseOverdue);
        let turn = StreamState {
            index: 41,
            thread: format!("sha256:{}", "a".repeat(64)),
            subjects: vec![domain.clone()],
            at: "2026-12-01T12:00:00Z".to_owned(),
            commitments: vec![CommitmentTurn { number: 2, status: CommitmentStatusName::DueSoon }],
            breaches: vec![BreachTurn { entry: 43, domain, status }],
            offers: vec![OfferTurn { entry: 44, status: OfferStatusName::Expired }],
        };
        let line = by_the_clock(&turn);
        assert_eq!(
            line,
            "      41  2026-12-01T12:00:00Z      by the clock     acme.example  commitment 2: due soon; breach in \
             entry 43, answer of acme.example: first response overdue; offer in entry 44: expired"
        );
        let hostile = StreamState { at: "\u{1b}[2J\n".to_owned(), ..turn };
        assert!(!by_the_clock(&hostile).contains(['\u{1b}', '\n']));
    }
}
