//! Which statements and signers the ledger has seen: what every publish asks, in memory, 16 bytes a name.
//!
//! The file behind it is a list, only ever appended to and never synced: it is a part of the index. Each batch is
//! length (4) · CRC-32 of the rest (4) · size after it (8) · root (32) · for each entry index (8), id (16), count
//! of signers (1), each name (16) and seq (8). What does not check is cut off at open, with all that follows.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use super::index::short;
use super::{Chain, ChainKind, ChainLink, IndexError, Indexed, Position, ShortName};
use crate::crypto::Hash;

const FRAME_HEAD_LENGTH: usize = 8;
/// A batch has 40 bytes, and for each of at most 512 entries 25 and 24 for each of at most 4 signers: 62 KiB.
const PAYLOAD_LENGTH_MAX: usize = 1 << 20;

/// The names, and the file that keeps them.
#[derive(Debug)]
pub(super) struct Fingerprints {
    path: PathBuf,
    file: File,
    /// Bytes of the file that are whole batches.
    length: u64,
    table: Table,
}

#[derive(Debug, Default)]
struct Table {
    position: Option<Position>,
    ids: HashMap<ShortName, u64>,
    signers: HashMap<ShortName, (u64, u64)>,
}

impl Fingerprints {
    /// Reads the file, as far as it is whole and not beyond `limit` entries, and cuts off the rest.
    ///
    /// # Errors
    /// [`IndexError::Io`] when the file cannot be used.
    pub fn open(path: &Path, limit: u64) -> Result<Self, IndexError> {
        let told = |error: &std::io::Error| tell(path, error);
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .append(true)
            .open(path)
            .map_err(|error| told(&error))?;
        let mut table = Table::default();
        let mut reader = BufReader::with_capacity(1 << 20, &file);
        let mut length = 0;
        while let Some(payload) = read_batch(&mut reader) {
            if table.take(&payload, limit).is_none() {
                break;
            }
            length += (FRAME_HEAD_LENGTH + payload.len()) as u64;
        }
        file.set_len(length).map_err(|error| told(&error))?;
        Ok(Self { path: path.to_owned(), file, length, table })
    }

    /// How far it has come.
    pub fn position(&self) -> Option<Position> {
        self.table.position
    }

    /// Notes entries, in the file first. Nothing happens when it is further already.
    ///
    /// # Errors
    /// [`IndexError::NoSpace`] and [`IndexError::Io`]; then nothing was noted.
    pub fn apply(&mut self, entries: &[Indexed], position: Position) -> Result<(), IndexError> {
        if self.table.position.is_some_and(|old| old.size >= position.size) {
            return Ok(());
        }
        let payload = encode(entries, position);
        let mut batch = (payload.len() as u32).to_be_bytes().to_vec();
        batch.extend(crc32fast::hash(&payload).to_be_bytes());
        batch.extend(&payload);
        if let Err(error) = self.file.write_all(&batch) {
            // What stands behind the last whole batch is cut off at the next open at the latest.
            let _ = self.file.set_len(self.length);
            return Err(tell(&self.path, &error));
        }
        self.length += batch.len() as u64;
        self.table.take(&payload, u64::MAX);
        Ok(())
    }

    /// The entry of a statement.
    pub fn find(&self, id: &ShortName) -> Option<u64> {
        self.table.ids.get(id).copied()
    }

    /// The newest entry of a signer.
    pub fn newest(&self, signer: &ShortName) -> Option<ChainLink> {
        let (index, seq) = *self.table.signers.get(signer)?;
        Some(ChainLink { index, seq })
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// [`IndexError::Io`].
    pub fn clear(&mut self) -> Result<(), IndexError> {
        self.file.set_len(0).map_err(|error| tell(&self.path, &error))?;
        self.length = 0;
        self.table = Table::default();
        Ok(())
    }
}

impl Table {
    /// Notes a batch; `None`, and nothing noted, when it is not one or goes beyond the limit.
    fn take(&mut self, payload: &[u8], limit: u64) -> Option<()> {
        let mut reader = Reader(payload);
        let position = Position { size: reader.u64()?, root: Hash::from_bytes(reader.array()?) };
        if position.size > limit {
            return None;
        }
        while !reader.0.is_empty() {
            let index = reader.u64()?;
            self.ids.entry(reader.array()?).or_insert(index);
            let [signers] = reader.array()?;
            for _ in 0..signers {
                let name = reader.array()?;
                let seq = reader.u64()?;
                let newest = self.signers.entry(name).or_insert((index, seq));
                *newest = (*newest).max((index, seq));
            }
        }
        self.position = Some(position);
        Some(())
    }
}

fn encode(entries: &[Indexed], position: Position) -> Vec<u8> {
    let mut payload = position.size.to_be_bytes().to_vec();
    payload.extend(position.root.as_bytes());
    for entry in entries {
        let signers = || entry.chains.iter().filter(|(chain, _)| is_signer(chain));
        payload.extend(entry.index.to_be_bytes());
        payload.extend(short(&entry.id));
        payload.push(signers().count() as u8);
        for (chain, seq) in signers() {
            payload.extend(chain.name());
            payload.extend(seq.to_be_bytes());
        }
    }
    payload
}

fn is_signer(chain: &Chain) -> bool {
    chain.kind() == ChainKind::Signer
}

/// The next batch; nothing when what follows is none, is cut short, or cannot be read.
fn read_batch(reader: &mut impl Read) -> Option<Vec<u8>> {
    let mut head = [0; FRAME_HEAD_LENGTH];
    reader.read_exact(&mut head).ok()?;
    let mut head = Reader(&head);
    let length = u32::from_be_bytes(head.array()?) as usize;
    let checksum = u32::from_be_bytes(head.array()?);
    if length > PAYLOAD_LENGTH_MAX {
        return None;
    }
    let mut payload = vec![0; length];
    reader.read_exact(&mut payload).ok()?;
    (crc32fast::hash(&payload) == checksum).then_some(payload)
}

fn tell(path: &Path, error: &std::io::Error) -> IndexError {
    use std::io::ErrorKind::{QuotaExceeded, StorageFull};
    let (path, message) = (path.to_owned(), error.to_string());
    match error.kind() {
        StorageFull | QuotaExceeded => IndexError::NoSpace { path, message },
        _ => IndexError::Io { path, message },
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*front)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }
}
