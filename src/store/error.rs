//! What can go wrong below every engine: the disk, a damaged file, a second process.

use std::io;
use std::path::{Path, PathBuf};

/// A failure of the place where bytes are kept. It always names the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("{}: cannot {doing}: {message}", path.display())]
    Io {
        /// The step that failed, as a verb: `open`, `write`, `sync`.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The kind, for callers that tell a full disk from a broken one.
        kind: io::ErrorKind,
        /// The system's words.
        message: String,
    },
    /// Bytes that were once written whole are not what they were.
    #[error("{} is damaged at byte {offset}: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where in it, in bytes from its start.
        offset: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// Another process has this folder open.
    #[error("{} is in use by another process", path.display())]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// The folder was written by a layout this program does not know.
    #[error("{} names the layout {found:?}, this program knows {known:?}", path.display())]
    Layout {
        /// The file that names the layout.
        path: PathBuf,
        /// The name in it.
        found: String,
        /// The name this program writes.
        known: &'static str,
    },
}

impl StoreError {
    /// An error of the operating system while `doing` something to `path`.
    pub fn io(doing: &'static str, path: &Path, error: &io::Error) -> Self {
        Self::Io { doing, path: path.to_owned(), kind: error.kind(), message: error.to_string() }
    }

    /// What was to be written to `path`, or is there, is larger than it may be.
    pub fn too_large(doing: &'static str, path: &Path) -> Self {
        let error = io::Error::new(io::ErrorKind::FileTooLarge, "larger than a record may be");
        Self::io(doing, path, &error)
    }

    /// Bytes at `offset` of `path` are wrong.
    pub fn damaged(path: &Path, offset: u64, what: &'static str) -> Self {
        Self::Damaged { path: path.to_owned(), offset, what }
    }

    /// Whether there was no room (a full disk or a used-up quota), which passes when there is room again.
    pub fn is_no_space(&self) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(self, Self::Io { kind: StorageFull | QuotaExceeded, .. })
    }
}
