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
pub struct CopyJob {
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
    pub fn run_copies(mut self, mut queue: mpsc::Receiver<CopyJob>) {
        while let Some(CopyJob { entries, begins, answer }) = self.next(&mut queue) {
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::crypto::PrivateKey;
    use crate::encoding::json::Json;
    use crate::encoding::time::Moment;
    use crate::statement::draft::Frame;
    use crate::statement::{Disclosure, Draft, Signed, kind};

    const LOG: &str = "ledger.example";

    fn logged(number: u8, kind: &str, fields: &[(&str, Json<'static>)], word: &str) -> Logged {
        let mut draft = Draft::new(kind::find(kind).unwrap());
        fields.iter().for_each(|(name, value)| draft.set(name, value.clone()));
        for name in word.split(' ').filter(|name| !name.is_empty()) {
            draft.disclose(Disclosure::make(&[number; 16], name, Json::text("So.")).unwrap());
        }
        let key = PrivateKey::from_seed(&[1; 32]);
        let time = Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap();
        let (log, signers) = (LOG.to_owned(), vec![key.did()]);
        let frame = Frame { log, signers, nonce: [number; 16], claimed_at: time, seen: None };
        let envelope = draft.prepare(&frame).unwrap().sign(&[&key]);
        let signed = Signed::check_envelope(envelope, LOG).unwrap();
        Logged { leaf: Bytes::new(), signed, time, words: Vec::new(), restored: Vec::new() }
    }

    fn agreement(number: u8) -> Logged {
        let fields = [
            ("basis", Json::text("spoken")),
            ("commitments", commitments()),
            ("lang", Json::text("en")),
            ("offers", Json::text("closed")),
            ("subjects", Json::List(vec![Json::text("acme.example")])),
        ];
        logged(number, "agreement", &fields, "title commitment_1")
    }

    fn commitments() -> Json<'static> {
        Json::List(vec![Json::map([("by", Json::text("acme.example"))]).into_owned()])
    }

    fn id(of: &Logged) -> Json<'static> {
        Json::text(of.signed.id().to_string())
    }

    fn amendment(number: u8, of: &Logged) -> Logged {
        let fields = [
            ("by", Json::text("mutual")),
            ("commitments", commitments()),
            ("effective", Json::text("2026-12-01")),
            ("thread", id(of)),
        ];
        logged(number, "amendment", &fields, "commitment_1")
    }

    fn restoration(number: u8, of: &Logged) -> Logged {
        let fields = [
            ("decision", Json::text("restored")),
            ("digests", Json::List(Vec::new())),
            ("ground", Json::text("privacy")),
            ("re", id(of)),
            ("source", Json::text("court")),
        ];
        logged(number, "moderation", &fields, "facts")
    }

    /// How many entries each run has.
    fn lengths(entries: &[&Logged]) -> Vec<usize> {
        let entries: Vec<_> = entries.iter().map(|entry| (*entry).clone()).collect();
        let ids = |runs: &[Logged]| runs.iter().map(|one| one.signed.id()).collect::<Vec<_>>();
        let all = ids(&entries);
        let runs = runs(entries);
        assert_eq!(runs.iter().flat_map(|run| ids(run)).collect::<Vec<_>>(), all);
        runs.iter().map(Vec::len).collect()
    }

    #[test]
    fn a_run_ends_before_what_is_looked_up_in_it() {
        let (one, other) = (agreement(1), agreement(2));
        assert!(lengths(&[]).is_empty());
        assert_eq!(lengths(&[&one, &other]), [2]);
        for make in [amendment, restoration] {
            let after = make(3, &one);
            assert_eq!(lengths(&[&one, &other, &after]), [2, 1]);
            assert_eq!(lengths(&[&other, &after]), [2], "what it names was copied before");
            let second = make(4, &after);
            assert_eq!(lengths(&[&one, &after, &other, &second]), [1, 2, 1]);
        }
    }
}
