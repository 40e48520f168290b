//! The newest entries in rendered form, oldest first, in bounded memory. Pure data: no lock and no waiting.

use std::collections::VecDeque;

use bytes::Bytes;

use super::filter::{About, Filter};

/// How much is held. At 5 kB an entry the entries come to 20 MB, and 500 entries a second last for 8 seconds: so
/// long may a reader stand still before it is told that it is too slow.
const ENTRIES_MAX: usize = 4_096;
/// Holds where entries are large.
const BYTES_MAX: usize = 32 * 1024 * 1024;

/// How much is held at most. The newest chunk is held whatever its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Entries.
    pub entries_max: usize,
    /// Bytes of their rendered form.
    pub bytes_max: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { entries_max: ENTRIES_MAX, bytes_max: BYTES_MAX }
    }
}

/// One entry within a chunk.
#[derive(Debug, Clone)]
pub struct Frame {
    /// What filters ask of it.
    pub about: About,
    /// What filters ask of the entry whose words it erases, if it erases any.
    pub erases: Option<About>,
    /// Where the bytes that tell of the erasure end; they come first.
    pub erasure_end: usize,
    /// Where all its bytes end. They begin where those of the frame before end.
    pub end: usize,
}

/// Entries that follow each other, rendered into one piece.
#[derive(Debug, Clone)]
pub struct Chunk {
    /// Index of the first.
    pub first: u64,
    /// One for each entry.
    pub frames: Vec<Frame>,
    /// What is sent of them.
    pub bytes: Bytes,
}

impl Chunk {
    fn end(&self) -> u64 {
        self.first + self.frames.len() as u64
    }

    /// The bytes of the frame at that place which pass the filter, as offsets; an erasure is told to whoever
    /// could have been sent the words.
    fn part(&self, place: usize, filter: &Filter) -> Option<(usize, usize)> {
        let frame = self.frames.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.frames[before].end);
        if filter.takes(&frame.about) {
            return Some((start, frame.end));
        }
        frame
            .erases
            .as_ref()
            .filter(|target| filter.takes(target))
            .map(|_| (start, frame.erasure_end))
    }

    /// The first run of bytes from the cursor on that passes the filter, and the cursor behind it.
    fn run(&self, cursor: u64, filter: &Filter) -> (Bytes, u64) {
        let mut run: Option<(usize, usize)> = None;
        let skip = cursor.saturating_sub(self.first) as usize;
        for place in skip..self.frames.len() {
            match (self.part(place, filter), &mut run) {
                (Some(part), None) => run = Some(part),
                (Some((start, end)), Some(run)) if run.1 == start => run.1 = end,
                (None, None) => {}
                (_, Some((start, end))) => {
                    return (self.bytes.slice(*start..*end), self.first + place as u64);
                }
            }
        }
        let bytes = run.map_or_else(Bytes::new, |(start, end)| self.bytes.slice(start..end));
        (bytes, self.end())
    }
}

/// What there is for a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Send these bytes and go on at this cursor.
    Bytes(Bytes, u64),
    /// Nothing passes the filter up to this cursor, where more will come.
    Nothing(u64),
    /// What follows is not held here but in the store.
    Elsewhere,
    /// What follows was held here and had to make room: whoever was at the edge before is too slow.
    Gone,
}

#[derive(Debug, Default)]
pub(super) struct Ring {
    chunks: VecDeque<Chunk>,
    bounds: Bounds,
    entries: usize,
    bytes: usize,
    /// The index after the newest entry.
    edge: u64,
    /// Entries before it had to make room.
    made_room: u64,
    /// The checkpoint of the edge.
    note: Option<Bytes>,
    erasures: u64,
}

impl Ring {
    pub(super) fn bound(&mut self, bounds: Bounds) {
        self.bounds = bounds;
        self.make_room();
    }

    pub(super) const fn edge(&self) -> u64 {
        self.edge
    }

    pub(super) const fn erasures(&self) -> u64 {
        self.erasures
    }

    pub(super) fn note_at(&self, cursor: u64) -> Option<Bytes> {
        self.note.clone().filter(|_| self.edge == cursor)
    }

    pub(super) fn take(&self, cursor: u64, filter: &Filter) -> Taken {
        if cursor >= self.edge {
            return Taken::Nothing(cursor);
        }
        if self.chunks.front().is_none_or(|chunk| cursor < chunk.first) {
            return if cursor < self.made_room { Taken::Gone } else { Taken::Elsewhere };
        }
        let begin = self.chunks.partition_point(|chunk| chunk.end() <= cursor);
        let mut next = cursor;
        for chunk in self.chunks.iter().skip(begin) {
            let (bytes, after) = chunk.run(next, filter);
            next = after;
            if !bytes.is_empty() {
                return Taken::Bytes(bytes, next);
            }
        }
        Taken::Nothing(next)
    }

    pub(super) fn push(&mut self, chunk: Chunk, note: Option<Bytes>, erasures: u64) -> bool {
        if erasures != self.erasures || chunk.first != self.edge || chunk.frames.is_empty() {
            return false;
        }
        self.edge = chunk.end();
        self.note = note;
        self.entries += chunk.frames.len();
        self.bytes += chunk.bytes.len();
        self.chunks.push_back(chunk);
        self.make_room();
        true
    }

    pub(super) fn skip_to(&mut self, edge: u64, note: Bytes) {
        self.clear();
        self.edge = edge;
        self.note = Some(note);
    }

    pub(super) fn forget(&mut self) {
        self.erasures += 1;
        self.clear();
    }

    fn clear(&mut self) {
        self.chunks.clear();
        (self.entries, self.bytes) = (0, 0);
    }

    fn make_room(&mut self) {
        let Bounds { entries_max, bytes_max } = self.bounds;
        while self.chunks.len() > 1 && (self.entries > entries_max || self.bytes > bytes_max) {
            let Some(oldest) = self.chunks.pop_front() else { return };
            self.entries -= oldest.frames.len();
            self.bytes -= oldest.bytes.len();
            self.made_room = oldest.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(kind: &str) -> About {
        About { kind: kind.to_owned(), subjects: Vec::new(), thread: None }
    }

    fn only(kind: &str) -> Filter {
        Filter { kind: Some(kind.to_owned()), ..Filter::default() }
    }

    /// Entries of these kinds, each sent as its index and its kind; `x>kind` erases words of such an entry.
    fn chunk(first: u64, kinds: &[&str]) -> Chunk {
        let (mut frames, mut text) = (Vec::new(), String::new());
        for (index, kind) in (first..).zip(kinds) {
            let (kind, erased) =
                kind.split_once('>').map_or((*kind, None), |(kind, of)| (kind, Some(of)));
            if erased.is_some() {
                text.push_str("gone ");
            }
            let erasure_end = text.len();
            text.push_str(&format!("{index}{kind} "));
            let (about, erases) = (about(kind), erased.map(about));
            frames.push(Frame { about, erases, erasure_end, end: text.len() });
        }
        Chunk { first, frames, bytes: text.into() }
    }

    fn ring(bounds: Bounds, chunks: &[&[&str]]) -> Ring {
        let mut ring = Ring { bounds, ..Ring::default() };
        for kinds in chunks {
            assert!(ring.push(chunk(ring.edge(), kinds), None, 0));
        }
        ring
    }

    /// Everything from the cursor on, and how it ends.
    fn all(ring: &Ring, mut cursor: u64, filter: &Filter) -> (String, Taken) {
        let mut text = String::new();
        loop {
            match ring.take(cursor, filter) {
                Taken::Bytes(bytes, next) => {
                    assert!(next > cursor);
                    text.push_str(std::str::from_utf8(&bytes).unwrap());
                    cursor = next;
                }
                end => return (text, end),
            }
        }
    }

    #[test]
    fn from_every_cursor_all_that_follows_comes_once_and_in_order() {
        let ring = ring(Bounds::default(), &[&["a", "b", "a"], &["b"], &["a", "a"]]);
        let whole = "0a 1b 2a 3b 4a 5a ";
        for cursor in 0..=6_u64 {
            let wanted = &whole[cursor as usize * 3..];
            let filter = Filter::default();
            assert_eq!(all(&ring, cursor, &filter), (wanted.to_owned(), Taken::Nothing(6)));
        }
        assert_eq!(all(&ring, 0, &only("a")).0, "0a 2a 4a 5a ");
        assert_eq!(all(&ring, 2, &only("b")).0, "3b ");
        assert_eq!(all(&ring, 0, &only("c")), (String::new(), Taken::Nothing(6)));
        assert_eq!(ring.take(9, &Filter::default()), Taken::Nothing(9));
    }

    #[test]
    fn neighbours_in_one_chunk_are_sent_as_one_piece() {
        let ring = ring(Bounds::default(), &[&["a", "a", "a"]]);
        assert_eq!(ring.take(0, &only("a")), Taken::Bytes("0a 1a 2a ".into(), 3));
    }

    #[test]
    fn an_erasure_is_told_to_whoever_could_have_been_sent_the_words() {
        let ring = ring(Bounds::default(), &[&["a", "x>a", "b"]]);
        assert_eq!(all(&ring, 0, &Filter::default()).0, "0a gone 1x 2b ");
        assert_eq!(all(&ring, 0, &only("a")).0, "0a gone ");
        assert_eq!(all(&ring, 0, &only("x")).0, "gone 1x ");
        assert_eq!(all(&ring, 0, &only("b")).0, "2b ");
    }

    #[test]
    fn the_oldest_make_room_and_whoever_stood_there_is_told() {
        let bounds = Bounds { entries_max: 3, bytes_max: 1_000 };
        let ring = ring(bounds, &[&["a", "a"], &["a"], &["a", "a"]]);
        for cursor in [0, 1] {
            assert_eq!(ring.take(cursor, &Filter::default()), Taken::Gone);
        }
        assert_eq!(all(&ring, 2, &Filter::default()).0, "2a 3a 4a ");
    }

    #[test]
    fn what_is_larger_than_the_bounds_is_still_sent() {
        let bounds = Bounds { entries_max: 1, bytes_max: 1 };
        assert_eq!(all(&ring(bounds, &[&["a", "a"]]), 0, &Filter::default()).0, "0a 1a ");
    }

    #[test]
    fn after_an_erasure_nothing_rendered_before_it_is_held_and_nobody_counts_as_slow() {
        let mut ring = ring(Bounds::default(), &[&["a", "a"]]);
        ring.forget();
        assert_eq!(ring.take(0, &Filter::default()), Taken::Elsewhere);
        assert!(!ring.push(chunk(2, &["a"]), None, 0), "rendered before the erasure");
        assert!(ring.push(chunk(2, &["a"]), Some("note".into()), 1));
        assert_eq!(ring.take(1, &Filter::default()), Taken::Elsewhere);
        assert_eq!(all(&ring, 2, &Filter::default()), ("2a ".into(), Taken::Nothing(3)));
        assert_eq!((ring.note_at(3), ring.note_at(2)), (Some("note".into()), None));
    }

    #[test]
    fn after_a_pause_it_goes_on_where_the_ledger_is() {
        let mut ring = ring(Bounds::default(), &[&["a", "a"]]);
        ring.skip_to(7, "note".into());
        assert_eq!(ring.take(2, &Filter::default()), Taken::Elsewhere);
        assert!(!ring.push(chunk(2, &["a"]), None, 0), "a gap is never pushed");
        assert!(ring.push(chunk(7, &["a"]), None, 0));
        assert_eq!(all(&ring, 7, &Filter::default()).0, "7a ");
    }
}
