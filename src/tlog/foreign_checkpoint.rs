//! A checkpoint of any log, as a witness reads it (C2SP tlog-checkpoint). Ours are narrower: `checkpoint` refuses
//! extension lines, empty trees and origins that no ledger of this kind has.

use std::fmt;
use std::str::FromStr;

use super::checkpoint::{NotACheckpoint, SignedCheckpoint, parse_decimal};
use super::note::{NotANote, Note, NoteSignature};
use crate::crypto::Hash;

/// A log's name, the size of its tree, which may be 0, its root, and the note they came in, extension lines and all.
/// Displayed, it is that note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignCheckpoint {
    origin: Box<str>,
    size: u64,
    root: Hash,
    note: Note,
}

impl ForeignCheckpoint {
    /// Reads the first three lines of a note, an origin, a size and a root; no line after them is empty.
    fn of_note(note: Note) -> Result<Self, NotACheckpoint> {
        let lines = note.text().strip_suffix('\n').ok_or(NotACheckpoint::Form)?;
        let mut lines = lines.split('\n');
        let (origin, size, root) = (lines.next(), lines.next(), lines.next());
        let origin = origin.filter(|origin| !origin.is_empty()).ok_or(NotACheckpoint::Form)?;
        let size = size.and_then(parse_decimal).ok_or(NotACheckpoint::Form)?;
        let root = root.and_then(|root| Hash::from_base64(root).ok());
        let root = root.ok_or(NotACheckpoint::Form)?;
        if lines.any(str::is_empty) {
            return Err(NotACheckpoint::Form);
        }
        Ok(Self { origin: origin.into(), size, root, note })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of that size.
    pub const fn root(&self) -> &Hash {
        &self.root
    }

    /// The note with all its signatures.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// The same checkpoint with other signatures.
    ///
    /// # Errors
    /// [`NotANote::Count`] unless there are 1 to 64.
    pub fn signed_by(&self, signatures: Vec<NoteSignature>) -> Result<Self, NotANote> {
        let note = Note::new(self.note.text().to_owned(), signatures)?;
        Ok(Self { note, ..self.clone() })
    }
}

impl From<SignedCheckpoint> for ForeignCheckpoint {
    fn from(signed: SignedCheckpoint) -> Self {
        let checkpoint = signed.checkpoint();
        let (size, root) = (checkpoint.size(), *checkpoint.root());
        let origin = checkpoint.origin().as_str().into();
        Self { origin, size, root, note: signed.into_note() }
    }
}

impl FromStr for ForeignCheckpoint {
    type Err = NotACheckpoint;

    fn from_str(text: &str) -> Result<Self, NotACheckpoint> {
        Self::of_note(text.parse()?)
    }
}

impl fmt::Display for ForeignCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{empty_root, leaf_hash};

    fn parse(text: &str) -> Result<ForeignCheckpoint, NotACheckpoint> {
        format!("{text}\n\u{2014} a AAAAAAE=\n").parse()
    }

    #[test]
    fn any_origin_size_and_extension_lines_are_read() {
        let (root, empty) = (leaf_hash(b"").to_base64(), empty_root().to_base64());
        let read = parse(&format!("go.sum database tree\n7\n{root}\n")).unwrap();
        assert_eq!((read.origin(), read.size()), ("go.sum database tree", 7));
        assert_eq!(read.root(), &leaf_hash(b""));
        let read = parse(&format!("Log\n0\n{empty}\none\ntwo\n")).unwrap();
        assert_eq!((read.origin(), read.size()), ("Log", 0));
        assert!(read.to_string().contains("\none\ntwo\n\n\u{2014} a "));
    }

    #[test]
    fn what_is_no_checkpoint_is_refused() {
        let root = leaf_hash(b"").to_base64();
        for bad in [
            "a\n".to_owned(),
            "a\n7\n".to_owned(),
            format!("\n7\n{root}\n"),
            format!("a\n07\n{root}\n"),
            format!("a\n+7\n{root}\n"),
            format!("a\n\n{root}\n"),
            format!("a\n7\n{}\n", &root[..40]),
            format!("a\n7\n{root}\n\n"),
            format!("a\n7\n{root}\n\nmore\n"),
        ] {
            assert_eq!(parse(&bad), Err(NotACheckpoint::Form), "{bad:?}");
        }
        assert!("a\n7\n".parse::<ForeignCheckpoint>().is_err());
    }
}
