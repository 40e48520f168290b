//! The keys that sign the log's checkpoints, as its operator named them last (protocol §5, `log_keys`).

use super::lookup::{Lookup, LookupError};
use crate::statement::{Effect, Statement};
use crate::store::List;
use crate::tlog::VerifierKey;

/// The keys that the newest `log_keys` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogKeys {
    /// The entry that names them.
    pub index: u64,
    /// The keys: every checkpoint from that entry on is signed by each.
    pub keys: Vec<VerifierKey>,
}

impl LogKeys {
    /// The keys named last, if any ever were.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn of(lookup: &Lookup) -> Result<Option<Self>, LookupError> {
        match lookup.newest_listed(&List::log_keys(), u64::MAX)? {
            Some(index) => Ok(Self::by(index, &lookup.statement(index)?)),
            None => Ok(None),
        }
    }

    /// The keys that the statement of this entry names, if it names any.
    pub fn by(index: u64, statement: &Statement) -> Option<Self> {
        let Effect::NamesLogKeys(texts) = statement.rules().effect else { return None };
        // That each is a key is a rule of admission.
        Some(Self { index, keys: texts.iter().filter_map(|text| text.parse().ok()).collect() })
    }

    /// The first key named that is none of those.
    pub fn missing_in<'a>(&'a self, keys: &[VerifierKey]) -> Option<&'a VerifierKey> {
        self.keys.iter().find(|key| !keys.contains(key))
    }
}
