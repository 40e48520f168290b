//! The course of a thread: what its entries said, folded in the order of the ledger, without a time to look at
//! it from. [`Course::state_at`] gives it one (protocol, "State of a thread"). It judges nothing that admission
//! judged, and stops at nothing: what makes no sense changes nothing.

use std::collections::BTreeMap;

use super::withheld::Held;
use crate::encoding::domain::Domain;
use crate::encoding::time::{Date, Moment};
use crate::statement::fields::{Commitment, Debtor, Fields};
use crate::statement::{Statement, StatementId};

/// An entry of a thread, as it is folded.
#[derive(Debug, Clone, Copy)]
pub struct Stated<'a> {
    /// Its index.
    pub index: u64,
    /// Its time.
    pub time: Moment,
    /// The id of its statement.
    pub id: StatementId,
    /// What it states.
    pub statement: &'a Statement,
}

/// Where and when an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// Its index.
    pub index: u64,
    /// Its time.
    pub time: Moment,
}

/// What the entries of a thread said.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    pub(super) id: StatementId,
    pub(super) agreement: Mark,
    pub(super) subjects: Vec<Domain>,
    pub(super) imported_from: Option<Domain>,
    pub(super) verdicts: Vec<Verdict>,
    pub(super) amendments: Vec<Amendment>,
    /// The entry that brought the list in force.
    pub(super) list: u64,
    pub(super) promises: Vec<Promise>,
    pub(super) breaches: Vec<Breach>,
    pub(super) assessed: Option<(u64, String)>,
    pub(super) offers: Vec<Offer>,
    pub(super) withdrawn: Option<Mark>,
    pub(super) terminated: Option<(u64, Option<Date>)>,
    pub(super) held: BTreeMap<StatementId, Held>,
}

/// A subject's verdict on the agreement or an amendment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) index: u64,
    pub(super) domain: Domain,
    pub(super) re: StatementId,
    pub(super) verdict: String,
    pub(super) reason: Option<String>,
}

/// Another list of commitments that was stated.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amendment {
    pub(super) index: u64,
    pub(super) id: StatementId,
    pub(super) mutual: bool,
    pub(super) by: Option<Domain>,
}

/// A commitment of the list in force, and the newest that either side said of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Promise {
    pub(super) commitment: Commitment,
    pub(super) by_signers: Option<Said>,
    pub(super) by_debtor: Option<Said>,
}

/// What an entry says of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) index: u64,
    pub(super) what: Kept,
    /// The day of a fulfilment.
    pub(super) on: Option<Date>,
}

/// How far a commitment was kept, as somebody states it. The greater the more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    No,
    Partly,
    Fully,
}

/// Commitments that were not kept, as the signers state.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Breach {
    pub(super) mark: Mark,
    pub(super) id: StatementId,
    pub(super) numbers: Vec<u8>,
    pub(super) since: Option<Date>,
    pub(super) desired_outcome: String,
    /// The subjects that owe any of them, ascending.
    pub(super) asked: Vec<Domain>,
    pub(super) responses: Vec<Response>,
}

/// A subject's answer to a breach.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Response {
    pub(super) mark: Mark,
    pub(super) domain: Domain,
    pub(super) stage: Stage,
}

/// How far an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    Acknowledged,
    InProgress(Date),
    Final(String),
}

/// What another organization would do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Offer {
    pub(super) index: u64,
    pub(super) id: StatementId,
    pub(super) domain: Domain,
    pub(super) expires: Date,
    pub(super) accepted: Option<u64>,
}

impl Course {
    /// Whether the operator withholds its agreement as a whole.
    pub fn is_withheld(&self) -> bool {
        self.held.get(&self.id()).is_some_and(Held::is_whole)
    }

    /// The course that an agreement begins; nothing for another kind.
    pub fn open(agreement: &Stated<'_>) -> Option<Self> {
        let fields = agreement.statement.fields();
        let mark = agreement.mark();
        (agreement.statement.kind().name == "agreement").then(|| Self {
            id: agreement.id,
            agreement: mark,
            subjects: fields.domains("subjects").to_vec(),
            imported_from: fields.domain("imported_from").cloned(),
            verdicts: Vec::new(),
            amendments: Vec::new(),
            list: mark.index,
            promises: promises(fields),
            breaches: Vec::new(),
            assessed: None,
            offers: Vec::new(),
            withdrawn: None,
            terminated: None,
            held: BTreeMap::from([(agreement.id, Held::new(mark))]),
        })
    }

    /// Follows an entry of the thread. Entries come in the order of the ledger, each once.
    pub fn apply(&mut self, entry: &Stated<'_>) {
        let fields = entry.statement.fields();
        match entry.statement.kind().name {
            "amendment" => self.amend(entry, fields),
            "assessment" => {
                self.assessed = fields.text("resolved").map(|text| (entry.index, text.to_owned()));
            }
            "acceptance" => self.accept(entry.index, fields.statement_id("re")),
            "breach" => self.break_promises(entry, fields),
            "countersignature" => self.verdicts.extend(verdict(entry.index, fields)),
            "fulfilment" => self.fulfil(entry.index, fields),
            "moderation" => self.moderate(fields),
            "offer" => self.offers.extend(offer(entry, fields)),
            "response" => self.respond(entry, fields),
            "termination" => {
                let ended = (entry.index, fields.date("effective"));
                self.terminated.get_or_insert(ended);
            }
            "withdrawal" => {
                self.withdrawn.get_or_insert(entry.mark());
            }
            _ => {}
        }
        self.held.entry(entry.id).or_insert_with(|| Held::new(entry.mark()));
    }

    /// The id of its agreement.
    pub fn id(&self) -> StatementId {
        self.id
    }

    /// The organizations in it, ascending.
    pub fn subjects(&self) -> &[Domain] {
        &self.subjects
    }

    /// Where its agreement stands.
    pub fn agreement(&self) -> Mark {
        self.agreement
    }

    /// Whether an organization may still say what it has to say of the agreement.
    pub(super) fn lacks_verdict_of(&self, domain: &Domain) -> bool {
        let is_its = |verdict: &Verdict| verdict.domain == *domain && verdict.re == self.id;
        let is_open = self.withdrawn.is_none() && self.subjects.contains(domain);
        is_open && !self.verdicts.iter().any(is_its)
    }

    /// The list in force changes when a mutual amendment is logged, whatever day it names, and what was said of
    /// the numbers of the list before is not said of the new one's.
    fn amend(&mut self, entry: &Stated<'_>, fields: &Fields) {
        let mutual = fields.text("by") == Some("mutual");
        if mutual {
            self.list = entry.index;
            self.promises = promises(fields);
        }
        let by = fields.domain("domain").cloned();
        self.amendments.push(Amendment { index: entry.index, id: entry.id, mutual, by });
    }

    fn accept(&mut self, index: u64, re: Option<StatementId>) {
        if let Some(offer) = self.offers.iter_mut().find(|offer| Some(offer.id) == re) {
            offer.accepted.get_or_insert(index);
        }
    }

    fn break_promises(&mut self, entry: &Stated<'_>, fields: &Fields) {
        let numbers = fields.numbers("commitment_numbers");
        let mut asked = Vec::new();
        for promise in numbered(&mut self.promises, numbers) {
            promise.by_signers = Some(Said { index: entry.index, what: Kept::No, on: None });
            if let Debtor::Subject(domain) = &promise.commitment.by {
                asked.push(domain.clone());
            }
        }
        asked.sort();
        asked.dedup();
        self.breaches.push(Breach {
            mark: entry.mark(),
            id: entry.id,
            numbers: numbers.to_vec(),
            since: fields.date("since"),
            desired_outcome: fields.text("desired_outcome").unwrap_or_default().to_owned(),
            asked,
            responses: Vec::new(),
        });
    }

    fn fulfil(&mut self, index: u64, fields: &Fields) {
        let what = if fields.text("extent") == Some("full") { Kept::Fully } else { Kept::Partly };
        let said = Some(Said { index, what, on: fields.date("occurred_on") });
        for promise in numbered(&mut self.promises, fields.numbers("commitment_numbers")) {
            match (fields.domain("domain"), &promise.commitment.by) {
                (None, _) => promise.by_signers = said,
                (Some(domain), Debtor::Subject(debtor)) if domain == debtor => {
                    promise.by_debtor = said;
                }
                _ => {}
            }
        }
    }

    fn moderate(&mut self, fields: &Fields) {
        let target = fields.statement_id("re").and_then(|re| self.held.get_mut(&re));
        if let (Some(held), Some(decision)) = (target, fields.text("decision")) {
            held.decide(decision, fields.digests("digests"));
        }
    }

    fn respond(&mut self, entry: &Stated<'_>, fields: &Fields) {
        let re = fields.statement_id("re");
        let breach = self.breaches.iter_mut().find(|breach| Some(breach.id) == re);
        let stage = match fields.text("stage") {
            Some("in_progress") => fields.date("expected_final_by").map(Stage::InProgress),
            Some("final") => fields.text("outcome").map(|what| Stage::Final(what.to_owned())),
            _ => Some(Stage::Acknowledged),
        };
        if let (Some(breach), Some(stage), Some(domain)) = (breach, stage, fields.domain("domain"))
        {
            breach.responses.push(Response { mark: entry.mark(), domain: domain.clone(), stage });
        }
    }
}

impl Stated<'_> {
    fn mark(&self) -> Mark {
        Mark { index: self.index, time: self.time }
    }
}

fn promises(fields: &Fields) -> Vec<Promise> {
    let list = fields.commitments("commitments").iter().cloned();
    list.map(|commitment| Promise { commitment, by_signers: None, by_debtor: None }).collect()
}

/// The promises with these numbers, which count from 1. A number of none is skipped.
fn numbered<'a>(
    promises: &'a mut [Promise],
    numbers: &'a [u8],
) -> impl Iterator<Item = &'a mut Promise> {
    let all = promises.iter_mut().zip(1..);
    all.filter(|(_, number)| numbers.contains(number)).map(|(promise, _)| promise)
}

fn verdict(index: u64, fields: &Fields) -> Option<Verdict> {
    Some(Verdict {
        index,
        domain: fields.domain("domain")?.clone(),
        re: fields.statement_id("re")?,
        verdict: fields.text("verdict")?.to_owned(),
        reason: fields.text("reason").map(str::to_owned),
    })
}

fn offer(entry: &Stated<'_>, fields: &Fields) -> Option<Offer> {
    Some(Offer {
        index: entry.index,
        id: entry.id,
        domain: fields.domain("domain")?.clone(),
        expires: fields.date("expires")?,
        accepted: None,
    })
}
