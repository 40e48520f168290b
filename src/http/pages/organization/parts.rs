//! What the page of an organization says beside its entries: who claimed it, and what is due from it now.

use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::http::pages::Visit;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::standing::what;
use crate::http::pages::strings::Message;
use crate::service::claimed::{ClaimView, KeysView};
use crate::service::{LookupError, View};

/// Claims shown, the newest of them.
const CLAIMS: usize = 5;
/// What is due, shown.
const DUE: usize = 20;

/// Who claimed a domain.
pub struct Claimed {
    /// The newest claims, newest first.
    pub claims: Vec<Claim>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// When the ledger last saw its keys change, and where that stands.
    pub observed: Option<(Message, EntryLink)>,
    /// Keys that signed the newest claim and that the domain did not list when it was last seen.
    pub not_listed: Vec<String>,
}

/// A claim.
pub struct Claim {
    /// When it was made.
    pub since: Message,
    /// The keys that signed it.
    pub keys: Vec<String>,
    /// The days it promises to answer in.
    pub days: Vec<Message>,
    /// Whether no key of the claim before signed it.
    pub is_break: bool,
    /// Its entry.
    pub link: EntryLink,
}

/// What is due from an organization.
pub struct Due {
    /// The first of it: what, whether it is late, and its thread.
    pub lines: Vec<DueLine>,
    /// How much is late, and how much is to come.
    pub counts: (usize, usize),
    /// Whether the lines are not all.
    pub is_part: bool,
}

/// One thing that is due.
pub struct DueLine {
    /// What, and by when.
    pub what: Message,
    /// The agreement.
    pub thread: EntryLink,
}

impl Claimed {
    /// Looks it up.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(visit: &Visit, view: &View, domain: &Domain) -> Result<Self, LookupError> {
        let found = view.claimed(domain, CLAIMS)?;
        let mut claims = Vec::with_capacity(found.claims.len());
        for claim in &found.claims {
            claims.extend(Claim::new(visit, view, claim)?);
        }
        let observed = match &found.observed {
            Some(seen) => link(view, seen.index)?.map(|link| (observed(visit, seen), link)),
            None => None,
        };
        let listed =
            |key: &&DidKey| found.observed.as_ref().is_some_and(|seen| seen.keys.contains(key));
        let newest = found.claims.first().map_or(&[][..], |claim| &claim.by.keys);
        let not_listed = newest.iter().filter(|key| !listed(key));
        Ok(Self {
            not_listed: not_listed.map(|key| key.as_str().to_owned()).collect(),
            has_older: found.has_older,
            claims,
            observed,
        })
    }
}

impl Claim {
    fn new(visit: &Visit, view: &View, claim: &ClaimView) -> Result<Option<Self>, LookupError> {
        let Some(link) = link(view, claim.by.index)? else { return Ok(None) };
        let days = [
            ("organization-first-in", claim.response_days),
            ("organization-final-in", claim.final_days),
        ];
        let days =
            days.into_iter().filter_map(|(id, days)| Some(visit.say(id).with("count", days?)));
        Ok(Some(Self {
            since: at(visit, "organization-claimed", claim.by.time),
            keys: claim.by.keys.iter().map(|key| key.as_str().to_owned()).collect(),
            days: days.collect(),
            is_break: claim.continues == Some(false),
            link,
        }))
    }
}

fn observed(visit: &Visit, seen: &KeysView) -> Message {
    at(visit, "organization-observed", seen.time).with("count", seen.keys.len())
}

fn at(visit: &Visit, id: &'static str, time: Moment) -> Message {
    visit.say(id).with("time", visit.written(&time.to_millis()))
}

fn link(view: &View, index: u64) -> Result<Option<EntryLink>, LookupError> {
    Ok(view.leaf_hash(index)?.map(|hash| EntryLink::new(index, &hash)))
}

impl Due {
    /// What is due from a domain at that moment: what is late first, the earliest day first.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(
        visit: &Visit,
        view: &View,
        domain: &Domain,
        now: Moment,
    ) -> Result<Self, LookupError> {
        let waiting = view.waiting_for(domain, now)?;
        let late = waiting.iter().filter(|waiting| waiting.deadline.is_late).count();
        let mut lines = Vec::new();
        for waiting in waiting.iter().take(DUE) {
            let (index, deadline) = (waiting.agreement.index, &waiting.deadline);
            let Some(thread) = link(view, index)? else { continue };
            let id = if deadline.is_late { "organization-due-late" } else { "organization-due-by" };
            let message = visit.say(id).with("what", what(visit, deadline).plain());
            let day = visit.written(&deadline.day.to_string());
            lines.push(DueLine { what: message.with("day", day), thread });
        }
        let counts = (late, waiting.len() - late);
        Ok(Self { lines, counts, is_part: waiting.len() > DUE })
    }
}
