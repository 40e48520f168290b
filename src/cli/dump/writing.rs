//! The files of a dump as they are written: hashed and counted on the way. The manifest comes last, so that a folder
//! without one is no dump.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::crypto::Hasher;
use crate::service::dump::{LINES_NAME, LINES_TYPE, ROWS_NAME, ROWS_TYPE, csv_header};
use crate::wire::DumpFile;

/// Both files.
pub(super) struct Writing {
    lines: Hashed,
    rows: Hashed,
}

impl Writing {
    /// Makes the folder, which may be there if it is empty, and begins the files.
    pub(super) fn start(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
        let is_empty = fs::read_dir(folder).map(|mut entries| entries.next().is_none());
        if !is_empty.map_err(|error| cannot_write(folder, &error))? {
            let what = format!("{} is not empty", files::shown(folder));
            return Err(Failure::new(
                what,
                "Name another folder with --out: nothing is overwritten.",
            ));
        }
        let mut writing = Self {
            lines: Hashed::create(folder.join(LINES_NAME))?,
            rows: Hashed::create(folder.join(ROWS_NAME))?,
        };
        writing.rows.write(&csv_header())?;
        Ok(writing)
    }

    /// Adds an entry: its line without the end, and its row.
    pub(super) fn add(&mut self, line: &[u8], row: &[u8]) -> Result<(), Failure> {
        self.lines.write(line)?;
        self.lines.write(b"\n")?;
        self.rows.write(row)
    }

    /// Waits until all is on the disk, and says what the files are.
    pub(super) fn finish(self, rows: u64) -> Result<Vec<DumpFile>, Failure> {
        let lines = self.lines.finish(LINES_NAME, LINES_TYPE, rows)?;
        Ok(vec![lines, self.rows.finish(ROWS_NAME, ROWS_TYPE, rows)?])
    }
}

struct Hashed {
    path: PathBuf,
    file: BufWriter<File>,
    hasher: Hasher,
    bytes: u64,
}

impl Hashed {
    fn create(path: PathBuf) -> Result<Self, Failure> {
        let file = File::create_new(&path).map_err(|error| cannot_write(&path, &error))?;
        Ok(Self { path, file: BufWriter::new(file), hasher: Hasher::default(), bytes: 0 })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| cannot_write(&self.path, &error))
    }

    fn finish(mut self, name: &str, media_type: &str, rows: u64) -> Result<DumpFile, Failure> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        synced.map_err(|error| cannot_write(&self.path, &error))?;
        Ok(DumpFile {
            name: name.into(),
            media_type: media_type.into(),
            sha256: self.hasher.finish().to_hex(),
            bytes: self.bytes,
            rows,
        })
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let what = format!("{} cannot be written: {error}", files::shown(path));
    Failure::new(what, "Check that you may write there, and that the disk has room.")
}
