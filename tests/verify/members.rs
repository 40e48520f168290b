//! What makes an entry one about a domain, over the ledger of the vectors.

use onrecord::encoding::domain::Domain;
use onrecord::entry::Entry;
use onrecord::statement::Envelope;
use onrecord::tlog::{Checkpoint, Recent, leaf_hash};
use onrecord::verify::Outcome;
use onrecord::verify::completeness::{Claim, Completeness, Place, Walk};

/// What a walk finds that is given these leaves as they stand in the signed tree.
fn walked(leaves: &[Vec<u8>]) -> Completeness {
    let mut tree = Recent::default();
    leaves.iter().for_each(|leaf| tree.push(leaf_hash(leaf)));
    let origin = crate::text(&crate::ledger(), "origin").parse().unwrap();
    let checkpoint = Checkpoint::new(origin, tree.size(), tree.root().unwrap()).unwrap();
    let mut walk = Walk::new(Domain::parse("acme.example").unwrap(), checkpoint, Claim::NotTold);
    while let Some(wanted) = walk.wanted() {
        let leaf = leaves[wanted.index as usize].clone();
        walk.look(&Place::Logged { hash: leaf_hash(&leaf), leaf });
    }
    walk.conclude()
}

#[test]
fn entries_are_members_by_their_agreement_by_what_they_are_about_and_whatever_their_kind() {
    let leaves = crate::leaves_of_the_vectors();
    let found = walked(&leaves);
    assert_eq!((found.outcome(), &found.findings[..]), (Outcome::Verified, &[][..]));
    assert_eq!(
        found.chain.len(),
        10,
        "a verdict, an answer and a kind that is not known among them"
    );
    assert!(
        found.taken_from_links.is_empty(),
        "the fields of a kind that is not known can be read"
    );

    // A breach names the agreement alone, a reveal what it reveals alone.
    for index in [5, 8] {
        let mut cut = leaves[..=index].to_vec();
        let mut entry = Entry::parse(&cut[index]).unwrap();
        entry.links.subjects.clear();
        cut[index] = entry.to_leaf();
        let found = walked(&cut);
        let named: Vec<_> = found.findings.iter().map(|f| (f.seq, f.fault.name())).collect();
        assert_eq!(named, [(Some(index as u64 - 1), "link_missing")]);
    }
}

#[test]
fn a_payload_of_which_nothing_can_be_told_is_taken_from_its_links() {
    let leaves = crate::leaves_of_the_vectors();
    let mut entry = Entry::parse(&leaves[10]).unwrap();
    let signatures = entry.envelope.signatures().to_vec();
    entry.envelope =
        Envelope::new("application/vnd.onrecord.other+json", b"{}".to_vec(), signatures);
    let mut other = leaves.clone();
    other[10] = entry.to_leaf();
    let found = walked(&other);
    assert_eq!((found.outcome(), found.taken_from_links.clone()), (Outcome::Verified, vec![10]));
    assert_eq!(found.untold, 0);
    entry.links.subjects.clear();
    other[10] = entry.to_leaf();
    let outside = walked(&other);
    assert_eq!((outside.outcome(), outside.untold), (Outcome::Verified, 1));
    assert!(
        outside.not_shown().iter().any(|text| text.contains("whether 1 entry after the newest"))
    );
    assert!(found.checks()[4].detail.contains("1 entry of a type that is not known"), "{found:?}");
}
