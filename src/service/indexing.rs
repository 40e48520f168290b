//! What the index has to know of an entry, read from its leaf.

use super::lookup::{Lookup, LookupError};
use crate::entry::Entry;
use crate::ledger::{ChainName, Planned};
use crate::statement::membership::Outline;
use crate::statement::{Effect, Statement, StatementId};
use crate::store::{Chain, Indexed, List, WordRef};

/// The key of a chain.
pub fn chain(name: &ChainName) -> Chain {
    match name {
        ChainName::Thread(id) => Chain::thread(id.as_hash()),
        ChainName::Subject(domain) => Chain::subject(domain.as_str()),
        ChainName::Signer(signer) => Chain::signer(signer),
    }
}

/// What is indexed of an entry that was just planned.
pub fn of_planned(planned: &Planned) -> Indexed {
    let words = |digests: &mut dyn Iterator<Item = crate::crypto::Hash>| match planned.target {
        Some(entry) => digests.map(|digest| WordRef { entry, digest }).collect(),
        None => Vec::new(),
    };
    Indexed {
        index: planned.index,
        id: *planned.id.as_hash(),
        chains: planned.chains.iter().map(|(name, seq)| (chain(name), *seq)).collect(),
        lists: lists(&planned.statement),
        revealed: words(&mut planned.revealed.iter().copied()),
        erased: words(&mut planned.erased.iter().map(|(digest, _)| *digest)),
        moderated: moderated(&planned.statement, planned.target),
    }
}

/// What is indexed of an entry that was logged before. Entries before it can be looked up.
///
/// # Errors
/// [`LookupError`] when the entry contradicts those before it.
pub fn of_leaf(entry: &Entry, lookup: &Lookup) -> Result<Indexed, LookupError> {
    let index = entry.index;
    let inconsistent = |what| LookupError::Inconsistent { index, what };
    let payload = entry.envelope.payload();
    let id = entry.envelope.id();
    let outline = Outline::read(payload);
    let target = match outline.as_ref().and_then(|outline| outline.membership().re) {
        Some(re) => lookup.find(&re)?,
        None => None,
    };
    let thread = match (&entry.links.thread, outline.as_ref().map(Outline::membership)) {
        (None, _) | (_, None) => None,
        (_, Some(membership)) if membership.opens_thread => Some(id),
        (_, Some(membership)) if membership.thread.is_some() => membership.thread,
        _ => thread_of(target, lookup)?,
    };
    let links = &entry.links;
    let mut chains = Vec::new();
    if let Some(link) = &links.thread {
        let thread = thread.ok_or_else(|| inconsistent("a link to an unknown thread"))?;
        chains.push((Chain::thread(thread.as_hash()), link.seq()));
    }
    chains.extend(
        links.subjects.iter().map(|(domain, l)| (Chain::subject(domain.as_str()), l.seq())),
    );
    chains.extend(links.signers.iter().map(|(signer, link)| (Chain::signer(signer), link.seq())));
    let mut indexed = Indexed {
        index,
        id: *id.as_hash(),
        chains,
        lists: Vec::new(),
        revealed: Vec::new(),
        erased: Vec::new(),
        moderated: Vec::new(),
    };
    if let Ok(statement) = Statement::read(payload) {
        take_effect(&statement, target, &mut indexed);
        if let (Effect::Restores(_), Some(entry)) = (statement.rules().effect, target) {
            // A mirror holds with it the words that it did not have before they were restored.
            let held = lookup.words_held(index)?.into_iter().map(|word| word.digest);
            let held = held.filter(|digest| !statement.digests().contains(digest));
            indexed.revealed = held.map(|digest| WordRef { entry, digest }).collect();
        }
    }
    Ok(indexed)
}

fn thread_of(target: Option<u64>, lookup: &Lookup) -> Result<Option<StatementId>, LookupError> {
    target.map_or(Ok(None), |target| lookup.thread_of(target))
}

fn take_effect(statement: &Statement, target: Option<u64>, indexed: &mut Indexed) {
    let words = |digests: &[crate::crypto::Hash]| match target {
        Some(entry) => digests.iter().map(|digest| WordRef { entry, digest: *digest }).collect(),
        None => Vec::new(),
    };
    indexed.lists = lists(statement);
    indexed.moderated = moderated(statement, target);
    match statement.rules().effect {
        Effect::Reveals(digests) => indexed.revealed = words(digests),
        Effect::Erases(digests) => indexed.erased = words(digests),
        _ => {}
    }
}

/// The lists that a statement is in.
fn lists(statement: &Statement) -> Vec<List> {
    match statement.rules().effect {
        Effect::SetsPolicy { .. } => vec![List::policies()],
        Effect::NamesLogKeys(_) => vec![List::log_keys()],
        Effect::Claims(domain) => vec![List::claims(), List::claims_of(domain.as_str())],
        Effect::Observes { domain, .. } => vec![List::observations_of(domain.as_str())],
        Effect::Notifies(_) => vec![List::moderation()],
        // A moderation may also erase.
        _ if statement.kind().name == "moderation" => vec![List::moderation()],
        _ => Vec::new(),
    }
}

/// What a statement withheld or restored of its target.
fn moderated(statement: &Statement, target: Option<u64>) -> Vec<(WordRef, bool)> {
    let (digests, withheld) = match statement.rules().effect {
        Effect::Withholds(digests) => (digests, true),
        Effect::Restores(digests) => (digests, false),
        _ => return Vec::new(),
    };
    let Some(entry) = target else { return Vec::new() };
    if digests.is_empty() {
        return vec![(WordRef::entry_itself(entry), withheld)];
    }
    digests.iter().map(|digest| (WordRef { entry, digest: *digest }, withheld)).collect()
}
