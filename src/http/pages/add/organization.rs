//! An organization that states something about an agreement: with which keys, and on what it can answer.

use super::Begun;
use crate::encoding::domain::Domain;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::strings::Message;
use crate::http::pages::{Frame, Visit, kind_name};
use crate::service::{EntryView, LookupError, View};
use crate::statement::fields::Commitment;
use crate::statement::{Statement, StatementId};
use crate::thread::Thread;

/// What a party may state, in the order in which it is offered.
const PARTY: [&str; 4] = ["response", "countersignature", "fulfilment", "termination"];
/// What another organization may state.
const OTHER: [&str; 1] = ["offer"];
/// The newest claims whose keys may sign: every one that a domain may list at once.
const CLAIMS: usize = 64;

/// An organization.
pub struct Organization {
    /// Its domain.
    pub domain: Domain,
    /// Whether it is a party to the agreement. Others can make an offer.
    pub is_party: bool,
    /// Whether the signers welcome offers.
    pub offers_welcome: bool,
    /// The keys that claimed its domain.
    pub keys: Vec<String>,
    /// What it can respond to.
    pub responses: Vec<Answerable>,
    /// What it can countersign.
    pub verdicts: Vec<Answerable>,
    /// The stage of the response that is chosen to begin with.
    pub stage: Option<String>,
}

/// An entry that can be answered.
pub struct Answerable {
    /// Its number.
    pub index: u64,
    /// The id of its statement.
    pub id: StatementId,
    /// Its kind.
    pub kind: Message,
    /// Whether it is chosen to begin with.
    pub is_chosen: bool,
}

impl Organization {
    /// Looks it up.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn find(
        visit: &Visit,
        view: &View,
        (thread, entries): (&Thread, &[EntryView]),
        domain: Domain,
        begun: &Begun,
    ) -> Result<Self, LookupError> {
        let claims = view.claimed(&domain, CLAIMS)?.claims;
        let mut keys: Vec<_> =
            claims.iter().flat_map(|claim| &claim.by.keys).map(ToString::to_string).collect();
        keys.sort();
        keys.dedup();
        let of_signers: Vec<_> =
            entries.iter().filter_map(|entry| by_signers(thread, entry)).collect();
        let list = |kinds: Option<&[&str]>| {
            let fits = |kind: &str| kinds.is_none_or(|kinds| kinds.contains(&kind));
            let fitting = of_signers.iter().filter(|(_, statement)| fits(statement.kind().name));
            answerable(visit, fitting, begun.re)
        };
        Ok(Self {
            is_party: thread.subjects().contains(&domain),
            offers_welcome: thread.offers_welcome(),
            responses: list(None),
            verdicts: list(Some(&["agreement", "amendment"])),
            stage: begun.stage.clone(),
            keys,
            domain,
        })
    }

    /// What it may state.
    pub fn kinds(&self) -> &'static [&'static str] {
        match (self.is_party, self.offers_welcome) {
            (true, _) => &PARTY,
            (false, true) => &OTHER,
            (false, false) => &[],
        }
    }

    /// Whether there is something that it can state, and a key that speaks for it.
    pub fn is_able(&self) -> bool {
        !self.kinds().is_empty() && !self.keys.is_empty()
    }

    /// The page on which it claims its domain.
    pub fn claim_path(&self) -> String {
        format!("/o/{}/claim", self.domain)
    }

    /// The page of what waits for it.
    pub fn inbox_path(&self) -> String {
        format!("/o/{}/inbox", self.domain)
    }

    /// The commands that do the same without a script.
    pub fn commands(&self, frame: &Frame, agreement: &EntryLink) -> Vec<String> {
        let domain = &self.domain;
        let command = |verb: &str, more: &str| {
            let url = frame.url(&agreement.path());
            format!("onrecord {verb} {url} --domain {domain} --key {domain}.key {more}")
        };
        if self.is_party {
            let respond = command("respond", "--stage acknowledged --note '…'");
            return vec![respond, command("countersign", "").trim_end().to_owned()];
        }
        vec![command("offer", "--title '…' --commitment '…' --expires YYYY-MM-DD")]
    }

    /// Whether it owes a commitment.
    pub fn owes(&self, commitment: &Commitment) -> bool {
        commitment.by.subject() == Some(&self.domain)
    }
}

/// An entry that one of those signed who signed the agreement.
fn by_signers<'a>(thread: &Thread, entry: &'a EntryView) -> Option<(&'a EntryView, Statement)> {
    let mut signers = entry.entry.links.signers.iter();
    signers.any(|(signer, _)| thread.signers().contains(signer)).then_some(())?;
    Some((entry, Statement::read(entry.entry.envelope.payload()).ok()?))
}

/// The newest first; the newest breach is chosen where none is asked for, since it waits for an answer.
fn answerable<'a>(
    visit: &Visit,
    entries: impl Iterator<Item = &'a (&'a EntryView, Statement)>,
    asked: Option<u64>,
) -> Vec<Answerable> {
    let mut entries: Vec<_> = entries.collect();
    entries.reverse();
    let index = |(entry, _): &(&EntryView, Statement)| entry.entry.index;
    let breach = entries.iter().find(|(_, statement)| statement.kind().name == "breach");
    let begins = entries.iter().find(|entry| Some(index(entry)) == asked).or(breach);
    let begins = begins.map(|entry| index(entry));
    let answerable = entries.iter().map(|(entry, _)| Answerable {
        index: entry.entry.index,
        id: entry.entry.envelope.id(),
        kind: kind_name(visit, entry),
        is_chosen: Some(entry.entry.index) == begins,
    });
    answerable.collect()
}
