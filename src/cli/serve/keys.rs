//! A ledger's own keys, in its folder: `keys/log.pem` signs checkpoints, `keys/operator.pem` what the operator
//! states, `keys/webhook.pem` deliveries. Made at the first start; a ledger that has entries is never given a new one of
//! the first two.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::files::{self, Readers};
use crate::cli::key::random;
use crate::crypto::{
    KeyFile, KeyFileError, PrivateKey, PublicKey, Sealing, decode_plain, encode_plain,
};

const FILE_BYTES_MAX: u64 = 16 * 1024;

/// The keys.
pub(super) struct Keys {
    pub(super) log: PrivateKey,
    pub(super) operator: PrivateKey,
    pub(super) webhook: PrivateKey,
}

impl Keys {
    /// Reads the keys of the ledger in that folder, or makes them for a new one.
    pub(super) fn open(
        data: &Path,
        passphrase_file: Option<&Path>,
        is_new: bool,
    ) -> Result<Self, Failure> {
        let folder = data.join("keys");
        create_private(&folder)?;
        let passphrase = passphrase_file.map(read_passphrase).transpose()?;
        let open = |name: &str, may_make: bool| {
            open_or_make(&folder.join(name), passphrase.as_deref(), may_make)
        };
        let (log, operator) = (open("log.pem", is_new)?, open("operator.pem", is_new)?);
        // Nothing in the log depends on it, so that a ledger from before there were webhooks is given one.
        Ok(Self { log, operator, webhook: open("webhook.pem", true)? })
    }
}

/// The public half of the log's key, which an encrypted file names in its first line.
pub(in crate::cli) fn log_key(data: &Path) -> Result<PublicKey, Failure> {
    let path = data.join("keys/log.pem");
    let text = Zeroizing::new(files::read_text(&path, FILE_BYTES_MAX)?);
    match KeyFile::parse(&text) {
        Ok(file) => file.did().public_key().map_err(|_| KeyFileError::Malformed),
        Err(_) => decode_plain(&text).map(|key| key.public_key()),
    }
    .map_err(|error| unusable(&path, error))
}

/// The operator's key of the ledger in that folder.
pub(in crate::cli) fn operator_key(
    data: &Path,
    passphrase_file: Option<&Path>,
) -> Result<PrivateKey, Failure> {
    let passphrase = passphrase_file.map(read_passphrase).transpose()?;
    read(&data.join("keys/operator.pem"), passphrase.as_deref())
}

fn create_private(folder: &Path) -> Result<(), Failure> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder).map_err(|error| {
        let what = format!("{} cannot be made: {error}", files::shown(folder));
        Failure::new(what, "Check that you may write there, or name another folder with --data.")
    })
}

fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
    let passphrase = Zeroizing::new(text.lines().next().unwrap_or_default().to_owned());
    if passphrase.is_empty() {
        let what = format!("the first line of {} is empty", files::shown(path));
        return Err(Failure::new(what, "Write the passphrase there."));
    }
    Ok(passphrase)
}

fn open_or_make(
    path: &Path,
    passphrase: Option<&String>,
    is_new: bool,
) -> Result<PrivateKey, Failure> {
    if path.exists() {
        return read(path, passphrase);
    }
    if !is_new {
        let what = format!("{} is missing, and the ledger has entries", files::shown(path));
        let next =
            "Put the key back from your copy: nothing can be signed for this ledger without it.";
        return Err(Failure::new(what, next));
    }
    let key = PrivateKey::from_seed(&Zeroizing::new(random()?));
    let text = match passphrase {
        None => encode_plain(&key),
        Some(passphrase) => {
            let sealing = Sealing { salt: random()?, vector: random()? };
            KeyFile::seal(&key, passphrase, &sealing).and_then(|file| file.to_text())
        }
    };
    let text = text.map_err(|error| unusable(path, error))?;
    files::write_new(path, text.as_bytes(), Readers::Owner)?;
    Ok(key)
}

fn read(path: &Path, passphrase: Option<&String>) -> Result<PrivateKey, Failure> {
    let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
    let key = match (KeyFile::parse(&text), passphrase) {
        (Ok(file), Some(passphrase)) => file.open(passphrase),
        (Ok(_), None) => {
            let what = format!("{} is encrypted", files::shown(path));
            return Err(Failure::new(
                what,
                "Name the file of its passphrase with --key-passphrase-file.",
            ));
        }
        (Err(_), _) => decode_plain(&text),
    };
    key.map_err(|error| unusable(path, error))
}

fn unusable(path: &Path, error: KeyFileError) -> Failure {
    let what = format!("{}: {error}", files::shown(path));
    Failure::new(what, "Put the key back from your copy, or correct --key-passphrase-file.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(data: &Path, passphrase: Option<&Path>, is_new: bool) -> Result<Keys, Failure> {
        Keys::open(data, passphrase, is_new)
    }

    #[test]
    fn a_new_ledger_gets_keys_and_keeps_them() {
        let data = tempfile::tempdir().unwrap();
        assert!(open(data.path(), None, false).is_err());
        let keys = open(data.path(), None, true).unwrap();
        let again = open(data.path(), None, false).unwrap();
        assert_eq!(keys.log.did(), again.log.did());
        assert_eq!(keys.operator.did(), again.operator.did());
        assert_eq!(keys.webhook.did(), again.webhook.did());
        assert_ne!(keys.log.did(), keys.operator.did());
        assert_ne!(keys.log.did(), keys.webhook.did());
        fs::remove_file(data.path().join("keys/webhook.pem")).unwrap();
        assert_ne!(open(data.path(), None, false).unwrap().webhook.did(), keys.webhook.did());
    }

    #[test]
    fn with_a_passphrase_nothing_is_written_plain() {
        let data = tempfile::tempdir().unwrap();
        let passphrase = data.path().join("passphrase");
        fs::write(&passphrase, "correct horse\n").unwrap();
        let keys = open(data.path(), Some(&passphrase), true).unwrap();
        let text = fs::read_to_string(data.path().join("keys/log.pem")).unwrap();
        assert!(text.contains("BEGIN ENCRYPTED PRIVATE KEY"));
        assert_eq!(open(data.path(), Some(&passphrase), false).unwrap().log.did(), keys.log.did());
        let Err(failure) = open(data.path(), None, false) else { panic!("opened without") };
        assert!(failure.next().contains("--key-passphrase-file"));
    }
}
