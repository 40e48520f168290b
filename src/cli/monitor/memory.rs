//! The folder of a monitor: what was verified of each log, the largest checkpoint seen at each address, and evidence.
//!
//! ```text
//! <log>/history         everything in it was in order (`History`)
//! <log>/newest          the newest checkpoint that was verified, a signed note
//! <log>/views/<name>    the largest checkpoint seen at an address, a signed note
//! evidence/…            what shows to others that a log misbehaved
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::files::{self, Readers};
use crate::crypto::sha256;
use crate::service::monitor::Known;
use crate::tlog::{Origin, SignedCheckpoint};
use crate::verify::evidence::Evidence;
use crate::wire::MonitorAlarm;

const HISTORY_BYTES_MAX: u64 = 16 << 30;
const NOTE_BYTES_MAX: u64 = 64 * 1024;
/// Hexadecimal digits of a SHA-256 that tell names apart.
const DIGITS: usize = 32;

/// The folder.
pub(super) struct Memory(PathBuf);

impl Memory {
    /// Opens or creates it.
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        make(&folder.join("evidence"))?;
        Ok(Self(folder.to_owned()))
    }

    /// What is kept of a log.
    pub(super) fn of_log(&self, origin: &Origin) -> Result<OfLog, Failure> {
        let folder = self.0.join(name_of(origin.as_str()));
        make(&folder.join("views"))?;
        Ok(OfLog(folder))
    }

    /// Writes evidence, unless the same is there already. Gives the path.
    pub(super) fn keep_evidence(
        &self,
        origin: &Origin,
        kind: &str,
        evidence: &Evidence,
    ) -> Result<String, Failure> {
        let text = format!("{}\n", evidence.to_json());
        let name = format!("{kind}-{}-{}.json", name_of(origin.as_str()), name_of(&text));
        let path = self.0.join("evidence").join(name);
        if !path.exists() {
            files::write_new(&path, text.as_bytes(), Readers::Everyone)?;
        }
        Ok(path.display().to_string())
    }
}

/// The folder of a log.
#[derive(Debug, Clone)]
pub(super) struct OfLog(PathBuf);

impl OfLog {
    /// What is known of it. A newest checkpoint is never kept without the history that it covers.
    pub(super) fn known(&self) -> Result<Known, Failure> {
        let (history, newest) = (self.0.join("history"), self.0.join("newest"));
        if !history.exists() {
            return Ok(Known::default());
        }
        let history = files::read(&history, HISTORY_BYTES_MAX)?;
        Ok(Known { history, newest: read_note(&newest)? })
    }

    /// Keeps what is known, the history first.
    pub(super) fn keep(&self, known: &Known) -> Result<(), Failure> {
        let Some(newest) = &known.newest else { return Ok(()) };
        let note = newest.to_string();
        if read_note(&self.0.join("newest"))?.is_some_and(|kept| kept.to_string() == note) {
            return Ok(());
        }
        self.keep_history(&known.history)?;
        files::replace(&self.0.join("newest"), note.as_bytes(), Readers::Everyone)
    }

    /// Keeps a history that was in order.
    pub(super) fn keep_history(&self, history: &[u8]) -> Result<(), Failure> {
        files::replace(&self.0.join("history"), history, Readers::Everyone)
    }

    /// Whether an address announces less than it did before, and keeps the largest that it announced.
    pub(super) fn rolled_back(
        &self,
        view: &str,
        now: &SignedCheckpoint,
    ) -> Result<Option<MonitorAlarm>, Failure> {
        let path = self.0.join("views").join(name_of(view));
        let before = read_note(&path)?;
        let size = now.checkpoint().size();
        match before.filter(|before| before.checkpoint().size() >= size) {
            Some(before) if before.checkpoint().size() > size => {
                let was = before.checkpoint().size();
                Ok(Some(MonitorAlarm {
                    view: view.to_owned(),
                    origin: now.checkpoint().origin().to_string(),
                    kind: "rolled_back".to_owned(),
                    detail: format!("{view} announced {was} entries before, and {size} now"),
                    evidence: None,
                    notes: vec![before.to_string(), now.to_string()],
                }))
            }
            Some(_) => Ok(None),
            None => {
                files::replace(&path, now.to_string().as_bytes(), Readers::Everyone)?;
                Ok(None)
            }
        }
    }
}

fn make(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        let what = format!("{} cannot be made: {error}", files::shown(folder));
        Failure::new(what, "Name a folder you may write to with --data.")
    })
}

fn name_of(text: &str) -> String {
    sha256(text.as_bytes()).to_hex()[..DIGITS].to_owned()
}

fn read_note(path: &Path) -> Result<Option<SignedCheckpoint>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let text = files::read_text(path, NOTE_BYTES_MAX)?;
    text.parse().map(Some).map_err(|error| {
        let what = format!("{} is no checkpoint: {error}", files::shown(path));
        Failure::new(what, "Put the file back, or begin anew with another folder.")
    })
}
