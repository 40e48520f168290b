//! What the clock alone makes of something: how it stands at first, and what it turns into at known moments.
//! Not what statements make of it, which starts another timeline (protocol, "State of a thread").

use crate::encoding::time::Moment;

/// A moment to look at a thread from, and when its clocks were stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Now {
    /// The moment.
    pub(super) moment: Moment,
    /// From when on time alone changes nothing.
    pub(super) stopped: Option<Moment>,
}

/// How something stands as time goes by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Timeline<S> {
    first: S,
    turns: Vec<(Moment, S)>,
}

impl<S: Copy> Timeline<S> {
    /// Stands so, for ever.
    pub(super) const fn new(first: S) -> Self {
        Self { first, turns: Vec::new() }
    }

    /// From that moment on it stands so. Turns are given in order; one that would be earlier than the turn
    /// before it happens together with that one.
    pub(super) fn then(mut self, at: Moment, next: S) -> Self {
        let before = self.turns.last().map_or(at, |(moment, _)| *moment);
        self.turns.push((at.max(before), next));
        self
    }

    /// How it stands, and when the clock changes that next.
    pub(super) fn at(&self, now: Now) -> (S, Option<Moment>) {
        let runs_until = now.stopped.unwrap_or(Moment::LAST);
        let seen = now.moment.min(runs_until);
        let past = self.turns.iter().rev().find(|(moment, _)| *moment <= seen);
        let next = self.turns.iter().map(|(moment, _)| *moment).find(|moment| *moment > seen);
        (past.map_or(self.first, |(_, state)| *state), next.filter(|next| *next <= runs_until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Moment {
        Moment::from_millis(millis).unwrap()
    }

    fn seen(timeline: &Timeline<char>, moment: i64, stopped: Option<i64>) -> (char, Option<i64>) {
        let now = Now { moment: at(moment), stopped: stopped.map(at) };
        let (state, next) = timeline.at(now);
        (state, next.map(Moment::as_millis))
    }

    #[test]
    fn a_turn_happens_at_its_moment_and_not_before() {
        let timeline = Timeline::new('a').then(at(10), 'b').then(at(20), 'c');
        assert_eq!(seen(&timeline, 9, None), ('a', Some(10)));
        assert_eq!(seen(&timeline, 10, None), ('b', Some(20)));
        assert_eq!(seen(&timeline, 20, None), ('c', None));
    }

    #[test]
    fn of_two_turns_at_one_moment_the_later_is_seen() {
        let timeline = Timeline::new('a').then(at(10), 'b').then(at(5), 'c');
        assert_eq!(seen(&timeline, 9, None), ('a', Some(10)));
        assert_eq!(seen(&timeline, 10, None), ('c', None));
    }

    #[test]
    fn a_stopped_clock_turns_nothing_any_more() {
        let timeline = Timeline::new('a').then(at(10), 'b').then(at(20), 'c');
        assert_eq!(seen(&timeline, 9, Some(15)), ('a', Some(10)));
        assert_eq!(seen(&timeline, 99, Some(15)), ('b', None));
        assert_eq!(seen(&timeline, 99, Some(20)), ('c', None));
    }
}
