//! The quorum of a policy as a tree (C2SP tlog-policy), and what it asks for and tolerates. Each name is a member of one
//! group at most, so that a witness stands in one place of the tree.

use super::policy::{Listed, Member, Policy};

/// Who must have cosigned: one witness, or enough members of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quorum<'policy> {
    /// This witness.
    Witness(&'policy Listed),
    /// At least `threshold` of the members.
    Group {
        /// Its name in the file.
        name: &'policy str,
        /// 1 to the number of members.
        threshold: usize,
        /// Witnesses and groups.
        members: Vec<Quorum<'policy>>,
    },
}

impl Policy {
    /// The quorum; nothing where none is asked for.
    pub fn quorum(&self) -> Option<Quorum<'_>> {
        self.quorum.and_then(|member| self.quorum_of(member))
    }

    fn quorum_of(&self, member: Member) -> Option<Quorum<'_>> {
        match member {
            Member::Witness(place) => self.witnesses.get(place).map(Quorum::Witness),
            Member::Group(place) => {
                let group = self.groups.get(place)?;
                let members: Option<Vec<_>> =
                    group.members.iter().map(|member| self.quorum_of(*member)).collect();
                Some(Quorum::Group {
                    name: &group.name,
                    threshold: group.threshold,
                    members: members?,
                })
            }
        }
    }
}

impl Quorum<'_> {
    /// The witnesses it names, in the order of the file's groups.
    pub fn witnesses(&self) -> Vec<&Listed> {
        match self {
            Self::Witness(witness) => vec![witness],
            Self::Group { members, .. } => members.iter().flat_map(Quorum::witnesses).collect(),
        }
    }

    /// The fewest witnesses whose cosignatures meet it: so many have to lie together to make a second history count.
    pub fn fewest(&self) -> usize {
        match self {
            Self::Witness(_) => 1,
            Self::Group { threshold, members, .. } => {
                sum_of_smallest(members.iter().map(Quorum::fewest), *threshold)
            }
        }
    }

    /// How many witnesses may be away, whichever they are, so that it is still met.
    pub fn may_be_away(&self) -> usize {
        self.fewest_to_block().saturating_sub(1)
    }

    /// The fewest witnesses without which it is not met.
    fn fewest_to_block(&self) -> usize {
        match self {
            Self::Witness(_) => 1,
            Self::Group { threshold, members, .. } => {
                let blocked = (members.len() + 1).saturating_sub(*threshold);
                sum_of_smallest(members.iter().map(Quorum::fewest_to_block), blocked)
            }
        }
    }
}

fn sum_of_smallest(counts: impl Iterator<Item = usize>, number: usize) -> usize {
    let mut counts: Vec<usize> = counts.collect();
    counts.sort_unstable();
    counts.iter().take(number).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::PrivateKey;
    use crate::tlog::{Cosigner, LogSigner, QuorumFinding, leaf_hash};
    use proptest::prelude::*;

    fn witness(number: u8) -> Cosigner {
        Cosigner::new(format!("w{number}").parse().unwrap(), PrivateKey::from_seed(&[number; 32]))
    }

    fn policy(witnesses: u8, rules: &str) -> Policy {
        let lines: String = (1..=witnesses)
            .map(|number| format!("witness {number} {}\n", witness(number).verifier_key()))
            .collect();
        Policy::parse(format!("{lines}{rules}").as_bytes()).unwrap()
    }

    #[test]
    fn what_a_quorum_asks_for_and_tolerates_is_counted() {
        for (rules, fewest, away) in [
            ("quorum 1\n", 1, 0),
            ("group g any 1 2 3\nquorum g\n", 1, 2),
            ("group g all 1 2 3\nquorum g\n", 3, 0),
            ("group g 2 1 2 3\nquorum g\n", 2, 1),
            ("group x 2 1 2 3\ngroup y any 4 5 6\ngroup z all x y\nquorum z\n", 3, 1),
            ("group x all 1 2 3\ngroup y any x 4\nquorum y\n", 1, 1),
            ("group x all 1 2 3\ngroup y 2 x 4 5\nquorum y\n", 2, 1),
        ] {
            let policy = policy(6, rules);
            let quorum = policy.quorum().unwrap();
            assert_eq!((quorum.fewest(), quorum.may_be_away()), (fewest, away), "{rules}");
        }
        assert_eq!(policy(6, "quorum none\n").quorum(), None);
    }

    #[test]
    fn the_tree_is_that_of_the_file() {
        let policy = policy(3, "group x any 2 3\ngroup y all 1 x\nquorum y\n");
        let quorum = policy.quorum().unwrap();
        let names: Vec<&str> = quorum.witnesses().iter().map(|listed| listed.name()).collect();
        assert_eq!(names, ["1", "2", "3"]);
        let Quorum::Group { name: "y", threshold: 2, members } = quorum else { panic!() };
        assert!(matches!(members[1], Quorum::Group { name: "x", threshold: 1, .. }));
    }

    proptest! {
        /// Against what the policy itself finds, for every set of witnesses.
        #[test]
        fn the_counts_are_those_of_all_sets_of_witnesses(
            first in 1usize..=3, second in 1usize..=2, both in 1usize..=2,
        ) {
            let rules =
                format!("group x {first} 1 2 3\ngroup y {second} 4 5\ngroup z {both} x y\nquorum z\n");
            let policy = policy(5, &rules);
            let log = LogSigner::new("a".parse().unwrap(), PrivateKey::from_seed(&[99; 32]));
            let (mut fewest, mut most_that_fail) = (usize::MAX, 0);
            for set in 0u8..32 {
                let mut signed = log.sign(1, leaf_hash(b"")).unwrap();
                let present: Vec<u8> = (1..=5).filter(|number| set >> (number - 1) & 1 == 1).collect();
                for number in &present {
                    let line = witness(*number).cosign(signed.note(), 7).unwrap();
                    signed = signed.and(line).unwrap();
                }
                match policy.judge(&signed).quorum {
                    QuorumFinding::Met { .. } => fewest = fewest.min(present.len()),
                    _ => most_that_fail = most_that_fail.max(present.len()),
                }
            }
            let quorum = policy.quorum().unwrap();
            prop_assert_eq!(quorum.fewest(), fewest);
            prop_assert_eq!(quorum.may_be_away(), 5 - most_that_fail - 1);
        }
    }
}
