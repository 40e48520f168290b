//! Files that pages need, each under an address that changes with the set, so that browsers keep
//! them for good. The set is what browsers understand of the folder `assets/`; a debug build reads
//! it from there when it starts. A module that a page runs is served with what it uses of others, as one script,
//! and so is one that it loads later.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::LazyLock;
use std::thread;

use bytes::Bytes;
use rust_embed::Embed;

use super::modules::{NotJoined, join_all, minify};
use crate::crypto::sha256;

/// The folder whole. What is in it for people or for npm alone has no type here and is not served.
#[derive(Embed)]
#[folder = "src/http/assets"]
struct Folder;

const HASH_DIGITS: usize = 16;
const SCRIPT: &str = "text/javascript; charset=utf-8";
/// The folders of the modules that pages run, and of others that these alone import.
const PAGES: [&str; 2] = ["pages/", "embed/"];
/// What other sites run. It has words in it and an address of its own, and is not served as it is here.
pub const ELEMENT: &str = "embed/element.js";

/// One file of the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The set, with the first digits of its hash.
#[derive(Debug)]
pub struct Assets {
    hash: String,
    files: BTreeMap<String, Asset>,
}

impl Assets {
    /// The set this binary was built with; that of the folder as it was when it was first asked for, in a debug
    /// build. Made once, since to join and minify the scripts of pages takes a while.
    pub fn of_process() -> &'static Self {
        static MADE: LazyLock<Assets> = LazyLock::new(Assets::new);
        &MADE
    }

    fn new() -> Self {
        let served = names().filter_map(|name| Some((name.to_string(), read(&name)?)));
        let mut files: BTreeMap<String, Asset> = served.collect();
        files.extend(scripts());
        let mut all = Vec::new();
        for (name, asset) in &files {
            all.extend_from_slice(name.as_bytes());
            all.push(0);
            all.extend_from_slice(sha256(&asset.bytes).as_bytes());
        }
        let mut hash = sha256(&all).to_hex();
        hash.truncate(HASH_DIGITS);
        Self { hash, files }
    }

    /// The path of one of its files.
    pub fn path(&self, name: &str) -> String {
        format!("/assets/{}/{name}", self.hash)
    }

    /// The file at `<hash>/<name>`, if that is its address today.
    pub fn find(&self, address: &str) -> Option<Asset> {
        let name = address.strip_prefix(&self.hash)?.strip_prefix('/')?;
        self.files.get(name).cloned()
    }

    /// The text of one of the folder's files, for a page that holds it.
    pub fn text(&self, name: &str) -> Option<String> {
        text(name)
    }
}

/// The names of what is served under the hash of the set.
fn names() -> impl Iterator<Item = Cow<'static, str>> {
    Folder::iter().filter(|name| name != ELEMENT)
}

fn text(name: &str) -> Option<String> {
    String::from_utf8(read(name)?.bytes.into()).ok()
}

/// The scripts that pages run, and those they load later: each joined of the modules it needs, and minified.
fn scripts() -> BTreeMap<String, Asset> {
    let run: Vec<_> = names().filter(|name| is_run(name)).collect();
    let made = thread::scope(|scope| {
        let made: Vec<_> = run.iter().map(|name| scope.spawn(|| scripts_of(name))).collect();
        let made =
            made.into_iter().map(|made| made.join().unwrap_or_else(|panic| resume_unwind(panic)));
        made.collect::<Vec<_>>()
    });
    let mut scripts = BTreeMap::new();
    for (name, made) in run.iter().zip(made) {
        match made {
            Ok(made) => scripts.extend(made),
            Err(error) => tracing::error!(%error, %name, "a page's modules cannot be joined"),
        }
    }
    scripts
}

fn scripts_of(name: &str) -> Result<Vec<(String, Asset)>, NotJoined> {
    let minified = join_all(name, &text)?.into_iter().map(|(name, script)| {
        let bytes = minify(&name, &script)?.into();
        Ok((name, Asset { bytes, content_type: SCRIPT }))
    });
    minified.collect()
}

/// Whether a page runs it: such a module gives out nothing.
fn is_run(name: &str) -> bool {
    is_of_pages(name)
        && read(name).is_some_and(|asset| asset.content_type == SCRIPT && !gives_out(&asset))
}

fn is_of_pages(name: &str) -> bool {
    PAGES.iter().any(|folder| name.starts_with(folder))
}

/// Whether it is a module for others.
fn gives_out(asset: &Asset) -> bool {
    asset.bytes.starts_with(b"export ") || asset.bytes.windows(8).any(|part| part == b"\nexport ")
}

fn read(name: &str) -> Option<Asset> {
    let content_type = content_type(name)?;
    let bytes = match Folder::get(name)?.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    Some(Asset { content_type, bytes })
}

/// What a browser is told a file is, by the end of its name; nothing where it has no use for it.
fn content_type(name: &str) -> Option<&'static str> {
    match name.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some(SCRIPT),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_under_the_hash_of_the_set_alone() {
        let assets = Assets::new();
        let path = assets.path("style.css");
        let address = path.strip_prefix("/assets/").unwrap();
        assert_eq!(assets.find(address).unwrap().content_type, "text/css; charset=utf-8");
        assert_eq!(assets.find("0123456789abcdef/style.css"), None);
        assert_eq!(assets.find(&address.replace("style", "other")), None);
    }

    #[test]
    fn a_module_that_a_page_runs_is_one_script_and_one_for_others_is_as_it_is() {
        let scripts = scripts();
        let run = String::from_utf8(scripts["pages/entry.js"].bytes.to_vec()).unwrap();
        assert!(run.contains("crypto.subtle.verify") && !run.contains("import {"), "{run}");
        assert!(!scripts.contains_key("pages/trust.js"));
    }

    #[test]
    fn every_script_that_a_page_runs_can_be_joined() {
        let scripts = scripts();
        for name in names().filter(|name| is_of_pages(name)) {
            if !gives_out(&read(&name).unwrap()) {
                assert!(scripts.contains_key(&*name), "{name}");
            }
        }
        assert!(scripts.contains_key("pages/publish/signing.js"));
    }

    #[test]
    fn what_browsers_have_no_use_for_and_what_is_elsewhere_is_not_served() {
        let assets = Assets::new();
        for name in
            ["onrecord/README.md", "onrecord/package.json", ELEMENT, "../assets.rs", "../../lib.rs"]
        {
            let path = assets.path(name);
            assert_eq!(assets.find(path.strip_prefix("/assets/").unwrap()), None, "{name}");
        }
    }
}
