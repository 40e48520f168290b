//! Finds every path a file names: in `use`, in types and expressions, in the tokens of macros and in the
//! strings of attributes. Paths are made absolute where they start at `crate`, `self`, `super` or the crate's
//! own name. Names that a macro of another crate makes up are out of its reach.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, UseTree};

use super::source::{SourceFile, is_for_tests};

/// A path that a file names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// `["crate", "tlog", "Tile"]` or, of another crate, `["std", "fs", "read"]`.
    pub path: Vec<String>,
    /// 1 for the first line.
    pub line: usize,
    /// Named by `use`, so that what lies below it can be reached by a shorter name.
    pub imported: bool,
    /// Named only in code that no build but the tests' contains.
    pub for_tests: bool,
}

/// Every path of two or more parts the file names, and every import.
pub fn named_in(file: &SourceFile) -> Vec<Named> {
    let mut finder = Finder { module: file.module(), for_tests: 0, found: Vec::new() };
    finder.visit_file(&file.syntax);
    finder.found
}

struct Finder {
    module: Vec<String>,
    for_tests: usize,
    found: Vec<Named>,
}

impl Finder {
    fn name(&mut self, written: Vec<String>, span: Span, imported: bool) {
        let path = absolute(&self.module, written);
        let line = span.start().line;
        self.found.push(Named { path, line, imported, for_tests: self.for_tests > 0 });
    }

    fn walk_use(&mut self, prefix: &[String], tree: &UseTree) {
        let mut path = prefix.to_vec();
        match tree {
            UseTree::Path(part) => {
                path.push(part.ident.to_string());
                self.walk_use(&path, &part.tree);
            }
            UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.walk_use(&path, item));
            }
            UseTree::Name(leaf) => self.name_leaf(path, &leaf.ident),
            UseTree::Rename(leaf) => self.name_leaf(path, &leaf.ident),
            UseTree::Glob(glob) => {
                path.push("*".to_owned());
                self.name(path, glob.star_token.spans[0], true);
            }
        }
    }

    fn name_leaf(&mut self, mut path: Vec<String>, ident: &syn::Ident) {
        if ident != "self" || path.is_empty() {
            path.push(ident.to_string());
        }
        self.name(path, ident.span(), true);
    }

    /// Chains of `a::b::c` in tokens. `$crate` reads as `crate`.
    fn walk_tokens(&mut self, tokens: TokenStream, strings_are_paths: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Group(group) => self.walk_tokens(group.stream(), strings_are_paths),
                TokenTree::Literal(literal) if strings_are_paths => self.walk_literal(literal),
                TokenTree::Ident(first) => {
                    let mut path = vec![first.to_string()];
                    while let Some(TokenTree::Ident(next)) = tokens.get(at + 3)
                        && is_colon(&tokens[at + 1])
                        && is_colon(&tokens[at + 2])
                    {
                        path.push(next.to_string());
                        at += 3;
                    }
                    if path.len() > 1 {
                        self.name(path, first.span(), false);
                    }
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// `#[serde(with = "crate::encoding::base64")]` imports as much as `use` does.
    fn walk_literal(&mut self, literal: &proc_macro2::Literal) {
        let written = literal.to_string();
        let text = written.trim_matches('"');
        if let Ok(path) = syn::parse_str::<syn::Path>(text)
            && path.segments.len() > 1
        {
            let parts = path.segments.iter().map(|part| part.ident.to_string()).collect();
            self.name(parts, literal.span(), false);
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast Item) {
        let for_tests = usize::from(is_for_tests(attributes_of(item)));
        self.for_tests += for_tests;
        visit::visit_item(self, item);
        self.for_tests -= for_tests;
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.module.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.walk_use(&[], &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = if item.ident == "self" { "crate".to_owned() } else { item.ident.to_string() };
        self.name(vec![name], item.ident.span(), true);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            let parts = path.segments.iter().map(|part| part.ident.to_string()).collect();
            self.name(parts, path.segments[0].ident.span(), false);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, invocation: &'ast syn::Macro) {
        self.visit_path(&invocation.path);
        self.walk_tokens(invocation.tokens.clone(), false);
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::List(list) = &attribute.meta {
            self.walk_tokens(list.tokens.clone(), true);
        }
    }

    // `pub(in crate::tlog)` names a module and imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}

fn attributes_of(item: &Item) -> &[syn::Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// `super::x` in module `[tlog, tile]` is `crate::tlog::x`; paths of other crates stay as they are.
fn absolute(module: &[String], written: Vec<String>) -> Vec<String> {
    let supers = written.iter().take_while(|part| *part == "super").count();
    let starts_here = written[0] == "self" || supers > 0;
    let rest = match written[0].as_str() {
        "self" => {
            let supers = written[1..].iter().take_while(|part| *part == "super").count();
            return beside(module, supers, &written[1 + supers..]);
        }
        "crate" | "onrecord" => &written[1..],
        _ => &written[supers..],
    };
    if starts_here {
        return beside(module, supers, rest);
    }
    if rest.len() < written.len() { beside(&[], 0, rest) } else { written }
}

fn beside(module: &[String], up: usize, rest: &[String]) -> Vec<String> {
    let kept = &module[..module.len().saturating_sub(up)];
    let mut path = vec!["crate".to_owned()];
    path.extend(kept.iter().chain(rest).cloned());
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let file = SourceFile::parse("src/tlog/tile.rs", text);
        named_in(&file).iter().map(|named| named.path.join("::")).collect()
    }

    #[test]
    fn imports_are_found_in_groups_renames_and_globs() {
        let text = "use crate::{entry::Leaf as L, wire::{self, Meta}, http::*}; use super::note;";
        let expected = [
            "crate::entry::Leaf",
            "crate::wire",
            "crate::wire::Meta",
            "crate::http::*",
            "crate::tlog::note",
        ];
        assert_eq!(paths(text), expected);
    }

    #[test]
    fn paths_are_found_in_types_expressions_macros_and_attributes() {
        let text = r#"
            struct A { #[serde(with = "crate::b::c")] x: Vec<crate::d::E> }
            fn f() { crate::g::h(); assert_eq!(crate::i::J, [super::super::k::l()]); }
            macro_rules! m { () => { $crate::n::o() } }
        "#;
        let expected = [
            "crate::b::c",
            "crate::d::E",
            "crate::g::h",
            "crate::i::J",
            "crate::k::l",
            "crate::n::o",
        ];
        assert_eq!(paths(text), expected);
    }

    #[test]
    fn super_counts_from_the_inline_module_it_stands_in() {
        assert_eq!(paths("mod tests { use super::super::super::wire; }"), ["crate::wire"]);
    }

    #[test]
    fn code_for_tests_is_told_apart() {
        let file = SourceFile::parse(
            "src/tlog/tile.rs",
            "use std::fs; #[cfg(test)] mod tests { use std::net; }",
        );
        let marks: Vec<bool> = named_in(&file).iter().map(|named| named.for_tests).collect();
        assert_eq!(marks, [false, true]);
    }
}
