//! The rule of a witness: the refusals of the standard in its order, and whatever is asked, one history.

use onrecord::crypto::{Hash, PrivateKey};
use onrecord::tlog::{
    AddCheckpoint, BadProof, Cosigner, ForeignCheckpoint, LogSigner, NotWitnessed, Policy, Recent,
    check_follows, check_signed, empty_root, leaf_hash, prove_consistency, root, with_known_lines,
};
use proptest::prelude::*;

use crate::{leaf, tree, turned};

fn log(seed: u8) -> LogSigner {
    LogSigner::new("log.example".parse().unwrap(), PrivateKey::from_seed(&[seed; 32]))
}

fn policy() -> Policy {
    let text = format!("log {}\nquorum none\n", log(1).verifier_key());
    Policy::parse(text.as_bytes()).unwrap()
}

/// What an honest log would send for this tree.
fn request(old: u64, new: u64, tree: &Recent) -> AddCheckpoint {
    let proof = if old == 0 { vec![] } else { prove_consistency(old, new, tree).unwrap() };
    let signed = log(1).sign(new, root(new, tree).unwrap()).unwrap();
    AddCheckpoint::new(old, proof, signed.into()).unwrap()
}

/// The same with other hashes.
fn with_proof(request: &AddCheckpoint, proof: Vec<Hash>) -> AddCheckpoint {
    AddCheckpoint::new(request.old(), proof, request.checkpoint().clone()).unwrap()
}

/// A checkpoint signed by the log whatever it says.
fn signed_text(text: &str) -> ForeignCheckpoint {
    use onrecord::tlog::NoteSignature;
    let (log, key) = (log(1), PrivateKey::from_seed(&[1; 32]));
    let bytes = key.sign(text.as_bytes()).as_bytes().to_vec();
    let key = log.verifier_key();
    let line = NoteSignature::new(key.name().clone(), key.id(), bytes).unwrap();
    format!("{text}\n{line}").parse().unwrap()
}

#[test]
fn a_log_is_taken_up_at_any_size_and_then_followed() {
    let tree = tree(20);
    for first in 1..=20 {
        let first = request(0, first, &tree);
        assert_eq!(check_signed(&policy(), &first), Ok(()));
        assert_eq!(check_follows(None, &first), Ok(()));
        let last = (first.checkpoint().size(), *first.checkpoint().root());
        for next in last.0..=20 {
            let next = request(last.0, next, &tree);
            assert_eq!(check_follows(Some(last), &next), Ok(()));
        }
    }
}

#[test]
fn who_did_not_sign_and_which_sizes_cannot_be_is_said_first() {
    let tree = tree(9);
    let good = request(4, 9, &tree);
    let of = |checkpoint: ForeignCheckpoint| AddCheckpoint::new(4, vec![], checkpoint).unwrap();
    let note = |text: String| of(text.parse().unwrap());
    let signed = good.checkpoint().to_string();
    let other = note(signed.replace("log.example\n", "log.example/2\n"));
    assert_eq!(check_signed(&policy(), &other), Err(NotWitnessed::UnknownLog));
    let by_stranger: ForeignCheckpoint = log(2).sign(9, root(9, &tree).unwrap()).unwrap().into();
    assert_eq!(check_signed(&policy(), &of(by_stranger)), Err(NotWitnessed::NotSigned));
    let bent = note(signed.replacen("\n9\n", "\n8\n", 1));
    assert_eq!(check_signed(&policy(), &bent), Err(NotWitnessed::BadSignature));
    let large = AddCheckpoint::new(10, vec![], good.checkpoint().clone()).unwrap();
    assert_eq!(check_signed(&policy(), &large), Err(NotWitnessed::OldSize));
    let bent = AddCheckpoint::new(10, vec![], bent.checkpoint().clone()).unwrap();
    assert_eq!(check_signed(&policy(), &bent), Err(NotWitnessed::BadSignature));
}

#[test]
fn what_does_not_follow_is_refused_by_its_reason() {
    let tree = tree(9);
    let at = |size| Some((size, root(size, &tree).unwrap()));
    let good = request(4, 9, &tree);
    assert_eq!(check_follows(at(5), &good), Err(NotWitnessed::OtherSize(5)));
    assert_eq!(check_follows(None, &good), Err(NotWitnessed::OtherSize(0)));
    assert_eq!(check_follows(at(5), &request(0, 9, &tree)), Err(NotWitnessed::OtherSize(5)));
    let fork = Some((4, turned(&root(4, &tree).unwrap())));
    let root_is_other = Err(NotWitnessed::Inconsistent(BadProof::Root));
    assert_eq!(check_follows(fork, &good), root_is_other);
    let same = request(4, 4, &tree);
    assert_eq!(check_follows(fork, &same), root_is_other);
    assert_eq!(check_follows(at(4), &same), Ok(()));
    let short = with_proof(&good, good.proof()[1..].to_vec());
    let length = |refused: Result<(), NotWitnessed>| {
        matches!(refused, Err(NotWitnessed::Inconsistent(BadProof::Length { .. })))
    };
    assert!(length(check_follows(at(4), &short)));
    assert!(length(check_follows(at(4), &with_proof(&same, vec![leaf_hash(b"")]))));
    let proof = good.proof().to_vec();
    let first = with_proof(&request(0, 9, &tree), proof);
    assert_eq!(check_follows(None, &first), Err(NotWitnessed::ProofOfNothing));
}

#[test]
fn a_log_may_begin_empty_with_the_one_root_there_is() {
    let empty = |root: Hash| {
        let text = format!("log.example\n0\n{}\n", root.to_base64());
        AddCheckpoint::new(0, vec![], signed_text(&text)).unwrap()
    };
    let good = empty(empty_root());
    assert_eq!(check_signed(&policy(), &good), Ok(()));
    for last in [None, Some((0, empty_root()))] {
        assert_eq!(check_follows(last, &good), Ok(()));
        let bad = empty(leaf_hash(b""));
        assert_eq!(check_follows(last, &bad), Err(NotWitnessed::EmptyRoot));
        assert_eq!(check_follows(last, &request(0, 5, &tree(5))), Ok(()));
    }
    assert_eq!(check_follows(Some((1, leaf_hash(b""))), &good), Err(NotWitnessed::OtherSize(1)));
}

#[test]
fn extension_lines_are_signed_and_cosigned_with_the_rest() {
    let root = root(3, &tree(3)).unwrap().to_base64();
    let checkpoint = signed_text(&format!("log.example\n3\n{root}\nfor later\n"));
    let request = AddCheckpoint::new(0, vec![], checkpoint.clone()).unwrap();
    assert_eq!(check_signed(&policy(), &request), Ok(()));
    let witness = Cosigner::new("w".parse().unwrap(), PrivateKey::from_seed(&[9; 32]));
    let line = witness.cosign(checkpoint.note(), 7).unwrap();
    let without = signed_text(&format!("log.example\n3\n{root}\n"));
    let key = witness.verifier_key();
    assert_eq!(onrecord::tlog::verify_cosignature(checkpoint.note(), &line, key), Ok(7));
    assert!(onrecord::tlog::verify_cosignature(without.note(), &line, key).is_err());
}

#[test]
fn lines_of_strangers_are_left_behind() {
    let tree = tree(3);
    let stranger = Cosigner::new("w".parse().unwrap(), PrivateKey::from_seed(&[9; 32]));
    let signed = log(1).sign(3, root(3, &tree).unwrap()).unwrap();
    let alone = signed.to_string();
    let line = stranger.cosign(signed.note(), 7).unwrap();
    let both = ForeignCheckpoint::from(signed.and(line.clone()).unwrap());
    assert_eq!(with_known_lines(&policy(), &both).unwrap().to_string(), alone);
    let strangers = both.signed_by(vec![line]).unwrap();
    assert_eq!(with_known_lines(&policy(), &strangers), Err(NotWitnessed::NotSigned));
}

/// The tree whose first `common` leaves are those of [`tree`] and whose later ones are of its own.
fn fork(common: u64, size: u64) -> Recent {
    let mut fork = tree(common);
    (common..size).for_each(|index| fork.push(leaf_hash(&[&leaf(index)[..], b"'"].concat())));
    fork
}

proptest! {
    /// A log with two histories asks in any order, with the proof that would be right or with another's.
    #[test]
    fn whatever_is_asked_all_that_is_cosigned_is_one_history(
        common in 0u64..12,
        asked in prop::collection::vec((any::<bool>(), 0u64..24, 1u64..24, any::<bool>()), 1..40),
    ) {
        let trees = [tree(24), fork(common, 24)];
        let mut last: Option<(u64, Hash)> = None;
        let mut cosigned = Vec::new();
        for (which, old, new, cheats) in asked {
            let old = old.min(new);
            let tree = &trees[usize::from(which)];
            let mut request = request(old, new, tree);
            if cheats && old > 0 {
                let proof = prove_consistency(old, new, &trees[usize::from(!which)]).unwrap();
                request = with_proof(&request, proof);
            }
            if check_follows(last, &request).is_ok() {
                last = Some((new, root(new, tree).unwrap()));
                cosigned.push(last.unwrap());
            }
        }
        let sizes: Vec<u64> = cosigned.iter().map(|(size, _)| *size).collect();
        prop_assert!(sizes.is_sorted(), "{sizes:?}");
        let is_of = |tree: &Recent| {
            cosigned.iter().all(|(size, found)| root(*size, tree).unwrap() == *found)
        };
        prop_assert!(trees.iter().any(is_of), "{sizes:?} are of no one history");
    }
}
