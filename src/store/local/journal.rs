//! The journal as files: a folder of segments beside a lock. One positioned write and one `fdatasync` a batch.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fail::fail_point;

use super::blank::{Blank, Spare};
use super::files;
use super::frame::{self, WordPlace};
use super::run::Run;
use super::segment::{self, FramePlace, Segment};
use crate::store::batch::Unscrubbed;
use crate::store::{Batch, CommitError, Head, Journal, ScrubError, StoreError, WordRef};

/// The journal in a folder. See [`Journal`] for what it promises.
#[derive(Debug)]
pub struct LocalJournal {
    folder: PathBuf,
    segment_length: u64,
    /// Oldest first, without a gap; frames are appended to the last.
    segments: Vec<Segment>,
    /// What the frames in them say.
    run: Run,
    unscrubbed: Unscrubbed,
    spare: Spare,
    stopped: Option<StoreError>,
    /// Held as long as this lives.
    _lock: File,
}

impl LocalJournal {
    /// Opens or creates the journal in `folder`. New segments have `segment_length` bytes, or more where a batch
    /// needs it. Discards a write that a crash cut short and finishes a scrub that it interrupted.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while it is open elsewhere, [`StoreError::Damaged`] with file and offset when
    /// bytes that may have been answered are not what they were.
    pub fn open(folder: &Path, segment_length: u64) -> Result<Self, StoreError> {
        files::create_folder(folder)?;
        let lock = files::lock(folder)?;
        let mut journal = Self {
            folder: folder.to_owned(),
            segment_length,
            segments: Vec::new(),
            run: Run::default(),
            unscrubbed: Unscrubbed::default(),
            spare: Spare::default(),
            stopped: None,
            _lock: lock,
        };
        let broken = journal.load()?;
        journal.finish_scrubs(broken)?;
        journal.settle()?;
        journal.unscrubbed.forgotten(journal.run.forgotten);
        Ok(journal)
    }

    /// What a process wrote last before it was killed, or before a sync failed, can be read back and not be on the
    /// disk. Before anything rests on it, it is written once more and synced, with the names in the folder.
    fn settle(&self) -> Result<(), StoreError> {
        files::sync_folder(&self.folder)?;
        self.segments.last().map_or(Ok(()), Segment::settle)
    }

    /// Reads all segments. Returns the words that are not whole or are to be erased, by segment.
    fn load(&mut self) -> Result<Vec<Suspect>, StoreError> {
        let paths = Segment::list(&self.folder)?;
        let count = paths.len();
        let mut suspects = Vec::new();
        for (number, path) in paths.into_iter().enumerate() {
            let (mut segment, bytes) = Segment::open(path)?;
            segment.scan(&bytes, number + 1 == count, |path, offset, frame| {
                self.run.follow(path, offset, &frame)?;
                self.unscrubbed.committed(frame.first, &frame.erased);
                suspects.extend(frame.words.iter().map(|place| Suspect {
                    number,
                    offset,
                    place: *place,
                }));
                Ok(())
            })?;
            self.segments.push(segment);
        }
        suspects.retain(|suspect| {
            !suspect.place.whole || self.run.erased.contains(&suspect.place.word)
        });
        Ok(suspects)
    }

    /// Words that later frames erase may be half overwritten: overwrites them all. Others must be whole.
    fn finish_scrubs(&mut self, suspects: Vec<Suspect>) -> Result<(), StoreError> {
        let mut touched = HashSet::new();
        for Suspect { number, offset, place } in suspects {
            let segment = &self.segments[number];
            let at = offset + place.offset as u64;
            if !self.run.erased.contains(&place.word) {
                return Err(StoreError::damaged(&segment.path, at, "words have another checksum"));
            }
            segment.zero(at, place.length)?;
            touched.insert(number);
        }
        touched.into_iter().try_for_each(|number| self.segments[number].sync())
    }

    fn size(&self) -> u64 {
        self.run.head.as_ref().map_or(0, |head| head.size)
    }

    /// Makes sure that the last segment has room for so many bytes.
    fn reserve(&mut self, first: u64, length: usize) -> Result<(), StoreError> {
        if self.segments.last().is_some_and(|segment| segment.has_room(length)) {
            return Ok(());
        }
        let needed = (length + segment::overhead()) as u64;
        let spare = if needed <= self.segment_length { self.spare.take() } else { None };
        let blank = match spare {
            Some(blank) => blank,
            None => Blank::make(&self.folder, "next", self.segment_length.max(needed))?,
        };
        self.segments.push(Segment::create(blank, &self.folder, first)?);
        Ok(())
    }

    fn append(&mut self, bytes: &[u8], batch: &Batch) -> Result<(), StoreError> {
        let Some(segment) = self.segments.last_mut() else {
            return Err(StoreError::damaged(&self.folder, 0, "there is no segment"));
        };
        segment.append(bytes, batch.first(), batch.head().size)?;
        if segment.is_half_full() {
            self.spare.prepare(&self.folder, self.segment_length);
        }
        Ok(())
    }

    /// Whether the oldest segment holds nothing that is still needed: a later one holds the head, and all of
    /// its entries are forgotten.
    fn oldest_is_done(&self) -> bool {
        let later = self.segments.iter().skip(1).any(|segment| !segment.frames.is_empty());
        let oldest = self.segments.first().and_then(|segment| segment.frames.last());
        later && oldest.is_none_or(|frame| frame.size <= self.run.forgotten)
    }

    fn scrub_segment(&self, segment: &Segment, words: &[WordRef]) -> Result<(), StoreError> {
        let mut touched = false;
        for frame in frames_with(segment, words) {
            for place in segment.read(frame)?.words {
                if words.contains(&place.word) {
                    segment.zero(frame.offset + place.offset as u64, place.length)?;
                    fail_point!("journal.scrub.word");
                    touched = true;
                }
            }
        }
        fail_point!("journal.scrub.written");
        if touched { segment.sync() } else { Ok(()) }
    }

    /// The first of these words that is in the journal and that no frame erases.
    fn not_erased(&self, words: &[WordRef]) -> Result<Option<WordRef>, StoreError> {
        let others: Vec<_> =
            words.iter().copied().filter(|word| !self.run.erased.contains(word)).collect();
        for segment in &self.segments {
            for frame in frames_with(segment, &others) {
                let places = segment.read(frame)?.words;
                if let Some(place) = places.iter().find(|place| others.contains(&place.word)) {
                    return Ok(Some(place.word));
                }
            }
        }
        Ok(None)
    }
}

/// Words in a segment that may have to be overwritten.
struct Suspect {
    number: usize,
    /// Of their frame.
    offset: u64,
    place: WordPlace,
}

fn frames_with<'a>(
    segment: &'a Segment,
    words: &'a [WordRef],
) -> impl Iterator<Item = &'a FramePlace> {
    let holds =
        |frame: &FramePlace, word: &WordRef| (frame.first..frame.size).contains(&word.entry);
    segment.frames.iter().filter(move |frame| words.iter().any(|word| holds(frame, word)))
}

impl Journal for LocalJournal {
    fn head(&self) -> Option<&Head> {
        self.run.head.as_ref()
    }

    fn commit(&mut self, expected: u64, batch: &Batch) -> Result<(), CommitError> {
        if let Some(error) = &self.stopped {
            return Err(CommitError::Stopped(error.clone()));
        }
        let actual = self.size();
        if expected != actual || batch.first() != actual {
            return Err(CommitError::HeadMoved { expected: batch.first(), actual });
        }
        let bytes = frame::encode(batch, self.run.forgotten);
        // Whatever interrupts what follows, a panic too, leaves the journal stopped.
        self.stopped = Some(StoreError::damaged(&self.folder, 0, "a commit did not end"));
        let written = match self.reserve(actual, bytes.len()) {
            Err(error) if error.is_no_space() => {
                self.stopped = None;
                return Err(CommitError::NoSpace(error));
            }
            Err(error) => Err(error),
            Ok(()) => self.append(&bytes, batch),
        };
        self.stopped = written.err();
        if let Some(error) = &self.stopped {
            return Err(CommitError::Stopped(error.clone()));
        }
        self.run.erased.extend(batch.erased());
        self.unscrubbed.committed(batch.first(), batch.erased());
        self.run.head = Some(batch.head().clone());
        Ok(())
    }

    fn unapplied(&mut self) -> Result<Vec<Batch>, StoreError> {
        let mut batches = Vec::new();
        for segment in &self.segments {
            for place in segment.frames.iter().filter(|frame| frame.size > self.run.forgotten) {
                let bad =
                    |_| StoreError::damaged(&segment.path, place.offset, "the frame is no batch");
                let mut batch = segment.read(place)?.into_batch().map_err(bad)?;
                let erased: Vec<_> = self.run.erased.iter().copied().collect();
                batch.scrub(&erased);
                batches.push(batch);
            }
        }
        Ok(batches)
    }

    fn forgotten(&self) -> u64 {
        self.run.forgotten
    }

    fn forget(&mut self, size: u64) -> Result<(), StoreError> {
        if size <= self.size() {
            self.run.forgotten = self.run.forgotten.max(self.unscrubbed.limit(size));
        }
        while self.oldest_is_done() {
            let oldest = self.segments.remove(0);
            fs::remove_file(&oldest.path)
                .map_err(|error| StoreError::io("remove", &oldest.path, &error))?;
            fail_point!("journal.forget.removed");
            files::sync_folder(&self.folder)?;
            fail_point!("journal.forget.synced");
        }
        let oldest = self.segments.first().and_then(|segment| segment.frames.first());
        let oldest = oldest.map_or(0, |frame| frame.first);
        self.run.erased.retain(|word| word.entry >= oldest);
        Ok(())
    }

    fn scrub(&mut self, words: &[WordRef]) -> Result<(), ScrubError> {
        if let Some(word) = self.not_erased(words)? {
            return Err(ScrubError::NotErased(word));
        }
        self.segments.iter().try_for_each(|segment| self.scrub_segment(segment, words))?;
        self.unscrubbed.scrubbed(words);
        Ok(())
    }
}
