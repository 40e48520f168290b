//! `NAME.signed.json`: a signed statement on its way to a ledger, with the words it discloses and the sealed
//! words that never leave the person's hands (protocol §8). Also what other statements point at: a signed
//! file or a bundle, read for its id and its words.

use std::path::Path;

use super::failure::Failure;
use super::files;
use crate::encoding::base64;
use crate::statement::{Disclosure, Envelope, Refusal, StatementId};
use crate::wire;

/// A submission is at most 160 KiB; sealed words and a bundle's proof come on top.
pub(super) const FILE_BYTES_MAX: u64 = 512 * 1024;

/// A signed statement and its words.
#[derive(Debug, Clone)]
pub(super) struct SignedFile {
    pub(super) envelope: Envelope,
    pub(super) disclosures: Vec<Disclosure>,
    pub(super) sealed: Vec<Disclosure>,
}

/// What a file says of a statement that others may refer to.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) id: StatementId,
    /// Its words, sealed ones included, as far as the file holds them.
    pub(super) words: Vec<Disclosure>,
}

/// Why a file is neither a signed file nor a bundle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Unreadable {
    #[error("it is not JSON of that shape ({0})")]
    Shape(String),
    #[error("{0}")]
    Refused(String),
}

impl From<Refusal> for Unreadable {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.to_string())
    }
}

impl From<serde_json::Error> for Unreadable {
    fn from(error: serde_json::Error) -> Self {
        Self::Shape(error.to_string())
    }
}

impl SignedFile {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = files::read_text(path, FILE_BYTES_MAX)?;
        Self::parse(&text).map_err(|error| {
            let what = format!("{} is not a signed statement: {error}", files::shown(path));
            Failure::new(what, "Name a file that `onrecord sign` wrote.")
        })
    }

    fn parse(text: &str) -> Result<Self, Unreadable> {
        let file: wire::SignedFile<'_> = serde_json::from_str(text)?;
        Ok(Self {
            envelope: decode(&file.envelope)?,
            disclosures: parse_words(&file.disclosures)?,
            sealed: parse_words(&file.sealed)?,
        })
    }

    /// The file's text.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::from(r#"{"envelope":"#);
        self.envelope.write_to(&mut text);
        push_words(&mut text, "disclosures", &self.disclosures);
        if !self.sealed.is_empty() {
            push_words(&mut text, "sealed", &self.sealed);
        }
        text.push_str("}\n");
        text
    }

    /// What is sent to a ledger: everything but the sealed words.
    pub(super) fn to_submission(&self) -> String {
        let mut text = String::from(r#"{"envelope":"#);
        self.envelope.write_to(&mut text);
        push_words(&mut text, "disclosures", &self.disclosures);
        text.push('}');
        text
    }
}

impl Target {
    /// Reads a signed file or a bundle.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let text = files::read_text(path, FILE_BYTES_MAX)?;
        let target = match SignedFile::parse(&text) {
            Ok(file) => {
                let words = [file.disclosures, file.sealed].concat();
                Ok(Self { id: file.envelope.id(), words })
            }
            Err(_) => Self::of_bundle(&text),
        };
        target.map_err(|error| {
            let what =
                format!("{} is no signed statement and no bundle: {error}", files::shown(path));
            Failure::new(what, "Name a file that `onrecord sign` or `onrecord publish` wrote.")
        })
    }

    fn of_bundle(text: &str) -> Result<Self, Unreadable> {
        let bundle: wire::Bundle = serde_json::from_str(text)?;
        let leaf = base64::decode(&bundle.entry)
            .map_err(|_| Unreadable::Shape("its entry is not base64".to_owned()))?;
        let leaf: wire::Leaf<'_> = serde_json::from_slice(&leaf)?;
        let id = decode(&leaf.envelope)?.id();
        let words = [parse_words(&bundle.disclosures)?, parse_words(&bundle.sealed)?].concat();
        Ok(Self { id, words })
    }
}

fn decode(envelope: &wire::Envelope<'_>) -> Result<Envelope, Unreadable> {
    let signatures = envelope.signatures.iter().map(|one| (&*one.keyid, &*one.sig));
    Ok(Envelope::decode(&envelope.payload_type, &envelope.payload, signatures)?)
}

fn parse_words(encoded: &[String]) -> Result<Vec<Disclosure>, Unreadable> {
    Ok(encoded.iter().map(|word| Disclosure::parse(word)).collect::<Result<_, _>>()?)
}

/// Encoded disclosures are base64url, so they need no escaping.
fn push_words(text: &mut String, key: &str, words: &[Disclosure]) {
    let list: Vec<_> = words.iter().map(|word| format!("\"{}\"", word.encoded())).collect();
    text.push_str(&format!(",\"{key}\":[{}]", list.join(",")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use crate::encoding::json::Json;

    fn file() -> SignedFile {
        let word = |name| Disclosure::make(&[1; 16], name, Json::text("Ana")).unwrap();
        let signature = crate::statement::EnvelopeSignature {
            keyid: "SHA256:x".to_owned(),
            signature: PrivateKey::from_seed(&[1; 32]).sign(b"x"),
        };
        SignedFile {
            envelope: Envelope::new("t", b"{}".to_vec(), vec![signature]),
            disclosures: vec![word("title")],
            sealed: vec![word("signer_name")],
        }
    }

    #[test]
    fn a_signed_file_reads_back_and_its_submission_lacks_what_is_sealed() {
        let file = file();
        let read = SignedFile::parse(&file.to_text()).unwrap();
        assert_eq!(read.to_text(), file.to_text());
        assert!(file.to_text().contains(file.sealed[0].encoded()));
        let submission = file.to_submission();
        assert!(!submission.contains(file.sealed[0].encoded()));
        assert!(wire::Submission::read(submission.as_bytes()).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_signed_file_a_bundle_or_refused(text in ".{0,200}", at in 0_usize..600, byte in 32_u8..127) {
            let _ = SignedFile::parse(&text);
            let _ = Target::of_bundle(&text);
            let mut damaged = file().to_text().into_bytes();
            let at = at % damaged.len();
            damaged[at] = byte;
            let _ = SignedFile::parse(std::str::from_utf8(&damaged).unwrap());
        }
    }
}
