//! Random histories: whatever happens in whatever order, the ledger is the vector.

use onrecord::encoding::json::Json;
use onrecord::service::PublishError;
use onrecord::statement::{Draft, Reason, kind};
use proptest::prelude::*;

use super::fuse::Fuse;
use super::world::{LOG, World};
use super::writer::{Written, agreement, follow_up};

/// Something that happens to a ledger.
#[derive(Debug, Clone)]
enum Event {
    /// So many new statements at once.
    Publish(u64),
    /// A statement sent before, sent again.
    Again(usize),
    /// Two writers send the same statements, the other way round.
    TwoWriters(u64),
    /// Two writers take the same agreement back; only one can.
    TwoWithdrawals,
    /// The commit reaches the disk or not, and nobody is told.
    Ambiguous,
    /// The disk is full, and then it is not.
    Full,
    /// The process dies at one of the next steps.
    Crash { steps: u64, step_is_done: bool },
    /// It is stopped and started.
    Restart,
    /// The index is lost while it is stopped.
    LoseIndex,
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (1_u64..40).prop_map(Event::Publish),
        2 => any::<usize>().prop_map(Event::Again),
        2 => (1_u64..20).prop_map(Event::TwoWriters),
        1 => Just(Event::TwoWithdrawals),
        1 => Just(Event::Ambiguous),
        1 => Just(Event::Full),
        2 => (1_u64..12, any::<bool>())
            .prop_map(|(steps, step_is_done)| Event::Crash { steps, step_is_done }),
        1 => Just(Event::Restart),
        1 => Just(Event::LoseIndex),
    ]
}

fn withdrawal(target: &Written, number: u64) -> Written {
    let mut draft = Draft::new(kind::find("withdrawal").unwrap());
    draft.set("thread", Json::text(target.id.to_string()));
    follow_up(target, number, draft)
}

struct Story {
    world: World,
    written: Vec<Written>,
    next: u64,
}

impl Story {
    fn begin() -> Self {
        let mut world = World::new();
        assert!(world.start(&Fuse::none()));
        Self { world, written: Vec::new(), next: 0 }
    }

    fn write(&mut self, count: u64) -> usize {
        let first = self.written.len();
        for _ in 0..count {
            self.written.push(agreement(LOG, self.next, "It was said so."));
            self.next += 1;
        }
        first
    }

    fn happens(&mut self, event: &Event) {
        match *event {
            Event::Publish(count) => self.publish(count),
            Event::Again(which) => self.again(which),
            Event::TwoWriters(count) => self.two_writers(count),
            Event::TwoWithdrawals => self.two_withdrawals(),
            Event::Ambiguous => self.ambiguous(),
            Event::Full => self.full(),
            Event::Crash { steps, step_is_done } => self.crash(&Fuse::at(steps, step_is_done)),
            Event::Restart => self.restart(|_| {}),
            Event::LoseIndex => self.restart(|world| world.lose_index()),
        }
        self.world.check();
    }

    fn publish(&mut self, count: u64) {
        let first = self.write(count);
        let all: Vec<&Written> = self.written[first..].iter().collect();
        for result in self.world.publish(&all) {
            assert!(result.unwrap().newly);
        }
    }

    fn again(&mut self, which: usize) {
        if let Some(written) = self.written.get(which % self.written.len().max(1)) {
            self.world.check();
            let was_there = self.world.has(&written.id);
            let receipt = self.world.publish(&[written]).remove(0).unwrap();
            assert_eq!(receipt.newly, !was_there);
        }
    }

    fn two_writers(&mut self, count: u64) {
        let first = self.write(count);
        let one: Vec<&Written> = self.written[first..].iter().collect();
        let both: Vec<&Written> = one.iter().chain(one.iter().rev()).copied().collect();
        let results = self.world.publish(&both);
        let newly = results.iter().filter(|result| result.as_ref().unwrap().newly).count();
        assert_eq!(newly as u64, count, "each is logged once");
    }

    fn two_withdrawals(&mut self) {
        let first = self.write(1);
        let target = &self.written[first];
        self.world.publish(&[target]).remove(0).unwrap();
        let pair = [0, 1].map(|more| withdrawal(target, self.next + more));
        self.next += 2;
        let results = self.world.publish(&[&pair[0], &pair[1]]);
        let refusals: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
        let [PublishError::Refused(refusal)] = refusals[..] else { panic!("{refusals:?}") };
        assert_eq!(refusal.reason, Reason::Conflict);
    }

    fn ambiguous(&mut self) {
        self.world.folder.break_next_commit();
        let first = self.write(3);
        let all: Vec<&Written> = self.written[first..].iter().collect();
        for result in self.world.publish(&all) {
            assert!(matches!(result, Err(PublishError::ReadOnly { .. })), "{result:?}");
        }
        self.restart(|_| {});
    }

    fn full(&mut self) {
        self.world.folder.set_full(true);
        let first = self.write(2);
        let all: Vec<&Written> = self.written[first..].iter().collect();
        for result in self.world.publish(&all) {
            assert!(matches!(result, Err(PublishError::ReadOnly { .. })), "{result:?}");
        }
        assert!(self.world.read_only().is_some());
        self.world.folder.set_full(false);
        for result in self.world.publish(&all) {
            assert!(result.unwrap().newly);
        }
        assert_eq!(self.world.read_only(), None);
    }

    fn crash(&mut self, fuse: &Fuse) {
        self.world.stop();
        let mut lives = self.world.start(fuse);
        while lives {
            let first = self.write(30);
            let all: Vec<&Written> = self.written[first..].iter().collect();
            let results = self.world.publish(&all);
            lives = results.iter().all(Result::is_ok) && !fuse.is_blown();
        }
        self.world.bury();
        assert!(self.world.start(&Fuse::none()));
    }

    fn restart(&mut self, meanwhile: impl FnOnce(&World)) {
        self.world.stop();
        meanwhile(&self.world);
        assert!(self.world.start(&Fuse::none()));
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_ledger_is_a_vector(events in prop::collection::vec(event(), 1..12)) {
        let mut story = Story::begin();
        for event in &events {
            story.happens(event);
        }
        story.world.stop();
    }
}

/// Each case is many starts and hundreds of signatures, so that the usual number would take minutes.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.div_ceil(10), max_shrink_iters: 100, ..usual }
}
