//! Who claimed a domain and what the ledger saw of its keys (protocol §9), for pages. Who may speak for it is decided
//! in `ledger/`.

use super::lookup::LookupError;
use super::view::View;
use crate::crypto::DidKey;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::statement::Statement;
use crate::store::List;

/// What is shown of a domain's claims.
#[derive(Debug, Clone)]
pub struct ClaimedView {
    /// The newest claims, newest first.
    pub claims: Vec<ClaimView>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// The newest observation of its keys.
    pub observed: Option<KeysView>,
}

/// A claim.
#[derive(Debug, Clone)]
pub struct ClaimView {
    /// Its entry and the keys that signed it.
    pub by: KeysView,
    /// In how many days it says that it gives a first response.
    pub response_days: Option<i64>,
    /// In how many days it says that it gives a final response.
    pub final_days: Option<i64>,
    /// Whether a key of the claim before signed it too, so that it continues that one. None where it is the first.
    pub continues: Option<bool>,
}

/// Keys, and the entry that names them.
#[derive(Debug, Clone)]
pub struct KeysView {
    /// The entry.
    pub index: u64,
    /// Its time.
    pub time: Moment,
    /// The keys.
    pub keys: Vec<DidKey>,
}

impl View {
    /// The newest claims of a domain, at most so many, and the newest observation of its keys.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn claimed(&self, domain: &Domain, limit: usize) -> Result<ClaimedView, LookupError> {
        let list = List::claims_of(domain.as_str());
        // One more, since whether the oldest shown continues another is told by that one.
        let indices = self.lookup().listed(&list, self.size(), limit + 1)?;
        let mut claims: Vec<ClaimView> =
            indices.iter().map(|index| self.claim(*index)).collect::<Result<_, _>>()?;
        for later in 1..claims.len() {
            let (newer, older) = claims.split_at_mut(later);
            let signed_before = |key: &DidKey| older[0].by.keys.contains(key);
            newer[later - 1].continues = Some(newer[later - 1].by.keys.iter().any(signed_before));
        }
        let has_older = indices.len() > limit;
        claims.truncate(limit);
        let observed =
            self.lookup().newest_listed(&List::observations_of(domain.as_str()), self.size())?;
        let observed = observed
            .map(|index| self.keys(index, |statement| statement.fields().keys("keys")))
            .transpose()?;
        Ok(ClaimedView { claims, has_older, observed })
    }

    fn claim(&self, index: u64) -> Result<ClaimView, LookupError> {
        let statement = self.lookup().statement(index)?;
        let days = |name| statement.fields().integer(name);
        Ok(ClaimView {
            by: self.keys(index, Statement::signers)?,
            response_days: days("response_days"),
            final_days: days("final_days"),
            continues: None,
        })
    }

    /// The keys that an entry names, wherever it names them.
    fn keys(
        &self,
        index: u64,
        named: impl Fn(&Statement) -> &[DidKey],
    ) -> Result<KeysView, LookupError> {
        let time = self.lookup().entry(index)?.time;
        let keys = named(&self.lookup().statement(index)?).to_vec();
        Ok(KeysView { index, time, keys })
    }
}
