//! Sizes and names: no file over 400 lines, no function over 70, no module whose name says nothing, a `//!`
//! at the head of every file, nothing left half done.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

use super::source::{SourceFile, files_below};

/// With the file's unit tests.
const FILE_LINES_MAX: usize = 400;
/// From the `fn` to the closing brace.
const FUNCTION_LINES_MAX: usize = 70;
const NAMES_THAT_SAY_NOTHING: [&str; 10] =
    ["common", "helper", "helpers", "misc", "prelude", "shared", "stuff", "types", "util", "utils"];
const LEFT_HALF_DONE: [&str; 3] = ["dbg", "todo", "unimplemented"];

/// What is too large, badly named or left half done, one line a finding.
fn findings(file: &SourceFile) -> Vec<String> {
    let mut look = Look { path: &file.path, findings: Vec::new() };
    look.at_the_file(file);
    look.visit_file(&file.syntax);
    look.findings
}

struct Look<'path> {
    path: &'path str,
    findings: Vec<String>,
}

impl Look<'_> {
    fn at_the_file(&mut self, file: &SourceFile) {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            self.findings.push(format!("{}: {lines} lines", self.path));
        }
        if !file.text.starts_with("//!") {
            self.findings.push(format!("{}: does not open with //!", self.path));
        }
        for part in self.path.split('/') {
            self.at_a_name(part.trim_end_matches(".rs"));
        }
    }

    fn at_a_name(&mut self, name: &str) {
        if NAMES_THAT_SAY_NOTHING.contains(&name) {
            self.findings.push(format!("{}: a module named {name}", self.path));
        }
    }

    fn at_a_function(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let first = signature.span().start().line;
        let lines = block.span().end().line + 1 - first;
        if lines > FUNCTION_LINES_MAX {
            let name = &signature.ident;
            self.findings.push(format!("{}:{first}: {name} has {lines} lines", self.path));
        }
    }
}

impl<'ast> Visit<'ast> for Look<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.at_a_function(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.at_a_function(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.at_a_function(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.at_a_name(&module.ident.to_string());
        visit::visit_item_mod(self, module);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if attribute.path().is_ident("ignore") || attribute.path().is_ident("allow") {
            let line = attribute.span().start().line;
            self.findings.push(format!("{}:{line}: #[allow] or #[ignore]", self.path));
        }
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        let name = invocation.path.segments.last().map(|part| part.ident.to_string());
        if let Some(name) = name.filter(|name| LEFT_HALF_DONE.contains(&name.as_str())) {
            let line = invocation.span().start().line;
            self.findings.push(format!("{}:{line}: {name}!", self.path));
        }
    }
}

#[test]
fn files_and_functions_are_small_and_well_named() {
    let found: Vec<String> =
        files_below(&["src", "tests", "benches"]).iter().flat_map(findings).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

mod planted {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        findings(&SourceFile::parse(path, text)).len()
    }

    #[test]
    fn a_file_of_401_lines_is_found() {
        let head = "//! A file.\n";
        assert_eq!(found("src/tlog/tile.rs", &(head.to_owned() + &"\n".repeat(399))), 0);
        assert_eq!(found("src/tlog/tile.rs", &(head.to_owned() + &"\n".repeat(400))), 1);
    }

    #[test]
    fn a_function_of_71_lines_is_found() {
        let function = |lines: usize| format!("fn f() {{{}}}", "\n".repeat(lines - 1));
        let text = |lines| {
            let f = function(lines);
            format!("//! A file.\n{f}\nimpl A {{ {f} }}\ntrait B {{ {f} }}\nmod c {{ {f} }}")
        };
        assert_eq!(found("src/tlog/tile.rs", &text(70)), 0);
        assert_eq!(found("src/tlog/tile.rs", &text(71)), 4);
    }

    #[test]
    fn names_that_say_nothing_are_found() {
        assert_eq!(found("src/tlog/util.rs", "//! A file."), 1);
        assert_eq!(found("src/helpers/mod.rs", "//! A file."), 1);
        assert_eq!(found("src/tlog/tile.rs", "//! A file.\nmod types {}"), 1);
    }

    #[test]
    fn a_file_without_a_head_is_found() {
        assert_eq!(found("src/tlog/tile.rs", "// A file."), 1);
    }

    #[test]
    fn what_is_left_half_done_is_found() {
        let text = "//! A file.\nfn f() { todo!() }\n#[allow(dead_code)]\nfn g() {}\n#[test]\n#[ignore]\nfn h() {}";
        assert_eq!(found("src/tlog/tile.rs", text), 3);
    }
}
