//! What holds of the state of every thread, whatever was stated and whenever it is looked at.

use std::collections::BTreeMap;
use std::time::Duration;

use onrecord::encoding::domain::Domain;
use onrecord::encoding::time::Moment;
use onrecord::statement::StatementId;
use onrecord::thread::metrics::{Metrics, Tally};
use onrecord::thread::state::{BreachStatus, CommitmentStatus, OfferStatus, State};
use onrecord::thread::terms::Terms;
use onrecord::thread::threads::Threads;
use onrecord::thread::turns::Turn;
use proptest::prelude::*;

use crate::histories::{DOMAINS, chances, ledger};
use crate::plain::{Plain, threads};

const DAY: u64 = 86_400;

fn ids(threads: &Threads) -> Vec<StatementId> {
    threads.courses().map(onrecord::thread::course::Course::id).collect()
}

fn states(threads: &Threads, now: Moment) -> Vec<State> {
    ids(threads).iter().map(|id| threads.state_at(id, now).unwrap()).collect()
}

fn metrics(threads: &Threads, until: Moment) -> Vec<Metrics> {
    let domain = |name: &&str| Domain::parse(name).unwrap();
    let each = |name| [90, 365].map(|days| threads.metrics(&domain(name), days, until).unwrap());
    DOMAINS.iter().flat_map(each).collect()
}

fn end(entries: &[Plain]) -> Moment {
    entries.last().unwrap().time
}

/// How overdue things are: never less by time alone.
fn lateness(state: &State) -> Vec<u8> {
    let commitments = state.commitments.iter().map(|commitment| match commitment.status {
        CommitmentStatus::Open => 0,
        CommitmentStatus::DueSoon => 1,
        CommitmentStatus::Overdue => 2,
        _ => 3,
    });
    let asked = state.breaches.iter().flat_map(|breach| &breach.asked);
    let asked = asked.map(|asked| match asked.status {
        BreachStatus::AwaitingFirstResponse => 0,
        BreachStatus::FirstResponseOverdue => 1,
        BreachStatus::LongOverdue => 2,
        BreachStatus::Acknowledged => 3,
        BreachStatus::FinalResponseOverdue => 4,
        BreachStatus::InProgress => 5,
        BreachStatus::InProgressOverdue => 6,
        BreachStatus::FinalResponse => 7,
    });
    let offers = state.offers.iter().map(|offer| u8::from(offer.status != OfferStatus::Live));
    commitments.chain(asked).chain(offers).collect()
}

/// Makes a state what somebody who is told only of the turn makes of it.
fn turn_into(state: &mut State, turn: &Turn) {
    for (number, status) in &turn.commitments {
        state.commitments[usize::from(*number) - 1].status = *status;
    }
    for (index, domain, status) in &turn.breaches {
        let breach = state.breaches.iter_mut().find(|breach| breach.mark.index == *index).unwrap();
        breach.asked.iter_mut().find(|asked| asked.domain == *domain).unwrap().status = *status;
    }
    for (index, status) in &turn.offers {
        state.offers.iter_mut().find(|offer| offer.index == *index).unwrap().status = *status;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_state_stands_until_its_next_change_and_is_another_one_then(
        chances in chances(), later in 0_u64..200 * DAY,
    ) {
        let entries = ledger(&chances);
        let threads = threads(&entries);
        let now = end(&entries).plus(Duration::from_secs(later));
        for state in states(&threads, now) {
            let at = |moment| threads.state_at(&state.id, moment).unwrap();
            let Some(change) = state.next_change else {
                prop_assert_eq!(&at(Moment::LAST), &state);
                continue;
            };
            prop_assert!(change > now);
            let just_before = change.minus(Duration::from_millis(1));
            prop_assert_eq!(&at(just_before), &state);
            let between = (now.as_millis() + just_before.as_millis()) / 2;
            prop_assert_eq!(&at(Moment::from_millis(between).unwrap()), &state);
            prop_assert_ne!(lateness(&at(change)), lateness(&state));
        }
    }

    #[test]
    fn the_turns_of_the_clock_lead_from_one_state_to_the_other_and_each_is_at_a_noon(
        chances in chances(), first in 0_u64..200 * DAY, then in 0_u64..200 * DAY,
    ) {
        let entries = ledger(&chances);
        let threads = threads(&entries);
        let after = end(&entries).plus(Duration::from_secs(first));
        let until = after.plus(Duration::from_secs(then));
        for (mut before, now) in states(&threads, after).into_iter().zip(states(&threads, until)) {
            let mut last = after;
            for turn in threads.turns(&before.id, after, until) {
                prop_assert!(turn.at > last && turn.at <= until);
                prop_assert_eq!(turn.at.as_millis().rem_euclid(86_400_000), 43_200_000);
                let parts = turn.commitments.len() + turn.breaches.len() + turn.offers.len();
                prop_assert!(parts > 0);
                turn_into(&mut before, &turn);
                last = turn.at;
            }
            prop_assert_eq!(lateness(&before), lateness(&now));
        }
    }

    #[test]
    fn time_alone_makes_nothing_less_overdue(
        chances in chances(), first in 0_u64..400 * DAY, second in 0_u64..400 * DAY,
    ) {
        let entries = ledger(&chances);
        let threads = threads(&entries);
        let after = |seconds| end(&entries).plus(Duration::from_secs(seconds));
        let (early, late) = (after(first.min(second)), after(first.max(second)));
        for (early, late) in states(&threads, early).iter().zip(states(&threads, late)) {
            let pairs = lateness(early).into_iter().zip(lateness(&late)).collect::<Vec<_>>();
            prop_assert!(pairs.iter().all(|(early, late)| early <= late), "{:?}", pairs);
        }
    }

    #[test]
    fn a_prefix_has_the_state_it_had_when_it_was_all_there_was(
        chances in chances(), cut in any::<prop::sample::Index>(),
    ) {
        let entries = ledger(&chances);
        let (before, after) = entries.split_at(1 + cut.index(entries.len()));
        let now = end(before);
        let mut growing = threads(before);
        let then = (states(&growing, now), metrics(&growing, now));
        // Going on changes only threads that are stated of, and only from there.
        after.iter().for_each(|entry| growing.push(&entry.stated()));
        let again = threads(before);
        prop_assert_eq!(&then, &(states(&again, now), metrics(&again, now)));
        prop_assert_eq!(states(&growing, end(&entries)), states(&threads(&entries), end(&entries)));
    }

    #[test]
    fn the_order_of_unrelated_threads_changes_nothing(chances in chances()) {
        let entries = ledger(&chances);
        let whole = threads(&entries);
        let now = end(&entries);
        // Every thread by itself, the last begun first: claims and policies before all of them.
        let mut apart = Threads::default();
        let mut of_thread: BTreeMap<StatementId, Vec<&Plain>> = BTreeMap::new();
        let mut thread_of = BTreeMap::new();
        for entry in &entries {
            let membership = entry.statement.membership();
            let of_target = || thread_of.get(&membership.re?).copied();
            let opened = membership.opens_thread.then_some(entry.id);
            match opened.or(membership.thread).or_else(of_target) {
                None => apart.push(&entry.stated()),
                Some(thread) => {
                    thread_of.insert(entry.id, thread);
                    of_thread.entry(thread).or_default().push(entry);
                }
            }
        }
        let mut lists: Vec<_> = of_thread.into_values().collect();
        lists.sort_by_key(|list| std::cmp::Reverse(list[0].index));
        lists.iter().flatten().for_each(|entry| apart.push(&entry.stated()));
        prop_assert_eq!(states(&apart, now), states(&whole, now));
        prop_assert_eq!(metrics(&apart, now), metrics(&whole, now));
    }

    #[test]
    fn the_order_in_which_threads_are_counted_changes_nothing(chances in chances()) {
        let entries = ledger(&chances);
        let threads = threads(&entries);
        let mut terms = Terms::new(&entries[0].statement).unwrap();
        entries.iter().for_each(|entry| terms.add(entry.index, &entry.statement));
        let courses: Vec<_> = threads.courses().collect();
        for name in DOMAINS {
            let domain = Domain::parse(name).unwrap();
            let mut tally = Tally::new(domain.clone(), 90, end(&entries));
            courses.iter().rev().for_each(|course| tally.add(course, &terms));
            let counted = threads.metrics(&domain, 90, end(&entries)).unwrap();
            prop_assert_eq!(tally.finish(), counted);
        }
    }

    #[test]
    fn the_parts_of_a_whole_add_up_and_no_part_is_larger(chances in chances()) {
        let entries = ledger(&chances);
        for metrics in metrics(&threads(&entries), end(&entries)) {
            let of = |name: &str| {
                let named = |figure: &&onrecord::thread::metrics::Figure| figure.measure.name() == name;
                metrics.figures.iter().find(named).unwrap()
            };
            for parts in [
                &["one_sided", "confirmed", "partly_confirmed", "declined"][..],
                &["kept_on_time", "kept_late", "partly_kept", "broken", "overdue"],
                &["resolved", "partly_resolved", "not_resolved", "unassessed"],
            ] {
                let sum: u64 = parts.iter().map(|name| of(name).numerator).sum();
                prop_assert_eq!(sum, of(parts[0]).denominator, "{:?}", parts);
            }
            for figure in &metrics.figures {
                prop_assert!(figure.numerator <= figure.denominator, "{:?}", figure);
            }
        }
    }
}

#[test]
fn the_random_histories_come_to_every_status() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..300 {
        let entries = ledger(&chances().new_tree(&mut runner).unwrap().current());
        for state in states(&threads(&entries), end(&entries)) {
            seen.extend(state.commitments.iter().map(|one| format!("{:?}", one.status)));
            seen.extend(
                state
                    .breaches
                    .iter()
                    .flat_map(|one| &one.asked)
                    .map(|asked| format!("{:?}", asked.status)),
            );
            seen.extend(state.offers.iter().map(|one| format!("{:?}", one.status)));
            seen.extend(
                state
                    .commitments
                    .iter()
                    .filter_map(|one| one.contested_by)
                    .map(|_| "contested".into()),
            );
            seen.extend(state.withdrawn.map(|_| "withdrawn".into()));
        }
    }
    // Commitments have 6 statuses, breaches 8, offers 3, and `Overdue` of each has a name of its own.
    assert_eq!(seen.len(), 6 + 8 + 3 + 2, "{seen:?}");
}
