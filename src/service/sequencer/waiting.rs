//! The submissions that wait, as batches.

use tokio::sync::{mpsc, oneshot};

use super::{Answer, BATCH_BYTES_MAX, BATCH_MAX, Job};
use crate::ledger::Candidate;

/// The candidates of a job, each with who waits for its answer.
pub(super) fn in_order(
    job: Job,
) -> impl Iterator<Item = (Candidate, Option<oneshot::Sender<Answer>>)> {
    let before = job.before.into_iter().map(|candidate| (candidate, None));
    before.chain(std::iter::once((job.candidate, Some(job.answer))))
}

/// What waits, up to the bounds of a batch.
pub(super) fn collect(first: Job, queue: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut bytes = size_of_job(&first);
    let mut jobs = vec![first];
    while jobs.len() < BATCH_MAX && bytes < BATCH_BYTES_MAX {
        let Ok(job) = queue.try_recv() else { break };
        bytes += size_of_job(&job);
        jobs.push(job);
    }
    jobs
}

fn size_of_job(job: &Job) -> usize {
    let size = |candidate: &Candidate| {
        let words: usize = candidate.words.iter().map(|word| word.encoded().len()).sum();
        2 * candidate.signed.envelope().payload().len() + words
    };
    size(&job.candidate) + job.before.iter().map(size).sum::<usize>()
}
