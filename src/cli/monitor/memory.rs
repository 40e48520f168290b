//! The folder of a monitor: what was verified of each log, the largest checkpoint seen at each address, and evidence.
//!
//! ```text
//! <log>/history         everything in it was in order (`History`)
//! <log>/newest          the newest checkpoint that was verified, a signed note
//! <log>/urls/<name>     the largest checkpoint seen at an address, a signed note
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
        make(&folder.join("urls"))?;
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
    /// What is known of it, for a look at an address. A newest checkpoint is never kept without the history that it
    /// covers.
    pub(super) fn known(&self, url: &str) -> Result<Known, Failure> {
        let history = self.0.join("history");
        Ok(Known {
            newest: read_note(&self.0.join("newest"))?,
            largest_here: read_note(&self.at(url))?,
            history: Box::new(move || {
                let read = history.exists().then(|| files::read(&history, HISTORY_BYTES_MAX));
                read.transpose().map_err(|failure| failure.what().to_owned())
            }),
        })
    }

    /// Keeps a history that was in order.
    pub(super) fn keep_history(&self, history: &[u8]) -> Result<(), Failure> {
        files::replace(&self.0.join("history"), history, Readers::Everyone)
    }

    /// Keeps a checkpoint that the history on the disk covers.
    pub(super) fn keep_newest(&self, newest: &SignedCheckpoint) -> Result<(), Failure> {
        files::replace(&self.0.join("newest"), newest.to_string().as_bytes(), Readers::Everyone)
    }

    /// Keeps what an address announces, if it is more than before.
    pub(super) fn keep_largest_at(&self, url: &str, now: &SignedCheckpoint) -> Result<(), Failure> {
        let before = read_note(&self.at(url))?;
        let is_larger =
            before.is_none_or(|before| before.checkpoint().size() < now.checkpoint().size());
        if is_larger {
            files::replace(&self.at(url), now.to_string().as_bytes(), Readers::Everyone)?;
        }
        Ok(())
    }

    fn at(&self, url: &str) -> PathBuf {
        self.0.join("urls").join(name_of(url))
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
