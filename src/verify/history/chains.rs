//! The heads of all chains, kept small: an audit of a million entries meets about as many signers.

use std::collections::HashMap;

use super::fault::Fault;
use crate::crypto::sha256_of;
use crate::entry::{Link, Links};
use crate::ledger::{ChainName, Facts, Newest};
use crate::tlog::Recent;

/// Half of a SHA-256: two chains under one key would cost 2^64 tries to make, and only confuse an audit.
pub(super) type Key = [u8; 16];

/// The newest entry of every chain, and how many stand before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chains(pub(super) HashMap<Key, (u64, u64)>);

impl Chains {
    /// Puts the heads of these chains into the facts.
    pub(super) fn look_up(&self, chains: &[ChainName], tree: &Recent, facts: &mut Facts) {
        for chain in chains {
            if let Some((index, seq)) = self.0.get(&key(chain)).copied()
                && let Some(hash) = tree.leaf(index)
            {
                facts.chains.insert(chain.clone(), Newest { index, hash, seq });
            }
        }
    }

    /// Makes the entry with that index the newest of these chains.
    pub(super) fn join(&mut self, chains: &[ChainName], index: u64) {
        for chain in chains {
            let first = (index, 0);
            self.0
                .entry(key(chain))
                .and_modify(|(newest, seq)| (*newest, *seq) = (index, *seq + 1))
                .or_insert(first);
        }
    }
}

fn key(chain: &ChainName) -> Key {
    let hash = match chain {
        ChainName::Thread(id) => sha256_of(&[b"t", id.as_hash().as_bytes()]),
        ChainName::Subject(domain) => sha256_of(&[b"d", domain.as_str().as_bytes()]),
        ChainName::Signer(signer) => sha256_of(&[b"k", signer.as_bytes()]),
    };
    let mut key = Key::default();
    key.copy_from_slice(&hash.as_bytes()[..16]);
    key
}

/// What of an entry's links is not as it should be.
pub(super) fn compare(expected: &Links, found: &Links) -> Vec<Fault> {
    let mut faults = Vec::new();
    if expected.prev != found.prev {
        faults.push(Fault::PrevLinkBroken);
    }
    if expected.thread != found.thread {
        faults.push(Fault::ThreadLinkBroken);
    }
    let subjects = different(&expected.subjects, &found.subjects);
    faults.extend(subjects.map(|domain| Fault::SubjectLinkBroken(domain.clone())));
    let signers = different(&expected.signers, &found.signers);
    faults.extend(signers.map(|signer| Fault::SignerLinkBroken(signer.clone())));
    faults
}

/// The names whose links differ, or that only one side has.
fn different<'a, N: PartialEq>(
    expected: &'a [(N, Link)],
    found: &'a [(N, Link)],
) -> impl Iterator<Item = &'a N> {
    let not_in = |one: &'a [(N, Link)], other: &'a [(N, Link)]| {
        one.iter().filter(move |link| !other.contains(link)).map(|(name, _)| name)
    };
    let wrong = not_in(expected, found);
    let extra = not_in(found, expected);
    wrong.chain(extra.filter(|name| !expected.iter().any(|(expected, _)| expected == *name)))
}
