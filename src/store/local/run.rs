//! A run of frames without a gap, and what it says as a whole. Pure: no disk.

use std::collections::HashSet;
use std::path::Path;

use super::frame::Frame;
use crate::store::{Head, StoreError, WordRef};

/// What the frames of a journal say, in their order.
#[derive(Debug, Default)]
pub(super) struct Run {
    /// The first entry of the first frame that was followed; 0 before that.
    pub first: u64,
    /// The newest head.
    pub head: Option<Head>,
    /// Entries before it are durable elsewhere.
    pub forgotten: u64,
    /// Words that the frames erase.
    pub erased: HashSet<WordRef>,
}

impl Run {
    /// Takes note of the next frame, which must begin where the one before it ended.
    pub fn follow(&mut self, path: &Path, offset: u64, frame: &Frame) -> Result<(), StoreError> {
        match &self.head {
            None => (self.first, self.forgotten) = (frame.first, frame.first),
            Some(head) if head.size == frame.first => {}
            Some(_) => {
                let what = "entries are missing before this batch";
                return Err(StoreError::damaged(path, offset, what));
            }
        }
        self.forgotten = self.forgotten.max(frame.forgotten);
        self.erased.extend(&frame.erased);
        self.head = Some(frame.head.clone());
        Ok(())
    }
}
