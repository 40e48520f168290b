//! Fences: some crates and some powers belong to one place. The engine of the index never leaves `store/`, the
//! web framework never leaves `http/`, and only the command line ends the process.

use super::paths::named_in;
use super::source::{SourceFile, files_below};

/// A path, and the places it may be named in.
const FENCES: [(&str, &[&str]); 8] = [
    ("sled", &["src/store/"]),
    ("axum", &["src/http/"]),
    ("oxc_parser", &["src/http/modules/"]),
    ("oxc_minifier", &["src/http/modules/"]),
    ("clap", &["src/cli/", "src/config", "src/main.rs"]),
    ("std::process::exit", &["src/cli/mod.rs", "src/main.rs"]),
    ("std::process::ExitCode", &["src/cli/mod.rs", "src/main.rs"]),
    ("std::process::abort", &[]),
];

/// What is named outside its fence, one line a finding.
fn findings(files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    for file in files {
        for named in named_in(file).iter().filter(|named| !named.for_tests) {
            for (fenced, places) in FENCES {
                let path: Vec<&str> = fenced.split("::").collect();
                let is_inside = places.iter().any(|place| file.path.starts_with(place));
                if !is_inside && starts_with(&named.path, &path) {
                    findings.push(format!("{}:{}: {fenced}", file.path, named.line));
                }
            }
        }
    }
    findings
}

fn starts_with(path: &[String], fenced: &[&str]) -> bool {
    path.len() >= fenced.len() && path.iter().zip(fenced).all(|(part, other)| part == other)
}

#[test]
fn what_belongs_to_one_place_is_named_only_there() {
    let found = findings(&files_below(&["src"]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_name_outside_its_fence_is_found() {
    for (path, text) in [
        ("src/service/recover.rs", "use sled::Db;"),
        ("src/cli/serve.rs", "fn f() { axum::serve(a, b); }"),
        ("src/cli/verify.rs", "use std::process::ExitCode;"),
        ("src/store/local/journal.rs", "fn f() { std::process::abort() }"),
    ] {
        assert_eq!(findings(&[SourceFile::parse(path, text)]).len(), 1, "{path}");
    }
    let inside = SourceFile::parse("src/store/sled.rs", "use sled::Db;");
    assert_eq!(findings(&[inside]), Vec::<String>::new());
}
