//! A signed note: text, and lines that say who signed it (C2SP signed-note). Which of them count is for
//! whoever knows keys; here nothing is verified but the form.

use std::fmt;
use std::str::FromStr;

use super::key::{KeyId, KeyName, VerifierKey};
use crate::encoding::base64;

/// More than any note of ours has, and than the 16 that every verifier must accept.
const SIGNATURES_MAX: usize = 64;
/// 64 signatures of up to 3.3 KiB in base64, and a text.
const LENGTH_MAX: usize = 256 * 1024;
const DASH: &str = "\u{2014} ";

/// Why a text is not a signed note.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotANote {
    /// A control character other than a line break.
    #[error("a note has no control characters but line breaks")]
    Control,
    /// No empty line between text and signatures, or the text or the note does not end in a line break.
    #[error("a note is a text, an empty line and lines of signatures, each ended by a line break")]
    Form,
    /// A line among the signatures is not one.
    #[error("line {0} of the signatures is not a signature")]
    Signature(usize),
    /// None at all, or more than 64.
    #[error("a note has 1 to {SIGNATURES_MAX} signatures")]
    Count,
    /// More than 256 KiB.
    #[error("the note is too long")]
    Length,
}

/// A line under a note: who signed, and the bytes of the signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    name: KeyName,
    id: KeyId,
    bytes: Box<[u8]>,
}

impl NoteSignature {
    /// A signature by the key with this name and id; `None` when it has no bytes.
    pub fn new(name: KeyName, id: KeyId, bytes: Vec<u8>) -> Option<Self> {
        if bytes.is_empty() { None } else { Some(Self { name, id, bytes: bytes.into() }) }
    }

    /// The name of the key.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// The id of the key.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// The signature itself, whose form depends on the key.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether it says that this key made it. Only verifying shows that it did.
    pub fn names(&self, key: &VerifierKey) -> bool {
        self.name == *key.name() && self.id == key.id()
    }

    pub(super) fn parse(line: &str) -> Option<Self> {
        let (name, coded) = line.strip_prefix(DASH)?.split_once(' ')?;
        let coded = base64::decode(coded).ok()?;
        let (id, bytes) = coded.split_first_chunk()?;
        Self::new(name.parse().ok()?, KeyId::from_bytes(*id), bytes.to_vec())
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let coded = [self.id.as_bytes(), &self.bytes[..]].concat();
        writeln!(formatter, "{DASH}{} {}", self.name, base64::encode(&coded))
    }
}

/// A text with at least one signature. Displayed, it is the note, byte for byte as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

impl Note {
    /// A note of this text, which ends in a line break, and these signatures.
    ///
    /// # Errors
    /// [`NotANote`] when there is no note of these.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, NotANote> {
        check_text(&text)?;
        if !text.ends_with('\n') {
            return Err(NotANote::Form);
        }
        if signatures.is_empty() || signatures.len() > SIGNATURES_MAX {
            return Err(NotANote::Count);
        }
        Ok(Self { text, signatures })
    }

    /// The text, with its last line break.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures in the order of their lines.
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The same note with another line at its end.
    ///
    /// # Errors
    /// [`NotANote::Count`] when it has 64 already.
    pub fn and(mut self, signature: NoteSignature) -> Result<Self, NotANote> {
        self.signatures.push(signature);
        Self::new(self.text, self.signatures)
    }
}

fn check_text(text: &str) -> Result<(), NotANote> {
    if text.len() > LENGTH_MAX {
        Err(NotANote::Length)
    } else if text.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        Err(NotANote::Control)
    } else {
        Ok(())
    }
}

impl FromStr for Note {
    type Err = NotANote;

    fn from_str(note: &str) -> Result<Self, NotANote> {
        check_text(note)?;
        let last_empty = note.rfind("\n\n").ok_or(NotANote::Form)?;
        let (text, rest) = note.split_at(last_empty + 1);
        let lines = rest.strip_prefix('\n').and_then(|lines| lines.strip_suffix('\n'));
        let lines = lines.ok_or(if rest == "\n" { NotANote::Count } else { NotANote::Form })?;
        if lines.split('\n').count() > SIGNATURES_MAX {
            return Err(NotANote::Count);
        }
        let signatures: Result<Vec<_>, _> = lines
            .split('\n')
            .zip(1..)
            .map(|(line, number)| NoteSignature::parse(line).ok_or(NotANote::Signature(number)))
            .collect();
        Self::new(text.to_owned(), signatures?)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.signatures.iter().try_for_each(|signature| signature.fmt(formatter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINE: &str = "\u{2014} example.com/a AAAAAAE=\n";

    #[test]
    fn the_last_empty_line_ends_the_text() {
        let note: Note = format!("one\n\ntwo\n\n{LINE}{LINE}").parse().unwrap();
        assert_eq!(note.text(), "one\n\ntwo\n");
        assert_eq!(note.signatures().len(), 2);
        assert_eq!(note.signatures()[0].bytes(), [1]);
    }

    #[test]
    fn what_is_not_quite_a_note_is_refused() {
        for (bad, why) in [
            (String::new(), NotANote::Form),
            ("text\n".into(), NotANote::Form),
            (LINE.into(), NotANote::Form),
            ("text\n\n".into(), NotANote::Count),
            (format!("text\n{LINE}"), NotANote::Form),
            (format!("text\n\n{}", LINE.trim_end()), NotANote::Form),
            (format!("text\n\n{LINE}\n"), NotANote::Count),
            (format!("te\txt\n\n{LINE}"), NotANote::Control),
            (format!("text\r\n\r\n{LINE}"), NotANote::Control),
            (format!("text\n\n{LINE}more\n"), NotANote::Signature(2)),
            (format!("text\n\n{}", LINE.replace('\u{2014}', "-")), NotANote::Signature(1)),
            (format!("text\n\n{}", LINE.replace("AAAAAAE=", "AAAAAA==")), NotANote::Signature(1)),
            (format!("text\n\n{}", LINE.replace("AAAAAAE=", "AAAAAAF=")), NotANote::Signature(1)),
            (format!("text\n\n{}", LINE.replace("com/a", "com/+")), NotANote::Signature(1)),
            (format!("text\n\n{}", LINE.replace(" AAA", "  AAA")), NotANote::Signature(1)),
            (format!("text\n\n{}", LINE.repeat(65)), NotANote::Count),
            (format!("{}\n\n{LINE}", "a".repeat(LENGTH_MAX)), NotANote::Length),
        ] {
            assert_eq!(bad.parse::<Note>(), Err(why), "{bad:.80?}");
        }
        assert!(format!("text\n\n{}", LINE.repeat(64)).parse::<Note>().is_ok());
    }

    proptest! {
        #[test]
        fn a_note_is_displayed_as_it_was_read(
            text in "([a-z\u{e9}]{0,3}\n){1,4}",
            lines in "(\u{2014} [a-z/.+ ]{1,4} (AAAAAAE=|AAAAAAF=|/////w==|AQID)\n){0,3}",
        ) {
            let note = format!("{text}\n{lines}");
            if let Ok(read) = note.parse::<Note>() {
                prop_assert_eq!(read.to_string(), note);
            }
        }

        #[test]
        fn no_text_is_too_strange_to_be_refused(note: String) {
            let _ = note.parse::<Note>();
        }
    }
}
