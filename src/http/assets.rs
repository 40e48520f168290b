//! Files that pages need, each under an address that changes with the set, so that browsers keep
//! them for good.

use crate::crypto::sha256;

/// One file of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name, as in its address.
    pub name: &'static str,
    /// Its type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: &'static [u8],
}

const SET: [Asset; 1] = [Asset {
    name: "style.css",
    content_type: "text/css; charset=utf-8",
    bytes: include_bytes!("style.css"),
}];

/// The set, with the first 16 hexadecimal digits of its hash.
#[derive(Clone, Debug)]
pub struct Assets {
    hash: String,
}

impl Default for Assets {
    fn default() -> Self {
        Self::new()
    }
}

impl Assets {
    /// The set this binary was built with.
    pub fn new() -> Self {
        let mut hash = sha256(&SET.map(|asset| asset.bytes).concat()).to_hex();
        hash.truncate(16);
        Self { hash }
    }

    /// The path of one of its files.
    pub fn path(&self, name: &str) -> String {
        format!("/assets/{}/{name}", self.hash)
    }

    /// The file at `<hash>/<name>`, if that is its address today.
    pub fn find(&self, address: &str) -> Option<Asset> {
        let name = address.strip_prefix(&self.hash)?.strip_prefix('/')?;
        SET.into_iter().find(|asset| asset.name == name)
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
        assert_eq!(assets.find(address).unwrap().name, "style.css");
        assert_eq!(assets.find("0123456789abcdef/style.css"), None);
        assert_eq!(assets.find(&address.replace("style", "other")), None);
    }
}
