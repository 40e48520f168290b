//! A row of CSV for a line of a dump (RFC 4180). Spreadsheets run what looks like a formula, so that a cell which begins
//! with one of `= + - @`, a tab or a line break is written behind an apostrophe.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::entry::Entry;
use crate::statement::membership::Outline;
use crate::wire::{DumpRow, WordState};

/// The columns, in order.
pub const CSV_COLUMNS: [&str; 17] = [
    "index",
    "time",
    "kind",
    "statement_id",
    "thread",
    "re",
    "organizations",
    "signers",
    "imported_from",
    "claimed_at",
    "title",
    "words",
    "public_words",
    "sealed_words",
    "withheld_words",
    "erased_words",
    "leaf_hash",
];

/// The first line of the file.
pub fn csv_header() -> Vec<u8> {
    record(CSV_COLUMNS.iter().map(|name| (*name).to_owned()))
}

/// The row of an entry. `entry` is what the row's leaf says.
pub fn csv_row(row: &DumpRow, entry: &Entry) -> Vec<u8> {
    let outline = Outline::read(entry.envelope.payload());
    let outline = outline.as_ref();
    let re = outline.and_then(|outline| outline.membership().re);
    let organizations = entry.links.subjects.iter().map(|(domain, _)| domain.as_str());
    let signers = entry.links.signers.iter().map(|(signer, _)| signer.as_str());
    let count = |state| row.disclosures.iter().filter(|word| word.state == state).count();
    let (title, words) = public_words(row);
    let cells = [
        row.index.to_string(),
        row.time.clone(),
        outline.map(|outline| outline.kind().to_owned()).unwrap_or_default(),
        row.id.clone(),
        row.thread.clone().unwrap_or_default(),
        re.map(|re| re.to_string()).unwrap_or_default(),
        organizations.collect::<Vec<_>>().join(" "),
        signers.collect::<Vec<_>>().join(" "),
        row.imported_from.clone().unwrap_or_default(),
        outline.and_then(Outline::claimed_at).map(|at| at.to_seconds()).unwrap_or_default(),
        title,
        words,
        count(WordState::Public).to_string(),
        count(WordState::Sealed).to_string(),
        count(WordState::Withheld).to_string(),
        count(WordState::Erased).to_string(),
        row.leaf_hash.clone(),
    ];
    record(cells.into_iter().map(|cell| harmless(&cell)))
}

/// The title as it is, and all other public words as one JSON object by name.
fn public_words(row: &DumpRow) -> (String, String) {
    let named =
        row.disclosures.iter().filter_map(|word| Some((word.name.as_ref()?, word.value.as_ref()?)));
    let mut words: BTreeMap<&String, &Box<RawValue>> = named.collect();
    let title = words.remove(&"title".to_owned());
    let title = title.and_then(|title| serde_json::from_str(title.get()).ok()).unwrap_or_default();
    let words = if words.is_empty() { None } else { serde_json::to_string(&words).ok() };
    (title, words.unwrap_or_default())
}

fn harmless(cell: &str) -> String {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\'') => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

fn record(cells: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::with_capacity(1024));
    // Writing to memory does not fail.
    let _ = writer.write_record(cells);
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_stands_behind_an_apostrophe() {
        for cell in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("'=1"), "''=1", "so that taking one away gives back what was said");
        for cell in ["", "a=1", "{\"note\":\"=1\"}", "Rückerstattung"] {
            assert_eq!(harmless(cell), cell);
        }
        let header = String::from_utf8(csv_header()).unwrap();
        assert!(header.starts_with("index,time,kind,") && header.ends_with(",leaf_hash\r\n"));
    }
}
