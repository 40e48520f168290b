//! A crash between every two steps that change something on the disk: after each, the ledger starts again with
//! everything that was answered, and goes on.

use onrecord::service::PublishError;

use super::fuse::Fuse;
use super::world::{LOG, World};
use super::writer::{Written, agreement, erasure};

/// With entry 0 more than one full bundle, so that tiles and packs are written too.
const AGREEMENTS: u64 = 258;

/// What a client wants, in the order it wants it.
struct Script {
    agreements: Vec<Written>,
    erasures: Vec<Written>,
    last: Written,
}

fn script() -> Script {
    let agreements: Vec<Written> =
        (0..AGREEMENTS).map(|number| agreement(LOG, number, "It was said so.")).collect();
    let erasures = vec![
        erasure(&agreements[3], AGREEMENTS),
        erasure(&agreements[agreements.len() - 1], AGREEMENTS + 1),
    ];
    Script { agreements, erasures, last: agreement(LOG, AGREEMENTS + 2, "It goes on.") }
}

/// Does what is left of the script. `false` when the process died in between.
fn play(world: &mut World, script: &Script) -> bool {
    let agreements: Vec<&Written> = script.agreements.iter().collect();
    let mut parts: Vec<Vec<&Written>> = agreements.chunks(86).map(<[_]>::to_vec).collect();
    parts.extend(script.erasures.iter().map(|one| vec![one]));
    parts.push(vec![&script.last]);
    for part in parts {
        for result in world.publish(&part) {
            match result {
                Ok(_) => {}
                // Whoever asked while it died hears either; the caller sees whether it did.
                Err(PublishError::ReadOnly { .. } | PublishError::Lookup(_)) => return false,
                Err(error) => panic!("{error}"),
            }
        }
        if world.size_published() > 256 {
            world.wait_for_bundles(1);
        }
    }
    true
}

/// What must hold however far the script came.
fn check(world: &mut World, script: &Script) {
    world.check();
    for (erasure, target) in script.erasures.iter().zip([3, script.agreements.len() - 1]) {
        if world.has(&erasure.id) {
            let words = world.words_of(&script.agreements[target].id);
            assert_eq!(words, Vec::<String>::new(), "erased words are served");
        }
    }
}

/// Runs the script with a crash at one step. `false` when it ended before that step.
fn crash_at(step: u64, step_is_done: bool, script: &Script) -> bool {
    let mut world = World::new();
    let fuse = Fuse::at(step, step_is_done);
    let finished = world.start(&fuse) && play(&mut world, script);
    if finished && !fuse.is_blown() {
        // What is applied behind the answers may still take the step, which only a stopped ledger tells.
        world.stop();
        if !fuse.is_blown() {
            assert!(world.start(&Fuse::none()), "step {step}");
            check(&mut world, script);
            world.stop();
            return false;
        }
    }
    assert!(fuse.is_blown(), "step {step}: refused by a living process");
    world.bury();
    assert!(world.start(&Fuse::none()), "step {step}");
    check(&mut world, script);
    assert!(play(&mut world, script), "step {step}");
    check(&mut world, script);
    assert_eq!(world.size() as u64, 1 + AGREEMENTS + 3, "step {step}");
    world.stop();
    assert!(world.holds(&script.last.words), "words can be found at all");
    for target in [3, script.agreements.len() - 1] {
        let words = &script.agreements[target].words;
        assert!(!world.holds(words), "step {step}: erased words are left");
    }
    true
}

#[test]
fn a_crash_between_any_two_steps_loses_nothing_that_was_answered() {
    let script = script();
    for step_is_done in [false, true] {
        let crashes = (1..).take_while(|step| crash_at(*step, step_is_done, &script)).count();
        assert!(crashes > 10, "only {crashes} steps change something");
        println!("{crashes} crash points, the step done: {step_is_done}");
    }
}
