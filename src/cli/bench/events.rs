//! Events in a stream of bytes, as fast as they come: only the index and the time of entries, and how far a checkpoint
//! says that the stream is. What checks events is `cli/watch`.

use crate::encoding::time::Moment;

/// What a reader hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heard {
    /// An entry with this index, which was admitted then.
    Entry(u64, Moment),
    /// Everything before this index was told.
    Checkpoint(u64),
    /// The ledger ends the stream.
    Dropped,
}

/// Finds events, however their bytes are cut.
#[derive(Debug, Default)]
pub(super) struct Scanner(Vec<u8>);

impl Scanner {
    /// Takes more bytes and tells what is whole in them.
    pub(super) fn take(&mut self, bytes: &[u8], mut tell: impl FnMut(Heard)) {
        let mut rest = bytes;
        if !self.0.is_empty() {
            let before = self.0.len();
            self.0.extend_from_slice(bytes);
            let Some(end) = end_of_event(&self.0, before.saturating_sub(1)) else { return };
            tell_event(&self.0[..end], &mut tell);
            rest = &bytes[end - before..];
            self.0.clear();
        }
        while let Some(end) = end_of_event(rest, 0) {
            tell_event(&rest[..end], &mut tell);
            rest = &rest[end..];
        }
        self.0.extend_from_slice(rest);
    }
}

fn end_of_event(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == b'\n')? + 1;
        if bytes.get(at) == Some(&b'\n') {
            return Some(at + 1);
        }
    }
}

fn tell_event(event: &[u8], tell: &mut impl FnMut(Heard)) {
    // What is looked for stands at the beginning; the rest of an entry is never looked at.
    let head = String::from_utf8_lossy(event.get(..512).unwrap_or(event));
    if head.starts_with("event: dropped\n") {
        return tell(Heard::Dropped);
    }
    let number = |name: &str| {
        let (_, rest) = head.split_once(name)?;
        let end = rest.find(|character: char| !character.is_ascii_digit())?;
        rest[..end].parse().ok()
    };
    if head.contains("event: checkpoint\n") {
        number("{\"cursor\":").into_iter().for_each(|cursor| tell(Heard::Checkpoint(cursor)));
    } else if head.contains("event: entry\n") {
        let time = head.split_once("\"time\":\"").and_then(|(_, rest)| rest.split('"').next());
        let time = time.and_then(|time| Moment::parse_millis(time).ok());
        number("id: ").zip(time).into_iter().for_each(|(index, at)| tell(Heard::Entry(index, at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_heard_however_their_bytes_are_cut() {
        let time = "2026-11-22T19:20:00.123Z";
        let entry = |index: u64| {
            format!(
                "id: {index}\nevent: entry\ndata: {{\"index\":{index},\"leaf_hash\":\"ab\",\"id\":\"c\",\"time\":\"{time}\",\"x\":\"{}\"}}\n\n",
                "y".repeat(900)
            )
        };
        let text = format!(
            "retry: 2000\n\n{}{}id: 8\nevent: checkpoint\ndata: {{\"cursor\":9,\"note\":\"n\"}}\n\n\
             event: erasure\ndata: {{}}\n\nevent: dropped\ndata: {{\"cursor\":9}}\n\n",
            entry(7),
            entry(8)
        );
        let at = Moment::parse_millis(time).unwrap();
        let wanted =
            [Heard::Entry(7, at), Heard::Entry(8, at), Heard::Checkpoint(9), Heard::Dropped];
        for size in [1, 2, 3, 100, 5_000] {
            let (mut scanner, mut heard) = (Scanner::default(), Vec::new());
            for piece in text.as_bytes().chunks(size) {
                scanner.take(piece, |event| heard.push(event));
            }
            assert_eq!(heard, wanted, "in pieces of {size}");
        }
    }
}
