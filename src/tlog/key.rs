//! The keys of signed notes: their names and ids, and verifier keys written as `name+id+base64` (C2SP
//! signed-note). Private keys are with those who sign: [`super::LogSigner`] and [`super::Cosigner`].

use std::fmt;
use std::str::FromStr;

use crate::crypto::{PublicKey, sha256_of};
use crate::encoding::{base64, hex};

/// Ed25519 over the text of a note.
pub(super) const TYPE_ED25519: u8 = 0x01;
/// Ed25519 over a checkpoint and a time: cosignature/v1.
pub(super) const TYPE_COSIGNATURE: u8 = 0x04;
/// ML-DSA-44 cosignatures, whose ids are worked out as ours are but which are not checked yet.
const TYPE_ML_DSA_44: u8 = 0x06;

/// Why a text is not a verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAKey {
    /// Not three parts, or a part that is not what it should be.
    #[error("not a verifier key, name+id+base64")]
    Form,
    /// Empty, or with a space, a plus sign or a control character.
    #[error("not the name of a key")]
    Name,
    /// Another id follows from the name and the key.
    #[error("the id of the verifier key does not follow from its name and key")]
    Id,
    /// Not 32 bytes of a point for which signatures may count.
    #[error("the verifier key is not a good Ed25519 key")]
    Weak,
}

/// The name of a key: not empty, without spaces, `+` and control characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(Box<str>);

impl KeyName {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let refused = |char: char| char.is_whitespace() || char == '+' || char < ' ';
        if text.is_empty() || text.contains(refused) {
            return Err(NotAKey::Name);
        }
        Ok(Self(text.into()))
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key), displayed as 8 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId([u8; 4]);

impl KeyId {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    /// Its four bytes.
    pub const fn as_bytes(&self) -> &[u8; 4] {
        &self.0
    }

    /// The id of a key whose type byte and public key are `coded`.
    pub(super) fn of(name: &str, coded: &[u8]) -> Self {
        let hash = sha256_of(&[name.as_bytes(), b"\n", coded]);
        let [a, b, c, d, ..] = *hash.as_bytes();
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&hex::encode(&self.0))
    }
}

/// What a key signs, by the type byte of its verifier key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// 0x01: the text of the note.
    Note(PublicKey),
    /// 0x04: a checkpoint and the time at which it was the newest seen.
    Cosignature(PublicKey),
    /// Any other type: it is known by name and id, and nothing by it is checked.
    Unknown(u8),
}

/// A key that others sign notes with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: KeyName,
    id: KeyId,
    /// The type byte and the public key.
    coded: Box<[u8]>,
    scheme: Scheme,
}

impl VerifierKey {
    /// The key of a log (type 0x01).
    pub fn of_log(name: KeyName, key: &PublicKey) -> Self {
        Self::ed25519(name, TYPE_ED25519, key, Scheme::Note(*key))
    }

    /// The key of a witness (type 0x04).
    pub fn of_witness(name: KeyName, key: &PublicKey) -> Self {
        Self::ed25519(name, TYPE_COSIGNATURE, key, Scheme::Cosignature(*key))
    }

    fn ed25519(name: KeyName, kind: u8, key: &PublicKey, scheme: Scheme) -> Self {
        let coded: Vec<u8> = [&[kind], &key.as_bytes()[..]].concat();
        Self { id: KeyId::of(name.as_str(), &coded), name, coded: coded.into(), scheme }
    }

    /// Its name; that of a log's key is the log's origin.
    pub const fn name(&self) -> &KeyName {
        &self.name
    }

    /// Its id.
    pub const fn id(&self) -> KeyId {
        self.id
    }

    /// What it signs.
    pub const fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The bytes of the public key, whatever its type.
    pub fn public_bytes(&self) -> &[u8] {
        self.coded.get(1..).unwrap_or_default()
    }
}

impl FromStr for VerifierKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        let (name, rest) = text.split_once('+').ok_or(NotAKey::Form)?;
        let (id, coded) = rest.split_once('+').ok_or(NotAKey::Form)?;
        let name: KeyName = name.parse()?;
        let id = KeyId(hex::decode_array(id).map_err(|_| NotAKey::Form)?);
        let coded = base64::decode(coded).map_err(|_| NotAKey::Form)?;
        let (kind, key) = coded.split_first().ok_or(NotAKey::Form)?;
        let has_our_id = matches!(*kind, TYPE_ED25519 | TYPE_COSIGNATURE | TYPE_ML_DSA_44);
        if has_our_id && id != KeyId::of(name.as_str(), &coded) {
            return Err(NotAKey::Id);
        }
        let scheme = match *kind {
            TYPE_ED25519 => Scheme::Note(public_key(key)?),
            TYPE_COSIGNATURE => Scheme::Cosignature(public_key(key)?),
            other => Scheme::Unknown(other),
        };
        Ok(Self { name, id, coded: coded.into(), scheme })
    }
}

fn public_key(bytes: &[u8]) -> Result<PublicKey, NotAKey> {
    let bytes = bytes.try_into().map_err(|_| NotAKey::Weak)?;
    PublicKey::from_bytes(bytes).map_err(|_| NotAKey::Weak)
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}+{}+{}", self.name, self.id, base64::encode(&self.coded))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    const GO: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    #[test]
    fn a_key_written_by_go_reads_back_as_itself() {
        let key: VerifierKey = GO.parse().unwrap();
        assert_eq!(key.to_string(), GO);
        assert!(matches!(key.scheme(), Scheme::Note(_)));
    }

    #[test]
    fn a_key_under_another_name_type_or_id_is_refused() {
        let other_type = GO.replace("+ARpc", "+BBpc");
        for bad in [&GO.replace("Peter", "peter"), &GO.replace("c74f", "c74e"), &other_type] {
            assert_eq!(bad.parse::<VerifierKey>(), Err(NotAKey::Id), "{bad}");
        }
        let upper = GO.replace("c74f20a3", "C74F20A3");
        for bad in ["", "a", "a+00000000", "a+00000000+", "a+0+AQ==", "a+00000000+A", &upper] {
            assert_eq!(bad.parse::<VerifierKey>(), Err(NotAKey::Form), "{bad}");
        }
        for bad in ["", "a b", "a+b", "a\u{a0}b", "a\nb", "a\u{2003}"] {
            assert_eq!(bad.parse::<KeyName>(), Err(NotAKey::Name), "{bad}");
        }
    }

    #[test]
    fn a_key_of_small_order_or_wrong_length_is_refused() {
        for bytes in [&[0; 32][..], &[1; 31], &[]] {
            let coded = [&[TYPE_ED25519], bytes].concat();
            let text = format!("a+{}+{}", KeyId::of("a", &coded), base64::encode(&coded));
            assert_eq!(text.parse::<VerifierKey>(), Err(NotAKey::Weak));
        }
    }

    #[test]
    fn a_key_of_a_type_to_come_is_known_by_name_and_id() {
        let coded = [&[TYPE_ML_DSA_44][..], &[7; 1312]].concat();
        let text = format!("a+{}+{}", KeyId::of("a", &coded), base64::encode(&coded));
        let key: VerifierKey = text.parse().unwrap();
        assert_eq!(key.scheme(), Scheme::Unknown(TYPE_ML_DSA_44));
        assert_eq!(key.to_string(), text);
    }

    #[test]
    fn one_key_has_different_ids_as_log_and_as_witness() {
        let key = PrivateKey::from_seed(&[3; 32]).public_key();
        let name: KeyName = "example.com/log".parse().unwrap();
        let log = VerifierKey::of_log(name.clone(), &key);
        let witness = VerifierKey::of_witness(name, &key);
        assert_ne!(log.id(), witness.id());
        for key in [log, witness] {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
    }
}
