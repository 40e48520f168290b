//! Checkpoints: a log's name, its size and its root, signed as a note (C2SP tlog-checkpoint, protocol §7).
//! Ours have no extension lines and none is ever signed for an empty tree.

use std::fmt;
use std::str::FromStr;

use super::key::{Scheme, VerifierKey};
use super::note::{NotANote, Note, NoteSignature};
use super::origin::{NotAnOrigin, Origin};
use crate::crypto::{Hash, PrivateKey, Signature};

/// Why a text is not a signed checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotACheckpoint {
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] NotANote),
    /// Not three lines of origin, size and root.
    #[error("a checkpoint is three lines: origin, size and root")]
    Form,
    /// The first line is no origin.
    #[error(transparent)]
    Origin(#[from] NotAnOrigin),
    /// There is no checkpoint of an empty tree.
    #[error("a tree without leaves has no checkpoint")]
    Empty,
}

/// A log's name, its size, at least 1, and the root of its tree at that size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    origin: Origin,
    size: u64,
    root: Hash,
}

impl Checkpoint {
    /// The checkpoint of a tree.
    ///
    /// # Errors
    /// [`NotACheckpoint::Empty`] for a size of 0.
    pub fn new(origin: Origin, size: u64, root: Hash) -> Result<Self, NotACheckpoint> {
        if size == 0 { Err(NotACheckpoint::Empty) } else { Ok(Self { origin, size, root }) }
    }

    /// The log it is of.
    pub const fn origin(&self) -> &Origin {
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
}

impl FromStr for Checkpoint {
    type Err = NotACheckpoint;

    /// Reads the text of the note, three lines.
    fn from_str(text: &str) -> Result<Self, NotACheckpoint> {
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, ""] = lines[..] else { return Err(NotACheckpoint::Form) };
        let size = parse_decimal(size).ok_or(NotACheckpoint::Form)?;
        let root = Hash::from_base64(root).map_err(|_| NotACheckpoint::Form)?;
        Self::new(origin.parse()?, size, root)
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())
    }
}

/// A decimal number without sign or leading zeros, as all formats here write sizes.
pub fn parse_decimal(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok()?;
    if is_plain && (text == "0" || !text.starts_with('0')) { Some(number) } else { None }
}

/// A checkpoint and the note it came in. Displayed, it is that note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

/// Why a signed checkpoint is not one by a given log key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadLogSignature {
    /// The key is of another log, or of a type that is not checked.
    #[error("the key is not one of this log's")]
    OtherLog,
    /// No line names the key.
    #[error("the checkpoint is not signed by the key of the log")]
    Missing,
    /// A line names the key but is not by it.
    #[error("the signature under the key's name is not by the key")]
    Bad,
}

impl SignedCheckpoint {
    /// What is signed.
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note with all its signatures.
    pub const fn note(&self) -> &Note {
        &self.note
    }

    /// The note alone.
    pub fn into_note(self) -> Note {
        self.note
    }

    /// The same checkpoint with another signature, such as a witness's.
    ///
    /// # Errors
    /// [`NotANote::Count`] when it has 64 already.
    pub fn and(self, signature: NoteSignature) -> Result<Self, NotANote> {
        Ok(Self { checkpoint: self.checkpoint, note: self.note.and(signature)? })
    }

    /// Checks the signature of the log. Every line that names the key must be good.
    ///
    /// # Errors
    /// [`BadLogSignature`] unless the key is one of this log's and signed this.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), BadLogSignature> {
        if key.name() != self.checkpoint.origin.key_name() {
            return Err(BadLogSignature::OtherLog);
        }
        verify_log_lines(&self.note, key)
    }
}

/// Checks the lines under a note that name this key of a log: there is one, and each is good.
pub(super) fn verify_log_lines(note: &Note, key: &VerifierKey) -> Result<(), BadLogSignature> {
    let Scheme::Note(public) = key.scheme() else { return Err(BadLogSignature::OtherLog) };
    let mut named = note.signatures().iter().filter(|signature| signature.names(key));
    let first = named.next().ok_or(BadLogSignature::Missing)?;
    [first].into_iter().chain(named).try_for_each(|signature| {
        let bytes = signature.bytes().try_into().map_err(|_| BadLogSignature::Bad)?;
        public
            .verify(note.text().as_bytes(), &Signature::from_bytes(bytes))
            .map_err(|_| BadLogSignature::Bad)
    })
}

impl FromStr for SignedCheckpoint {
    type Err = NotACheckpoint;

    fn from_str(text: &str) -> Result<Self, NotACheckpoint> {
        let note: Note = text.parse()?;
        Ok(Self { checkpoint: note.text().parse()?, note })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(formatter)
    }
}

/// A log's own keys with the log's name: they sign checkpoints of that log and nothing else.
#[derive(Debug, Clone)]
pub struct LogSigner {
    origin: Origin,
    key: OwnKey,
    /// Keys that sign as well, while one follows another.
    more: Vec<OwnKey>,
}

#[derive(Debug, Clone)]
struct OwnKey {
    private: PrivateKey,
    verifier: VerifierKey,
}

impl OwnKey {
    fn new(origin: &Origin, private: PrivateKey) -> Self {
        let verifier = VerifierKey::of_log(origin.key_name().clone(), &private.public_key());
        Self { private, verifier }
    }

    fn sign(&self, text: &str) -> Option<NoteSignature> {
        let bytes = self.private.sign(text.as_bytes()).as_bytes().to_vec();
        NoteSignature::new(self.verifier.name().clone(), self.verifier.id(), bytes)
    }
}

impl LogSigner {
    /// The signer of the log with that origin.
    pub fn new(origin: Origin, key: PrivateKey) -> Self {
        let key = OwnKey::new(&origin, key);
        Self { origin, key, more: Vec::new() }
    }

    /// The same with another key, which signs every checkpoint as well.
    #[must_use]
    pub fn and(mut self, key: PrivateKey) -> Self {
        self.more.push(OwnKey::new(&self.origin, key));
        self
    }

    /// The log it signs for.
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The key others verify with: the first, where there are more.
    pub const fn verifier_key(&self) -> &VerifierKey {
        &self.key.verifier
    }

    /// All keys others verify with, the first one first.
    pub fn verifier_keys(&self) -> Vec<VerifierKey> {
        self.keys().map(|key| key.verifier.clone()).collect()
    }

    fn keys(&self) -> impl Iterator<Item = &OwnKey> {
        std::iter::once(&self.key).chain(&self.more)
    }

    /// Signs, with every key, that the log has this size and root. That it is so, and durable, is for the caller to
    /// know.
    ///
    /// # Errors
    /// [`NotACheckpoint::Empty`] for a size of 0.
    pub fn sign(&self, size: u64, root: Hash) -> Result<SignedCheckpoint, NotACheckpoint> {
        let checkpoint = Checkpoint::new(self.origin.clone(), size, root)?;
        let text = checkpoint.to_string();
        let signatures = self.keys().filter_map(|key| key.sign(&text)).collect();
        let note = Note::new(text, signatures)?;
        Ok(SignedCheckpoint { checkpoint, note })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::leaf_hash;

    fn signer(seed: u8, origin: &str) -> LogSigner {
        LogSigner::new(origin.parse().unwrap(), PrivateKey::from_seed(&[seed; 32]))
    }

    #[test]
    fn a_checkpoint_has_three_lines_and_a_tree_with_leaves() {
        let root = leaf_hash(b"").to_base64();
        let good = format!("a\n18446744073709551615\n{root}\n");
        assert_eq!(good.parse::<Checkpoint>().unwrap().to_string(), good);
        for bad in [
            format!("a\n1\n{root}"),
            format!("a\n1\n{root}\nmore\n"),
            format!("a\n01\n{root}\n"),
            format!("a\n+1\n{root}\n"),
            format!("a\n-1\n{root}\n"),
            format!("a\n\n{root}\n"),
            format!("a\n18446744073709551616\n{root}\n"),
            format!("a\n1\n{}\n", &root[..40]),
            String::new(),
        ] {
            assert_eq!(bad.parse::<Checkpoint>(), Err(NotACheckpoint::Form), "{bad}");
        }
        assert_eq!(format!("a\n0\n{root}\n").parse::<Checkpoint>(), Err(NotACheckpoint::Empty));
        assert_eq!(signer(1, "a").sign(0, leaf_hash(b"")), Err(NotACheckpoint::Empty));
    }

    #[test]
    fn only_the_key_of_the_log_signs_for_it() {
        let log = signer(1, "ledger.example");
        let signed = log.sign(7, leaf_hash(b"")).unwrap();
        assert_eq!(signed.to_string().parse(), Ok(signed.clone()));
        assert_eq!(signed.verify(log.verifier_key()), Ok(()));
        let other_key = signer(2, "ledger.example");
        assert_eq!(signed.verify(other_key.verifier_key()), Err(BadLogSignature::Missing));
        let other_log = signer(1, "ledger.example/2");
        assert_eq!(signed.verify(other_log.verifier_key()), Err(BadLogSignature::OtherLog));
        let larger = signed.to_string().replacen("\n7\n", "\n8\n", 1).parse::<SignedCheckpoint>();
        assert_eq!(larger.unwrap().verify(log.verifier_key()), Err(BadLogSignature::Bad));
    }

    #[test]
    fn one_bad_line_under_the_name_of_the_log_spoils_the_checkpoint() {
        let log = signer(1, "ledger.example");
        let key = log.verifier_key();
        let bad = NoteSignature::new(key.name().clone(), key.id(), vec![0; 64]).unwrap();
        let signed = log.sign(7, leaf_hash(b"")).unwrap().and(bad).unwrap();
        assert_eq!(signed.verify(key), Err(BadLogSignature::Bad));
    }
}
