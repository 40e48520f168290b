//! The command line as a person meets it: every case is a file in `cases/` that says what is typed and what
//! appears. `TRYCMD=overwrite cargo test --test cli` writes what appears now.

#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

mod answering;
mod backups;
mod completeness;
mod demo;
mod dumping;
mod ending;
mod hostile;
mod imitated;
mod importing;
mod keys;
mod log_keys;
mod mirrors;
mod moderating;
mod monitoring;
mod org;
mod page;
mod page_counts;
mod policies;
mod running;
mod shapes;
mod signing;
mod stats;
mod verifying;
mod watching;

#[test]
fn every_case_prints_what_it_says() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .case("tests/cli/cases/*.toml")
        .case("tests/cli/cases/*.trycmd");
}

#[test]
fn every_command_has_a_manual_page_and_every_shell_its_completions() {
    let folder = tempfile::tempdir().unwrap();
    keys::stdout(keys::onrecord(folder.path()).args(["man", "--folder", "."]));
    for page in ["onrecord", "onrecord-serve", "onrecord-key-new", "onrecord-import-cfpb"] {
        let text = std::fs::read_to_string(folder.path().join(format!("{page}.1"))).unwrap();
        assert!(text.contains(&format!(".TH {page} 1")), "{page}");
    }
    let page = keys::stdout(keys::onrecord(folder.path()).arg("man"));
    assert!(page.contains("onrecord\\-verify"));
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = keys::stdout(keys::onrecord(folder.path()).args(["completions", shell]));
        assert!(script.contains("publish"), "{shell}");
    }
}
