//! A private key at rest (protocol §2): an encrypted PKCS#8 PEM that WebCrypto, `openssl pkey` and this
//! crate all open, under a line that names its did:key. A server's own keys may also be plain PKCS#8.

use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, KeypairBytes};
use pkcs8::pkcs5::pbes2;
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument};
use zeroize::Zeroizing;

use super::ed25519::{DidKey, PrivateKey};

/// Rounds of PBKDF2-HMAC-SHA256, the least the protocol allows.
const ROUNDS: u32 = 600_000;
/// Rounds a file may ask for: more would hold a reader for minutes.
const ROUNDS_MAX: u32 = 100_000_000;
const HEADING: &str = "onrecord key ";
const ENCRYPTED_LABEL: &str = "ENCRYPTED PRIVATE KEY";
const PEM_END: &str = "-----END ENCRYPTED PRIVATE KEY-----";
/// What begins the rest of a backup that a browser made.
const BACKUP: &str = "-----BEGIN ONRECORD BACKUP-----";

/// Why a key file does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// Not a key file, or one of another form.
    #[error("not a key file: it must hold an Ed25519 key as PKCS#8 PEM")]
    Malformed,
    /// The passphrase does not open it.
    #[error("the passphrase does not open this key file")]
    WrongPassphrase,
    /// It opens, but to another key than its first line names.
    #[error("the key file was altered: it holds another key than its first line names")]
    AnotherKey,
}

/// The random values of one encryption.
pub struct Sealing {
    /// Salt of the key derivation.
    pub salt: [u8; 16],
    /// Initialisation vector of AES-256-CBC.
    pub vector: [u8; 16],
}

/// An encrypted key file.
pub struct KeyFile {
    did: DidKey,
    der: SecretDocument,
}

impl KeyFile {
    /// Encrypts the key under the passphrase. Takes about a third of a second, on purpose.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] if the encoder fails, which it has no reason to.
    pub fn seal(
        key: &PrivateKey,
        passphrase: &str,
        sealing: &Sealing,
    ) -> Result<Self, KeyFileError> {
        let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(
            ROUNDS,
            &sealing.salt,
            sealing.vector,
        )
        .map_err(|_| KeyFileError::Malformed)?;
        let plain = plain_der(key)?;
        let info =
            PrivateKeyInfoRef::try_from(plain.as_bytes()).map_err(|_| KeyFileError::Malformed)?;
        let der = info
            .encrypt_with_params(parameters, passphrase)
            .map_err(|_| KeyFileError::Malformed)?;
        Ok(Self { did: key.did(), der })
    }

    /// Reads the file's text: the line `onrecord key <did:key>` and the PEM. A backup made in a browser is
    /// several of these and a block that is not read here: its first key is the newest.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] for anything else.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let (heading, pem) = text.split_once('\n').ok_or(KeyFileError::Malformed)?;
        let did = heading.trim_end().strip_prefix(HEADING).ok_or(KeyFileError::Malformed)?;
        let did = did.parse().map_err(|_| KeyFileError::Malformed)?;
        let end = pem.find(PEM_END).map_or(pem.len(), |at| at + PEM_END.len());
        let (pem, rest) = (&pem[..end], pem[end..].trim_start());
        if !rest.is_empty() && ![HEADING, BACKUP].iter().any(|begin| rest.starts_with(begin)) {
            return Err(KeyFileError::Malformed);
        }
        let (label, der) =
            SecretDocument::from_pem(pem.trim()).map_err(|_| KeyFileError::Malformed)?;
        if label == ENCRYPTED_LABEL { Ok(Self { did, der }) } else { Err(KeyFileError::Malformed) }
    }

    /// The text to write.
    ///
    /// # Errors
    /// [`KeyFileError::Malformed`] if the encoder fails, which it has no reason to.
    pub fn to_text(&self) -> Result<Zeroizing<String>, KeyFileError> {
        let pem = self
            .der
            .to_pem(ENCRYPTED_LABEL, LineEnding::LF)
            .map_err(|_| KeyFileError::Malformed)?;
        Ok(Zeroizing::new(format!("{HEADING}{}\n{}", self.did, pem.as_str())))
    }

    /// Whose key it is, by its first line.
    pub fn did(&self) -> &DidKey {
        &self.did
    }

    /// Decrypts the key. CBC does not notice tampering, so the key must be the one the first line names.
    ///
    /// # Errors
    /// [`KeyFileError`] says which of the three it is.
    pub fn open(&self, passphrase: &str) -> Result<PrivateKey, KeyFileError> {
        let info = EncryptedPrivateKeyInfoRef::try_from(self.der.as_bytes())
            .map_err(|_| KeyFileError::Malformed)?;
        require_our_scheme(&info)?;
        let plain = info.decrypt(passphrase).map_err(|_| KeyFileError::WrongPassphrase)?;
        let key = key_of_der(plain.as_bytes()).map_err(|_| KeyFileError::WrongPassphrase)?;
        if key.did() == self.did { Ok(key) } else { Err(KeyFileError::AnotherKey) }
    }
}

fn require_our_scheme(info: &EncryptedPrivateKeyInfoRef<'_>) -> Result<(), KeyFileError> {
    let rounds = info
        .encryption_algorithm
        .pbes2()
        .and_then(|scheme| scheme.kdf.pbkdf2())
        .map(|pbkdf2| pbkdf2.iteration_count)
        .ok_or(KeyFileError::Malformed)?;
    if (ROUNDS..=ROUNDS_MAX).contains(&rounds) { Ok(()) } else { Err(KeyFileError::Malformed) }
}

/// A plain PKCS#8 PEM, for a server's own keys.
///
/// # Errors
/// [`KeyFileError::Malformed`] if the encoder fails, which it has no reason to.
pub fn encode_plain(key: &PrivateKey) -> Result<Zeroizing<String>, KeyFileError> {
    let der = plain_der(key)?;
    der.to_pem("PRIVATE KEY", LineEnding::LF).map_err(|_| KeyFileError::Malformed)
}

/// Reads [`encode_plain`], and what `openssl genpkey -algorithm ed25519` writes.
///
/// # Errors
/// [`KeyFileError::Malformed`] for anything else.
pub fn decode_plain(text: &str) -> Result<PrivateKey, KeyFileError> {
    let (label, der) =
        SecretDocument::from_pem(text.trim()).map_err(|_| KeyFileError::Malformed)?;
    if label == "PRIVATE KEY" { key_of_der(der.as_bytes()) } else { Err(KeyFileError::Malformed) }
}

/// PKCS#8 version 1, without the public half: what every importer of Ed25519 keys accepts.
fn plain_der(key: &PrivateKey) -> Result<SecretDocument, KeyFileError> {
    KeypairBytes { secret_key: *key.seed(), public_key: None }
        .to_pkcs8_der()
        .map_err(|_| KeyFileError::Malformed)
}

fn key_of_der(der: &[u8]) -> Result<PrivateKey, KeyFileError> {
    let pair = KeypairBytes::from_pkcs8_der(der).map_err(|_| KeyFileError::Malformed)?;
    let seed = Zeroizing::new(pair.secret_key);
    Ok(PrivateKey::from_seed(&seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed() -> (PrivateKey, String) {
        let key = PrivateKey::from_seed(&[3; 32]);
        let file =
            KeyFile::seal(&key, "correct horse", &Sealing { salt: [1; 16], vector: [2; 16] });
        (key, file.unwrap().to_text().unwrap().to_string())
    }

    #[test]
    fn a_sealed_key_opens_with_its_passphrase_only() {
        let (key, text) = sealed();
        assert!(text.starts_with(&format!("onrecord key {}\n-----BEGIN ENCRYPTED", key.did())));
        let file = KeyFile::parse(&text).unwrap();
        assert_eq!(file.open("correct horse").unwrap().did(), key.did());
        assert_eq!(file.open("wrong horse").unwrap_err(), KeyFileError::WrongPassphrase);
    }

    #[test]
    fn a_backup_opens_as_the_key_that_it_begins_with_and_other_texts_do_not() {
        let (key, text) = sealed();
        let block = "-----BEGIN ONRECORD BACKUP-----\nAAAA\n-----END ONRECORD BACKUP-----\n";
        for rest in [block.to_owned(), format!("{text}{block}")] {
            let file = KeyFile::parse(&format!("{text}{rest}")).unwrap();
            assert_eq!(file.open("correct horse").unwrap().did(), key.did());
        }
        for other in [format!("{text}and more"), format!("{block}{text}")] {
            assert_eq!(KeyFile::parse(&other).err(), Some(KeyFileError::Malformed));
        }
    }

    #[test]
    fn a_file_under_another_name_is_refused() {
        let (key, text) = sealed();
        let other = PrivateKey::from_seed(&[4; 32]).did();
        let renamed = text.replace(key.did().as_str(), other.as_str());
        let error = KeyFile::parse(&renamed).unwrap().open("correct horse").unwrap_err();
        assert_eq!(error, KeyFileError::AnotherKey);
    }

    #[test]
    fn a_plain_key_file_reads_back() {
        let key = PrivateKey::from_seed(&[5; 32]);
        let text = encode_plain(&key).unwrap();
        assert_eq!(decode_plain(&text).unwrap().did(), key.did());
        assert_eq!(decode_plain("nonsense").unwrap_err(), KeyFileError::Malformed);
    }
}
