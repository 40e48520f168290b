//! Whether a ledger shows everything about a domain: the `subjects` chain walked from its newest entry to seq 0,
//! and what follows the newest up to a signed checkpoint (protocol §6). It reads no files: it says which entry
//! it wants, and is given what stands there.
//!
//! It shows no gap between the entries shown. That the links of entries in between are right is not shown: an
//! entry that was renumbered away looks like one that never was, to all but an audit.

mod fault;
mod held;
mod members;
mod verdict;

pub use fault::{CheckName, Fault, Finding};
pub use held::{Held, Place};
use members::Members;
pub use verdict::{Completeness, CompletenessCheck};

use super::history::{Read, check_leaf};
use crate::crypto::Hash;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::{Entry, Link};
use crate::tlog::{Checkpoint, TilePath};

/// What the ledger says is the newest entry about a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It was not asked, or cannot tell: its files alone are held.
    NotTold,
    /// It says that no entry is about the domain.
    Nothing,
    /// It gives this one.
    Newest(ShownHead),
}

/// The newest entry, as the ledger gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownHead {
    /// Its index.
    pub index: u64,
    /// Its place in the chain, from 0.
    pub seq: u64,
    /// Its leaf hash.
    pub hash: Hash,
}

/// An entry of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the chain, from 0.
    pub seq: u64,
    /// Its index.
    pub index: u64,
    /// Its leaf hash.
    pub hash: Hash,
    /// When the ledger admitted it.
    pub time: Moment,
}

/// Which entry is wanted next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Its index.
    pub index: u64,
    /// When one after the other is looked at: the last of them, downwards.
    pub down_to: Option<u64>,
}

/// The walk along the chain of a domain.
#[derive(Debug)]
pub struct Walk {
    domain: Domain,
    checkpoint: Checkpoint,
    claim: Claim,
    stage: Stage,
    chain: Vec<Shown>,
    found: Vec<Finding>,
    members: Members,
    scanned: u64,
    /// Whether a part of the chain could not be followed by its links.
    has_holes: bool,
}

/// What the walk is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Look for the newest entry, one entry after the other from here down.
    Newest {
        at: u64,
    },
    /// Look at the entry that a link, or the ledger, names.
    Linked {
        at: u64,
        hash: Hash,
        seq: u64,
    },
    /// Look for the next one of the chain, one entry after the other from here down: below this place.
    Lost {
        at: u64,
        below: u64,
    },
    Done,
}

impl Walk {
    /// The walk along the chain of that domain up to a checkpoint whose signature was verified. A newest entry that
    /// the checkpoint does not cover is none that can be held against it.
    pub fn new(domain: Domain, checkpoint: Checkpoint, claim: Claim) -> Self {
        let claim = match claim {
            Claim::Newest(head) if head.index >= checkpoint.size() => Claim::NotTold,
            other => other,
        };
        let mut walk = Self {
            members: Members::of(domain.clone()),
            stage: Stage::Newest { at: checkpoint.size() - 1 },
            domain,
            checkpoint,
            claim,
            chain: Vec::new(),
            found: Vec::new(),
            scanned: 0,
            has_holes: false,
        };
        walk.meet_the_claim();
        walk
    }

    /// The entry that is wanted next; none when the walk is over.
    pub fn wanted(&self) -> Option<Wanted> {
        match self.stage {
            Stage::Newest { at } => Some(Wanted { index: at, down_to: Some(self.floor()) }),
            Stage::Lost { at, .. } => Some(Wanted { index: at, down_to: Some(0) }),
            Stage::Linked { at, .. } => Some(Wanted { index: at, down_to: None }),
            Stage::Done => None,
        }
    }

    /// The place in the chain that the walk has come to; none before its newest entry was met.
    pub fn seq(&self) -> Option<u64> {
        self.chain.last().map(|shown| shown.seq)
    }

    /// The place of the newest entry; none before it was met.
    pub fn newest_seq(&self) -> Option<u64> {
        self.chain.first().map(|shown| shown.seq)
    }

    /// How many entries after the newest were looked at, and how many there are at most.
    pub fn scanned(&self) -> (u64, u64) {
        (self.scanned, self.checkpoint.size() - self.floor())
    }

    /// The tile of hashes beside a bundle is not that of the tree.
    pub fn tile_differs(&mut self, path: TilePath) {
        let Some(wanted) = self.wanted() else { return };
        let seq = if let Stage::Linked { seq, .. } = self.stage { Some(seq) } else { None };
        self.find(seq, Some(wanted.index), Fault::TileMismatch(path));
    }

    /// Takes what stands at the place of the wanted entry, and goes on.
    pub fn look(&mut self, place: &Place) {
        match self.stage {
            Stage::Newest { at } => self.look_for_newest(at, place),
            Stage::Linked { at, hash, seq } => self.look_at_linked(at, hash, seq, place),
            Stage::Lost { at, below } => self.look_for_next(at, below, place),
            Stage::Done => {}
        }
        self.meet_the_claim();
    }

    /// Everything together. Before the walk is over, it says so.
    pub fn conclude(self) -> Completeness {
        let newest = self.chain.first().map(|shown| shown.seq);
        let mut findings = self.found;
        findings.extend(self.members.conclude(newest, self.has_holes));
        Completeness {
            domain: self.domain,
            checkpoint: self.checkpoint,
            claim: self.claim,
            chain: self.chain,
            findings,
            scanned: self.scanned,
            taken_from_links: self.members.taken_from_links,
            untold: self.members.untold,
            is_over: self.stage == Stage::Done,
        }
    }

    /// The lowest entry that is looked at for something newer than what the ledger gave.
    fn floor(&self) -> u64 {
        if let Claim::Newest(head) = self.claim { head.index + 1 } else { 0 }
    }

    /// When all that follows it was looked at, the walk goes on from the entry that the ledger gave.
    fn meet_the_claim(&mut self) {
        if let (Stage::Newest { at }, Claim::Newest(head)) = (self.stage, self.claim)
            && at <= head.index
        {
            self.stage = Stage::Linked { at: head.index, hash: head.hash, seq: head.seq };
        }
    }

    fn look_for_newest(&mut self, at: u64, place: &Place) {
        self.scanned += 1;
        let below = at.checked_sub(1).map_or(Stage::Done, |at| Stage::Newest { at });
        self.stage = below;
        let Place::Logged { hash, leaf } = place else { return self.lose(None, at, place) };
        match Entry::parse(leaf) {
            Err(error) => self.find(None, Some(at), Fault::NotAnEntry(error)),
            Ok(entry) if self.link_of(&entry.links.subjects).is_none() => {
                self.members.add_outside(&entry);
            }
            Ok(entry) => {
                let seq = self.link_of(&entry.links.subjects).map(|link| link.seq());
                if self.claim != Claim::NotTold {
                    self.find(seq, Some(at), Fault::NewestHidden);
                }
                self.take(at, *hash, leaf);
            }
        }
    }

    fn look_at_linked(&mut self, at: u64, expected: Hash, seq: u64, place: &Place) {
        self.stage = before(at, seq);
        let Place::Logged { hash, leaf } = place else {
            self.has_holes = true;
            return self.lose(Some(seq), at, place);
        };
        if *hash != expected {
            self.find(Some(seq), Some(at), Fault::EntrySwapped);
        }
        match Entry::parse(leaf) {
            Err(error) => self.find_hole(seq, at, Fault::NotAnEntry(error)),
            Ok(entry) => match self.link_of(&entry.links.subjects) {
                None => self.find_hole(seq, at, Fault::NotLinked),
                Some(link) => {
                    self.hold_place(link.seq(), seq + 1, at);
                    self.take(at, *hash, leaf);
                }
            },
        }
    }

    fn look_for_next(&mut self, at: u64, below: u64, place: &Place) {
        self.stage = before(at, below);
        match place {
            Place::Logged { hash, leaf } => {
                let entry = Entry::parse(leaf).ok();
                let link = entry.as_ref().and_then(|entry| self.link_of(&entry.links.subjects));
                if let Some(link) = link {
                    self.hold_place(link.seq(), below, at);
                    self.take(at, *hash, leaf);
                }
            }
            place => self.lose(None, at, place),
        }
        if at == 0 && below > 0 && self.stage == Stage::Done && self.seq().is_none_or(|seq| seq > 0)
        {
            self.find(Some(below - 1), None, Fault::Gap { first: 0, last: below - 1 });
        }
    }

    /// Holds the place that an entry says it has against the one that the chain has for it, just before `after`.
    fn hold_place(&mut self, says: u64, after: u64, at: u64) {
        let expected = after.saturating_sub(1);
        self.has_holes |= says != expected;
        if says < expected {
            self.find(Some(expected), None, Fault::Gap { first: says + 1, last: expected });
        } else if says > expected {
            self.find(Some(says), Some(at), Fault::OutOfOrder { expected });
        }
    }

    /// Adds an entry to the chain and goes on to the one it follows.
    fn take(&mut self, at: u64, hash: Hash, leaf: &[u8]) {
        let Ok(read) = check_leaf(leaf, self.checkpoint.origin()).entry else { return };
        let Some(link) = self.link_of(&read.links.subjects).copied() else { return };
        let seq = link.seq();
        self.check_by_itself(seq, at, &read);
        self.members.add(seq, at, read.id, read.content.as_ref());
        self.chain.push(Shown { seq, index: at, hash, time: read.time });
        self.stage = match link {
            Link::First => Stage::Done,
            Link::After { index, prev, seq } if index < at => {
                Stage::Linked { at: index, hash: prev, seq: seq - 1 }
            }
            Link::After { index, seq, .. } => {
                self.has_holes = true;
                self.find(Some(seq), Some(at), Fault::LinkForward { named: index });
                before(at, seq)
            }
        };
    }

    fn check_by_itself(&mut self, seq: u64, at: u64, read: &Read) {
        if read.index != at {
            self.find(Some(seq), Some(at), Fault::WrongIndex { found: read.index });
        }
        if self.chain.last().is_some_and(|later| later.time < read.time) {
            self.find(Some(seq), Some(at), Fault::TimeWentBack);
        }
        if let Some(refusal) = read.refusal.clone() {
            self.find(Some(seq), Some(at), Fault::Refused(refusal));
        }
    }

    /// What stands at a place is not what was logged there.
    fn lose(&mut self, seq: Option<u64>, at: u64, place: &Place) {
        match place {
            Place::Logged { .. } => {}
            Place::Changed => self.find(seq, Some(at), Fault::EntryChanged),
            Place::Missing => self.find_missing(seq, at),
            Place::Unproved => {
                // Nothing of what follows could be proved either.
                self.stage = Stage::Done;
                self.has_holes = true;
                self.find(seq, Some(at), Fault::NotInTree);
            }
        }
    }

    /// Entries that are missing in a row are one finding.
    fn find_missing(&mut self, seq: Option<u64>, at: u64) {
        if let (None, Some(Finding { seq: None, index: Some(first), fault })) =
            (seq, self.found.last_mut())
            && matches!(fault, Fault::EntryMissing { .. })
            && *first == at + 1
        {
            *first = at;
            return;
        }
        self.find(seq, Some(at), Fault::EntryMissing { last: at });
    }

    fn find_hole(&mut self, seq: u64, at: u64, fault: Fault) {
        self.has_holes = true;
        self.find(Some(seq), Some(at), fault);
    }

    fn find(&mut self, seq: Option<u64>, index: Option<u64>, fault: Fault) {
        self.found.push(Finding { seq, index, fault });
    }

    fn link_of<'a>(&self, subjects: &'a [(Domain, Link)]) -> Option<&'a Link> {
        subjects.iter().find(|(subject, _)| *subject == self.domain).map(|(_, link)| link)
    }
}

/// The search for what stands before the place `below`, from the entry before this one.
fn before(at: u64, below: u64) -> Stage {
    match at.checked_sub(1) {
        Some(at) if below > 0 => Stage::Lost { at, below },
        _ => Stage::Done,
    }
}
