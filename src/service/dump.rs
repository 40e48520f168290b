//! Dumps of the ledger: its entries as lines of JSON and as rows of CSV, and the check that such files are the entries
//! of a signed tree (protocol §11). It makes no request and no file.

mod csv;
mod row;

pub use self::csv::{CSV_COLUMNS, csv_header, csv_row};
pub use row::{DumpFault, Rows};

/// Entries that one request is answered with, at most: at 3 to 10 KiB a line, 10 MB.
pub const ENTRIES_MAX: u64 = 1000;
/// Bytes after which an answer ends with the entry it is at: one of the largest, with 64 words, is some 300 KiB.
pub const ANSWER_BYTES: usize = 16 << 20;
/// The name of the lines.
pub const LINES_NAME: &str = "entries.jsonl";
/// The name of the rows.
pub const ROWS_NAME: &str = "entries.csv";
/// The name of the manifest.
pub const MANIFEST_NAME: &str = "manifest.json";
/// JSON, one object a line.
pub const LINES_TYPE: &str = "application/x-ndjson";
/// Comma-separated values (RFC 4180).
pub const ROWS_TYPE: &str = "text/csv; charset=utf-8; header=present";
