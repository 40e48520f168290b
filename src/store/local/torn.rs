//! Tells a write that a crash cut short from damage. Pure: no disk.
//!
//! No text holds a zero byte, and the space after the last frame is all zeros: a disk block that is zero inside
//! a frame was therefore never written. Damage, a flipped bit say, leaves no such block.

use super::frame::{self, ALIGNMENT, HEADER_LENGTH};

/// The smallest unit that a disk writes whole.
const BLOCK_LENGTH: usize = 512;

/// Whether the bad frame at `offset` is a write that a crash cut short, to be discarded: nothing readable
/// follows it, and some disk block of it is as empty as before. `end` is behind the segment's last byte that
/// is not zero. Anything else is damage to a batch that may have been answered.
pub(super) fn is_torn(segment: &[u8], offset: usize, end: usize) -> bool {
    let mut later = (offset + ALIGNMENT..end).step_by(ALIGNMENT);
    let follows = later.any(|at| frame::length_at(&segment[at..]).is_some());
    let length = frame::length_at(&segment[offset..]).unwrap_or(HEADER_LENGTH);
    let frame_end = end.max(offset.saturating_add(length)).min(segment.len());
    !follows && has_empty_block(segment, offset, frame_end)
}

fn has_empty_block(segment: &[u8], start: usize, end: usize) -> bool {
    let mut at = start;
    while at < end {
        let next = (at + 1).next_multiple_of(BLOCK_LENGTH).min(end);
        if segment[at..next].iter().all(|byte| *byte == 0) {
            return true;
        }
        at = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::frame::tests::some_batch;
    use super::super::frame::{decode, encode};
    use super::*;

    proptest! {
        #[test]
        fn a_flipped_bit_is_noticed_and_is_not_taken_for_a_torn_write(
            batch in some_batch(), lead in 0usize..64, at: prop::sample::Index, bit in 0u8..8
        ) {
            let offset = lead * ALIGNMENT;
            let mut segment = vec![b'x'; offset];
            segment.extend(encode(&batch, 0));
            let end = segment.len();
            segment.resize(end + 4096, 0);
            let at = offset + at.index(end - offset);
            segment[at] ^= 1 << bit;
            let read = decode(&segment[offset..]);
            let noticed = read.map_or(true, |frame| frame.words.iter().any(|place| !place.whole));
            prop_assert!(noticed);
            prop_assert!(!is_torn(&segment, offset, end));
        }

        #[test]
        fn a_write_that_lost_any_of_its_blocks_is_torn(
            batch in some_batch(), lead in 0usize..64, lost: u64
        ) {
            let offset = lead * ALIGNMENT;
            let mut segment = vec![0; offset];
            segment.extend(encode(&batch, 0));
            segment.resize(segment.len() + 4096, 0);
            let frame_end = segment.len() - 4096;
            let blocks = offset / BLOCK_LENGTH..frame_end.div_ceil(BLOCK_LENGTH);
            let mut any = false;
            for (count, block) in blocks.enumerate() {
                if lost >> (count % 64) & 1 == 1 {
                    let start = (block * BLOCK_LENGTH).max(offset);
                    segment[start..((block + 1) * BLOCK_LENGTH).min(frame_end)].fill(0);
                    any = true;
                }
            }
            let end = segment.iter().rposition(|byte| *byte != 0).map_or(0, |at| at + 1).max(offset);
            prop_assert_eq!(any && end > offset, end > offset && is_torn(&segment, offset, end));
        }

        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 1..300), at: prop::sample::Index) {
            let _ = is_torn(&bytes, at.index(bytes.len()), bytes.len());
        }
    }
}
