//! What the operator decided about an entry of a thread and its words. It changes no state of the thread; it is
//! counted (protocol §4 and "State of a thread").

use std::collections::BTreeMap;

use super::course::Mark;
use crate::crypto::Hash;

/// An entry, and what of it the operator holds back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub(super) mark: Mark,
    whole: bool,
    /// The words held back, and whether for good.
    words: BTreeMap<Hash, bool>,
}

impl Held {
    /// An entry of which nothing is held back.
    pub(super) const fn new(mark: Mark) -> Self {
        Self { mark, whole: false, words: BTreeMap::new() }
    }

    /// Follows a decision about these words, or about the entry where it names none.
    pub(super) fn decide(&mut self, decision: &str, digests: &[Hash]) {
        if digests.is_empty() {
            self.whole = decision == "withheld";
        }
        for digest in digests {
            let erased = self.words.get(digest).copied().unwrap_or(false);
            match decision {
                "erased" => drop(self.words.insert(*digest, true)),
                "withheld" if !erased => drop(self.words.insert(*digest, false)),
                "restored" if !erased => drop(self.words.remove(digest)),
                _ => {}
            }
        }
    }

    /// Whether the operator holds it back as a whole.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Whether the operator holds back any of it.
    pub(super) fn is_withheld(&self) -> bool {
        self.whole || !self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::time::Moment;

    #[test]
    fn what_is_restored_counts_no_more_and_what_is_erased_counts_for_ever() {
        let mut held = Held::new(Mark { index: 1, time: Moment::EPOCH });
        let word = [Hash::from_bytes([1; 32])];
        let mut after = |decision, digests: &[Hash]| {
            held.decide(decision, digests);
            held.is_withheld()
        };
        assert!(after("withheld", &word) && !after("restored", &word));
        assert!(after("withheld", &[]) && !after("restored", &[]));
        assert!(after("erased", &word) && after("restored", &word) && after("withheld", &word));
    }
}
