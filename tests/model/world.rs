//! A ledger that can be started again and again, and the plain vector it is held against.

use std::collections::BTreeMap;
use std::str::FromStr as _;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use futures_util::future::join_all;
use onrecord::clock::{self, SetClock};
use onrecord::crypto::{Hash, PrivateKey};
use onrecord::service::founding::{self, Randomness};
use onrecord::service::{IndexState, Ledger, Parts, PublishError, Receipt};
use onrecord::statement::{Disclosure, StatementId, Submission};
use onrecord::store::memory::MemoryFolder;
use onrecord::store::{Index as _, Journal as _, ObjectName, Objects as _};
use onrecord::tlog::{Frontier, LogSigner, Origin, SignedCheckpoint, leaf_hash};
use tokio::runtime::{Builder, Runtime};

use super::fuse::{Fuse, FusedIndex, FusedJournal, FusedObjects, Held};
use super::writer::Written;

pub const LOG: &str = "ledger.example/model";

/// A folder in memory, and everything ever learned about the ledger in it.
pub struct World {
    pub folder: MemoryFolder,
    runtime: Runtime,
    ledger: Option<Ledger>,
    fuse: Fuse,
    journal: Held,
    /// The plain vector: id and leaf hash of each entry ever seen.
    entries: Vec<(StatementId, Hash)>,
    /// Where each statement was answered to be.
    answered: BTreeMap<StatementId, (u64, Hash)>,
    heads: Vec<(u64, Hash)>,
}

fn log_key() -> PrivateKey {
    PrivateKey::from_seed(&[1; 32])
}

impl World {
    /// A new ledger with its entry 0.
    pub fn new() -> Self {
        Self {
            folder: MemoryFolder::default(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            ledger: None,
            fuse: Fuse::none(),
            journal: Held::default(),
            entries: Vec::new(),
            answered: BTreeMap::new(),
            heads: Vec::new(),
        }
    }

    /// Starts the ledger on engines that die when the fuse blows. `false` when it died while it started.
    pub fn start(&mut self, fuse: &Fuse) -> bool {
        assert!(self.ledger.is_none());
        self.fuse = fuse.clone();
        let (journal, held) = FusedJournal::open(&self.folder, fuse).unwrap();
        self.journal = held;
        let index = FusedIndex(self.folder.index(), fuse.clone());
        let parts = Parts {
            journal: Box::new(journal),
            objects: Arc::new(FusedObjects(self.folder.objects(), fuse.clone())),
            open_index: Box::new(move || Ok(Arc::new(index))),
            signer: LogSigner::new(Origin::from_str(LOG).unwrap(), log_key()),
            clock: Arc::new(SetClock::at(clock::now())),
            queue_max: 1024,
        };
        match Ledger::start(parts) {
            Ok(ledger) => self.ledger = Some(ledger),
            Err(error) => {
                assert!(fuse.is_blown(), "a folder after a crash is refused: {error}");
                return false;
            }
        }
        self.wait_until_it_publishes() && self.found()
    }

    fn ledger(&self) -> &Ledger {
        self.ledger.as_ref().expect("it was started")
    }

    fn wait_until_it_publishes(&self) -> bool {
        for _ in 0..1000 {
            match self.ledger().health().index {
                IndexState::Ready => return true,
                IndexState::Failed(why) => {
                    assert!(self.fuse.is_blown(), "{why}");
                    return false;
                }
                IndexState::Building { .. } => sleep(Duration::from_millis(2)),
            }
        }
        panic!("the index is never ready");
    }

    /// Entry 0, unless it is there.
    fn found(&mut self) -> bool {
        if self.ledger().view().is_some() {
            return true;
        }
        let operator = PrivateKey::from_seed(&[2; 32]);
        let random = Randomness { nonce: [3; 16], salt: [4; 16] };
        let policy = founding::policy(LOG, &operator, true, None, random, clock::now()).unwrap();
        self.publish_all(&[&policy])[0].is_ok()
    }

    /// Ends well.
    pub fn stop(&mut self) {
        if let Some(ledger) = self.ledger.take() {
            self.runtime.block_on(ledger.stop());
            *self.journal.lock().unwrap() = None;
        }
    }

    /// What a dead process leaves: nothing is finished.
    pub fn bury(&mut self) {
        assert!(self.fuse.is_blown());
        self.ledger = None;
        *self.journal.lock().unwrap() = None;
    }

    /// Publishes them all at the same time.
    pub fn publish_all(
        &mut self,
        submissions: &[&Submission],
    ) -> Vec<Result<Receipt, PublishError>> {
        let ledger = self.ledger();
        let futures = submissions.iter().map(|submission| ledger.publish(submission, |_| None));
        self.runtime.block_on(join_all(futures))
    }

    /// Publishes statements at the same time and remembers what was answered.
    pub fn publish(&mut self, all: &[&Written]) -> Vec<Result<Receipt, PublishError>> {
        let submissions: Vec<&Submission> = all.iter().map(|written| &written.sent).collect();
        let results = self.publish_all(&submissions);
        for (written, result) in all.iter().zip(&results) {
            if let Ok(receipt) = result {
                let place = (receipt.index, leaf_hash(&receipt.bundle.leaf));
                let before = self.answered.insert(written.id, place);
                assert!(before.is_none_or(|before| before == place), "answered at two places");
                let (_, note) = receipt.bundle.proof.split_once("\n\n").unwrap();
                self.remember(note);
            }
        }
        results
    }

    fn remember(&mut self, note: &str) {
        let signed = SignedCheckpoint::from_str(note).unwrap();
        let signer = LogSigner::new(Origin::from_str(LOG).unwrap(), log_key());
        signed.verify(signer.verifier_key()).unwrap();
        let head = signed.checkpoint();
        self.heads.push((head.size(), *head.root()));
    }

    /// Holds the ledger against the vector and the vector against everything answered.
    pub fn check(&mut self) {
        let view = self.ledger().view().expect("entry 0 is there");
        let size = usize::try_from(view.size()).unwrap();
        assert!(size >= self.entries.len(), "it shrank from {} to {size}", self.entries.len());
        for index in 0..size {
            let entry = view.entry(index as u64).unwrap().expect("every entry can be read");
            let seen = (entry.entry.envelope.id(), entry.leaf_hash);
            match self.entries.get(index) {
                Some(known) => assert_eq!(*known, seen, "entry {index} changed"),
                None => self.entries.push(seen),
            }
        }
        let ids: std::collections::BTreeSet<_> = self.entries.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids.len(), self.entries.len(), "a statement is logged twice");
        for (id, (index, leaf)) in &self.answered {
            let entry = self.entries.get(usize::try_from(*index).unwrap());
            assert_eq!(entry, Some(&(*id, *leaf)), "what was answered is not at {index}");
        }
        let note = String::from_utf8(view.checkpoint().to_vec()).unwrap();
        self.remember(&note);
        self.check_heads();
    }

    /// All checkpoints ever seen are of the one history in the vector.
    fn check_heads(&mut self) {
        self.heads.sort_unstable_by_key(|(size, _)| *size);
        self.heads.dedup();
        let mut frontier = Frontier::new();
        let mut leaves = self.entries.iter().map(|(_, leaf)| *leaf);
        for (size, root) in &self.heads {
            while frontier.size() < *size {
                frontier.push(leaves.next().expect("no checkpoint is ahead of the entries"));
            }
            assert_eq!(frontier.root(), *root, "two histories at size {size}");
        }
    }

    /// How many entries the vector has.
    pub fn size(&self) -> usize {
        self.entries.len()
    }

    /// Whether the statement is in the vector.
    pub fn has(&self, id: &StatementId) -> bool {
        self.entries.iter().any(|(known, _)| known == id)
    }

    /// The words the ledger serves of a statement that it has.
    pub fn words_of(&self, id: &StatementId) -> Vec<String> {
        let view = self.ledger().view().unwrap();
        let index = view.find(id).unwrap().expect("it is logged");
        view.bundle(index).unwrap().unwrap().disclosures
    }

    /// Waits until the full bundles are objects, or the fuse blew.
    pub fn wait_for_bundles(&self, count: u64) {
        for _ in 0..1000 {
            if self.fuse.is_blown() || self.folder.objects().bundles().unwrap() >= count {
                return;
            }
            sleep(Duration::from_millis(2));
        }
        panic!("entries are never applied");
    }

    /// How many entries readers see.
    pub fn size_published(&self) -> u64 {
        self.ledger().view().map_or(0, |view| view.size())
    }

    /// Why the ledger does not write, if so.
    pub fn read_only(&self) -> Option<String> {
        self.ledger().health().read_only
    }

    /// Empties the index of a stopped ledger.
    pub fn lose_index(&self) {
        assert!(self.ledger.is_none());
        self.folder.index().clear().unwrap();
    }

    /// Whether a stopped ledger's folder holds these words, in the journal or in a pack.
    pub fn holds(&self, words: &[Disclosure]) -> bool {
        assert!(self.ledger.is_none());
        let journal = format!("{:?}", self.folder.journal().unwrap().unapplied().unwrap());
        let objects = self.folder.objects();
        let packs = (0..objects.bundles().unwrap()).filter_map(|index| {
            let pack = objects.get(ObjectName::Words { index }).unwrap()?;
            Some(String::from_utf8_lossy(&pack).into_owned())
        });
        let places: Vec<String> = packs.chain([journal]).collect();
        words.iter().any(|word| places.iter().any(|place| place.contains(word.encoded())))
    }
}
