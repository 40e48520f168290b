//! The purity line: floors 1–9 know no file, no network, no clock, no environment and no runtime. Tests inside
//! them may read files.

use std::fs;

use super::floors::{Floors, floors_of_the_project};
use super::paths::{Named, named_in};
use super::source::{SourceFile, files_below, package_folder, test_only_modules};

/// The highest floor below the line.
const HIGHEST_PURE_FLOOR: u32 = 9;

/// Every other crate of `[dependencies]` is taken for impure, so that a new one has to be weighed.
const PURE_CRATES: [&str; 21] = [
    "base64",
    "bs58",
    "bytes",
    "crc32fast",
    "ed25519_dalek",
    "hmac",
    "html5gum",
    "idna",
    "jiff",
    "percent_encoding",
    "pkcs8",
    "psl",
    "ryu_js",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "unicode_normalization",
    "url",
    "utoipa",
    "zeroize",
];

const IMPURE_STD: [&str; 13] = [
    "std::env",
    "std::fs",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net",
    "std::os",
    "std::process",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::UNIX_EPOCH",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
];

/// The crates of `[dependencies]` that no pure floor may name.
fn impure_crates(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    let dependencies = manifest["dependencies"].as_table().unwrap();
    let names = dependencies.keys().map(|name| name.replace('-', "_"));
    names.filter(|name| !PURE_CRATES.contains(&name.as_str())).collect()
}

/// What stands below the line and should not, one line a finding.
fn findings(floors: &Floors, impure: &[String], files: &[SourceFile]) -> Vec<String> {
    let test_only = test_only_modules(files);
    let mut findings = Vec::new();
    for file in files {
        let module = file.module();
        let floor = module.first().and_then(|top| floors.get(top));
        let is_for_tests = test_only.iter().any(|prefix| module.starts_with(prefix));
        if is_for_tests || floor.is_none_or(|floor| *floor > HIGHEST_PURE_FLOOR) {
            continue;
        }
        for named in named_in(file).iter().filter(|named| !named.for_tests) {
            if is_impure(named, impure) {
                findings.push(format!("{}:{}: {}", file.path, named.line, named.path.join("::")));
            }
        }
    }
    findings
}

fn is_impure(named: &Named, impure: &[String]) -> bool {
    let path: Vec<&str> = named.path.iter().map(String::as_str).collect();
    let reaches = |forbidden: &str| {
        let forbidden: Vec<&str> = forbidden.split("::").collect();
        path.starts_with(&forbidden) || (named.imported && opens(&path, &forbidden))
    };
    impure.iter().any(|name| path[0] == name.as_str()) || IMPURE_STD.into_iter().any(reaches)
}

/// Whether this import gives what is forbidden a shorter name: `use std::time` does, and so does
/// `use std::*`. `use std::io` alone is needed for its traits.
fn opens(path: &[&str], forbidden: &[&str]) -> bool {
    let prefix = path.strip_suffix(&["*"]).unwrap_or(path);
    forbidden.starts_with(prefix) && path != ["std", "io"] && path[0] == "std"
}

#[test]
fn nothing_below_the_line_touches_the_world() {
    let manifest = fs::read_to_string(package_folder().join("Cargo.toml")).unwrap();
    let impure = impure_crates(&manifest);
    let found = findings(&floors_of_the_project(), &impure, &files_below(&["src"]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

mod planted {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        let floors = Floors::from([("tlog".to_owned(), 3), ("store".to_owned(), 10)]);
        let impure = impure_crates("[dependencies]\nserde = '1'\ntokio = '1'\ntower-http = '1'");
        findings(&floors, &impure, &[SourceFile::parse(path, text)])
    }

    #[test]
    fn each_way_to_touch_the_world_is_found() {
        for text in [
            "use std::fs;",
            "use std::{io::Write, net::TcpStream};",
            "use std::time;",
            "use std::time::*;",
            "use std as s;",
            "use std::io::*;",
            "fn f() { std::env::var(\"HOME\"); }",
            "fn f() { let t = std::time::Instant::now(); }",
            "fn f() { assert!(std::fs::exists(\"x\")); }",
            "fn f(x: tokio::sync::Mutex<u8>) {}",
            "use tower_http::cors::Any;",
            "extern crate tokio;",
        ] {
            assert_eq!(found("src/tlog/tile.rs", text).len(), 1, "{text}");
        }
    }

    #[test]
    fn what_is_pure_passes() {
        let text = "use std::io::Write; use std::io; use std::time::Duration; use serde::Serialize;
            #[cfg(test)] mod tests { use std::fs; }";
        assert_eq!(found("src/tlog/tile.rs", text), Vec::<String>::new());
    }

    #[test]
    fn above_the_line_everything_may_be_named() {
        assert_eq!(found("src/store/local.rs", "use std::fs;"), Vec::<String>::new());
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_may_read_files() {
        let floors = Floors::from([("tlog".to_owned(), 3)]);
        let parent = SourceFile::parse("src/tlog/mod.rs", "#[cfg(test)] mod vectors;");
        let child = SourceFile::parse("src/tlog/vectors.rs", "use std::fs;");
        assert_eq!(findings(&floors, &[], &[parent, child]), Vec::<String>::new());
    }
}
