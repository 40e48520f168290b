//! The writer of a mirror: takes entries of the ledger that it copies, makes the same entries of them by the rules, and
//! commits them as a ledger does its own (`docs/architecture.md`, order of a commit). What it signs is for its own
//! journal; others are shown the checkpoints of the ledger.

use std::collections::{HashMap, HashSet};

use tokio::sync::{mpsc, oneshot};

use super::Sequencer;
use crate::crypto::Hash;
use crate::ledger::replay::{Logged, NotReplayed, replay};
use crate::ledger::{Facts, WordState};
use crate::statement::{Effect, SignedBy, StatementId};

/// Tells whether a tree of that size and root is the beginning of the one that the ledger signed.
pub type Begins = Box<dyn Fn(u64, Hash) -> Result<(), NotCopied> + Send>;

/// Entries that are to stand here as well, the next ones in order.
pub struct Copy {
    /// The entries.
    pub entries: Vec<Logged>,
    /// Asked before they are committed.
    pub begins: Begins,
    /// Where the size is told that the copy has then.
    pub answer: oneshot::Sender<Result<u64, NotCopied>>,
}

/// Why entries were not copied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCopied {
    /// The ledger breaks its rules.
    #[error("entry {index}: {why}")]
    Broken {
        /// The entry.
        index: u64,
        /// Which.
        why: NotReplayed,
    },
    /// The entries are not of the tree that the ledger signed.
    #[error("the entries up to {0} are not the beginning of the tree that the checkpoint signs")]
    OtherTree(u64),
    /// A file that shows it could not be had.
    #[error("{0}")]
    NotFetched(String),
    /// The copy cannot be written now.
    #[error("{0}")]
    NotWritten(String),
}

impl Sequencer {
    /// Works until nobody can send any more and the queue is empty.
    pub fn run_copies(mut self, mut queue: mpsc::Receiver<Copy>) {
        while let Some(Copy { entries, begins, answer }) = self.next(&mut queue) {
            self.wait_for_room();
            self.state.set_busy(true);
            let copied = self.copy_all(entries, &begins);
            if let Err(NotCopied::NotWritten(why)) = &copied {
                self.state.set_read_only(Some(why.clone()));
            }
            self.state.set_busy(false);
            // Whoever asked may have gone; the entries stand all the same.
            drop(answer.send(copied));
        }
    }

    fn copy_all(&mut self, entries: Vec<Logged>, begins: &Begins) -> Result<u64, NotCopied> {
        for run in runs(entries) {
            self.copy(run, begins)?;
        }
        Ok(self.standing.size)
    }

    /// Copies them, all or none.
    fn copy(&mut self, entries: Vec<Logged>, begins: &Begins) -> Result<(), NotCopied> {
        if let Some(why) = self.state.stopped() {
            return Err(NotCopied::NotWritten(why));
        }
        self.erase_what_is_left().map_err(NotCopied::NotWritten)?;
        let pairs = entries.iter().map(|entry| (entry.signed.id(), entry.signed.statement()));
        let pairs: Vec<_> = pairs.collect();
        let facts = self.gatherer.gather(pairs.iter().copied(), &self.lookup);
        let facts = facts.map_err(|error| NotCopied::NotWritten(error.to_string()))?;
        let entries = self.without_what_is_held(entries, &facts)?;
        let plan = replay(self.standing, facts, entries)
            .map_err(|(index, why)| NotCopied::Broken { index, why })?;
        let (frontier, checkpoint) = self.sign(&plan.entries).map_err(NotCopied::NotWritten)?;
        begins(frontier.size(), frontier.root())?;
        let batch =
            super::store_batch(&plan.entries, &checkpoint).map_err(NotCopied::NotWritten)?;
        self.commit(&batch).map_err(NotCopied::NotWritten)?;
        self.state.set_read_only(None);
        self.publish(plan, &batch, frontier, checkpoint);
        Ok(())
    }
}

impl Sequencer {
    /// Leaves out the restored words that were copied before they were withheld.
    fn without_what_is_held(
        &self,
        mut entries: Vec<Logged>,
        facts: &Facts,
    ) -> Result<Vec<Logged>, NotCopied> {
        for entry in entries.iter_mut().filter(|entry| !entry.restored.is_empty()) {
            let target = entry.signed.statement().re().and_then(|re| facts.targets.get(&re));
            let states = target.map(|target| &target.words);
            let mut held = HashSet::new();
            for state in states.into_iter().flat_map(HashMap::values) {
                if let WordState::Public { held_by } | WordState::Withheld { held_by } = state {
                    let words = self.lookup.words_held(*held_by);
                    let words = words.map_err(|error| NotCopied::NotWritten(error.to_string()))?;
                    held.extend(words.into_iter().map(|word| word.digest));
                }
            }
            entry.restored.retain(|word| !held.contains(&word.digest()));
        }
        Ok(entries)
    }
}

/// The same entries in runs that can be planned at once. Who has to sign what all parties sign is looked up by the thread,
/// and which words are held before they are restored by their entry: both must have been copied before.
fn runs(entries: Vec<Logged>) -> Vec<Vec<Logged>> {
    let mut runs = vec![Vec::new()];
    let mut ids: HashSet<StatementId> = HashSet::new();
    for entry in entries {
        let statement = entry.signed.statement();
        let rules = statement.rules();
        let before = match (rules.signed_by, rules.effect) {
            (SignedBy::AllParties, _) => statement.membership().thread,
            (_, Effect::Restores(_)) => statement.re(),
            _ => None,
        };
        if before.is_some_and(|before| ids.contains(&before)) {
            ids.clear();
            runs.push(Vec::new());
        }
        ids.insert(entry.signed.id());
        if let Some(run) = runs.last_mut() {
            run.push(entry);
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}
