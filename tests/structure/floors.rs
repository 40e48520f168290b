//! No module imports a floor above its own, and siblings on a floor form no cycle. The floors are read from
//! the table in `docs/architecture.md`, so the picture is the law.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::paths::named_in;
use super::source::{SourceFile, files_below, package_folder};

/// The floor of each top-level module.
pub type Floors = BTreeMap<String, u32>;

/// The table of `docs/architecture.md`.
pub fn floors_of_the_project() -> Floors {
    let page = package_folder().join("docs/architecture.md");
    floors_in(&fs::read_to_string(page).unwrap())
}

/// Reads the rows `| 3 | `tlog/`, … | … |`.
fn floors_in(page: &str) -> Floors {
    let mut floors = Floors::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, floor, modules, ..] = cells[..] else { continue };
        let Ok(floor) = floor.parse::<u32>() else { continue };
        for name in modules.split('`').skip(1).step_by(2) {
            let module = name.split('/').next().unwrap_or(name).trim_end_matches(".rs");
            let before = floors.insert(module.to_owned(), floor);
            assert_eq!(before, None, "{module} stands on two floors");
        }
    }
    floors
}

/// What breaks the order, one line a finding.
fn findings(floors: &Floors, files: &[SourceFile]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut siblings: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        let Some(own) = file.module().first().cloned() else { continue };
        let Some(own_floor) = floors.get(&own) else {
            findings.push(format!("{}: {own} stands on no floor", file.path));
            continue;
        };
        for named in named_in(file) {
            if named.path[0] != "crate" {
                continue;
            }
            let target = named.path.get(1).cloned().unwrap_or_default();
            let place = format!("{}:{}", file.path, named.line);
            match floors.get(&target) {
                None => findings.push(format!("{place}: {:?} is on no floor", named.path)),
                Some(floor) if floor > own_floor => {
                    findings.push(format!("{place}: {own} ({own_floor}) names {target} ({floor})"));
                }
                Some(floor) if floor == own_floor && target != own => {
                    siblings.entry(own.clone()).or_default().insert(target);
                }
                Some(_) => {}
            }
        }
    }
    findings.extend(cycle_in(&siblings));
    findings
}

/// A module from which imports among siblings lead back to itself.
fn cycle_in(siblings: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    for start in siblings.keys() {
        let mut waiting: Vec<&String> = siblings[start].iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(module) = waiting.pop() {
            if module == start {
                return Some(format!("{start} reaches itself through its siblings"));
            }
            if seen.insert(module) {
                waiting.extend(siblings.get(module).into_iter().flatten());
            }
        }
    }
    None
}

#[test]
fn no_module_imports_a_floor_above_its_own() {
    let found = findings(&floors_of_the_project(), &files_below(&["src"]));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_module_of_the_table_exists() {
    let src = package_folder().join("src");
    for module in floors_of_the_project().keys() {
        let exists = src.join(module).is_dir() || src.join(format!("{module}.rs")).is_file();
        assert!(exists, "docs/architecture.md names {module}, which is not in src/");
    }
}

mod planted {
    use super::*;

    const TABLE: &str = "| floor | module |\n|---|---|\n| 1 | `encoding/` |\n| 3 | `tlog/` |\n| 4 | `clock.rs`, `net/`, `store/` |";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> =
            files.iter().map(|(path, text)| SourceFile::parse(path, text)).collect();
        findings(&floors_in(TABLE), &files)
    }

    #[test]
    fn imports_that_go_down_are_fine() {
        let text = "use crate::encoding::hex; use crate::tlog::Tile; use super::Batch;";
        assert_eq!(found(&[("src/store/local/mod.rs", text)]), Vec::<String>::new());
    }

    #[test]
    fn an_upward_import_is_found() {
        for text in [
            "use crate::store::Journal;",
            "use super::super::store::Journal;",
            "use crate::{encoding::hex, store};",
            "fn f() { crate::store::open() }",
            "fn f() { println!(\"{}\", crate::store::open()) }",
            "type T = Vec<crate::store::Journal>;",
            "macro_rules! m { () => { $crate::store::open() } }",
            "#[cfg(test)] mod tests { use crate::store::Journal; }",
        ] {
            assert_eq!(found(&[("src/tlog/tile.rs", text)]).len(), 1, "{text}");
        }
    }

    #[test]
    fn a_module_without_a_floor_is_found() {
        assert_eq!(found(&[("src/extra.rs", "")]).len(), 1);
        assert_eq!(found(&[("src/tlog/tile.rs", "use crate::extra::x;")]).len(), 1);
        assert_eq!(found(&[("src/tlog/tile.rs", "use crate::*;")]).len(), 1);
        assert_eq!(found(&[("src/tlog/tile.rs", "use crate as all;")]).len(), 1);
    }

    #[test]
    fn siblings_may_not_lean_on_each_other() {
        let one_way = [("src/net/mod.rs", "use crate::clock::now;"), ("src/clock.rs", "")];
        assert_eq!(found(&one_way), Vec::<String>::new());
        let around = [
            ("src/net/mod.rs", "use crate::clock::now;"),
            ("src/clock.rs", "use crate::store::Journal;"),
            ("src/store/mod.rs", "use crate::net::Dial;"),
        ];
        assert_eq!(found(&around).len(), 1);
    }

    #[test]
    #[should_panic(expected = "two floors")]
    fn a_module_stands_on_one_floor() {
        floors_in("| 1 | `tlog/` |\n| 2 | `tlog/` |");
    }
}
