//! The TOML file that a person writes and `onrecord sign` reads. What each field means is the protocol's
//! (§5); here stands only how a person spells it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::statement::Kind;

/// A statement as a person describes it.
#[derive(Debug)]
pub(super) struct Recipe {
    /// The table under the kind's own name: its clear fields.
    pub(super) fields: toml::Table,
    pub(super) rest: Rest,
}

/// Everything beside the kind's own table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rest {
    /// Names of words that stay with the signer.
    #[serde(default)]
    pub(super) sealed: Vec<String>,
    #[serde(default, rename = "commitment")]
    pub(super) commitments: Vec<Commitment>,
    /// Words by name: a text, or a table of texts.
    #[serde(default)]
    pub(super) words: BTreeMap<String, toml::Value>,
    #[serde(default)]
    pub(super) evidence: Vec<Evidence>,
}

/// One promise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Commitment {
    /// A subject's domain, or `signer`.
    pub(super) by: String,
    /// What is promised.
    pub(super) text: String,
    /// Until when, if that was said.
    pub(super) due: Option<toml::Value>,
}

/// A file that shows something. The file itself stays where it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Evidence {
    /// Where it is, relative to the TOML file.
    pub(super) file: PathBuf,
    /// What it shows; its name if absent.
    pub(super) label: Option<String>,
    /// Its media type; guessed from its name if absent.
    pub(super) media_type: Option<String>,
    /// Whether label, type, size and hash are public. Evidence is sealed unless this says otherwise.
    #[serde(default)]
    pub(super) public: bool,
}

/// Why a text is no recipe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotARecipe {
    #[error("{0}")]
    Toml(String),
    #[error("it has no table [{0}]")]
    NoTable(&'static str),
}

impl Recipe {
    /// Reads the text as the recipe of a statement of that kind.
    pub(super) fn parse(text: &str, kind: &Kind) -> Result<Self, NotARecipe> {
        let not_toml = |error: toml::de::Error| NotARecipe::Toml(error.to_string());
        let mut table: toml::Table = toml::from_str(text).map_err(not_toml)?;
        let Some(toml::Value::Table(fields)) = table.remove(kind.name) else {
            return Err(NotARecipe::NoTable(kind.name));
        };
        let rest = table.try_into().map_err(not_toml)?;
        Ok(Self { fields, rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::kind;

    fn error(text: &str) -> String {
        Recipe::parse(text, kind::find("breach").unwrap()).unwrap_err().to_string()
    }

    #[test]
    fn what_a_recipe_does_not_have_is_named() {
        assert_eq!(error("sealed = []"), "it has no table [breach]");
        assert!(error("[breach]\n[wrods]").contains("`wrods`"));
        assert!(error("[breach]\n[[evidence]]\npath = 'x'").contains("`path`"));
        assert!(error("[breach\n").contains("line 1"));
    }
}
