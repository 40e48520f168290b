//! The check of words and index, over engines that answer with what is not so.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use onrecord::crypto::Hash;
use onrecord::service::Lookup;
use onrecord::service::check::{Holder, check_words_and_index, read_from_objects};
use onrecord::service::recover::recover;
use onrecord::service::reindex::build_index;
use onrecord::statement::Disclosure;
use onrecord::store::memory::{MemoryFolder, MemoryIndex, MemoryObjects};
use onrecord::store::{
    Chain, ChainLink, Index, IndexError, Indexed, List, ObjectName, Objects, Position, PutError,
    StoreError, WordEvents, WordRef,
};

use super::bench_ledger::{Person, log_key, parts, publish, start};

const PACK: ObjectName = ObjectName::Words { index: 0 };

/// A ledger that stopped, with a full bundle, of whose entry 1 a word was erased; and its pack from before that.
struct Stopped {
    folder: MemoryFolder,
    pack_before: Bytes,
}

async fn stopped() -> Stopped {
    let folder = MemoryFolder::default();
    let ledger = start(parts(&folder)).await;
    let first = Person::new(1).agreement(1, "A refund");
    publish(&ledger, &first).await.unwrap();
    for number in 2..=260 {
        publish(&ledger, &Person::new(number).agreement(number.into(), "A refund")).await.unwrap();
    }
    while folder.objects().bundles().unwrap() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let pack_before = folder.objects().get(PACK).unwrap().unwrap();
    let digest = Disclosure::parse(&first.disclosures[0]).unwrap().digest();
    publish(&ledger, &Person::new(1).erasure(&first, digest, 500)).await.unwrap();
    ledger.stop().await;
    Stopped { folder, pack_before }
}

impl Stopped {
    /// The names of what is found with these engines.
    fn findings(&self, objects: Arc<dyn Objects>, index: Arc<dyn Index>) -> Vec<&'static str> {
        let mut journal = self.folder.journal().unwrap();
        let own = Arc::new(self.folder.objects());
        let recovered = recover(&mut journal, own, log_key().verifier_key()).unwrap();
        let lookup = Lookup::new(recovered.lookup.memory().clone(), objects);
        build_index(&lookup, index, &|_, _| ()).unwrap();
        read_from_objects(&lookup).unwrap();
        let size = recovered.standing.size;
        check_words_and_index(&lookup, Holder::Ledger, size, &|_| ())
            .into_iter()
            .map(|wrong| wrong.name)
            .collect()
    }
}

/// Objects whose first pack is this one.
struct OtherPack(MemoryObjects, Bytes);

impl Objects for OtherPack {
    fn get(&self, name: ObjectName) -> Result<Option<Bytes>, StoreError> {
        if name == PACK { Ok(Some(self.1.clone())) } else { self.0.get(name) }
    }

    fn put(&self, group: &[(ObjectName, Bytes)]) -> Result<(), PutError> {
        self.0.put(group)
    }

    fn bundles(&self) -> Result<u64, StoreError> {
        self.0.bundles()
    }
}

/// What an index does not know.
#[derive(Clone, Copy, PartialEq)]
enum Lacks {
    Ids,
    Chains,
    Lists,
    Words,
}

struct Lacking(MemoryIndex, Lacks);

impl Index for Lacking {
    fn position(&self) -> Result<Option<Position>, IndexError> {
        self.0.position()
    }

    fn apply(&self, entries: &[Indexed], position: Position) -> Result<(), IndexError> {
        self.0.apply(entries, position)
    }

    fn find(&self, id: &Hash) -> Result<Option<u64>, IndexError> {
        if self.1 == Lacks::Ids { Ok(None) } else { self.0.find(id) }
    }

    fn newest(&self, chain: &Chain) -> Result<Option<ChainLink>, IndexError> {
        if self.1 == Lacks::Chains { Ok(None) } else { self.0.newest(chain) }
    }

    fn listed(&self, list: &List, before: u64, count: usize) -> Result<Vec<u64>, IndexError> {
        if self.1 == Lacks::Lists { Ok(Vec::new()) } else { self.0.listed(list, before, count) }
    }

    fn words(&self, word: &WordRef) -> Result<WordEvents, IndexError> {
        if self.1 == Lacks::Words { Ok(WordEvents::default()) } else { self.0.words(word) }
    }

    fn clear(&self) -> Result<(), IndexError> {
        self.0.clear()
    }
}

#[tokio::test]
async fn what_words_and_index_answer_wrongly_is_found_and_nothing_else() {
    let stopped = stopped().await;
    let objects = || Arc::new(stopped.folder.objects());
    let index = || Arc::new(stopped.folder.index());
    assert_eq!(stopped.findings(objects(), index()), Vec::<&str>::new());

    let came_back = Arc::new(OtherPack(stopped.folder.objects(), stopped.pack_before.clone()));
    assert_eq!(stopped.findings(came_back, index()), ["word_held"]);
    for lacks in [Lacks::Ids, Lacks::Chains, Lacks::Lists, Lacks::Words] {
        let lacking = Arc::new(Lacking(stopped.folder.index(), lacks));
        let found = stopped.findings(objects(), lacking);
        assert!(found.contains(&"index_wrong"), "{found:?}");
    }
}
