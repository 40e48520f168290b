//! The demonstration ends well, and everything it tells was checked by it.

use std::process::Stdio;

use assert_cmd::assert::OutputAssertExt as _;

#[test]
fn the_demonstration_runs_to_its_end_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = crate::keys::onrecord(folder.path());
    command.args(["demo", "--exit"]).env("TMPDIR", folder.path()).stdin(Stdio::null());
    let assert = command.assert().success();
    let said = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    let told = [
        "a reader of the stream has it",
        "both sides have signed now",
        "a reader is told when the day is over",
        "overdue for everyone who looks",
        "and no entry was needed for it",
        "Ana did not welcome offers there",
        "a week later it has expired",
        "Ana states that it is resolved",
        "--recompute",
        "the organization's inbox has it",
        "which brings it Ana's agreement",
        "acme.example's webhook has it",
        "prove-complete acme.example",
        "prove-complete of the whole copy: in order",
        "inclusion seq 4 (entry 5): entry_changed",
        "/t/1-",
    ];
    for sentence in told {
        assert!(said.contains(sentence), "{sentence}: {said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "its folder is gone");
}
