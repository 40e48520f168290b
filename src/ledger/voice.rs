//! Who speaks for a domain (protocol §5, §9): what the ledger saw of the keys it lists, and which keys claimed
//! it. Pure; entries are followed in the order of the ledger.

use std::time::Duration;

use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::statement::{Effect, Statement};

/// How long an observation counts.
pub const OBSERVED_AGO_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// What the ledger knows of a domain's keys.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Voice {
    observed: Option<Observed>,
    claimed_by: Vec<DidKey>,
}

/// The newest observation.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The time of its entry.
    pub time: Moment,
    /// The keys that the domain listed.
    pub keys: Vec<DidKey>,
}

/// Why a key does not speak for a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silent {
    /// Nobody looked which keys it lists.
    #[error("the ledger has not seen which keys it lists")]
    NotObserved,
    /// The ledger looked too long ago.
    #[error("the ledger looked more than 24 hours ago which keys it lists")]
    Stale,
    /// The domain does not list the key.
    #[error("it does not list that key")]
    NotListed,
    /// The key never claimed the domain.
    #[error("that key has not claimed it")]
    NotClaimed,
}

impl Voice {
    /// Follows an entry that may be a claim or an observation of this domain.
    pub fn follow(&mut self, statement: &Statement, time: Moment) {
        match statement.rules().effect {
            Effect::Observes { keys, .. } => {
                self.observed = Some(Observed { time, keys: keys.to_vec() });
            }
            Effect::Claims(_) => {
                for key in statement.signers() {
                    if !self.claimed_by.contains(key) {
                        self.claimed_by.push(key.clone());
                    }
                }
            }
            _ => {}
        }
    }

    /// The newest observation.
    pub const fn observed(&self) -> Option<&Observed> {
        self.observed.as_ref()
    }

    /// Whether the key claimed the domain at any time.
    pub fn was_claimed_by(&self, key: &DidKey) -> bool {
        self.claimed_by.contains(key)
    }

    /// Whether the domain lists the key, by an observation that still counts.
    ///
    /// # Errors
    /// [`Silent`].
    pub fn lists(&self, key: &DidKey, now: Moment) -> Result<(), Silent> {
        let observed = self.observed.as_ref().ok_or(Silent::NotObserved)?;
        if observed.time.plus(OBSERVED_AGO_MAX) < now {
            return Err(Silent::Stale);
        }
        if observed.keys.contains(key) { Ok(()) } else { Err(Silent::NotListed) }
    }

    /// Whether the key speaks for the domain: it is listed, and claimed it before.
    ///
    /// # Errors
    /// [`Silent`].
    pub fn speaks(&self, key: &DidKey, now: Moment) -> Result<(), Silent> {
        self.lists(key, now)?;
        if self.was_claimed_by(key) { Ok(()) } else { Err(Silent::NotClaimed) }
    }
}

/// Whether the key signed an agreement with the domain. Its entries are read from the `newest` back, by `read`;
/// since a key that claimed the domain signs none, the walk ends at a claim.
///
/// # Errors
/// Those of `read`.
pub fn signed_agreement_with<E>(
    key: &DidKey,
    domain: &Domain,
    newest: Option<u64>,
    mut read: impl FnMut(u64) -> Result<Entry, E>,
) -> Result<bool, E> {
    let mut next = newest;
    while let Some(index) = next {
        let entry = read(index)?;
        if let Ok(statement) = Statement::read(entry.envelope.payload()) {
            match statement.rules().effect {
                Effect::Opens { subjects, .. } if subjects.contains(domain) => return Ok(true),
                Effect::Claims(claimed) if claimed == domain => return Ok(false),
                _ => {}
            }
        }
        let link = entry.links.signers.iter().find(|(signer, _)| signer == key);
        // An entry that does not lead further back ends the walk; an audit reports its links.
        next = link.and_then(|(_, link)| link.before()).map(|(before, _)| before);
        next = next.filter(|before| *before < index);
    }
    Ok(false)
}
