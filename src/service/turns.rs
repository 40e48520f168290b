//! What the clock alone changes in the threads of a ledger, for those who follow it (protocol §11, `state`). Which
//! changes there are is `thread/`; this finds the threads.

use super::lookup::LookupError;
use super::view::View;
use crate::encoding::domain::Domain;
use crate::encoding::time::Moment;
use crate::thread::turns::Turn;

/// Organizations that are listed at a time.
const ORGANIZATIONS: usize = 500;

impl View {
    /// Everything the clock changes after one moment and until another, that one included, the earliest first; nothing
    /// of agreements that are withheld. It goes through every thread.
    ///
    /// # Errors
    /// [`LookupError`].
    pub fn turns(&self, after: Moment, until: Moment) -> Result<Vec<Turn>, LookupError> {
        let (mut turns, mut from) = (Vec::new(), None);
        loop {
            let (organizations, next) = self.organizations(from.as_ref(), ORGANIZATIONS)?;
            for organization in &organizations {
                turns.extend(self.turns_of(&organization.domain, after, until)?);
            }
            from = next;
            if from.is_none() {
                break;
            }
        }
        turns.sort_by_key(|turn: &Turn| (turn.at, turn.agreement.index));
        Ok(turns)
    }

    /// The same in the threads of which that organization is the first subject.
    fn turns_of(
        &self,
        domain: &Domain,
        after: Moment,
        until: Moment,
    ) -> Result<Vec<Turn>, LookupError> {
        let (mut turns, mut shared) = (Vec::new(), Vec::new());
        self.about(domain, |threads| {
            for course in threads.courses() {
                match course.subjects() {
                    [only] if only == domain => {
                        turns.extend(threads.turns(&course.id(), after, until));
                    }
                    [first, _, ..] if first == domain => {
                        shared.push((course.id(), course.subjects().to_vec()));
                    }
                    _ => {}
                }
            }
        })?;
        for (id, subjects) in shared {
            let thread = self.with_claims_of(&subjects, &id)?;
            turns.extend(thread.iter().flat_map(|thread| thread.turns(&id, after, until)));
        }
        let mut shown = Vec::with_capacity(turns.len());
        for turn in turns {
            if self.is_shown(turn.agreement.index)? {
                shown.push(turn);
            }
        }
        Ok(shown)
    }
}
