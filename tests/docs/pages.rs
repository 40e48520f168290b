//! Pages that name what the code has: links, refusals, kinds, options.

use std::path::Path;
use std::process::Command;

use onrecord::statement::{Reason, kind};
use onrecord::wire;

const PROTOCOL: &str = include_str!("../../docs/protocol.md");
const OPERATING: &str = include_str!("../../docs/operating.md");

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = vec![package.join("README.md"), package.join("CHANGELOG.md")];
    for entry in package.join("docs").read_dir().unwrap() {
        pages.push(entry.unwrap().path());
    }
    for page in pages.iter().filter(|page| page.extension().is_some_and(|end| end == "md")) {
        let text = std::fs::read_to_string(page).unwrap();
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#']).next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                let place = page.parent().unwrap().join(target);
                assert!(place.exists(), "{} links to {target}", page.display());
            }
        }
    }
}

#[test]
fn the_refusals_of_the_protocol_are_those_of_the_code_in_their_order() {
    let (_, section) = PROTOCOL.split_once("## 12. Refusals").unwrap();
    let listed: Vec<&str> = section
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_digit()))
        .filter_map(|line| line.split('`').nth(1))
        .collect();
    let known: Vec<&str> = Reason::ALL.iter().map(|reason| reason.name()).collect();
    assert_eq!(listed, known);
    let answered = &wire::Reason::ALL[..wire::Reason::REFUSALS];
    let answered: Vec<&str> = answered.iter().map(|reason| reason.token()).collect();
    assert_eq!(listed, answered);
}

#[test]
fn every_kind_stands_in_the_protocol_with_its_fields() {
    for kind in kind::ALL {
        let begin = format!("| `{}` |", kind.name);
        let row = PROTOCOL.lines().find(|line| line.starts_with(&begin)).expect(kind.name);
        for field in kind.fields {
            assert!(row.contains(&format!("`{}`", field.name)), "{}: {}", kind.name, field.name);
        }
    }
}

#[test]
fn every_option_of_serve_is_on_the_operators_page() {
    let run = Command::new(env!("CARGO_BIN_EXE_onrecord")).args(["serve", "--help"]).output();
    let help = String::from_utf8(run.unwrap().stdout).unwrap();
    let options = help.lines().filter_map(|line| {
        let (_, name) = line.split_once("--")?;
        line.trim_start().starts_with('-').then(|| name.split([' ', '[']).next().unwrap())
    });
    let options: Vec<&str> = options.filter(|name| !["help", "version"].contains(name)).collect();
    assert!(options.contains(&"data"), "{help}");
    for name in options {
        assert!(OPERATING.contains(&format!("`--{name}")), "--{name} is not in docs/operating.md");
    }
}
