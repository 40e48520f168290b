//! The order of a commit as a model: what a disk, two processes on it and the callers can do, one step at a time. The
//! rules that the store and the sequencer follow are switches, so that each can be left out to see what it is for.

use std::collections::BTreeSet;

use stateright::{Model, Property};

/// Statements that callers may send, as often as they like.
const STATEMENTS: u8 = 2;
const PROCESSES: usize = 2;

/// What is kept to. All of it is what the code does.
#[derive(Clone, Debug)]
pub struct Rules {
    /// A folder is open in one process at a time.
    pub locks: bool,
    /// A checkpoint and the answers leave after the sync, not before.
    pub publishes_after_the_sync: bool,
    /// After a sync that failed nothing is answered until the next start.
    pub stops_after_a_failed_sync: bool,
    /// What is found at a start is made durable before anything rests on it.
    pub settles_at_the_start: bool,
    /// The journal is forgotten only for objects whose names this process has synced.
    pub syncs_names_before_it_forgets: bool,
}

impl Rules {
    pub const KEPT: Self = Self {
        locks: true,
        publishes_after_the_sync: true,
        stops_after_a_failed_sync: true,
        settles_at_the_start: true,
        syncs_names_before_it_forgets: true,
    };
}

/// A model with rules, and how often what goes wrong may happen.
#[derive(Clone, Debug)]
pub struct Commits {
    pub rules: Rules,
    pub power_cuts: u8,
    pub kills: u8,
    pub failed_syncs: u8,
}

impl Commits {
    /// What goes wrong may do so this often each.
    pub fn with(rules: Rules, faults: u8) -> Self {
        Self { rules, power_cuts: faults, kills: faults, failed_syncs: faults }
    }
}

/// A tree, as the statements in the order of their entries.
type Tree = Vec<u8>;

/// Everything that is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct World {
    disk: Disk,
    processes: [Process; PROCESSES],
    /// Statements that were answered, with the index of their entry.
    answered: BTreeSet<(u8, usize)>,
    /// Trees of which a signed checkpoint left a process.
    published: BTreeSet<Tree>,
    power_cuts: u8,
    kills: u8,
    failed_syncs: u8,
}

/// What survives a process, and of that what survives a power cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Disk {
    /// The journal as it is on the disk.
    durable: Tree,
    /// The journal as it is read: the system remembers writes that are not on the disk.
    seen: Tree,
    /// Entries in objects whose names are on the disk.
    objects: usize,
    /// Entries in objects that are seen.
    objects_seen: usize,
    /// Entries that the journal does not hold any more.
    forgotten: usize,
    locked_by: Option<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Process {
    Down,
    /// It takes statements. `names_synced` are the entries in objects whose names it has synced itself.
    Up {
        tree: Tree,
        names_synced: usize,
        doing: Doing,
    },
    /// It answers nothing until it is started again.
    Stopped,
}

/// Where the sequencer is with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Doing {
    Nothing,
    Planned(u8),
    Signed(u8),
    Written(u8),
    Synced(u8),
}

/// A step that somebody takes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Start(usize),
    Submit(usize, u8),
    Sign(usize),
    Write(usize),
    Sync(usize),
    SyncFails(usize),
    Publish(usize),
    NameObject(usize),
    SyncNames(usize),
    Forget(usize),
    Kill(usize),
    /// So many written entries and named objects are found afterwards.
    PowerCut(usize, usize),
}

impl Model for Commits {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World {
            disk: Disk::default(),
            processes: [Process::Down, Process::Down],
            answered: BTreeSet::new(),
            published: BTreeSet::new(),
            power_cuts: self.power_cuts,
            kills: self.kills,
            failed_syncs: self.failed_syncs,
        }]
    }

    fn actions(&self, world: &World, steps: &mut Vec<Step>) {
        for (place, process) in world.processes.iter().enumerate() {
            match process {
                Process::Down => steps.push(Step::Start(place)),
                Process::Stopped => {}
                Process::Up { doing, .. } => steps.extend(self.steps_of(place, *doing, world)),
            }
            if world.kills > 0 && *process != Process::Down {
                steps.push(Step::Kill(place));
            }
        }
        if world.power_cuts > 0 {
            let Disk { durable, seen, objects, objects_seen, .. } = &world.disk;
            for entries in durable.len().min(seen.len())..=seen.len() {
                steps
                    .extend((*objects..=*objects_seen).map(|found| Step::PowerCut(entries, found)));
            }
        }
    }

    fn next_state(&self, world: &World, step: Step) -> Option<World> {
        let mut next = world.clone();
        let done = match step {
            Step::Start(place) => self.start(&mut next, place),
            Step::Submit(place, statement) => next.submit(place, statement),
            Step::Sign(place) => next.go_on(place, |doing| match doing {
                Doing::Planned(statement) => Some(Doing::Signed(statement)),
                _ => None,
            }),
            Step::Write(place) => next.write(place),
            Step::Sync(place) => next.sync(place),
            Step::SyncFails(place) => self.sync_fails(&mut next, place),
            Step::Publish(place) => next.publish(place),
            Step::NameObject(_) => next.name_object(),
            Step::SyncNames(place) => next.sync_names(place),
            Step::Forget(place) => self.forget(&mut next, place),
            Step::Kill(place) => {
                next.kills -= 1;
                next.down(place);
                Some(())
            }
            Step::PowerCut(entries, objects) => {
                next.power_cut(entries, objects);
                Some(())
            }
        };
        done.map(|()| next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("nothing answered is lost", |_, world: &World| {
                world.answered.iter().all(|(statement, index)| world.keeps(*statement, *index))
            }),
            Property::always("no two signed checkpoints disagree", |_, world: &World| {
                let trees = &world.published;
                trees.iter().all(|one| {
                    trees.iter().all(|other| one.starts_with(other) || other.starts_with(one))
                })
            }),
            Property::always("no statement is logged twice", |_, world: &World| {
                let logged: BTreeSet<&u8> = world.disk.seen.iter().collect();
                logged.len() == world.disk.seen.len()
            }),
            Property::sometimes(
                "all is answered after all that can go wrong",
                |model: &Self, world: &World| {
                    let all_went_wrong =
                        (world.power_cuts, world.kills, world.failed_syncs) == (0, 0, 0);
                    let something_could = model.power_cuts + model.kills + model.failed_syncs > 0;
                    all_went_wrong && something_could && world.answered.len() == STATEMENTS as usize
                },
            ),
        ]
    }
}

impl Commits {
    fn steps_of(&self, place: usize, doing: Doing, world: &World) -> Vec<Step> {
        let mut steps = match doing {
            Doing::Nothing => {
                (0..STATEMENTS).map(|statement| Step::Submit(place, statement)).collect()
            }
            Doing::Planned(_) => vec![Step::Sign(place)],
            Doing::Signed(_) => vec![Step::Write(place)],
            Doing::Written(_) if !self.rules.publishes_after_the_sync => {
                vec![Step::Sync(place), Step::Publish(place)]
            }
            Doing::Written(_) => vec![Step::Sync(place)],
            Doing::Synced(_) => vec![Step::Publish(place)],
        };
        if matches!(doing, Doing::Written(_)) && world.failed_syncs > 0 {
            steps.push(Step::SyncFails(place));
        }
        steps.extend([Step::NameObject(place), Step::SyncNames(place), Step::Forget(place)]);
        steps
    }

    /// A start reads what is there, and serves it.
    fn start(&self, world: &mut World, place: usize) -> Option<()> {
        if self.rules.locks && world.disk.locked_by.is_some() {
            return None;
        }
        // Objects that hold more than the journal: it does not start.
        if world.disk.objects_seen > world.disk.seen.len() {
            return None;
        }
        world.disk.locked_by = Some(place);
        if self.rules.settles_at_the_start {
            world.disk.durable = world.disk.seen.clone();
        }
        let tree = world.disk.seen.clone();
        if !tree.is_empty() {
            world.published.insert(tree.clone());
        }
        world.processes[place] = Process::Up { tree, names_synced: 0, doing: Doing::Nothing };
        Some(())
    }

    fn sync_fails(&self, world: &mut World, place: usize) -> Option<()> {
        world.failed_syncs -= 1;
        if self.rules.stops_after_a_failed_sync {
            world.processes[place] = Process::Stopped;
            return Some(());
        }
        world.go_on(place, |doing| match doing {
            Doing::Written(statement) => Some(Doing::Synced(statement)),
            _ => None,
        })
    }

    fn forget(&self, world: &mut World, place: usize) -> Option<()> {
        let Process::Up { names_synced, .. } = &world.processes[place] else { return None };
        let may_be_forgotten = if self.rules.syncs_names_before_it_forgets {
            *names_synced
        } else {
            world.disk.objects_seen
        };
        if may_be_forgotten <= world.disk.forgotten {
            return None;
        }
        world.disk.forgotten = may_be_forgotten;
        Some(())
    }
}

impl World {
    /// Whether the entry would be there if the power were cut now.
    fn keeps(&self, statement: u8, index: usize) -> bool {
        let Disk { durable, objects, forgotten, .. } = &self.disk;
        if index < *forgotten { index < *objects } else { durable.get(index) == Some(&statement) }
    }

    fn up(&mut self, place: usize) -> Option<(&mut Tree, &mut Doing)> {
        match &mut self.processes[place] {
            Process::Up { tree, doing, .. } => Some((tree, doing)),
            _ => None,
        }
    }

    fn go_on(&mut self, place: usize, next: impl Fn(Doing) -> Option<Doing>) -> Option<()> {
        let (_, doing) = self.up(place)?;
        *doing = next(*doing)?;
        Some(())
    }

    /// What was logged before is answered again; else it is planned.
    fn submit(&mut self, place: usize, statement: u8) -> Option<()> {
        let (tree, doing) = self.up(place)?;
        match tree.iter().position(|logged| *logged == statement) {
            Some(index) => {
                if !self.answered.insert((statement, index)) {
                    return None;
                }
            }
            None => *doing = Doing::Planned(statement),
        }
        Some(())
    }

    /// The frame goes behind the tree that this process knows.
    fn write(&mut self, place: usize) -> Option<()> {
        let (tree, doing) = self.up(place)?;
        let Doing::Signed(statement) = *doing else { return None };
        *doing = Doing::Written(statement);
        let mut written = tree.clone();
        written.push(statement);
        let shared = self.disk.durable.iter().zip(&written).take_while(|(a, b)| a == b).count();
        // Overwritten bytes are on the disk neither as they were nor as they will be.
        self.disk.durable.truncate(shared);
        self.disk.seen = written;
        Some(())
    }

    fn sync(&mut self, place: usize) -> Option<()> {
        self.go_on(place, |doing| match doing {
            Doing::Written(statement) => Some(Doing::Synced(statement)),
            _ => None,
        })?;
        self.disk.durable = self.disk.seen.clone();
        Some(())
    }

    /// The checkpoint and the answer leave the process.
    fn publish(&mut self, place: usize) -> Option<()> {
        let (tree, doing) = self.up(place)?;
        let (Doing::Synced(statement) | Doing::Written(statement)) = *doing else { return None };
        *doing = Doing::Nothing;
        tree.push(statement);
        let (index, tree) = (tree.len() - 1, tree.clone());
        self.answered.insert((statement, index));
        self.published.insert(tree);
        Some(())
    }

    /// An object of one entry more is renamed to its name.
    fn name_object(&mut self) -> Option<()> {
        let named = self.disk.objects_seen < self.disk.durable.len();
        named.then(|| self.disk.objects_seen += 1)
    }

    fn sync_names(&mut self, place: usize) -> Option<()> {
        let seen = self.disk.objects_seen;
        let Process::Up { names_synced, .. } = &mut self.processes[place] else { return None };
        if *names_synced == seen {
            return None;
        }
        *names_synced = seen;
        self.disk.objects = seen;
        Some(())
    }

    fn down(&mut self, place: usize) {
        self.processes[place] = Process::Down;
        if self.disk.locked_by == Some(place) {
            self.disk.locked_by = None;
        }
    }

    fn power_cut(&mut self, entries: usize, objects: usize) {
        self.power_cuts -= 1;
        (0..PROCESSES).for_each(|place| self.down(place));
        self.disk.seen.truncate(entries);
        self.disk.durable = self.disk.seen.clone();
        (self.disk.objects, self.disk.objects_seen) = (objects, objects);
    }
}
