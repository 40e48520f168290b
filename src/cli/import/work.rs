//! What an import remembers beside its CSV file, so that it can be broken off and go on: the times it claims,
//! and the complaints that are done. One JSON object a line, only ever appended to.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::encoding::time::Moment;

const FILE_BYTES_MAX: u64 = 1 << 30;

/// A line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum Line {
    /// Statements signed from here on claim this time.
    Run { origin: String, importer: String, claimed_at: String },
    /// All statements of this complaint are logged.
    Done(String),
}

/// The state of one import.
#[derive(Debug)]
pub(super) struct Work {
    path: PathBuf,
    file: File,
    /// The times claimed so far, oldest first. A statement that was sent before claims one of them, and so
    /// must be tried with each before it is signed anew.
    pub(super) times: Vec<Moment>,
    done: BTreeSet<String>,
}

impl Work {
    /// Opens the file for that ledger and importer, or begins it.
    pub(super) fn open(
        path: &Path,
        origin: &str,
        importer: &str,
        now: Moment,
    ) -> Result<Self, Failure> {
        let text =
            if path.exists() { files::read_text(path, FILE_BYTES_MAX)? } else { String::new() };
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| unwritable(path, &error))?;
        let mut work =
            Self { path: path.to_owned(), file, times: Vec::new(), done: BTreeSet::new() };
        // A line that was torn by a crash was never acted upon.
        let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
        for line in whole.lines() {
            work.take(serde_json::from_str(line).ok(), origin, importer)?;
        }
        if whole.len() < text.len() {
            work.append_text("\n")?;
        }
        if work.times.is_empty() {
            work.claim(now, origin, importer)?;
        }
        Ok(work)
    }

    fn take(&mut self, line: Option<Line>, origin: &str, importer: &str) -> Result<(), Failure> {
        match line {
            Some(Line::Run { origin: of, importer: by, claimed_at }) => {
                if of != origin || by != importer {
                    return Err(Failure::new(
                        format!("{} is of another ledger or importer", files::shown(&self.path)),
                        "Name another file with --work, or the same ledger and key as before.",
                    ));
                }
                self.times.extend(Moment::parse_seconds(&claimed_at));
            }
            Some(Line::Done(complaint)) => {
                self.done.insert(complaint);
            }
            None => {}
        }
        Ok(())
    }

    /// Whether all of the complaint is logged.
    pub(super) fn is_done(&self, complaint: &str) -> bool {
        self.done.contains(complaint)
    }

    /// Remembers that all of the complaint is logged.
    pub(super) fn finish(&mut self, complaint: &str) -> Result<(), Failure> {
        self.append(&Line::Done(complaint.to_owned()))?;
        self.done.insert(complaint.to_owned());
        Ok(())
    }

    /// Remembers a time before anything that claims it is sent.
    pub(super) fn claim(
        &mut self,
        at: Moment,
        origin: &str,
        importer: &str,
    ) -> Result<(), Failure> {
        let at = at.at_the_minute();
        let (origin, importer) = (origin.to_owned(), importer.to_owned());
        self.append(&Line::Run { origin, importer, claimed_at: at.to_seconds() })?;
        self.file.sync_data().map_err(|error| unwritable(&self.path, &error))?;
        self.times.push(at);
        Ok(())
    }

    fn append(&mut self, line: &Line) -> Result<(), Failure> {
        let mut text =
            serde_json::to_string(line).map_err(|error| unwritable(&self.path, &error.into()))?;
        text.push('\n');
        self.append_text(&text)
    }

    fn append_text(&mut self, text: &str) -> Result<(), Failure> {
        self.file.write_all(text.as_bytes()).map_err(|error| unwritable(&self.path, &error))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let what = format!("{} cannot be written: {error}", files::shown(path));
    Failure::new(what, "Name a file you may write to with --work: without it nothing can go on.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_goes_on_where_it_was_broken_off_even_within_a_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("work");
        let now = Moment::parse_millis("2026-11-20T10:00:31.000Z").unwrap();
        let open = || Work::open(&path, "a.example", "did:key:z", now);
        let mut work = open().unwrap();
        work.finish("1").unwrap();
        work.append_text("{\"done\":\"2").unwrap();
        let mut work = open().unwrap();
        assert!(work.is_done("1") && !work.is_done("2"));
        assert_eq!(work.times, [now.at_the_minute()]);
        work.finish("3").unwrap();
        assert!(open().unwrap().is_done("3"));
        assert!(Work::open(&path, "b.example", "did:key:z", now).is_err());
    }
}
