//! How who believes one key of a log comes to believe the next (protocol §5, `log_keys`): the operator named it in an
//! entry, and the believed key signed for that entry.

use super::bundle::bundle;
use super::content::Content;
use super::verdict::Outcome;
use crate::entry::{Bundle, Entry};
use crate::statement::Effect;
use crate::tlog::{Policy, VerifierKey};

/// The keys that the `log_keys` in a bundle names, where the policy vouches for the bundle. Nothing for any other bundle.
pub fn log_keys(bytes: &[u8], policy: &Policy) -> Option<Vec<VerifierKey>> {
    if bundle(bytes, policy).outcome() != Outcome::Verified {
        return None;
    }
    let entry = Entry::parse(&Bundle::parse(bytes).ok()?.leaf).ok()?;
    let content = Content::read(&entry.envelope).ok()?;
    let Effect::NamesLogKeys(texts) = content.statement()?.rules().effect else { return None };
    // An audit finds an entry that names another log's; nobody comes to believe it here.
    let keys = texts.iter().filter_map(|text| text.parse::<VerifierKey>().ok());
    Some(keys.filter(|key| Some(key.name().as_str()) == content.log()).collect())
}
