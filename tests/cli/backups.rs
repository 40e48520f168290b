//! Backups are restored where nobody knows of more, and refused where somebody does.

use std::fs;

use crate::policies::{Witness, log_line};
use crate::running::Running;
use crate::shapes;

const BACKUP: [&str; 4] = ["backup", "--data", "data", "copy"];

/// Restores to a new folder, with these options.
fn restore<'a>(data: &'a str, options: &[&'a str]) -> Vec<&'a str> {
    [&["restore", "copy", "--data", data], options].concat()
}

#[test]
fn a_backup_is_restored_unless_somebody_knows_of_more() {
    let mut ledger = Running::start(&[]);
    let log = log_line(&ledger);
    let witness = Witness::start(ledger.path(), "witness.example/w1", &log);
    let policy = format!("{}\nquorum {}\n", witness.line, "none");
    fs::write(ledger.path().join("own.policy"), policy).unwrap();
    let by_witness = ["--policy", "own.policy"];
    ledger.publish_example();
    let taken = shapes::read("backup", &ledger.run(&[&BACKUP[..], &["--json"]].concat()));
    assert_eq!((&taken["size"], &taken["keys"]), (&2.into(), &true.into()), "{taken}");

    // The witness knows nothing yet, and the mirror as much as the backup.
    let url = ledger.url().to_owned();
    let by_mirror = ["--mirror", &*url];
    let both = [&by_witness[..], &by_mirror, &["--json"]].concat();
    let restored = shapes::read("restore", &ledger.run(&restore("first", &both)));
    let sizes = restored["compared"].as_array().unwrap().iter().map(|held| held.get("size"));
    assert_eq!(sizes.collect::<Vec<_>>(), [None, Some(&2.into())], "{restored}");
    assert_eq!(restored["root"], taken["root"]);
    ledger.run(&["check", "first"]);

    // Something is published after the backup, and each of the two tells.
    for name in ["agreement.signed.json", "agreement.key"] {
        fs::remove_file(ledger.path().join(name)).unwrap();
    }
    ledger.run(&["sign", "agreement", "agreement.toml", "--to", ledger.url()]);
    ledger.run(&["publish", "agreement.signed.json", "--to", ledger.url()]);
    let checkpoint = String::from_utf8(ledger.bytes("checkpoint")).unwrap();
    witness.cosigns(&checkpoint);
    for options in [by_witness, by_mirror] {
        let message = ledger.run_failing(&restore("second", &options), 1);
        assert!(message.contains("holds a checkpoint of size 3"), "{message}");
        assert!(message.contains("Nothing was restored."), "{message}");
        assert!(!ledger.path().join("second").exists());
    }
    let newer = ledger.run(&BACKUP);
    assert!(newer.contains("3 entries"), "{newer}");
    let said = ledger.run(&restore("second", &both[..4]));
    assert!(said.contains("knows 3 entries of it, and no others"), "{said}");

    // Who does not answer may know of more.
    assert_eq!(ledger.signal("-TERM"), 0);
    drop(witness);
    for options in [by_witness, by_mirror] {
        let message = ledger.run_failing(&restore("third", &options), 1);
        assert!(message.contains("cannot be asked"), "{message}");
    }
    let message = ledger.run_failing(&restore("third", &[]), 1);
    assert!(message.contains("Say --unwitnessed only if you know"), "{message}");
    assert!(!ledger.path().join("third").exists());
    let said = ledger.run(&restore("third", &["--unwitnessed"]));
    assert!(said.contains("nobody was asked whether there is more"), "{said}");
}

#[test]
fn a_backup_without_keys_needs_them_before_it_is_started() {
    let mut ledger = Running::start(&[]);
    ledger.publish_example();
    let said = ledger.run(&[&BACKUP[..], &["--without-keys"]].concat());
    assert!(said.contains("keep a copy of `keys` elsewhere"), "{said}");
    assert_eq!(ledger.signal("-TERM"), 0);
    let said = ledger.run(&restore("again", &["--unwitnessed"]));
    assert!(said.contains("put them into `keys`"), "{said}");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "again"];
    let message = ledger.run_failing(&serve, 1);
    assert!(message.contains("log.pem is missing"), "{message}");
    fs::remove_dir_all(ledger.path().join("again/keys")).unwrap();
    fs::rename(ledger.path().join("data/keys"), ledger.path().join("again/keys")).unwrap();
    ledger.run(&["check", "again"]);
}

#[test]
fn a_backup_is_no_ledger_and_a_ledger_no_backup() {
    let mut ledger = Running::start(&[]);
    ledger.run(&BACKUP);
    let serve = ["serve", "--listen", "127.0.0.1:0", "--data", "copy"];
    for (arguments, said) in [
        (&serve[..], "make a ledger's folder of it with `onrecord restore`"),
        (&["backup", "--data", "data", "data"], "Name a new or empty folder"),
        (&["backup", "--data", "copy", "other"], "copy holds no ledger"),
        (&["restore", "data", "--unwitnessed"], "data holds no backup"),
        (&restore("data", &["--unwitnessed"]), "data holds something"),
        (&restore("data", &["--unwitnessed", "--mirror", ledger.url()]), "cannot be used with"),
    ] {
        let code = if said.starts_with("cannot") { 2 } else { 1 };
        let message = ledger.run_failing(arguments, code);
        assert!(message.contains(said), "{message}");
    }
    fs::write(ledger.path().join("copy/objects/tmp/x"), "left behind").unwrap();
    ledger.run(&BACKUP);
    assert_eq!(ledger.signal("-TERM"), 0);
    ledger.run(&["check", "data"]);
}
