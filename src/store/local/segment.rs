//! One file of the journal: a preallocated run of frames. Creates it, reads it whole when the journal opens,
//! and writes at its end. Which segments there are is `journal.rs`'s business.
//!
//! A segment has its full length from the moment it has its name, so a shorter one was cut by something other
//! than a crash. It begins with 64 bytes: magic (16) · length (8) · first entry (8) · spaces · CRC-32 of these 60.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use fail::fail_point;

use super::blank::{self, Blank};
use super::files;
use super::frame::{self, Frame};
use super::torn::is_torn;
use crate::store::StoreError;

const MAGIC: [u8; 16] = *b"onrecord-log-1\xff\n";
const HEADER_LENGTH: usize = 64;
const SUFFIX: &str = ".seg";

/// Where a frame is.
#[derive(Debug, Clone, Copy)]
pub(super) struct FramePlace {
    pub offset: u64,
    pub length: usize,
    pub first: u64,
    /// The head's size after it.
    pub size: u64,
}

/// An open segment.
#[derive(Debug)]
pub(super) struct Segment {
    pub path: PathBuf,
    pub frames: Vec<FramePlace>,
    file: File,
    length: u64,
    end: u64,
}

impl Segment {
    /// Makes a blank the segment that begins with entry `first`.
    pub fn create(blank: Blank, folder: &Path, first: u64) -> Result<Self, StoreError> {
        let Blank { file, path: temporary, length } = blank;
        let path = folder.join(format!("{first:020}{SUFFIX}"));
        file.write_all_at(&header(first, length), 0)
            .and_then(|()| file.sync_data())
            .map_err(|error| StoreError::io("write", &temporary, &error))?;
        fail_point!("journal.roll.written");
        std::fs::rename(&temporary, &path)
            .map_err(|error| StoreError::io("rename", &path, &error))?;
        fail_point!("journal.roll.renamed");
        files::sync_folder(folder)?;
        fail_point!("journal.roll.synced");
        Ok(Self { path, frames: Vec::new(), file, length, end: HEADER_LENGTH as u64 })
    }

    /// The segments of a folder, oldest first. What a crash left of an unfinished one is removed.
    pub fn list(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
        for path in files::list(folder)? {
            if has_suffix(&path, blank::SUFFIX) {
                files::remove(&path)?;
            }
        }
        list(folder)
    }

    /// Opens a segment, and gives its bytes for [`Segment::scan`].
    pub fn open(path: PathBuf) -> Result<(Self, Vec<u8>), StoreError> {
        let bytes = files::read(&path)?.unwrap_or_default();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::io("open", &path, &error))?;
        let length = bytes.len() as u64;
        check_header(&path, &bytes)?;
        Ok((Self { path, frames: Vec::new(), file, length, end: HEADER_LENGTH as u64 }, bytes))
    }

    /// Finds the frames in the segment's bytes and gives each to `visit`. What a crash cut short at the end of
    /// the journal (`last`) is overwritten with zeros: it may hold words and was never answered.
    pub fn scan(
        &mut self,
        bytes: &[u8],
        last: bool,
        mut visit: impl FnMut(&Path, u64, Frame) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let path = self.path.clone();
        let torn = walk(&path, bytes, last, |offset, frame| {
            self.note(offset, frame.length, frame.first, frame.head.size);
            visit(&path, offset, frame)
        })?;
        if torn == 0 {
            return Ok(());
        }
        self.zero(self.end, torn).and_then(|()| self.sync())
    }

    /// Whether a frame of this length fits.
    pub fn has_room(&self, length: usize) -> bool {
        self.end + length as u64 <= self.length
    }

    /// Whether the next segment will soon be needed.
    pub fn is_half_full(&self) -> bool {
        self.end > self.length / 2
    }

    /// Writes a frame at the end and waits until it is durable.
    pub fn append(&mut self, bytes: &[u8], first: u64, size: u64) -> Result<(), StoreError> {
        fail_point!("journal.commit.reserved");
        self.write_torn(bytes)?;
        self.write(bytes, self.end)?;
        fail_point!("journal.commit.written");
        self.sync()?;
        fail_point!("journal.commit.synced");
        self.note(self.end, bytes.len(), first, size);
        Ok(())
    }

    /// Where tests let a commit write only the part of a frame that the fail point's argument names in bytes.
    fn write_torn(&self, bytes: &[u8]) -> Result<(), StoreError> {
        fail_point!("journal.commit.torn", |argument| {
            let kept = argument.and_then(|text| text.parse().ok()).unwrap_or(0).min(bytes.len());
            self.write(&bytes[..kept], self.end)?;
            Err(StoreError::damaged(&self.path, self.end, "a test tore this write"))
        });
        let _ = bytes;
        Ok(())
    }

    /// Reads a frame back.
    pub fn read(&self, place: &FramePlace) -> Result<Frame, StoreError> {
        frame::decode(&self.bytes(place)?)
            .map_err(|bad| StoreError::damaged(&self.path, place.offset, bad.0))
    }

    fn bytes(&self, place: &FramePlace) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; place.length];
        self.file
            .read_exact_at(&mut bytes, place.offset)
            .map_err(|error| StoreError::io("read", &self.path, &error))?;
        Ok(bytes)
    }

    /// Overwrites with zeros, not yet durably.
    pub fn zero(&self, offset: u64, length: usize) -> Result<(), StoreError> {
        self.write(&vec![0; length], offset)
    }

    /// Writes the last frame once more and waits until it is durable: after a sync that failed, the system may take
    /// bytes for written that are not.
    pub fn settle(&self) -> Result<(), StoreError> {
        if let Some(place) = self.frames.last() {
            self.write(&self.bytes(place)?, place.offset)?;
        }
        self.sync()
    }

    /// Waits until what was written is durable.
    pub fn sync(&self) -> Result<(), StoreError> {
        fail_point!("journal.sync", |_| {
            let error = std::io::Error::other("a test let it fail");
            Err(StoreError::io("sync", &self.path, &error))
        });
        self.file.sync_data().map_err(|error| StoreError::io("sync", &self.path, &error))
    }

    fn write(&self, bytes: &[u8], offset: u64) -> Result<(), StoreError> {
        self.file
            .write_all_at(bytes, offset)
            .map_err(|error| StoreError::io("write", &self.path, &error))
    }

    fn note(&mut self, offset: u64, length: usize, first: u64, size: u64) {
        self.frames.push(FramePlace { offset, length, first, size });
        self.end = offset + length as u64;
    }
}

/// The segments of a folder, oldest first, beside whatever else is there.
pub(super) fn list(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut paths = files::list(folder)?;
    paths.retain(|path| has_suffix(path, SUFFIX));
    paths.sort();
    Ok(paths)
}

fn has_suffix(path: &Path, suffix: &str) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(suffix))
}

/// Whether the bytes are a whole segment of that name.
pub(super) fn check_header(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let length = bytes.len() as u64;
    let first = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
    let first = first.ok_or_else(|| StoreError::damaged(path, 0, "its name is not a number"))?;
    let Some(found) = bytes.first_chunk::<HEADER_LENGTH>() else {
        return Err(StoreError::damaged(path, length, "the segment was cut"));
    };
    if crc32fast::hash(&found[..60]).to_be_bytes() != found[60..] || !found.starts_with(&MAGIC) {
        return Err(StoreError::damaged(path, 0, "the segment's header has another checksum"));
    }
    if *found != header(first, length) {
        return Err(StoreError::damaged(path, length, "the segment was cut, grown or renamed"));
    }
    Ok(())
}

/// Gives each frame in a segment's bytes to `visit`, with its offset. Returns how many bytes behind them are of a write
/// that was cut short, which there may be at the end of the journal (`last`).
pub(super) fn walk(
    path: &Path,
    bytes: &[u8],
    last: bool,
    mut visit: impl FnMut(u64, Frame) -> Result<(), StoreError>,
) -> Result<usize, StoreError> {
    let written = end_of_what_is_written(bytes);
    let mut offset = HEADER_LENGTH;
    while offset < written {
        let read = frame::decode(&bytes[offset..]);
        let whole = read.as_ref().is_ok_and(|frame| frame.words.iter().all(|place| place.whole));
        if last && !whole && is_torn(bytes, offset, written) {
            return Ok(written - offset);
        }
        let frame = read.map_err(|bad| StoreError::damaged(path, offset as u64, bad.0))?;
        let length = frame.length;
        visit(offset as u64, frame)?;
        offset += length;
    }
    Ok(0)
}

/// Where the zeros begin that a segment ends with. They are most of it, so whole pages are compared as long as possible.
fn end_of_what_is_written(bytes: &[u8]) -> usize {
    const ZEROS: [u8; 4096] = [0; 4096];
    let pages = bytes.rchunks(ZEROS.len()).take_while(|page| **page == ZEROS[..page.len()]);
    let zeros: usize = pages.map(<[u8]>::len).sum();
    let rest = &bytes[..bytes.len() - zeros];
    rest.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1)
}

/// Bytes before the first frame.
pub(super) const fn overhead() -> usize {
    HEADER_LENGTH
}

fn header(first: u64, length: u64) -> [u8; HEADER_LENGTH] {
    let mut bytes = [b' '; HEADER_LENGTH];
    bytes[..16].copy_from_slice(&MAGIC);
    bytes[16..24].copy_from_slice(&length.to_be_bytes());
    bytes[24..32].copy_from_slice(&first.to_be_bytes());
    let checksum = crc32fast::hash(&bytes[..60]);
    bytes[60..].copy_from_slice(&checksum.to_be_bytes());
    bytes
}
