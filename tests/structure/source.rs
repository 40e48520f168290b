//! Reads the project's Rust files and says where each stands in the module tree.

use std::fs;
use std::path::{Path, PathBuf};

use syn::Item;

/// One Rust file of the project.
pub struct SourceFile {
    /// Relative to the package's folder, with `/`.
    pub path: String,
    pub text: String,
    pub syntax: syn::File,
}

impl SourceFile {
    /// Parses text as if it stood at this path.
    pub fn parse(path: &str, text: &str) -> Self {
        let syntax = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        Self { path: path.to_owned(), text: text.to_owned(), syntax }
    }

    /// The module the file is, from the crate's root: `src/tlog/tile.rs` is `[tlog, tile]`. The roots
    /// `src/lib.rs` and `src/main.rs` are `[]` and `[main]`.
    pub fn module(&self) -> Vec<String> {
        let inner = self.path.strip_prefix("src/").unwrap_or(&self.path);
        let mut parts: Vec<String> =
            inner.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if parts.last().is_some_and(|last| last == "mod" || last == "lib") {
            parts.pop();
        }
        parts
    }
}

/// The folder of the package.
pub fn package_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below the folders, in the order of their paths.
pub fn files_below(folders: &[&str]) -> Vec<SourceFile> {
    let package = package_folder();
    let mut paths = Vec::new();
    for folder in folders {
        collect_rust_files(&package.join(folder), &mut paths);
    }
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let relative = path.strip_prefix(&package).unwrap().to_str().unwrap();
            SourceFile::parse(relative, &text)
        })
        .collect()
}

fn collect_rust_files(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_rust_files(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The modules that stand in files of their own and are declared under `#[cfg(test)]`.
pub fn test_only_modules(files: &[SourceFile]) -> Vec<Vec<String>> {
    let mut modules = Vec::new();
    for file in files {
        for item in &file.syntax.items {
            if let Item::Mod(module) = item
                && module.content.is_none()
                && is_for_tests(&module.attrs)
            {
                let mut path = file.module();
                path.push(module.ident.to_string());
                modules.push(path);
            }
        }
    }
    modules
}

/// Whether the attributes leave the item out of every build but the tests'.
pub fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return false };
        let condition = list.tokens.to_string().replace(' ', "");
        list.path.is_ident("cfg") && (condition == "test" || condition.starts_with("all(test,"))
    })
}
