//! What a journal held at one moment, read without its lock: beside the process that writes it, or from a backup.
//!
//! A segment only grows, and the oldest is removed when nothing in it is needed. So a reader sees a run of whole frames,
//! and behind them at most one that is being written: what comes before that one is what the journal held a moment ago.
//! Words that frames of the run erase are overwritten as they are read.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::frame::{self, Frame};
use super::torn::is_torn;
use super::{files, segment};
use crate::store::{Batch, CommitError, Head, Journal, ScrubError, StoreError, WordRef};

/// How often a frame that is neither whole nor cut short is read again before it counts as damaged, and a segment
/// that is gone before it was read is looked for elsewhere; and the pause between two times.
const TRIES_MAX: u32 = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// A journal as it was. It takes no batch.
#[derive(Debug)]
pub struct JournalSnapshot {
    /// Oldest first, without a gap, and with at least one frame.
    segments: Vec<Part>,
    head: Head,
    first: u64,
    forgotten: u64,
    erased: BTreeSet<WordRef>,
}

/// A segment up to the end of its last whole frame.
#[derive(Debug)]
struct Part {
    path: PathBuf,
    bytes: Vec<u8>,
    /// Of the segment, with the space behind the frames.
    length: u64,
    /// Where each frame begins.
    frames: Vec<usize>,
}

/// Why a reading has to be made anew.
enum NotNow {
    /// It may be otherwise in a moment.
    Moved(StoreError),
    Failed(StoreError),
}

impl From<StoreError> for NotNow {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl JournalSnapshot {
    /// Reads the journal in `folder`; nothing where there is no batch in it. All of it is durable there when this returns.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when bytes that may have been answered are not what they were.
    pub fn read(folder: &Path) -> Result<Option<Self>, StoreError> {
        for _ in 1..TRIES_MAX {
            match Self::read_once(folder) {
                Ok(read) => return Ok(read),
                Err(NotNow::Moved(_)) => sleep(PAUSE),
                Err(NotNow::Failed(error)) => return Err(error),
            }
        }
        Self::read_once(folder).map_err(|(NotNow::Moved(error) | NotNow::Failed(error))| error)
    }

    fn read_once(folder: &Path) -> Result<Option<Self>, NotNow> {
        let paths = segment::list(folder)?;
        let count = paths.len();
        let mut reading = Reading::default();
        for (number, path) in paths.into_iter().enumerate() {
            reading.segment(path, number + 1 == count)?;
        }
        let Some(head) = reading.head else { return Ok(None) };
        let Reading { segments, first, forgotten, erased, .. } = reading;
        let mut snapshot = Self { segments, head, first, forgotten, erased };
        snapshot.overwrite_erased().map_err(NotNow::Moved)?;
        Ok(Some(snapshot))
    }

    /// Its first entry.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Entries of the tree at its head.
    pub fn size(&self) -> u64 {
        self.head.size
    }

    /// Words that its batches erase.
    pub fn erased(&self) -> impl Iterator<Item = WordRef> {
        self.erased.iter().copied()
    }

    /// Writes its segments into a folder, durably. Where the folder is to be written on, the space behind the frames is
    /// written too.
    pub(super) fn write(&self, folder: &Path, with_space: bool) -> Result<(), StoreError> {
        for part in &self.segments {
            let path = folder.join(part.path.file_name().unwrap_or_default());
            let written = File::create(&path).and_then(|file| {
                file.write_all_at(&part.bytes, 0)?;
                file.set_len(part.length)?;
                if with_space {
                    write_zeros(&file, part.bytes.len() as u64, part.length)?;
                }
                file.sync_all()
            });
            written.map_err(|error| StoreError::io("write", &path, &error))?;
        }
        files::sync_folder(folder)
    }

    fn overwrite_erased(&mut self) -> Result<(), StoreError> {
        let erased = std::mem::take(&mut self.erased);
        let overwritten = self
            .segments
            .iter_mut()
            .try_for_each(|part| part.overwrite(&|word| erased.contains(word)));
        self.erased = erased;
        overwritten
    }
}

/// The bytes of a segment, once they are on the disk: what was read may have been on its way there.
fn read_durable(path: &Path) -> Result<Vec<u8>, NotNow> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.read_to_end(&mut bytes)?;
        file.sync_data().or_else(|error| match error.kind() {
            // Nobody writes there.
            ErrorKind::ReadOnlyFilesystem => Ok(()),
            _ => Err(error),
        })
    });
    match read.map_err(|error| (error.kind(), StoreError::io("read", path, &error))) {
        Ok(()) => Ok(bytes),
        Err((ErrorKind::NotFound, error)) => Err(NotNow::Moved(error)),
        Err((_, error)) => Err(NotNow::Failed(error)),
    }
}

fn is_whole(frame: &Frame) -> bool {
    frame.words.iter().all(|place| place.whole)
}

fn write_zeros(file: &File, from: u64, to: u64) -> std::io::Result<()> {
    let zeros = vec![0; 1 << 20];
    let mut at = from;
    while at < to {
        let count = (zeros.len() as u64).min(to - at);
        file.write_all_at(&zeros[..count as usize], at)?;
        at += count;
    }
    Ok(())
}

impl Part {
    fn frame(&self, at: usize) -> Result<Frame, StoreError> {
        frame::decode(&self.bytes[at..])
            .map_err(|bad| StoreError::damaged(&self.path, at as u64, bad.0))
    }

    fn overwrite(&mut self, is_erased: &dyn Fn(&WordRef) -> bool) -> Result<(), StoreError> {
        for at in self.frames.clone() {
            for place in self.frame(at)?.words {
                if is_erased(&place.word) {
                    self.bytes[at + place.offset..][..place.length].fill(0);
                } else if !place.whole {
                    let (at, what) = (at + place.offset, "words have another checksum");
                    return Err(StoreError::damaged(&self.path, at as u64, what));
                }
            }
        }
        Ok(())
    }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    segments: Vec<Part>,
    head: Option<Head>,
    first: u64,
    forgotten: u64,
    erased: BTreeSet<WordRef>,
}

impl Reading {
    fn segment(&mut self, path: PathBuf, is_last: bool) -> Result<(), NotNow> {
        let mut bytes = read_durable(&path)?;
        segment::check_header(&path, &bytes)?;
        let length = bytes.len() as u64;
        let written = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1);
        let mut frames = Vec::new();
        let mut end = segment::overhead();
        while end < written {
            match frame::decode(&bytes[end..]) {
                Ok(frame) if is_last && !is_whole(&frame) && is_torn(&bytes, end, written) => break,
                Ok(frame) => {
                    frames.push(end);
                    let at = end;
                    end += frame.length;
                    self.follow(&path, at, frame)?;
                }
                Err(_) if is_last && is_torn(&bytes, end, written) => break,
                Err(bad) => {
                    return Err(NotNow::Moved(StoreError::damaged(&path, end as u64, bad.0)));
                }
            }
        }
        bytes.truncate(end);
        if !frames.is_empty() {
            self.segments.push(Part { path, bytes, length, frames });
        }
        Ok(())
    }

    fn follow(&mut self, path: &Path, offset: usize, frame: Frame) -> Result<(), StoreError> {
        match &self.head {
            None => {
                self.first = frame.first;
                self.forgotten = frame.first;
            }
            Some(head) if head.size == frame.first => {}
            Some(_) => {
                let what = "entries are missing before this batch";
                return Err(StoreError::damaged(path, offset as u64, what));
            }
        }
        self.forgotten = self.forgotten.max(frame.forgotten);
        self.erased.extend(frame.erased);
        self.head = Some(frame.head);
        Ok(())
    }
}

impl Journal for JournalSnapshot {
    fn head(&self) -> Option<&Head> {
        Some(&self.head)
    }

    fn commit(&mut self, _expected: u64, _batch: &Batch) -> Result<(), CommitError> {
        let path = self.segments.last().map_or(Path::new(""), |part| &part.path);
        Err(CommitError::Stopped(StoreError::damaged(path, 0, "a copy takes no entries")))
    }

    fn unapplied(&mut self) -> Result<Vec<Batch>, StoreError> {
        let erased: Vec<_> = self.erased().collect();
        let mut batches = Vec::new();
        for part in &self.segments {
            for at in &part.frames {
                let frame = part.frame(*at)?;
                if frame.head.size <= self.forgotten {
                    continue;
                }
                let bad = |_| StoreError::damaged(&part.path, *at as u64, "the frame is no batch");
                let mut batch = frame.into_batch().map_err(bad)?;
                batch.scrub(&erased);
                batches.push(batch);
            }
        }
        Ok(batches)
    }

    fn forgotten(&self) -> u64 {
        self.forgotten
    }

    fn forget(&mut self, _size: u64) -> Result<(), StoreError> {
        Ok(())
    }

    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError> {
        let wanted: BTreeSet<_> = words.iter().copied().collect();
        // What its batches erase was overwritten when it was read.
        match wanted.difference(&self.erased).next() {
            Some(word) => Err(ScrubError::NotErased(*word)),
            None => Ok(()),
        }
    }
}
