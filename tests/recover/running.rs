//! A ledger on a folder, run by hand: what the sequencer and the applying thread do, one call at a time.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use onrecord::service::apply::Applier;
use onrecord::service::erase::{PackLock, erase};
use onrecord::service::recover::{RecoverError, ReindexError, build_index, recover};
use onrecord::service::{Kept, Lookup};
use onrecord::statement::Disclosure;
use onrecord::store::local::{LocalFolder, LocalIndex};
use onrecord::store::memory::MemoryFolder;
use onrecord::store::{Index, Journal, List, StoreError, Word, WordRef};
use onrecord::tlog::root;

use crate::history::{Step, history, signer};

/// Small, so that the history needs many segments.
const SEGMENT_LENGTH: u64 = 64 << 10;

pub struct Running {
    pub lookup: Arc<Lookup>,
    pub journal: Arc<Mutex<Box<dyn Journal>>>,
    packs: Arc<PackLock>,
    pub applier: Applier,
}

/// Why a folder could not be started.
#[derive(Debug)]
pub enum NotStarted {
    Store(StoreError),
    Recover(RecoverError),
    Reindex(ReindexError),
}

impl Running {
    pub fn start(folder: &Path) -> Result<Self, NotStarted> {
        let opened = LocalFolder::open(folder, SEGMENT_LENGTH).map_err(NotStarted::Store)?;
        let mut journal: Box<dyn Journal> = Box::new(opened.journal);
        let key = signer();
        let recovered = recover(journal.as_mut(), Arc::new(opened.objects), key.verifier_key());
        let recovered = recovered.map_err(NotStarted::Recover)?;
        let size = journal.head().map_or(0, |head| head.size);
        assert_eq!(recovered.standing.size, size);
        assert_eq!(recovered.frontier.size(), size);
        let (index, _) = LocalIndex::open(&opened.index).unwrap();
        let index: Arc<dyn Index> = Arc::new(index);
        build_index(&recovered.lookup, index, &|_, _| ()).map_err(NotStarted::Reindex)?;
        let journal = Arc::new(Mutex::new(journal));
        let packs: Arc<PackLock> = Arc::default();
        let applier = Applier::new(recovered.lookup.clone(), journal.clone(), packs.clone());
        Ok(Self { lookup: recovered.lookup, journal, packs, applier })
    }

    pub fn size(&self) -> u64 {
        self.lookup.memory().published().map_or(0, |published| published.size())
    }

    /// Commits and publishes the next step of the history, and carries out its erasures. The search has
    /// followed some of the steps by then.
    pub fn publish(&self) {
        let step = self.commit();
        if step.batch.first().is_multiple_of(3) {
            self.follow();
        }
        self.erase(step);
    }

    /// Lets the search take in everything that is published.
    pub fn follow(&self) {
        while self.lookup.search().follow(&self.lookup).unwrap() {}
    }

    /// The entries whose titles the search finds.
    pub fn titled(&self) -> Vec<u64> {
        let (size, search) = (self.size(), self.lookup.search());
        let mut found = search.titles("title of", size, usize::MAX, &self.lookup).unwrap();
        found.reverse();
        found
    }

    /// As [`Running::publish`], without the erasures.
    pub fn commit(&self) -> &'static Step {
        let size = self.size();
        let step = history().iter().find(|step| step.batch.first() == size).unwrap();
        self.journal
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .commit(size, &step.batch)
            .unwrap();
        let copy = |kept: &Kept| kept.clone();
        let kept = step.kept.iter().map(copy).collect();
        self.lookup.memory().publish(kept, step.indexed.clone(), step.published.clone());
        step
    }

    pub fn erase(&self, step: &Step) {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        erase(step.batch.erased(), &self.lookup, journal.as_mut(), &self.packs).unwrap();
    }

    pub fn publish_to(&self, size: u64) {
        while self.size() < size {
            self.publish();
        }
    }

    pub fn apply_all(&mut self) {
        while self.applier.step().unwrap() {}
    }

    /// Holds everything that can be read against the history.
    pub fn check(&self) {
        let size = self.size();
        let steps: Vec<_> = history().iter().filter(|step| step.batch.first() < size).collect();
        let reference = MemoryFolder::default().index();
        for step in &steps {
            let head = step.batch.head();
            let position = onrecord::store::Position { size: head.size, root: head.root };
            reference.apply(&step.indexed, position).unwrap();
            assert_eq!(root(head.size, self.lookup.as_ref()).unwrap(), head.root);
        }
        let kept = steps.iter().flat_map(|step| step.kept.iter().zip(&step.indexed));
        for (kept, indexed) in kept {
            let index = indexed.index;
            assert_eq!(self.lookup.leaf(index).unwrap().as_ref(), Some(&kept.leaf));
            assert_eq!(
                self.lookup.words_held(index).unwrap().len(),
                words_left(index, kept, size).len()
            );
            let found = self.lookup.memory().find(&indexed.id);
            let found = found.or(self.lookup.index().unwrap().find(&indexed.id).unwrap());
            assert_eq!(found, Some(index));
            for (chain, _) in &indexed.chains {
                assert_eq!(self.lookup.newest(chain).unwrap(), reference.newest(chain).unwrap());
            }
            for word in indexed.revealed.iter().chain(&indexed.erased) {
                assert_eq!(self.lookup.word_events(word).unwrap(), reference.words(word).unwrap());
            }
        }
        let policies = reference.listed(&List::policies(), u64::MAX, usize::MAX).unwrap();
        assert_eq!(self.lookup.listed(&List::policies(), u64::MAX, usize::MAX).unwrap(), policies);
        self.follow();
        assert_eq!(self.titled(), titled_before(size));
    }
}

/// The entries before `size` whose titles no entry before it erased.
pub fn titled_before(size: u64) -> Vec<u64> {
    let steps = history().iter().filter(|step| step.batch.first() < size);
    let kept = steps.flat_map(|step| (step.batch.first()..).zip(&step.kept));
    let is_title = |word: &&Word| Disclosure::parse(&word.disclosure).unwrap().name() == "title";
    let titled = kept.filter(|(index, kept)| words_left(*index, kept, size).iter().any(is_title));
    titled.map(|(index, _)| index).collect()
}

/// The words of an entry that no entry before `size` erased.
fn words_left(index: u64, kept: &Kept, size: u64) -> Vec<&Word> {
    let erased = erased_before(size);
    let stays = |word: &&Word| !erased.contains(&WordRef { entry: index, digest: word.digest });
    kept.words.iter().filter(stays).collect()
}

/// The words that entries before `size` erased.
pub fn erased_before(size: u64) -> Vec<WordRef> {
    let steps = history().iter().filter(|step| step.batch.first() < size);
    steps.flat_map(|step| step.batch.erased().to_vec()).collect()
}

/// The disclosures that entries before `size` erased.
pub fn erased_texts(size: u64) -> Vec<String> {
    let erased = erased_before(size);
    let steps = history().iter().flat_map(|step| (step.batch.first()..).zip(&step.kept));
    let words = steps.flat_map(|(entry, kept)| kept.words.iter().map(move |word| (entry, word)));
    let gone = words
        .filter(|(entry, word)| erased.contains(&WordRef { entry: *entry, digest: word.digest }));
    gone.map(|(_, word)| word.disclosure.to_string()).collect()
}

/// Asserts that no byte of erased words is left in a folder.
pub fn assert_erased(folder: &Path, size: u64) {
    let bytes = all_bytes(folder);
    let bytes = String::from_utf8_lossy(&bytes);
    for text in erased_texts(size) {
        assert!(!bytes.contains(&text), "erased words are left");
    }
}

fn all_bytes(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            bytes.extend(all_bytes(&path));
        } else {
            bytes.extend(std::fs::read(&path).unwrap());
            bytes.push(b'\n');
        }
    }
    bytes
}

/// Copies a folder, as a backup would.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
