//! Which keys speak for a domain, as an audit remembers it: the entries that said so, read again when they are
//! asked for.

use std::collections::{BTreeMap, HashMap};

use super::super::content::Content;
use super::{History, Past, PastError};
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::ledger::voice::signed_agreement_with;
use crate::ledger::{ChainName, Facts, Voice, parties, voices};
use crate::statement::{Effect, Statement, StatementId};

/// The domains that were claimed or observed.
#[derive(Debug, Default)]
pub(super) struct Voices {
    pub(super) said: BTreeMap<Domain, Said>,
    /// Those that were read, as they are now.
    read: HashMap<Domain, Voice>,
}

/// The entries that say who speaks for a domain.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The newest observation.
    pub(super) observation: Option<u64>,
    /// Every claim.
    pub(super) claims: Vec<u64>,
}

impl Voices {
    /// Follows the entry with that index and time.
    pub(super) fn follow(&mut self, statement: &Statement, index: u64, time: Option<Moment>) {
        let domain = match statement.rules().effect {
            Effect::Claims(domain) => {
                self.said.entry(domain.clone()).or_default().claims.push(index);
                domain
            }
            Effect::Observes { domain, .. } => {
                self.said.entry(domain.clone()).or_default().observation = Some(index);
                domain
            }
            _ => return,
        };
        if let (Some(voice), Some(time)) = (self.read.get_mut(domain), time) {
            voice.follow(statement, time);
        }
    }
}

impl History {
    /// Puts into the facts what the rules ask of domains and their keys. Threads and chains are there already.
    pub(super) fn gather_voices<P: Past + ?Sized>(
        &mut self,
        id: StatementId,
        statement: &Statement,
        facts: &mut Facts,
        past: &P,
    ) -> Result<(), PastError<P::Error>> {
        let domains: Vec<Domain> = voices(id, statement, facts).into_iter().cloned().collect();
        for domain in domains {
            if let Some(voice) = self.read_voice(&domain, past)? {
                facts.voices.insert(domain, voice);
            }
        }
        let Some(domain) = parties(statement) else { return Ok(()) };
        let known = facts.parties.get_or_insert_default();
        for signer in statement.signers() {
            let newest = facts.chains.get(&ChainName::Signer(signer.clone()));
            let newest = newest.map(|newest| newest.index);
            let read = |index| self.read_again(index, past).map(|(entry, _)| entry);
            if signed_agreement_with(signer, domain, newest, read)? {
                known.insert((signer.clone(), domain.clone()));
            }
        }
        Ok(())
    }

    fn read_voice<P: Past + ?Sized>(
        &mut self,
        domain: &Domain,
        past: &P,
    ) -> Result<Option<Voice>, PastError<P::Error>> {
        let Some(said) = self.voices.said.get(domain) else { return Ok(None) };
        if let Some(voice) = self.voices.read.get(domain) {
            return Ok(Some(voice.clone()));
        }
        let mut voice = Voice::default();
        for index in said.claims.iter().chain(&said.observation) {
            if let (entry, Some(Content::Known(statement))) = self.read_again(*index, past)? {
                voice.follow(&statement, entry.time);
            }
        }
        self.voices.read.insert(domain.clone(), voice.clone());
        Ok(Some(voice))
    }
}
