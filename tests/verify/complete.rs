//! The walk along the chain of a domain: a good ledger passes, and whatever a ledger leaves out, changes or renumbers
//! is named by its place.

use std::sync::LazyLock;

use bytes::Bytes;
use onrecord::encoding::domain::Domain;
use onrecord::entry::{Entry, Link};
use onrecord::net::FetchError;
use onrecord::service::audit::{AuditError, Source};
use onrecord::service::completeness::{Progress, Watcher, prove};
use onrecord::tlog::{Policy, encode_bundle, leaf_hash, parse_bundle};
use onrecord::verify::Outcome;
use onrecord::verify::completeness::{CheckName, Completeness};
use onrecord::wire::{ChainHead, Meta, Organization, Problem, Reason};

use crate::grown::{Files, leaves, log};

/// Two full bundles and a partial one, about five companies.
static LEAVES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| leaves(600));
const COMPANY: &str = "company1.example";

fn domain(name: &str) -> Domain {
    Domain::parse(name).unwrap()
}

fn link(entry: &Entry, name: &str) -> Option<Link> {
    let found = entry.links.subjects.iter().find(|(subject, _)| subject.as_str() == name);
    found.map(|(_, link)| *link)
}

/// The indices of the chain of a domain: the entry of place `seq` is at `chain(…)[seq]`.
fn chain(leaves: &[Vec<u8>], name: &str) -> Vec<u64> {
    let entries = leaves.iter().map(|leaf| Entry::parse(leaf).unwrap());
    let in_it =
        entries.filter_map(|entry| link(&entry, name).map(|link| (link.seq(), entry.index)));
    in_it
        .enumerate()
        .map(|(place, (seq, index))| (assert_eq!(place as u64, seq), index).1)
        .collect()
}

/// What a ledger says of a domain: that nothing is known of it, or the newest entry.
#[derive(Clone)]
enum Says {
    NoOrganizations,
    Nothing,
    Newest(u64, u64),
}

/// A ledger that says that, whatever its files hold.
#[derive(Clone)]
struct Ledger {
    files: Files,
    says: Says,
    leaves: Vec<Vec<u8>>,
}

impl Ledger {
    fn honest(leaves: &[Vec<u8>]) -> Self {
        let newest = chain(leaves, COMPANY);
        let says = Says::Newest(newest.len() as u64 - 1, *newest.last().unwrap());
        Self::saying(leaves, says)
    }

    fn saying(leaves: &[Vec<u8>], says: Says) -> Self {
        Self { files: Files::of(leaves), says, leaves: leaves.to_vec() }
    }

    fn prove(&self, name: &str) -> Result<Completeness, AuditError> {
        self.watched(name, ())
    }

    fn watched(&self, name: &str, watcher: impl Watcher) -> Result<Completeness, AuditError> {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let policy = Policy::of_log(log().verifier_key().clone());
        let proving = prove(self.clone(), &policy, domain(name), watcher);
        runtime.block_on(proving).map(|report| report.completeness)
    }

    /// What is found: place, index and name of each finding.
    fn found(&self) -> Vec<(Option<u64>, Option<u64>, &'static str)> {
        let found = self.prove(COMPANY).unwrap();
        let failed = found.outcome() == Outcome::Failed;
        assert_eq!(failed, !found.findings.is_empty());
        let named = |check| found.findings.iter().any(|finding| finding.fault.check() == check);
        for check in found.checks() {
            assert_eq!(check.outcome == Outcome::Failed, named(check.name), "{check:?}");
        }
        found.findings.iter().map(|f| (f.seq, f.index, f.fault.name())).collect()
    }
}

impl Source for Ledger {
    async fn file(&self, path: &str, bytes_max: usize) -> Result<Bytes, FetchError> {
        if !path.starts_with("api/") {
            return self.files.file(path, bytes_max).await;
        }
        let url = path.to_owned();
        match self.says {
            Says::NoOrganizations => Err(FetchError::Unexpected { url, status: 404 }),
            Says::Nothing => {
                let problem = Box::new(Problem::new(Reason::NotFound, 404, "nothing".into()));
                Err(FetchError::Refused { url, status: 404, problem })
            }
            Says::Newest(seq, index) => {
                let leaf_hash = leaf_hash(&self.leaves[index as usize]).to_hex();
                let meta = Meta {
                    checkpoint_size: 0,
                    root: String::new(),
                    as_of: String::new(),
                    looked_back_to: None,
                };
                let newest = ChainHead { index, seq, leaf_hash };
                let domain = path.rsplit('/').next().unwrap().to_owned();
                let told = Organization { domain, entries_total: seq + 1, newest, meta };
                Ok(serde_json::to_vec(&told).unwrap().into())
            }
        }
    }
}

/// The same ledger with the links of an entry written anew, and everything signed.
fn relinked(
    leaves: &[Vec<u8>],
    index: u64,
    change: impl Fn(&mut Vec<(Domain, Link)>),
) -> Vec<Vec<u8>> {
    let mut leaves = leaves.to_vec();
    let leaf = &mut leaves[index as usize];
    let mut entry = Entry::parse(leaf).unwrap();
    change(&mut entry.links.subjects);
    *leaf = entry.to_leaf();
    leaves
}

/// The link of the company becomes this one.
fn link_becomes(link: Link) -> impl Fn(&mut Vec<(Domain, Link)>) {
    move |subjects| subjects.iter_mut().find(|(name, _)| name.as_str() == COMPANY).unwrap().1 = link
}

#[test]
fn a_good_ledger_shows_everything_about_each_company() {
    for number in 0..5 {
        let name = format!("company{number}.example");
        let indices = chain(&LEAVES, &name);
        let newest = Says::Newest(indices.len() as u64 - 1, *indices.last().unwrap());
        for says in [newest, Says::NoOrganizations] {
            let found = Ledger::saying(&LEAVES, says).prove(&name).unwrap();
            assert_eq!((found.outcome(), &found.findings[..]), (Outcome::Verified, &[][..]));
            let shown: Vec<u64> = found.chain.iter().rev().map(|shown| shown.index).collect();
            assert_eq!(shown, indices);
            assert!(found.chain.iter().rev().map(|shown| shown.seq).eq(0..indices.len() as u64));
        }
    }
}

#[test]
fn that_nothing_is_about_a_name_is_shown_by_looking_at_every_entry() {
    for says in [Says::Nothing, Says::NoOrganizations] {
        let found = Ledger::saying(&LEAVES, says).prove("www.company1.example").unwrap();
        assert_eq!((found.outcome(), found.scanned), (Outcome::Verified, 600));
        assert!(found.checks()[0].detail.starts_with("none of all 600"));
        assert!(
            found.shows()[0].starts_with("no entry about www.company1.example is among the 600")
        );
    }
}

#[test]
fn progress_is_told_of_the_scan_and_of_the_walk() {
    #[derive(Clone, Default)]
    struct Watch(std::sync::Arc<std::sync::Mutex<Vec<Progress>>>);
    impl Watcher for Watch {
        fn progress(&mut self, progress: Progress) {
            self.0.lock().unwrap().push(progress);
        }
    }
    let watch = Watch::default();
    let newest = chain(&LEAVES, COMPANY).len() as u64 - 1;
    Ledger::honest(&LEAVES).watched(COMPANY, watch.clone()).unwrap();
    let told = watch.0.lock().unwrap().clone();
    assert_eq!(told.last(), Some(&Progress::Walked { from: newest, to: 0 }));
    let nobody = Watch::default();
    Ledger::saying(&LEAVES, Says::Nothing).watched("other.example", nobody.clone()).unwrap();
    assert!(nobody.0.lock().unwrap().contains(&Progress::Scanned { done: 1, of: 600 }));
}

#[test]
fn an_entry_cut_out_of_its_bundle_is_named_and_those_before_it_are_shown() {
    let indices = chain(&LEAVES, COMPANY);
    let seq = 20;
    let index = indices[seq];
    for (path, first) in [("tile/entries/000", 0), ("tile/entries/001", 256)] {
        let ledger = Ledger::honest(&LEAVES);
        let seq =
            indices.iter().position(|index| *index > first + 9).unwrap() + usize::from(first > 0);
        ledger.files.change(path, |bytes| {
            let mut entries: Vec<Vec<u8>> =
                parse_bundle(bytes, 256).unwrap().iter().map(|entry| entry.to_vec()).collect();
            entries.remove((indices[seq] - first) as usize);
            *bytes = encode_bundle(entries).unwrap();
        });
        let missing = (Some(seq as u64), Some(indices[seq]), "entry_missing");
        assert_eq!(ledger.found(), [missing]);
        assert_eq!(ledger.prove(COMPANY).unwrap().chain.len(), indices.len() - 1);
    }
    let ledger = Ledger::honest(&LEAVES);
    ledger.files.change("tile/entries/000", |bytes| {
        let mut entries: Vec<Vec<u8>> =
            parse_bundle(bytes, 256).unwrap().iter().map(|entry| entry.to_vec()).collect();
        entries[index as usize] = entries[index as usize + 1].clone();
        *bytes = encode_bundle(entries).unwrap();
    });
    assert_eq!(ledger.found(), [(Some(20), Some(index), "entry_changed")]);
}

#[test]
fn a_bundle_that_is_gone_is_named_by_the_entries_it_held() {
    let ledger = Ledger::honest(&LEAVES);
    ledger.files.files.lock().unwrap().remove("tile/entries/001").unwrap();
    let indices = chain(&LEAVES, COMPANY);
    let last = indices.iter().rposition(|index| *index < 512).unwrap();
    let kept = indices.iter().rposition(|index| *index < 256).unwrap();
    let found = ledger.found();
    assert_eq!(found[0], (Some(last as u64), Some(indices[last]), "entry_missing"));
    assert_eq!(found[1], (None, Some(256), "entry_missing"), "the rest of it is one finding");
    assert_eq!(found[2], (Some(last as u64 - 1), None, "gap"));
    let detail = ledger.prove(COMPANY).unwrap().findings[2].to_string();
    assert!(detail.ends_with(&format!("seq {} to {}", kept + 1, last - 1)), "{detail}");
}

#[test]
fn a_newest_entry_that_the_ledger_leaves_out_is_named() {
    let indices = chain(&LEAVES, COMPANY);
    let last = indices.len() - 1;
    let hidden = (Some(last as u64), Some(indices[last]), "newest_hidden");
    for older in [last - 1, last - 7] {
        let says = Says::Newest(older as u64, indices[older]);
        assert_eq!(Ledger::saying(&LEAVES, says).found(), [hidden], "{older}");
    }
    assert_eq!(Ledger::saying(&LEAVES, Says::Nothing).found(), [hidden]);
    let beyond = Ledger::saying(&LEAVES, Says::Newest(last as u64, 600 - 1));
    assert!(!beyond.found().is_empty(), "an entry about another company is no newest entry");
}

#[test]
fn a_number_that_is_skipped_or_given_twice_is_named() {
    let indices = chain(&LEAVES, COMPANY);
    let (from, to) = (indices[30], indices[28]);
    let prev = leaf_hash(&LEAVES[to as usize]);
    let skipping = relinked(&LEAVES, from, link_becomes(Link::After { index: to, prev, seq: 30 }));
    let gap = (Some(29), None, "gap");
    let swapped = (Some(30), Some(from), "entry_swapped");
    assert_eq!(lying(&skipping).found(), [swapped, gap], "the entry after it still knows its hash");

    let prev = leaf_hash(&LEAVES[indices[29] as usize]);
    let renumbered = Link::After { index: indices[29], prev, seq: 33 };
    let found = lying(&relinked(&LEAVES, from, link_becomes(renumbered))).found();
    assert!(found.contains(&(Some(33), Some(from), "out_of_order")), "{found:?}");

    let forward = Link::After { index: from + 1, prev, seq: 30 };
    let found = lying(&relinked(&LEAVES, from, link_becomes(forward))).found();
    assert!(found.contains(&(Some(30), Some(from), "link_forward")), "{found:?}");

    let first = lying(&relinked(&LEAVES, from, link_becomes(Link::First))).found();
    assert!(
        first.contains(&(Some(30), None, "gap")),
        "a chain may not begin in its middle: {first:?}"
    );
}

/// The company's newest entry is the same as on the good ledger.
fn lying(leaves: &[Vec<u8>]) -> Ledger {
    let newest = chain(&LEAVES, COMPANY);
    let says = Says::Newest(newest.len() as u64 - 1, *newest.last().unwrap());
    Ledger::saying(leaves, says)
}

#[test]
fn entries_that_changed_places_are_named() {
    let indices = chain(&LEAVES, COMPANY);
    let mut swapped = LEAVES.clone();
    swapped.swap(indices[12] as usize, indices[13] as usize);
    let at = Some(indices[13]);
    let expected =
        [(Some(13), at, "entry_swapped"), (Some(13), None, "gap"), (Some(12), at, "wrong_index")];
    assert_eq!(lying(&swapped).found(), expected);
}

#[test]
fn links_that_the_fields_contradict_are_named() {
    let indices = chain(&LEAVES, COMPANY);
    let middle = indices[17];
    let out = |subjects: &mut Vec<(Domain, Link)>| subjects.retain(|(n, _)| n.as_str() != COMPANY);
    let found = lying(&relinked(&LEAVES, middle, out)).found();
    assert!(found.contains(&(Some(17), Some(middle), "not_linked")), "{found:?}");

    let last = indices.len() - 1;
    let unlinked = relinked(&LEAVES, indices[last], out);
    let says = Says::Newest(last as u64 - 1, indices[last - 1]);
    let missing = (Some(last as u64), Some(indices[last]), "link_missing");
    assert_eq!(Ledger::saying(&unlinked, says).found(), [missing]);

    // An entry about another company that says it is one of this chain.
    let other = chain(&LEAVES, "company2.example").into_iter().rfind(|i| *i > indices[last]);
    let other = other.unwrap_or(599);
    let prev = leaf_hash(&LEAVES[indices[last] as usize]);
    let joining = Link::After { index: indices[last], prev, seq: last as u64 + 1 };
    let joined = relinked(&LEAVES, other, |subjects| {
        subjects.insert(0, (domain(COMPANY), joining));
    });
    let ledger = Ledger::saying(&joined, Says::Newest(last as u64 + 1, other));
    assert_eq!(ledger.found(), [(Some(last as u64 + 1), Some(other), "not_a_member")]);
}

#[test]
fn a_reveal_after_the_newest_is_a_member_by_the_entry_it_is_about() {
    let reveal = LEAVES.iter().rposition(|leaf| {
        let entry = Entry::parse(leaf).unwrap();
        String::from_utf8_lossy(entry.envelope.payload()).contains("\"kind\":\"reveal\"")
    });
    let reveal = reveal.unwrap();
    let name = Entry::parse(&LEAVES[reveal]).unwrap().links.subjects[0].0.clone();
    let cut = relinked(&LEAVES[..=reveal], reveal as u64, Vec::clear);
    let found = Ledger::saying(&cut, Says::NoOrganizations).prove(name.as_str()).unwrap();
    let named: Vec<_> = found.findings.iter().map(|f| (f.index, f.fault.name())).collect();
    assert_eq!(named, [(Some(reveal as u64), "link_missing")]);
}

#[test]
fn a_wrong_tile_is_named_by_the_entry_it_was_needed_for() {
    let indices = chain(&LEAVES, COMPANY);
    let last_of = |end: u64| {
        let seq = indices.iter().rposition(|index| *index < end).unwrap();
        (Some(seq as u64), Some(indices[seq]))
    };
    for (path, end) in [("tile/0/000", 256), ("tile/0/001", 512)] {
        let ledger = Ledger::honest(&LEAVES);
        ledger.files.change(path, |bytes| bytes[40] ^= 1);
        let (seq, index) = last_of(end);
        assert_eq!(ledger.found(), [(seq, index, "tile_mismatch")], "{path}");
    }
    let ledger = Ledger::honest(&LEAVES);
    ledger.files.change("tile/1/000.p/2", |bytes| bytes[40] ^= 1);
    assert_eq!(ledger.found()[0].2, "not_in_tree");
    assert_eq!(ledger.found().len(), 1, "what cannot be proved ends the walk");
}

#[test]
fn a_changed_bundle_of_which_no_tile_tells_what_it_was_is_not_in_the_tree() {
    let ledger = Ledger::honest(&LEAVES);
    ledger.files.change("tile/entries/000", |bytes| bytes[40] ^= 1);
    ledger.files.files.lock().unwrap().remove("tile/0/000").unwrap();
    let indices = chain(&LEAVES, COMPANY);
    let seq = indices.iter().rposition(|index| *index < 256).unwrap();
    assert_eq!(ledger.found(), [(Some(seq as u64), Some(indices[seq]), "not_in_tree")]);
    let proved = ledger.prove(COMPANY).unwrap();
    assert_eq!(proved.checks()[2].name, CheckName::Inclusion);

    let ledger = Ledger::honest(&LEAVES);
    ledger.files.files.lock().unwrap().remove("tile/0/000").unwrap();
    assert_eq!(ledger.found(), [], "entries that lead to the root need no tile beside them");
}

#[test]
fn a_root_that_was_not_signed_is_not_walked() {
    let ledger = Ledger::honest(&LEAVES);
    ledger.files.change("checkpoint", |bytes| {
        let at = bytes.len() - 10;
        bytes[at] ^= 1;
    });
    assert!(matches!(
        ledger.prove(COMPANY),
        Err(AuditError::Untrusted(_) | AuditError::Checkpoint(_))
    ));
}
