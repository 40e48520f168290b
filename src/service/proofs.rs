//! What a view proves: that an entry is in the log, that a tree begins with an older one, and the bundles that people
//! keep (protocol §7, §8).

use super::lookup::LookupError;
use super::view::View;
use crate::crypto::Hash;
use crate::entry::Bundle;
use crate::tlog::{Proof, ProveError, SignedCheckpoint, prove_consistency, prove_inclusion, root};

impl View {
    /// The checkpoint itself, as it was signed.
    pub fn signed(&self) -> &SignedCheckpoint {
        &self.published().checkpoint
    }

    /// The proof that the tree of this checkpoint begins with that of `old` entries, 1 or more.
    ///
    /// # Errors
    /// [`LookupError`], also when this checkpoint has fewer entries.
    pub fn consistency(&self, old: u64) -> Result<Vec<Hash>, LookupError> {
        prove_consistency(old, self.size(), self.lookup()).map_err(|error| match error {
            ProveError::Node(error) => error,
            _ => LookupError::Inconsistent { index: old, what: "there is no proof from that size" },
        })
    }

    /// The root that the tree had at that size; nothing when it has not grown to it.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn root_at(&self, size: u64) -> Result<Option<Hash>, LookupError> {
        if size > self.size() { Ok(None) } else { root(size, self.lookup()).map(Some) }
    }

    /// The proof that an entry of this checkpoint is in the log: by the newest checkpoint that was witnessed, where that
    /// covers it, and by this one until then.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn proof(&self, index: u64) -> Result<Option<Proof>, LookupError> {
        if index >= self.size() {
            return Ok(None);
        }
        let witnessed = self.lookup().memory().witnessed().filter(|one| one.size() > index);
        let checkpoint = witnessed.unwrap_or_else(|| self.published().clone()).checkpoint.clone();
        let inconsistent = |what| LookupError::Inconsistent { index, what };
        let path = prove_inclusion(index, checkpoint.checkpoint().size(), self.lookup()).map_err(
            |error| match error {
                ProveError::Node(error) => error,
                _ => inconsistent("it cannot be proved"),
            },
        )?;
        let proof = Proof::new(index, path, checkpoint);
        proof.map(Some).map_err(|_| inconsistent("its proof is too long"))
    }

    /// The bundle of an entry, with the words that are public now.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn bundle(&self, index: u64) -> Result<Option<Bundle>, LookupError> {
        let Some(view) = self.entry(index)? else { return Ok(None) };
        let disclosures = view.words.into_iter().filter_map(|word| word.disclosure).collect();
        self.bundle_with(index, disclosures)
    }

    /// The bundle of an entry whose public words the caller knows.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn bundle_with(
        &self,
        index: u64,
        disclosures: Vec<String>,
    ) -> Result<Option<Bundle>, LookupError> {
        let (Some(leaf), Some(proof)) = (self.leaf(index)?, self.proof(index)?) else {
            return Ok(None);
        };
        let proof = proof.to_string();
        Ok(Some(Bundle { disclosures, leaf: leaf.to_vec(), proof, sealed: Vec::new() }))
    }
}
