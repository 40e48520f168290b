//! A ledger's own keys, in its folder: `keys/log.pem` signs checkpoints, `keys/operator.pem` what the operator
//! states, `keys/webhook.pem` deliveries. Made at the first start; a ledger that has entries is never given a new one of
//! the first two. While a new key of the log follows the old one, it is `keys/log-next.pem`, and both sign.

use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::own_key::{
    FILE_BYTES_MAX, create_private, open_or_make, read, read_passphrase, unusable,
};
use crate::crypto::{KeyFile, KeyFileError, PrivateKey, PublicKey, decode_plain};
use crate::tlog::{LogSigner, Origin};

pub(in crate::cli) const LOG: &str = "keys/log.pem";
/// The key that is to follow.
pub(in crate::cli) const LOG_NEXT: &str = "keys/log-next.pem";
/// Signs the heads of the journal of a mirror, which has no key of the log.
pub(in crate::cli) const MIRROR_JOURNAL: &str = "keys/journal.pem";

/// Whether the folder is that of a mirror.
pub(in crate::cli) fn is_mirror(data: &Path) -> bool {
    data.join(MIRROR_JOURNAL).exists()
}

/// Whether the folder is that of a ledger, or is to be.
pub(in crate::cli) fn is_ledger(data: &Path) -> bool {
    data.join(LOG).exists()
}

/// The keys.
pub(super) struct Keys {
    pub(super) log: PrivateKey,
    log_next: Option<PrivateKey>,
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
        let open = |name: &str, no_new_because: Option<&str>| {
            open_or_make(&folder.join(name), passphrase.as_deref(), no_new_because)
        };
        let grown = if is_new { None } else { Some("the ledger has entries") };
        let (log, operator) = (open("log.pem", grown)?, open("operator.pem", grown)?);
        let next = data.join(LOG_NEXT);
        let log_next = next.exists().then(|| read(&next, passphrase.as_deref())).transpose()?;
        // Nothing in the log depends on it, so that a ledger from before there were webhooks is given one.
        Ok(Self { log, log_next, operator, webhook: open("webhook.pem", None)? })
    }

    /// Signs checkpoints with every key of the log.
    pub(super) fn signer(&self, origin: Origin) -> LogSigner {
        let signer = LogSigner::new(origin, self.log.clone());
        self.log_next.iter().fold(signer, |signer, next| signer.and(next.clone()))
    }
}

/// The public half of the key that signs the heads of the journal: the log's, or that of a mirror's own journal.
pub(in crate::cli) fn journal_key(data: &Path) -> Result<PublicKey, Failure> {
    public_key(&data.join(if is_mirror(data) { MIRROR_JOURNAL } else { LOG }))
}

/// The public half of the key in a file, which an encrypted one names in its first line.
pub(in crate::cli) fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
    match KeyFile::parse(&text) {
        Ok(file) => file.did().public_key().map_err(|_| KeyFileError::Malformed),
        Err(_) => decode_plain(&text).map(|key| key.public_key()),
    }
    .map_err(|error| unusable(path, error))
}

/// The operator's key of the ledger in that folder.
pub(in crate::cli) fn operator_key(
    data: &Path,
    passphrase_file: Option<&Path>,
) -> Result<PrivateKey, Failure> {
    let passphrase = passphrase_file.map(read_passphrase).transpose()?;
    read(&data.join("keys/operator.pem"), passphrase.as_deref())
}

#[cfg(test)]
mod tests {
    use std::fs;

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
