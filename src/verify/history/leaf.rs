//! What a leaf shows by itself. This is nearly all the work of an audit, and it can be done on as many
//! threads as there are.

use super::super::content::Content;
use super::Fault;
use crate::crypto::{Hash, sha256};
use crate::encoding::time::Moment;
use crate::entry::{BadLeaf, Entry, Links};
use crate::ledger::rules::check_clock;
use crate::statement::signed::{check_log, check_signers};
use crate::statement::{Envelope, Refusal, StatementId};
use crate::thread::course::Stated;
use crate::tlog::{Origin, leaf_hash};

/// A leaf that was read and whose signatures were checked.
#[derive(Debug, Clone)]
pub struct Checked {
    pub(in crate::verify) hash: Hash,
    pub(in crate::verify) entry: Result<Read, BadLeaf>,
}

impl Checked {
    /// The hash of the leaf.
    pub const fn hash(&self) -> Hash {
        self.hash
    }

    /// What is wrong with it by itself, if anything is.
    pub fn fault(&self) -> Option<Fault> {
        match &self.entry {
            Ok(read) => read.refusal.clone().map(Fault::Refused),
            Err(error) => Some(Fault::NotAnEntry(*error)),
        }
    }

    /// What is wrong with it by itself, its times included: an audit finds those with the rules that need other
    /// entries.
    pub(in crate::verify) fn fault_alone(&self) -> Option<Fault> {
        let clock = || {
            let read = self.entry.as_ref().ok()?;
            let claimed_at = read.content.as_ref()?.claimed_at();
            check_clock(claimed_at, read.time).err().map(Fault::Refused)
        };
        self.fault().or_else(clock)
    }

    /// When the ledger admitted it; nothing where the leaf is none.
    pub fn time(&self) -> Option<Moment> {
        self.entry.as_ref().ok().map(|read| read.time)
    }

    /// What it states, as threads are folded; nothing where its kind is not known or breaks its form.
    pub fn stated(&self) -> Option<Stated<'_>> {
        let Read { index, time, id, content, .. } = self.entry.as_ref().ok()?;
        let statement = content.as_ref()?.statement()?;
        Some(Stated { index: *index, time: *time, id: *id, statement })
    }
}

/// What the fold needs of an entry.
#[derive(Debug, Clone)]
pub(in crate::verify) struct Read {
    pub(in crate::verify) index: u64,
    pub(in crate::verify) time: Moment,
    pub(in crate::verify) links: Links,
    pub(in crate::verify) id: StatementId,
    /// Absent where the payload breaks a rule for its form.
    pub(in crate::verify) content: Option<Content>,
    /// The first rule it breaks by itself.
    pub(in crate::verify) refusal: Option<Refusal>,
}

/// Reads a leaf of the ledger with that origin and checks every signature and rule that needs no other
/// entry.
pub fn check_leaf(leaf: &[u8], origin: &Origin) -> Checked {
    let entry = Entry::parse(leaf).map(|entry| Read::of(entry, origin));
    Checked { hash: leaf_hash(leaf), entry }
}

impl Read {
    fn of(entry: Entry, origin: &Origin) -> Self {
        let Entry { envelope, index, links, time } = entry;
        let pae = envelope.pae();
        let (content, refusal) = match Content::read(&envelope) {
            Ok(content) => {
                let refusal = check_signed(&content, &envelope, &pae, origin).err();
                (Some(content), refusal)
            }
            Err(refusal) => (None, Some(refusal)),
        };
        let id = StatementId::from_hash(sha256(&pae));
        Self { index, time, links, id, content, refusal }
    }
}

fn check_signed(
    content: &Content,
    envelope: &Envelope,
    pae: &[u8],
    origin: &Origin,
) -> Result<(), Refusal> {
    let Some(log) = content.log() else { return Ok(()) };
    check_log(log, origin.as_str())?;
    check_signers(content.signers())?;
    envelope.verify(pae, content.signers())
}
