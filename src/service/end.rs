//! The end of a ledger: its operator named the one that goes on, and nothing is admitted any more (protocol §5,
//! `successor`).

use super::lookup::{Lookup, LookupError};
use crate::crypto::Hash;
use crate::statement::{Effect, Reason, Refusal, Statement};

/// How a ledger ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The entry that ended it.
    pub index: u64,
    /// That entry's leaf hash.
    pub leaf_hash: Hash,
    /// Origin of the ledger that goes on.
    pub successor: String,
}

impl End {
    /// How the ledger ended, if it did: its newest entry says so, as nothing is admitted after it.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn of(lookup: &Lookup) -> Result<Option<Self>, LookupError> {
        let size = lookup.memory().published().map_or(0, |published| published.size());
        let Some(index) = size.checked_sub(1) else { return Ok(None) };
        Ok(Self::by(index, lookup.leaf_hash(index)?, &lookup.statement(index)?))
    }

    /// The end of the ledger by this entry, if its statement ends it.
    pub fn by(index: u64, leaf_hash: Hash, statement: &Statement) -> Option<Self> {
        let successor = statement.fields().text("origin").unwrap_or_default().to_owned();
        let ends = statement.rules().effect == Effect::Ends;
        ends.then_some(Self { index, leaf_hash, successor })
    }

    /// Why nothing is admitted after it.
    pub fn refusal(&self) -> Refusal {
        let Self { index, successor, .. } = self;
        let detail = format!("entry {index} ended this ledger; {successor} goes on");
        Refusal::new(Reason::Conflict, detail)
    }
}
