//! The order of a commit, plan → sign → commit → answer → apply, checked in every order that two processes, kills, power
//! cuts and failing syncs can bring about. `world.rs` is the model; here stands what must hold of it, and that it
//! holds no longer when any of the rules is left out.

#![cfg(test)]

mod world;

use stateright::{Checker as _, HasDiscoveries, Model as _};

use world::{Commits, Rules};

/// How often each thing may go wrong in one history. `ONRECORD_FAULTS` sets another number, for the long form.
fn faults() -> u8 {
    std::env::var("ONRECORD_FAULTS").map_or(2, |number| number.parse().unwrap())
}

#[test]
fn nothing_answered_is_lost_and_no_two_checkpoints_disagree() {
    let checker = Commits::with(Rules::KEPT, faults()).checker().threads(2).spawn_bfs().join();
    println!("{} states", checker.unique_state_count());
    checker.assert_properties();
    assert!(checker.unique_state_count() > 1_000, "the model does nothing");
}

/// The rule that is left out is needed: what it is for is lost without it.
fn is_needed(lost: &'static str, rules: Rules) {
    let model = Commits::with(rules, 1).checker();
    let checker = model.finish_when(HasDiscoveries::AnyOf([lost].into())).spawn_bfs().join();
    let steps = checker.discovery(lost).map(|path| path.into_actions());
    println!("{steps:?}");
    assert!(steps.is_some(), "{lost}, even without the rule");
}

#[test]
fn two_processes_on_one_folder_would_disagree() {
    is_needed("no two signed checkpoints disagree", Rules { locks: false, ..Rules::KEPT });
}

#[test]
fn an_answer_before_the_sync_would_be_lost() {
    let rules = Rules { publishes_after_the_sync: false, ..Rules::KEPT };
    is_needed("nothing answered is lost", rules);
}

#[test]
fn an_answer_past_a_failed_sync_would_be_lost() {
    let rules = Rules { stops_after_a_failed_sync: false, ..Rules::KEPT };
    is_needed("nothing answered is lost", rules);
}

#[test]
fn a_start_that_trusts_what_it_reads_would_sign_what_is_not_there() {
    let rules = Rules { settles_at_the_start: false, ..Rules::KEPT };
    is_needed("no two signed checkpoints disagree", rules.clone());
    is_needed("nothing answered is lost", rules);
}

#[test]
fn a_journal_forgotten_for_names_that_may_vanish_would_be_lost() {
    let rules = Rules { syncs_names_before_it_forgets: false, ..Rules::KEPT };
    is_needed("nothing answered is lost", rules);
}
