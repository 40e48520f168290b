//! Which key a ledger signs with, remembered from the first contact: a later answer under the same origin
//! that another key signed is refused. One file a ledger, a C2SP tlog-policy of its keys without a quorum, so
//! that a person can read it, replace it by a stricter one, or hand it on.

use std::path::PathBuf;
use std::{env, fs};

use super::failure::Failure;
use super::files::{self, Readers};
use super::policy;
use crate::crypto::sha256;
use crate::http::{log_line, policy_without_witnesses};
use crate::tlog::{Origin, Policy, VerifierKey};

/// The variable that names the folder where the command keeps what it remembers.
const HOME: &str = "ONRECORD_HOME";
/// Characters of the origin in a file's name; the hash behind them tells origins apart.
const READABLE_MAX: usize = 100;

/// The pinned keys.
#[derive(Debug, Clone)]
pub(super) struct Pins {
    folder: PathBuf,
}

impl Pins {
    /// The pins of this person: in `$ONRECORD_HOME`, else where the system keeps state.
    pub(super) fn of_this_person() -> Result<Self, Failure> {
        let of = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let home = of(HOME)
            .or_else(|| of("XDG_STATE_HOME").map(|state| state.join("onrecord")))
            .or_else(|| of("HOME").map(|home| home.join(".local/state/onrecord")));
        home.map(|home| Self { folder: home.join("ledgers") }).ok_or_else(|| {
            let what = "there is no home folder to remember the keys of ledgers in";
            Failure::new(what, format!("Set {HOME} to a folder of yours."))
        })
    }

    /// Where the pin of that ledger is.
    pub(super) fn path(&self, origin: &Origin) -> PathBuf {
        self.named(origin, "policy")
    }

    /// Where an audit of that ledger keeps how far it came.
    pub(super) fn audit_path(&self, origin: &Origin) -> PathBuf {
        self.named(origin, "audit")
    }

    fn named(&self, origin: &Origin, ending: &str) -> PathBuf {
        let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
        let letters = origin.as_str().bytes().take(READABLE_MAX);
        let readable: String =
            letters.map(|byte| if plain(byte) { char::from(byte) } else { '-' }).collect();
        let hash = sha256(origin.as_str().as_bytes()).to_hex();
        self.folder.join(format!("{readable}-{}.{ending}", &hash[..16]))
    }

    /// The pinned policy of a ledger; nothing before the first contact.
    pub(super) fn policy(&self, origin: &Origin) -> Result<Option<Policy>, Failure> {
        let path = self.path(origin);
        if !path.exists() {
            return Ok(None);
        }
        let policy = policy::read(&path)?;
        if policy.log_keys(origin.as_str()).next().is_some() {
            return Ok(Some(policy));
        }
        let what = format!("{} names no key of {origin}", files::shown(&path));
        let next = "Put the ledger's policy there, or remove the file to trust the next contact.";
        Err(Failure::new(what, next))
    }

    /// Remembers the keys of a ledger.
    pub(super) fn pin(&self, origin: &Origin, keys: &[VerifierKey]) -> Result<PathBuf, Failure> {
        fs::create_dir_all(&self.folder).map_err(|error| {
            let what = format!("{} cannot be made: {error}", files::shown(&self.folder));
            Failure::new(what, format!("Set {HOME} to a folder you may write to."))
        })?;
        let path = self.path(origin);
        let policy = policy_without_witnesses(keys);
        files::replace(&path, policy.as_bytes(), Readers::Everyone)?;
        Ok(path)
    }

    /// Remembers keys that followed those of the pin, before its other lines: it may be a stricter one than was made here.
    pub(super) fn add(&self, origin: &Origin, keys: &[VerifierKey]) -> Result<PathBuf, Failure> {
        let path = self.path(origin);
        let before = files::read_text(&path, policy::FILE_BYTES_MAX)?;
        let text = keys.iter().map(log_line).collect::<String>() + &before;
        files::replace(&path, text.as_bytes(), Readers::Everyone)?;
        Ok(path)
    }

    #[cfg(test)]
    pub(super) fn at(folder: &std::path::Path) -> Self {
        Self { folder: folder.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;

    #[test]
    fn a_pin_is_found_under_its_own_origin_only() {
        let folder = tempfile::tempdir().unwrap();
        let pins = Pins::at(&folder.path().join("ledgers"));
        let (slash, dash): (Origin, Origin) =
            ("a.example/b".parse().unwrap(), "a.example-b".parse().unwrap());
        let public = PrivateKey::from_seed(&[1; 32]).public_key();
        let key = VerifierKey::of_log(slash.key_name().clone(), &public);
        assert_eq!(pins.policy(&slash), Ok(None));
        pins.pin(&slash, std::slice::from_ref(&key)).unwrap();
        assert_eq!(pins.policy(&slash), Ok(Some(Policy::of_log(key))));
        assert_eq!(pins.policy(&dash), Ok(None));
    }

    #[test]
    fn a_pin_without_a_key_of_its_ledger_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let pins = Pins::at(folder.path());
        let origin: Origin = "a.example".parse().unwrap();
        fs::write(pins.path(&origin), "quorum none\n").unwrap();
        assert!(pins.policy(&origin).is_err());
    }
}
