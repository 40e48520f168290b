//! Publishing many threads at once: within a thread one statement after the other, between threads in
//! parallel. Every bundle that comes back is verified.

use futures_util::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};

use super::cfpb::Complaint;
use super::domains::Map;
use super::statements::{Importer, Step};
use super::work::Work;
use crate::cli::contact::Contact;
use crate::cli::failure::Failure;
use crate::cli::publish::fault;
use crate::cli::signed_file::SignedFile;
use crate::cli::terminal::escape;
use crate::cli::verify::BUNDLE_BYTES_MAX;
use crate::encoding::time::Moment;
use crate::entry::{Bundle, Entry};
use crate::net::{Client, FetchError};
use crate::statement::{Prepared, Refusal, StatementId};
use crate::tlog::Policy;
use crate::wire::Reason;

/// What all rows share.
pub(super) struct Job<'a> {
    pub(super) importer: &'a Importer,
    pub(super) domains: &'a Map,
    pub(super) policy: &'a Policy,
    /// The times that statements may claim, oldest first.
    pub(super) times: Vec<Moment>,
    pub(super) parallel: usize,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Rows whose statements are all logged now.
    pub(super) rows: usize,
    pub(super) rows_failed: usize,
    pub(super) entries_new: usize,
    pub(super) entries_before: usize,
    pub(super) first_failure: Option<String>,
    /// Whether a row failed because of the ledger's rates.
    pub(super) was_rate_limited: bool,
}

/// Why a row is not done.
#[derive(Debug, thiserror::Error)]
enum RowError {
    #[error("{0}")]
    Fetch(#[from] FetchError),
    #[error("it makes no statement: {0}")]
    Statement(#[from] Refusal),
    #[error("the ledger's bundle does not verify: {0}")]
    Bundle(String),
    #[error("the company has no domain")]
    NoDomain,
}

impl RowError {
    const fn is_rate_limited(&self) -> bool {
        matches!(self, Self::Fetch(FetchError::Refused { status: 429, .. }))
    }

    /// Whether every other row would fail of it too.
    const fn concerns_all(&self) -> bool {
        matches!(
            self,
            Self::Bundle(_)
                | Self::Fetch(FetchError::Unreachable { .. } | FetchError::TimedOut { .. })
        )
    }
}

/// Publishes the rows and remembers each that is done. A row that fails does not stop the others, unless the
/// ledger itself is gone.
pub(super) fn publish(
    job: &Job<'_>,
    rows: &[&Complaint],
    contact: &Contact,
    work: &mut Work,
) -> Result<Tally, Failure> {
    let bar = bar(rows.len());
    let client = contact.client();
    let mut tally = Tally::default();
    contact.run(async {
        let running = rows.iter().map(|complaint| async move {
            (complaint.id.as_str(), publish_row(job, complaint, client).await)
        });
        let mut running = futures_util::stream::iter(running).buffer_unordered(job.parallel);
        while let Some((id, result)) = running.next().await {
            bar.inc(1);
            match result {
                Ok(newly) => {
                    work.finish(id)?;
                    tally.rows += 1;
                    tally.entries_new += newly.iter().filter(|newly| **newly).count();
                    tally.entries_before += newly.iter().filter(|newly| !**newly).count();
                }
                Err(error) => {
                    tally.rows_failed += 1;
                    let concerns_all = error.concerns_all();
                    tally.was_rate_limited |= error.is_rate_limited();
                    let text = format!("complaint {id}: {}", escape(&error.to_string()));
                    tally.first_failure.get_or_insert(text);
                    if concerns_all {
                        break;
                    }
                }
            }
        }
        Ok::<(), Failure>(())
    })?;
    bar.finish_and_clear();
    Ok(tally)
}

/// A bar on a terminal, and nothing elsewhere.
fn bar(rows: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} rows, {per_sec}, {eta} left");
    let bar = ProgressBar::new(rows as u64);
    if let Ok(style) = style { bar.with_style(style) } else { bar }
}

/// Publishes the statements of a row. For each, whether it is new on the ledger.
async fn publish_row(
    job: &Job<'_>,
    complaint: &Complaint,
    client: &Client,
) -> Result<Vec<bool>, RowError> {
    let mut newly = Vec::new();
    let mut thread = None;
    for step in Step::of(complaint) {
        let (id, new) = publish_step(job, complaint, step, thread, client).await?;
        thread = thread.or(Some(id));
        newly.push(new);
    }
    Ok(newly)
}

/// Publishes one statement. It may have been sent before with any of the claimed times: a ledger that knows
/// it answers with its entry however old it is, and one that does not refuses what is too old.
async fn publish_step(
    job: &Job<'_>,
    complaint: &Complaint,
    step: Step,
    thread: Option<StatementId>,
    client: &Client,
) -> Result<(StatementId, bool), RowError> {
    let domain = job.domains.get(&complaint.company).ok_or(RowError::NoDomain)?;
    let mut times = job.times.iter().copied().peekable();
    while let Some(claimed_at) = times.next() {
        let prepared = job.importer.prepare(step, complaint, domain, thread, claimed_at)?;
        match send(job, prepared, client).await {
            Err(RowError::Fetch(error)) if is_too_old(&error) && times.peek().is_some() => {}
            result => return result,
        }
    }
    Err(RowError::Bundle("no time to claim".to_owned()))
}

fn is_too_old(error: &FetchError) -> bool {
    let FetchError::Refused { problem, .. } = error else { return false };
    problem.reason() == Some(Reason::ClaimedTooOld)
}

async fn send(
    job: &Job<'_>,
    prepared: Prepared,
    client: &Client,
) -> Result<(StatementId, bool), RowError> {
    let envelope = prepared.sign(&[job.importer.key()]);
    let id = envelope.id();
    let signed = SignedFile { envelope, disclosures: prepared.public, sealed: prepared.sealed };
    let body = signed.to_submission().into();
    let (status, bytes) = client.post("api/v1/statements", body, BUNDLE_BYTES_MAX).await?;
    let bundle = Bundle::parse(&bytes).map_err(|error| RowError::Bundle(error.to_string()))?;
    if let Some(fault) = fault(&bundle, job.policy) {
        return Err(RowError::Bundle(fault));
    }
    match Entry::parse(&bundle.leaf) {
        Ok(entry) if entry.envelope.id() == id => Ok((id, status == 201)),
        _ => Err(RowError::Bundle("it is of another statement".to_owned())),
    }
}
