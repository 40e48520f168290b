//! Where an entry stands: the entries that it names and the chains that it joins (protocol §6), as links
//! to their pages.

use super::facts::Fact;
use super::words::label;
use crate::crypto::Hash;
use crate::entry::Link;
use crate::http::pages::Visit;
use crate::http::pages::entry_link::EntryLink;
use crate::http::pages::markup::Markup;
use crate::service::{EntryView, LookupError, View};
use crate::statement::StatementId;
use crate::statement::membership::Outline;

/// The other entries that an entry's page speaks of.
#[derive(Default)]
pub struct EntryLinks {
    /// The agreement that opened the thread, unless it is this entry.
    agreement: Option<EntryView>,
    /// The entry it is about.
    target: Option<EntryView>,
}

impl EntryLinks {
    /// Looks them up.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn look_up(view: &View, entry: &EntryView) -> Result<Self, LookupError> {
        let of = |id: Option<StatementId>| -> Result<Option<EntryView>, LookupError> {
            let Some(id) = id.filter(|id| *id != entry.entry.envelope.id()) else {
                return Ok(None);
            };
            let Some(index) = view.find(&id)? else { return Ok(None) };
            view.entry(index)
        };
        let outline = Outline::read(entry.entry.envelope.payload());
        let re = outline.as_ref().and_then(Outline::re);
        Ok(Self { agreement: of(entry.thread)?, target: of(re)? })
    }

    /// The entry of a statement that this one names.
    pub fn named(&self, visit: &Visit, id: Option<StatementId>) -> Vec<Markup> {
        let entries = self.target.iter().chain(&self.agreement);
        let named = entries.filter(|entry| Some(entry.entry.envelope.id()) == id).take(1);
        named.map(|entry| to(visit, &EntryLink::of(entry))).collect()
    }

    /// A word of the entry this one is about, by its name where that is known still.
    pub fn word(&self, visit: &Visit, digest: &Hash) -> Markup {
        let words = self.target.iter().flat_map(|target| &target.words);
        let name =
            words.filter(|word| word.digest == *digest).find_map(|word| word.name.as_deref());
        match name {
            Some(name) => Markup::trusted(label(visit, Some(name)).to_string()),
            None => Markup::code(&digest.to_base64url()),
        }
    }

    /// The agreement that opened the thread of this entry, if it is in one.
    pub fn opening(&self, entry: &EntryView) -> Option<EntryLink> {
        let opens_one = entry.thread == Some(entry.entry.envelope.id());
        self.agreement.as_ref().or(opens_one.then_some(entry)).map(EntryLink::of)
    }

    /// The chains that the entry joins, one a row.
    pub fn chains(&self, visit: &Visit, view: &EntryView) -> Vec<Fact> {
        let links = &view.entry.links;
        let mut rows = Vec::new();
        if let Some((before, prev)) = view.entry.index.checked_sub(1).zip(links.prev) {
            let label = Markup::trusted(visit.say("chain-ledger").to_string());
            rows.push(Fact { label, values: vec![to(visit, &EntryLink::new(before, &prev))] });
        }
        if let Some(agreement) = &self.agreement {
            let label = Markup::trusted(visit.say("chain-agreement").to_string());
            rows.push(Fact { label, values: vec![to(visit, &EntryLink::of(agreement))] });
        }
        if let Some(link) = &links.thread {
            rows.push(chain(visit, visit.say("chain-thread").to_string(), link));
        }
        for (domain, link) in &links.subjects {
            let label = visit.say("chain-organization").with("domain", domain.as_str().to_owned());
            rows.push(chain(visit, label.to_string(), link));
        }
        for (number, (_, link)) in (1u64..).zip(&links.signers) {
            let label = visit.say("chain-key").with("number", number);
            rows.push(chain(visit, label.to_string(), link));
        }
        rows
    }
}

/// A link to another entry's page.
fn to(visit: &Visit, link: &EntryLink) -> Markup {
    let name = visit.say("entry-number").with("index", link.index());
    Markup::link(&visit.link(&link.path()), name)
}

/// The place in a chain, and the chain's entry before.
fn chain(visit: &Visit, label: String, link: &Link) -> Fact {
    let values = match link.before() {
        None => vec![Markup::trusted(visit.say("chain-first").to_string())],
        Some((index, hash)) => vec![
            Markup::trusted(visit.say("chain-place").with("place", link.seq() + 1).to_string()),
            to(visit, &EntryLink::new(index, &hash)),
        ],
    };
    Fact { label: Markup::trusted(label), values }
}
