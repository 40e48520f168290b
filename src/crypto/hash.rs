//! SHA-256 and its 32-byte value.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::encoding::base64::{self, NotBase64};
use crate::encoding::hex::{self, NotHex};

/// A SHA-256 value, 32 bytes. Which bytes it covers is said where it is used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash([u8; 32]);

impl Hash {
    /// The value with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Standard base64, 44 characters.
    pub fn to_base64(&self) -> String {
        base64::encode(&self.0)
    }

    /// Reads [`Hash::to_base64`].
    ///
    /// # Errors
    /// [`NotBase64`] unless the text is canonical base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, NotBase64> {
        base64::decode_array(text).map(Self)
    }

    /// base64url without padding, 43 characters: how a disclosure's digest is written.
    pub fn to_base64url(&self) -> String {
        base64::encode_url(&self.0)
    }

    /// Reads [`Hash::to_base64url`].
    ///
    /// # Errors
    /// [`NotBase64`] unless the text is canonical base64url of 32 bytes.
    pub fn from_base64url(text: &str) -> Result<Self, NotBase64> {
        base64::decode_url_array(text).map(Self)
    }

    /// Lower-case hexadecimal, 64 digits.
    pub fn to_hex(&self) -> String {
        hex::encode(&self.0)
    }

    /// Reads [`Hash::to_hex`].
    ///
    /// # Errors
    /// [`NotHex`] unless the text is 64 lower-case digits.
    pub fn from_hex(text: &str) -> Result<Self, NotHex> {
        hex::decode_array(text).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Hash({self})")
    }
}

/// SHA-256 of the bytes.
pub fn sha256(bytes: &[u8]) -> Hash {
    Hash(Sha256::digest(bytes).into())
}

/// SHA-256 of the parts, one after the other.
pub fn sha256_of(parts: &[&[u8]]) -> Hash {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Hash(hasher.finalize().into())
}

/// SHA-256 of bytes that come one piece after the other.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The hash of all pieces.
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_abc_is_the_one_in_fips_180() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256(b"abc").to_hex(), expected);
        assert_eq!(sha256_of(&[b"a", b"", b"bc"]).to_hex(), expected);
        let mut hasher = Hasher::default();
        [b"ab".as_slice(), b"c"].iter().for_each(|piece| hasher.update(piece));
        assert_eq!(hasher.finish().to_hex(), expected);
    }
}
