//! A running witness: what it cosigned it keeps, over restarts, full disks, clocks set back and callers at once.

use std::sync::Arc;

use onrecord::clock::SetClock;
use onrecord::crypto::{Hash, PrivateKey, sha256};
use onrecord::encoding::time::Moment;
use onrecord::service::{Witness, WitnessError, WitnessStartError};
use onrecord::store::Witnessed as _;
use onrecord::store::memory::MemoryWitnessed;
use onrecord::tlog::{
    AddCheckpoint, Cosigner, ForeignCheckpoint, LogSigner, NotWitnessed, Policy, Recent, leaf_hash,
    prove_consistency, root, verify_cosignature,
};

const ORIGIN: &str = "log.example/one";

fn log() -> LogSigner {
    LogSigner::new(ORIGIN.parse().unwrap(), PrivateKey::from_seed(&[1; 32]))
}

fn cosigner() -> Cosigner {
    Cosigner::new("witness.example/w1".parse().unwrap(), PrivateKey::from_seed(&[2; 32]))
}

fn policy() -> Policy {
    let text = format!("log {}\nquorum none\n", log().verifier_key());
    Policy::parse(text.as_bytes()).unwrap()
}

fn noon() -> Moment {
    Moment::parse_seconds("2026-11-20T12:00:00Z").unwrap()
}

/// A witness with its place and its clock.
struct Place {
    store: MemoryWitnessed,
    clock: Arc<SetClock>,
}

impl Place {
    fn new() -> Self {
        Self { store: MemoryWitnessed::default(), clock: Arc::new(SetClock::at(noon())) }
    }

    fn start_as(&self, cosigner: Cosigner) -> Result<Witness, WitnessStartError> {
        let store = Box::new(self.store.clone());
        Witness::start(cosigner, policy(), store, self.clock.clone())
    }

    fn start(&self) -> Witness {
        self.start_as(cosigner()).unwrap()
    }
}

fn tree(name: &str, size: u64) -> Recent {
    let mut tree = Recent::default();
    (0..size).for_each(|index| tree.push(leaf_hash(format!("{name} {index}").as_bytes())));
    tree
}

fn request(tree: &Recent, old: u64, new: u64) -> String {
    let proof = if old == 0 { vec![] } else { prove_consistency(old, new, tree).unwrap() };
    let signed = log().sign(new, root(new, tree).unwrap()).unwrap();
    AddCheckpoint::new(old, proof, signed.into()).unwrap().to_string()
}

fn hash() -> Hash {
    sha256(ORIGIN.as_bytes())
}

/// The size of what is served to monitors, whose lines are checked.
fn size_served(witness: &Witness) -> u64 {
    let note: ForeignCheckpoint = witness.newest(&hash()).unwrap().unwrap().parse().unwrap();
    let (log, cosigner) = (log(), cosigner());
    let [by_log, by_witness] = note.note().signatures() else { panic!("{note}") };
    assert!(by_log.names(log.verifier_key()));
    verify_cosignature(note.note(), by_witness, cosigner.verifier_key()).unwrap();
    note.size()
}

#[test]
fn a_log_is_followed_over_restarts() {
    let (place, tree) = (Place::new(), tree("a", 30));
    let witness = place.start();
    assert_eq!(witness.newest(&hash()), Ok(None));
    let line = witness.add(request(&tree, 0, 7).as_bytes()).unwrap();
    let signed = log().sign(7, root(7, &tree).unwrap()).unwrap();
    let seconds = noon().as_millis() as u64 / 1000;
    assert_eq!(verify_cosignature(signed.note(), &line, cosigner().verifier_key()), Ok(seconds));
    let again = place.start();
    assert_eq!(size_served(&again), 7);
    let conflict = WitnessError::NotWitnessed(NotWitnessed::OtherSize(7));
    assert_eq!(again.add(request(&tree, 0, 30).as_bytes()), Err(conflict));
    again.add(request(&tree, 7, 30).as_bytes()).unwrap();
    assert_eq!(size_served(&again), 30);
}

#[test]
fn a_second_history_is_refused_and_changes_nothing() {
    let (place, honest, forked) = (Place::new(), tree("a", 30), tree("b", 30));
    let witness = place.start();
    witness.add(request(&honest, 0, 7).as_bytes()).unwrap();
    for (old, new) in [(7, 7), (7, 8), (7, 30)] {
        let refused = witness.add(request(&forked, old, new).as_bytes());
        let Err(WitnessError::NotWitnessed(NotWitnessed::Inconsistent(_))) = refused else {
            panic!("{refused:?}")
        };
    }
    assert_eq!(size_served(&witness), 7);
    witness.add(request(&honest, 7, 8).as_bytes()).unwrap();
}

#[test]
fn what_is_no_request_or_of_another_log_is_refused() {
    let place = Place::new();
    let witness = place.start();
    assert_eq!(witness.add(b"\xff"), Err(WitnessError::NotText));
    assert!(matches!(witness.add(b"old 0\n"), Err(WitnessError::NotARequest(_))));
    let other = LogSigner::new("log.example/two".parse().unwrap(), PrivateKey::from_seed(&[1; 32]));
    let signed = other.sign(1, leaf_hash(b"")).unwrap();
    let request = AddCheckpoint::new(0, vec![], signed.into()).unwrap().to_string();
    let unknown = WitnessError::NotWitnessed(NotWitnessed::UnknownLog);
    assert_eq!(witness.add(request.as_bytes()), Err(unknown));
    assert_eq!(witness.newest(&sha256(b"log.example/two")), Ok(None));
}

#[test]
fn after_a_failed_write_nothing_is_cosigned_until_the_next_start() {
    let (place, tree) = (Place::new(), tree("a", 30));
    let witness = place.start();
    witness.add(request(&tree, 0, 7).as_bytes()).unwrap();
    place.store.set_full(true);
    let refused = witness.add(request(&tree, 7, 8).as_bytes());
    assert!(matches!(refused, Err(WitnessError::Stopped(_))), "{refused:?}");
    place.store.set_full(false);
    assert_eq!(witness.add(request(&tree, 7, 8).as_bytes()), refused);
    let newest = witness.newest(&hash());
    assert!(matches!(newest, Err(WitnessError::Stopped(_))), "{newest:?}");
    assert!(witness.stopped().is_some());
    let again = place.start();
    assert_eq!(size_served(&again), 7);
    again.add(request(&tree, 7, 8).as_bytes()).unwrap();
}

#[test]
fn no_cosignature_is_dated_before_the_one_before_it() {
    let (place, tree) = (Place::new(), tree("a", 30));
    let witness = place.start();
    let first = witness.add(request(&tree, 0, 7).as_bytes()).unwrap();
    place.clock.set(noon().minus(std::time::Duration::from_secs(1)));
    let behind = witness.add(request(&tree, 7, 8).as_bytes());
    assert!(matches!(behind, Err(WitnessError::ClockBehind { .. })), "{behind:?}");
    let behind = place.start().add(request(&tree, 7, 8).as_bytes());
    assert!(matches!(behind, Err(WitnessError::ClockBehind { .. })), "{behind:?}");
    place.clock.set(noon());
    assert_eq!(witness.add(request(&tree, 7, 7).as_bytes()), Ok(first.clone()));
    place.clock.set(noon().plus(std::time::Duration::from_secs(1)));
    let later = witness.add(request(&tree, 7, 7).as_bytes()).unwrap();
    assert_ne!(later, first, "the same checkpoint is vouched for again at its own time");
    place.clock.set(Moment::EPOCH);
    let fresh = Place { store: MemoryWitnessed::default(), clock: place.clock.clone() };
    let never = fresh.start().add(request(&tree, 0, 7).as_bytes());
    assert_eq!(never, Err(WitnessError::NoTime));
}

#[test]
fn what_another_key_cosigned_or_nobody_is_no_ground_to_go_on_from() {
    let (place, tree) = (Place::new(), tree("a", 7));
    place.start().add(request(&tree, 0, 7).as_bytes()).unwrap();
    let other =
        Cosigner::new("witness.example/w1".parse().unwrap(), PrivateKey::from_seed(&[3; 32]));
    let not_its_own = |started: Result<Witness, WitnessStartError>| {
        matches!(started, Err(WitnessStartError::NotCosigned(..)))
    };
    assert!(not_its_own(place.start_as(other)));
    let note = place.store.get(&hash()).unwrap().unwrap();
    let note = String::from_utf8(note).unwrap();
    place.store.put(&hash(), note.replacen("\n7\n", "\n6\n", 1).as_bytes()).unwrap();
    assert!(not_its_own(place.start_as(cosigner())));
    place.store.put(&hash(), &note.as_bytes()[..note.len() / 2]).unwrap();
    assert!(not_its_own(place.start_as(cosigner())));
    place.store.put(&hash(), note.as_bytes()).unwrap();
    assert_eq!(size_served(&place.start()), 7);
}

#[test]
fn callers_at_once_never_roll_a_log_back() {
    let (place, tree) = (Place::new(), tree("a", 64));
    let witness = place.start();
    witness.add(request(&tree, 0, 1).as_bytes()).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut highest = 1;
                while highest < 64 {
                    let served = size_served(&witness);
                    assert!(served >= highest, "{served} was served after {highest}");
                    highest = served;
                    let _ = witness.add(request(&tree, served, (served + 1).min(64)).as_bytes());
                }
            });
        }
    });
    assert_eq!(size_served(&witness), 64);
    assert_eq!(size_served(&place.start()), 64);
}
