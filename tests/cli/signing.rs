//! `onrecord sign` from the outside: every example it prints can be signed, sealed words stay in the file,
//! and what a ledger would refuse is refused before a key is opened.

use std::fs;
use std::path::Path;

use onrecord::statement::{Signed, Submission};
use onrecord::wire;

use crate::keys::{onrecord, stdout};
use assert_cmd::assert::OutputAssertExt as _;

const LOG: &str = "ledger.example/2026";

fn write_example(folder: &Path, kind: &str) {
    let example = stdout(onrecord(folder).args(["sign", "--example", kind]));
    fs::write(folder.join(format!("{kind}.toml")), example).unwrap();
}

fn sign_agreement(folder: &Path) {
    write_example(folder, "agreement");
    stdout(onrecord(folder).args(["sign", "agreement", "agreement.toml", "--log", LOG]));
}

/// Checks the file as a ledger would check its submission.
fn check(folder: &Path, name: &str) -> Signed {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let file: wire::SignedFile<'_> = serde_json::from_str(&text).unwrap();
    let one =
        |signature: &wire::Signature<'_>| (signature.keyid.to_string(), signature.sig.to_string());
    let submission = Submission {
        payload_type: file.envelope.payload_type.to_string(),
        payload: file.envelope.payload.to_string(),
        signatures: file.envelope.signatures.iter().map(one).collect(),
        disclosures: file.disclosures.clone(),
    };
    Signed::check(&submission, LOG).unwrap()
}

#[test]
fn every_example_can_be_signed_as_it_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sign_agreement(folder);
    let agreement = check(folder, "agreement.signed.json").id().to_string();
    for kind in [
        "breach",
        "fulfilment",
        "assessment",
        "amendment",
        "termination",
        "withdrawal",
        "reveal",
        "erasure",
    ] {
        write_example(folder, kind);
        let file = format!("{kind}.toml");
        let args = ["sign", kind, &file, "--key", "agreement.key", "--log", LOG];
        stdout(onrecord(folder).args(args));
        let signed = check(folder, &format!("{kind}.signed.json"));
        let fields = signed.statement().fields();
        let target = fields.statement_id("thread").or(fields.statement_id("re"));
        assert_eq!(target.unwrap().to_string(), agreement, "{kind}");
    }
}

#[test]
fn sealed_words_and_evidence_are_in_the_file_and_not_in_the_submission() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_example(folder, "agreement");
    let mut recipe = fs::read_to_string(folder.join("agreement.toml")).unwrap();
    recipe.push_str(
        "[[evidence]]\nfile = 'call.txt'\n[[evidence]]\nfile = 'call.txt'\npublic = true\n",
    );
    fs::write(folder.join("agreement.toml"), recipe).unwrap();
    fs::write(folder.join("call.txt"), "notes of the call").unwrap();
    let review =
        stdout(onrecord(folder).args(["sign", "agreement", "agreement.toml", "--log", LOG]));
    assert!(!review.contains("Ana Example"), "{review}");

    let text = fs::read_to_string(folder.join("agreement.signed.json")).unwrap();
    let file: wire::SignedFile<'_> = serde_json::from_str(&text).unwrap();
    let names = |words: &[String]| -> Vec<String> {
        let parse = |word: &String| onrecord::statement::Disclosure::parse(word).unwrap();
        words.iter().map(|word| parse(word).name().to_owned()).collect()
    };
    assert_eq!(names(&file.sealed), ["signer_name", "evidence_1"]);
    assert_eq!(
        names(&file.disclosures),
        ["commitment_1", "commitment_2", "narrative", "title", "evidence_2"]
    );
}

#[test]
fn words_are_signed_in_nfc_and_times_without_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write_example(folder, "agreement");
    let recipe = fs::read_to_string(folder.join("agreement.toml")).unwrap();
    let recipe = recipe.replace("Refund agreed by phone", "Cafe\u{301}");
    fs::write(folder.join("agreement.toml"), recipe).unwrap();
    let review =
        stdout(onrecord(folder).args(["sign", "agreement", "agreement.toml", "--log", LOG]));
    assert!(review.contains("Caf\u{e9}"), "{review}");
    let signed = check(folder, "agreement.signed.json");
    let claimed_at = signed.statement().claimed_at().unwrap();
    assert_eq!(claimed_at, claimed_at.at_the_minute());
}

#[test]
fn what_a_ledger_would_refuse_is_refused_and_nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    sign_agreement(folder);
    let before = fs::read(folder.join("agreement.signed.json")).unwrap();
    let args = ["sign", "agreement", "agreement.toml", "--log", LOG, "--key", "agreement.key"];
    let again = onrecord(folder).args(args).assert().failure().code(1);
    let message = String::from_utf8_lossy(&again.get_output().stderr).into_owned();
    assert!(message.contains("agreement.signed.json exists already"), "{message}");
    assert_eq!(fs::read(folder.join("agreement.signed.json")).unwrap(), before);

    let refused = |from: &str, to: &str, expected: &str| {
        let recipe = fs::read_to_string(folder.join("agreement.toml")).unwrap();
        fs::write(folder.join("bad.toml"), recipe.replace(from, to)).unwrap();
        let args = ["sign", "agreement", "bad.toml", "--log", LOG, "--key", "agreement.key"];
        let output = onrecord(folder).args(args).assert().failure().code(1);
        let message = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(message.contains(expected), "{message}");
        assert!(!folder.join("bad.signed.json").exists());
    };
    refused("\"spoken\"", "\"shouted\"", "bad_field: `basis`");
    refused("by = \"signer\"", "by = \"other.example\"", "bad_domain");
    refused("[\"signer_name\"]", "[\"signer_nam\"]", "`signer_nam`");
    refused("title = ", "titel = ", "`titel`");
    refused("[words]", "[wrods]", "`wrods`");
    refused("Refund agreed", "Refund\\u0007agreed", "bad_text");
}
