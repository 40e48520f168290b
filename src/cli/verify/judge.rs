//! What becomes of each thing a page names: its entry is asked for at its ledger, once, and held against what one
//! trusts; of an organization that is the newest entry that names it. The counts that a thing shows are recomputed by
//! `counts`. "Failed" is a mismatch of hashes, keys or signatures, or of counts; where no ledger answers, or the page is
//! not clear, it is "not checked". A page is somebody else's, so that what it can make this machine ask for has bounds:
//! ledgers, entries, and time.

use std::collections::BTreeMap;
use std::time::Instant;

use bytes::Bytes;
use url::Url;

use super::counts;
use super::{BUNDLE_BYTES_MAX, check_to_wire, outcome_to_wire};
use crate::cli::contact::Contact;
use crate::cli::failure::Failure;
use crate::clock;
use crate::encoding::domain::Domain;
use crate::entry::{Bundle, Entry};
use crate::net::{LedgerUrl, Patience};
use crate::tlog::{Origin, Policy, Proof};
use crate::verify;
use crate::verify::page::{EntryName, Kind, LeadsTo, Name, Named, Thing};
use crate::wire::{self, PageThing, PageThingKind};

/// So many ledgers are asked for one page; people's pages name one.
const LEDGERS_MAX: usize = 8;
/// So many entries are asked for, each once.
const ENTRIES_MAX: usize = 200;
/// A ledger that so often in a row gave no answer is not asked again.
const MISSES_MAX: u32 = 3;
/// What is said of an organization or of counts is a few lines.
pub(super) const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Digits of a leaf hash in an entry's address.
const HASH_DIGITS: usize = 32;

/// How an entry came out.
#[derive(Debug, Clone)]
struct Judged {
    result: wire::Outcome,
    remark: Option<String>,
    statement_kind: Option<String>,
    checks: Vec<wire::Check>,
    /// What the entry is, once it was read.
    entry: Option<Box<Entry>>,
}

/// A ledger that answered as one.
pub(super) struct Ledger {
    pub(super) contact: Contact,
    origin: Origin,
    pub(super) policy: Policy,
    misses: u32,
}

/// The time for one page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Time {
    pub(super) seconds: u64,
    pub(super) until: Instant,
}

/// Judges the things of one page.
pub(super) struct Judge<'policy> {
    policy: Option<&'policy Policy>,
    may_name_this_machine: bool,
    time: Time,
    ledgers: BTreeMap<Url, Result<Ledger, String>>,
    entries: BTreeMap<Named, Judged>,
    has_met_new: bool,
}

impl<'policy> Judge<'policy> {
    /// Judges by that policy, else by what is remembered of each ledger.
    pub(super) fn new(
        policy: Option<&'policy Policy>,
        may_name_this_machine: bool,
        time: Time,
    ) -> Self {
        Self {
            policy,
            may_name_this_machine,
            time,
            ledgers: BTreeMap::new(),
            entries: BTreeMap::new(),
            has_met_new: false,
        }
    }

    /// Whether the key of a ledger was remembered just now.
    pub(super) const fn has_met_new(&self) -> bool {
        self.has_met_new
    }

    /// Judges everything a page names, in its order.
    pub(super) fn judge_all(&mut self, things: &[Thing]) -> Vec<PageThing> {
        let mut told: Vec<_> = things.iter().map(|thing| self.judge(thing)).collect();
        for (places, check) in self.recount(things, &told) {
            for place in places {
                let told = &mut told[place];
                told.result = check.result;
                if check.result != wire::Outcome::Verified {
                    told.remarks.push(check.detail.clone());
                }
                told.checks.push(check.clone());
            }
        }
        told
    }

    /// How the counts came out that are shown by things whose entries verified, and which things these are. Whatever
    /// shows the same is asked for once.
    fn recount(&mut self, things: &[Thing], told: &[PageThing]) -> Vec<(Vec<usize>, wire::Check)> {
        let mut shown: BTreeMap<&Named, Vec<usize>> = BTreeMap::new();
        for (place, thing) in things.iter().enumerate() {
            if let Ok(named) = &thing.named
                && thing.has_counts
                && told[place].result == wire::Outcome::Verified
            {
                shown.entry(named).or_default().push(place);
            }
        }
        let (mut checks, mut said) = (Vec::new(), BTreeMap::new());
        for (named, places) in shown {
            let Some(Ok(ledger)) = self.ledgers.get_mut(&named.ledger) else { continue };
            let Some(entry) = self.entries.get(named).and_then(|judged| judged.entry.as_ref())
            else {
                continue;
            };
            match counts::ask(ledger, &named.name, entry) {
                Ok(one) => {
                    let (all, of): &mut (Vec<_>, Vec<_>) = said.entry(&named.ledger).or_default();
                    all.push(one);
                    of.push(places);
                }
                Err(detail) => {
                    let (name, result) = ("counts".to_owned(), wire::Outcome::NotChecked);
                    checks.push((places, wire::Check { name, result, detail }));
                }
            }
        }
        for (url, (all, of)) in said {
            if let Some(Ok(ledger)) = self.ledgers.get(url) {
                checks.extend(of.into_iter().zip(counts::recompute(ledger, &all, self.time)));
            }
        }
        checks
    }

    fn judge(&mut self, thing: &Thing) -> PageThing {
        let judged = match &thing.named {
            Ok(named) => self.entry(named),
            Err(why) => not_checked(why.clone()),
        };
        let named = thing.named.as_ref().ok();
        let origin = named.and_then(|named| self.ledgers.get(&named.ledger)?.as_ref().ok());
        let index = match named.map(|named| &named.name) {
            Some(Name::Entry(entry)) => Some(entry.index),
            _ => judged.entry.as_ref().map(|entry| entry.index),
        };
        let mut told = PageThing {
            kind: kind_to_wire(thing.kind),
            line: thing.line,
            address: thing.address.clone(),
            result: judged.result,
            remarks: judged.remark.into_iter().collect(),
            ledger: named.map(|named| named.ledger.to_string()),
            origin: origin.map(|ledger| ledger.origin.to_string()),
            index,
            statement_kind: judged.statement_kind,
            leads_elsewhere: None,
            checks: judged.checks,
        };
        follow_link_around(&mut told, thing.leads_to.as_ref());
        told
    }

    fn entry(&mut self, named: &Named) -> Judged {
        if let Some(judged) = self.entries.get(named) {
            return judged.clone();
        }
        if self.entries.len() >= ENTRIES_MAX {
            return not_checked(format!(
                "left out: only {ENTRIES_MAX} entries of a page are asked for"
            ));
        }
        let judged = self.ask(named).unwrap_or_else(not_checked);
        self.entries.insert(named.clone(), judged.clone());
        judged
    }

    fn ask(&mut self, named: &Named) -> Result<Judged, String> {
        if clock::instant() >= self.time.until {
            let seconds = self.time.seconds;
            return Err(format!("left out: the time for the page was over (--timeout {seconds})"));
        }
        self.meet(&named.ledger);
        match self.ledgers.get_mut(&named.ledger) {
            Some(Ok(ledger)) => match &named.name {
                Name::Entry(entry) => ledger.judge(entry),
                Name::Organization(domain) => ledger.judge_newest(domain),
            },
            Some(Err(why)) => Err(why.clone()),
            None => Err(format!("left out: only {LEDGERS_MAX} ledgers of a page are asked")),
        }
    }

    /// Makes contact with a ledger, unless there was, or there were too many.
    fn meet(&mut self, url: &Url) {
        if self.ledgers.contains_key(url) || self.ledgers.len() >= LEDGERS_MAX {
            return;
        }
        let ledger = self.contact(url).map_err(|failure| told(&failure));
        self.ledgers.insert(url.clone(), ledger);
    }

    fn contact(&mut self, url: &Url) -> Result<Ledger, Failure> {
        let url: LedgerUrl = url.as_str().parse().map_err(|error| {
            Failure::new(error, "The page's author has to correct the address.")
        })?;
        if url.is_loopback() && !self.may_name_this_machine {
            return Err(Failure::new(
                "the page is on another machine and names a ledger on whichever machine reads it",
                "The page's author has to use the ledger's public address.",
            ));
        }
        let contact = Contact::with(url, Patience::NAMED_BY_OTHERS.until(self.time.until))?;
        let (origin, policy) = match self.policy {
            None => contact.remembered(&mut self.has_met_new)?,
            Some(policy) => (known_to(policy, &contact)?, policy.clone()),
        };
        Ok(Ledger { contact, origin, policy, misses: 0 })
    }
}

/// The origin of a ledger that the policy knows.
fn known_to(policy: &Policy, contact: &Contact) -> Result<Origin, Failure> {
    let origin = contact.announced()?.checkpoint().origin().clone();
    if policy.log_keys(origin.as_str()).next().is_some() {
        return Ok(origin);
    }
    let what = format!("the trust policy names no key of {origin}");
    Err(Failure::new(what, "Add a `log` line with its key, or leave --policy out."))
}

impl Ledger {
    /// Asks for the newest entry that names an organization, and holds it against the policy and the domain.
    fn judge_newest(&mut self, domain: &Domain) -> Result<Judged, String> {
        let path = format!("api/v1/organizations/{domain}");
        let bytes = self.ask(&path, ANSWER_BYTES_MAX)?.ok_or_else(|| {
            format!("the ledger has no entry that names {domain}: the page names what is not there")
        })?;
        let found: wire::Organization = serde_json::from_slice(&bytes)
            .map_err(|error| format!("{} says nothing of {domain}: {error}", self.origin))?;
        let hash = found.newest.leaf_hash.get(..HASH_DIGITS).unwrap_or_default().to_owned();
        let mut judged = self.judge(&EntryName { index: found.newest.index, hash })?;
        let subjects = judged.entry.iter().flat_map(|entry| &entry.links.subjects);
        if judged.result == wire::Outcome::Verified
            && !subjects.into_iter().any(|(subject, _)| subject == domain)
        {
            judged.result = wire::Outcome::Failed;
            let detail = format!("the entry that the ledger gives does not name {domain}");
            let (name, result) = ("organization".to_owned(), wire::Outcome::Failed);
            judged.checks.push(wire::Check { name, result, detail });
        }
        Ok(judged)
    }

    /// Asks for the entry and holds it against the policy.
    fn judge(&mut self, name: &EntryName) -> Result<Judged, String> {
        let path = format!("api/v1/entries/{}/bundle", name.index);
        let bytes = self.ask(&path, BUNDLE_BYTES_MAX)?.ok_or_else(|| {
            format!("the ledger has no entry {}: the page names one that is not there", name.index)
        })?;
        // What is no bundle says nothing about the entry, whatever stands between us and the ledger.
        let bundle = Bundle::parse(&bytes).map_err(|error| {
            format!("{} answers with something else than a bundle: {error}", self.origin)
        })?;
        Ok(hold(&bytes, &bundle, name, &self.origin, &self.policy))
    }

    /// What the ledger has there; nothing where it says that there is nothing.
    pub(super) fn ask(&mut self, path: &str, bytes_max: usize) -> Result<Option<Bytes>, String> {
        if self.misses >= MISSES_MAX {
            return Err(format!(
                "the ledger gave no answer {MISSES_MAX} times and is not asked again"
            ));
        }
        let answer = self.contact.run(self.contact.client().get(path, bytes_max));
        match answer {
            Ok(bytes) => {
                self.misses = 0;
                Ok(Some(bytes))
            }
            Err(error) if error.is_not_found() => {
                self.misses = 0;
                Ok(None)
            }
            Err(error) => {
                self.misses += 1;
                Err(told(&crate::cli::contact::failure(&error)))
            }
        }
    }
}

/// Holds what a ledger gave against the address it was asked for by, and against the policy.
fn hold(
    bytes: &[u8],
    bundle: &Bundle,
    name: &EntryName,
    origin: &Origin,
    policy: &Policy,
) -> Judged {
    let check = check_address(bundle, name, origin);
    if check.result == wire::Outcome::Failed {
        // Nothing else about another entry is of interest here.
        let (result, checks) = (check.result, vec![check]);
        return Judged { result, remark: None, statement_kind: None, checks, entry: None };
    }
    let verdict = verify::bundle(bytes, policy);
    let checks = std::iter::once(check).chain(verdict.checks.iter().map(check_to_wire)).collect();
    Judged {
        result: outcome_to_wire(verdict.outcome()),
        remark: None,
        statement_kind: verdict.about.and_then(|about| about.kind),
        checks,
        entry: Entry::parse(&bundle.leaf).ok().map(Box::new),
    }
}

/// Whether a bundle is of the entry that the address names.
fn check_address(bundle: &Bundle, name: &EntryName, origin: &Origin) -> wire::Check {
    let hash = bundle.leaf_hash().to_hex();
    let (own, index) = (&hash[..HASH_DIGITS], Entry::parse(&bundle.leaf).map(|entry| entry.index));
    let from = bundle.proof.parse::<Proof>().ok();
    let from = from.map(|proof| proof.checkpoint().checkpoint().origin().clone());
    let (result, detail) = if own != name.hash || index.is_ok_and(|index| index != name.index) {
        let detail = format!(
            "another_entry: the address names {}-{}, and the ledger answers with an entry whose leaf hash \
             begins with {own}",
            name.index, name.hash
        );
        (wire::Outcome::Failed, detail)
    } else if let Some(other) = from.filter(|from| from != origin) {
        (
            wire::Outcome::Failed,
            format!("another_ledger: {origin} answers with an entry of {other}"),
        )
    } else {
        (wire::Outcome::Verified, "the entry is the one that the address names".to_owned())
    };
    wire::Check { name: "address".to_owned(), result, detail }
}

fn follow_link_around(told: &mut PageThing, leads_to: Option<&LeadsTo>) {
    let (address, remark) = match leads_to {
        None => return,
        Some(LeadsTo::AnotherEntry(address)) => {
            if told.result == wire::Outcome::Verified {
                told.result = wire::Outcome::NotChecked;
            }
            (
                address,
                format!("leads elsewhere: the link around it leads to another entry, {address}"),
            )
        }
        Some(LeadsTo::NoEntry(address)) => {
            (address, format!("the link around it leads to no entry, but to {address}"))
        }
    };
    told.leads_elsewhere = Some(address.clone());
    told.remarks.push(remark);
}

fn not_checked(why: String) -> Judged {
    let result = wire::Outcome::NotChecked;
    Judged { result, remark: Some(why), statement_kind: None, checks: Vec::new(), entry: None }
}

/// A failure within a line.
fn told(failure: &Failure) -> String {
    format!("{}. {}", failure.what(), failure.next())
}

const fn kind_to_wire(kind: Kind) -> PageThingKind {
    match kind {
        Kind::Link => PageThingKind::Link,
        Kind::Badge => PageThingKind::Badge,
        Kind::Card => PageThingKind::Card,
        Kind::Element => PageThingKind::Element,
    }
}
