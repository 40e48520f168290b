//! Whether the fields of an entry make it one about a domain (protocol §6). A chain that was walked to its first
//! entry holds all that is needed to tell: an agreement about the domain, and every entry that `re` could
//! name, are entries of that chain themselves.

use std::collections::HashSet;

use super::super::content::Content;
use super::fault::{Fault, Finding};
use crate::encoding::domain::Domain;
use crate::entry::Entry;
use crate::statement::membership::Outline;
use crate::statement::{Membership, STATEMENT_TYPE, StatementId};

/// Half of an id: two statements under one key would cost 2^64 tries to make.
type Key = [u8; 16];

/// What of the entries seen so far is needed to tell.
#[derive(Debug)]
pub(super) struct Members {
    domain: Domain,
    /// Entries of the chain.
    ids: HashSet<Key>,
    /// Those of them that are agreements whose own fields name the domain.
    agreements: HashSet<Key>,
    /// Entries of the chain whose own fields do not name it.
    by_others: Vec<Pointing>,
    /// Entries after the newest that are not in the chain.
    outside: Vec<Pointing>,
    /// Entries of the chain whose fields cannot be read, so that their links are all there is.
    pub(super) taken_from_links: Vec<u64>,
    /// How many entries outside of the chain have fields that cannot be read.
    pub(super) untold: u64,
}

/// An entry that may be about the domain by way of others.
#[derive(Debug, Clone, Copy)]
struct Pointing {
    seq: u64,
    index: u64,
    own: bool,
    thread: Option<Key>,
    re: Option<Key>,
}

impl Members {
    pub(super) fn of(domain: Domain) -> Self {
        Self {
            domain,
            ids: HashSet::new(),
            agreements: HashSet::new(),
            by_others: Vec::new(),
            outside: Vec::new(),
            taken_from_links: Vec::new(),
            untold: 0,
        }
    }

    /// An entry of the chain.
    pub(super) fn add(&mut self, seq: u64, index: u64, id: StatementId, content: Option<&Content>) {
        let Some(membership) = content.and_then(Content::membership) else {
            self.taken_from_links.push(index);
            self.ids.insert(key(id));
            return;
        };
        let pointing = self.pointing(seq, index, &membership);
        self.ids.insert(key(id));
        if membership.opens_thread && pointing.own {
            self.agreements.insert(key(id));
        }
        if !pointing.own {
            self.by_others.push(pointing);
        }
    }

    /// An entry after the newest one, whose links leave the domain out.
    pub(super) fn add_outside(&mut self, entry: &Entry) {
        let is_known = entry.envelope.payload_type() == STATEMENT_TYPE;
        let outline = Outline::read(entry.envelope.payload()).filter(|_| is_known);
        let Some(outline) = outline else {
            self.untold += 1;
            return;
        };
        let pointing = self.pointing(0, entry.index, &outline.membership());
        if pointing.own || pointing.thread.is_some() || pointing.re.is_some() {
            self.outside.push(pointing);
        }
    }

    fn pointing(&self, seq: u64, index: u64, membership: &Membership<'_>) -> Pointing {
        Pointing {
            seq,
            index,
            own: membership.subjects.contains(&&self.domain),
            thread: membership.thread.map(key),
            re: membership.re.map(key),
        }
    }

    fn is_member(&self, entry: &Pointing) -> bool {
        entry.own
            || entry.thread.is_some_and(|thread| self.agreements.contains(&thread))
            || entry.re.is_some_and(|re| self.ids.contains(&re))
    }

    /// What does not fit, once the chain was walked. `newest` is the place of its newest entry; in a chain with
    /// holes, what an entry points at may stand in one of them, and is not missed.
    pub(super) fn conclude(&self, newest: Option<u64>, has_holes: bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for entry in self.by_others.iter().filter(|entry| !has_holes && !self.is_member(entry)) {
            let (seq, index) = (Some(entry.seq), Some(entry.index));
            findings.push(Finding { seq, index, fault: Fault::NotAMember });
        }
        let mut outside: Vec<_> = self.outside.iter().filter(|e| self.is_member(e)).collect();
        outside.sort_by_key(|entry| entry.index);
        let places = newest.map_or(0, |seq| seq + 1)..;
        for (seq, entry) in places.zip(outside) {
            let (seq, index) = (Some(seq), Some(entry.index));
            findings.push(Finding { seq, index, fault: Fault::LinkMissing });
        }
        findings
    }
}

fn key(id: StatementId) -> Key {
    let (front, _) = id.as_hash().as_bytes().as_chunks::<16>();
    front[0]
}
