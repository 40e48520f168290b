//! The bundle: an entry, its proof and its words in one file that verifies without the ledger
//! (protocol §8).

use crate::crypto::Hash;
use crate::encoding::base64;
use crate::encoding::json::{self, Json, write_text};
use crate::tlog::leaf_hash;

/// The bytes are not a bundle in its one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotABundle {
    /// Not canonical JSON.
    #[error("{0}")]
    Json(#[from] json::JsonError),
    /// Not the members that a bundle has.
    #[error("not a bundle: {0}")]
    Shape(&'static str),
}

/// A bundle. Nothing in it has been verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The words that are public, encoded.
    pub disclosures: Vec<String>,
    /// The entry's leaf.
    pub leaf: Vec<u8>,
    /// The text of a C2SP tlog-proof.
    pub proof: String,
    /// The words that only the person's own copy has, encoded.
    pub sealed: Vec<String>,
}

impl Bundle {
    /// Reads a bundle. One line feed at the end is allowed, as editors leave it.
    ///
    /// # Errors
    /// [`NotABundle`] for any other spelling than [`Bundle::to_json`]'s.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotABundle> {
        let json = json::parse(bytes.strip_suffix(b"\n").unwrap_or(bytes))?;
        let Json::Map(members) = &json else { return Err(NotABundle::Shape("not an object")) };
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        let sealed = match keys[..] {
            ["disclosures", "entry", "proof"] => Vec::new(),
            ["disclosures", "entry", "proof", "sealed"] => {
                texts(&members[3].1).filter(|sealed| !sealed.is_empty()).ok_or(SEALED)?
            }
            _ => return Err(NotABundle::Shape("its keys")),
        };
        let leaf = members[1].1.as_text().and_then(|text| base64::decode(text).ok());
        Ok(Self {
            disclosures: texts(&members[0].1).ok_or(NotABundle::Shape("its disclosures"))?,
            leaf: leaf.ok_or(NotABundle::Shape("its entry"))?,
            proof: members[2].1.as_text().ok_or(NotABundle::Shape("its proof"))?.to_owned(),
            sealed,
        })
    }

    /// The bundle in canonical JSON.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(2 * self.leaf.len() + self.proof.len() + 4096);
        out.push_str(r#"{"disclosures":"#);
        write_texts(&self.disclosures, &mut out);
        out.push_str(r#","entry":""#);
        out.push_str(&base64::encode(&self.leaf));
        out.push_str(r#"","proof":"#);
        write_text(&self.proof, &mut out);
        if !self.sealed.is_empty() {
            out.push_str(r#","sealed":"#);
            write_texts(&self.sealed, &mut out);
        }
        out.push('}');
        out
    }

    /// The leaf hash of its entry.
    pub fn leaf_hash(&self) -> Hash {
        leaf_hash(&self.leaf)
    }
}

const SEALED: NotABundle = NotABundle::Shape("its sealed words");

fn texts(json: &Json<'_>) -> Option<Vec<String>> {
    json.as_list()?.iter().map(|text| text.as_text().map(str::to_owned)).collect()
}

fn write_texts(texts: &[String], out: &mut String) {
    out.push('[');
    for (position, text) in texts.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        write_text(text, out);
    }
    out.push(']');
}

/// The file a bundle is kept in: `<origin>-<index>.onrecord.json`, with `-` for what a file name may not
/// hold everywhere.
pub fn file_name(origin: &str, index: u64) -> String {
    let safe = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-');
    let origin: String =
        origin.bytes().map(|byte| if safe(byte) { char::from(byte) } else { '-' }).collect();
    format!("{origin}-{index}.onrecord.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_has_one_spelling() {
        let bundle = Bundle {
            disclosures: vec!["a".into(), "b".into()],
            leaf: vec![1, 2],
            proof: "x\ny\n".into(),
            sealed: Vec::new(),
        };
        let text = bundle.to_json();
        assert_eq!(text, r#"{"disclosures":["a","b"],"entry":"AQI=","proof":"x\ny\n"}"#);
        assert_eq!(Bundle::parse(text.as_bytes()).unwrap(), bundle);
        let own = Bundle { sealed: vec!["s".into()], ..bundle };
        assert_eq!(Bundle::parse(own.to_json().as_bytes()).unwrap(), own);
        for bad in [
            r#"{"disclosures":[],"entry":"AQI","proof":""}"#,
            r#"{"disclosures":[],"entry":"AQI=","proof":"","sealed":[]}"#,
            r#"{"disclosures":[1],"entry":"AQI=","proof":""}"#,
            r#"{"disclosures":[],"entry":"AQI=","note":"","proof":""}"#,
            r#"{"entry":"AQI=","proof":""}"#,
        ] {
            assert!(Bundle::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_file_name_holds_nothing_that_a_folder_would_not() {
        assert_eq!(file_name("localhost:8080/ab", 7), "localhost-8080-ab-7.onrecord.json");
    }
}
