//! The single writer: takes what waits, plans it as one batch, signs, commits, publishes and answers
//! (`docs/architecture.md`, order of a commit). Nothing signed leaves it before the commit returned.

mod copying;
mod waiting;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{self, error::TryRecvError};
use tokio::sync::oneshot;

use super::end::End;
pub use copying::{CopyJob, NotCopied};
use waiting::{collect, in_order};

use super::erase::{PackLock, erase};
use super::facts::Gatherer;
use super::indexing;
use super::log_keys::LogKeys;
use super::lookup::Lookup;
use super::memory::{self, Kept, Published};
use crate::clock::{Clock, instant};
use crate::ledger::{Candidate, Outcome, Plan, Planned, Standing, plan};
use crate::statement::{Disclosure, Refusal};
use crate::store::{Batch, CommitError, Head, Journal, Record, Word, WordRef};
use crate::tlog::{Frontier, LogSigner, SignedCheckpoint};

/// Submissions of one batch at most.
const BATCH_MAX: usize = 1024;
/// Bytes of leaves and words of one batch at most, in about.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;
/// How long to wait for the objects to take what memory holds.
const WAIT_FOR_ROOM: Duration = Duration::from_millis(20);
/// How long to wait before erasing what could not be erased is tried again.
const WAIT_TO_ERASE: Duration = Duration::from_millis(500);

/// A submission that waits, and who waits for its answer.
#[derive(Debug)]
pub struct Job {
    /// What the ledger itself states right before the submission, in the same batch.
    pub before: Vec<Candidate>,
    /// The submission.
    pub candidate: Candidate,
    /// Where the answer goes.
    pub answer: oneshot::Sender<Answer>,
}

/// What became of a submission.
#[derive(Debug, Clone)]
pub enum Answer {
    /// It is the entry with this index, durable and covered by this checkpoint.
    Admitted(u64, Arc<Published>),
    /// It was logged before.
    Logged(u64),
    /// It is refused.
    Refused(Refusal),
    /// The ledger is not writing.
    ReadOnly(String),
}

/// Why the ledger does not write now, for whoever asks.
#[derive(Debug, Default)]
pub struct WriteState(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    read_only: Option<String>,
    /// Why nothing will be written until the next start.
    stopped: Option<String>,
    /// How the ledger ended.
    end: Option<End>,
    /// The keys that the operator named last.
    log_keys: Option<LogKeys>,
    /// Entries that erase words which are not erased yet.
    erasing: BTreeSet<u64>,
    busy_since: Option<std::time::Instant>,
}

impl WriteState {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why nothing can be written now.
    pub fn read_only(&self) -> Option<String> {
        let inner = self.lock();
        inner.stopped.clone().or_else(|| inner.read_only.clone())
    }

    /// Why nothing will be written until the next start.
    pub fn stopped(&self) -> Option<String> {
        self.lock().stopped.clone()
    }

    /// Nothing is signed or written from here on until the next start. The first reason stays.
    pub fn stop(&self, why: String) {
        let mut inner = self.lock();
        if inner.stopped.is_none() {
            tracing::error!(why, "the ledger writes no more until its next start");
            inner.stopped = Some(why);
        }
    }

    /// How the ledger ended, if it did. Known once the index is there.
    pub fn end(&self) -> Option<End> {
        self.lock().end.clone()
    }

    pub(super) fn set_end(&self, end: Option<End>) {
        self.lock().end = end;
    }

    /// The keys of the log that the operator named last, if any ever were. Known once the index is there.
    pub fn log_keys(&self) -> Option<LogKeys> {
        self.lock().log_keys.clone()
    }

    pub(super) fn set_log_keys(&self, keys: Option<LogKeys>) {
        self.lock().log_keys = keys;
    }

    /// Whether this entry erases words that are not erased yet, so that it must not be answered for.
    pub fn is_erasing(&self, index: u64) -> bool {
        self.lock().erasing.contains(&index)
    }

    fn set_erasing(&self, entries: BTreeSet<u64>) {
        self.lock().erasing = entries;
    }

    /// How long the batch at work has been at it.
    pub fn busy_for(&self) -> Option<Duration> {
        self.lock().busy_since.map(|since| since.elapsed())
    }

    fn set_read_only(&self, why: Option<String>) {
        let mut inner = self.lock();
        if inner.read_only != why {
            match &why {
                Some(why) => tracing::error!(why, "the ledger is read-only"),
                None => tracing::info!("the ledger writes again"),
            }
            inner.read_only = why;
        }
    }

    fn set_busy(&self, busy: bool) {
        self.lock().busy_since = busy.then(instant);
    }
}

/// The writer's parts.
pub struct Sequencer {
    /// Reading.
    pub lookup: Arc<Lookup>,
    /// The commit point.
    pub journal: Arc<Mutex<Box<dyn Journal>>>,
    /// Held while words are erased.
    pub packs: Arc<PackLock>,
    /// Signs checkpoints.
    pub signer: LogSigner,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What others may know of its state.
    pub state: Arc<WriteState>,
    /// The tree's compact form.
    pub frontier: Frontier,
    /// Where the ledger stands.
    pub standing: Standing,
    /// Looks up facts.
    pub gatherer: Gatherer,
    /// Words whose erasure was committed but could not be carried out yet.
    pub unerased: Vec<WordRef>,
    /// Set when the ledger is to stop.
    pub stopping: Arc<AtomicBool>,
}

impl Sequencer {
    /// Works until nobody can send any more and the queue is empty.
    pub fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = self.next(&mut queue) {
            let jobs = collect(first, &mut queue);
            self.wait_for_room();
            self.state.set_busy(true);
            self.work(jobs);
            self.state.set_busy(false);
        }
    }

    /// Waits for a job. What could not be erased is tried again meanwhile, as nobody may ever ask again.
    fn next<T>(&mut self, queue: &mut mpsc::Receiver<T>) -> Option<T> {
        while !self.unerased.is_empty() {
            match queue.try_recv() {
                Ok(job) => return Some(job),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => std::thread::sleep(WAIT_TO_ERASE),
            }
            if self.erase_what_is_left().is_ok() {
                self.state.set_read_only(None);
            }
        }
        queue.blocking_recv()
    }

    /// Memory is bounded: while the objects cannot keep up, the queue fills and callers are told. A ledger
    /// that is stopping does not wait; its journal has room for one more queue.
    fn wait_for_room(&self) {
        while !self.stopping.load(Ordering::SeqCst) {
            let (entries, bytes) = self.lookup.memory().load();
            if entries + BATCH_MAX <= memory::ENTRIES_MAX
                && bytes + BATCH_BYTES_MAX <= memory::BYTES_MAX
            {
                return;
            }
            std::thread::sleep(WAIT_FOR_ROOM);
        }
    }

    fn work(&mut self, jobs: Vec<Job>) {
        metrics::histogram!("onrecord_batch_submissions").record(jobs.len() as f64);
        let (candidates, waiting): (Vec<_>, Vec<_>) = jobs.into_iter().flat_map(in_order).unzip();
        let count = candidates.len();
        let answers = match self.append(candidates) {
            Ok(answers) => answers,
            Err(why) => {
                self.state.set_read_only(Some(why.clone()));
                vec![Answer::ReadOnly(why); count]
            }
        };
        for (answer, waiting) in answers.into_iter().zip(waiting) {
            match (waiting, answer) {
                // Whoever asked may have gone; the entry stands all the same.
                (Some(waiting), answer) => drop(waiting.send(answer)),
                (None, Answer::Refused(refusal)) => {
                    tracing::error!(%refusal, "what the ledger states itself is refused");
                }
                (None, _) => {}
            }
        }
    }

    /// Makes one batch, whole or not at all.
    fn append(&mut self, batch: Vec<Candidate>) -> Result<Vec<Answer>, String> {
        if let Some(why) = self.state.stopped() {
            return Err(why);
        }
        self.erase_what_is_left()?;
        let now = self.clock.now().map_err(|jumped| jumped.to_string())?;
        let pairs: Vec<_> = batch.iter().map(|c| (c.signed.id(), c.signed.statement())).collect();
        let facts = self.gatherer.gather(pairs.iter().copied(), &self.lookup);
        let mut facts = facts.map_err(|error| error.to_string())?;
        facts.signs_with = Some(self.signer.verifier_keys());
        let plan = plan(self.standing, facts, batch, now);
        if plan.entries.is_empty() {
            self.state.set_read_only(None);
            return Ok(plan
                .outcomes
                .into_iter()
                .map(|outcome| Answer::of(outcome, None))
                .collect());
        }
        let (frontier, checkpoint) = self.sign(&plan.entries)?;
        let batch = store_batch(&plan.entries, &checkpoint)?;
        self.commit(&batch)?;
        self.state.set_read_only(None);
        Ok(self.publish(plan, &batch, frontier, checkpoint))
    }

    /// Signs the tree as the batch would leave it. The signature stays here until the commit returned.
    fn sign(&self, entries: &[Planned]) -> Result<(Frontier, SignedCheckpoint), String> {
        let mut frontier = self.frontier.clone();
        entries.iter().for_each(|entry| frontier.push(entry.leaf_hash));
        let checkpoint = self.signer.sign(frontier.size(), frontier.root());
        Ok((frontier, checkpoint.map_err(|error| error.to_string())?))
    }

    fn journal(&self) -> MutexGuard<'_, Box<dyn Journal>> {
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn commit(&mut self, batch: &Batch) -> Result<(), String> {
        let started = instant();
        let committed = self.journal().commit(self.standing.size, batch);
        metrics::histogram!("onrecord_commit_seconds").record(started.elapsed().as_secs_f64());
        committed.map_err(|error| {
            let why = match &error {
                CommitError::NoSpace(_) => {
                    return format!("{error}; the ledger goes on when there is room");
                }
                _ => {
                    format!("{error}; restart the ledger: it will decide from what is on the disk")
                }
            };
            self.state.stop(why.clone());
            why
        })
    }

    /// Makes a committed batch visible, carries out its erasures, and says what became of each submission.
    fn publish(
        &mut self,
        plan: Plan,
        batch: &Batch,
        frontier: Frontier,
        checkpoint: SignedCheckpoint,
    ) -> Vec<Answer> {
        let newest = plan.entries.last().map(|entry| (entry.leaf_hash, plan.time));
        self.standing = Standing { size: frontier.size(), newest };
        self.frontier = frontier;
        let kept = plan.entries.iter().zip(batch.records()).map(|(entry, record)| Kept {
            leaf: record.leaf.clone(),
            hash: entry.leaf_hash,
            words: record.words.clone(),
        });
        let indexed: Vec<_> = plan.entries.iter().map(indexing::of_planned).collect();
        let newest = plan.entries.last();
        let end = newest.and_then(|last| End::by(last.index, last.leaf_hash, &last.statement));
        if end.is_some() {
            self.state.set_end(end);
        }
        let mut statements = plan.entries.iter().rev();
        let named = statements.find_map(|entry| LogKeys::by(entry.index, &entry.statement));
        if named.is_some() {
            self.state.set_log_keys(named);
        }
        let moderates = indexed.iter().any(|entry| !entry.moderated.is_empty());
        let published = Published::new(checkpoint, plan.time);
        let erasing = plan.entries.iter().filter(|entry| !entry.erased.is_empty());
        self.state.set_erasing(erasing.map(|entry| entry.index).collect());
        let published = self.lookup.memory().publish(kept.collect(), indexed, published);
        if moderates {
            // What followers are sent was rendered before the decision.
            self.lookup.live().forget();
        }
        metrics::gauge!("onrecord_entries").set(self.standing.size as f64);
        self.unerased = batch.erased().to_vec();
        let erased = self.erase_what_is_left();
        let answers = plan.outcomes.into_iter().map(|outcome| match (&erased, &outcome) {
            (Err(why), Outcome::Admitted(index)) if self.state.is_erasing(*index) => {
                Answer::ReadOnly(why.clone())
            }
            _ => Answer::of(outcome, Some(&published)),
        });
        let answers = answers.collect();
        self.gatherer.follow(plan.facts);
        answers
    }

    /// An erasure that was committed is carried out before anything else is.
    fn erase_what_is_left(&mut self) -> Result<(), String> {
        if self.unerased.is_empty() {
            return Ok(());
        }
        let journal = self.journal.clone();
        let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
        erase(&self.unerased, &self.lookup, journal.as_mut(), &self.packs).map_err(|error| {
            let why = format!("words could not be erased yet: {error}");
            self.state.set_read_only(Some(why.clone()));
            why
        })?;
        self.unerased.clear();
        self.state.set_erasing(BTreeSet::new());
        Ok(())
    }
}

impl Answer {
    fn of(outcome: Outcome, published: Option<&Arc<Published>>) -> Self {
        match (outcome, published) {
            (Outcome::Admitted(index), Some(published)) => Self::Admitted(index, published.clone()),
            // An entry is admitted only by a plan that was published.
            (Outcome::Admitted(index) | Outcome::Logged(index), _) => Self::Logged(index),
            (Outcome::Refused(refusal), _) => Self::Refused(refusal),
        }
    }
}

fn store_batch(entries: &[Planned], checkpoint: &SignedCheckpoint) -> Result<Batch, String> {
    let records = entries.iter().map(|entry| Record {
        leaf: entry.leaf.clone(),
        words: entry.words.iter().map(word).collect(),
    });
    let erased = entries.iter().flat_map(|entry| &entry.erased);
    let erased = erased
        .filter_map(|(digest, held_by)| held_by.map(|entry| WordRef { entry, digest: *digest }));
    let signed = checkpoint.checkpoint();
    let head =
        Head { size: signed.size(), root: *signed.root(), checkpoint: checkpoint.to_string() };
    Batch::new(records.collect(), erased.collect(), head).map_err(|error| error.to_string())
}

fn word(word: &Disclosure) -> Word {
    Word { digest: word.digest(), disclosure: word.to_shared() }
}
