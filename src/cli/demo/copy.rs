//! A copy of the ledger's files, as anyone may make one, and what becomes of it when somebody cuts an entry out.

use std::path::{Path, PathBuf};

use super::stage::{Stage, unexpected};
use crate::cli::contact;
use crate::cli::failure::Failure;
use crate::tlog::{SignedCheckpoint, TileKind, TilePath, encode_bundle, parse_bundle};

const FILE_BYTES_MAX: usize = 4 << 20;

/// Files of a ledger in a folder: its checkpoint and its tiles.
pub(super) struct Copy {
    pub(super) folder: PathBuf,
    size: u64,
}

impl Copy {
    /// Fetches all files that the newest checkpoint covers.
    pub(super) async fn of(stage: &Stage) -> Result<Self, Failure> {
        let folder = stage.folder().join("copy");
        let checkpoint = fetch(stage, "checkpoint").await?;
        let signed: SignedCheckpoint = String::from_utf8_lossy(&checkpoint)
            .parse()
            .map_err(|error| unexpected(&format!("/checkpoint: {error}")))?;
        let size = signed.checkpoint().size();
        write(&folder.join("checkpoint"), &checkpoint)?;
        let levels = (0..).map(|level| TileKind::Hashes { level });
        let levels = levels.take_while(|kind| kind.count_in(size) > 0);
        for kind in [TileKind::Entries].into_iter().chain(levels) {
            for path in TilePath::all_in_tree(kind, size) {
                let name = path.to_string();
                write(&folder.join(&name), &fetch(stage, &name).await?)?;
            }
        }
        Ok(Self { folder, size })
    }

    /// Empties the place of an entry.
    pub(super) fn cut_out(&self, index: u64) -> Result<(), Failure> {
        let width = TilePath::in_tree(TileKind::Entries, 0, self.size);
        let path = width.ok_or_else(|| unexpected("the ledger is empty"))?;
        let file = self.folder.join(path.to_string());
        let bytes = std::fs::read(&file).map_err(|error| unexpected(&error.to_string()))?;
        let mut leaves = parse_bundle(&bytes, path.width())
            .map_err(|error| unexpected(&format!("{path}: {error}")))?;
        let place = usize::try_from(index).ok().and_then(|index| leaves.get_mut(index));
        *place.ok_or_else(|| unexpected("the entry is not in the copy"))? = Default::default();
        let bytes = encode_bundle(leaves).map_err(|error| unexpected(&error.to_string()))?;
        write(&file, &bytes)
    }
}

async fn fetch(stage: &Stage, name: &str) -> Result<Vec<u8>, Failure> {
    let bytes = stage.client().get(name, FILE_BYTES_MAX).await;
    Ok(bytes.map_err(|error| contact::failure(&error))?.to_vec())
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(file);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(file, bytes));
    written.map_err(|error| unexpected(&format!("{}: {error}", file.display())))
}
