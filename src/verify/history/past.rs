//! What an audit reads again: threads it forgot, and entries that a later one is about.

use super::super::content::Content;
use super::{History, Named};
use crate::entry::Entry;
use crate::ledger::plan::{erase, moderate, reveal};
use crate::ledger::{Policy, Target};
use crate::statement::{Effect, Statement, StatementId};
use crate::thread::Thread;
use crate::tlog::leaf_hash;

/// The entries that were checked already, wherever they are kept.
pub trait Past {
    /// Why an entry could not be had.
    type Error;

    /// The leaf with that index, which was checked before.
    ///
    /// # Errors
    /// Whatever the source meets.
    fn leaf(&self, index: u64) -> Result<Vec<u8>, Self::Error>;
}

/// The leaves themselves, in order.
impl<L: AsRef<[u8]>> Past for [L] {
    type Error = NoSuchLeaf;

    fn leaf(&self, index: u64) -> Result<Vec<u8>, NoSuchLeaf> {
        let leaf = usize::try_from(index).ok().and_then(|index| self.get(index));
        leaf.map(|leaf| leaf.as_ref().to_vec()).ok_or(NoSuchLeaf)
    }
}

/// There is no leaf with that index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no such leaf")]
pub struct NoSuchLeaf;

/// Why an earlier entry could not be read again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PastError<E> {
    /// The source did not give it.
    #[error("entry {index} could not be read again: {error}")]
    Unreadable {
        /// The index of the entry.
        index: u64,
        /// What the source says.
        error: E,
    },
    /// The source gives another leaf than the one that was checked.
    #[error("entry {index} is not what it was when it was checked")]
    Changed {
        /// The index of the entry.
        index: u64,
    },
}

impl History {
    /// The newest policy, which a resumed audit has yet to read.
    pub(super) fn load_policy<P: Past + ?Sized>(
        &mut self,
        past: &P,
    ) -> Result<(), PastError<P::Error>> {
        if let (None, Some(index)) = (&self.policy, self.policy_at) {
            let (_, content) = self.read_again(index, past)?;
            self.policy = content.as_ref().and_then(Content::statement).and_then(Policy::of);
        }
        Ok(())
    }

    /// The state of a thread, `None` where no agreement has that id.
    pub(super) fn read_thread<P: Past + ?Sized>(
        &mut self,
        id: StatementId,
        past: &P,
    ) -> Result<Option<Thread>, PastError<P::Error>> {
        if let Some(thread) = self.threads.get(&id) {
            return Ok(Some(thread.clone()));
        }
        let Some(opened_at) = self.by_id.get(&id).copied() else { return Ok(None) };
        let (_, content) = self.read_again(opened_at, past)?;
        let opened = content.as_ref().and_then(Content::statement);
        let Some(mut thread) = opened.and_then(|opened| Thread::open(id, opened)) else {
            return Ok(None);
        };
        for change in self.changes_of(opened_at, past)? {
            // What the agreement's own words became is no part of the thread's state.
            thread.apply(&change.1);
        }
        self.hold_thread(id, thread.clone());
        Ok(Some(thread))
    }

    /// The entry that a statement names in `re`, `None` where there is none with that id.
    pub(super) fn read_target<P: Past + ?Sized>(
        &self,
        id: StatementId,
        past: &P,
    ) -> Result<Option<Named>, PastError<P::Error>> {
        let Some(index) = self.by_id.get(&id).copied() else { return Ok(None) };
        let (entry, content) = self.read_again(index, past)?;
        let agreement = self.entries.get(index as usize).and_then(|(_, agreement)| *agreement);
        let agreement = agreement.and_then(|at| self.entries.get(at as usize));
        let thread = agreement.and_then(|(id, _)| *id);
        let links = entry.links.subjects.into_iter();
        let subjects: Vec<_> = links.map(|(domain, _)| domain).collect();
        let Some(statement) = content.as_ref().and_then(Content::statement) else {
            return Ok(Some(Named { full: None, thread, subjects }));
        };
        let mut target = Target::fresh(statement, index, thread, subjects.clone());
        for (at, change) in self.changes_of(index, past)? {
            if change.membership().re == Some(id) {
                change_words(&mut target, &change, at);
            }
        }
        Ok(Some(Named { full: Some(target), thread, subjects }))
    }

    /// The later statements that changed an entry's thread or words, in order.
    fn changes_of<P: Past + ?Sized>(
        &self,
        index: u64,
        past: &P,
    ) -> Result<Vec<(u64, Statement)>, PastError<P::Error>> {
        let mut changes = Vec::new();
        for at in self.changed_by.get(&index).into_iter().flatten() {
            if let (_, Some(Content::Known(statement))) = self.read_again(*at, past)? {
                changes.push((*at, *statement));
            }
        }
        Ok(changes)
    }

    pub(super) fn read_again<P: Past + ?Sized>(
        &self,
        index: u64,
        past: &P,
    ) -> Result<(Entry, Option<Content>), PastError<P::Error>> {
        let leaf = past.leaf(index).map_err(|error| PastError::Unreadable { index, error })?;
        let same = self.tree.leaf(index) == Some(leaf_hash(&leaf));
        let entry = Entry::parse(&leaf).ok().filter(|_| same);
        let entry = entry.ok_or(PastError::Changed { index })?;
        let content = Content::read(&entry.envelope).ok();
        Ok((entry, content))
    }
}

fn change_words(target: &mut Target, change: &Statement, at: u64) {
    match change.rules().effect {
        Effect::Reveals(digests) => {
            reveal(digests, at, target);
        }
        Effect::Erases(digests) => {
            erase(digests, target);
        }
        Effect::Withholds(digests) => moderate(digests, true, target),
        Effect::Restores(digests) => moderate(digests, false, target),
        _ => {}
    }
}
