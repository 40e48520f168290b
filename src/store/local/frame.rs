//! One batch as bytes in a journal segment. Pure: no disk.
//!
//! Integers are big-endian. A frame is a header of 64 bytes, a body, the words, spaces up to a multiple of 16,
//! and a trailer of 16 bytes. Header: magic (8) · first entry (8) · forgotten size (8) · head's size (8) ·
//! body length (4) · words length (4) · CRC-32 of the body (4) · 0 (4) · marker (12) · CRC-32 of these 60.
//! Body: root (32) · checkpoint length (4) and text · count of erased words (4), each entry (8) and digest
//! (32) · for each record leaf length (4), leaf, count of words (4), each digest (32), length (4), CRC-32 (4).
//!
//! Words stand outside the body with checksums of their own, so that they can be overwritten with zeros later.

use bytes::Bytes;

use crate::crypto::Hash;
use crate::store::{BadBatch, Batch, Head, Record, Word, WordRef};

/// No UTF-8 text holds it, so that nothing a stranger submits can look like a frame.
const MAGIC: [u8; 8] = *b"\xffONREC\x01\xfe";
const MARKER: [u8; 12] = *b"onrecord-log";
const TRAILER: [u8; 16] = *b"\xffend-of-a-batch\xfe";
pub(super) const HEADER_LENGTH: usize = 64;
/// Frames begin and end at multiples of this, so that no piece of a frame in a disk block is short.
pub(super) const ALIGNMENT: usize = 16;

/// What is wrong with bytes that should be a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct BadFrame(pub &'static str);

/// Where words stand in a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WordPlace {
    pub word: WordRef,
    /// From the start of the frame, in bytes.
    pub offset: usize,
    pub length: usize,
    /// Whether the bytes there have their checksum.
    pub whole: bool,
}

/// A frame read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// Bytes of it all.
    pub length: usize,
    pub first: u64,
    pub forgotten: u64,
    pub head: Head,
    pub erased: Vec<WordRef>,
    pub words: Vec<WordPlace>,
    /// The leaves and, of the words, those that are whole.
    records: Vec<Record>,
}

impl Frame {
    /// The batch, without the words that are no longer whole.
    pub fn into_batch(self) -> Result<Batch, BadBatch> {
        Batch::new(self.records, self.erased, self.head)
    }
}

/// The bytes of a batch, a multiple of 16.
pub(super) fn encode(batch: &Batch, forgotten: u64) -> Vec<u8> {
    let body = encode_body(batch);
    let words = batch.records().iter().flat_map(|record| &record.words);
    let words_length: usize = words.clone().map(|word| word.disclosure.len()).sum();
    let mut bytes = encode_header(batch, forgotten, &body, words_length);
    bytes.reserve(body.len() + words_length + ALIGNMENT + TRAILER.len());
    bytes.extend(body);
    for word in words {
        bytes.extend(word.disclosure.as_bytes());
    }
    bytes.resize(bytes.len().next_multiple_of(ALIGNMENT), b' ');
    bytes.extend(TRAILER);
    bytes
}

fn encode_header(batch: &Batch, forgotten: u64, body: &[u8], words_length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_LENGTH);
    bytes.extend(MAGIC);
    bytes.extend(batch.first().to_be_bytes());
    bytes.extend(forgotten.to_be_bytes());
    bytes.extend(batch.head().size.to_be_bytes());
    bytes.extend((body.len() as u32).to_be_bytes());
    bytes.extend((words_length as u32).to_be_bytes());
    bytes.extend(crc32fast::hash(body).to_be_bytes());
    bytes.extend([0; 4]);
    bytes.extend(MARKER);
    let checksum = crc32fast::hash(&bytes);
    bytes.extend(checksum.to_be_bytes());
    bytes
}

fn encode_body(batch: &Batch) -> Vec<u8> {
    let leaves: usize =
        batch.records().iter().map(|record| record.leaf.len() + 8 + 40 * record.words.len()).sum();
    let mut body = Vec::with_capacity(leaves + 1024 + 40 * batch.erased().len());
    body.extend(batch.head().root.as_bytes());
    push_text(&mut body, batch.head().checkpoint.as_bytes());
    body.extend((batch.erased().len() as u32).to_be_bytes());
    for word in batch.erased() {
        body.extend(word.entry.to_be_bytes());
        body.extend(word.digest.as_bytes());
    }
    for record in batch.records() {
        push_text(&mut body, &record.leaf);
        body.extend((record.words.len() as u32).to_be_bytes());
        for word in &record.words {
            body.extend(word.digest.as_bytes());
            body.extend((word.disclosure.len() as u32).to_be_bytes());
            body.extend(crc32fast::hash(word.disclosure.as_bytes()).to_be_bytes());
        }
    }
    body
}

fn push_text(bytes: &mut Vec<u8>, text: &[u8]) {
    bytes.extend((text.len() as u32).to_be_bytes());
    bytes.extend(text);
}

/// The fixed part of a frame, its checksum checked.
struct Header {
    first: u64,
    forgotten: u64,
    size: u64,
    body_length: usize,
    words_length: usize,
    body_checksum: u32,
}

impl Header {
    fn decode(bytes: &[u8]) -> Result<Self, BadFrame> {
        let header = bytes
            .first_chunk::<HEADER_LENGTH>()
            .ok_or(BadFrame("the file ends in a frame's header"))?;
        let (fields, checksum) = header.split_at(HEADER_LENGTH - 4);
        if !fields.starts_with(&MAGIC) {
            return Err(BadFrame("no frame begins here"));
        }
        if crc32fast::hash(fields).to_be_bytes() != checksum {
            return Err(BadFrame("the frame's header has another checksum"));
        }
        let mut reader = Reader(&fields[MAGIC.len()..]);
        Ok(Self {
            first: reader.u64()?,
            forgotten: reader.u64()?,
            size: reader.u64()?,
            body_length: reader.u32()? as usize,
            words_length: reader.u32()? as usize,
            body_checksum: reader.u32()?,
        })
    }

    fn frame_length(&self) -> usize {
        (HEADER_LENGTH + self.body_length + self.words_length).next_multiple_of(ALIGNMENT)
            + TRAILER.len()
    }
}

/// Reads the frame at the start of `bytes`. Words whose checksum is wrong are told in `words`, not refused:
/// they may have been scrubbed.
pub(super) fn decode(bytes: &[u8]) -> Result<Frame, BadFrame> {
    let header = Header::decode(bytes)?;
    let frame = bytes.get(..header.frame_length()).ok_or(BadFrame("the file ends in a frame"))?;
    if !frame.ends_with(&TRAILER) {
        return Err(BadFrame("the frame's end is missing"));
    }
    let words_start = HEADER_LENGTH + header.body_length;
    let body = &frame[HEADER_LENGTH..words_start];
    if crc32fast::hash(body) != header.body_checksum {
        return Err(BadFrame("the frame has another checksum"));
    }
    let padding = &frame[words_start + header.words_length..frame.len() - TRAILER.len()];
    if padding.iter().any(|byte| *byte != b' ') {
        return Err(BadFrame("the frame's padding is not blank"));
    }
    decode_body(&header, body, &frame[..words_start + header.words_length], words_start)
}

fn decode_body(
    header: &Header,
    body: &[u8],
    frame: &[u8],
    words_start: usize,
) -> Result<Frame, BadFrame> {
    let mut reader = Reader(body);
    let root = Hash::from_bytes(reader.array()?);
    let checkpoint = text(reader.slice()?)?;
    let mut erased = Vec::new();
    for _ in 0..reader.u32()? {
        erased.push(WordRef { entry: reader.u64()?, digest: Hash::from_bytes(reader.array()?) });
    }
    let mut words = Words { frame, next: words_start, places: Vec::new() };
    let mut records = Vec::new();
    for entry in header.first..header.size {
        records.push(decode_record(&mut reader, entry, &mut words)?);
    }
    if !reader.0.is_empty() || words.next != frame.len() {
        return Err(BadFrame("the frame's parts have other lengths"));
    }
    Ok(Frame {
        length: header.frame_length(),
        first: header.first,
        forgotten: header.forgotten,
        head: Head { size: header.size, root, checkpoint },
        erased,
        words: words.places,
        records,
    })
}

fn decode_record(
    reader: &mut Reader<'_>,
    entry: u64,
    words: &mut Words<'_>,
) -> Result<Record, BadFrame> {
    let leaf = Bytes::copy_from_slice(reader.slice()?);
    let mut whole = Vec::new();
    for _ in 0..reader.u32()? {
        let digest = Hash::from_bytes(reader.array()?);
        let length = reader.u32()? as usize;
        let checksum = reader.u32()?;
        if let Some(disclosure) = words.take(WordRef { entry, digest }, length, checksum)? {
            whole.push(Word { digest, disclosure: disclosure.into() });
        }
    }
    Ok(Record { leaf, words: whole })
}

/// Takes the words of a frame one after the other.
struct Words<'a> {
    frame: &'a [u8],
    next: usize,
    places: Vec<WordPlace>,
}

impl Words<'_> {
    fn take(
        &mut self,
        word: WordRef,
        length: usize,
        checksum: u32,
    ) -> Result<Option<String>, BadFrame> {
        let offset = self.next;
        let end = offset.checked_add(length).ok_or(BadFrame("words end outside their frame"))?;
        let bytes = self.frame.get(offset..end).ok_or(BadFrame("words end outside their frame"))?;
        let whole = crc32fast::hash(bytes) == checksum;
        self.next = end;
        self.places.push(WordPlace { word, offset, length, whole });
        if whole { text(bytes).map(Some) } else { Ok(None) }
    }
}

fn text(bytes: &[u8]) -> Result<String, BadFrame> {
    String::from_utf8(bytes.to_vec()).map_err(|_| BadFrame("text is not UTF-8"))
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn array<const N: usize>(&mut self) -> Result<[u8; N], BadFrame> {
        let (front, rest) =
            self.0.split_first_chunk().ok_or(BadFrame("the frame's body ends early"))?;
        self.0 = rest;
        Ok(*front)
    }

    fn u32(&mut self) -> Result<u32, BadFrame> {
        self.array().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Result<u64, BadFrame> {
        self.array().map(u64::from_be_bytes)
    }

    fn slice(&mut self) -> Result<&'a [u8], BadFrame> {
        let length = self.u32()? as usize;
        let (front, rest) =
            self.0.split_at_checked(length).ok_or(BadFrame("the frame's body ends early"))?;
        self.0 = rest;
        Ok(front)
    }
}

/// The length of the frame whose header is at the start of `bytes`, if there is one.
pub(super) fn length_at(bytes: &[u8]) -> Option<usize> {
    Header::decode(bytes).ok().map(|header| header.frame_length())
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::sha256;

    pub fn some_batch() -> impl Strategy<Value = Batch> {
        let words = proptest::collection::vec("[A-Za-z0-9_-]{1,900}", 0..3);
        let records = proptest::collection::vec(("[ -~]{1,900}", words), 1..4);
        (records, 0u64..1 << 40, proptest::collection::vec(0u64..9, 0..3)).prop_map(
            |(records, first, erased)| {
                let head = Head {
                    size: first + records.len() as u64,
                    root: sha256(b"root"),
                    checkpoint: "origin\n7\nroot\n".into(),
                };
                let erased = erased.into_iter().filter(|entry| *entry < first);
                let erased = erased.map(|entry| WordRef { entry, digest: sha256(b"w") }).collect();
                let records = records.into_iter().map(|(leaf, words)| Record {
                    leaf: leaf.into(),
                    words: words
                        .into_iter()
                        .map(|text| Word {
                            digest: sha256(text.as_bytes()),
                            disclosure: text.into(),
                        })
                        .collect(),
                });
                Batch::new(records.collect(), erased, head).unwrap()
            },
        )
    }

    proptest! {
        #[test]
        fn a_frame_reads_back_as_its_batch(batch in some_batch(), forgotten: u64) {
            let frame = decode(&encode(&batch, forgotten)).unwrap();
            prop_assert_eq!(frame.forgotten, forgotten);
            prop_assert!(frame.words.iter().all(|place| place.whole));
            prop_assert_eq!(frame.into_batch().unwrap(), batch);
        }

        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let mut framed = MAGIC.to_vec();
            framed.extend(&bytes);
            let _ = decode(&framed);
        }
    }
}
