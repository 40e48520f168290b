//! The numbers that a page shows of threads and organizations: what the ledger says they are is held against its whole
//! log, which is audited once for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use url::Url;

use super::judge::{ANSWER_BYTES_MAX, Ledger, Time};
use crate::cli::recount::{Given, Recount, Wanted};
use crate::clock;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::entry::Entry;
use crate::service::audit::{Settings, audit};
use crate::statement::StatementId;
use crate::thread::counts::Counts;
use crate::verify::page::{Name, Named};
use crate::wire::{self, Outcome, StandingBadge};

/// How far the ledger's minute may be from this machine's clock.
const AGE_MAX: std::time::Duration = std::time::Duration::from_secs(10 * 60);

/// What is to be recomputed.
#[derive(Default)]
pub(super) struct Numbers {
    wanted: BTreeMap<Url, Vec<Shown>>,
}

/// The numbers of one thing.
struct Shown {
    /// Which thing of the page.
    place: usize,
    /// The organization whose threads are followed.
    domain: Domain,
    /// The thread whose numbers they are; the organization's where there is none.
    thread: Option<StatementId>,
    /// What the ledger says, or why that is not known.
    said: Result<StandingBadge, String>,
}

impl Numbers {
    /// Asks the ledger for the numbers of a thing whose entry verified.
    pub(super) fn want(&mut self, place: usize, named: &Named, ledger: &Ledger, entry: &Entry) {
        let (path, thread, domain) = match &named.name {
            Name::Organization(domain) => (format!("badge/o/{domain}.json"), None, domain.clone()),
            Name::Entry(name) => {
                let Some((domain, _)) = entry.links.subjects.first() else { return };
                let path = format!("badge/t/{}-{}.json", name.index, name.hash);
                (path, Some(entry.envelope.id()), domain.clone())
            }
        };
        let said = ledger.contact.text(&path, ANSWER_BYTES_MAX);
        let said =
            said.map_err(|failure| format!("the ledger gives no numbers: {}", failure.what()));
        let said = said.and_then(|text| {
            serde_json::from_str(&text)
                .map_err(|error| format!("the ledger gives no numbers: {error}"))
        });
        let shown = Shown { place, domain, thread, said };
        self.wanted.entry(named.ledger.clone()).or_default().push(shown);
    }

    /// Audits a ledger, and says of each thing how its numbers came out.
    pub(super) fn recompute(
        &self,
        url: &Url,
        ledger: &Ledger,
        time: Time,
    ) -> Vec<(usize, wire::Check)> {
        let Some(shown) = self.wanted.get(url) else { return Vec::new() };
        let sizes = shown.iter().map(|shown| match &shown.said {
            Ok(said) => said.meta.checkpoint_size,
            Err(_) => 0,
        });
        let wanted =
            shown.iter().zip(sizes).map(|(one, size)| Wanted::new(one.domain.clone(), size));
        let recount = Recount::new(wanted.collect());
        let (counted, bar) = (recount.counted(), recount.bar());
        let settings =
            Settings { stop: stop_at(ledger, time), ..Settings::new(ledger.policy.clone()) };
        let report = ledger.contact.run(audit(ledger.contact.client().clone(), settings, recount));
        bar.finish_and_clear();
        let mut is_complete = false;
        let fault = match report {
            Ok(report) if report.findings.is_empty() => {
                is_complete = report.is_complete();
                None
            }
            Ok(report) => Some((
                Outcome::Failed,
                format!(
                    "{} findings of the audit: `onrecord audit {url}` names them",
                    report.findings.len()
                ),
            )),
            Err(error) => {
                Some((Outcome::NotChecked, format!("the log could not be audited: {error}")))
            }
        };
        let judged = shown.iter().zip(counted.take()).map(|(shown, counted)| {
            let (result, detail) =
                fault.clone().unwrap_or_else(|| shown.judge(&counted, is_complete, time));
            (shown.place, wire::Check { name: "numbers".to_owned(), result, detail })
        });
        judged.collect()
    }
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

impl Shown {
    /// Holds what the ledger says against what its log gives.
    fn judge(&self, counted: &Wanted, is_complete: bool, time: Time) -> (Outcome, String) {
        let said = match &self.said {
            Ok(said) => said,
            Err(why) => return (Outcome::NotChecked, why.clone()),
        };
        let Some(Given { threads, until, root }) = counted.given() else {
            if is_complete {
                let detail = "the numbers are of a checkpoint that the log does not have yet";
                return (Outcome::NotChecked, detail.to_owned());
            }
            let detail = format!(
                "the numbers were not recomputed: the time for the page was over before the log was audited \
                 (--timeout {})",
                time.seconds
            );
            return (Outcome::NotChecked, detail);
        };
        if said.meta.root != root.to_base64() {
            let detail = "the numbers are of a checkpoint with another root than the log's";
            return (Outcome::Failed, detail.to_owned());
        }
        let Ok(as_of) = Moment::parse_millis(&said.as_of) else {
            return (Outcome::NotChecked, "the numbers are of no time".to_owned());
        };
        let now = clock::now();
        if as_of < until.at_the_minute() || as_of > now.plus(AGE_MAX) || as_of.plus(AGE_MAX) < now {
            let detail = format!(
                "the numbers are of {}, and now it is {}",
                as_of.to_seconds(),
                now.to_seconds()
            );
            return (Outcome::NotChecked, detail);
        }
        let counts = match &self.thread {
            Some(id) => threads.counts(id, as_of),
            None => Some(threads.counts_of(&self.domain, as_of)),
        };
        let given = said.promises.zip(said.overdue);
        let given = given.map(|(promises, overdue)| Counts { promises, overdue });
        let (ledger, log) = (in_words(given), in_words(counts));
        if given == counts {
            (Outcome::Verified, format!("the log gives the same numbers: {log}"))
        } else {
            (Outcome::Failed, format!("the ledger says {ledger}, and its log gives {log}"))
        }
    }
}

fn in_words(counts: Option<Counts>) -> String {
    match counts {
        Some(Counts { promises, overdue }) => format!("{promises} promises, {overdue} overdue"),
        None => "that the agreement is withheld".to_owned(),
    }
}
