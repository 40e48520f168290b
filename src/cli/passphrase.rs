//! The passphrase of a key file: from a file, from the environment, or typed without being shown. Never
//! from an argument, which every process of the machine could read.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::failure::Failure;
use super::files;

/// The variable that may hold the passphrase.
const VARIABLE: &str = "ONRECORD_KEY_PASSPHRASE";
/// Fewer characters fall to guessing, however slow each guess is made.
const CHARACTERS_MIN: usize = 8;
const FILE_BYTES_MAX: u64 = 4096;

/// Where the passphrase comes from.
#[derive(Args, Debug, Clone, Default)]
pub(super) struct PassphraseSource {
    /// File whose first line is the key's passphrase [else ONRECORD_KEY_PASSPHRASE, else it is asked for]
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl PassphraseSource {
    /// The passphrase that opens an existing key.
    pub(super) fn existing(&self) -> Result<Zeroizing<String>, Failure> {
        match self.given()? {
            Some(passphrase) => Ok(passphrase),
            None => ask("Passphrase of the key: "),
        }
    }

    /// A passphrase for a new key: asked for twice when it is typed, and not too short.
    pub(super) fn chosen(&self) -> Result<Zeroizing<String>, Failure> {
        let passphrase = match self.given()? {
            Some(passphrase) => passphrase,
            None => ask_twice()?,
        };
        require_length(passphrase)
    }

    fn given(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        if let Some(path) = &self.passphrase_file {
            let text = Zeroizing::new(files::read_text(path, FILE_BYTES_MAX)?);
            return Ok(Some(first_line(&text)));
        }
        match std::env::var(VARIABLE) {
            Ok(passphrase) => Ok(Some(Zeroizing::new(passphrase))),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => Err(Failure::new(
                format!("{VARIABLE} is not UTF-8 text"),
                "Put the passphrase into a file and name it with --passphrase-file.",
            )),
        }
    }
}

fn first_line(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.lines().next().unwrap_or_default().to_owned())
}

fn require_length(passphrase: Zeroizing<String>) -> Result<Zeroizing<String>, Failure> {
    if passphrase.chars().count() >= CHARACTERS_MIN {
        return Ok(passphrase);
    }
    let what = format!("the passphrase has fewer than {CHARACTERS_MIN} characters");
    Err(Failure::new(what, "Choose a longer one; four or five random words are good."))
}

fn ask_twice() -> Result<Zeroizing<String>, Failure> {
    let first = ask("New passphrase: ")?;
    let second = ask("The same again:  ")?;
    if first == second {
        return Ok(first);
    }
    Err(Failure::new(
        "the two passphrases differ",
        "Run the command again and type it twice alike.",
    ))
}

fn ask(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    const NEXT: &str = "Name a file with --passphrase-file, or set ONRECORD_KEY_PASSPHRASE.";
    if !std::io::stderr().is_terminal() && !std::io::stdin().is_terminal() {
        return Err(Failure::new(
            "a passphrase is needed, and there is no terminal to ask on",
            NEXT,
        ));
    }
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(|error| Failure::new(format!("the passphrase cannot be read: {error}"), NEXT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_of_the_file_is_the_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("passphrase");
        std::fs::write(&path, "correct horse \r\nsecond line\n").unwrap();
        let source = PassphraseSource { passphrase_file: Some(path) };
        assert_eq!(*source.existing().unwrap(), "correct horse ");
    }

    #[test]
    fn a_short_passphrase_is_refused_for_a_new_key() {
        assert!(require_length(Zeroizing::new("seven77".to_owned())).is_err());
        assert!(require_length(Zeroizing::new("straße é".to_owned())).is_ok());
    }
}
