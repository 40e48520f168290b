//! Cosignatures: a witness says at what time a checkpoint was the newest it had seen, consistent with all
//! it had seen before (C2SP tlog-cosignature, cosignature/v1). The post-quantum type 0x06 is reserved.

use super::key::{KeyName, Scheme, VerifierKey};
use super::note::{Note, NoteSignature};
use crate::crypto::{PrivateKey, Signature};

/// 8 bytes of time and 64 of signature.
const LENGTH: usize = 72;
const TIME_MAX: u64 = i64::MAX as u64;

/// The line is not a cosignature of this checkpoint by that key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the cosignature is not by the key under whose name it is")]
pub struct BadCosignature;

/// What the witness signs, the time in seconds since 1970.
fn message(text: &str, time: u64) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}

/// Checks a line of a checkpoint's note that names this key and tells the time it vouches for, in seconds
/// since 1970.
///
/// # Errors
/// [`BadCosignature`] unless the key is a witness's and made the line.
pub fn verify_cosignature(
    note: &Note,
    signature: &NoteSignature,
    key: &VerifierKey,
) -> Result<u64, BadCosignature> {
    let Scheme::Cosignature(public) = key.scheme() else { return Err(BadCosignature) };
    let (time, bytes) = signature.bytes().split_first_chunk().ok_or(BadCosignature)?;
    let bytes = bytes.try_into().map_err(|_| BadCosignature)?;
    let time = u64::from_be_bytes(*time);
    if time > TIME_MAX || !signature.names(key) {
        return Err(BadCosignature);
    }
    let message = message(note.text(), time);
    public
        .verify(message.as_bytes(), &Signature::from_bytes(bytes))
        .map(|()| time)
        .map_err(|_| BadCosignature)
}

/// The line of a witness's answer that is a good cosignature of this note by its key, and says a time. Whatever else the
/// answer holds is passed over.
pub fn cosignature_in(answer: &str, note: &Note, key: &VerifierKey) -> Option<NoteSignature> {
    let mut lines = answer.split('\n').filter_map(NoteSignature::parse);
    lines.find(|line| verify_cosignature(note, line, key).is_ok_and(|time| time > 0))
}

/// A witness's key.
#[derive(Debug, Clone)]
pub struct Cosigner {
    key: PrivateKey,
    verifier: VerifierKey,
}

impl Cosigner {
    /// The witness with that name.
    pub fn new(name: KeyName, key: PrivateKey) -> Self {
        let verifier = VerifierKey::of_witness(name, &key.public_key());
        Self { key, verifier }
    }

    /// The key others verify with.
    pub const fn verifier_key(&self) -> &VerifierKey {
        &self.verifier
    }

    /// Vouches for the checkpoint in a note at that time, in seconds since 1970. That it is one, and consistent with
    /// what the witness saw before, is for the caller to know. `None` for a time after 2^63 − 1.
    pub fn cosign(&self, note: &Note, time: u64) -> Option<NoteSignature> {
        if time > TIME_MAX {
            return None;
        }
        let signature = self.key.sign(message(note.text(), time).as_bytes());
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(time.to_be_bytes());
        bytes.extend(signature.as_bytes());
        NoteSignature::new(self.verifier.name().clone(), self.verifier.id(), bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tlog::{LogSigner, leaf_hash};

    #[test]
    fn a_cosignature_vouches_for_its_time_and_checkpoint_alone() {
        let log = LogSigner::new("a".parse().unwrap(), PrivateKey::from_seed(&[1; 32]));
        let witness = Cosigner::new("w".parse().unwrap(), PrivateKey::from_seed(&[2; 32]));
        let signed = log.sign(3, leaf_hash(b"")).unwrap();
        let line = witness.cosign(signed.note(), 1_700_000_000).unwrap();
        let key = witness.verifier_key();
        assert_eq!(verify_cosignature(signed.note(), &line, key), Ok(1_700_000_000));
        let later = log.sign(4, leaf_hash(b"")).unwrap();
        assert_eq!(verify_cosignature(later.note(), &line, key), Err(BadCosignature));
        for place in 0..LENGTH {
            let mut bytes = line.bytes().to_vec();
            bytes[place] ^= 1;
            let changed = NoteSignature::new(line.name().clone(), line.id(), bytes).unwrap();
            assert_eq!(verify_cosignature(signed.note(), &changed, key), Err(BadCosignature));
        }
        assert_eq!(witness.cosign(signed.note(), 1 << 63), None);
        assert_eq!(
            verify_cosignature(signed.note(), &line, log.verifier_key()),
            Err(BadCosignature)
        );
    }
}
