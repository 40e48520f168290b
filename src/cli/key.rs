//! `onrecord key`: the keys a person signs with (protocol §2). A private key is always encrypted on disk.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use owo_colors::OwoColorize as _;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::files::{self, Readers};
use super::passphrase::PassphraseSource;
use super::{Outcome, terminal};
use crate::crypto::{DidKey, KeyFile, KeyFileError, PrivateKey, Sealing};
use crate::encoding::base64;
use crate::wire;

/// A key file is under 1 KiB; a backup that a browser made holds bundles too.
const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Make a key to sign with, look at one, export its public half
#[derive(Args)]
pub(super) struct Key {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    New(New),
    Show(Show),
    Export(Export),
}

/// Make a new key and write it, encrypted, to a file
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord key new my.key
  onrecord key new my.key --passphrase-file passphrase.txt

A key signs in your name, and nobody can restore it: keep a copy of the file, and the passphrase.
With a fresh key for each agreement, your agreements cannot be linked by their keys.")]
struct New {
    /// The file to write; it must not exist
    file: PathBuf,
    #[command(flatten)]
    passphrase: PassphraseSource,
    /// Print the key's names as JSON
    #[arg(long)]
    json: bool,
}

/// Show whose key a file holds
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord key show my.key
  onrecord key show my.key --check     (opens it, to prove that file and passphrase belong together)")]
struct Show {
    /// The key file
    file: PathBuf,
    /// Open the key with its passphrase as well
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    passphrase: PassphraseSource,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Print a key in a form that other programs read
#[derive(Args)]
#[command(after_help = "Examples:
  onrecord key export my.key                          (the did:key, which ledgers know you by)
  onrecord key export my.key --format openssh         (a line for allowed_signers)
  onrecord key export my.key --format public-pem | openssl pkey -pubin -text -noout
  onrecord key export my.key --format encrypted-pem | openssl pkey -text -noout")]
struct Export {
    /// The key file
    file: PathBuf,
    /// Which form
    #[arg(long, value_enum, default_value_t = Format::Did)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The name ledgers know the key by, did:key:z6Mk…
    Did,
    /// The OpenSSH fingerprint, SHA256:…, which envelopes carry as keyid
    Fingerprint,
    /// The line of an allowed_signers or .pub file, ssh-ed25519 AAAA…
    Openssh,
    /// The public key as PEM (SubjectPublicKeyInfo)
    #[value(alias = "pem")]
    PublicPem,
    /// The private key as it is in the file, encrypted, as PEM (PKCS#8)
    EncryptedPem,
}

impl Key {
    pub(super) fn run(self) -> Result<Outcome, Failure> {
        match self.action {
            Action::New(new) => new.run(),
            Action::Show(show) => show.run(),
            Action::Export(export) => export.run(),
        }
    }
}

impl New {
    fn run(self) -> Result<Outcome, Failure> {
        if self.file.exists() {
            return Err(Failure::new(
                format!("{} exists already", files::shown(&self.file)),
                "Choose another name: a key is never overwritten.",
            ));
        }
        let key = create(&self.file, &self.passphrase)?;
        print_names(&key.did(), self.json)?;
        let file = files::shown(&self.file);
        terminal::note(format_args!(
            "Written to {file}. Keep a copy of it and of its passphrase: nobody can restore either."
        ));
        Ok(Outcome::Done)
    }
}

impl Show {
    fn run(self) -> Result<Outcome, Failure> {
        let file = parse(&self.file)?;
        if self.check {
            open(&self.file, &self.passphrase)?;
            terminal::note("The passphrase opens the key.");
        }
        print_names(file.did(), self.json)?;
        Ok(Outcome::Done)
    }
}

impl Export {
    fn run(self) -> Result<Outcome, Failure> {
        let file = parse(&self.file)?;
        match self.format {
            Format::Did => terminal::line(file.did())?,
            Format::Fingerprint => terminal::line(file.did().fingerprint())?,
            Format::Openssh => terminal::line(openssh(file.did()))?,
            Format::PublicPem => terminal::line(public_pem(file.did()))?,
            Format::EncryptedPem => terminal::bytes(encrypted_pem(&self.file)?.as_bytes())?,
        }
        Ok(Outcome::Done)
    }
}

/// Makes a key and writes it, encrypted, to a file that must not exist.
pub(super) fn create(path: &Path, passphrase: &PassphraseSource) -> Result<PrivateKey, Failure> {
    let passphrase = passphrase.chosen()?;
    let key = PrivateKey::from_seed(&Zeroizing::new(random()?));
    let sealing = Sealing { salt: random()?, vector: random()? };
    let sealed = KeyFile::seal(&key, &passphrase, &sealing).and_then(|file| file.to_text());
    let text = sealed.map_err(|error| does_not_open(path, error))?;
    files::write_new(path, text.as_bytes(), Readers::Owner)?;
    Ok(key)
}

/// Opens the key in the file.
pub(super) fn open(path: &Path, passphrase: &PassphraseSource) -> Result<PrivateKey, Failure> {
    let file = parse(path)?;
    file.open(&passphrase.existing()?).map_err(|error| does_not_open(path, error))
}

/// The name of the key in the file, which needs no passphrase.
pub(super) fn did(path: &Path) -> Result<DidKey, Failure> {
    parse(path).map(|file| file.did().clone())
}

/// Random bytes of the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        let what = format!("the system gives no random bytes: {error}");
        Failure::new(what, "Nothing can be signed safely on this machine as it is; try another.")
    })?;
    Ok(bytes)
}

fn parse(path: &Path) -> Result<KeyFile, Failure> {
    let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
    KeyFile::parse(&text).map_err(|error| does_not_open(path, error))
}

fn does_not_open(path: &Path, error: KeyFileError) -> Failure {
    let next = match error {
        KeyFileError::Malformed => "Name a file that `onrecord key new` wrote.",
        KeyFileError::WrongPassphrase => "Try again; without the passphrase the key is lost.",
        KeyFileError::AnotherKey => "Do not use this file; take your copy of it.",
    };
    Failure::new(format!("{}: {error}", files::shown(path)), next)
}

fn print_names(did: &DidKey, json: bool) -> Result<(), Failure> {
    let names = wire::KeyNames {
        did: did.to_string(),
        fingerprint: did.fingerprint(),
        openssh: openssh(did),
    };
    if json {
        let text =
            serde_json::to_string_pretty(&names).map_err(|error| Failure::output(&error.into()))?;
        return terminal::line(text);
    }
    terminal::line(format_args!("{}          {}", "did".bold(), names.did))?;
    terminal::line(format_args!("{}  {}", "fingerprint".bold(), names.fingerprint))
}

/// The line that OpenSSH writes into `.pub` files.
fn openssh(did: &DidKey) -> String {
    let mut blob = b"\x00\x00\x00\x0bssh-ed25519\x00\x00\x00\x20".to_vec();
    blob.extend_from_slice(did.as_bytes());
    format!("ssh-ed25519 {}", base64::encode(&blob))
}

/// RFC 8410 §4: a SubjectPublicKeyInfo is this header and the 32 bytes.
fn public_pem(did: &DidKey) -> String {
    let mut der = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00".to_vec();
    der.extend_from_slice(did.as_bytes());
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----", base64::encode(&der))
}

/// What stands in the key file below its first line.
fn encrypted_pem(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
    let pem = text.split_once('\n').map_or("", |(_, pem)| pem);
    Ok(Zeroizing::new(pem.to_owned()))
}
