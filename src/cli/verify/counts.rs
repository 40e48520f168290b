//! The counts that a page shows of threads and organizations: what the ledger says they are is held against its whole
//! log, which is audited once for all of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::judge::{ANSWER_BYTES_MAX, Ledger, Time};
use crate::cli::recount::{Gathered, Recount, Wanted};
use crate::clock;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::service::audit::{Settings, audit};
use crate::statement::StatementId;
use crate::thread::counts::Counts;
use crate::verify::page::Name;
use crate::wire::{self, CountsBadge, Outcome};

/// How far the ledger's minute may be from this machine's clock.
const AGE_MAX: Duration = Duration::from_secs(10 * 60);

/// What a ledger says of a thread or an organization.
pub(super) struct Said {
    /// The organization whose threads are followed.
    domain: Domain,
    /// The thread whose counts they are; the organization's where there is none.
    thread: Option<StatementId>,
    badge: CountsBadge,
}

/// Asks a ledger for the counts of something whose entry verified; why they cannot be told.
pub(super) fn ask(ledger: &mut Ledger, name: &Name, entry: &Entry) -> Result<Said, String> {
    let (path, thread, domain) = match name {
        Name::Organization(domain) => (format!("badge/o/{domain}.json"), None, Some(domain)),
        Name::Entry(name) => (
            format!("badge/t/{}-{}.json", name.index, name.hash),
            Some(entry.envelope.id()),
            entry.links.subjects.first().map(|(domain, _)| domain),
        ),
    };
    let domain =
        domain.cloned().ok_or("the entry names no organization, so that it has no counts")?;
    let bytes = ledger.ask(&path, ANSWER_BYTES_MAX)?;
    let bytes = bytes.ok_or("the ledger has no counts of it")?;
    let badge = serde_json::from_slice(&bytes);
    let badge = badge.map_err(|error| format!("the ledger answers with no counts: {error}"))?;
    Ok(Said { domain, thread, badge })
}

/// Audits a ledger, and says of each how its counts came out.
pub(super) fn recompute(ledger: &Ledger, all: &[Said], time: Time) -> Vec<wire::Check> {
    let wanted = |said: &Said| Wanted::new(said.domain.clone(), said.badge.meta.checkpoint_size);
    let recount = Recount::new(all.iter().map(wanted).collect());
    let (counted, bar) = (recount.counted(), recount.bar());
    let settings = Settings { stop: stop_at(ledger, time), ..Settings::new(ledger.policy.clone()) };
    let report = ledger.contact.run(audit(ledger.contact.client().clone(), settings, recount));
    bar.finish_and_clear();
    let judge = |said: &Said, counted: &Wanted| match &report {
        Err(error) => (Outcome::NotChecked, format!("the log could not be audited: {error}")),
        Ok(report) if !report.findings.is_empty() => (
            Outcome::Failed,
            format!(
                "the log is not in order: `onrecord audit {}` says why",
                ledger.contact.client().ledger()
            ),
        ),
        Ok(report) => said.judge(counted, report.is_complete(), time),
    };
    let judged = all.iter().zip(counted.take()).map(|(said, counted)| judge(said, &counted));
    judged
        .map(|(result, detail)| wire::Check { name: "counts".to_owned(), result, detail })
        .collect()
}

/// Stops an audit when the time for the page is over.
fn stop_at(ledger: &Ledger, time: Time) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    ledger.contact.spawn(async move {
        tokio::time::sleep_until(time.until.into()).await;
        asked.store(true, Ordering::Relaxed);
    });
    stop
}

impl Said {
    /// Holds what the ledger says against what its log gives.
    fn judge(&self, counted: &Wanted, is_complete: bool, time: Time) -> (Outcome, String) {
        let badge = &self.badge;
        let Some(Gathered { threads, until, root }) = counted.gathered() else {
            let why = if is_complete {
                "the counts are of a checkpoint that the log does not have yet".to_owned()
            } else {
                let seconds = time.seconds;
                format!(
                    "the time for the page was over before the log was audited (--timeout {seconds})"
                )
            };
            return (Outcome::NotChecked, why);
        };
        if badge.meta.root != root.to_base64() {
            let why = "the counts are of a checkpoint with another root than the log's";
            return (Outcome::Failed, why.to_owned());
        }
        let Ok(as_of) = Moment::parse_millis(&badge.as_of) else {
            return (Outcome::NotChecked, "the counts are of no time".to_owned());
        };
        let now = clock::now();
        if as_of < until.at_the_minute() || as_of > now.plus(AGE_MAX) || as_of.plus(AGE_MAX) < now {
            let (as_of, now) = (as_of.to_seconds(), now.to_seconds());
            return (
                Outcome::NotChecked,
                format!("the counts are of {as_of}, and now it is {now}"),
            );
        }
        let counts = match &self.thread {
            Some(id) => threads.counts(id, as_of),
            None => Some(threads.counts_of(&self.domain, as_of)),
        };
        let given = badge.commitments.zip(badge.overdue);
        let given = given.map(|(commitments, overdue)| Counts { commitments, overdue });
        let (ledger, log) = (in_words(given), in_words(counts));
        if given == counts {
            (Outcome::Verified, format!("the log gives the same: {log}"))
        } else {
            (Outcome::Failed, format!("the ledger says {ledger}, and its log gives {log}"))
        }
    }
}

fn in_words(counts: Option<Counts>) -> String {
    match counts {
        Some(Counts { commitments, overdue }) => {
            format!("commitments: {commitments}, overdue: {overdue}")
        }
        None => "no counts, since the agreement is withheld".to_owned(),
    }
}
