//! The words that a ledger shows: those of a statement stand beside its entry in the dump, and those that an entry reveals
//! beside the entry that sealed them.

use std::collections::HashSet;

use super::MirrorError;
use crate::crypto::Hash;
use crate::ledger::replay::Logged;
use crate::net::Client;
use crate::service::dump::ANSWER_BYTES;
use crate::statement::{Disclosure, Effect};
use crate::wire::{DumpRow, DumpWord, Entry};

/// A line more than an answer is cut at, and what stands around its words.
const LINES_BYTES_MAX: usize = 2 * ANSWER_BYTES;
const ENTRY_BYTES_MAX: usize = 1 << 20;

/// Adds to the entries from `first` on what the ledger shows of their words. What it does not show is erased, withheld or
/// sealed; which of these, the entries say.
pub(super) async fn add_words(
    client: &Client,
    first: u64,
    mut entries: Vec<Logged>,
) -> Result<Vec<Logged>, MirrorError> {
    let end = first + entries.len() as u64;
    let mut next = first;
    while next < end {
        let path = format!("api/v1/dump.jsonl?from={next}&to={end}");
        let lines = client.get(&path, LINES_BYTES_MAX).await?;
        let before = next;
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let row: DumpRow =
                serde_json::from_slice(line).map_err(|error| bad(client, &path, &error))?;
            let Some(entry) =
                row.index.checked_sub(first).and_then(|at| entries.get_mut(at as usize))
            else {
                break;
            };
            let statement = entry.signed.statement();
            let sealed: HashSet<Hash> =
                statement.sealed().iter().map(|(_, digest)| *digest).collect();
            let own = statement.digests().iter().filter(|digest| !sealed.contains(digest));
            let own: HashSet<Hash> = own.copied().collect();
            entry.words = shown(row.disclosures.iter(), &own);
            next = row.index + 1;
        }
        if next == before {
            return Err(bad(client, &path, &"it ends before the entries do"));
        }
    }
    for entry in &mut entries {
        add_words_of_target(client, entry).await?;
    }
    Ok(entries)
}

/// What an entry revealed or restored stands beside the entry that it names.
async fn add_words_of_target(client: &Client, entry: &mut Logged) -> Result<(), MirrorError> {
    let statement = entry.signed.statement();
    let (wanted, reveals) = match statement.rules().effect {
        Effect::Reveals(digests) => (digests, true),
        Effect::Restores(digests) => (digests, false),
        _ => return Ok(()),
    };
    let Some(re) = statement.re() else { return Ok(()) };
    let path = format!("api/v1/statements/{re}");
    let answer = client.get(&path, ENTRY_BYTES_MAX).await?;
    let target: Entry =
        serde_json::from_slice(&answer).map_err(|error| bad(client, &path, &error))?;
    let path = format!("api/v1/dump.jsonl?from={0}&to={1}", target.index, target.index + 1);
    let line = client.get(&path, LINES_BYTES_MAX).await?;
    let row: DumpRow = serde_json::from_slice(&line).map_err(|error| bad(client, &path, &error))?;
    // The whole entry was restored where no words are named.
    let all = row.disclosures.iter().filter_map(|word| Hash::from_base64url(&word.digest).ok());
    let wanted: HashSet<Hash> =
        if wanted.is_empty() { all.collect() } else { wanted.iter().copied().collect() };
    let words = shown(row.disclosures.iter(), &wanted);
    if reveals {
        entry.words = words;
    } else {
        entry.restored = words;
    }
    Ok(())
}

/// Those that are wanted, each once. A ledger that shows other words shows them in vain.
fn shown<'a>(words: impl Iterator<Item = &'a DumpWord>, wanted: &HashSet<Hash>) -> Vec<Disclosure> {
    let mut left = wanted.clone();
    let texts = words.filter_map(|word| word.disclosure.as_deref());
    let words = texts.filter_map(|text| Disclosure::parse(text).ok());
    words.filter(|word| left.remove(&word.digest())).collect()
}

fn bad(client: &Client, path: &str, why: &dyn std::fmt::Display) -> MirrorError {
    MirrorError::Unreadable { url: client.ledger().join(path).to_string(), why: why.to_string() }
}
