//! Keys that a server keeps in its own folder: plain, or sealed with a passphrase from a file.

use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::failure::Failure;
use super::files::{self, Readers};
use super::key::random;
use crate::crypto::{KeyFile, KeyFileError, PrivateKey, Sealing, decode_plain, encode_plain};

/// A key file has below 1 KiB.
pub(super) const FILE_BYTES_MAX: u64 = 16 * 1024;

/// A folder that only its owner may look into.
pub(super) fn create_private(folder: &Path) -> Result<(), Failure> {
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

/// The first line of a file.
pub(super) fn read_passphrase(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
    let passphrase = Zeroizing::new(text.lines().next().unwrap_or_default().to_owned());
    if passphrase.is_empty() {
        let what = format!("the first line of {} is empty", files::shown(path));
        return Err(Failure::new(what, "Write the passphrase there."));
    }
    Ok(passphrase)
}

/// Reads the key in the file, or makes one there, unless there is a reason why a new one would be of no use.
pub(super) fn open_or_make(
    path: &Path,
    passphrase: Option<&String>,
    no_new_because: Option<&str>,
) -> Result<PrivateKey, Failure> {
    if path.exists() {
        return read(path, passphrase);
    }
    if let Some(reason) = no_new_because {
        let what = format!("{} is missing, and {reason}", files::shown(path));
        return Err(Failure::new(
            what,
            "Put the key back from your copy: without it nothing can be signed here.",
        ));
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

/// Reads the key in the file.
pub(super) fn read(path: &Path, passphrase: Option<&String>) -> Result<PrivateKey, Failure> {
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

/// What to do when a file holds no key, or not with that passphrase.
pub(super) fn unusable(path: &Path, error: KeyFileError) -> Failure {
    let what = format!("{}: {error}", files::shown(path));
    Failure::new(what, "Put the key back from your copy, or correct --key-passphrase-file.")
}
