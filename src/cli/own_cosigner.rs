//! A key that cosigns, in a server's own folder, and the name that it has for ever: a witness's or a mirror's.

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::files::{self, Readers};
use super::own_key;
use crate::tlog::{Cosigner, KeyName, VerifierKey};

/// A cosigner whose name is chosen. Nothing is written yet.
pub(super) struct OwnCosigner {
    /// `witness` or `mirror`.
    what: &'static str,
    name: KeyName,
    key: PathBuf,
    verifier: PathBuf,
    known: Option<VerifierKey>,
}

impl OwnCosigner {
    /// That of the witness or mirror in the folder. The name is fixed at the first start.
    pub(super) fn named(
        data: &Path,
        what: &'static str,
        asked: Option<&KeyName>,
    ) -> Result<Self, Failure> {
        let verifier = data.join(format!("{what}.vkey"));
        let known = if verifier.exists() { Some(read_verifier(&verifier)?) } else { None };
        let name = choose_name(what, asked, known.as_ref())?;
        let key = data.join(format!("keys/{what}.pem"));
        Ok(Self { what, name, key, verifier, known })
    }

    /// Where its key is kept.
    pub(super) fn key_file(&self) -> &Path {
        &self.key
    }

    /// Reads the key, or makes it at the first start.
    pub(super) fn open(self, passphrase_file: Option<&Path>) -> Result<Cosigner, Failure> {
        let Self { what, name, key, verifier, known } = self;
        let had_one = format!("this {what} had one");
        let folder = key.parent().unwrap_or(Path::new("."));
        own_key::create_private(folder)?;
        let passphrase = passphrase_file.map(own_key::read_passphrase).transpose()?;
        let no_new_because = known.as_ref().map(|_| had_one.as_str());
        let private = own_key::open_or_make(&key, passphrase.as_deref(), no_new_because)?;
        let cosigner = Cosigner::new(name, private);
        match known {
            None => {
                let text = format!("{}\n", cosigner.verifier_key());
                files::write_new(&verifier, text.as_bytes(), Readers::Everyone)?;
            }
            Some(known) if known != *cosigner.verifier_key() => {
                let what = format!("{} is not the key of {}", files::shown(&key), known.name());
                return Err(Failure::new(what, "Put the key back from your copy."));
            }
            Some(_) => {}
        }
        Ok(cosigner)
    }
}

fn read_verifier(path: &Path) -> Result<VerifierKey, Failure> {
    let text = files::read_text(path, own_key::FILE_BYTES_MAX)?;
    text.trim_end().parse().map_err(|error| {
        let what = format!("{}: {error}", files::shown(path));
        Failure::new(what, "Put the file back from your copy.")
    })
}

fn choose_name(
    what: &str,
    asked: Option<&KeyName>,
    known: Option<&VerifierKey>,
) -> Result<KeyName, Failure> {
    match (asked, known.map(VerifierKey::name)) {
        (Some(asked), Some(known)) if asked != known => Err(Failure::new(
            format!("this {what} is {known} for ever, and --name says {asked}"),
            format!("Leave --name out, or name another folder with --data for another {what}."),
        )),
        (_, Some(known)) => Ok(known.clone()),
        (Some(asked), None) => Ok(asked.clone()),
        (None, None) => Err(Failure::new(
            format!("a new {what} needs a name"),
            format!("Give it one with --name, such as {what}.example/1, an address that is yours."),
        )),
    }
}
