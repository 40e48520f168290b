//! A ledger's public files in a folder, as a mirror keeps them: `checkpoint` and `tile/…` (C2SP tlog-tiles). It is
//! read like a ledger that knows nothing but its files.

use std::io;
use std::path::PathBuf;

use bytes::Bytes;

use crate::net::FetchError;
use crate::service::audit::Source;

/// The folder.
#[derive(Debug, Clone)]
pub(super) struct TileFolder(PathBuf);

impl TileFolder {
    pub(super) const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }
}

impl Source for TileFolder {
    async fn file(&self, path: &str, bytes_max: usize) -> Result<Bytes, FetchError> {
        let file = self.0.join(path);
        let url = file.display().to_string();
        match tokio::fs::metadata(&file).await {
            Ok(found) if found.len() > bytes_max as u64 => {
                Err(FetchError::TooLarge { url, bytes_max })
            }
            Ok(found) if found.is_dir() => Err(FetchError::Unexpected { url, status: 404 }),
            Ok(_) => tokio::fs::read(&file).await.map(Bytes::from).map_err(|e| failed(url, &e)),
            Err(error) => Err(failed(url, &error)),
        }
    }
}

/// A path that cannot be is not there either: `tile/entries/000.p/7` beside the file `tile/entries/000.p`.
fn failed(url: String, error: &io::Error) -> FetchError {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            FetchError::Unexpected { url, status: 404 }
        }
        _ => FetchError::Unreachable { url, cause: error.to_string() },
    }
}
