//! Files that pages need, each under an address that changes with the set, so that browsers keep
//! them for good. The set is what browsers understand of the folder `assets/`; a debug build reads
//! it from there when it starts. A module that a page runs is served with all that it imports, as one script,
//! unless it loads others later.

use std::borrow::Cow;
use std::collections::BTreeMap;

use bytes::Bytes;
use rust_embed::Embed;

use super::modules::{join, without_comments};
use crate::crypto::sha256;

/// The folder whole. What is in it for people or for npm alone has no type here and is not served.
#[derive(Embed)]
#[folder = "src/http/assets"]
struct Folder;

const HASH_DIGITS: usize = 16;
/// The folder of the modules that pages run, and of others that these alone import.
const PAGES: &str = "pages/";

/// One file of the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

/// The set, with the first digits of its hash. Made once: a page's scripts take some milliseconds to join.
#[derive(Clone, Debug)]
pub struct Assets {
    hash: String,
    files: BTreeMap<String, Asset>,
}

impl Default for Assets {
    fn default() -> Self {
        Self::new()
    }
}

impl Assets {
    /// The set this binary was built with; that of the folder as it is now, in a debug build.
    pub fn new() -> Self {
        let served = Folder::iter().filter_map(|name| Some((name.to_string(), serve(&name)?)));
        let files: BTreeMap<String, Asset> = served.collect();
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

fn text(name: &str) -> Option<String> {
    String::from_utf8(read(name)?.bytes.into()).ok()
}

/// The file as it is served.
fn serve(name: &str) -> Option<Asset> {
    let asset = read(name)?;
    let is_run = name.starts_with(PAGES) && !gives_out(&asset) && !loads_later(&asset);
    let script = is_run.then(|| join(name, &text));
    match script {
        Some(Ok(script)) => Some(Asset { bytes: without_comments(&script).into(), ..asset }),
        Some(Err(error)) => {
            tracing::error!(%error, name, "a page's modules cannot be joined");
            Some(asset)
        }
        None => Some(asset),
    }
}

/// Whether it is a module for others: those that give out nothing are run by pages.
fn gives_out(asset: &Asset) -> bool {
    asset.bytes.starts_with(b"export ") || asset.bytes.windows(8).any(|part| part == b"\nexport ")
}

/// Whether it loads other modules only when they are needed. It shares modules with them, so that all of them stay
/// as they are.
fn loads_later(asset: &Asset) -> bool {
    asset.bytes.windows(8).any(|part| part == b" import(")
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
        "js" => Some("text/javascript; charset=utf-8"),
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
        let run = String::from_utf8(serve("pages/entry.js").unwrap().bytes.into()).unwrap();
        assert!(run.contains("crypto.subtle.verify") && !run.contains("import {"), "{run}");
        let given_out = serve("pages/trust.js").unwrap();
        assert_eq!(text("pages/trust.js").unwrap().as_bytes(), given_out.bytes);
    }

    #[test]
    fn every_script_that_a_page_runs_can_be_joined_or_loads_others_later() {
        for name in Folder::iter().filter(|name| name.starts_with(PAGES)) {
            let asset = read(&name).unwrap();
            if !gives_out(&asset) && !loads_later(&asset) {
                assert!(join(&name, &text).is_ok(), "{name}");
            }
        }
        assert!(loads_later(&read("pages/publish.js").unwrap()));
    }

    #[test]
    fn what_browsers_have_no_use_for_and_what_is_elsewhere_is_not_served() {
        let assets = Assets::new();
        for name in ["onrecord/README.md", "onrecord/package.json", "../assets.rs", "../../lib.rs"]
        {
            let path = assets.path(name);
            assert_eq!(assets.find(path.strip_prefix("/assets/").unwrap()), None, "{name}");
        }
    }
}
