//! What a journal held at one moment, read without its lock: beside the process that writes it, or from a backup.
//!
//! A segment only grows, and the oldest is removed when nothing in it is needed. So a reader sees a run of whole frames,
//! and behind them at most one that is being written: what comes before that one is what the journal held a moment ago.
//! Words that frames of the run erase are overwritten as they are read.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::frame::{self, Frame};
use super::run::Run;
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
    run: Run,
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
        let mut tries = 1;
        loop {
            match Self::read_once(folder) {
                Err(NotNow::Moved(_)) if tries < TRIES_MAX => {
                    tries += 1;
                    sleep(PAUSE);
                }
                Err(NotNow::Moved(error) | NotNow::Failed(error)) => return Err(error),
                Ok(read) => return Ok(read),
            }
        }
    }

    fn read_once(folder: &Path) -> Result<Option<Self>, NotNow> {
        let paths = segment::list(folder)?;
        let count = paths.len();
        let (mut segments, mut run) = (Vec::new(), Run::default());
        for (number, path) in paths.into_iter().enumerate() {
            let part = Part::read(path, number + 1 == count, &mut run)?;
            segments.extend(Some(part).filter(|part| !part.frames.is_empty()));
        }
        let Some(head) = run.head.clone() else { return Ok(None) };
        let overwrite = |part: &mut Part| part.overwrite(&run.erased);
        segments.iter_mut().try_for_each(overwrite).map_err(NotNow::Moved)?;
        Ok(Some(Self { segments, head, run }))
    }

    /// Its head, which it has: a journal without a batch is not read.
    pub const fn head(&self) -> &Head {
        &self.head
    }

    /// Its first entry.
    pub fn first(&self) -> u64 {
        self.run.first
    }

    /// Entries of the tree at its head.
    pub fn size(&self) -> u64 {
        self.head.size
    }

    /// Words that its batches erase.
    pub fn erased(&self) -> impl Iterator<Item = WordRef> {
        self.run.erased.iter().copied()
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
    /// Reads a segment, and has the run follow its frames. A frame that is not whole may be on its way to the disk.
    fn read(path: PathBuf, is_last: bool, run: &mut Run) -> Result<Self, NotNow> {
        let mut bytes = read_durable(&path)?;
        segment::check_header(&path, &bytes)?;
        let length = bytes.len() as u64;
        let (mut frames, mut end) = (Vec::new(), segment::overhead());
        segment::walk(&path, &bytes, is_last, |offset, frame| {
            frames.push(offset as usize);
            end = offset as usize + frame.length;
            run.follow(&path, offset, &frame)
        })
        .map_err(NotNow::Moved)?;
        bytes.truncate(end);
        Ok(Self { path, bytes, length, frames })
    }

    fn frame(&self, at: usize) -> Result<Frame, StoreError> {
        frame::decode(&self.bytes[at..])
            .map_err(|bad| StoreError::damaged(&self.path, at as u64, bad.0))
    }

    fn overwrite(&mut self, erased: &HashSet<WordRef>) -> Result<(), StoreError> {
        for at in self.frames.clone() {
            for place in self.frame(at)?.words {
                if erased.contains(&place.word) {
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
                if frame.head.size <= self.run.forgotten {
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
        self.run.forgotten
    }

    fn forget(&mut self, _size: u64) -> Result<(), StoreError> {
        Ok(())
    }

    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError> {
        // What its batches erase was overwritten when it was read.
        match words.iter().find(|word| !self.run.erased.contains(word)) {
            Some(word) => Err(ScrubError::NotErased(*word)),
            None => Ok(()),
        }
    }
}
