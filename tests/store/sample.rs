//! Made-up batches, and the places that engines are opened in.

use bytes::Bytes;
use onrecord::crypto::sha256;
use onrecord::store::local::{LocalEndpoints, LocalJournal, LocalObjects, LocalWitnessed};
use onrecord::store::memory::{MemoryFolder, MemoryWitnessed};
use onrecord::store::{
    Batch, Endpoints, Head, Journal, Objects, Record, StoreError, Witnessed, Word, WordRef,
};
use tempfile::TempDir;

/// Small segments, so that tests roll many.
pub const SEGMENT_LENGTH: u64 = 16 << 10;

/// The text of entry `index`'s words, found nowhere else.
pub fn secret(index: u64) -> String {
    let text = format!("secret-of-{index}-");
    text.repeat(3 + (index as usize * 7) % 40)
}

pub fn secret_ref(index: u64) -> WordRef {
    WordRef { entry: index, digest: sha256(secret(index).as_bytes()) }
}

pub fn record(index: u64) -> Record {
    let words = vec![Word { digest: secret_ref(index).digest, disclosure: secret(index).into() }];
    let leaf = Bytes::from(format!(
        "{{\"leaf\":{index},\"pad\":\"{}\"}}",
        "p".repeat(index as usize % 300)
    ));
    Record { leaf, words }
}

/// Entries `first..first + count`, and a head that only such a tree has.
pub fn batch_erasing(first: u64, count: u64, erased: Vec<WordRef>) -> Batch {
    let size = first + count;
    let root = sha256(format!("root of {size}").as_bytes());
    let head = Head { size, root, checkpoint: format!("log.example\n{size}\n{root}\n") };
    Batch::new((first..size).map(record).collect(), erased, head).expect("a good batch")
}

pub fn batch(first: u64, count: u64) -> Batch {
    batch_erasing(first, count, Vec::new())
}

/// A place where an engine is opened, closed and opened again.
pub trait Place {
    fn new() -> Self;
    fn journal(&self) -> Result<Box<dyn Journal>, StoreError>;
    fn objects(&self) -> Box<dyn Objects>;
    fn endpoints(&self) -> Box<dyn Endpoints>;
    fn witnessed(&self) -> Box<dyn Witnessed>;
    /// Everything that is kept, for a search.
    fn bytes(&self) -> Vec<u8>;
}

pub struct Memory(MemoryFolder, MemoryWitnessed);

impl Place for Memory {
    fn new() -> Self {
        Self(MemoryFolder::default(), MemoryWitnessed::default())
    }

    fn journal(&self) -> Result<Box<dyn Journal>, StoreError> {
        Ok(Box::new(self.0.journal()?))
    }

    fn objects(&self) -> Box<dyn Objects> {
        Box::new(self.0.objects())
    }

    fn endpoints(&self) -> Box<dyn Endpoints> {
        Box::new(self.0.endpoints())
    }

    fn witnessed(&self) -> Box<dyn Witnessed> {
        Box::new(self.1.clone())
    }

    fn bytes(&self) -> Vec<u8> {
        format!("{:?}", self.0).into_bytes()
    }
}

pub struct Local(pub TempDir);

impl Place for Local {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    fn journal(&self) -> Result<Box<dyn Journal>, StoreError> {
        Ok(Box::new(LocalJournal::open(&self.0.path().join("journal"), SEGMENT_LENGTH)?))
    }

    fn objects(&self) -> Box<dyn Objects> {
        Box::new(LocalObjects::open(&self.0.path().join("objects")).expect("objects open"))
    }

    fn endpoints(&self) -> Box<dyn Endpoints> {
        Box::new(LocalEndpoints::open(&self.0.path().join("endpoints")).expect("endpoints open"))
    }

    fn witnessed(&self) -> Box<dyn Witnessed> {
        Box::new(LocalWitnessed::open(&self.0.path().join("witness")).expect("a witness opens"))
    }

    fn bytes(&self) -> Vec<u8> {
        all_bytes(self.0.path())
    }
}

/// The bytes of every file below a folder.
pub fn all_bytes(folder: &std::path::Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            bytes.extend(all_bytes(&path));
        } else {
            bytes.extend(std::fs::read(&path).expect("a file"));
        }
    }
    bytes
}

pub fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
