//! Records of webhooks as files, one a domain and under its name.

use std::path::Path;

use super::records::Records;
use crate::encoding::domain::Domain;
use crate::store::{Endpoints, RECORD_BYTES_MAX, StoreError};

/// The records in a folder. See [`Endpoints`] for what it promises.
#[derive(Debug)]
pub struct LocalEndpoints(Records);

impl LocalEndpoints {
    /// Opens or creates the records in `folder`. Only the holder of the journal's lock may.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Records::open(folder, RECORD_BYTES_MAX).map(Self)
    }
}

impl Endpoints for LocalEndpoints {
    fn all(&self) -> Result<Vec<(Domain, Vec<u8>)>, StoreError> {
        let mut all = Vec::new();
        for name in self.0.names()? {
            let Ok(domain) = Domain::parse(&name) else { continue };
            if let Some(record) = self.0.get(&name)? {
                all.push((domain, record));
            }
        }
        all.sort();
        Ok(all)
    }

    fn put(&self, domain: &Domain, record: &[u8]) -> Result<(), StoreError> {
        self.0.put(domain.as_str(), record)
    }
}
