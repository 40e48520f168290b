//! Key files from the command line: made, opened by it and by `openssl`, never overwritten, never plain.

use std::path::Path;
use std::process::Command;

use assert_cmd::assert::OutputAssertExt as _;

pub const PASSPHRASE: &str = "correct horse battery";

pub fn onrecord(folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("onrecord"));
    command.current_dir(folder).env("ONRECORD_KEY_PASSPHRASE", PASSPHRASE);
    command
}

pub fn stdout(command: &mut Command) -> String {
    let output = command.assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn a_new_key_opens_with_its_passphrase_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let json = stdout(onrecord(folder.path()).args(["key", "new", "my.key", "--json"]));
    let names = crate::shapes::read("key", &json);
    let did = names["did"].as_str().unwrap();
    assert!(did.starts_with("did:key:z6Mk"));

    let text = std::fs::read_to_string(folder.path().join("my.key")).unwrap();
    assert!(text.starts_with(&format!("onrecord key {did}\n-----BEGIN ENCRYPTED PRIVATE KEY")));
    let shown =
        stdout(onrecord(folder.path()).args(["key", "show", "my.key", "--check", "--json"]));
    assert_eq!(shown, json);

    onrecord(folder.path()).args(["key", "new", "my.key"]).assert().failure().code(1);
    assert_eq!(std::fs::read_to_string(folder.path().join("my.key")).unwrap(), text);

    onrecord(folder.path())
        .args(["key", "show", "my.key", "--check"])
        .env("ONRECORD_KEY_PASSPHRASE", "wrong horse battery")
        .assert()
        .failure()
        .code(1);
}

#[cfg(unix)]
#[test]
fn only_its_owner_may_read_a_key_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    stdout(onrecord(folder.path()).args(["key", "new", "my.key"]));
    let mode = std::fs::metadata(folder.path().join("my.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn openssl_opens_the_key_file_and_finds_the_same_public_key() {
    if Command::new("openssl").arg("version").output().is_err() {
        println!("openssl is not installed: its half of this test is not run");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    stdout(onrecord(folder.path()).args(["key", "new", "my.key"]));
    let expected =
        stdout(onrecord(folder.path()).args(["key", "export", "my.key", "--format", "public-pem"]));
    let exported = stdout(onrecord(folder.path()).args([
        "key",
        "export",
        "my.key",
        "--format",
        "encrypted-pem",
    ]));
    std::fs::write(folder.path().join("exported.pem"), exported).unwrap();
    for file in ["my.key", "exported.pem"] {
        let public = stdout(
            Command::new("openssl")
                .args(["pkey", "-in", file, "-pubout", "-passin"])
                .arg(format!("pass:{PASSPHRASE}"))
                .current_dir(folder.path()),
        );
        assert_eq!(public, expected, "{file}");
    }
}

#[test]
fn ssh_keygen_finds_the_fingerprint_we_print() {
    if Command::new("ssh-keygen").arg("-?").output().is_err() {
        println!("ssh-keygen is not installed: this test is not run");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    stdout(onrecord(folder.path()).args(["key", "new", "my.key"]));
    let line =
        stdout(onrecord(folder.path()).args(["key", "export", "my.key", "--format", "openssh"]));
    std::fs::write(folder.path().join("my.pub"), line).unwrap();
    let expected = stdout(onrecord(folder.path()).args([
        "key",
        "export",
        "my.key",
        "--format",
        "fingerprint",
    ]));
    let found =
        stdout(Command::new("ssh-keygen").args(["-l", "-f", "my.pub"]).current_dir(folder.path()));
    assert!(found.contains(expected.trim_end()), "{found}");
}
