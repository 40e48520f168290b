//! What two entries of one log show against it, without any third: the later one is to follow the earlier one, and says
//! that it does not.

use super::super::Fault;
use crate::crypto::Hash;
use crate::entry::{Entry, Link};

/// How two entries of one ledger, of which `hash` is the leaf hash of the earlier, contradict each other; nothing where
/// they do not. Entries that both are what they should be never do.
pub fn contradiction(earlier: &Entry, hash: &Hash, later: &Entry) -> Option<Fault> {
    if earlier.index >= later.index {
        return None;
    }
    if later.time < earlier.time {
        return Some(Fault::TimeWentBack);
    }
    if later.envelope.id() == earlier.envelope.id() {
        return Some(Fault::LoggedTwice { first: earlier.index });
    }
    if later.index - earlier.index == 1 && later.links.prev != Some(*hash) {
        return Some(Fault::PrevLinkBroken);
    }
    let place = Place { index: earlier.index, hash, distance: later.index - earlier.index };
    let subject = place.broken(&earlier.links.subjects, &later.links.subjects);
    if let Some(domain) = subject {
        return Some(Fault::SubjectLinkBroken(domain.clone()));
    }
    let signer = place.broken(&earlier.links.signers, &later.links.signers);
    if let Some(signer) = signer {
        return Some(Fault::SignerLinkBroken(signer.clone()));
    }
    // Which thread it is, the links do not say: only that the one before stands in one as well.
    let of_thread = later.links.thread.as_ref()?;
    let is_named = of_thread.before().is_some_and(|(index, _)| index == earlier.index);
    let broken = is_named && !place.follows(earlier.links.thread.as_ref(), of_thread);
    broken.then_some(Fault::ThreadLinkBroken)
}

/// The earlier entry, as the later one has to name it.
struct Place<'a> {
    index: u64,
    hash: &'a Hash,
    /// From it to the later one.
    distance: u64,
}

impl Place<'_> {
    /// The first chain whose link does not follow.
    fn broken<'a, N: PartialEq>(
        &self,
        earlier: &[(N, Link)],
        later: &'a [(N, Link)],
    ) -> Option<&'a N> {
        let broken = later.iter().find(|(name, link)| {
            let stands = earlier.iter().find(|(other, _)| other == name).map(|(_, link)| link);
            match (stands, link.before()) {
                // It is not in that chain: then the later one may name any other, and not this one.
                (None, before) => before.is_some_and(|(index, _)| index == self.index),
                (Some(_), _) => !self.follows(stands, link),
            }
        });
        broken.map(|(name, _)| name)
    }

    /// Whether a later link of a chain is right about the earlier entry, which stands there with this link.
    fn follows(&self, stands: Option<&Link>, later: &Link) -> bool {
        let (Some(stands), Some((index, hash))) = (stands, later.before()) else { return false };
        let after = later.seq().checked_sub(stands.seq());
        match index.checked_sub(self.index) {
            // It is the one before.
            Some(0) => hash == *self.hash && after == Some(1),
            // Others stand between: at least that one, and no more than there is room for.
            Some(_) => after.is_some_and(|after| (2..=self.distance).contains(&after)),
            None => false,
        }
    }
}
