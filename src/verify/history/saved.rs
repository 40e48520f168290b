//! A history as bytes, so that an audit can go on where it stopped. It is for the same program on the same
//! machine, and ends in a hash that finds damage, not deceit.

use super::History;
use super::chains::{Chains, Key};
use super::voices::Said;
use crate::crypto::{Hash, sha256};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::StatementId;
use crate::tlog::Origin;

const FIRST_LINE: &[u8] = b"onrecord history 4\n";
const ABSENT: u64 = u64::MAX;

/// The bytes are not a history as this version of the program saves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the saved state of an audit, or damaged")]
pub struct NotAHistory;

impl History {
    /// The history as bytes: about 80 an entry and 32 a chain.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = FIRST_LINE.to_vec();
        put_text(&mut out, self.origin.as_str());
        put(&mut out, self.newest.map_or(ABSENT, |newest| newest.as_millis() as u64));
        put(&mut out, self.policy_at.unwrap_or(ABSENT));
        put(&mut out, self.ended.unwrap_or(ABSENT));
        let (named_at, keys) = self.log_keys.clone().unwrap_or((ABSENT, Vec::new()));
        put(&mut out, named_at);
        put(&mut out, keys.len() as u64);
        keys.iter().for_each(|key| put_text(&mut out, &key.to_string()));
        put(&mut out, self.size());
        for (index, (id, agreement)) in (0..).zip(&self.entries) {
            let hash = self.tree.leaf(index).unwrap_or(Hash::from_bytes([0; 32]));
            out.extend(hash.as_bytes());
            out.extend(id.map_or([0; 32], |id| *id.as_hash().as_bytes()));
            put(&mut out, agreement.unwrap_or(ABSENT));
        }
        put(&mut out, self.chains.0.len() as u64);
        for (key, (index, seq)) in &self.chains.0 {
            out.extend(key);
            put(&mut out, *index);
            put(&mut out, *seq);
        }
        put(&mut out, self.changed_by.len() as u64);
        for (index, changes) in &self.changed_by {
            put(&mut out, *index);
            put(&mut out, changes.len() as u64);
            changes.iter().for_each(|change| put(&mut out, *change));
        }
        put(&mut out, self.voices.said.len() as u64);
        for (domain, said) in &self.voices.said {
            put_text(&mut out, domain.as_str());
            put(&mut out, said.observation.unwrap_or(ABSENT));
            put(&mut out, said.claims.len() as u64);
            said.claims.iter().for_each(|claim| put(&mut out, *claim));
        }
        let hash = sha256(&out);
        out.extend(hash.as_bytes());
        out
    }

    /// Reads [`History::to_bytes`].
    ///
    /// # Errors
    /// [`NotAHistory`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotAHistory> {
        let (body, hash) = bytes.split_last_chunk::<32>().ok_or(NotAHistory)?;
        if sha256(body).as_bytes() != hash {
            return Err(NotAHistory);
        }
        let rest = body.strip_prefix(FIRST_LINE).ok_or(NotAHistory)?;
        let mut reader = Reader(rest);
        let history = reader.history().ok_or(NotAHistory)?;
        if reader.0.is_empty() { Ok(history) } else { Err(NotAHistory) }
    }
}

fn put(out: &mut Vec<u8>, number: u64) {
    out.extend(number.to_be_bytes());
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put(out, text.len() as u64);
    out.extend(text.as_bytes());
}

/// A name that stands twice is refused: nothing was there before.
fn is_first<T>(before: Option<T>) -> Option<()> {
    before.is_none().then_some(())
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn history(&mut self) -> Option<History> {
        let origin: Origin = self.text()?.parse().ok()?;
        let mut history = History::new(origin);
        history.newest = match self.number()? {
            ABSENT => None,
            millis => Some(Moment::from_millis(millis as i64).ok()?),
        };
        history.policy_at = self.optional()?;
        history.ended = self.optional()?;
        let named_at = self.optional()?;
        let keys = (0..self.number()?).map(|_| self.text()?.parse().ok());
        let keys = keys.collect::<Option<Vec<_>>>()?;
        history.log_keys = match named_at {
            Some(at) => Some((at, keys)),
            None => keys.is_empty().then_some(None)?,
        };
        for _ in 0..self.number()? {
            let hash = Hash::from_bytes(self.array()?);
            let id: [u8; 32] = self.array()?;
            let id = Some(id).filter(|id| *id != [0; 32]);
            let id = id.map(|id| StatementId::from_hash(Hash::from_bytes(id)));
            let agreement = self.optional()?;
            history.add(hash, id, agreement);
        }
        history.chains = self.chains()?;
        for _ in 0..self.number()? {
            let index = self.number()?;
            is_first(history.changed_by.insert(index, self.numbers()?))?;
        }
        for _ in 0..self.number()? {
            let domain = Domain::parse(self.text()?).ok()?;
            let said = Said { observation: self.optional()?, claims: self.numbers()? };
            is_first(history.voices.said.insert(domain, said))?;
        }
        Some(history)
    }

    fn text(&mut self) -> Option<&str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn numbers(&mut self) -> Option<Vec<u64>> {
        (0..self.number()?).map(|_| self.number()).collect()
    }

    fn chains(&mut self) -> Option<Chains> {
        let mut chains = Chains::default();
        for _ in 0..self.number()? {
            let key: Key = self.array()?;
            is_first(chains.0.insert(key, (self.number()?, self.number()?)))?;
        }
        Some(chains)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*array)
    }

    fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    fn optional(&mut self) -> Option<Option<u64>> {
        self.number().map(|number| Some(number).filter(|number| *number != ABSENT))
    }
}
