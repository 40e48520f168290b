//! The process dies at any step of applying, erasing or indexing, and the ledger goes on from what it finds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use fail::FailScenario;

use crate::alone;
use crate::running::{Running, assert_erased};

const POINTS: &[&str] = &[
    "journal.roll.created",
    "journal.roll.reserved",
    "journal.roll.written",
    "journal.roll.renamed",
    "journal.roll.synced",
    "journal.commit.reserved",
    "journal.commit.written",
    "journal.commit.synced",
    "journal.scrub.word",
    "journal.scrub.written",
    "journal.forget.removed",
    "journal.forget.synced",
    "objects.put.created",
    "objects.put.written",
    "objects.put.synced",
    "objects.put.renamed",
    "apply.put",
    "apply.forgotten",
    "index.apply.begin",
    "index.apply.words",
    "index.apply.done",
];

/// Publishes and applies until the end of `goal`, as the two threads of a ledger would, one after the other.
fn live(running: &mut Running, goal: u64) {
    while running.size() < goal {
        let next = running.size() + 40;
        running.publish_to(next.min(goal));
        running.apply_all();
    }
}

#[test]
fn a_ledger_killed_at_any_step_keeps_what_it_answered() {
    let _alone = alone();
    for point in POINTS {
        let folder = tempfile::tempdir().unwrap();
        live(&mut Running::start(folder.path()).unwrap(), 300);
        for hits in [0, 3] {
            let mut running = Running::start(folder.path()).unwrap();
            let scenario = FailScenario::setup();
            fail::cfg(*point, &format!("{hits}*off->1*panic")).unwrap();
            let died =
                catch_unwind(AssertUnwindSafe(|| live(&mut running, 530 + 80 * hits))).is_err();
            scenario.teardown();
            let answered = running.size();
            drop(running);
            let again = Running::start(folder.path()).unwrap();
            assert!(again.size() >= answered, "{point}");
            assert!(died || hits > 0, "{point} was not reached");
            again.check();
            assert_erased(folder.path(), again.size());
        }
        let mut running = Running::start(folder.path()).unwrap();
        live(&mut running, 795);
        running.check();
        assert_erased(folder.path(), running.size());
    }
}
