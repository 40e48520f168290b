//! Replaying: what a ledger logged becomes the same entries again, by the rules and the code that admit. A mirror adds
//! entries so; one that is not what the rules make of it is not added.

use bytes::Bytes;

use super::facts::{Facts, Target, WordState};
use super::plan::{Candidate, Outcome, Plan, Planned, Standing, append, forget_erased, reveal};
use super::rules::{self, Place};
use crate::crypto::Hash;
use crate::encoding::time::Moment;
use crate::entry::{BadLeaf, Entry};
use crate::statement::{Disclosure, Reason, Refusal, Rejected, Signed};

/// An entry of a ledger, whose signatures verified.
#[derive(Debug, Clone)]
pub struct Logged {
    /// Its leaf.
    pub leaf: Bytes,
    /// Its statement.
    pub signed: Signed,
    /// When the ledger admitted it.
    pub time: Moment,
    /// The words of it that are public now, or those that it revealed.
    pub words: Vec<Disclosure>,
    /// Words of its target that it restored. A copy made while they were withheld has them from here on.
    pub restored: Vec<Disclosure>,
}

/// Why an entry is not added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReplayed {
    /// The leaf is no entry.
    #[error("it is no entry: {0}")]
    NotAnEntry(BadLeaf),
    /// Its kind or type is one that a newer version of this software may know.
    #[error("it cannot be checked here, perhaps because it is newer: {0}. Take a newer onrecord")]
    NotKnown(Refusal),
    /// The rules refuse it.
    #[error("the ledger should have refused it: {0}")]
    Refused(Refusal),
    /// Its statement stands in the ledger already.
    #[error("its statement is entry {0} already")]
    LoggedTwice(u64),
    /// Its time is before that of the entry before it.
    #[error("its time is before that of the entry before it")]
    TimeWentBack,
    /// Its index or its links are not those that follow from the entries before it.
    #[error("its index or its links are not those that follow from the entries before it")]
    OtherLeaf,
}

impl Logged {
    /// Reads a leaf of the ledger with that origin and verifies its signatures. It has no words yet.
    ///
    /// # Errors
    /// [`NotReplayed`] for what it shows by itself.
    pub fn read(leaf: Bytes, origin: &str) -> Result<Self, NotReplayed> {
        let Entry { envelope, time, .. } = Entry::parse(&leaf).map_err(NotReplayed::NotAnEntry)?;
        let signed =
            Signed::check_envelope(envelope, origin).map_err(|Rejected { refusal, .. }| {
                match refusal.reason {
                    Reason::UnknownKind | Reason::BadPayloadType => NotReplayed::NotKnown(refusal),
                    _ => NotReplayed::Refused(refusal),
                }
            })?;
        Ok(Self { leaf, signed, time, words: Vec::new(), restored: Vec::new() })
    }
}

/// Plans the same entries again. `facts` answers what `needs` and `chains` asked for all of them.
///
/// # Errors
/// The index of the first that is not added, and why; then nothing is.
pub fn replay(
    standing: Standing,
    facts: Facts,
    entries: Vec<Logged>,
) -> Result<Plan, (u64, NotReplayed)> {
    let mut prev = standing.newest.map(|(hash, _)| hash);
    let mut newest = standing.newest.map(|(_, time)| time);
    let mut plan = Plan::empty(entries.len(), newest.unwrap_or(Moment::EPOCH), facts);
    for logged in entries {
        let Logged { leaf, signed, time, words, restored } = logged;
        let index = standing.size + plan.entries.len() as u64;
        if let Some(first) = plan.facts.logged.get(&signed.id()) {
            return Err((index, NotReplayed::LoggedTwice(*first)));
        }
        if newest.is_some_and(|newest| time < newest) {
            return Err((index, NotReplayed::TimeWentBack));
        }
        let place = Place { index, time };
        // As an auditor, a mirror may hold fewer words than were sent.
        rules::check(signed.id(), signed.statement(), None, &plan.facts, place)
            .map_err(|refusal| (index, NotReplayed::Refused(refusal)))?;
        let re = signed.statement().re();
        let mut planned = append(Candidate { signed, words }, prev, place, &mut plan.facts);
        if planned.leaf != leaf {
            return Err((index, NotReplayed::OtherLeaf));
        }
        if let Some(target) = re.and_then(|re| plan.facts.targets.get_mut(&re)) {
            take_restored(restored, &mut planned, target);
        }
        prev = Some(planned.leaf_hash);
        newest = Some(time);
        plan.time = time;
        plan.outcomes.push(Outcome::Admitted(index));
        plan.entries.push(planned);
        forget_erased(&mut plan.entries, standing.size);
    }
    Ok(plan)
}

/// Words that a copy did not have before they were restored are held by the entry that restored them, as revealed ones are
/// by theirs. Whatever else is shown as such is left out.
fn take_restored(restored: Vec<Disclosure>, planned: &mut Planned, target: &mut Target) {
    let is_public =
        |digest: &Hash| matches!(target.words.get(digest), Some(WordState::Public { .. }));
    let restored = restored.into_iter().map(|word| (word.digest(), word));
    let (digests, words): (Vec<_>, Vec<_>) =
        restored.filter(|(digest, _)| is_public(digest)).unzip();
    planned.revealed.extend(reveal(&digests, planned.index, target));
    planned.words.extend(words);
}
