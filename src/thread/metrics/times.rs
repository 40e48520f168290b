//! Times to a first response, and the one at a rank. A breach without any response counts as longer than every
//! response, so that silence never makes an organization look faster.

/// Times of some breaches.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    /// Whole seconds, in the order they were seen.
    answered: Vec<u64>,
    in_time: u64,
    unanswered: u64,
}

impl Times {
    /// A breach that was answered after so many seconds.
    pub(super) fn answered(&mut self, seconds: u64, in_time: bool) {
        self.answered.push(seconds);
        self.in_time += u64::from(in_time);
    }

    /// A breach whose first response is overdue.
    pub(super) fn unanswered(&mut self) {
        self.unanswered += 1;
    }

    /// How many were answered.
    pub(super) fn given(&self) -> u64 {
        self.answered.len() as u64
    }

    /// How many were answered in time.
    pub(super) fn in_time(&self) -> u64 {
        self.in_time
    }

    /// How many count.
    pub(super) fn all(&self) -> u64 {
        self.given() + self.unanswered
    }

    /// The nearest rank: the least place, from 1, with at least so many of a hundred at or before it.
    pub(super) fn rank(&self, of_a_hundred: u64) -> u64 {
        (self.all() * of_a_hundred).div_ceil(100)
    }

    /// The time at that place, shortest first; none where no response is recorded there.
    pub(super) fn at(&self, rank: u64) -> Option<u64> {
        let mut sorted = self.answered.clone();
        sorted.sort_unstable();
        sorted.get(usize::try_from(rank.checked_sub(1)?).ok()?).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_rank_is_a_time_that_was_seen() {
        let mut times = Times::default();
        assert_eq!((times.rank(50), times.at(times.rank(50))), (0, None));
        for seconds in [40, 10, 30, 20] {
            times.answered(seconds, true);
        }
        assert_eq!((times.rank(50), times.at(2)), (2, Some(20)));
        assert_eq!((times.rank(90), times.at(4)), (4, Some(40)));
    }

    #[test]
    fn silence_counts_as_longest() {
        let mut times = Times::default();
        times.answered(5, true);
        times.unanswered();
        times.unanswered();
        assert_eq!((times.all(), times.rank(50), times.at(2)), (3, 2, None));
    }
}
